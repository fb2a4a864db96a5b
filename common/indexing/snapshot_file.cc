#include "common/indexing/snapshot_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/id.h"

namespace duikou::indexing {
namespace {

absl::Status WriteAll(int file, const std::string& bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const ssize_t written = write(file, bytes.data() + at, bytes.size() - at);
    if (written < 0 && errno != EINTR) return absl::ErrnoToStatus(errno, "cannot write the search snapshot");
    if (written > 0) at += static_cast<size_t>(written);
  }
  return fsync(file) == 0 ? absl::OkStatus() : absl::ErrnoToStatus(errno, "cannot sync the search snapshot");
}

}  // namespace

absl::Status WriteSnapshot(const search::Index& index, const std::string& path) {
  // Under a name of its own: replicas share the folder.
  const std::string beside = absl::StrCat(path, ".", NewId(absl::Now()));
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot create ", beside));
  const absl::Status written = WriteAll(file, index.Snapshot());
  close(file);
  if (written.ok() && rename(beside.c_str(), path.c_str()) == 0) return absl::OkStatus();
  absl::Status failed = written.ok() ? absl::ErrnoToStatus(errno, absl::StrCat("cannot rename ", beside)) : written;
  unlink(beside.c_str());
  return failed;
}

absl::StatusOr<std::unique_ptr<search::Index>> ReadSnapshot(search::Schema schema, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat("there is no ", path));
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return search::Index::FromSnapshot(std::move(schema), bytes);
}

}  // namespace duikou::indexing
