#ifndef DUIKOU_COMMON_CRYPTO_CERTIFICATE_AUTHORITY_H_
#define DUIKOU_COMMON_CRYPTO_CERTIFICATE_AUTHORITY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace duikou::crypto {

// What a certificate says, for those who read it.
struct CertificateFacts {
  std::string subject, issuer;
  std::string serial;              // Hex digits.
  std::vector<std::string> names;  // "URI:spiffe://…", "DNS:localhost", "IP:127.0.0.1"
  absl::Time not_before, not_after;
  bool authority = false;
};

// What a list of revoked certificates says.
struct RevocationFacts {
  std::string issuer;
  absl::Time updated, next_update;
  std::vector<std::string> serials;  // Hex digits.
};

// Of the first certificate in a PEM file. NOT_FOUND when it cannot be read, INVALID_ARGUMENT when there is none in it.
absl::StatusOr<CertificateFacts> ReadCertificate(const std::string& path);
absl::StatusOr<RevocationFacts> ReadRevocations(const std::string& path);

// A small certificate authority: a P-256 key and a certificate that signs others directly. Files are written beside and
// renamed, mode 0600.
class CertificateAuthority {
 public:
  struct Validity {
    absl::Time not_before, not_after;
  };
  struct Identity {
    std::string common_name;
    std::vector<std::string> names;  // As in CertificateFacts; the URI is who it is, the others are for servers.
  };

  // The one in BASE.crt and BASE.key.
  static absl::StatusOr<std::unique_ptr<CertificateAuthority>> Open(const std::string& base);
  // A new one, in the place of what is there. Its name is the title and a few digits of its key's digest: of two with
  // one name whoever believes both may try the wrong one alone.
  static absl::StatusOr<std::unique_ptr<CertificateAuthority>> Make(const std::string& base, const std::string& title,
                                                                    Validity validity);
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  // A new key in BASE.key with its certificate in BASE.crt.
  absl::Status Issue(const std::string& base, const Identity& identity, Validity validity) const;
  // Whether it signed the first certificate of the file.
  bool Issued(const std::string& path) const;

  // Writes the list of revoked certificates: those that the list there has, and this one unless it is empty.
  // INVALID_ARGUMENT when the certificate is of another authority. FAILED_PRECONDITION when what is there cannot be
  // read or is of another authority: it stays, as a list without what it revoked would let them in again.
  absl::Status Revoke(const std::string& list, const std::string& certificate, Validity validity) const;
  // Whether it signed the list in the file.
  bool SignedList(const std::string& path) const;

 private:
  struct Parts;
  explicit CertificateAuthority(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace duikou::crypto

#endif  // DUIKOU_COMMON_CRYPTO_CERTIFICATE_AUTHORITY_H_
