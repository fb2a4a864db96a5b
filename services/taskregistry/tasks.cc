#include "services/taskregistry/tasks.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "common/store/find_stored.h"
#include "duikou/taskregistry/v1/extension_request.pb.h"
#include "duikou/taskregistry/v1/plan.pb.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "duikou/taskregistry/v1/reminder.pb.h"
#include "duikou/taskregistry/v1/supervision_order.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/attachments.h"
#include "services/taskregistry/extensions.h"
#include "services/taskregistry/reports.h"
#include "services/taskregistry/rules/decision_tasks.h"
#include "services/taskregistry/rules/duties.h"
#include "services/taskregistry/rules/subtasks.h"
#include "services/taskregistry/rules/task_fields.h"
#include "services/taskregistry/rules/task_state.h"
#include "services/taskregistry/settings.h"
#include "services/taskregistry/subtasks.h"
#include "services/taskregistry/supports.h"

namespace duikou::taskregistry {
namespace {

using duikou::type::v1::COORDINATOR;
using duikou::type::v1::SUPERVISOR;
using v1::Task;

// The steps that all actions on a task share: load, note the reason given, change by a rule with what follows from it
// in other records, store.
template <class Request>
absl::StatusOr<Task> Change(Txn& txn, const Request& request, const std::string& note,
                            absl::FunctionRef<absl::Status(Task&)> rule) {
  ASSIGN_OR_RETURN(Task task, txn.Get<Task>(request.name()));
  txn.Note(note);
  RETURN_IF_ERROR(rule(task));
  return txn.Update(std::move(task), request.etag());
}

// The same for actions after which the task runs again: what its units owe is counted anew.
template <class Request>
absl::StatusOr<Task> Restart(Txn& txn, const Request& request, const std::string& note,
                             absl::FunctionRef<absl::Status(Task&)> rule) {
  return Change(txn, request, note, [&](Task& task) -> absl::Status {
    RETURN_IF_ERROR(rule(task));
    return RecountOwed(txn, task);
  });
}

// A unit acts for itself: the field is there for systems that say it all the same.
absl::Status CheckOwnUnit(const Caller& caller, const std::string& unit) {
  if (unit.empty() || unit == caller.unit) return absl::OkStatus();
  return PermissionDenied("OTHER_UNIT", {"只能为本单位办理。", "A unit acts for itself alone."});
}

// The plan that a new task names. Who splits a task has its plan from it: he may not see that, where it is RESTRICTED.
absl::StatusOr<v1::Plan> PlanAbove(const View& view, const Task& task) {
  if (!task.parent_task().empty()) {
    const auto parent = view.Get<Task>(task.parent_task());
    ASSIGN_OR_RETURN(const std::optional<v1::Plan> plan, FindStored<v1::Plan>(view, task.plan()));
    if (plan && parent.ok() && parent->plan() == plan->name()) return *plan;
  }
  return SeenReference<v1::Plan>(view, "task.plan", task.plan());
}

// Where a task hangs: under its plan, made by COORDINATOR, or under the task that a lead splits. Gives the number that
// its own goes on from.
absl::StatusOr<std::string> HangUp(Txn& txn, const Caller& caller, const v1::Plan& plan, Task& task) {
  if (task.parent_task().empty()) {
    RETURN_IF_ERROR(rules::CheckSteers(task, caller, {COORDINATOR}));
    return plan.number();
  }
  ASSIGN_OR_RETURN(const Task parent, txn.Get<Task>(task.parent_task()));
  RETURN_IF_ERROR(rules::Split(parent, task, caller));
  RETURN_IF_ERROR(rules::CheckWithinParent(parent, task, "task.due_date"));
  return parent.number();
}

// What lies below a task and came of its having been issued: it goes with the task, as nobody deletes it by itself.
template <class T>
absl::Status DeleteBelow(Txn& txn, const std::string& task, const std::string& filter = "") {
  ASSIGN_OR_RETURN(const std::vector<T> records, txn.ListAll<T>({.parent = task, .filter = filter}));
  for (const T& record : records) {
    RETURN_IF_ERROR(DeleteAttachmentsOf(txn, record.name()));
    RETURN_IF_ERROR(txn.Delete<T>(record.name()));
  }
  return absl::OkStatus();
}

}  // namespace

std::string TaskAbove(const std::string& child) {
  const size_t id = child.rfind('/');
  return child.substr(0, child.rfind('/', id - 1));
}

absl::Status PrepareDraft(Txn& txn, const std::string& above, Task& task) {
  task.set_state(Task::DRAFT);
  rules::PrepareDuties(task);
  RETURN_IF_ERROR(rules::CheckFields(task));
  ASSIGN_OR_RETURN(const int64_t count,
                   txn.NextNumber(std::string(schema::CityOf(task.name())), absl::StrCat("task/", above)));
  task.set_number(absl::StrFormat("%s-%02d", above, count));
  return absl::OkStatus();
}

absl::Status OnCreateTask(Txn& txn, const Caller& caller, Task& task) {
  RETURN_IF_ERROR(rules::CheckIdIsFree(task.name(), "task_id"));
  ASSIGN_OR_RETURN(const v1::Plan plan, PlanAbove(txn, task));
  if (schema::CityOf(task.name()) != schema::CityOf(plan.name()))
    return BadField("task.plan", {"是其他城市的方案。", "is another city's plan."});
  task.set_plan(plan.name());
  ASSIGN_OR_RETURN(const std::string above, HangUp(txn, caller, plan, task));
  if (!task.has_start_date() && plan.has_issue_date()) *task.mutable_start_date() = plan.issue_date();
  if (!task.has_access() && plan.has_access()) *task.mutable_access() = plan.access();
  return PrepareDraft(txn, above, task);
}

absl::Status OnUpdateTask(Txn& txn, const Caller& caller, const Task& before, Task& after) {
  RETURN_IF_ERROR(rules::CheckSteers(before, caller, {COORDINATOR}));
  RETURN_IF_ERROR(rules::Edit(before, after, DayOf(txn.now())));
  RETURN_IF_ERROR(CheckParentDue(txn, after));
  RETURN_IF_ERROR(LeaveUnseenToCoordinator(txn, after));
  if (!before.milestones().empty() && after.milestones().empty()) {
    ASSIGN_OR_RETURN(const int percent, ReportedPercent(txn, after));
    after.set_percent(percent);
  }
  const bool stages = after.report_frequency() == Task::STAGE;
  if (!stages && before.report_frequency() == after.report_frequency()) return absl::OkStatus();
  return RecountOwed(txn, after);
}

absl::Status OnDeleteTask(Txn& txn, const Caller& caller, const Task& task) {
  RETURN_IF_ERROR(rules::CheckSteers(task, caller, {COORDINATOR}));
  RETURN_IF_ERROR(rules::CheckAllowed(task, rules::Action::kDelete));
  RETURN_IF_ERROR(rules::CheckDeletable(task));
  RETURN_IF_ERROR(DeleteBelow<v1::ProgressReport>(txn, task.name()));
  RETURN_IF_ERROR(DeleteBelow<v1::ExtensionRequest>(txn, task.name()));
  RETURN_IF_ERROR(DeleteBelow<v1::Reminder>(txn, task.name()));
  // One that has been issued stays, and the task with it, which can be cancelled.
  RETURN_IF_ERROR(DeleteBelow<v1::SupervisionOrder>(txn, task.name(), "state = DRAFT"));
  return DeleteAttachmentsOf(txn, task.name());
}

absl::StatusOr<Task> AcknowledgeTask(Txn& txn, const Caller& caller, const v1::AcknowledgeTaskRequest& request) {
  RETURN_IF_ERROR(CheckOwnUnit(caller, request.unit()));
  return Change(txn, request, "", [&](Task& task) -> absl::Status {
    return rules::Acknowledge(task, caller, {.now = txn.now(), .today = DayOf(txn.now())});
  });
}

absl::StatusOr<Task> DeclineTask(Txn& txn, const Caller& caller, const v1::DeclineTaskRequest& request) {
  RETURN_IF_ERROR(CheckOwnUnit(caller, request.unit()));
  return Change(txn, request, request.reason(), [&](Task& task) -> absl::Status {
    return rules::Decline(task, caller, request.reason(), {.now = txn.now(), .today = DayOf(txn.now())});
  });
}

absl::StatusOr<Task> RecallTask(Txn& txn, const Caller& caller, const v1::RecallTaskRequest& request) {
  return Change(txn, request, request.reason(), [&](Task& task) -> absl::Status {
    RETURN_IF_ERROR(rules::CheckSteers(task, caller, {COORDINATOR}));
    RETURN_IF_ERROR(rules::Recall(task));
    RETURN_IF_ERROR(CheckSubtasksEnded(txn, task));
    return LapseExtensions(txn, caller, task.name());
  });
}

absl::StatusOr<Task> ReportTaskCompletion(Txn& txn, const Caller& caller,
                                          const v1::ReportTaskCompletionRequest& request) {
  return Change(txn, request, request.summary(), [&](Task& task) -> absl::Status {
    RETURN_IF_ERROR(rules::ReportCompletion(task, caller, txn.now()));
    return CheckSubtasksEnded(txn, task);
  });
}

absl::StatusOr<Task> WithdrawTaskCompletion(Txn& txn, const Caller& caller,
                                            const v1::WithdrawTaskCompletionRequest& request) {
  return Restart(txn, request, request.reason(), [&](Task& task) { return rules::WithdrawCompletion(task, caller); });
}

absl::StatusOr<Task> ReturnTask(Txn& txn, const Caller& caller, const v1::ReturnTaskRequest& request) {
  return Restart(txn, request, request.reason(), [&](Task& task) -> absl::Status {
    RETURN_IF_ERROR(rules::CheckSteers(task, caller, {COORDINATOR, SUPERVISOR}));
    return rules::Return(task, txn.now());
  });
}

absl::StatusOr<Task> CloseTask(Txn& txn, const Caller& caller, const v1::CloseTaskRequest& request) {
  return Change(txn, request, request.comment(), [&](Task& task) -> absl::Status {
    RETURN_IF_ERROR(rules::CheckSteers(task, caller, {COORDINATOR, SUPERVISOR}));
    RETURN_IF_ERROR(rules::Close(task, caller, txn.now()));
    RETURN_IF_ERROR(CheckSubtasksEnded(txn, task));
    return LapseExtensions(txn, caller, task.name());
  });
}

absl::StatusOr<Task> SuspendTask(Txn& txn, const Caller& caller, const v1::SuspendTaskRequest& request) {
  return Change(txn, request, request.reason(), [&](Task& task) -> absl::Status {
    RETURN_IF_ERROR(rules::CheckSteers(task, caller, {COORDINATOR, SUPERVISOR}));
    RETURN_IF_ERROR(rules::Suspend(task, txn.now()));
    return SuspendSubtasks(txn, task);
  });
}

absl::StatusOr<Task> ResumeTask(Txn& txn, const Caller& caller, const v1::ResumeTaskRequest& request) {
  return Restart(txn, request, request.reason(), [&](Task& task) -> absl::Status {
    RETURN_IF_ERROR(rules::CheckSteers(task, caller, {COORDINATOR, SUPERVISOR}));
    RETURN_IF_ERROR(rules::Resume(task, txn.now()));
    RETURN_IF_ERROR(CheckParentOpen(txn, task));
    return ResumeSubtasks(txn, task);
  });
}

absl::StatusOr<Task> CancelTask(Txn& txn, const Caller& caller, const v1::CancelTaskRequest& request) {
  return Change(txn, request, request.reason(), [&](Task& task) -> absl::Status {
    RETURN_IF_ERROR(rules::CheckSteers(task, caller, {COORDINATOR}));
    RETURN_IF_ERROR(rules::Cancel(task));
    RETURN_IF_ERROR(CancelSubtasks(txn, caller, task));
    return LapseExtensions(txn, caller, task.name());
  });
}

absl::StatusOr<Task> CompleteMilestone(Txn& txn, const Caller& caller, const v1::CompleteMilestoneRequest& request) {
  return Change(txn, request, request.milestone(), [&](Task& task) {
    return rules::CompleteMilestone(task, request.milestone(), !request.undone(), caller, txn.now());
  });
}

}  // namespace duikou::taskregistry
