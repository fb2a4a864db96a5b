#include "common/tabular/read_table.h"

#include "common/tabular/csv.h"
#include "common/tabular/xlsx_reader.h"

namespace duikou::tabular {

absl::StatusOr<Sheet> ReadTable(std::string_view bytes) {
  if (bytes.substr(0, 4) == "PK\x03\x04") return ReadXlsx(bytes);
  if (bytes.substr(0, 4) == "\xD0\xCF\x11\xE0") {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     {.reason = "WORKBOOK_TOO_OLD",
                      .text = {"文件是旧版 .xls,或设有密码:请另存为不加密的 .xlsx。",
                               "The file is an old .xls or has a password: save it as .xlsx without one."}});
  }
  return ReadCsv(bytes);
}

}  // namespace duikou::tabular
