#include "services/taskregistry/ledger_flow.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "common/rpc/status_details.h"
#include "common/tabular/read_table.h"
#include "common/tabular/write_table.h"
#include "services/taskregistry/ledger_import.h"
#include "services/taskregistry/titles_flow.h"

namespace duikou::taskregistry {
namespace {

constexpr size_t kMaxContent = 3'500'000;  // What fits into an answer.
constexpr size_t kMaxToldCells = 100;

// A ledger is one city's: its title, its lights and its holidays are.
absl::Status CheckOneCity(const std::string& parent) {
  const std::string city(schema::CityOf(parent));
  if (!city.empty() && city != "-" && parent == "cities/" + city) return absl::OkStatus();
  return BadField("parent", {"应为一个城市,如 cities/210800。", "must be one city, like cities/210800."});
}

std::string NameOf(const BadLedgerCell& cell) { return tabular::CellName(cell.row, cell.place); }

std::string HeadingOf(const BadLedgerCell& cell, Locale locale) {
  const Text heading = rules::HeadingOf(cell.column);
  return locale == Locale::kEn ? heading.en : heading.zh;
}

// What a status says, in full: the first bad field's description, else its text.
Text TextOf(const absl::Status& status) {
  const ErrorFacts facts = FactsOf(status);
  return facts.violations.empty() ? facts.text : facts.violations[0].description;
}

// Reading order: people look from top to bottom, and the checks are made in another order.
void SortCells(std::vector<BadLedgerCell>& cells) {
  std::stable_sort(cells.begin(), cells.end(), [](const BadLedgerCell& a, const BadLedgerCell& b) {
    return std::tuple(a.row, a.place) < std::tuple(b.row, b.place);
  });
}

// All bad cells at once, as many as people can use.
absl::Status RowsBad(const std::vector<BadLedgerCell>& cells) {
  FieldViolations violations;
  for (size_t i = 0; i < std::min(cells.size(), kMaxToldCells); ++i)
    violations.Add(NameOf(cells[i]), TextOf(cells[i].status));
  return violations.ToStatus("LEDGER_ROWS_BAD");
}

void Tell(std::vector<BadLedgerCell>& cells, Locale locale, v1::ImportLedgerResponse& response) {
  SortCells(cells);
  for (const BadLedgerCell& cell : cells) {
    v1::ImportLedgerResponse::BadCell* told = response.add_bad_cells();
    told->set_cell(NameOf(cell));
    told->set_column(HeadingOf(cell, locale));
    *told->mutable_status() = rpc::ToRpcStatus(cell.status, locale, "");
    const Text text = TextOf(cell.status);
    told->mutable_status()->set_message(locale == Locale::kEn ? text.en : text.zh);
  }
}

// Drops the edited rows that are as the store has them, and finds most bad cells, without stalling the writer.
absl::Status Sift(const View& view, const LedgerImport& import, LedgerFile& file) {
  std::vector<LedgerFileRow> changed;
  for (LedgerFileRow& row : file.edited) {
    const size_t bad_before = file.bad_cells.size();
    ASSIGN_OR_RETURN(const auto change, CompareLedgerRow(view, import, row, file.bad_cells));
    if (change) {
      changed.push_back(std::move(row));
    } else if (file.bad_cells.size() == bad_before) {
      ++file.unchanged;
    }
  }
  file.edited = std::move(changed);
  return absl::OkStatus();
}

// Compares again, as the store may have changed, and stores.
absl::StatusOr<v1::ImportLedgerResponse> Take(Txn& txn, const Caller& caller, const v1::ImportLedgerRequest& request,
                                              const LedgerImport& import, const LedgerFile& file) {
  v1::ImportLedgerResponse response;
  response.set_unchanged(file.unchanged);
  std::vector<BadLedgerCell> bad_cells = file.bad_cells;
  for (const LedgerFileRow& row : file.edited) {
    ASSIGN_OR_RETURN(const auto change, CompareLedgerRow(txn, import, row, bad_cells));
    if (!change) continue;
    auto stored = StoreLedgerChange(txn, caller, *change);
    if (stored.ok()) {
      *response.add_changes() = *std::move(stored);
      continue;
    }
    // A status without a reason is no rule's word but a failure of the store.
    if (ReasonOf(stored.status()).empty()) return stored.status();
    const auto place = row.places[static_cast<size_t>(change->columns[0])];
    bad_cells.push_back({row.row, place.value_or(0), change->columns[0], stored.status()});
  }
  const bool whole_or_nothing = !request.only_good_rows() && !request.validate_only();
  if (whole_or_nothing && !bad_cells.empty()) {
    SortCells(bad_cells);
    return RowsBad(bad_cells);
  }
  Tell(bad_cells, caller.locale, response);
  return response;
}

}  // namespace

absl::StatusOr<v1::ExportLedgerResponse> ExportLedger(rpc::Context& context, const Caller& caller,
                                                      const v1::ExportLedgerRequest& request) {
  RETURN_IF_ERROR(CheckOneCity(request.parent()));
  const std::string unit = LedgerUnit(caller, request.unit());
  std::vector<LedgerLine> lines;
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(lines, ReadLedger(view, request, unit));
    return absl::OkStatus();
  }));
  v1::ExportLedgerResponse response;
  const std::string city = TitleOf(context, request.parent());
  response.set_title(caller.locale == Locale::kEn ? absl::StrCat(city, ": ledger of cooperation tasks")
                                                  : absl::StrCat(city, "对口合作任务督办台账"));
  const tabular::Table table =
      MakeLedger(lines, response.title(), TitleOf(context, unit), DayOf(context.now()), caller.locale);
  ASSIGN_OR_RETURN(*response.mutable_content(), tabular::WriteTable(table, request.format() == v1::CSV));
  if (response.content().size() > kMaxContent) {
    return MakeError(absl::StatusCode::kResourceExhausted,
                     {.reason = "LEDGER_TOO_LARGE",
                      .text = {"台账文件过大,请按方案或条件分别导出。",
                               "The ledger is too large for one file: export by plan or filter."}});
  }
  response.set_rows(static_cast<int>(lines.size()));
  return response;
}

absl::StatusOr<v1::ImportLedgerResponse> ImportLedger(rpc::Context& context, const Caller& caller,
                                                      const v1::ImportLedgerRequest& request) {
  ASSIGN_OR_RETURN(const tabular::Sheet sheet, tabular::ReadTable(request.content()));
  ASSIGN_OR_RETURN(LedgerFile file, ReadLedgerFile(sheet));
  LedgerImport import{.city = request.parent(), .unit = LedgerUnit(caller, request.unit()), .period = request.period()};
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(import.lights, LightBasisOf(view, std::string(schema::CityOf(import.city))));
    return Sift(view, import, file);
  }));
  return context.Commit<v1::ImportLedgerResponse>([&](Txn& txn) { return Take(txn, caller, request, import, file); });
}

}  // namespace duikou::taskregistry
