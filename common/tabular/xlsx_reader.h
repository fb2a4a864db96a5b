// Workbooks of Excel, WPS and LibreOffice (Office Open XML, ECMA-376 part 1).
#ifndef DUIKOU_COMMON_TABULAR_XLSX_READER_H_
#define DUIKOU_COMMON_TABULAR_XLSX_READER_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "common/tabular/sheet.h"

namespace duikou::tabular {

// The first sheet that is not hidden. A formula counts as the value that was computed last. INVALID_ARGUMENT:
// ARCHIVE_BROKEN, ARCHIVE_ENCRYPTED, ARCHIVE_TOO_LARGE, XML_BROKEN, NOT_A_WORKBOOK, TABLE_TOO_LARGE, CELL_IN_ERROR (a
// formula that failed, #REF! and the like; the cell is the violation's field).
absl::StatusOr<Sheet> ReadXlsx(std::string_view bytes);

}  // namespace duikou::tabular

#endif  // DUIKOU_COMMON_TABULAR_XLSX_READER_H_
