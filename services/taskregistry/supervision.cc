#include "services/taskregistry/supervision.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/workdays/holiday_years.h"
#include "duikou/taskregistry/v1/supervision.pb.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/supervision.h"
#include "services/taskregistry/settings.h"

namespace duikou::taskregistry {
namespace {

using v1::Bulletin;
using v1::SuperviseTasksResponse;
using v1::SupervisionOrder;
using v1::Task;

// Some 10 ms where most tasks need nothing.
constexpr int kBatch = 200;
constexpr char kUnderWay[] = "state = ISSUED OR state = IN_PROGRESS OR state = COMPLETION_REPORTED";
constexpr char kOpenOrder[] = "state = DRAFT OR state = ISSUED OR state = REPLIED";

absl::StatusOr<bool> Exists(const Txn& txn, const schema::ResourceType& type, const std::string& name) {
  int64_t version = 0;
  ASSIGN_OR_RETURN(const auto record, txn.LoadUnchecked(type, name, &version));
  return record != nullptr;
}

void Tell(const Task& task, const rules::SupervisionActs& acts, SuperviseTasksResponse& report) {
  const auto add = [&](const std::string& unit_title) -> SuperviseTasksResponse::Act* {
    SuperviseTasksResponse::Act* act = report.add_acts();
    act->set_task(task.name());
    act->set_number(task.number());
    act->set_title(task.title());
    act->set_unit_title(unit_title);
    return act;
  };
  for (const v1::Reminder& reminder : acts.reminders) {
    SuperviseTasksResponse::Act* act = add(reminder.unit_title());
    act->set_kind(reminder.kind());
    act->set_tier(reminder.tier());
    act->set_reason(reminder.reason());
    act->set_reason_en(reminder.reason_en());
  }
  if (acts.order) add(acts.order->unit_title())->set_reason(acts.order->basis());
  report.set_reminders(report.reminders() + static_cast<int>(acts.reminders.size()));
  report.set_orders(report.orders() + (acts.order ? 1 : 0));
}

// One task: what is due is stored, and what was not already there is told.
absl::Status Supervise(Txn& txn, Task task, const rules::LightFound& light, const rules::SupervisionDay& day,
                       SuperviseTasksResponse& report) {
  rules::SupervisionActs acts = rules::Supervise(task, light, day);
  if (!acts.changed) return absl::OkStatus();
  std::vector<v1::Reminder> fresh;
  for (v1::Reminder& reminder : acts.reminders) {
    // A spell that ended and began again within its first day has been reminded of.
    ASSIGN_OR_RETURN(const bool told, Exists(txn, txn.TypeOf<v1::Reminder>(), reminder.name()));
    if (!told) fresh.push_back(std::move(reminder));
  }
  acts.reminders = std::move(fresh);
  if (acts.order) {
    ASSIGN_OR_RETURN(const auto open,
                     txn.List<SupervisionOrder>({.parent = task.name(), .filter = kOpenOrder, .page_size = 1}));
    ASSIGN_OR_RETURN(const bool drafted, Exists(txn, txn.TypeOf<SupervisionOrder>(), acts.order->name()));
    if (drafted || !open.items.empty()) acts.order.reset();
  }
  for (const v1::Reminder& reminder : acts.reminders) RETURN_IF_ERROR(txn.Insert(reminder).status());
  if (acts.order) RETURN_IF_ERROR(txn.Insert(*acts.order).status());
  Tell(task, acts, report);
  return txn.Update(std::move(task)).status();
}

// The bulletin of the day, unless it has been drafted.
absl::Status DraftBulletin(Txn& txn, const std::string& city, absl::CivilDay day, Bulletin bulletin,
                           SuperviseTasksResponse& report) {
  rules::Draft(bulletin, city, day);
  ASSIGN_OR_RETURN(const bool drafted, Exists(txn, txn.TypeOf<Bulletin>(), bulletin.name()));
  if (drafted) return absl::OkStatus();
  ASSIGN_OR_RETURN(*report.mutable_bulletin(), txn.Insert(std::move(bulletin)));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<schedule::Batch> SuperviseBatch(Txn& txn, const std::string& city, absl::CivilDay day,
                                               const std::string& cursor) {
  v1::SupervisionCursor place;
  if (!place.ParseFromString(cursor)) return InternalError("a cursor of supervision cannot be read");
  ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(txn, city));
  ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(txn, "cities/" + city));
  const WorkdayIndex workdays(calendar);
  const rules::LightLimits limits = rules::LimitsOf(settings);
  const rules::SupervisionDay today{.day = day, .workdays = workdays, .limits = limits};
  ASSIGN_OR_RETURN(
      store::Page<Task> page,
      txn.List<Task>(
          {.parent = "cities/" + city, .filter = kUnderWay, .page_size = kBatch, .page_token = place.task()}));
  SuperviseTasksResponse report;
  report.set_tasks(static_cast<int>(page.items.size()));
  for (Task& task : page.items) {
    const rules::LightFound light =
        rules::LightOf(rules::LightFactsOf(task, workdays), limits, workdays, DayNumber(day));
    rules::Count(*place.mutable_counts(), task, light);
    RETURN_IF_ERROR(Supervise(txn, std::move(task), light, today, report));
  }
  schedule::Batch batch;
  if (page.next_page_token.empty()) {
    if (rules::IsBulletinDay(workdays, day))
      RETURN_IF_ERROR(DraftBulletin(txn, city, day, std::move(*place.mutable_counts()), report));
  } else {
    place.set_task(page.next_page_token);
    batch.cursor = place.SerializeAsString();
  }
  batch.report = report.SerializeAsString();
  return batch;
}

}  // namespace duikou::taskregistry
