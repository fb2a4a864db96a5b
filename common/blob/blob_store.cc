#include "common/blob/blob_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"

namespace duikou::blob {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBlock = size_t{1} << 20;
constexpr size_t kHexDigest = 64;

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool open() const { return fd_ >= 0; }
  int fd() const { return fd_; }

 private:
  const int fd_;
};

absl::Status DiskFailed(absl::string_view what) {
  const int error = errno;
  if (error == ENOSPC || error == EDQUOT) {
    return MakeError(
        absl::StatusCode::kResourceExhausted,
        {.reason = "STORAGE_FULL",
         .text = {"附件存储空间不足,请联系管理员。", "The disk for attachments is full: tell the administrator."}});
  }
  return InternalError(absl::StrCat(what, ": ", std::strerror(error)));
}

absl::Status WriteAll(int fd, absl::string_view content, int64_t offset) {
  while (!content.empty()) {
    const ssize_t written = pwrite(fd, content.data(), content.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return DiskFailed("cannot write an upload");
    content.remove_prefix(static_cast<size_t>(written));
    offset += written;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadSome(int fd, int64_t offset, int64_t length) {
  std::string content(static_cast<size_t>(length), '\0');
  size_t done = 0;
  while (done < content.size()) {
    const ssize_t got = pread(fd, content.data() + done, content.size() - done, offset + static_cast<int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return DiskFailed("cannot read a content");
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  content.resize(done);
  return content;
}

absl::StatusOr<int64_t> SizeOf(int fd) {
  struct stat facts {};
  if (fstat(fd, &facts) != 0) return DiskFailed("cannot look at an upload");
  return facts.st_size;
}

absl::StatusOr<std::string> DigestOf(int fd) {
  crypto::Sha256Stream digest;
  for (int64_t offset = 0;; offset += static_cast<int64_t>(kBlock)) {
    ASSIGN_OR_RETURN(const std::string block, ReadSome(fd, offset, kBlock));
    digest.Add(block);
    if (block.size() < kBlock) break;
  }
  return absl::BytesToHexString(digest.Finish());
}

absl::Status SyncFolder(const std::string& path) {
  const File folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.open() || fsync(folder.fd()) != 0) return DiskFailed(absl::StrCat("cannot sync ", path));
  return absl::OkStatus();
}

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return InternalError(absl::StrCat("cannot make ", path, ": ", error.message()));
  return absl::OkStatus();
}

// Held by those who store a content (shared) and by who removes one (alone), so that none is removed that was just
// stored.
absl::Status LockStored(const std::string& folder, int how, std::unique_ptr<File>& lock) {
  lock = std::make_unique<File>(open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!lock->open() || flock(lock->fd(), how) != 0) return DiskFailed("cannot lock the folder of contents");
  return absl::OkStatus();
}

absl::Status DigestWrong() {
  return BadField("content",
                  {"内容与声明的 SHA-256 不符,已丢弃,请重新上传。",
                   "does not have the SHA-256 that was announced: it was dropped, upload it again."},
                  "DIGEST_WRONG");
}

bool OlderThan(const fs::directory_entry& entry, absl::Duration age) {
  struct stat facts {};
  return stat(entry.path().c_str(), &facts) == 0 && absl::Now() - absl::TimeFromTimespec(facts.st_mtim) > age;
}

// The files of a folder; none when it is gone.
std::vector<fs::directory_entry> FilesIn(const std::string& path) {
  std::vector<fs::directory_entry> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file(error)) files.push_back(*at);
  }
  return files;
}

}  // namespace

absl::StatusOr<std::unique_ptr<BlobStore>> BlobStore::Open(const std::string& folder) {
  RETURN_IF_ERROR(MakeFolder(folder + "/unfinished"));
  RETURN_IF_ERROR(MakeFolder(folder + "/stored"));
  return std::unique_ptr<BlobStore>(new BlobStore(folder));
}

std::string BlobStore::PathOfUpload(const std::string& upload) const {
  return absl::StrCat(folder_, "/unfinished/", absl::BytesToHexString(crypto::Sha256({upload})));
}

std::string BlobStore::PathOfContent(const std::string& sha256) const {
  return absl::StrCat(folder_, "/stored/", sha256.substr(0, 2), "/", sha256);
}

absl::StatusOr<int64_t> BlobStore::Append(const std::string& upload, int64_t offset, absl::string_view content,
                                          int64_t size) {
  const int create = content.empty() || offset != 0 ? 0 : O_CREAT;
  const File file(open(PathOfUpload(upload).c_str(), O_RDWR | O_CLOEXEC | create, S_IRUSR | S_IWUSR));
  if (!file.open() && errno != ENOENT) return DiskFailed("cannot open an upload");
  int64_t received = 0;
  if (file.open()) {
    if (flock(file.fd(), LOCK_EX) != 0) return DiskFailed("cannot lock an upload");
    ASSIGN_OR_RETURN(received, SizeOf(file.fd()));
  }
  if (content.empty()) return received;
  if (offset != received || !file.open()) {
    return MakeError(absl::StatusCode::kOutOfRange,
                     {.reason = "OFFSET_WRONG",
                      .text = {absl::StrCat("已收到 ", received, " 字节,请从该处继续。"),
                               absl::StrCat(received, " bytes are there: go on from there.")},
                      .metadata = {{"received", absl::StrCat(received)}}});
  }
  if (received + static_cast<int64_t>(content.size()) > size) {
    return BadField("content", {"超过声明的大小。", "is longer than was announced."}, "CONTENT_TOO_LONG");
  }
  RETURN_IF_ERROR(WriteAll(file.fd(), content, received));
  return received + static_cast<int64_t>(content.size());
}

absl::StatusOr<std::string> BlobStore::Head(const std::string& upload, int64_t bytes) const {
  const File file(open(PathOfUpload(upload).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return DiskFailed("cannot open an upload");
  return ReadSome(file.fd(), 0, bytes);
}

absl::Status BlobStore::Finish(const std::string& upload, const std::string& sha256) {
  const std::string from = PathOfUpload(upload), to = PathOfContent(sha256);
  const File file(open(from.c_str(), O_RDWR | O_CLOEXEC));
  if (!file.open()) {
    // Another process finished it, or this one before it was stopped.
    std::error_code error;
    if (errno == ENOENT && fs::exists(to, error)) return absl::OkStatus();
    return DiskFailed("cannot open an upload");
  }
  if (flock(file.fd(), LOCK_EX) != 0) return DiskFailed("cannot lock an upload");
  ASSIGN_OR_RETURN(const std::string digest, DigestOf(file.fd()));
  if (digest != sha256) {
    unlink(from.c_str());
    return DigestWrong();
  }
  if (fsync(file.fd()) != 0) return DiskFailed("cannot sync an upload");
  const std::string folder = to.substr(0, to.rfind('/'));
  RETURN_IF_ERROR(MakeFolder(folder));
  RETURN_IF_ERROR(SyncFolder(folder_ + "/stored"));
  std::unique_ptr<File> lock;
  RETURN_IF_ERROR(LockStored(folder_, LOCK_SH, lock));
  // Replaces what was stored before under the digest: the same content, with today's time.
  if (futimens(file.fd(), nullptr) != 0 || rename(from.c_str(), to.c_str()) != 0)
    return DiskFailed("cannot store a content");
  return SyncFolder(folder);
}

void BlobStore::Drop(const std::string& upload) { unlink(PathOfUpload(upload).c_str()); }

absl::StatusOr<std::string> BlobStore::Read(const std::string& sha256, int64_t offset, int64_t length) const {
  const File file(open(PathOfContent(sha256).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open() && errno == ENOENT) {
    return MakeError(absl::StatusCode::kNotFound,
                     {.reason = "CONTENT_LOST",
                      .text = {"附件内容不在存储中,请联系管理员。",
                               "The content of the attachment is not in its folder: tell the administrator."}});
  }
  if (!file.open()) return DiskFailed("cannot open a content");
  return ReadSome(file.fd(), offset, length);
}

absl::Status BlobStore::Sweep(absl::Duration age,
                              const std::function<absl::StatusOr<bool>(const std::string& sha256)>& refers) {
  for (const fs::directory_entry& entry : FilesIn(folder_ + "/unfinished")) {
    if (OlderThan(entry, age)) unlink(entry.path().c_str());
  }
  for (const fs::directory_entry& entry : FilesIn(folder_ + "/stored")) {
    const std::string digest = entry.path().filename();
    if (digest.size() != kHexDigest || !OlderThan(entry, age)) continue;
    ASSIGN_OR_RETURN(const bool referred, refers(digest));
    if (referred) continue;
    std::unique_ptr<File> lock;
    RETURN_IF_ERROR(LockStored(folder_, LOCK_EX, lock));
    if (OlderThan(entry, age)) unlink(entry.path().c_str());
  }
  return absl::OkStatus();
}

}  // namespace duikou::blob
