#ifndef DUIKOU_SERVICES_TASKREGISTRY_LEDGER_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_LEDGER_FLOW_H_

#include "common/rpc/context.h"
#include "duikou/taskregistry/v1/overview.pb.h"

namespace duikou::taskregistry {

absl::StatusOr<v1::ExportLedgerResponse> ExportLedger(rpc::Context& context, const Caller& caller,
                                                      const v1::ExportLedgerRequest& request);
absl::StatusOr<v1::ImportLedgerResponse> ImportLedger(rpc::Context& context, const Caller& caller,
                                                      const v1::ImportLedgerRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_LEDGER_FLOW_H_
