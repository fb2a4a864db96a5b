#include "common/crypto/certificate.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/openssl_owned.h"

namespace duikou::crypto {
namespace {

using Verification = std::unique_ptr<X509_STORE_CTX, OpensslFree<X509_STORE_CTX_free>>;

absl::Status Invalid(absl::string_view why) {
  return Unauthenticated("CERTIFICATE_INVALID", {absl::StrCat("客户端证书无效:", why, "。"),
                                                 absl::StrCat("The client certificate is not valid: ", why, ".")});
}

}  // namespace

absl::StatusOr<ClientCertificate> VerifyClientCertificate(absl::string_view certificate, absl::string_view authorities,
                                                          absl::Time now) {
  const OwnedBio bio = BioOf(certificate);
  const OwnedCertificate leaf = NextCertificate(bio.get());
  if (leaf == nullptr) return Invalid("not PEM");
  ASSIGN_OR_RETURN(const OwnedAuthorities trusted, ReadAuthorities(authorities));
  const Verification verification(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(verification.get(), trusted.get(), leaf.get(), nullptr) != 1)
    return InternalError("cannot verify certificates");
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(verification.get());
  X509_VERIFY_PARAM_set_time(rules, absl::ToTimeT(now));
  X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_CLIENT);
  if (X509_verify_cert(verification.get()) != 1)
    return Invalid(X509_verify_cert_error_string(X509_STORE_CTX_get_error(verification.get())));
  return ClientCertificate{.uris = UrisOf(leaf.get()), .not_after = TimeOf(X509_get0_notAfter(leaf.get()))};
}

}  // namespace duikou::crypto
