#ifndef DUIKOU_SERVICES_TASKREGISTRY_PENDING_H_
#define DUIKOU_SERVICES_TASKREGISTRY_PENDING_H_

#include <string>
#include <vector>

#include "common/store/txn.h"
#include "duikou/pending/v1/pending.pb.h"

namespace duikou::taskregistry {

// 待办, derived from states: what waits in a city, "cities/210800", for the caller's unit, and for his roles.
absl::StatusOr<std::vector<duikou::pending::v1::PendingItem>> GatherPending(const View& view, const Caller& caller,
                                                                            const std::string& city);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_PENDING_H_
