#ifndef DUIKOU_COMMON_ZIP_ZIP_ARCHIVE_H_
#define DUIKOU_COMMON_ZIP_ZIP_ARCHIVE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct zip;

namespace duikou::zip_archive {

// The files of an archive that somebody else made. Errors are INVALID_ARGUMENT: ARCHIVE_BROKEN, ARCHIVE_ENCRYPTED,
// ARCHIVE_TOO_LARGE.
class Reader {
 public:
  struct Limits {
    int max_files = 2000;
    size_t max_unpacked_bytes = size_t{96} << 20;  // Of all that is read, together.
  };
  // The bytes must outlive the reader.
  static absl::StatusOr<Reader> Open(std::string_view bytes, Limits limits);

  bool Has(const std::string& path) const;
  // The whole of a file. ARCHIVE_BROKEN when there is none of this path or its checksum is wrong.
  absl::StatusOr<std::string> Read(const std::string& path);

 private:
  struct Discard {
    void operator()(struct zip* archive) const;
  };
  Reader(struct zip* archive, Limits limits) : archive_(archive), limits_(limits) {}

  std::unique_ptr<struct zip, Discard> archive_;
  Limits limits_;
  size_t unpacked_ = 0;
};

// Makes an archive. Files stand in it in the order in which they were added, all of the same date.
class Writer {
 public:
  void Add(std::string path, std::string content) { files_.emplace_back(std::move(path), std::move(content)); }
  absl::StatusOr<std::string> Finish() const;

 private:
  std::vector<std::pair<std::string, std::string>> files_;
};

}  // namespace duikou::zip_archive

#endif  // DUIKOU_COMMON_ZIP_ZIP_ARCHIVE_H_
