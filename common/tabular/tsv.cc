#include "common/tabular/tsv.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/base/status_macros.h"
#include "common/text/encoding.h"

namespace duikou::tabular {

absl::StatusOr<Sheet> ReadTsv(std::string_view bytes) {
  ASSIGN_OR_RETURN(const std::string text, text::DecodeDocument(bytes));
  SheetBuilder builder;
  size_t row = 0, column = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_of("\t\n", at), text.size());
    RETURN_IF_ERROR(builder.Set(row, column, text.substr(at, end - at)));
    const bool same_row = end < text.size() && text[end] == '\t';
    column = same_row ? column + 1 : 0;
    row += same_row ? 0 : 1;
    at = end + 1;
  }
  return std::move(builder).Finish();
}

}  // namespace duikou::tabular
