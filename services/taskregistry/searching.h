#ifndef DUIKOU_SERVICES_TASKREGISTRY_SEARCHING_H_
#define DUIKOU_SERVICES_TASKREGISTRY_SEARCHING_H_

#include "common/indexing/answer.h"
#include "duikou/taskregistry/v1/overview.pb.h"

namespace duikou::taskregistry {

// How tasks and plans are searched.
indexing::RecordIndex::Options TaskIndex(store::Store& store);
indexing::RecordIndex::Options PlanIndex(store::Store& store);

absl::StatusOr<duikou::search::v1::SearchResponse> SearchTasks(const View& view, const Caller& caller,
                                                               const indexing::RecordIndex& index,
                                                               const v1::SearchTasksRequest& request);
absl::StatusOr<duikou::search::v1::SearchResponse> SearchPlans(const View& view, const Caller& caller,
                                                               const indexing::RecordIndex& index,
                                                               const v1::SearchPlansRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_SEARCHING_H_
