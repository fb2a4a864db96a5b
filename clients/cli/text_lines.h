// Text broken into lines by the columns that it takes in a terminal.
#ifndef DUIKOU_CLIENTS_CLI_TEXT_LINES_H_
#define DUIKOU_CLIENTS_CLI_TEXT_LINES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace duikou::cli {

// `utf8` in lines of at most `columns` (at least 2): broken after spaces and after 、，；。 and commas where there are
// any in the second half of a line, else between characters. At least one line.
std::vector<std::string> WrapLines(absl::string_view utf8, size_t columns);

// "label text", the text wrapped to `columns` with the lines after the first standing under the first; `indent` spaces
// before all. Ends with '\n'; empty when the text is.
std::string Hanging(size_t indent, absl::string_view label, absl::string_view text, size_t columns);

// `utf8` with spaces behind until it takes `columns`.
std::string PadTo(absl::string_view utf8, size_t columns);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_TEXT_LINES_H_
