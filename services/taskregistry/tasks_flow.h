#ifndef DUIKOU_SERVICES_TASKREGISTRY_TASKS_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_TASKS_FLOW_H_

#include <set>
#include <string>

#include "common/rpc/context.h"
#include "duikou/taskregistry/v1/registry.pb.h"
#include "services/taskregistry/rules/duties.h"

namespace duikou::taskregistry {

absl::StatusOr<v1::Task> IssueTask(rpc::Context& context, const Caller& caller, const v1::IssueTaskRequest& request);
absl::StatusOr<v1::Task> ReassignTask(rpc::Context& context, const Caller& caller,
                                      const v1::ReassignTaskRequest& request);
// Units that ended while the task was closed have kept their duties in it: these go to who came after them.
absl::StatusOr<v1::Task> ReopenTask(rpc::Context& context, const Caller& caller, const v1::ReopenTaskRequest& request);
absl::StatusOr<v1::PlanTasksResponse> IssuePlan(rpc::Context& context, const Caller& caller,
                                                const v1::IssuePlanRequest& request);

// What the directory says of units today, with the members of groups; of all of them also what they stand below, where
// that is asked for. UNAVAILABLE when it cannot be asked.
enum class Superiors { kLeaveOut, kAsk };
absl::StatusOr<rules::UnitBook> AskDirectory(rpc::Context& context, const std::set<std::string>& units,
                                             Superiors superiors = Superiors::kLeaveOut);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_TASKS_FLOW_H_
