#include "services/personnel/bad_cells.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/tabular/sheet.h"

namespace duikou::personnel {
namespace {

// An error is told in headers, of which callers take 8 KiB: in one language, as text if need be, with what is around.
constexpr size_t kMaxToldBytes = 4000;

}  // namespace

BadCell BadAt(size_t row, size_t column, const Text& heading, std::string reason, const Text& text) {
  BadCell bad;
  bad.set_cell(tabular::CellName(row, column));
  bad.set_column(heading.zh);
  bad.set_reason(std::move(reason));
  bad.set_message(text.zh);
  bad.set_message_en(text.en);
  return bad;
}

BadCell BadAt(size_t row, size_t column, const Text& heading, const absl::Status& status) {
  const ErrorFacts facts = FactsOf(status);
  return BadAt(row, column, heading, facts.reason,
               facts.violations.empty() ? facts.text : facts.violations[0].description);
}

absl::Status RowsBad(const google::protobuf::RepeatedPtrField<BadCell>& cells) {
  ErrorFacts facts{.reason = "ROWS_BAD",
                   .text = {absl::StrCat(cells.size(), " 个单元格有误,未导入任何内容。"),
                            absl::StrCat(cells.size(), " cells are bad, so nothing was imported.")}};
  size_t told = 0;
  for (const BadCell& bad : cells) {
    told += bad.cell().size() + std::max(bad.message().size(), bad.message_en().size()) + 10;
    if (told > kMaxToldBytes) break;
    facts.violations.push_back({bad.cell(), {bad.message(), bad.message_en()}});
  }
  return MakeError(absl::StatusCode::kInvalidArgument, std::move(facts));
}

}  // namespace duikou::personnel
