#include "clients/cli/plan_parse.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "common/base/error.h"
#include "common/text/encoding.h"
#include "services/taskregistry/policy/policy_importer.h"

namespace duikou::cli {
namespace {

using taskregistry::v1::PolicyDuty;
using taskregistry::v1::PolicyPreview;
using taskregistry::v1::PolicyTask;

absl::Status FileError(absl::StatusCode code, std::string reason, std::string zh, std::string en) {
  return MakeError(code, {.reason = std::move(reason), .text = {.zh = std::move(zh), .en = std::move(en)}});
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::error_code error;
  const auto type = std::filesystem::status(path, error).type();
  if (type == std::filesystem::file_type::not_found) {
    return FileError(absl::StatusCode::kNotFound, "FILE_NOT_FOUND", "找不到文件 " + path + "：请检查路径。",
                     "There is no file " + path + ": check the path.");
  }
  if (type == std::filesystem::file_type::directory) {
    return FileError(absl::StatusCode::kInvalidArgument, "FILE_IS_DIRECTORY", path + " 是一个目录：请指定其中的文件。",
                     path + " is a directory: name a file in it.");
  }
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) {
    const std::string why = std::generic_category().message(errno);
    return FileError(absl::StatusCode::kPermissionDenied, "FILE_NOT_READABLE",
                     "无法打开 " + path + "（" + why + "）：请检查读取权限。",
                     "Cannot open " + path + " (" + why + "): check that you may read it.");
  }
  std::string bytes;
  char chunk[65536];
  // One byte more than allowed tells a file that is too large, whatever its size was said to be.
  while (bytes.size() <= text::kMaxDocumentBytes) {
    const size_t n = std::fread(chunk, 1, sizeof(chunk), file.get());
    if (n == 0) break;
    bytes.append(chunk, n);
  }
  if (std::ferror(file.get()) != 0) {
    return FileError(absl::StatusCode::kUnavailable, "FILE_NOT_READABLE",
                     "读取 " + path + " 时出错：请把文件复制到本机后再试。",
                     "Reading " + path + " failed: copy it to this machine and try again.");
  }
  return bytes;
}

// A JSON string (RFC 8259): control characters, quotation mark and backslash escaped.
std::string JsonString(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          char escape[8];
          std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned char>(c));
          out += escape;
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::string StringOrNull(const std::string& text) { return text.empty() ? "null" : JsonString(text); }

std::string Units(const PolicyTask& task, bool lead) {
  std::string out = "[";
  for (const auto& duty : task.duties()) {
    const bool wanted = lead ? duty.kind() == PolicyDuty::LEAD
                             : duty.kind() == PolicyDuty::RESPONSIBLE || duty.kind() == PolicyDuty::COOPERATING;
    if (!wanted) continue;
    if (out.size() > 1) out += ", ";
    out += JsonString(duty.unit());
  }
  return out + "]";
}

}  // namespace

std::string WrittenTasksJson(const PolicyPreview& preview) {
  std::string out = "{\"tasks\": [";
  for (int i = 0; i < preview.tasks_size(); ++i) {
    const auto& task = preview.tasks(i);
    out += i == 0 ? "\n" : ",\n";
    out += "  {\"title\": " + StringOrNull(task.title()) + ", \"number\": " + StringOrNull(task.number()) +
           ", \"lead\": " + Units(task, true) + ", \"responsible\": " + Units(task, false) +
           ", \"deadline\": " + StringOrNull(task.deadline()) + "}";
  }
  out += preview.tasks().empty() ? "]}\n" : "\n]}\n";
  return out;
}

absl::StatusOr<std::string> ParsePlanFile(const std::string& path, bool json, Language language) {
  const auto bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.status();
  const auto document = text::DecodeDocument(*bytes);
  if (!document.ok()) {
    auto facts = FactsOf(document.status());
    facts.text = {.zh = path + "：" + facts.text.zh, .en = path + ": " + facts.text.en};
    return MakeError(document.status().code(), std::move(facts));
  }
  const auto preview = policy::ParsePolicy(*document);
  if (preview.has_refusal()) {
    const auto& mark = preview.refusal().mark();
    return FileError(absl::StatusCode::kFailedPrecondition, "DOCUMENT_CLASSIFIED",
                     path + " 首页标有“" + mark + "”：国家秘密不得录入本系统，请改用涉密渠道办理。",
                     path + " bears the mark " + mark +
                         ": state secrets must not be entered here; use the channel for classified documents.");
  }
  return json ? WrittenTasksJson(preview) : PreviewText(preview, language);
}

}  // namespace duikou::cli
