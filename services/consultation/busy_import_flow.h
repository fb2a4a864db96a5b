#ifndef DUIKOU_SERVICES_CONSULTATION_BUSY_IMPORT_FLOW_H_
#define DUIKOU_SERVICES_CONSULTATION_BUSY_IMPORT_FLOW_H_

#include "common/rpc/context.h"
#include "duikou/consultation/v1/calendars.pb.h"

namespace duikou::consultation {

// It calls nobody, but reads the file before the transaction: what a file may take keeps no other write waiting.
absl::StatusOr<v1::ImportBusyTimeResponse> ImportBusyTime(rpc::Context& context, const Caller& caller,
                                                          const v1::ImportBusyTimeRequest& request);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_BUSY_IMPORT_FLOW_H_
