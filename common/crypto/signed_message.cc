#include "common/crypto/signed_message.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/openssl_owned.h"

namespace duikou::crypto {
namespace {

using OwnedCms = std::unique_ptr<CMS_ContentInfo, OpensslFree<CMS_ContentInfo_free>>;
using Signers = std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * signers) { sk_X509_free(signers); })>;

absl::Status Invalid() {
  const std::string why = LastOpensslError();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   {.reason = "SIGNATURE_INVALID",
                    .text = {absl::StrCat("签名无效:", why, "。文件可能被改动,或签名者不受信任。"),
                             absl::StrCat("The signature does not hold: ", why,
                                          ". The file was changed, or its signer is not trusted.")}});
}

}  // namespace

absl::StatusOr<std::string> SignMessage(absl::string_view content, absl::string_view certificate,
                                        absl::string_view key) {
  const OwnedBio certificate_pem = BioOf(certificate), key_pem = BioOf(key), bytes = BioOf(content);
  const OwnedCertificate signer = NextCertificate(certificate_pem.get());
  const OwnedKey signing(PEM_read_bio_PrivateKey(key_pem.get(), nullptr, nullptr, nullptr));
  if (signer == nullptr || signing == nullptr)
    return absl::InvalidArgumentError("the certificate or the key to sign with is not PEM");
  const OwnedCms cms(CMS_sign(signer.get(), signing.get(), nullptr, bytes.get(), CMS_BINARY | CMS_NOSMIMECAP));
  if (cms == nullptr) return absl::InvalidArgumentError(absl::StrCat("cannot sign: ", LastOpensslError()));
  const OwnedBio out(BIO_new(BIO_s_mem()));
  if (i2d_CMS_bio(out.get(), cms.get()) != 1) return InternalError("cannot write what was signed");
  return TextOf(out.get());
}

absl::StatusOr<SignedMessage> VerifyMessage(absl::string_view message, absl::string_view authorities) {
  ASSIGN_OR_RETURN(const OwnedAuthorities trusted, ReadAuthorities(authorities));
  // It signs files here, not mail.
  X509_STORE_set_purpose(trusted.get(), X509_PURPOSE_ANY);
  const OwnedBio bytes = BioOf(message);
  const OwnedCms cms(d2i_CMS_bio(bytes.get(), nullptr));
  if (cms == nullptr) return Invalid();
  const OwnedBio content(BIO_new(BIO_s_mem()));
  if (CMS_verify(cms.get(), nullptr, trusted.get(), nullptr, content.get(), CMS_BINARY) != 1) return Invalid();
  const Signers signers(CMS_get0_signers(cms.get()));
  if (signers == nullptr || sk_X509_num(signers.get()) != 1) return Invalid();
  return SignedMessage{.content = TextOf(content.get()), .signer = UrisOf(sk_X509_value(signers.get(), 0))};
}

}  // namespace duikou::crypto
