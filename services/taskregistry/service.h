#ifndef DUIKOU_SERVICES_TASKREGISTRY_SERVICE_H_
#define DUIKOU_SERVICES_TASKREGISTRY_SERVICE_H_

#include "common/rpc/service.h"

namespace duikou::taskregistry {

// The task registry: its service, resources and functions.
rpc::ServiceDefinition Definition();

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_SERVICE_H_
