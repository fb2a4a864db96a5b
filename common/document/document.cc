#include "common/document/document.h"

#include <string_view>

#include "absl/strings/str_split.h"
#include "common/text/strip_space.h"

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
    const std::string_view stripped = text::StripSpace({line.data(), line.size()});
    if (!stripped.empty()) lines.emplace_back(stripped);
  }
  return lines;
}

}  // namespace duikou::document
