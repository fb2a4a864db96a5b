#include "common/crypto/sealed_text.h"

#include <openssl/evp.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/id.h"

namespace duikou::crypto {
namespace {

constexpr char kAesGcm = 1;
constexpr size_t kIdBytes = 4, kNonceBytes = 12, kTagBytes = 16;
constexpr size_t kHead = 1 + kIdBytes + kNonceBytes;

const unsigned char* Bytes(absl::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Bytes(std::string& text, size_t from) { return reinterpret_cast<unsigned char*>(text.data()) + from; }
int Length(absl::string_view text) { return static_cast<int>(text.size()); }

// Fetching the algorithm and making a context cost more than sealing a record, so each thread keeps its own.
EVP_CIPHER_CTX* Context() {
  struct Holder {
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    ~Holder() { EVP_CIPHER_CTX_free(context); }
  };
  thread_local const Holder holder;
  return holder.context;
}

const EVP_CIPHER* Algorithm() {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return algorithm;
}

}  // namespace

std::string SealText(const KeyRing& ring, absl::string_view text, absl::string_view place) {
  const KeyRing::Key& key = ring.current();
  std::string sealed = absl::StrCat(absl::string_view(&kAesGcm, 1), key.id, RandomBytes(kNonceBytes));
  sealed.resize(kHead + text.size() + kTagBytes);
  EVP_CIPHER_CTX* context = Context();
  int written = 0;
  EVP_EncryptInit_ex2(context, Algorithm(), Bytes(key.seal), Bytes(sealed) + 1 + kIdBytes, nullptr);
  EVP_EncryptUpdate(context, nullptr, &written, Bytes(place), Length(place));
  EVP_EncryptUpdate(context, Bytes(sealed, kHead), &written, Bytes(text), Length(text));
  EVP_EncryptFinal_ex(context, Bytes(sealed, kHead + text.size()), &written);
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, Bytes(sealed, kHead + text.size()));
  return sealed;
}

absl::StatusOr<std::string> OpenText(const KeyRing& ring, absl::string_view sealed, absl::string_view place) {
  if (sealed.size() < kHead + kTagBytes || sealed[0] != kAesGcm) {
    return absl::FailedPreconditionError("sealed by an algorithm that this version does not know");
  }
  const KeyRing::Key* key = ring.Find(KeyIdOf(sealed));
  if (key == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("the key ring lacks the key ", absl::BytesToHexString(KeyIdOf(sealed))));
  }
  const absl::string_view body = sealed.substr(kHead, sealed.size() - kHead - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes)), text(body.size(), '\0');
  EVP_CIPHER_CTX* context = Context();
  int written = 0;
  EVP_DecryptInit_ex2(context, Algorithm(), Bytes(key->seal), Bytes(sealed) + 1 + kIdBytes, nullptr);
  EVP_DecryptUpdate(context, nullptr, &written, Bytes(place), Length(place));
  EVP_DecryptUpdate(context, Bytes(text, 0), &written, Bytes(body), Length(body));
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data());
  if (EVP_DecryptFinal_ex(context, Bytes(text, text.size()), &written) != 1) {
    return absl::DataLossError("a sealed text was changed, or stands where it does not belong");
  }
  return text;
}

absl::string_view KeyIdOf(absl::string_view sealed) {
  return sealed.size() < kHead + kTagBytes ? absl::string_view() : sealed.substr(1, kIdBytes);
}

}  // namespace duikou::crypto
