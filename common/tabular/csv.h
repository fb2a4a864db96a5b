// Tables as CSV (RFC 4180), the form that every program reads and writes.
#ifndef DUIKOU_COMMON_TABULAR_CSV_H_
#define DUIKOU_COMMON_TABULAR_CSV_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/tabular/sheet.h"

namespace duikou::tabular {

// Reads UTF-8 (with or without byte order mark), UTF-16 or GB18030 with any line ends. INVALID_ARGUMENT: those of
// text::DecodeDocument, CSV_QUOTE_OPEN, CSV_QUOTE_STRAY (the cell is the violation's field), TABLE_TOO_LARGE.
absl::StatusOr<Sheet> ReadCsv(std::string_view bytes);

// UTF-8 with a byte order mark, which Excel needs to see that it is UTF-8, and CR LF. A text that a spreadsheet would
// take for a formula (= + - @, tab) gets an apostrophe in front, which ReadCsv takes away again; numbers stay.
std::string WriteCsv(const std::vector<std::vector<std::string>>& rows);

}  // namespace duikou::tabular

#endif  // DUIKOU_COMMON_TABULAR_CSV_H_
