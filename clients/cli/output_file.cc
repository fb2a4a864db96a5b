#include "clients/cli/output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/language.h"

namespace duikou::cli {
namespace {

absl::Status CannotWrite(const std::string& path) {
  return absl::ErrnoToStatus(
      errno, absl::StrCat(Say("无法写入文件 ", "cannot write the file "), path, ": ", std::strerror(errno)));
}

}  // namespace

absl::Status WriteOutput(const std::string& path, absl::string_view content) {
  const std::string unfinished = absl::StrCat(path, ".part");
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(unfinished.c_str(), "wb"), &std::fclose);
  if (file == nullptr) return CannotWrite(path);
  const bool written = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size();
  if (std::fclose(file.release()) != 0 || !written || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    absl::Status status = CannotWrite(path);
    std::remove(unfinished.c_str());
    return status;
  }
  return absl::OkStatus();
}

bool HasSuffix(const std::string& path, absl::string_view suffix) { return absl::EndsWithIgnoreCase(path, suffix); }

}  // namespace duikou::cli
