#include "common/document/document.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace duikou::document {

std::string Document::title() const {
  for (const Block& block : blocks_) {
    if (block.kind == Block::Kind::kTitle) return block.text;
  }
  return "";
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(text, absl::ByAnyChar("\r\n"))) {
    const absl::string_view stripped = absl::StripAsciiWhitespace(line);
    if (!stripped.empty()) lines.emplace_back(std::string(stripped));
  }
  return lines;
}

}  // namespace duikou::document
