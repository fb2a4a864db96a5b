#ifndef DUIKOU_SERVICES_TASKREGISTRY_ANNUAL_REPORT_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_ANNUAL_REPORT_FLOW_H_

#include "common/rpc/context.h"
#include "duikou/taskregistry/v1/overview.pb.h"
#include "services/taskregistry/task_history_feed.h"

namespace duikou::taskregistry {

absl::StatusOr<v1::DraftAnnualReportResponse> DraftAnnualReport(rpc::Context& context, const TaskHistoryFeed& history,
                                                                const Caller& caller,
                                                                const v1::DraftAnnualReportRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_ANNUAL_REPORT_FLOW_H_
