#ifndef DUIKOU_SERVICES_PERSONNEL_SERVICE_H_
#define DUIKOU_SERVICES_PERSONNEL_SERVICE_H_

#include "common/rpc/service.h"

namespace duikou::personnel {

// The personnel service: its service, resources and functions.
rpc::ServiceDefinition Definition();

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_SERVICE_H_
