#include "services/taskregistry/holidays_flow.h"

#include <string>
#include <utility>
#include <vector>

#include "common/workdays/holiday_years.h"
#include "common/workdays/keep_holidays.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "services/taskregistry/rules/due_days.h"
#include "services/taskregistry/settings.h"

namespace duikou::taskregistry {
namespace {

using v1::ProgressReport;
using v1::Task;

constexpr char kUnanswered[] =
    "state != CLOSED AND state != CANCELLED AND (duties.state = AWAITING OR duties.state = AWAITING_CITY OR "
    "duties.state = TAKEN_ON OR duties.state = DECLINE_REQUESTED)";

absl::Status MoveAcknowledgements(Txn& txn, const std::string& city, const WorkdayCalendar& calendar, int workdays) {
  ASSIGN_OR_RETURN(std::vector<Task> tasks, txn.ListAll<Task>({.parent = city, .filter = kUnanswered}));
  for (Task& task : tasks) {
    if (!rules::MoveAcknowledgeDue(task, calendar, workdays)) continue;
    RETURN_IF_ERROR(txn.Update(std::move(task)).status());
  }
  return absl::OkStatus();
}

absl::Status MoveReports(Txn& txn, const std::string& city, const WorkdayCalendar& calendar, int workdays) {
  ASSIGN_OR_RETURN(std::vector<ProgressReport> reports,
                   txn.ListAll<ProgressReport>({.parent = city, .filter = "tentative = true"}));
  for (ProgressReport& report : reports) {
    ASSIGN_OR_RETURN(const Task task, txn.Get<Task>(report.task()));
    if (!rules::MoveReportDue(task, report, calendar, workdays)) continue;
    RETURN_IF_ERROR(txn.Update(std::move(report)).status());
  }
  return absl::OkStatus();
}

}  // namespace

follow::Follower::Effect HolidaysChanged(const duikou::log::v1::Change& change) {
  follow::Follower::Effect keep = workdays::KeepHolidays(change);
  if (keep == nullptr) return nullptr;
  return [keep = std::move(keep), code = std::string(schema::CityOf(change.name()))](Txn& txn) -> absl::Status {
    RETURN_IF_ERROR(keep(txn));
    const std::string city = "cities/" + code;
    ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(txn, code));
    ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(txn, city));
    RETURN_IF_ERROR(MoveAcknowledgements(txn, city, calendar, settings.acknowledge_workdays()));
    return MoveReports(txn, city, calendar, settings.report_workdays());
  };
}

}  // namespace duikou::taskregistry
