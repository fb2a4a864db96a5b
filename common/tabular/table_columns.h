// Which column of a sheet is which: found by their headings, wherever the table begins.
#ifndef DUIKOU_COMMON_TABULAR_TABLE_COLUMNS_H_
#define DUIKOU_COMMON_TABULAR_TABLE_COLUMNS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/tabular/sheet.h"

namespace duikou::tabular {

// A column that is looked for: its heading in either language.
struct Heading {
  Text text;
  bool required = true;
};

class TableColumns {
 public:
  // Looks in the first 20 rows for the one with all required headings; spaces, case and full or half width do not
  // matter. INVALID_ARGUMENT: COLUMN_MISSING (names what the best row lacks), COLUMN_TWICE.
  static absl::StatusOr<TableColumns> Find(const Sheet& sheet, const std::vector<Heading>& headings);

  size_t first_row() const { return first_row_; }  // Below the headings.
  // Where a heading stands, in the order given to Find.
  std::optional<size_t> at(size_t heading) const { return columns_[heading]; }
  // The text of a row below a heading, without ASCII's white space around; empty for a heading that is not there. Wider
  // white space is left to those who read it: digests of rows that went out are of cells as they are here.
  std::string Text(const Sheet& sheet, size_t row, size_t heading) const;

 private:
  size_t first_row_ = 0;
  std::vector<std::optional<size_t>> columns_;
};

}  // namespace duikou::tabular

#endif  // DUIKOU_COMMON_TABULAR_TABLE_COLUMNS_H_
