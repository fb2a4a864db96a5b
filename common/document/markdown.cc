#include "common/document/markdown.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace duikou::document {
namespace {

// A text that shows as it is. "1." and "-" are markup at the beginning of a line alone.
std::string Escaped(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool digits_before = i > 0 && text.find_first_not_of("0123456789") == i;
    const bool begins = (i == 0 && absl::string_view("-+=~").find(c) != absl::string_view::npos) ||
                        (digits_before && (c == '.' || c == ')') && (i + 1 == text.size() || text[i + 1] == ' '));
    if (begins || absl::string_view("\\`*_[]<>#|&!").find(c) != absl::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

// Lines of a cell or item stay together.
std::string OneBlock(const std::string& text, absl::string_view between) {
  std::vector<std::string> lines = LinesOf(text);
  for (std::string& line : lines) line = Escaped(line);
  return absl::StrJoin(lines, between);
}

void AppendTable(const Block& table, std::string& out) {
  for (size_t r = 0; r < table.rows.size(); ++r) {
    std::vector<std::string> cells, rule;
    for (const std::string& cell : table.rows[r]) {
      cells.push_back(OneBlock(cell, "<br>"));
      rule.emplace_back("---");
    }
    absl::StrAppend(&out, "| ", absl::StrJoin(cells, " | "), " |\n");
    if (r == 0) absl::StrAppend(&out, "| ", absl::StrJoin(rule, " | "), " |\n");
  }
  out.push_back('\n');
}

}  // namespace

std::string ToMarkdown(const Document& document) {
  std::string out;
  bool in_list = false;
  for (const Block& block : document.blocks()) {
    const bool item = block.kind == Block::Kind::kItem;
    if (in_list && !item) out.push_back('\n');
    in_list = item;
    switch (block.kind) {
      case Block::Kind::kTitle:
        absl::StrAppend(&out, "# ", OneBlock(block.text, " "), "\n\n");
        break;
      case Block::Kind::kHeading:
        absl::StrAppend(&out, "## ", OneBlock(block.text, " "), "\n\n");
        break;
      case Block::Kind::kSubheading:
        absl::StrAppend(&out, "### ", OneBlock(block.text, " "), "\n\n");
        break;
      case Block::Kind::kItem:
        absl::StrAppend(&out, "- ", OneBlock(block.text, "  \n  "), "\n");
        break;
      case Block::Kind::kNote:
        absl::StrAppend(&out, "> ", OneBlock(block.text, "\n>\n> "), "\n\n");
        break;
      case Block::Kind::kTable:
        AppendTable(block, out);
        break;
      default:
        absl::StrAppend(&out, OneBlock(block.text, "\n\n"), "\n\n");
    }
  }
  return out;
}

}  // namespace duikou::document
