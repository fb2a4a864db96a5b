// Tables as tab-separated values (IANA text/tab-separated-values): no quoting, so that no cell holds a tab or a line
// end.
#ifndef DUIKOU_COMMON_TABULAR_TSV_H_
#define DUIKOU_COMMON_TABULAR_TSV_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "common/tabular/sheet.h"

namespace duikou::tabular {

// Reads UTF-8 (with or without byte order mark), UTF-16 or GB18030 with any line ends. INVALID_ARGUMENT: those of
// text::DecodeDocument, TABLE_TOO_LARGE.
absl::StatusOr<Sheet> ReadTsv(std::string_view bytes);

}  // namespace duikou::tabular

#endif  // DUIKOU_COMMON_TABULAR_TSV_H_
