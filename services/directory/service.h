#ifndef DUIKOU_SERVICES_DIRECTORY_SERVICE_H_
#define DUIKOU_SERVICES_DIRECTORY_SERVICE_H_

#include "common/rpc/service.h"

namespace duikou::directory {

// The directory: its services, resources and functions.
rpc::ServiceDefinition Definition();

}  // namespace duikou::directory

#endif  // DUIKOU_SERVICES_DIRECTORY_SERVICE_H_
