// Tables for terminals, with Chinese characters two columns wide.
#ifndef DUIKOU_CLIENTS_CLI_TABLE_H_
#define DUIKOU_CLIENTS_CLI_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace duikou::cli {

// The number of terminal columns that a text takes (UAX #11: wide and full-width characters two, combining marks none).
// A broken byte counts one.
size_t DisplayWidth(absl::string_view utf8);

// The longest start of `utf8` that fits into `columns`, with '…' in place of what is cut.
std::string FitInto(absl::string_view utf8, size_t columns);

// `utf8` on one line and without control characters, so that a record's text can neither break a table nor steer the
// terminal.
std::string OneLine(absl::string_view utf8);

// `utf8` with its line breaks, but without other control characters.
std::string Printable(absl::string_view utf8);

// The width of the terminal that stdout is; 0 if it is none (nothing is cut then).
size_t TerminalWidth();

class Table {
 public:
  explicit Table(std::vector<std::string> head) : head_(std::move(head)) {}

  // A row has at most as many cells as the head; missing ones are empty.
  void Add(std::vector<std::string> cells);
  size_t rows() const { return rows_.size(); }

  // Lines ended by '\n': the head, a rule, the rows. With `width` > 0 the widest columns are cut until each line fits;
  // without it nothing is cut. Columns that are empty in all rows are left out.
  std::string Render(size_t width) const;

 private:
  std::vector<std::string> head_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_TABLE_H_
