#include "services/taskregistry/holidays_flow.h"

#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/base/workday.h"
#include "common/store/change_each.h"
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

}  // namespace

follow::Follower::Effect HolidaysChanged(const duikou::log::v1::Change& change) {
  follow::Follower::Effect keep = workdays::KeepHolidays(change);
  if (keep == nullptr) return nullptr;
  int64_t year = 0;
  (void)absl::SimpleAtoi(change.name().substr(change.name().rfind('/') + 1), &year);
  return [keep = std::move(keep), code = std::string(schema::CityOf(change.name())), year](
             Txn& txn, store::Portion& portion) -> absl::Status {
    RETURN_IF_ERROR(keep(txn, portion));
    const std::string city = "cities/" + code;
    ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(txn, code));
    ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(txn, city));
    RETURN_IF_ERROR(store::ChangeEach<Task>(
        txn, portion, {.parent = city, .filter = kUnanswered}, [&](Task& task) -> absl::StatusOr<bool> {
          return rules::MoveAcknowledgeDue(task, calendar, settings.acknowledge_workdays(), year, DayOf(txn.now()));
        }));
    return store::ChangeEach<ProgressReport>(txn, portion, {.parent = city, .filter = "tentative = true"},
                                             [&](ProgressReport& report) -> absl::StatusOr<bool> {
                                               ASSIGN_OR_RETURN(const Task task, txn.Get<Task>(report.task()));
                                               return rules::MoveReportDue(task, report, calendar,
                                                                           settings.report_workdays());
                                             });
  };
}

}  // namespace duikou::taskregistry
