#include "common/crypto/certificate_authority.h"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/crypto/openssl_owned.h"

namespace duikou::crypto {
namespace {

using RevocationList = std::unique_ptr<X509_CRL, OpensslFree<X509_CRL_free>>;
using Number = std::unique_ptr<BIGNUM, OpensslFree<BN_free>>;
using Integer = std::unique_ptr<ASN1_INTEGER, OpensslFree<ASN1_INTEGER_free>>;
using Moment = std::unique_ptr<ASN1_TIME, OpensslFree<ASN1_TIME_free>>;

constexpr size_t kSerialBytes = 16;

absl::Status OpenSslError(absl::string_view what) {
  return absl::InternalError(absl::StrCat(what, ": ", LastOpensslError()));
}

absl::Status WriteFile(const std::string& path, const std::string& text) {
  const std::string beside = absl::StrCat(path, ".", NewId(absl::Now()));
  const int fd = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written =
      fd >= 0 && write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(fd) == 0;
  if (fd >= 0) close(fd);
  if (written && rename(beside.c_str(), path.c_str()) == 0) return absl::OkStatus();
  absl::Status failed = absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", path));
  unlink(beside.c_str());
  return failed;
}

// What PEM_read_bio_… finds in a file.
template <class Object, class Read>
absl::StatusOr<Object> ReadPem(const std::string& path, absl::string_view what, Read read) {
  const OwnedBio file(BIO_new_file(path.c_str(), "re"));
  if (file == nullptr) {
    ERR_clear_error();
    return absl::NotFoundError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  }
  Object object(read(file.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (object == nullptr) return absl::InvalidArgumentError(absl::StrCat(path, " holds no ", what, " in PEM"));
  return object;
}

absl::StatusOr<OwnedCertificate> LoadCertificate(const std::string& path) {
  return ReadPem<OwnedCertificate>(path, "certificate", PEM_read_bio_X509);
}

absl::StatusOr<RevocationList> LoadList(const std::string& path) {
  return ReadPem<RevocationList>(path, "list of revoked certificates", PEM_read_bio_X509_CRL);
}

template <class Object, class Write>
absl::Status WritePem(const std::string& path, const Object& object, Write write) {
  const OwnedBio memory(BIO_new(BIO_s_mem()));
  if (write(memory.get(), object.get()) != 1) return OpenSslError(absl::StrCat("cannot encode ", path));
  return WriteFile(path, TextOf(memory.get()));
}

absl::Status WriteKey(const std::string& path, const OwnedKey& key) {
  return WritePem(path, key, [](BIO* to, EVP_PKEY* pkey) {
    return PEM_write_bio_PrivateKey(to, pkey, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::string NameText(const X509_NAME* name) {
  const OwnedBio memory(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  return TextOf(memory.get());
}

std::string SerialText(const ASN1_INTEGER* serial) {
  const Number number(ASN1_INTEGER_to_BN(serial, nullptr));
  char* digits = BN_bn2hex(number.get());
  std::string text = absl::AsciiStrToLower(digits);
  OPENSSL_free(digits);
  return text;
}

std::vector<std::string> AlternativeNames(X509* certificate) {
  std::vector<std::string> names;
  const std::unique_ptr<GENERAL_NAMES, OpensslFree<GENERAL_NAMES_free>> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; all != nullptr && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const OwnedBio memory(BIO_new(BIO_s_mem()));
    GENERAL_NAME_print(memory.get(), sk_GENERAL_NAME_value(all.get(), i));
    std::string text = TextOf(memory.get());
    constexpr absl::string_view kAddress = "IP Address:";
    if (absl::StartsWith(text, kAddress)) text.replace(0, kAddress.size(), "IP:");
    names.push_back(std::move(text));
  }
  return names;
}

bool AddExtension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, OpensslFree<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

std::string KeyDigits(EVP_PKEY* key) {
  constexpr size_t kDigitBytes = 4;
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  const std::string digest =
      Sha256({absl::string_view(reinterpret_cast<const char*>(der), static_cast<size_t>(std::max(size, 0)))});
  OPENSSL_free(der);
  return absl::BytesToHexString(absl::string_view(digest).substr(0, kDigitBytes));
}

// A certificate of a key, with serial, subject and times, without issuer and extensions.
OwnedCertificate Draft(EVP_PKEY* key, const std::string& common_name, CertificateAuthority::Validity validity) {
  OwnedCertificate draft(X509_new());
  std::string random = RandomBytes(kSerialBytes);
  random[0] = static_cast<char>((random[0] & 0x3f) | 0x40);  // Positive, and always of the same length.
  const Number serial(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(random.data()), static_cast<int>(random.size()), nullptr));
  BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(draft.get()));
  X509_set_version(draft.get(), X509_VERSION_3);
  ASN1_TIME_set(X509_getm_notBefore(draft.get()), absl::ToTimeT(validity.not_before));
  ASN1_TIME_set(X509_getm_notAfter(draft.get()), absl::ToTimeT(validity.not_after));
  X509_NAME* subject = X509_get_subject_name(draft.get());
  for (const auto& [field, text] : {std::pair{"O", std::string("Duikou")}, {"CN", common_name}}) {
    X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                               static_cast<int>(text.size()), -1, 0);
  }
  X509_set_pubkey(draft.get(), key);
  return draft;
}

bool AddRevoked(X509_CRL* list, const ASN1_INTEGER* serial, const ASN1_TIME* when) {
  std::unique_ptr<X509_REVOKED, OpensslFree<X509_REVOKED_free>> entry(X509_REVOKED_new());
  const Integer copy(ASN1_INTEGER_dup(serial));
  return X509_REVOKED_set_serialNumber(entry.get(), copy.get()) == 1 &&
         X509_REVOKED_set_revocationDate(entry.get(), const_cast<ASN1_TIME*>(when)) == 1 &&
         X509_CRL_add0_revoked(list, entry.release()) == 1;
}

bool HasSerial(X509_CRL* list, const ASN1_INTEGER* serial) {
  X509_REVOKED* found = nullptr;
  return X509_CRL_get0_by_serial(list, &found, const_cast<ASN1_INTEGER*>(serial)) == 1;
}

bool SignedWith(X509_CRL* list, EVP_PKEY* key) {
  const bool ours = X509_CRL_verify(list, key) == 1;
  ERR_clear_error();
  return ours;
}

// Adds those that the list there has revoked. Nothing but a file that is not there counts as an empty list.
absl::Status TakeOver(const std::string& path, EVP_PKEY* key, X509_CRL* fresh) {
  std::error_code error;
  if (std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found) return absl::OkStatus();
  const auto before = LoadList(path);
  if (!before.ok()) return absl::FailedPreconditionError(before.status().message());
  if (!SignedWith(before->get(), key)) {
    return absl::FailedPreconditionError(absl::StrCat(path, " was not signed by this authority"));
  }
  STACK_OF(X509_REVOKED)* revoked = X509_CRL_get_REVOKED(before->get());
  for (int i = 0; i < sk_X509_REVOKED_num(revoked); ++i) {
    const X509_REVOKED* entry = sk_X509_REVOKED_value(revoked, i);
    if (!AddRevoked(fresh, X509_REVOKED_get0_serialNumber(entry), X509_REVOKED_get0_revocationDate(entry)))
      return OpenSslError(absl::StrCat("cannot take over ", path));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CertificateFacts> ReadCertificate(const std::string& path) {
  ASSIGN_OR_RETURN(const OwnedCertificate certificate, LoadCertificate(path));
  return CertificateFacts{.subject = NameText(X509_get_subject_name(certificate.get())),
                          .issuer = NameText(X509_get_issuer_name(certificate.get())),
                          .serial = SerialText(X509_get0_serialNumber(certificate.get())),
                          .names = AlternativeNames(certificate.get()),
                          .not_before = TimeOf(X509_get0_notBefore(certificate.get())),
                          .not_after = TimeOf(X509_get0_notAfter(certificate.get())),
                          .authority = X509_check_ca(certificate.get()) > 0};
}

absl::StatusOr<RevocationFacts> ReadRevocations(const std::string& path) {
  ASSIGN_OR_RETURN(const RevocationList list, LoadList(path));
  RevocationFacts facts{.issuer = NameText(X509_CRL_get_issuer(list.get())),
                        .updated = TimeOf(X509_CRL_get0_lastUpdate(list.get())),
                        .next_update = TimeOf(X509_CRL_get0_nextUpdate(list.get()))};
  STACK_OF(X509_REVOKED)* revoked = X509_CRL_get_REVOKED(list.get());
  for (int i = 0; i < sk_X509_REVOKED_num(revoked); ++i) {
    facts.serials.push_back(SerialText(X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(revoked, i))));
  }
  return facts;
}

struct CertificateAuthority::Parts {
  OwnedCertificate certificate;
  OwnedKey key;
};

CertificateAuthority::CertificateAuthority(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
CertificateAuthority::~CertificateAuthority() = default;

absl::StatusOr<std::unique_ptr<CertificateAuthority>> CertificateAuthority::Open(const std::string& base) {
  auto parts = std::make_unique<Parts>();
  ASSIGN_OR_RETURN(parts->certificate, LoadCertificate(base + ".crt"));
  ASSIGN_OR_RETURN(parts->key, ReadPem<OwnedKey>(base + ".key", "private key", PEM_read_bio_PrivateKey));
  if (X509_check_private_key(parts->certificate.get(), parts->key.get()) != 1) {
    ERR_clear_error();
    return absl::InvalidArgumentError(absl::StrCat(base, ".key is not the key of ", base, ".crt"));
  }
  return std::unique_ptr<CertificateAuthority>(new CertificateAuthority(std::move(parts)));
}

absl::StatusOr<std::unique_ptr<CertificateAuthority>> CertificateAuthority::Make(const std::string& base,
                                                                                 const std::string& title,
                                                                                 Validity validity) {
  auto parts = std::make_unique<Parts>();
  parts->key = OwnedKey(EVP_EC_gen("P-256"));
  parts->certificate = Draft(parts->key.get(), absl::StrCat(title, " ", KeyDigits(parts->key.get())), validity);
  X509* own = parts->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  if (!AddExtension(own, own, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !AddExtension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !AddExtension(own, own, NID_subject_key_identifier, "hash") ||
      X509_sign(own, parts->key.get(), EVP_sha256()) == 0) {
    return OpenSslError("cannot make the certificate of an authority");
  }
  // The key first: a certificate is never there without it.
  RETURN_IF_ERROR(WriteKey(base + ".key", parts->key));
  RETURN_IF_ERROR(WritePem(base + ".crt", parts->certificate, PEM_write_bio_X509));
  return std::unique_ptr<CertificateAuthority>(new CertificateAuthority(std::move(parts)));
}

absl::Status CertificateAuthority::Issue(const std::string& base, const Identity& identity, Validity validity) const {
  const OwnedKey key(EVP_EC_gen("P-256"));
  const OwnedCertificate leaf = Draft(key.get(), identity.common_name, validity);
  X509* issuer = parts_->certificate.get();
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(issuer));
  if (!AddExtension(leaf.get(), issuer, NID_basic_constraints, "critical,CA:FALSE") ||
      !AddExtension(leaf.get(), issuer, NID_key_usage, "critical,digitalSignature") ||
      !AddExtension(leaf.get(), issuer, NID_ext_key_usage, "serverAuth,clientAuth") ||
      !AddExtension(leaf.get(), issuer, NID_authority_key_identifier, "keyid") ||
      !AddExtension(leaf.get(), issuer, NID_subject_alt_name, absl::StrJoin(identity.names, ",")) ||
      X509_sign(leaf.get(), parts_->key.get(), EVP_sha256()) == 0) {
    return OpenSslError(absl::StrCat("cannot make the certificate of ", identity.common_name));
  }
  RETURN_IF_ERROR(WriteKey(base + ".key", key));
  return WritePem(base + ".crt", leaf, PEM_write_bio_X509);
}

bool CertificateAuthority::Issued(const std::string& path) const {
  const auto certificate = LoadCertificate(path);
  const bool issued = certificate.ok() && X509_verify(certificate->get(), parts_->key.get()) == 1;
  ERR_clear_error();
  return issued;
}

bool CertificateAuthority::SignedList(const std::string& path) const {
  const auto list = LoadList(path);
  return list.ok() && SignedWith(list->get(), parts_->key.get());
}

absl::Status CertificateAuthority::Revoke(const std::string& list, const std::string& certificate,
                                          Validity validity) const {
  const RevocationList fresh(X509_CRL_new());
  X509_CRL_set_version(fresh.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(fresh.get(), X509_get_subject_name(parts_->certificate.get()));
  const Moment now(ASN1_TIME_set(nullptr, absl::ToTimeT(validity.not_before)));
  const Moment next(ASN1_TIME_set(nullptr, absl::ToTimeT(validity.not_after)));
  X509_CRL_set1_lastUpdate(fresh.get(), now.get());
  X509_CRL_set1_nextUpdate(fresh.get(), next.get());
  OwnedCertificate revoked;
  if (!certificate.empty()) {
    ASSIGN_OR_RETURN(revoked, LoadCertificate(certificate));
    if (!Issued(certificate)) {
      return absl::InvalidArgumentError(absl::StrCat(certificate, " was not signed by this authority"));
    }
  }
  RETURN_IF_ERROR(TakeOver(list, parts_->key.get(), fresh.get()));
  if (revoked != nullptr) {
    const ASN1_INTEGER* serial = X509_get0_serialNumber(revoked.get());
    if (!HasSerial(fresh.get(), serial) && !AddRevoked(fresh.get(), serial, now.get()))
      return OpenSslError(absl::StrCat("cannot revoke ", certificate));
  }
  X509_CRL_sort(fresh.get());
  if (X509_CRL_sign(fresh.get(), parts_->key.get(), EVP_sha256()) == 0) return OpenSslError("cannot sign the list");
  return WritePem(list, fresh, PEM_write_bio_X509_CRL);
}

}  // namespace duikou::crypto
