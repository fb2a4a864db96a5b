#include "services/taskregistry/ledger_import.h"

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "common/schema/field_limits.h"
#include "common/tabular/table_columns.h"
#include "services/taskregistry/reports.h"
#include "services/taskregistry/rules/reporting.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry {
namespace {

using rules::LedgerColumn;
using v1::ProgressReport;
using v1::Task;

constexpr LedgerColumn kFixed[] = {LedgerColumn::kTask, LedgerColumn::kLead, LedgerColumn::kResponsible,
                                   LedgerColumn::kDue};
constexpr LedgerColumn kReported[] = {LedgerColumn::kProgress, LedgerColumn::kProblems, LedgerColumn::kNext};

// The hidden cell of a row taken apart; empty when the file has none.
struct Version {
  std::string light, digest;
};

Version VersionOf(const std::string& cell) {
  const size_t colon = cell.rfind(':');
  if (colon == std::string::npos) return {};
  return {cell.substr(0, colon), cell.substr(colon + 1)};
}

std::string DigestOf(const rules::LedgerRow& row) { return VersionOf(LedgerVersion(row)).digest; }

bool IsEmpty(const LedgerFileRow& row) {
  for (size_t c = 1; c < rules::kLedgerColumns; ++c) {
    if (!row.row_cells.cells[c].empty()) return false;
  }
  return true;
}

bool IsUntouched(const LedgerFileRow& row) {
  const Version version = VersionOf(row.row_cells[LedgerColumn::kVersion]);
  return !version.digest.empty() && version.digest == DigestOf(row.row_cells) &&
         (!row.Has(LedgerColumn::kLight) || row.row_cells[LedgerColumn::kLight] == version.light);
}

BadLedgerCell BadAt(const LedgerFileRow& row, LedgerColumn column, absl::Status status) {
  // What is wrong with a column that the file does not have is shown at the number.
  const auto place = row.places[static_cast<size_t>(column)];
  return {.row = row.row,
          .place = place.value_or(row.places[static_cast<size_t>(LedgerColumn::kNumber)].value_or(0)),
          .column = place ? column : LedgerColumn::kNumber,
          .status = std::move(status)};
}

absl::Status NumberTwice(const std::string& number, size_t first_row) {
  return BadField("number",
                  {absl::StrCat("编号 ", number, " 在第 ", first_row + 1, " 行已出现,请保留一行。"),
                   absl::StrCat(number, " stands in row ", first_row + 1, " already: keep one of them.")},
                  "LEDGER_NUMBER_TWICE");
}

absl::Status NumberUnknown(const std::string& number) {
  return BadField("number",
                  {number.empty() ? "缺少编号:请从新导出的台账中复制,不要在台账中新增任务。"
                                  : absl::StrCat("没有编号为“", number, "”的任务,或您无权查看。"),
                   number.empty() ? "has no number: copy it from a fresh ledger, and do not add tasks here."
                                  : absl::StrCat("there is no task \"", number, "\", or you may not see it.")},
                  "LEDGER_NUMBER_UNKNOWN");
}

absl::Status RowStale() {
  return MakeError(
      absl::StatusCode::kAborted,
      {.reason = "LEDGER_ROW_STALE",
       .text = {"导出之后该任务已有变化:请重新导出台账,在新台账上修改本行。",
                "The task has changed since this ledger was exported: export it again and change this row there."}});
}

absl::Status OtherUnitsReport(const std::string& unit) {
  return PermissionDenied(
      "NO_DUTY", {"进展只能由承办单位自己报送:请以本单位的台账填报。",
                  absl::StrCat("Only the unit itself (", unit, ") reports its progress: use your own unit's ledger.")});
}

// The period that is reported on: the one asked for, else that of today; for a task with stages the next milestone.
std::string PeriodFor(const Task& task, const LedgerImport& import, absl::CivilDay today) {
  if (!import.period.empty()) return import.period;
  if (task.report_frequency() != Task::STAGE) return rules::PeriodOf(task.report_frequency(), today);
  for (const Task::Milestone& milestone : task.milestones()) {
    if (!milestone.done()) return milestone.id();
  }
  return task.milestones().empty() ? "" : task.milestones().rbegin()->id();
}

// Fixed columns that are not as they are now.
void CheckFixed(const LedgerFileRow& row, const rules::LedgerRow& now, std::vector<BadLedgerCell>& bad_cells) {
  const Version version = VersionOf(row.row_cells[LedgerColumn::kVersion]);
  const std::string& light = version.digest.empty() ? now[LedgerColumn::kLight] : version.light;
  if (row.Has(LedgerColumn::kLight) && row.row_cells[LedgerColumn::kLight] != light)
    bad_cells.push_back(BadAt(row, LedgerColumn::kLight, rules::CheckChangeable(LedgerColumn::kLight)));
  for (const LedgerColumn column : kFixed) {
    if (row.Has(column) && row.row_cells[column] != now[column])
      bad_cells.push_back(BadAt(row, column, rules::CheckChangeable(column)));
  }
}

absl::StatusOr<std::optional<ProgressReport>> FindReport(const View& view, const LedgerChange& change,
                                                         const std::string& unit) {
  ASSIGN_OR_RETURN(auto same, view.List<ProgressReport>(
                                  {.parent = change.task,
                                   .page_size = 1,
                                   .where = {{"unit", store::Value(unit)}, {"period", store::Value(change.period)}}}));
  if (same.items.empty()) return std::nullopt;
  return std::move(same.items[0]);
}

void Fill(const LedgerChange& change, ProgressReport& report) {
  report.set_percent(change.progress.percent);
  report.set_done(change.progress.done);
  report.set_problems(change.problems);
  report.set_next(change.next);
}

absl::Status CheckLimits(const ProgressReport& report) {
  FieldViolations violations;
  schema::CheckLimits(report, "report", schema::RequiredFields::kCheck, violations);
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<LedgerFile> ReadLedgerFile(const tabular::Sheet& sheet) {
  std::vector<tabular::Heading> headings;
  for (size_t c = 0; c < rules::kLedgerColumns; ++c) {
    const auto column = static_cast<LedgerColumn>(c);
    headings.push_back({rules::HeadingOf(column), column == LedgerColumn::kNumber});
  }
  ASSIGN_OR_RETURN(const tabular::TableColumns columns, tabular::TableColumns::Find(sheet, headings));
  LedgerFile file;
  std::map<std::string, size_t> rows_by_number;
  for (size_t r = columns.first_row(); r < sheet.rows.size(); ++r) {
    LedgerFileRow row{.row = r};
    for (size_t c = 0; c < rules::kLedgerColumns; ++c) {
      row.row_cells.cells[c] = columns.Text(sheet, r, c);
      row.places[c] = columns.at(c);
    }
    row.row_cells[LedgerColumn::kDue] = rules::DueText(row.row_cells[LedgerColumn::kDue]);
    if (IsEmpty(row)) continue;
    const std::string& number = row.row_cells[LedgerColumn::kNumber];
    const auto [first, is_new] = rows_by_number.try_emplace(number, r);
    if (number.empty()) {
      file.bad_cells.push_back(BadAt(row, LedgerColumn::kNumber, NumberUnknown(number)));
    } else if (!is_new) {
      file.bad_cells.push_back(BadAt(row, LedgerColumn::kNumber, NumberTwice(number, first->second)));
    } else if (IsUntouched(row)) {
      ++file.unchanged;
    } else {
      file.edited.push_back(std::move(row));
    }
  }
  return file;
}

absl::StatusOr<std::optional<LedgerChange>> CompareLedgerRow(const View& view, const LedgerImport& import,
                                                             const LedgerFileRow& row,
                                                             std::vector<BadLedgerCell>& bad_cells) {
  const std::string& number = row.row_cells[LedgerColumn::kNumber];
  auto task = view.Get<Task>(absl::StrCat(import.city, "/tasks/", number));
  if (absl::IsNotFound(task.status())) {
    bad_cells.push_back(BadAt(row, LedgerColumn::kNumber, NumberUnknown(number)));
    return std::nullopt;
  }
  RETURN_IF_ERROR(task.status());
  ASSIGN_OR_RETURN(const LedgerLine now, ReadLedgerLine(view, *std::move(task), import.unit, import.lights));
  const Version version = VersionOf(row.row_cells[LedgerColumn::kVersion]);
  if (!version.digest.empty() && version.digest != DigestOf(now.row)) {
    bad_cells.push_back(BadAt(row, LedgerColumn::kNumber, RowStale()));
    return std::nullopt;
  }
  const size_t bad_before = bad_cells.size();
  CheckFixed(row, now.row, bad_cells);
  LedgerChange change{.row = &row, .task = now.task.name(), .number = number};
  for (const LedgerColumn column : kReported) {
    if (row.Has(column) && row.row_cells[column] != now.row[column]) change.columns.push_back(column);
  }
  if (change.columns.empty()) return std::nullopt;
  const auto cell = [&](LedgerColumn column) { return row.Has(column) ? row.row_cells[column] : now.row[column]; };
  auto progress = rules::ParseProgress(cell(LedgerColumn::kProgress));
  const std::string unit = import.unit.empty() ? rules::FirstLead(now.task) : import.unit;
  if (unit != view.caller().unit) {
    bad_cells.push_back(BadAt(row, change.columns[0], OtherUnitsReport(unit)));
  } else if (!progress.ok()) {
    bad_cells.push_back(BadAt(row, LedgerColumn::kProgress, progress.status()));
  }
  if (bad_cells.size() > bad_before) return std::nullopt;
  change.progress = *std::move(progress);
  change.problems = cell(LedgerColumn::kProblems);
  change.next = cell(LedgerColumn::kNext);
  change.period = PeriodFor(now.task, import, DayOf(view.now()));
  return change;
}

absl::StatusOr<v1::ImportLedgerResponse::Change> StoreLedgerChange(Txn& txn, const Caller& caller,
                                                                   const LedgerChange& change) {
  ASSIGN_OR_RETURN(const std::optional<ProgressReport> before, FindReport(txn, change, caller.unit));
  ProgressReport report = before.value_or(ProgressReport());
  Fill(change, report);
  report.set_period(change.period);
  RETURN_IF_ERROR(CheckLimits(report));
  if (before) {
    RETURN_IF_ERROR(OnUpdateReport(txn, caller, *before, report));
    ASSIGN_OR_RETURN(report, txn.Update(std::move(report)));
  } else {
    report.set_name(absl::StrCat(change.task, "/reports/", txn.NewId()));
    RETURN_IF_ERROR(OnCreateReport(txn, caller, report));
    ASSIGN_OR_RETURN(report, txn.Insert(std::move(report)));
  }
  v1::ImportLedgerResponse::Change stored;
  stored.set_row(static_cast<int>(change.row->row) + 1);
  stored.set_number(change.number);
  stored.set_task(change.task);
  stored.set_report(report.name());
  stored.set_period(change.period);
  stored.set_revised(before.has_value());
  for (const LedgerColumn column : change.columns)
    stored.add_cells(tabular::CellName(change.row->row, *change.row->places[static_cast<size_t>(column)]));
  return stored;
}

}  // namespace duikou::taskregistry
