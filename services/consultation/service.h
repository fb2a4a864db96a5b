#ifndef DUIKOU_SERVICES_CONSULTATION_SERVICE_H_
#define DUIKOU_SERVICES_CONSULTATION_SERVICE_H_

#include "common/rpc/service.h"

namespace duikou::consultation {

rpc::ServiceDefinition Definition();

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_SERVICE_H_
