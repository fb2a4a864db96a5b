#include "services/taskregistry/rules/task_state.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/base/state_table.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/duty_list.h"
#include "services/taskregistry/rules/owed_reports.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::Task;

// The state machine of domain.md, taskregistry: each action, its name, and the states that allow it.
constexpr StateTable<Task::State, Action, kActions> kTable({{
    {Action::kEdit, "修改", "edit",
     In({Task::DRAFT, Task::ISSUED, Task::IN_PROGRESS, Task::COMPLETION_REPORTED, Task::SUSPENDED})},
    {Action::kDelete, "删除", "delete", In({Task::DRAFT})},
    {Action::kIssue, "交办", "issue", In({Task::DRAFT})},
    {Action::kAcknowledge, "签收", "acknowledge", In({Task::ISSUED, Task::IN_PROGRESS})},
    {Action::kDecline, "申请退办", "decline", In({Task::ISSUED, Task::IN_PROGRESS})},
    {Action::kReassign, "改派", "reassign", In({Task::ISSUED, Task::IN_PROGRESS})},
    {Action::kRecall, "撤回", "recall", In({Task::ISSUED})},
    {Action::kReportCompletion, "申请办结", "report completion", In({Task::IN_PROGRESS})},
    {Action::kWithdrawCompletion, "撤回办结申请", "withdraw the report of completion", In({Task::COMPLETION_REPORTED})},
    {Action::kReturn, "退回", "return", In({Task::COMPLETION_REPORTED})},
    {Action::kClose, "办结销号", "close", In({Task::COMPLETION_REPORTED})},
    {Action::kReopen, "重新办理", "reopen", In({Task::CLOSED})},
    {Action::kSuspend, "中止", "suspend", In({Task::ISSUED, Task::IN_PROGRESS, Task::COMPLETION_REPORTED})},
    {Action::kResume, "恢复", "resume", In({Task::SUSPENDED})},
    {Action::kCancel, "撤销", "cancel",
     In({Task::DRAFT, Task::ISSUED, Task::IN_PROGRESS, Task::COMPLETION_REPORTED, Task::SUSPENDED})},
    {Action::kCompleteMilestone, "更新节点", "complete a milestone", In({Task::IN_PROGRESS})},
    {Action::kReportProgress, "报送进展", "report progress",
     In({Task::ISSUED, Task::IN_PROGRESS, Task::COMPLETION_REPORTED})},
    {Action::kDecideReport, "审核进展报告", "decide a report",
     In({Task::ISSUED, Task::IN_PROGRESS, Task::COMPLETION_REPORTED})},
    {Action::kRequestExtension, "申请延期", "request an extension", In({Task::ISSUED, Task::IN_PROGRESS})},
    {Action::kTakeOnDuty, "接办", "take on a duty", In({Task::ISSUED, Task::IN_PROGRESS})},
    {Action::kAssignDuty, "转办", "assign a duty", In({Task::ISSUED, Task::IN_PROGRESS})},
    {Action::kDeclineDuty, "不接办", "decline a duty for a city", In({Task::ISSUED, Task::IN_PROGRESS})},
    {Action::kSplit, "分解", "split it into sub-tasks", In({Task::ISSUED, Task::IN_PROGRESS})},
    {Action::kAddProject, "登记项目", "add a project",
     In({Task::ISSUED, Task::IN_PROGRESS, Task::COMPLETION_REPORTED})},
    {Action::kRequestSupport, "申请要素保障", "request support", In({Task::ISSUED, Task::IN_PROGRESS})},
}});

absl::Status CheckFirstLead(const Task& task, const Caller& by) {
  if (!by.unit.empty() && by.unit == FirstLead(task)) return absl::OkStatus();
  return PermissionDenied("NOT_FIRST_LEAD", {"只有第一牵头单位可以办理。", "Only the first lead unit may do this."});
}

// It is not complete after all.
void ForgetCompletion(Task& task) {
  task.clear_completion_report_time();
  task.clear_completion_reported_by();
  task.clear_completion_reported_on_behalf_of();
  task.clear_frozen();
}

}  // namespace

Text NameOf(Task::State state) {
  switch (state) {
    case Task::DRAFT:
      return {"草稿", "DRAFT"};
    case Task::ISSUED:
      return {"已交办", "ISSUED"};
    case Task::IN_PROGRESS:
      return {"办理中", "IN_PROGRESS"};
    case Task::COMPLETION_REPORTED:
      return {"申请办结", "COMPLETION_REPORTED"};
    case Task::CLOSED:
      return {"办结销号", "CLOSED"};
    case Task::SUSPENDED:
      return {"中止", "SUSPENDED"};
    case Task::CANCELLED:
      return {"撤销", "CANCELLED"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

Text NameOf(Action action) { return kTable.NameOf(action); }

bool Allows(Task::State state, Action action) { return kTable.Allows(state, action); }

absl::Status CheckAllowed(const Task& task, Action action) {
  return kTable.Check(task.state(), action,
                      {.reason = "TASK_STATE_FORBIDS",
                       .type = "task",
                       .noun = {"任务", "The task"},
                       .state = NameOf(task.state()),
                       .name = task.name()});
}

std::string CityOf(const std::string& name) {
  absl::string_view rest = name;
  if (!absl::ConsumePrefix(&rest, "cities/")) return "";
  return std::string(rest.substr(0, rest.find('/')));
}

bool IsOwed(const Task::Duty& duty) {
  return duty.state() != Task::Duty::AWAITING_CITY && duty.state() != Task::Duty::TAKEN_ON &&
         duty.state() != Task::Duty::CITY_DECLINED;
}

const Task::Duty* FirstLeadDuty(const Task& task) {
  for (const Task::Duty& duty : task.duties()) {
    if (duty.kind() == Task::Duty::LEAD && IsOwed(duty)) return &duty;
  }
  return nullptr;
}

std::string FirstLead(const Task& task) {
  const Task::Duty* lead = FirstLeadDuty(task);
  return lead == nullptr ? "" : lead->unit();
}

bool HasDuty(const Task& task, const std::string& unit) {
  for (const Task::Duty& duty : task.duties()) {
    if (!unit.empty() && duty.unit() == unit && IsOwed(duty)) return true;
  }
  return false;
}

bool Leads(const Task& task, const std::string& unit) {
  for (const Task::Duty& duty : task.duties()) {
    if (!unit.empty() && duty.unit() == unit && duty.kind() == Task::Duty::LEAD && IsOwed(duty)) return true;
  }
  return false;
}

absl::Status CheckCloser(const Task& task, const Caller& by) {
  if (HasDuty(task, by.unit)) {
    return PermissionDenied("CLOSER_HAS_DUTY", {"您的单位在此任务中承担职责,不能由本单位办结销号。",
                                                "Your unit has a duty in this task, so another must close it."});
  }
  const auto reported = [&](const std::string& who) {
    return !who.empty() && (who == task.completion_reported_by() || who == task.completion_reported_on_behalf_of());
  };
  // A partner's system is one account for all whom it acts for.
  const bool system = by.kind == Caller::Kind::kPartner && by.name == task.completion_reported_by();
  if (system ? by.on_behalf_of != task.completion_reported_on_behalf_of()
             : !reported(by.name) && !reported(by.on_behalf_of))
    return absl::OkStatus();
  return PermissionDenied(
      "CLOSER_REPORTED",
      {"此任务由您或您所代理的人申请办结(或由他人代为申请),须由他人办结销号;也可退回,由牵头单位重新申请。",
       "You, or whom you act for, reported it complete or had it reported, so another account must "
       "close it; or return it, for the lead to report it again."});
}

absl::Status ReportCompletion(Task& task, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kReportCompletion));
  RETURN_IF_ERROR(CheckFirstLead(task, by));
  task.set_state(Task::COMPLETION_REPORTED);
  task.mutable_completion_report_time()->set_seconds(absl::ToUnixSeconds(now));
  task.set_completion_reported_by(by.name);
  task.set_completion_reported_on_behalf_of(by.on_behalf_of);
  *task.mutable_frozen()->mutable_date() = ToDate(DayOf(now));
  task.mutable_frozen()->set_percent(task.percent());
  BeginPause(task, Task::COMPLETION_REPORTED, DayOf(now));
  return absl::OkStatus();
}

absl::Status WithdrawCompletion(Task& task, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kWithdrawCompletion));
  RETURN_IF_ERROR(CheckFirstLead(task, by));
  task.set_state(Task::IN_PROGRESS);
  ForgetCompletion(task);
  DropPause(task, Task::COMPLETION_REPORTED);  // Its own act: what fell due meanwhile is owed.
  return absl::OkStatus();
}

absl::Status Return(Task& task, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kReturn));
  task.set_state(Task::IN_PROGRESS);
  ForgetCompletion(task);
  EndPause(task, Task::COMPLETION_REPORTED, DayOf(now));
  task.set_return_count(task.return_count() + 1);
  return absl::OkStatus();
}

absl::Status Close(Task& task, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kClose));
  RETURN_IF_ERROR(CheckCloser(task, by));
  task.set_state(Task::CLOSED);
  task.mutable_close_time()->set_seconds(absl::ToUnixSeconds(now));
  task.clear_spells();
  EndPause(task, Task::COMPLETION_REPORTED, DayOf(now));
  BeginPause(task, Task::CLOSED, DayOf(now));
  return absl::OkStatus();
}

absl::Status Reopen(Task& task, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kReopen));
  task.set_state(Task::IN_PROGRESS);
  task.clear_close_time();
  ForgetCompletion(task);
  EndPause(task, Task::CLOSED, DayOf(now));
  task.set_reopen_count(task.reopen_count() + 1);
  return absl::OkStatus();
}

absl::Status Suspend(Task& task, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kSuspend));
  task.set_suspended_from(task.state());
  task.set_state(Task::SUSPENDED);
  task.clear_spells();
  BeginPause(task, Task::SUSPENDED, DayOf(now));
  return absl::OkStatus();
}

absl::Status Resume(Task& task, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kResume));
  task.set_state(task.suspended_from());
  task.clear_suspended_from();
  EndPause(task, Task::SUSPENDED, DayOf(now));
  task.clear_suspended_with_parent();
  BeginOnceAcknowledged(task);  // The lead that was waited for may have been merged into another meanwhile.
  return absl::OkStatus();
}

absl::Status Cancel(Task& task) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kCancel));
  task.set_state(Task::CANCELLED);
  task.clear_spells();
  return absl::OkStatus();
}

}  // namespace duikou::taskregistry::rules
