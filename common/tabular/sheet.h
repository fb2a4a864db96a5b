// A table as text, whatever file it came from.
#ifndef DUIKOU_COMMON_TABULAR_SHEET_H_
#define DUIKOU_COMMON_TABULAR_SHEET_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace duikou::tabular {

// Dates are "2026-03-01", numbers in their shortest decimal form, shares "40%". Lines within a cell end with LF.
// Rows are as long as their last cell that is not empty, and the last row is not empty.
struct Sheet {
  std::string name;  // Empty for CSV.
  std::vector<std::vector<std::string>> rows;

  // Empty for a cell that is not there. Both from 0.
  absl::string_view At(size_t row, size_t column) const;
};

// What is read at most; more is refused with TABLE_TOO_LARGE.
inline constexpr size_t kMaxRows = 100'000;
inline constexpr size_t kMaxColumns = 256;
inline constexpr size_t kMaxCellBytes = 100'000;
// Of the texts, and of the cells themselves: a row is kept up to its last cell, so that empty ones before it count too.
inline constexpr size_t kMaxTableBytes = size_t{64} << 20;

// "D7" for row 6, column 3.
std::string CellName(size_t row, size_t column);

// INVALID_ARGUMENT with one violation, the cell being its field.
absl::Status BadCell(size_t row, size_t column, Text description, absl::string_view reason);
absl::Status TableTooLarge(Text text);

// Fills the rows of a sheet cell by cell, within the limits.
class SheetBuilder {
 public:
  explicit SheetBuilder(std::string name = "") { sheet_.name = std::move(name); }
  absl::Status Set(size_t row, size_t column, std::string text);
  Sheet Finish() &&;

 private:
  Sheet sheet_;
  size_t bytes_ = 0;
};

}  // namespace duikou::tabular

#endif  // DUIKOU_COMMON_TABULAR_SHEET_H_
