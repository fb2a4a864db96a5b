#ifndef DUIKOU_SERVICES_TASKREGISTRY_SUPERVISION_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_SUPERVISION_FLOW_H_

#include "common/rpc/context.h"
#include "common/schedule/daily.h"
#include "duikou/taskregistry/v1/supervision.pb.h"

namespace duikou::taskregistry {

absl::StatusOr<v1::SuperviseTasksResponse> SuperviseTasks(schedule::Daily& daily, rpc::Context& context,
                                                          const Caller& caller,
                                                          const v1::SuperviseTasksRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_SUPERVISION_FLOW_H_
