// Any bytes must give an error with a reason or a table; what is written of that table must read back as the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/tabular/csv.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const auto sheet = duikou::tabular::ReadCsv({reinterpret_cast<const char*>(bytes), size});
  if (!sheet.ok()) {
    Require(!duikou::ReasonOf(sheet.status()).empty());
    return 0;
  }
  for (const auto& row : sheet->rows) Require(row.empty() || !row.back().empty());
  const auto again = duikou::tabular::ReadCsv(duikou::tabular::WriteCsv(sheet->rows));
  // A table without a visible character cannot be told from an empty document.
  Require(again.ok() ? again->rows == sheet->rows : duikou::ReasonOf(again.status()) == "DOCUMENT_EMPTY");
  return 0;
}
