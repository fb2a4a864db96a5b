#include "common/crypto/signing_key.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/id.h"
#include "common/crypto/digest.h"

namespace duikou::crypto {
namespace {

const unsigned char* Bytes(absl::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// Written beside and put in its place, so that a crash leaves no half key. ALREADY_EXISTS when another process has made
// one meanwhile.
absl::Status WriteKey(EVP_PKEY* key, const std::string& path) {
  const std::string temporary = absl::StrCat(path, ".", NewId(absl::Now()));
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  FILE* file = fd < 0 ? nullptr : fdopen(fd, "w");
  if (file == nullptr) return absl::NotFoundError(absl::StrCat("cannot write ", temporary, ": ", std::strerror(errno)));
  const bool written = PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
                       fflush(file) == 0 && fsync(fd) == 0;
  // A link fails where a name is taken: of two that make the file at once, one finds that of the other.
  const bool placed = fclose(file) == 0 && written && link(temporary.c_str(), path.c_str()) == 0;
  const int error = errno;
  unlink(temporary.c_str());
  if (placed) return absl::OkStatus();
  if (written && error == EEXIST) return absl::AlreadyExistsError(path);
  return absl::DataLossError(absl::StrCat("cannot write ", path, ": ", std::strerror(error)));
}

}  // namespace

SigningKey::SigningKey(void* key) : key_(key), public_key_(32, '\0') {
  size_t length = public_key_.size();
  EVP_PKEY_get_raw_public_key(static_cast<EVP_PKEY*>(key_), reinterpret_cast<unsigned char*>(public_key_.data()),
                              &length);
  id_ = absl::BytesToHexString(Sha256({public_key_}).substr(0, 4));
}

SigningKey::~SigningKey() { EVP_PKEY_free(static_cast<EVP_PKEY*>(key_)); }

std::unique_ptr<SigningKey> SigningKey::Generate() {
  return std::unique_ptr<SigningKey>(new SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
}

absl::StatusOr<std::unique_ptr<SigningKey>> SigningKey::FromFile(const std::string& path) {
  FILE* file = fopen(path.c_str(), "re");
  if (file == nullptr && errno == ENOENT) {
    auto key = Generate();
    const absl::Status written = WriteKey(static_cast<EVP_PKEY*>(key->key_), path);
    if (absl::IsAlreadyExists(written)) return FromFile(path);
    if (!written.ok()) return written;
    return key;
  }
  if (file == nullptr) return absl::NotFoundError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  struct stat info {};
  const bool exposed = fstat(fileno(file), &info) != 0 || (info.st_mode & 077) != 0;
  EVP_PKEY* key = exposed ? nullptr : PEM_read_PrivateKey(file, nullptr, nullptr, nullptr);
  fclose(file);
  if (exposed) return absl::FailedPreconditionError(absl::StrCat(path, " may be read by others: chmod 600 ", path));
  if (key == nullptr || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) {
    EVP_PKEY_free(key);
    return absl::InvalidArgumentError(absl::StrCat(path, " holds no Ed25519 private key in PEM"));
  }
  return std::unique_ptr<SigningKey>(new SigningKey(key));
}

std::string SigningKey::Sign(absl::string_view text) const {
  std::string signature(64, '\0');
  size_t length = signature.size();
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr, nullptr, nullptr, static_cast<EVP_PKEY*>(key_));
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &length, Bytes(text), text.size());
  EVP_MD_CTX_free(context);
  return signature;
}

bool VerifySignature(absl::string_view public_key, absl::string_view text, absl::string_view signature) {
  if (public_key.size() != 32 || signature.size() != 64) return false;
  EVP_PKEY* key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(public_key), public_key.size());
  if (key == nullptr) return false;
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool good = EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, key) == 1 &&
                    EVP_DigestVerify(context, Bytes(signature), signature.size(), Bytes(text), text.size()) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return good;
}

}  // namespace duikou::crypto
