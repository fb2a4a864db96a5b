#include "services/taskregistry/pending.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/pending/item.h"
#include "common/store/change_log.h"
#include "common/workdays/holiday_years.h"
#include "duikou/taskregistry/v1/bulletin.pb.h"
#include "duikou/taskregistry/v1/extension_request.pb.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "duikou/taskregistry/v1/reminder.pb.h"
#include "duikou/taskregistry/v1/supervision_order.pb.h"
#include "duikou/taskregistry/v1/support_request.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/task_state.h"
#include "services/taskregistry/settings.h"

namespace duikou::taskregistry {
namespace {

using v1::Bulletin;
using v1::ExtensionRequest;
using v1::ProgressReport;
using v1::Reminder;
using v1::SupervisionOrder;
using v1::SupportRequest;
using v1::Task;
using Item = duikou::pending::v1::PendingItem;

// How a city counts the days of its tasks.
struct Days {
  WorkdayCalendar calendar;
  int report_workdays = 0;
};

class PendingWork {
 public:
  PendingWork(const View& view, const Caller& caller, std::string city)
      : view_(view), caller_(caller), city_(std::move(city)), today_(DayOf(view.now())) {}

  absl::StatusOr<std::vector<Item>> Gather() {
    const bool own_city = caller_.city == city_;
    if (!caller_.unit.empty()) {
      // Duties of other cities' tasks stand in the inbox of one's own city as well.
      std::vector<std::string> cities{city_};
      if (own_city) {
        ASSIGN_OR_RETURN(cities, store::ReadCities(view_.connection()));
      }
      for (const std::string& city : cities) RETURN_IF_ERROR(ForUnit(city));
      RETURN_IF_ERROR(ForSplitter());
      RETURN_IF_ERROR(Supports(caller_.unit));
    }
    const bool coordinates = own_city && caller_.Has(duikou::type::v1::COORDINATOR);
    if (coordinates) RETURN_IF_ERROR(ForCoordinator());
    if (coordinates || (own_city && caller_.Has(duikou::type::v1::SUPERVISOR))) {
      RETURN_IF_ERROR(Completions());
      RETURN_IF_ERROR(SupervisionOfCity());
    }
    return std::move(items_);
  }

 private:
  Item& Add(Item::Work work, const std::string& name, const Task& task, const std::string& unit) {
    Item& item = items_.emplace_back();
    item.set_work(work);
    item.set_name(name);
    item.set_subject(task.name());
    item.set_number(task.number());
    item.set_title(task.title());
    item.set_unit(unit);
    return item;
  }

  void SetDue(Item& item, const duikou::type::v1::Date& due) const { pending::SetDue(item, due, today_); }

  absl::StatusOr<const Days*> DaysOf(const std::string& city) {
    const auto [known, fresh] = days_.try_emplace(city);
    if (fresh) {
      ASSIGN_OR_RETURN(known->second.calendar, workdays::CalendarOf(view_, "cities/" + city));
      ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(view_, city));
      known->second.report_workdays = settings.report_workdays();
    }
    return &known->second;
  }

  absl::Status ForUnit(const std::string& city) {
    ASSIGN_OR_RETURN(
        const std::vector<Task> tasks,
        view_.ListAll<Task>({.parent = "cities/" + city,
                             .filter = "state = ISSUED OR state = IN_PROGRESS OR state = COMPLETION_REPORTED",
                             .where = {{"duties.unit", store::Value(caller_.unit)}}}));
    for (const Task& task : tasks) {
      for (const Task::Duty& duty : task.duties()) {
        if (duty.unit() != caller_.unit || duty.state() != Task::Duty::AWAITING) continue;
        SetDue(Add(Item::ACKNOWLEDGE, task.name(), task, caller_.unit), duty.acknowledge_due_date());
      }
      if (!rules::HasDuty(task, caller_.unit)) continue;
      if (rules::FirstLead(task) == caller_.unit)
        RETURN_IF_ERROR(Reports(task, "recipient", ProgressReport::SUBMITTED, Item::ACCEPT_REPORT));
      std::set<std::string> returned;
      RETURN_IF_ERROR(Reports(task, "unit", ProgressReport::RETURNED, Item::CORRECT_REPORT, &returned));
      if (task.state() != Task::COMPLETION_REPORTED) RETURN_IF_ERROR(ReportsDue(task, returned));
    }
    RETURN_IF_ERROR(Orders(city, SupervisionOrder::ISSUED, caller_.unit, Item::REPLY_ORDER));
    return Reminders(city, {{"unit", store::Value(caller_.unit)}}, /*escalations=*/false);
  }

  absl::Status SupervisionOfCity() {
    RETURN_IF_ERROR(Orders(city_, SupervisionOrder::DRAFT, "", Item::ISSUE_ORDER));
    RETURN_IF_ERROR(Orders(city_, SupervisionOrder::REPLIED, "", Item::DECIDE_REPLY));
    RETURN_IF_ERROR(Reminders(city_, {{"kind", store::Value(int64_t{Reminder::ESCALATION})}}, /*escalations=*/true));
    ASSIGN_OR_RETURN(const std::vector<Bulletin> drafts,
                     view_.ListAll<Bulletin>(
                         {.parent = "cities/" + city_, .where = {{"state", store::Value(int64_t{Bulletin::DRAFT})}}}));
    for (const Bulletin& bulletin : drafts) {
      Item& item = items_.emplace_back();
      item.set_work(Item::PUBLISH_BULLETIN);
      item.set_name(bulletin.name());
      item.set_subject(bulletin.name());
      item.set_title(bulletin.title());
    }
    return absl::OkStatus();
  }

  absl::Status Orders(const std::string& city, SupervisionOrder::State state, const std::string& unit,
                      Item::Work work) {
    store::ListQuery query{.parent = "cities/" + city, .where = {{"state", store::Value(int64_t{state})}}};
    if (!unit.empty()) query.where.emplace_back("unit", store::Value(unit));
    ASSIGN_OR_RETURN(const std::vector<SupervisionOrder> orders, view_.ListAll<SupervisionOrder>(std::move(query)));
    for (const SupervisionOrder& order : orders) {
      ASSIGN_OR_RETURN(const Task task, view_.Get<Task>(order.task()));
      Item& item = Add(work, order.name(), task, unit);
      item.set_detail(order.return_reason().empty() ? order.basis() : order.return_reason());
      if (order.has_deadline()) SetDue(item, order.deadline());
    }
    return absl::OkStatus();
  }

  // Unread ones: escalations are the city's to read, all others the unit's.
  absl::Status Reminders(const std::string& city, std::vector<std::pair<std::string, store::Value>> where,
                         bool escalations) {
    where.emplace_back("state", store::Value(int64_t{Reminder::UNREAD}));
    ASSIGN_OR_RETURN(const std::vector<Reminder> reminders,
                     view_.ListAll<Reminder>({.parent = "cities/" + city, .where = std::move(where)}));
    for (const Reminder& reminder : reminders) {
      if ((reminder.kind() == Reminder::ESCALATION) != escalations) continue;
      ASSIGN_OR_RETURN(const Task task, view_.Get<Task>(reminder.task()));
      Add(Item::READ_REMINDER, reminder.name(), task, reminder.unit())
          .set_detail(caller_.locale == Locale::kEn ? reminder.reason_en() : reminder.reason());
    }
    return absl::OkStatus();
  }

  // The report that each of the unit's duties has owed longest, once its period is over: it is owed from issue, whether
  // all leads have acknowledged or not. One that was returned waits to be corrected instead.
  absl::Status ReportsDue(const Task& task, const std::set<std::string>& returned) {
    for (const Task::Duty& duty : task.duties()) {
      if (duty.unit() != caller_.unit || duty.owed_period().empty() || returned.contains(duty.owed_period())) continue;
      const absl::CivilDay from = rules::ToCivil(duty.owed_from());
      if (from >= today_) continue;
      ASSIGN_OR_RETURN(const Days* days, DaysOf(rules::CityOf(task.name())));
      Item& item = Add(Item::REPORT_PROGRESS, task.name(), task, caller_.unit);
      SetDue(item, rules::ToDate(days->calendar.Add(from, days->report_workdays).day));
      item.set_detail(duty.owed_period());
    }
    return absl::OkStatus();
  }

  // Those of a task in a state; their periods into `periods`.
  absl::Status Reports(const Task& task, const std::string& whose, ProgressReport::State state, Item::Work work,
                       std::set<std::string>* periods = nullptr) {
    ASSIGN_OR_RETURN(const std::vector<ProgressReport> reports,
                     view_.ListAll<ProgressReport>(
                         {.parent = task.name(),
                          .where = {{whose, store::Value(caller_.unit)}, {"state", store::Value(int64_t{state})}}}));
    for (const ProgressReport& report : reports) {
      if (periods != nullptr) periods->insert(report.period());
      Add(work, report.name(), task, caller_.unit)
          .set_detail(absl::StrCat(report.unit_title(), " ", report.period(),
                                   report.return_reason().empty() ? "" : ": ", report.return_reason()));
    }
    return absl::OkStatus();
  }

  // What waits for whoever gives a task out: its coordinator, of a sub-task the unit that split it.
  void Steer(const Task& task, const std::string& unit) {
    if (task.state() == Task::DRAFT) Add(Item::ISSUE, task.name(), task, unit);
    if (!rules::Allows(task.state(), rules::Action::kReassign)) return;
    for (const Task::Duty& duty : task.duties()) {
      // What a unit of another city declines goes back to its own coordinator.
      const bool declined = duty.state() == Task::Duty::DECLINE_REQUESTED && !duty.has_taken_on_time();
      if (!declined && duty.state() != Task::Duty::CITY_DECLINED) continue;
      Add(Item::REASSIGN, task.name(), task, unit)
          .set_detail(absl::StrCat(duty.id(), " ", duty.unit_title(), ": ", duty.decline_reason()));
    }
  }

  absl::Status ForSplitter() {
    ASSIGN_OR_RETURN(
        const std::vector<Task> subtasks,
        view_.ListAll<Task>({.parent = "cities/" + city_, .where = {{"split_by", store::Value(caller_.unit)}}}));
    for (const Task& task : subtasks) {
      Steer(task, caller_.unit);
      if (task.state() == Task::COMPLETION_REPORTED && !rules::HasDuty(task, caller_.unit))
        Add(Item::DECIDE_COMPLETION, task.name(), task, caller_.unit);
      if (rules::Allows(task.state(), rules::Action::kDecideReport))
        RETURN_IF_ERROR(Reports(task, "recipient", ProgressReport::SUBMITTED, Item::ACCEPT_REPORT));
      RETURN_IF_ERROR(Extensions(task.name(), caller_.unit));
    }
    return absl::OkStatus();
  }

  absl::Status Extensions(const std::string& parent, const std::string& unit) {
    ASSIGN_OR_RETURN(const std::vector<ExtensionRequest> extensions,
                     view_.ListAll<ExtensionRequest>(
                         {.parent = parent, .where = {{"state", store::Value(int64_t{ExtensionRequest::REQUESTED})}}}));
    for (const ExtensionRequest& extension : extensions) {
      ASSIGN_OR_RETURN(const Task task, view_.Get<Task>(extension.task()));
      if (task.split_by() == unit)
        Add(Item::DECIDE_EXTENSION, extension.name(), task, unit).set_detail(extension.reason());
    }
    return absl::OkStatus();
  }

  absl::Status Supports(const std::string& decider) {
    ASSIGN_OR_RETURN(
        const std::vector<SupportRequest> supports,
        view_.ListAll<SupportRequest>({.parent = "cities/" + city_,
                                       .where = {{"decider", store::Value(decider)},
                                                 {"state", store::Value(int64_t{SupportRequest::REQUESTED})}}}));
    for (const SupportRequest& support : supports) {
      ASSIGN_OR_RETURN(const Task task, view_.Get<Task>(support.task()));
      Item& item = Add(Item::DECIDE_SUPPORT, support.name(), task, decider);
      item.set_detail(absl::StrCat(support.unit_title(), ": ", support.reason()));
      if (support.has_needed_by()) SetDue(item, support.needed_by());
    }
    return absl::OkStatus();
  }

  // Duties that other cities mean for units of this one.
  absl::Status Asked() {
    ASSIGN_OR_RETURN(const std::vector<std::string> cities, store::ReadCities(view_.connection()));
    for (const std::string& city : cities) {
      ASSIGN_OR_RETURN(const std::vector<Task> tasks,
                       view_.ListAll<Task>(
                           {.parent = "cities/" + city, .where = {{"asked_cities", store::Value("cities/" + city_)}}}));
      for (const Task& task : tasks) {
        if (rules::Allows(task.state(), rules::Action::kTakeOnDuty)) AskedIn(task);
      }
    }
    return absl::OkStatus();
  }

  void AskedIn(const Task& task) {
    for (const Task::Duty& duty : task.duties()) {
      if (rules::CityOf(duty.unit()) != city_) continue;
      const bool declined = duty.state() == Task::Duty::DECLINE_REQUESTED && duty.has_taken_on_time();
      if (duty.state() == Task::Duty::AWAITING_CITY) {
        Item& item = Add(Item::TAKE_ON_DUTY, task.name(), task, "");
        item.set_detail(absl::StrCat(duty.id(), " ", duty.unit_title()));
        SetDue(item, duty.acknowledge_due_date());
      } else if (duty.state() == Task::Duty::TAKEN_ON || declined) {
        Add(Item::ASSIGN_DUTY, task.name(), task, "")
            .set_detail(absl::StrCat(duty.id(), " ", duty.unit_title(), declined ? ": " : "", duty.decline_reason()));
      }
    }
  }

  absl::Status ForCoordinator() {
    const std::string parent = "cities/" + city_;
    ASSIGN_OR_RETURN(std::vector<Task> tasks,
                     view_.ListAll<Task>({.parent = parent, .where = {{"state", store::Value(int64_t{Task::DRAFT})}}}));
    for (const auto state : {Task::Duty::DECLINE_REQUESTED, Task::Duty::CITY_DECLINED}) {
      ASSIGN_OR_RETURN(
          std::vector<Task> declined,
          view_.ListAll<Task>({.parent = parent, .where = {{"duties.state", store::Value(int64_t{state})}}}));
      for (Task& task : declined) {
        const bool known =
            std::any_of(tasks.begin(), tasks.end(), [&](const Task& t) { return t.name() == task.name(); });
        if (!known) tasks.push_back(std::move(task));
      }
    }
    for (const Task& task : tasks) {
      if (task.split_by().empty()) Steer(task, "");
    }
    ASSIGN_OR_RETURN(
        const std::vector<ProgressReport> reports,
        view_.ListAll<ProgressReport>({.parent = parent,
                                       .where = {{"state", store::Value(int64_t{ProgressReport::SUBMITTED})},
                                                 {"recipient", store::Value(std::string())}}}));
    for (const ProgressReport& report : reports) {
      ASSIGN_OR_RETURN(const Task task, view_.Get<Task>(report.task()));
      if (!rules::Allows(task.state(), rules::Action::kDecideReport)) continue;
      Add(Item::ACCEPT_REPORT, report.name(), task, "")
          .set_detail(absl::StrCat(report.unit_title(), " ", report.period()));
    }
    RETURN_IF_ERROR(Extensions(parent, ""));
    RETURN_IF_ERROR(Supports(""));
    return Asked();
  }

  absl::Status Completions() {
    ASSIGN_OR_RETURN(const std::vector<Task> reported,
                     view_.ListAll<Task>({.parent = "cities/" + city_,
                                          .where = {{"state", store::Value(int64_t{Task::COMPLETION_REPORTED})}}}));
    for (const Task& task : reported) {
      if (task.split_by().empty() && !rules::HasDuty(task, caller_.unit))
        Add(Item::DECIDE_COMPLETION, task.name(), task, "");
    }
    return absl::OkStatus();
  }

  const View& view_;
  const Caller& caller_;
  const std::string city_;
  const absl::CivilDay today_;
  std::map<std::string, Days> days_;
  std::vector<Item> items_;
};

}  // namespace

absl::StatusOr<std::vector<Item>> GatherPending(const View& view, const Caller& caller, const std::string& city) {
  return PendingWork(view, caller, std::string(schema::CityOf(city))).Gather();
}

}  // namespace duikou::taskregistry
