#ifndef DUIKOU_COMMON_CRYPTO_KEY_RING_H_
#define DUIKOU_COMMON_CRYPTO_KEY_RING_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace duikou::crypto {

// The keys of personal fields. They lie in a file beside the store, never in it, so that neither the store nor a backup
// of it tells what the fields say. The file has a line a key, the oldest first, and the last one seals:
//
//   identity hmac-sha-256 HEX     of the digests of identity numbers; all of them for good, as the numbers are not kept
//   personal aes-256-gcm HEX      seals fields, and digests what they are found by
//
// The second word is an algorithm; a ring with one that this version does not know is refused. Immutable.
class KeyRing {
 public:
  struct Key {
    std::string id;      // 4 bytes: of the digest of the secret.
    std::string seal;    // 32 bytes, for AES-256-GCM.
    std::string digest;  // 32 bytes, for HMAC-SHA-256.
  };

  // NOT_FOUND when there is no file. A file that others may read is refused.
  static absl::StatusOr<std::unique_ptr<KeyRing>> FromFile(const std::string& path);
  // Makes the file, with mode 0600 and fresh keys; it must not be there.
  static absl::StatusOr<std::unique_ptr<KeyRing>> Make(const std::string& path);
  // Adds a fresh key to the file, which seals, or digests identity numbers, from the next start on. The file is
  // replaced in one step. Returns the key's id in hexadecimal digits.
  static absl::StatusOr<std::string> AddKey(const std::string& path);
  static absl::StatusOr<std::string> AddIdentityKey(const std::string& path);

  const Key& current() const { return keys_.back(); }
  const std::vector<Key>& keys() const { return keys_; }  // The oldest first.
  const Key* Find(absl::string_view id) const;            // nullptr for none.

  // What may be kept of an identity number, "ID:" and 64 hexadecimal digits: under the last identity key, then under
  // those before it, as records have it that were not renewed since. Under the second key and on it is the digest of
  // the one before, so that a kept digest is renewed without the number.
  std::vector<std::string> IdentityDigests(absl::string_view number) const;
  // A kept digest under the last identity key; FAILED_PRECONDITION when the ring lacks the key that it names.
  absl::StatusOr<std::string> RenewIdentityDigest(absl::string_view digest) const;
  // The ids of the identity keys in hexadecimal digits, the oldest first.
  std::vector<std::string> IdentityKeyIds() const;

  // Of what could be guessed, such as a request about a person, to be compared later: 32 bytes, under a key that stays.
  std::string SteadyDigest(absl::string_view text) const;

 private:
  KeyRing() = default;
  static absl::StatusOr<std::string> AddLine(const std::string& path, absl::string_view kind);
  static absl::StatusOr<std::unique_ptr<KeyRing>> Parse(absl::string_view text, const std::string& path);

  struct IdentityKey {
    std::string id;  // In hexadecimal digits.
    std::string secret;
  };
  std::string Digested(const IdentityKey& key, absl::string_view what) const;

  std::vector<IdentityKey> identity_;
  std::vector<Key> keys_;
};

}  // namespace duikou::crypto

#endif  // DUIKOU_COMMON_CRYPTO_KEY_RING_H_
