#include "common/crypto/key_ring.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"

namespace duikou::crypto {
namespace {

constexpr char kIdentity[] = "identity hmac-sha-256 ";
constexpr char kPersonal[] = "personal aes-256-gcm ";
constexpr size_t kSecretBytes = 32;
constexpr size_t kIdBytes = 4;
constexpr size_t kMaxFile = 65536;

std::string FreshLine(absl::string_view kind, std::string* secret = nullptr) {
  const std::string fresh = RandomBytes(kSecretBytes);
  if (secret != nullptr) *secret = fresh;
  return absl::StrCat(kind, absl::BytesToHexString(fresh), "\n");
}

std::string IdOf(absl::string_view secret) {
  return absl::BytesToHexString(HmacSha256(secret, "duikou key id").substr(0, kIdBytes));
}

// The keys for each purpose are derived, so that none tells anything of another.
KeyRing::Key Derive(absl::string_view secret) {
  return {.id = HmacSha256(secret, "duikou key id").substr(0, kIdBytes),
          .seal = HmacSha256(secret, "duikou seal"),
          .digest = HmacSha256(secret, "duikou digest")};
}

absl::Status CannotWrite(const std::string& path) {
  return absl::DataLossError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
}

// Written beside and put in its place, so that a crash leaves no half ring.
absl::Status WriteWhole(const std::string& path, absl::string_view text, bool replace) {
  const std::string temporary = absl::StrCat(path, ".new");
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return CannotWrite(temporary);
  const bool written = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(fd) == 0;
  if (close(fd) != 0 || !written) return CannotWrite(temporary);
  // A link fails where a name is taken: of two that make the file at once, one finds that of the other.
  const bool placed =
      replace ? rename(temporary.c_str(), path.c_str()) == 0 : link(temporary.c_str(), path.c_str()) == 0;
  const absl::Status status = placed ? absl::OkStatus() : CannotWrite(path);
  if (!replace) unlink(temporary.c_str());
  return status;
}

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return errno == ENOENT
               ? absl::NotFoundError(absl::StrCat("there is no ", path))
               : absl::FailedPreconditionError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  }
  struct stat info {};
  const bool exposed = fstat(fd, &info) != 0 || (info.st_mode & 077) != 0;
  std::string text(kMaxFile, '\0');
  const ssize_t length = exposed ? 0 : read(fd, text.data(), text.size());
  close(fd);
  if (exposed) return absl::FailedPreconditionError(absl::StrCat(path, " may be read by others: chmod 600 ", path));
  text.resize(static_cast<size_t>(std::max<ssize_t>(0, length)));
  return text;
}

}  // namespace

absl::StatusOr<std::unique_ptr<KeyRing>> KeyRing::Parse(absl::string_view text, const std::string& path) {
  auto ring = std::unique_ptr<KeyRing>(new KeyRing);
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    const bool identity = line.substr(0, sizeof(kIdentity) - 1) == kIdentity;
    const bool personal = line.substr(0, sizeof(kPersonal) - 1) == kPersonal;
    line.remove_prefix(std::min(line.size(), identity ? sizeof(kIdentity) - 1 : sizeof(kPersonal) - 1));
    const bool hex = line.size() == 2 * kSecretBytes && std::all_of(line.begin(), line.end(), absl::ascii_isxdigit);
    if ((!identity && !personal) || !hex) {
      return absl::InvalidArgumentError(absl::StrCat(path, " line ", number, " is no key that this version knows"));
    }
    const std::string secret = absl::HexStringToBytes(line);
    if (identity) {
      ring->identity_.push_back({IdOf(secret), HmacSha256(secret, "duikou identity")});
    } else {
      ring->keys_.push_back(Derive(secret));
    }
  }
  if (ring->identity_.empty() || ring->keys_.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(path, " lacks a key: restore it from where it is kept"));
  }
  return ring;
}

absl::StatusOr<std::unique_ptr<KeyRing>> KeyRing::FromFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(path));
  return Parse(text, path);
}

absl::StatusOr<std::unique_ptr<KeyRing>> KeyRing::Make(const std::string& path) {
  const std::string text = absl::StrCat(FreshLine(kIdentity), FreshLine(kPersonal));
  RETURN_IF_ERROR(WriteWhole(path, text, /*replace=*/false));
  return Parse(text, path);
}

absl::StatusOr<std::string> KeyRing::AddLine(const std::string& path, absl::string_view kind) {
  ASSIGN_OR_RETURN(std::string text, ReadWhole(path));
  RETURN_IF_ERROR(Parse(text, path).status());
  std::string secret;
  const std::string line = FreshLine(kind, &secret);
  RETURN_IF_ERROR(WriteWhole(path, absl::StrCat(text, text.back() == '\n' ? "" : "\n", line), /*replace=*/true));
  return IdOf(secret);
}

absl::StatusOr<std::string> KeyRing::AddKey(const std::string& path) { return AddLine(path, kPersonal); }

absl::StatusOr<std::string> KeyRing::AddIdentityKey(const std::string& path) { return AddLine(path, kIdentity); }

const KeyRing::Key* KeyRing::Find(absl::string_view id) const {
  const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const Key& key) { return key.id == id; });
  return found == keys_.end() ? nullptr : &*found;
}

std::string KeyRing::Digested(const IdentityKey& key, absl::string_view what) const {
  return absl::StrCat(key.id, ":", absl::BytesToHexString(HmacSha256(key.secret, what)));
}

std::vector<std::string> KeyRing::IdentityDigests(absl::string_view number) const {
  std::vector<std::string> digests;
  for (const IdentityKey& key : identity_) digests.push_back(Digested(key, digests.empty() ? number : digests.back()));
  std::reverse(digests.begin(), digests.end());
  return digests;
}

absl::StatusOr<std::string> KeyRing::RenewIdentityDigest(absl::string_view digest) const {
  const absl::string_view id = digest.substr(0, digest.find(':'));
  auto key = std::find_if(identity_.begin(), identity_.end(), [&](const IdentityKey& one) { return one.id == id; });
  if (key == identity_.end())
    return absl::FailedPreconditionError(absl::StrCat("the key ring lacks the identity key ", id));
  std::string renewed(digest);
  while (++key != identity_.end()) renewed = Digested(*key, renewed);
  return renewed;
}

std::vector<std::string> KeyRing::IdentityKeyIds() const {
  std::vector<std::string> ids;
  for (const IdentityKey& key : identity_) ids.push_back(key.id);
  return ids;
}

std::string KeyRing::SteadyDigest(absl::string_view text) const { return HmacSha256(identity_.front().secret, text); }

}  // namespace duikou::crypto
