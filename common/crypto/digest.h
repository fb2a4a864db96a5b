#ifndef DUIKOU_COMMON_CRYPTO_DIGEST_H_
#define DUIKOU_COMMON_CRYPTO_DIGEST_H_

#include <initializer_list>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"

namespace duikou::crypto {

// SHA-256 (FIPS 180-4) of the parts one after the other: 32 bytes.
std::string Sha256(std::initializer_list<absl::string_view> parts);
// The same of a content that comes in blocks.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;

  void Add(absl::string_view block);
  std::string Finish();  // Once.

 private:
  void* const context_;  // EVP_MD_CTX
};
// HMAC-SHA-256 (RFC 2104): 32 bytes.
std::string HmacSha256(absl::string_view key, absl::string_view text);
// 16 bytes of SipHash-2-4 under a key that only this process has: quick, and nobody can make two texts with one digest.
// For tables in memory.
absl::uint128 TableDigest(absl::string_view text);
// Compares in a time that does not tell where they differ.
bool EqualSecrets(absl::string_view a, absl::string_view b);

}  // namespace duikou::crypto

#endif  // DUIKOU_COMMON_CRYPTO_DIGEST_H_
