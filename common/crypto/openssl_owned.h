#ifndef DUIKOU_COMMON_CRYPTO_OPENSSL_OWNED_H_
#define DUIKOU_COMMON_CRYPTO_OPENSSL_OWNED_H_

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// OpenSSL's objects as this folder's sources own and read them.
namespace duikou::crypto {

template <auto kFree>
struct OpensslFree {
  template <class T>
  void operator()(T* owned) const {
    kFree(owned);
  }
};
using OwnedBio = std::unique_ptr<BIO, OpensslFree<BIO_free>>;
using OwnedCertificate = std::unique_ptr<X509, OpensslFree<X509_free>>;
using OwnedKey = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using OwnedAuthorities = std::unique_ptr<X509_STORE, OpensslFree<X509_STORE_free>>;

// Reads from the text as long as it lives.
OwnedBio BioOf(absl::string_view text);
// What has been written into it.
std::string TextOf(BIO* memory);
// The first, or the next, certificate of a PEM text; nullptr when there is none.
OwnedCertificate NextCertificate(BIO* bio);
// Those of a PEM text, which must have one at least.
absl::StatusOr<OwnedAuthorities> ReadAuthorities(absl::string_view pem);
// The URIs of the subject alternative name.
std::vector<std::string> UrisOf(X509* certificate);
// InfinitePast for what is no time.
absl::Time TimeOf(const ASN1_TIME* time);
// The reason of OpenSSL's last error of this thread, which is forgotten then.
std::string LastOpensslError();

}  // namespace duikou::crypto

#endif  // DUIKOU_COMMON_CRYPTO_OPENSSL_OWNED_H_
