#ifndef DUIKOU_SERVICES_TASKREGISTRY_PLANS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_PLANS_H_

#include <string>
#include <vector>

#include "common/store/txn.h"
#include "duikou/taskregistry/v1/plan.pb.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::taskregistry {

// Gives a new plan its number, the next of its city and year.
absl::Status NumberPlan(Txn& txn, v1::Plan& plan);
absl::Status OnCreatePlan(Txn& txn, const Caller& caller, v1::Plan& plan);
absl::Status OnUpdatePlan(Txn& txn, const Caller& caller, const v1::Plan& before, v1::Plan& after);

absl::StatusOr<v1::PlanTasksResponse> SetPlanDefaults(Txn& txn, const Caller& caller,
                                                      const v1::SetPlanDefaultsRequest& request);

// The drafts of a plan in the order of their numbers.
absl::StatusOr<std::vector<v1::Task>> DraftsOf(const View& view, const std::string& plan);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_PLANS_H_
