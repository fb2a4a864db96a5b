#ifndef DUIKOU_SERVICES_TASKREGISTRY_CITY_DUTIES_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_CITY_DUTIES_FLOW_H_

#include "common/rpc/context.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::taskregistry {

absl::StatusOr<v1::Task> TakeOnDuty(rpc::Context& context, const Caller& caller, const v1::TakeOnDutyRequest& request);
absl::StatusOr<v1::Task> AssignDuty(rpc::Context& context, const Caller& caller, const v1::AssignDutyRequest& request);
absl::StatusOr<v1::Task> DeclineDuty(Txn& txn, const Caller& caller, const v1::DeclineDutyRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_CITY_DUTIES_FLOW_H_
