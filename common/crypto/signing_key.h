#ifndef DUIKOU_COMMON_CRYPTO_SIGNING_KEY_H_
#define DUIKOU_COMMON_CRYPTO_SIGNING_KEY_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace duikou::crypto {

// An Ed25519 key (RFC 8032) that signs. Thread-safe.
class SigningKey {
 public:
  // From a PEM file; a new key is made, and the file with mode 0600, when there is none. A file that others may read is
  // refused.
  static absl::StatusOr<std::unique_ptr<SigningKey>> FromFile(const std::string& path);
  static std::unique_ptr<SigningKey> Generate();
  ~SigningKey();
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  std::string Sign(absl::string_view text) const;                // 64 bytes.
  const std::string& public_key() const { return public_key_; }  // 32 bytes.
  const std::string& id() const { return id_; }                  // 8 hex digits of the public key's digest.

 private:
  explicit SigningKey(void* key);

  void* key_;  // EVP_PKEY
  std::string public_key_;
  std::string id_;
};

// Whether the signature was made over the text by the key of these 32 bytes.
bool VerifySignature(absl::string_view public_key, absl::string_view text, absl::string_view signature);

}  // namespace duikou::crypto

#endif  // DUIKOU_COMMON_CRYPTO_SIGNING_KEY_H_
