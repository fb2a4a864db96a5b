#include "common/crypto/openssl_owned.h"

#include <openssl/err.h>

#include <ctime>

#include "common/base/error.h"

namespace duikou::crypto {
namespace {

using Names = std::unique_ptr<GENERAL_NAMES, OpensslFree<GENERAL_NAMES_free>>;

}  // namespace

OwnedBio BioOf(absl::string_view text) { return OwnedBio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

OwnedCertificate NextCertificate(BIO* bio) {
  OwnedCertificate certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
  if (certificate == nullptr) ERR_clear_error();  // The end of the text.
  return certificate;
}

absl::StatusOr<OwnedAuthorities> ReadAuthorities(absl::string_view pem) {
  OwnedAuthorities authorities(X509_STORE_new());
  const OwnedBio bio = BioOf(pem);
  int count = 0;
  while (const OwnedCertificate authority = NextCertificate(bio.get())) {
    if (X509_STORE_add_cert(authorities.get(), authority.get()) != 1) return InternalError("cannot add an authority");
    ++count;
  }
  if (count == 0) return InternalError("there is no certificate of an authority in the file");
  return authorities;
}

std::vector<std::string> UrisOf(X509* certificate) {
  std::vector<std::string> uris;
  const Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    uris.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                      static_cast<size_t>(ASN1_STRING_length(uri)));
  }
  return uris;
}

std::string TextOf(BIO* memory) {
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(memory, &bytes);
  return {bytes, static_cast<size_t>(size)};
}

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

std::string LastOpensslError() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason == nullptr ? "unknown" : reason;
}

}  // namespace duikou::crypto
