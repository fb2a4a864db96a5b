// A table as the kind of file that was asked for.
#ifndef DUIKOU_COMMON_TABULAR_WRITE_TABLE_H_
#define DUIKOU_COMMON_TABULAR_WRITE_TABLE_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/tabular/xlsx_writer.h"

namespace duikou::tabular {

// CSV as WriteCsv has it, of the plain rows; else XLSX.
absl::StatusOr<std::string> WriteTable(const Table& table, bool csv);

}  // namespace duikou::tabular

#endif  // DUIKOU_COMMON_TABULAR_WRITE_TABLE_H_
