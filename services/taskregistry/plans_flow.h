#ifndef DUIKOU_SERVICES_TASKREGISTRY_PLANS_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_PLANS_FLOW_H_

#include "common/rpc/context.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::taskregistry {

absl::StatusOr<v1::ImportPlanResponse> ImportPlan(rpc::Context& context, const Caller& caller,
                                                  const v1::ImportPlanRequest& request);
absl::StatusOr<v1::ListUnresolvedUnitsResponse> ListUnresolvedUnits(rpc::Context& context, const Caller& caller,
                                                                    const v1::ListUnresolvedUnitsRequest& request);
absl::StatusOr<v1::LinkUnitsResponse> LinkUnits(rpc::Context& context, const Caller& caller,
                                                const v1::LinkUnitsRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_PLANS_FLOW_H_
