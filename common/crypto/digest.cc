#include "common/crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include <array>
#include <cstring>

#include "common/base/id.h"

namespace duikou::crypto {

std::string Sha256(std::initializer_list<absl::string_view> parts) {
  // Fetching the algorithm and making a context cost more than hashing a record, so each thread keeps its own.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  struct Context {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~Context() { EVP_MD_CTX_free(context); }
  };
  thread_local const Context context;
  std::string digest(32, '\0');
  EVP_DigestInit_ex2(context.context, algorithm, nullptr);
  for (const absl::string_view part : parts) EVP_DigestUpdate(context.context, part.data(), part.size());
  EVP_DigestFinal_ex(context.context, reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return digest;
}

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex2(static_cast<EVP_MD_CTX*>(context_), EVP_sha256(), nullptr);
}

Sha256Stream::~Sha256Stream() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

void Sha256Stream::Add(absl::string_view block) {
  EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), block.data(), block.size());
}

std::string Sha256Stream::Finish() {
  std::string digest(32, '\0');
  EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return digest;
}

std::string HmacSha256(absl::string_view key, absl::string_view text) {
  // As above; a context keeps its digest when it is given another key.
  struct Context {
    EVP_MAC_CTX* context = nullptr;
    Context() {
      static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
      context = EVP_MAC_CTX_new(algorithm);
      std::string name = "SHA256";
      const std::array<OSSL_PARAM, 2> digest = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
                                                OSSL_PARAM_construct_end()};
      EVP_MAC_CTX_set_params(context, digest.data());
    }
    ~Context() { EVP_MAC_CTX_free(context); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
  };
  thread_local const Context context;
  // Without a key it would go on with the last one.
  static constexpr unsigned char kEmpty = 0;
  const auto* secret = key.empty() ? &kEmpty : reinterpret_cast<const unsigned char*>(key.data());
  std::string digest(32, '\0');
  size_t length = 0;
  EVP_MAC_init(context.context, secret, key.size(), nullptr);
  EVP_MAC_update(context.context, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  EVP_MAC_final(context.context, reinterpret_cast<unsigned char*>(digest.data()), &length, digest.size());
  return digest;
}

absl::uint128 TableDigest(absl::string_view text) {
  static const std::string key = RandomBytes(crypto_shorthash_siphashx24_KEYBYTES);
  std::array<unsigned char, crypto_shorthash_siphashx24_BYTES> digest{};
  crypto_shorthash_siphashx24(digest.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                              reinterpret_cast<const unsigned char*>(key.data()));
  std::array<uint64_t, 2> halves{};
  static_assert(sizeof(halves) == sizeof(digest));
  std::memcpy(halves.data(), digest.data(), sizeof(halves));
  return absl::MakeUint128(halves[0], halves[1]);
}

bool EqualSecrets(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace duikou::crypto
