// Tables as workbooks that an office hands round.
#ifndef DUIKOU_COMMON_TABULAR_XLSX_WRITER_H_
#define DUIKOU_COMMON_TABULAR_XLSX_WRITER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace duikou::tabular {

// The lights of a ledger as backgrounds of cells.
enum class Tone { kNone, kGrey, kGreen, kBlue, kYellow, kRed };

struct TableColumn {
  enum class Kind {
    kText,      // Wrapped, from the left.
    kCentered,  // Short texts.
    kDate,      // "2026-03-01" becomes a date; other texts stay.
    kNumber,    // "40" becomes a number; other texts stay.
    kHidden,    // There for the way back alone.
  };
  std::string heading;
  double width = 12;  // In characters of the sheet's font; a Chinese one takes two.
  Kind kind = Kind::kText;
};

struct TableCell {
  std::string text;
  Tone tone = Tone::kNone;
};

// A sheet: title over all columns, a line below it, headings that stay in view and are printed on each page, rows.
struct Table {
  std::string name;  // Of the sheet: at most 31 characters without []:*?/\.
  std::string title;
  std::string subtitle;
  std::vector<TableColumn> columns;
  std::vector<std::vector<TableCell>> rows;
};

// The row of the first cell below the headings, from 0: those of the title, the line and the headings come before.
inline constexpr size_t kFirstTableRow = 3;

// Texts are never taken for formulas. Landscape A4, as wide as the page, with page numbers.
absl::StatusOr<std::string> WriteXlsx(const std::vector<Table>& tables);

// The same rows with the headings above as CSV has them: no title, and no control characters, for which a file would be
// refused as no text.
std::vector<std::vector<std::string>> PlainRows(const Table& table);

}  // namespace duikou::tabular

#endif  // DUIKOU_COMMON_TABULAR_XLSX_WRITER_H_
