#ifndef DUIKOU_SERVICES_TASKREGISTRY_FIGURES_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_FIGURES_FLOW_H_

#include "common/rpc/context.h"
#include "duikou/taskregistry/v1/overview.pb.h"
#include "services/taskregistry/task_history_feed.h"

namespace duikou::taskregistry {

absl::StatusOr<v1::GetFiguresResponse> GetFigures(rpc::Context& context, const TaskHistoryFeed& history,
                                                  const Caller& caller, const v1::GetFiguresRequest& request);
absl::StatusOr<v1::ExportFiguresResponse> ExportFigures(rpc::Context& context, const TaskHistoryFeed& history,
                                                        const Caller& caller, const v1::ExportFiguresRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_FIGURES_FLOW_H_
