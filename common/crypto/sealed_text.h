#ifndef DUIKOU_COMMON_CRYPTO_SEALED_TEXT_H_
#define DUIKOU_COMMON_CRYPTO_SEALED_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/key_ring.h"

namespace duikou::crypto {

// Encrypts under the ring's current key, so that it opens only where `place` is the same: what the text belongs to. The
// result names algorithm and key: algorithm (1 byte: 1 is AES-256-GCM) ‖ key id (4) ‖ nonce (12, random) ‖ ciphertext ‖
// tag (16). A key seals at most 2^32 texts.
std::string SealText(const KeyRing& ring, absl::string_view text, absl::string_view place);

// FAILED_PRECONDITION when the ring lacks its key or this version its algorithm; DATA_LOSS when it was changed, or
// belongs elsewhere.
absl::StatusOr<std::string> OpenText(const KeyRing& ring, absl::string_view sealed, absl::string_view place);

// The id of the key that sealed it, empty for what is no sealed text.
absl::string_view KeyIdOf(absl::string_view sealed);

}  // namespace duikou::crypto

#endif  // DUIKOU_COMMON_CRYPTO_SEALED_TEXT_H_
