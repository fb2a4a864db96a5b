#include "services/taskregistry/pending.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "duikou/taskregistry/v1/bulletin.pb.h"
#include "duikou/taskregistry/v1/reminder.pb.h"
#include "duikou/taskregistry/v1/supervision_order.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/reporting.h"
#include "services/taskregistry/rules/task_state.h"
#include "services/taskregistry/settings.h"

namespace duikou::taskregistry {
namespace {

using v1::Bulletin;
using v1::ExtensionRequest;
using v1::ListPendingResponse;
using v1::ProgressReport;
using v1::Reminder;
using v1::SupervisionOrder;
using v1::Task;
using Item = ListPendingResponse::Item;

class PendingWork {
 public:
  PendingWork(const View& view, const Caller& caller, std::string city, WorkdayCalendar calendar, int report_workdays)
      : view_(view),
        caller_(caller),
        city_(std::move(city)),
        calendar_(std::move(calendar)),
        report_workdays_(report_workdays),
        today_(DayOf(view.now())) {}

  absl::StatusOr<std::vector<Item>> Gather() {
    if (!caller_.unit.empty()) RETURN_IF_ERROR(ForUnit());
    const bool own_city = caller_.city == city_;
    const bool coordinates = own_city && caller_.Has(duikou::type::v1::COORDINATOR);
    if (coordinates) RETURN_IF_ERROR(ForCoordinator());
    if (coordinates || (own_city && caller_.Has(duikou::type::v1::SUPERVISOR))) {
      RETURN_IF_ERROR(Completions());
      RETURN_IF_ERROR(SupervisionOfCity());
    }
    std::stable_sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) { return Order(a) < Order(b); });
    return std::move(items_);
  }

 private:
  static std::tuple<bool, bool, absl::CivilDay, std::string> Order(const Item& item) {
    const absl::CivilDay due = item.has_due_date() ? rules::ToCivil(item.due_date()) : absl::CivilDay(9999, 1, 1);
    return {!item.overdue(), !item.has_due_date(), due, item.number()};
  }

  Item& Add(ListPendingResponse::Work work, const std::string& name, const Task& task, const std::string& unit) {
    Item& item = items_.emplace_back();
    item.set_work(work);
    item.set_name(name);
    item.set_task(task.name());
    item.set_number(task.number());
    item.set_title(task.title());
    item.set_unit(unit);
    return item;
  }

  void SetDue(Item& item, const duikou::type::v1::Date& due) const {
    *item.mutable_due_date() = due;
    item.set_overdue(rules::ToCivil(due) < today_);
  }

  absl::Status ForUnit() {
    ASSIGN_OR_RETURN(
        const std::vector<Task> tasks,
        view_.ListAll<Task>({.parent = "cities/" + city_,
                             .filter = "state = ISSUED OR state = IN_PROGRESS OR state = COMPLETION_REPORTED",
                             .where = {{"duties.unit", store::Value(caller_.unit)}}}));
    for (const Task& task : tasks) {
      for (const Task::Duty& duty : task.duties()) {
        if (duty.unit() != caller_.unit || duty.state() != Task::Duty::AWAITING) continue;
        SetDue(Add(ListPendingResponse::ACKNOWLEDGE, task.name(), task, caller_.unit), duty.acknowledge_due_date());
      }
      if (task.state() == Task::IN_PROGRESS) RETURN_IF_ERROR(ReportDue(task));
      if (rules::FirstLead(task) == caller_.unit)
        RETURN_IF_ERROR(Reports(task, "recipient", ProgressReport::SUBMITTED, ListPendingResponse::ACCEPT_REPORT));
      RETURN_IF_ERROR(Reports(task, "unit", ProgressReport::RETURNED, ListPendingResponse::CORRECT_REPORT));
    }
    RETURN_IF_ERROR(Orders(SupervisionOrder::ISSUED, caller_.unit, ListPendingResponse::REPLY_ORDER));
    return Reminders({{"unit", store::Value(caller_.unit)}}, /*escalations=*/false);
  }

  absl::Status SupervisionOfCity() {
    RETURN_IF_ERROR(Orders(SupervisionOrder::DRAFT, "", ListPendingResponse::ISSUE_ORDER));
    RETURN_IF_ERROR(Orders(SupervisionOrder::REPLIED, "", ListPendingResponse::DECIDE_REPLY));
    RETURN_IF_ERROR(Reminders({{"kind", store::Value(int64_t{Reminder::ESCALATION})}}, /*escalations=*/true));
    ASSIGN_OR_RETURN(const std::vector<Bulletin> drafts,
                     view_.ListAll<Bulletin>(
                         {.parent = "cities/" + city_, .where = {{"state", store::Value(int64_t{Bulletin::DRAFT})}}}));
    for (const Bulletin& bulletin : drafts) {
      Item& item = items_.emplace_back();
      item.set_work(ListPendingResponse::PUBLISH_BULLETIN);
      item.set_name(bulletin.name());
      item.set_title(bulletin.title());
    }
    return absl::OkStatus();
  }

  absl::Status Orders(SupervisionOrder::State state, const std::string& unit, ListPendingResponse::Work work) {
    store::ListQuery query{.parent = "cities/" + city_, .where = {{"state", store::Value(int64_t{state})}}};
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
  absl::Status Reminders(std::vector<std::pair<std::string, store::Value>> where, bool escalations) {
    where.emplace_back("state", store::Value(int64_t{Reminder::UNREAD}));
    ASSIGN_OR_RETURN(const std::vector<Reminder> reminders,
                     view_.ListAll<Reminder>({.parent = "cities/" + city_, .where = std::move(where)}));
    for (const Reminder& reminder : reminders) {
      if ((reminder.kind() == Reminder::ESCALATION) != escalations) continue;
      ASSIGN_OR_RETURN(const Task task, view_.Get<Task>(reminder.task()));
      Add(ListPendingResponse::READ_REMINDER, reminder.name(), task, reminder.unit())
          .set_detail(caller_.locale == Locale::kEn ? reminder.reason_en() : reminder.reason());
    }
    return absl::OkStatus();
  }

  // The report on the last period that is over, where the unit has not made it.
  absl::Status ReportDue(const Task& task) {
    const std::string current = rules::PeriodOf(task.report_frequency(), today_);
    const auto now = rules::ParsePeriod(task.report_frequency(), current);
    if (!now) return absl::OkStatus();
    const std::string period = rules::PeriodOf(task.report_frequency(), now->first - 1);
    if (!rules::CheckPeriod(task, period, today_).ok()) return absl::OkStatus();
    const absl::CivilDay issued = DayOf(absl::FromUnixSeconds(task.issue_time().seconds()));
    if (issued >= now->first) return absl::OkStatus();  // Not yet owed in that period.
    ASSIGN_OR_RETURN(const auto made, view_.List<ProgressReport>({.parent = task.name(),
                                                                  .page_size = 1,
                                                                  .where = {{"unit", store::Value(caller_.unit)},
                                                                            {"period", store::Value(period)}}}));
    if (!made.items.empty()) return absl::OkStatus();
    Item& item = Add(ListPendingResponse::REPORT_PROGRESS, task.name(), task, caller_.unit);
    SetDue(item, rules::ToDate(calendar_.Add(now->first - 1, report_workdays_).day));
    item.set_detail(period);
    return absl::OkStatus();
  }

  absl::Status Reports(const Task& task, const std::string& whose, ProgressReport::State state,
                       ListPendingResponse::Work work) {
    ASSIGN_OR_RETURN(const std::vector<ProgressReport> reports,
                     view_.ListAll<ProgressReport>(
                         {.parent = task.name(),
                          .where = {{whose, store::Value(caller_.unit)}, {"state", store::Value(int64_t{state})}}}));
    for (const ProgressReport& report : reports) {
      Add(work, report.name(), task, caller_.unit)
          .set_detail(absl::StrCat(report.unit_title(), " ", report.period(),
                                   report.return_reason().empty() ? "" : ": ", report.return_reason()));
    }
    return absl::OkStatus();
  }

  absl::Status ForCoordinator() {
    const std::string parent = "cities/" + city_;
    ASSIGN_OR_RETURN(const std::vector<Task> drafts,
                     view_.ListAll<Task>({.parent = parent, .where = {{"state", store::Value(int64_t{Task::DRAFT})}}}));
    for (const Task& task : drafts) Add(ListPendingResponse::ISSUE, task.name(), task, "");
    ASSIGN_OR_RETURN(
        const std::vector<Task> declined,
        view_.ListAll<Task>(
            {.parent = parent, .where = {{"duties.state", store::Value(int64_t{Task::Duty::DECLINE_REQUESTED})}}}));
    for (const Task& task : declined) {
      for (const Task::Duty& duty : task.duties()) {
        if (duty.state() != Task::Duty::DECLINE_REQUESTED || !rules::Allows(task.state(), rules::Action::kReassign))
          continue;
        Add(ListPendingResponse::REASSIGN, task.name(), task, "")
            .set_detail(absl::StrCat(duty.id(), " ", duty.unit_title(), ": ", duty.decline_reason()));
      }
    }
    ASSIGN_OR_RETURN(
        const std::vector<ProgressReport> reports,
        view_.ListAll<ProgressReport>({.parent = parent,
                                       .where = {{"state", store::Value(int64_t{ProgressReport::SUBMITTED})},
                                                 {"recipient", store::Value(std::string())}}}));
    for (const ProgressReport& report : reports) {
      ASSIGN_OR_RETURN(const Task task, view_.Get<Task>(report.task()));
      Add(ListPendingResponse::ACCEPT_REPORT, report.name(), task, "")
          .set_detail(absl::StrCat(report.unit_title(), " ", report.period()));
    }
    ASSIGN_OR_RETURN(const std::vector<ExtensionRequest> extensions,
                     view_.ListAll<ExtensionRequest>(
                         {.parent = parent, .where = {{"state", store::Value(int64_t{ExtensionRequest::REQUESTED})}}}));
    for (const ExtensionRequest& extension : extensions) {
      ASSIGN_OR_RETURN(const Task task, view_.Get<Task>(extension.task()));
      Add(ListPendingResponse::DECIDE_EXTENSION, extension.name(), task, "").set_detail(extension.reason());
    }
    return absl::OkStatus();
  }

  absl::Status Completions() {
    ASSIGN_OR_RETURN(const std::vector<Task> reported,
                     view_.ListAll<Task>({.parent = "cities/" + city_,
                                          .where = {{"state", store::Value(int64_t{Task::COMPLETION_REPORTED})}}}));
    for (const Task& task : reported) {
      if (!rules::HasDuty(task, caller_.unit)) Add(ListPendingResponse::DECIDE_COMPLETION, task.name(), task, "");
    }
    return absl::OkStatus();
  }

  const View& view_;
  const Caller& caller_;
  const std::string city_;
  const WorkdayCalendar calendar_;
  const int report_workdays_;
  const absl::CivilDay today_;
  std::vector<Item> items_;
};

}  // namespace

absl::StatusOr<ListPendingResponse> ListPending(const View& view, const Caller& caller,
                                                const v1::ListPendingRequest& request) {
  const std::string city(schema::CityOf(request.parent()));
  if (city.empty())
    return BadField("parent", {"应为一个城市,如 cities/210800。", "must be a city like cities/210800."});
  if (request.page_size() < 0) return BadField("page_size", {"不能为负数。", "must not be negative."});
  const std::string question = absl::StrCat("pending/", request.parent(), "/", caller.name);
  size_t begin = 0;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(const auto place,
                     view.tokens().Read(request.page_token(), question, "page_token", "PAGE_TOKEN_INVALID"));
    begin = place.size() == 1 && std::holds_alternative<int64_t>(place[0])
                ? static_cast<size_t>(std::get<int64_t>(place[0]))
                : 0;
  }
  ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(view, city));
  ASSIGN_OR_RETURN(WorkdayCalendar calendar, CalendarOf(view, city));
  ASSIGN_OR_RETURN(std::vector<Item> items,
                   PendingWork(view, caller, city, std::move(calendar), settings.report_workdays()).Gather());
  const size_t size = static_cast<size_t>(
      request.page_size() == 0 ? store::kDefaultPageSize : std::min(request.page_size(), store::kMaxPageSize));
  ListPendingResponse response;
  for (size_t i = begin; i < std::min(items.size(), begin + size); ++i) *response.add_items() = std::move(items[i]);
  if (begin + size < items.size())
    response.set_next_page_token(view.tokens().Make(question, {store::Value(static_cast<int64_t>(begin + size))}));
  return response;
}

}  // namespace duikou::taskregistry
