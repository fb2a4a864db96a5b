#ifndef DUIKOU_SERVICES_PERSONNEL_NOMINATIONS_FLOW_H_
#define DUIKOU_SERVICES_PERSONNEL_NOMINATIONS_FLOW_H_

#include "common/rpc/context.h"
#include "duikou/personnel/v1/exchange_planning.pb.h"

namespace duikou::personnel {

absl::StatusOr<v1::ImportNominationsResponse> ImportNominations(rpc::Context& context, const Caller& caller,
                                                                const v1::ImportNominationsRequest& request);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_NOMINATIONS_FLOW_H_
