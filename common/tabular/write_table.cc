#include "common/tabular/write_table.h"

#include "common/tabular/csv.h"

namespace duikou::tabular {

absl::StatusOr<std::string> WriteTable(const Table& table, bool csv) {
  if (csv) return WriteCsv(PlainRows(table));
  return WriteXlsx({table});
}

}  // namespace duikou::tabular
