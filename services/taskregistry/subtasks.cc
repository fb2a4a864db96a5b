#include "services/taskregistry/subtasks.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/store/find_stored.h"
#include "services/taskregistry/extensions.h"
#include "services/taskregistry/reports.h"
#include "services/taskregistry/rules/subtasks.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry {

using v1::Task;

namespace {

// The tasks that were split from one, directly, whether the caller may see them or not: who steers a task may lack a
// part of its part, where these are RESTRICTED.
absl::StatusOr<std::vector<Task>> SubtasksOf(const View& view, const Task& task) {
  // Only a task that can be split is asked for.
  if (task.depth() >= rules::kMaxDepth) return std::vector<Task>();
  return WholeView(view)->ListAll<Task>({.parent = "cities/" + std::string(schema::CityOf(task.name())),
                                         .where = {{"parent_task", store::Value(task.name())}}});
}

// The task that one was split from; without its name where the caller does not see it, as it is RESTRICTED.
absl::StatusOr<Task> ParentOf(const View& view, const Task& task) {
  auto parent = view.Get<Task>(task.parent_task());
  if (!absl::IsNotFound(parent.status())) return parent;
  ASSIGN_OR_RETURN(std::optional<Task> stored, FindStored<Task>(view, task.parent_task()));
  if (!stored) return parent.status();
  stored->clear_name();
  return *std::move(stored);
}

}  // namespace

absl::Status CheckSubtasksEnded(const View& view, const Task& task) {
  ASSIGN_OR_RETURN(std::vector<Task> subtasks, SubtasksOf(view, task));
  for (Task& subtask : subtasks) {
    const auto seen = view.Get<Task>(subtask.name());
    if (!seen.ok() && !absl::IsNotFound(seen.status())) return seen.status();
    if (seen.ok()) continue;
    subtask.clear_name();
    subtask.clear_number();
  }
  return rules::CheckSubtasksEnded(subtasks);
}

absl::Status CheckParentOpen(const View& view, const Task& task) {
  if (task.parent_task().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Task parent, ParentOf(view, task));
  return rules::CheckParentOpen(parent);
}

absl::Status CheckParentDue(const View& view, const Task& task, const std::string& field) {
  if (task.parent_task().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Task parent, ParentOf(view, task));
  return rules::CheckWithinParent(parent, task, field);
}

absl::Status CancelSubtasks(Txn& txn, const Caller& caller, const Task& parent) {
  ASSIGN_OR_RETURN(std::vector<Task> subtasks, SubtasksOf(txn, parent));
  for (Task& task : subtasks) {
    RETURN_IF_ERROR(CancelSubtasks(txn, caller, task));
    if (!rules::Allows(task.state(), rules::Action::kCancel)) continue;
    RETURN_IF_ERROR(rules::Cancel(task));
    RETURN_IF_ERROR(LapseExtensions(txn, caller, task.name()));
    RETURN_IF_ERROR(txn.Update(std::move(task)).status());
  }
  return absl::OkStatus();
}

absl::Status SuspendSubtasks(Txn& txn, const Task& parent) {
  ASSIGN_OR_RETURN(std::vector<Task> subtasks, SubtasksOf(txn, parent));
  for (Task& task : subtasks) {
    RETURN_IF_ERROR(SuspendSubtasks(txn, task));
    if (!rules::Allows(task.state(), rules::Action::kSuspend)) continue;
    RETURN_IF_ERROR(rules::Suspend(task, txn.now()));
    task.set_suspended_with_parent(true);
    RETURN_IF_ERROR(txn.Update(std::move(task)).status());
  }
  return absl::OkStatus();
}

absl::Status ResumeSubtasks(Txn& txn, const Task& parent) {
  ASSIGN_OR_RETURN(std::vector<Task> subtasks, SubtasksOf(txn, parent));
  for (Task& task : subtasks) {
    if (task.state() != Task::SUSPENDED || !task.suspended_with_parent()) continue;
    RETURN_IF_ERROR(rules::Resume(task, txn.now()));
    RETURN_IF_ERROR(RecountOwed(txn, task));
    RETURN_IF_ERROR(ResumeSubtasks(txn, task));
    RETURN_IF_ERROR(txn.Update(std::move(task)).status());
  }
  return absl::OkStatus();
}

}  // namespace duikou::taskregistry
