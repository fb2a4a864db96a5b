#include "common/crypto/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
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
  std::string digest(32, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
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
