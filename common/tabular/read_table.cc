#include "common/tabular/read_table.h"

#include <algorithm>
#include <string>

#include "common/base/status_macros.h"
#include "common/tabular/csv.h"
#include "common/tabular/tsv.h"
#include "common/tabular/xlsx_reader.h"
#include "common/text/encoding.h"

namespace duikou::tabular {

namespace {

// By its first line: one with tabs, and with no more commas than tabs.
bool IsTabSeparated(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  const auto tabs = std::count(line.begin(), line.end(), '\t');
  return tabs > 0 && std::count(line.begin(), line.end(), ',') <= tabs;
}

}  // namespace

absl::StatusOr<Sheet> ReadTable(std::string_view bytes) {
  if (bytes.substr(0, 4) == "PK\x03\x04") return ReadXlsx(bytes);
  if (bytes.substr(0, 4) == "\xD0\xCF\x11\xE0") {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     {.reason = "WORKBOOK_TOO_OLD",
                      .text = {"文件是旧版 .xls,或设有密码:请另存为不加密的 .xlsx。",
                               "The file is an old .xls or has a password: save it as .xlsx without one."}});
  }
  ASSIGN_OR_RETURN(const std::string text, text::DecodeDocument(bytes));
  return IsTabSeparated(text) ? ReadTsv(text) : ReadCsv(text);
}

}  // namespace duikou::tabular
