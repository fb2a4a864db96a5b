#include "services/taskregistry/rules/orders.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/state_table.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::Reminder;
using v1::SupervisionOrder;
using v1::Task;

constexpr StateTable<SupervisionOrder::State, OrderAction, kOrderActions> kTable({{
    {OrderAction::kEdit, "修改", "edit", In({SupervisionOrder::DRAFT})},
    {OrderAction::kDelete, "删除", "delete", In({SupervisionOrder::DRAFT})},
    {OrderAction::kIssue, "下发", "issue", In({SupervisionOrder::DRAFT})},
    {OrderAction::kReply, "回复", "reply", In({SupervisionOrder::ISSUED})},
    {OrderAction::kReturn, "退回", "return", In({SupervisionOrder::REPLIED})},
    {OrderAction::kClose, "办结", "close", In({SupervisionOrder::REPLIED})},
}});

Text StateName(SupervisionOrder::State state) {
  switch (state) {
    case SupervisionOrder::DRAFT:
      return {"草稿", "DRAFT"};
    case SupervisionOrder::ISSUED:
      return {"已下发", "ISSUED"};
    case SupervisionOrder::REPLIED:
      return {"已回复", "REPLIED"};
    case SupervisionOrder::CLOSED:
      return {"已办结", "CLOSED"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

absl::Status CheckRunning(const Task& task) {
  if (task.state() == Task::ISSUED || task.state() == Task::IN_PROGRESS || task.state() == Task::COMPLETION_REPORTED)
    return absl::OkStatus();
  const Text state = rules::NameOf(task.state());
  return StateForbids("TASK_NOT_RUNNING",
                      {absl::StrCat("任务处于“", state.zh, "”状态,不能督办。"),
                       absl::StrCat("The task is ", state.en, ", so there is nothing to supervise.")},
                      {{"state", state.en}, {"task", task.name()}});
}

void Address(const Task& task, SupervisionOrder& order) {
  order.set_unit(FirstLead(task));
  for (const Task::Duty& duty : task.duties()) {
    if (duty.unit() == order.unit()) order.set_unit_title(duty.unit_title());
  }
}

absl::Status NotAddressee() {
  return PermissionDenied("NOT_ADDRESSEE",
                          {"只有收件单位可以办理。", "Only the unit that it is addressed to may do this."});
}

}  // namespace

bool Allows(SupervisionOrder::State state, OrderAction action) { return kTable.Allows(state, action); }

absl::Status CheckAllowed(const SupervisionOrder& order, OrderAction action) {
  return kTable.Check(order.state(), action,
                      {.reason = "ORDER_STATE_FORBIDS",
                       .type = "order",
                       .noun = {"督办单", "The order"},
                       .state = StateName(order.state()),
                       .name = order.name()});
}

absl::Status DraftOrder(const Task& task, SupervisionOrder& order) {
  RETURN_IF_ERROR(CheckRunning(task));
  order.set_task(task.name());
  order.set_state(SupervisionOrder::DRAFT);
  if (order.urgency() == SupervisionOrder::URGENCY_UNSPECIFIED) order.set_urgency(SupervisionOrder::NORMAL);
  Address(task, order);
  return absl::OkStatus();
}

bool FollowFirstLead(const Task& task, SupervisionOrder& order) {
  const std::string lead = FirstLead(task);
  if (lead.empty() || lead == order.unit()) return false;
  Address(task, order);
  return true;
}

absl::Status IssueOrder(SupervisionOrder& order, const Task& task, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(order, OrderAction::kIssue));
  RETURN_IF_ERROR(CheckRunning(task));
  if (FirstLead(task).empty()) {
    return StateForbids("LEAD_UNIT_MISSING",
                        {"任务目前没有牵头单位可以回复:请等对方城市接办,或改派。",
                         "The task has no lead unit that could reply: wait until its city takes the duty on, or "
                         "reassign it."},
                        {{"task", task.name()}});
  }
  FieldViolations missing;
  if (order.basis().empty()) missing.Add("order.basis", {"请填写督办依据。", "say what the order rests on."});
  if (!order.has_deadline()) {
    missing.Add("order.deadline", {"请填写回复时限。", "say until when the unit must reply."});
  } else if (ToCivil(order.deadline()) < DayOf(now)) {
    missing.Add("order.deadline", {"回复时限已过,请另定。", "lies before today: set a later one."});
  }
  if (!missing.empty()) return missing.ToStatus("ORDER_INCOMPLETE");
  // The lead of today: it may have been reassigned since the draft.
  RETURN_IF_ERROR(DraftOrder(task, order));
  order.set_state(SupervisionOrder::ISSUED);
  order.mutable_issue_time()->set_seconds(absl::ToUnixSeconds(now));
  order.set_issued_by(by.name);
  return absl::OkStatus();
}

absl::Status ReplyOrder(SupervisionOrder& order, const std::string& reply, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(order, OrderAction::kReply));
  if (by.unit.empty() || by.unit != order.unit()) return NotAddressee();
  order.set_state(SupervisionOrder::REPLIED);
  order.set_reply(reply);
  order.mutable_reply_time()->set_seconds(absl::ToUnixSeconds(now));
  order.set_replied_by(by.name);
  return absl::OkStatus();
}

absl::Status ReturnOrder(SupervisionOrder& order, const Task& task, const std::string& reason,
                         std::optional<absl::CivilDay> deadline, absl::CivilDay today) {
  RETURN_IF_ERROR(CheckAllowed(order, OrderAction::kReturn));
  if (deadline && *deadline < today) return BadField("deadline", {"不能早于今天。", "must not lie before today."});
  if (deadline) *order.mutable_deadline() = ToDate(*deadline);
  FollowFirstLead(task, order);
  order.set_state(SupervisionOrder::ISSUED);
  order.set_return_reason(reason);
  order.set_return_count(order.return_count() + 1);
  return absl::OkStatus();
}

absl::Status CloseOrder(SupervisionOrder& order, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(order, OrderAction::kClose));
  order.set_state(SupervisionOrder::CLOSED);
  order.mutable_close_time()->set_seconds(absl::ToUnixSeconds(now));
  order.set_closed_by(by.name);
  return absl::OkStatus();
}

absl::Status Confirm(Reminder& reminder, const std::string& city, const Caller& by, absl::Time now) {
  if (reminder.state() != Reminder::UNREAD)
    return StateForbids("REMINDER_READ", {"已阅过。", "It has been read already."}, {{"state", "READ"}});
  const bool leads = by.city == city && (by.Has(duikou::type::v1::COORDINATOR) || by.Has(duikou::type::v1::SUPERVISOR));
  const bool addressed = reminder.kind() == Reminder::ESCALATION ? leads : by.unit == reminder.unit();
  if (!addressed) return NotAddressee();
  reminder.set_state(Reminder::READ);
  reminder.mutable_read_time()->set_seconds(absl::ToUnixSeconds(now));
  reminder.set_read_by(by.name);
  return absl::OkStatus();
}

absl::Status CheckDraft(const v1::Bulletin& bulletin) {
  if (bulletin.state() == v1::Bulletin::DRAFT) return absl::OkStatus();
  return StateForbids("BULLETIN_PUBLISHED",
                      {"通报已印发,不能再改。", "The bulletin is published, so it stays as it is."},
                      {{"state", v1::Bulletin::State_Name(bulletin.state())}});
}

}  // namespace duikou::taskregistry::rules
