#include "services/taskregistry/holidays_flow.h"

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "common/base/workday.h"
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

// Page by page: a list with a limit that some city exceeds would stop the follower at this year for good.
template <class T>
absl::Status ForEach(Txn& txn, const std::string& city, const char* filter,
                     absl::FunctionRef<absl::StatusOr<bool>(T&)> move) {
  store::ListQuery query{.parent = city, .filter = filter, .page_size = store::kMaxPageSize};
  do {
    ASSIGN_OR_RETURN(auto page, txn.List<T>(query));
    for (T& record : page.items) {
      ASSIGN_OR_RETURN(const bool moved, move(record));
      if (moved) RETURN_IF_ERROR(txn.Update(std::move(record)).status());
    }
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  return absl::OkStatus();
}

}  // namespace

follow::Follower::Effect HolidaysChanged(const duikou::log::v1::Change& change) {
  follow::Follower::Effect keep = workdays::KeepHolidays(change);
  if (keep == nullptr) return nullptr;
  int64_t year = 0;
  (void)absl::SimpleAtoi(change.name().substr(change.name().rfind('/') + 1), &year);
  return [keep = std::move(keep), code = std::string(schema::CityOf(change.name())), year](Txn& txn) -> absl::Status {
    RETURN_IF_ERROR(keep(txn));
    const std::string city = "cities/" + code;
    ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(txn, code));
    ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(txn, city));
    RETURN_IF_ERROR(ForEach<Task>(txn, city, kUnanswered, [&](Task& task) -> absl::StatusOr<bool> {
      return rules::MoveAcknowledgeDue(task, calendar, settings.acknowledge_workdays(), year, DayOf(txn.now()));
    }));
    return ForEach<ProgressReport>(txn, city, "tentative = true", [&](ProgressReport& report) -> absl::StatusOr<bool> {
      ASSIGN_OR_RETURN(const Task task, txn.Get<Task>(report.task()));
      return rules::MoveReportDue(task, report, calendar, settings.report_workdays());
    });
  };
}

}  // namespace duikou::taskregistry
