#ifndef DUIKOU_SERVICES_TASKREGISTRY_SUBTASKS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_SUBTASKS_H_

#include <string>

#include "common/store/txn.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::taskregistry {

// A task that is complete, closed or recalled has no open sub-task: SUBTASKS_OPEN, which names none that the caller may
// not see.
absl::Status CheckSubtasksEnded(const View& view, const v1::Task& task);

// A task that is issued, resumed or reopened under a parent: PARENT_NOT_OPEN.
absl::Status CheckParentOpen(const View& view, const v1::Task& task);
// The due date of a sub-task, in a field: DUE_AFTER_PARENT.
absl::Status CheckParentDue(const View& view, const v1::Task& task, const std::string& field = "task.due_date");

// What happens to a parent happens to its sub-tasks, at every depth: they are cancelled with what lapses by it,
// suspended, and resumed where it was the parent that suspended them, also those that the caller may not see.
absl::Status CancelSubtasks(Txn& txn, const Caller& caller, const v1::Task& parent);
absl::Status SuspendSubtasks(Txn& txn, const v1::Task& parent);
absl::Status ResumeSubtasks(Txn& txn, const v1::Task& parent);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_SUBTASKS_H_
