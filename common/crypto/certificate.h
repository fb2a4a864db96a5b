#ifndef DUIKOU_COMMON_CRYPTO_CERTIFICATE_H_
#define DUIKOU_COMMON_CRYPTO_CERTIFICATE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace duikou::crypto {

// What a client certificate (RFC 5280) says of its owner, once it has been verified.
struct ClientCertificate {
  std::vector<std::string> uris;  // Of the subject alternative name.
  absl::Time not_after;
};

// Verifies a certificate in PEM as a client's against the authorities in `authorities` (PEM, one or more), at `now`.
// UNAUTHENTICATED (CERTIFICATE_INVALID) with OpenSSL's reason for one that is unreadable, expired, of another
// authority or not for clients. INTERNAL when the authorities cannot be read.
absl::StatusOr<ClientCertificate> VerifyClientCertificate(absl::string_view certificate, absl::string_view authorities,
                                                          absl::Time now);

}  // namespace duikou::crypto

#endif  // DUIKOU_COMMON_CRYPTO_CERTIFICATE_H_
