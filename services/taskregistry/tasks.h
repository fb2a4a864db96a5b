#ifndef DUIKOU_SERVICES_TASKREGISTRY_TASKS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_TASKS_H_

#include <string>

#include "common/store/txn.h"
#include "duikou/taskregistry/v1/registry.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::taskregistry {

// The task that a record lies under: "cities/210800/tasks/t1" for "cities/210800/tasks/t1/reports/r1".
std::string TaskAbove(const std::string& child);

// Finishes a draft that has its fields: state, ids of its duties and its number, which goes on from that of the plan or
// task above it. Reasons: those of rules::CheckFields.
absl::Status PrepareDraft(Txn& txn, const std::string& above, v1::Task& task);

absl::Status OnCreateTask(Txn& txn, const Caller& caller, v1::Task& task);
absl::Status OnUpdateTask(Txn& txn, const Caller& caller, const v1::Task& before, v1::Task& after);
absl::Status OnDeleteTask(Txn& txn, const Caller& caller, const v1::Task& task);

absl::StatusOr<v1::Task> AcknowledgeTask(Txn& txn, const Caller& caller, const v1::AcknowledgeTaskRequest& request);
absl::StatusOr<v1::Task> DeclineTask(Txn& txn, const Caller& caller, const v1::DeclineTaskRequest& request);
absl::StatusOr<v1::Task> RecallTask(Txn& txn, const Caller& caller, const v1::RecallTaskRequest& request);
absl::StatusOr<v1::Task> ReportTaskCompletion(Txn& txn, const Caller& caller,
                                              const v1::ReportTaskCompletionRequest& request);
absl::StatusOr<v1::Task> WithdrawTaskCompletion(Txn& txn, const Caller& caller,
                                                const v1::WithdrawTaskCompletionRequest& request);
absl::StatusOr<v1::Task> ReturnTask(Txn& txn, const Caller& caller, const v1::ReturnTaskRequest& request);
absl::StatusOr<v1::Task> CloseTask(Txn& txn, const Caller& caller, const v1::CloseTaskRequest& request);
absl::StatusOr<v1::Task> SuspendTask(Txn& txn, const Caller& caller, const v1::SuspendTaskRequest& request);
absl::StatusOr<v1::Task> ResumeTask(Txn& txn, const Caller& caller, const v1::ResumeTaskRequest& request);
absl::StatusOr<v1::Task> CancelTask(Txn& txn, const Caller& caller, const v1::CancelTaskRequest& request);
absl::StatusOr<v1::Task> CompleteMilestone(Txn& txn, const Caller& caller, const v1::CompleteMilestoneRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_TASKS_H_
