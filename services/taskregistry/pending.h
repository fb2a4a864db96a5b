#ifndef DUIKOU_SERVICES_TASKREGISTRY_PENDING_H_
#define DUIKOU_SERVICES_TASKREGISTRY_PENDING_H_

#include <memory>
#include <vector>

#include "common/store/txn.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::taskregistry {

// 待办, derived from states: what waits for the caller's unit, and for his roles. Overdue first, then by due date, then
// by number. `absents` are those whose deputy the caller is today: what waits for them waits for him.
absl::StatusOr<v1::ListPendingResponse> ListPending(const View& view, const Caller& caller,
                                                    const v1::ListPendingRequest& request,
                                                    const std::vector<std::shared_ptr<const Caller>>& absents);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_PENDING_H_
