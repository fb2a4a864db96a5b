#include "common/tabular/table_columns.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/text/fold.h"

namespace duikou::tabular {
namespace {

constexpr size_t kRowsLookedAt = 20;

// For comparison: "办理 进展" and "办理进展" are one heading.
std::string Plain(const std::string& text) {
  std::string folded = text::Fold(text);
  folded.erase(std::remove_if(folded.begin(), folded.end(),
                              [](char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }),
               folded.end());
  return folded;
}

struct Match {
  std::vector<std::optional<size_t>> columns;
  size_t found = 0;
  std::optional<size_t> twice;  // A heading that stands in two columns.
};

Match MatchRow(const std::vector<std::string>& row, const std::vector<Heading>& headings) {
  Match match{.columns = std::vector<std::optional<size_t>>(headings.size())};
  std::vector<std::string> cells;
  for (const std::string& cell : row) cells.push_back(Plain(cell));
  for (size_t h = 0; h < headings.size(); ++h) {
    const std::string zh = Plain(headings[h].text.zh), en = Plain(headings[h].text.en);
    for (size_t c = 0; c < cells.size(); ++c) {
      if (cells[c] != zh && cells[c] != en) continue;
      if (match.columns[h]) match.twice = h;
      match.columns[h] = c;
    }
    if (match.columns[h]) ++match.found;
  }
  return match;
}

}  // namespace

absl::StatusOr<TableColumns> TableColumns::Find(const Sheet& sheet, const std::vector<Heading>& headings) {
  TableColumns table;
  Match best = MatchRow({}, headings);
  for (size_t row = 0; row < std::min(sheet.rows.size(), kRowsLookedAt); ++row) {
    Match match = MatchRow(sheet.rows[row], headings);
    if (match.found <= best.found) continue;
    best = std::move(match);
    table.first_row_ = row + 1;
  }
  std::vector<std::string> zh, en;
  for (size_t h = 0; h < headings.size(); ++h) {
    if (!headings[h].required || best.columns[h]) continue;
    zh.push_back(absl::StrCat("“", headings[h].text.zh, "”"));
    en.push_back(absl::StrCat("\"", headings[h].text.en, "\""));
  }
  if (!zh.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     {.reason = "COLUMN_MISSING",
                      .text = {absl::StrCat("表头缺少", absl::StrJoin(zh, "、"), "列。"),
                               absl::StrCat("The table has no column ", absl::StrJoin(en, ", "), ".")}});
  }
  if (best.twice) {
    const duikou::Text& name = headings[*best.twice].text;
    return MakeError(absl::StatusCode::kInvalidArgument,
                     {.reason = "COLUMN_TWICE",
                      .text = {absl::StrCat("表头有两个“", name.zh, "”列,请删去一个。"),
                               absl::StrCat("The table has two columns \"", name.en, "\": remove one.")}});
  }
  table.columns_ = std::move(best.columns);
  return table;
}

std::string TableColumns::Text(const Sheet& sheet, size_t row, size_t heading) const {
  if (!columns_[heading]) return "";
  return std::string(absl::StripAsciiWhitespace(sheet.At(row, *columns_[heading])));
}

}  // namespace duikou::tabular
