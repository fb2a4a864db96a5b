#ifndef DUIKOU_SERVICES_CONSULTATION_PENDING_H_
#define DUIKOU_SERVICES_CONSULTATION_PENDING_H_

#include <string>
#include <vector>

#include "common/store/txn.h"
#include "duikou/pending/v1/pending.pb.h"

namespace duikou::consultation {

// 待办 of a city, "cities/210800": what waits there for schedulers and coordinators, and for who answers for a leader.
absl::StatusOr<std::vector<duikou::pending::v1::PendingItem>> GatherPending(const View& view, const Caller& caller,
                                                                            const std::string& city);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_PENDING_H_
