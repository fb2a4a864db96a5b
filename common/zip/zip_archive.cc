#include "common/zip/zip_archive.h"

#include <zip.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace duikou::zip_archive {
namespace {

constexpr size_t kChunk = size_t{64} << 10;
// 1 January 1980, the first day that the format knows.
constexpr zip_uint16_t kDosDate = (0 << 9) | (1 << 5) | 1;

absl::Status Broken(absl::string_view detail) {
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      {.reason = "ARCHIVE_BROKEN",
       .text = {absl::StrCat("文件已损坏(", detail, "),请在办公软件中打开后另存一份再试。"),
                absl::StrCat("The file is broken (", detail, "): open it in the office program and save it again.")}});
}

absl::Status Encrypted() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   {.reason = "ARCHIVE_ENCRYPTED",
                    .text = {"文件有密码,请另存为不加密的文件。", "The file has a password: save it without one."}});
}

absl::Status TooLarge() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   {.reason = "ARCHIVE_TOO_LARGE",
                    .text = {"文件解压后过大,请删去图片和空白行列,或拆成几份。",
                             "The file unpacks to too much: remove pictures and empty rows, or split it."}});
}

struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

absl::Status Failed(const zip_error_t& error) {
  return InternalError(absl::StrCat("cannot write an archive: ", zip_error_code_zip(&error)));
}

// Adds the files; libzip copies nothing, so they must live until the archive is closed.
absl::Status AddAll(zip_t* archive, const std::vector<std::pair<std::string, std::string>>& files) {
  for (const auto& [path, content] : files) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    if (source == nullptr) return Failed(*zip_get_error(archive));
    const zip_int64_t index = zip_file_add(archive, path.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      return Failed(*zip_get_error(archive));
    }
    zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, kDosDate, 0);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> BytesOf(zip_source_t* buffer) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_source_stat(buffer, &stat) != 0 || zip_source_open(buffer) != 0)
    return InternalError("cannot read an archive just written");
  std::string bytes(stat.size, '\0');
  const zip_int64_t got = zip_source_read(buffer, bytes.data(), bytes.size());
  zip_source_close(buffer);
  if (got != static_cast<zip_int64_t>(bytes.size())) return InternalError("an archive just written is cut");
  return bytes;
}

}  // namespace

void Reader::Discard::operator()(struct zip* archive) const { zip_discard(archive); }

absl::StatusOr<Reader> Reader::Open(std::string_view bytes, Limits limits) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source == nullptr) return Broken("ZIP");
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr) {
    zip_source_free(source);
    return Broken("ZIP");
  }
  Reader reader(archive, limits);
  if (zip_get_num_entries(archive, 0) > limits.max_files) return TooLarge();
  return reader;
}

bool Reader::Has(const std::string& path) const { return zip_name_locate(archive_.get(), path.c_str(), 0) >= 0; }

absl::StatusOr<std::string> Reader::Read(const std::string& path) {
  const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen(archive_.get(), path.c_str(), 0));
  if (file == nullptr) {
    const int code = zip_error_code_zip(zip_get_error(archive_.get()));
    return code == ZIP_ER_NOPASSWD || code == ZIP_ER_ENCRNOTSUPP ? Encrypted() : Broken(path);
  }
  std::string content;
  while (true) {
    const size_t before = content.size();
    content.resize(before + kChunk);
    const zip_int64_t got = zip_fread(file.get(), content.data() + before, kChunk);
    if (got < 0) return Broken(path);
    content.resize(before + static_cast<size_t>(got));
    // What is written of sizes in the archive is not believed: only what comes out counts.
    unpacked_ += static_cast<size_t>(got);
    if (unpacked_ > limits_.max_unpacked_bytes) return TooLarge();
    if (got == 0) return content;
  }
}

absl::StatusOr<std::string> Writer::Finish() const {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, &error);
  if (buffer == nullptr) return Failed(error);
  zip_source_keep(buffer);
  zip_t* archive = zip_open_from_source(buffer, ZIP_CREATE | ZIP_TRUNCATE, &error);
  if (archive == nullptr) {
    zip_source_free(buffer);
    zip_source_free(buffer);
    return Failed(error);
  }
  absl::Status status = AddAll(archive, files_);
  if (status.ok() && zip_close(archive) != 0) status = Failed(*zip_get_error(archive));
  if (!status.ok()) {
    zip_discard(archive);
    zip_source_free(buffer);
    return status;
  }
  absl::StatusOr<std::string> bytes = BytesOf(buffer);
  zip_source_free(buffer);
  return bytes;
}

}  // namespace duikou::zip_archive
