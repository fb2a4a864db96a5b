#ifndef DUIKOU_SERVICES_TECHTRANSFER_SERVICE_H_
#define DUIKOU_SERVICES_TECHTRANSFER_SERVICE_H_

#include "common/rpc/service.h"

namespace duikou::techtransfer {

rpc::ServiceDefinition Definition();

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_SERVICE_H_
