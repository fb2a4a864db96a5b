#include "services/personnel/bad_cells.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/tabular/sheet.h"

namespace duikou::personnel {

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
  for (const BadCell& bad : cells) facts.violations.push_back({bad.cell(), {bad.message(), bad.message_en()}});
  return MakeError(absl::StatusCode::kInvalidArgument, std::move(facts));
}

}  // namespace duikou::personnel
