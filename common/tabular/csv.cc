#include "common/tabular/csv.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/text/encoding.h"

namespace duikou::tabular {
namespace {

// Whether a spreadsheet would run the text as a formula, or one that carries apostrophes against that already.
bool LooksLikeFormula(absl::string_view text) {
  const size_t first = text.find_first_not_of('\'');
  if (first == absl::string_view::npos || absl::string_view("=+-@\t").find(text[first]) == absl::string_view::npos)
    return false;
  double number = 0;
  return first > 0 || !absl::SimpleAtod(text, &number) || text[0] == '\t';
}

std::string WithoutGuard(std::string text) {
  if (text.size() > 1 && text[0] == '\'' && LooksLikeFormula(text)) text.erase(0, 1);
  return text;
}

class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}

  absl::StatusOr<Sheet> Read() {
    while (at_ < text_.size()) {
      RETURN_IF_ERROR(ReadCell());
      const char end = at_ < text_.size() ? text_[at_] : '\n';
      ++at_;
      column_ = end == ',' ? column_ + 1 : 0;
      if (end == '\n') ++row_;
    }
    return std::move(builder_).Finish();
  }

 private:
  // Up to the comma or line end behind the cell.
  absl::Status ReadCell() {
    if (at_ < text_.size() && text_[at_] == '"') return ReadQuoted();
    const size_t end = std::min(text_.find_first_of(",\n", at_), text_.size());
    std::string cell(text_.substr(at_, end - at_));
    at_ = end;
    return builder_.Set(row_, column_, WithoutGuard(std::move(cell)));
  }

  absl::Status ReadQuoted() {
    std::string cell;
    ++at_;
    while (true) {
      const size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos) {
        return BadCell(row_, column_, {"引号没有结束。", "has a quotation mark that is not closed."}, "CSV_QUOTE_OPEN");
      }
      cell.append(text_, at_, quote - at_);
      at_ = quote + 1;
      if (at_ >= text_.size() || text_[at_] != '"') break;
      cell.push_back('"');
      ++at_;
    }
    if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n') {
      return BadCell(row_, column_,
                     {"引号之后还有内容:单元格内的引号应写成两个。",
                      "goes on after its quotation mark: write marks within a cell twice."},
                     "CSV_QUOTE_STRAY");
    }
    return builder_.Set(row_, column_, WithoutGuard(std::move(cell)));
  }

  std::string_view text_;
  size_t at_ = 0, row_ = 0, column_ = 0;
  SheetBuilder builder_;
};

// Line ends of every kind are written as LF, within quotation marks: a file is read by lines, and each of them ends
// one.
void AppendCell(std::string_view given, std::string& out) {
  const std::string text = text::FoldLineEnds(given);
  const std::string guarded = LooksLikeFormula(text) ? absl::StrCat("'", text) : text;
  if (guarded.find_first_of(",\"\n") == std::string::npos && (guarded.empty() || guarded.front() != ' ')) {
    absl::StrAppend(&out, guarded);
    return;
  }
  out.push_back('"');
  for (const char c : guarded) out.append(c == '"' ? 2 : 1, c);
  out.push_back('"');
}

}  // namespace

absl::StatusOr<Sheet> ReadCsv(std::string_view bytes) {
  ASSIGN_OR_RETURN(const std::string text, text::DecodeDocument(bytes));
  return CsvReader(text).Read();
}

std::string WriteCsv(const std::vector<std::vector<std::string>>& rows) {
  std::string out = "\xEF\xBB\xBF";
  for (const std::vector<std::string>& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out.push_back(',');
      AppendCell(row[i], out);
    }
    out.append("\r\n");
  }
  return out;
}

}  // namespace duikou::tabular
