#include "common/tabular/sheet.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace duikou::tabular {

absl::string_view Sheet::At(size_t row, size_t column) const {
  if (row >= rows.size() || column >= rows[row].size()) return "";
  return rows[row][column];
}

std::string CellName(size_t row, size_t column) {
  std::string letters;
  for (size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  return absl::StrCat(letters, row + 1);
}

absl::Status BadCell(size_t row, size_t column, Text description, absl::string_view reason) {
  return BadField(CellName(row, column), std::move(description), reason);
}

absl::Status TableTooLarge(Text text) {
  return MakeError(absl::StatusCode::kInvalidArgument, {.reason = "TABLE_TOO_LARGE", .text = std::move(text)});
}

absl::Status SheetBuilder::Set(size_t row, size_t column, std::string text) {
  if (text.empty()) return absl::OkStatus();
  if (row >= kMaxRows) {
    return TableTooLarge({absl::StrCat("表格超过 ", kMaxRows, " 行,请拆成几份。"),
                          absl::StrCat("The table has more than ", kMaxRows, " rows: split it.")});
  }
  if (column >= kMaxColumns) {
    return TableTooLarge({absl::StrCat("表格超过 ", kMaxColumns, " 列,请删去多余的列。"),
                          absl::StrCat("The table has more than ", kMaxColumns, " columns: remove some.")});
  }
  if (text.size() > kMaxCellBytes) {
    return BadCell(row, column, {"单元格内容过长。", "has too much text."}, "TABLE_TOO_LARGE");
  }
  const size_t width = row < sheet_.rows.size() ? sheet_.rows[row].size() : 0;
  bytes_ += text.size();
  if (column >= width) bytes_ += (column + 1 - width) * sizeof(std::string);
  if (bytes_ > kMaxTableBytes) {
    return TableTooLarge({"表格内容过多,请拆成几份,并删去多余的空列。",
                          "The table has too much in it: split it, and remove columns that are empty."});
  }
  if (sheet_.rows.size() <= row) sheet_.rows.resize(row + 1);
  std::vector<std::string>& cells = sheet_.rows[row];
  if (column >= width) cells.resize(column + 1);
  cells[column] = std::move(text);
  return absl::OkStatus();
}

Sheet SheetBuilder::Finish() && { return std::move(sheet_); }

}  // namespace duikou::tabular
