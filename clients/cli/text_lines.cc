#include "clients/cli/text_lines.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/table.h"

namespace duikou::cli {
namespace {

// The bytes of the first character; 1 for a broken one.
size_t CharacterSize(absl::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  return size <= text.size() ? size : 1;
}

bool MayBreakAfter(absl::string_view character) {
  for (absl::string_view mark : {" ", ",", "、", "，", "；", "。"}) {
    if (character == mark) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> WrapLines(absl::string_view utf8, size_t columns) {
  std::vector<std::string> lines;
  absl::string_view rest = utf8;
  while (DisplayWidth(rest) > columns) {
    size_t end = 0, width = 0, good = 0;
    while (end < rest.size()) {
      const absl::string_view character = rest.substr(end, CharacterSize(rest.substr(end)));
      const size_t wide = DisplayWidth(character);
      if (width + wide > columns && end > 0) break;
      width += wide;
      end += character.size();
      if (MayBreakAfter(character) && width * 2 >= columns) good = end;
    }
    const size_t cut = good > 0 ? good : end;
    lines.emplace_back(absl::StripSuffix(rest.substr(0, cut), " "));
    rest.remove_prefix(cut);
  }
  if (!rest.empty() || lines.empty()) lines.emplace_back(rest);
  return lines;
}

std::string PadTo(absl::string_view utf8, size_t columns) {
  const size_t width = DisplayWidth(utf8);
  return absl::StrCat(utf8, std::string(width < columns ? columns - width : 0, ' '));
}

std::string Hanging(size_t indent, absl::string_view label, absl::string_view text, size_t columns) {
  if (text.empty()) return "";
  const size_t start = indent + (label.empty() ? 0 : DisplayWidth(label) + 1);
  std::string out = std::string(indent, ' ');
  if (!label.empty()) absl::StrAppend(&out, label, " ");
  bool first = true;
  for (const std::string& line : WrapLines(text, columns > start + 10 ? columns - start : 10)) {
    absl::StrAppend(&out, first ? "" : std::string(start, ' '), line, "\n");
    first = false;
  }
  return out;
}

}  // namespace duikou::cli
