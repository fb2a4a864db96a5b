// A table whose kind of file nobody told us.
#ifndef DUIKOU_COMMON_TABULAR_READ_TABLE_H_
#define DUIKOU_COMMON_TABULAR_READ_TABLE_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "common/tabular/sheet.h"

namespace duikou::tabular {

// XLSX, TSV or CSV, by its first bytes or its first line. INVALID_ARGUMENT: those of ReadXlsx, ReadTsv and ReadCsv,
// WORKBOOK_TOO_OLD for the format of Excel 97 (.xls), which is also that of an encrypted .xlsx.
absl::StatusOr<Sheet> ReadTable(std::string_view bytes);

}  // namespace duikou::tabular

#endif  // DUIKOU_COMMON_TABULAR_READ_TABLE_H_
