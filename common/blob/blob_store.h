#ifndef DUIKOU_COMMON_BLOB_BLOB_STORE_H_
#define DUIKOU_COMMON_BLOB_BLOB_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace duikou::blob {

// Contents by their SHA-256 in a folder. Thread-safe, and safe beside other processes on the same folder. Errors of the
// disk are INTERNAL, a full one RESOURCE_EXHAUSTED (STORAGE_FULL).
class BlobStore {
 public:
  static absl::StatusOr<std::unique_ptr<BlobStore>> Open(const std::string& folder);

  // Appends to an upload, told by any name, at its end, and tells how many bytes there are then. Without content it
  // only tells. OUT_OF_RANGE (OFFSET_WRONG, metadata "received") when `offset` is not the end; INVALID_ARGUMENT
  // (CONTENT_TOO_LONG) beyond `size`. A first chunk alone makes the file.
  absl::StatusOr<int64_t> Append(const std::string& upload, int64_t offset, absl::string_view content, int64_t size);
  // The beginning of an upload, at most so many bytes.
  absl::StatusOr<std::string> Head(const std::string& upload, int64_t bytes) const;
  // Makes a whole upload the content with this digest (lower-case hex). INVALID_ARGUMENT (DIGEST_WRONG) when it is
  // another content: the upload is dropped and begins anew.
  absl::Status Finish(const std::string& upload, const std::string& sha256);
  void Drop(const std::string& upload);

  // At most `length` bytes from `offset`. NOT_FOUND (CONTENT_LOST).
  absl::StatusOr<std::string> Read(const std::string& sha256, int64_t offset, int64_t length) const;

  // Removes uploads not touched for `age`, and contents older than that which `refers` does not name. A content that is
  // finished again counts as new, so that a reference about to be stored is not missed.
  absl::Status Sweep(absl::Duration age, const std::function<absl::StatusOr<bool>(const std::string& sha256)>& refers);

 private:
  explicit BlobStore(std::string folder) : folder_(std::move(folder)) {}
  std::string PathOfUpload(const std::string& upload) const;
  std::string PathOfContent(const std::string& sha256) const;

  const std::string folder_;
};

}  // namespace duikou::blob

#endif  // DUIKOU_COMMON_BLOB_BLOB_STORE_H_
