#include "services/taskregistry/reports.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "common/store/find_stored.h"
#include "common/workdays/holiday_years.h"
#include "services/taskregistry/rules/owed_reports.h"
#include "services/taskregistry/rules/reporting.h"
#include "services/taskregistry/rules/task_fields.h"
#include "services/taskregistry/rules/task_state.h"
#include "services/taskregistry/settings.h"
#include "services/taskregistry/tasks.h"

namespace duikou::taskregistry {
namespace {

using v1::ProgressReport;
using v1::Task;

// Counts anew what the report's unit owes, with the report as it is about to be stored.
absl::Status CountAfter(Txn& txn, Task& task, const ProgressReport& report) {
  ASSIGN_OR_RETURN(
      std::vector<ProgressReport> reports,
      txn.ListAll<ProgressReport>({.parent = task.name(), .where = {{"unit", store::Value(report.unit())}}}));
  std::erase_if(reports, [&](const ProgressReport& other) { return other.name() == report.name(); });
  reports.push_back(report);
  rules::CountOwed(task, report.unit(), reports);
  return absl::OkStatus();
}

absl::Status StoreIfChanged(Txn& txn, const Task& before, Task task) {
  if (before.SerializeAsString() == task.SerializeAsString()) return absl::OkStatus();
  return txn.Update(std::move(task)).status();
}

absl::StatusOr<ProgressReport> Decide(Txn& txn, const Caller& caller, const std::string& name, const std::string& etag,
                                      bool accept, const std::string& comment) {
  ASSIGN_OR_RETURN(ProgressReport report, txn.Get<ProgressReport>(name));
  ASSIGN_OR_RETURN(const Task before, txn.Get<Task>(report.task()));
  RETURN_IF_ERROR(rules::Decide(report, accept, comment, caller, txn.now()));
  RETURN_IF_ERROR(rules::CheckAllowed(before, rules::Action::kDecideReport));
  txn.Note(comment);
  ASSIGN_OR_RETURN(report, txn.Update(std::move(report), etag));
  Task task = before;
  RETURN_IF_ERROR(CountAfter(txn, task, report));
  // The first lead's accepted report is what the task has reached, unless milestones say it.
  if (accept && report.unit() == rules::FirstLead(task)) task.set_percent(rules::PercentOf(task, report.percent()));
  RETURN_IF_ERROR(StoreIfChanged(txn, before, std::move(task)));
  return report;
}

}  // namespace

absl::Status OnCreateReport(Txn& txn, const Caller& caller, ProgressReport& report) {
  ASSIGN_OR_RETURN(const Task task, txn.Get<Task>(TaskAbove(report.name())));
  const std::string city(schema::CityOf(task.name()));
  ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(txn, city));
  ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(txn, "cities/" + city));
  RETURN_IF_ERROR(rules::Submit(task, report, caller, calendar, settings.report_workdays(), DayOf(txn.now())));
  ASSIGN_OR_RETURN(const auto same, txn.List<ProgressReport>({.parent = task.name(),
                                                              .page_size = 1,
                                                              .where = {{"unit", store::Value(report.unit())},
                                                                        {"period", store::Value(report.period())}}}));
  if (same.items.empty()) {
    Task counted = task;
    RETURN_IF_ERROR(CountAfter(txn, counted, report));
    return StoreIfChanged(txn, task, std::move(counted));
  }
  return MakeError(
      absl::StatusCode::kAlreadyExists,
      {.reason = "REPORT_EXISTS",
       .text = {absl::StrCat("本单位 ", report.period(), " 的进展已报送(", same.items[0].name(), "),请修改该报告。"),
                absl::StrCat("Your unit has reported on ", report.period(), " already (", same.items[0].name(),
                             "): correct that report.")},
       .metadata = {{"report", same.items[0].name()}}});
}

absl::Status OnUpdateReport(Txn& txn, const Caller& caller, const ProgressReport& before, ProgressReport& after) {
  ASSIGN_OR_RETURN(const Task task, txn.Get<Task>(after.task()));
  RETURN_IF_ERROR(rules::Revise(task, before, after, caller));
  Task counted = task;
  RETURN_IF_ERROR(CountAfter(txn, counted, after));
  return StoreIfChanged(txn, task, std::move(counted));
}

absl::Status PassReportsOn(Txn& txn, const Task& task, const std::string& unit) {
  if (unit.empty() || unit == rules::FirstLead(task)) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      std::vector<ProgressReport> reports,
      txn.ListAll<ProgressReport>(
          {.parent = task.name(),
           .where = {{"recipient", store::Value(unit)}, {"state", store::Value(int64_t{ProgressReport::SUBMITTED})}}}));
  for (ProgressReport& report : reports) {
    report.set_recipient(rules::RecipientOf(task, report.unit()));
    RETURN_IF_ERROR(txn.Update(std::move(report)).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<int> ReportedPercent(const View& view, const Task& task) {
  ASSIGN_OR_RETURN(
      const std::vector<ProgressReport> reports,
      view.ListAll<ProgressReport>({.parent = task.name(),
                                    .where = {{"unit", store::Value(rules::FirstLead(task))},
                                              {"state", store::Value(int64_t{ProgressReport::ACCEPTED})}}}));
  const auto last = std::max_element(reports.begin(), reports.end(), [](const auto& a, const auto& b) {
    return a.decide_time().seconds() < b.decide_time().seconds();
  });
  return last == reports.end() ? 0 : last->percent();
}

absl::Status RecountOwed(const View& view, Task& task) {
  // Whoever asks, as of a sub-task that is resumed with its parent.
  ASSIGN_OR_RETURN(const std::vector<ProgressReport> reports,
                   WholeView(view)->ListAll<ProgressReport>({.parent = task.name()}));
  rules::CountOwed(task, "", reports);
  return absl::OkStatus();
}

absl::StatusOr<ProgressReport> AcceptProgressReport(Txn& txn, const Caller& caller,
                                                    const v1::AcceptProgressReportRequest& request) {
  return Decide(txn, caller, request.name(), request.etag(), true, request.comment());
}

absl::StatusOr<ProgressReport> ReturnProgressReport(Txn& txn, const Caller& caller,
                                                    const v1::ReturnProgressReportRequest& request) {
  return Decide(txn, caller, request.name(), request.etag(), false, request.reason());
}

}  // namespace duikou::taskregistry
