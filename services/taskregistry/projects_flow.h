#ifndef DUIKOU_SERVICES_TASKREGISTRY_PROJECTS_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_PROJECTS_FLOW_H_

#include "common/rpc/context.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::taskregistry {

// A flow because a long document is read anew, which is not done inside a transaction.
absl::StatusOr<v1::ImportProjectsResponse> ImportProjects(rpc::Context& context, const Caller& caller,
                                                          const v1::ImportProjectsRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_PROJECTS_FLOW_H_
