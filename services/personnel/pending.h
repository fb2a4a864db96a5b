#ifndef DUIKOU_SERVICES_PERSONNEL_PENDING_H_
#define DUIKOU_SERVICES_PERSONNEL_PENDING_H_

#include <string>
#include <vector>

#include "common/store/txn.h"
#include "duikou/pending/v1/pending.pb.h"

namespace duikou::personnel {

// 待办 of a city, "cities/210800": what waits there for its personnel officers in what it sends, receives and pays, for
// its coordinators in what it pays, and for the officers of a retired cadre's former unit.
absl::StatusOr<std::vector<duikou::pending::v1::PendingItem>> GatherPending(const View& view, const Caller& caller,
                                                                            const std::string& city);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_PENDING_H_
