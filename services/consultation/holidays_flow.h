#ifndef DUIKOU_SERVICES_CONSULTATION_HOLIDAYS_FLOW_H_
#define DUIKOU_SERVICES_CONSULTATION_HOLIDAYS_FLOW_H_

#include <memory>

#include "common/follow/follower.h"

namespace duikou::consultation {

// Keeps the holidays of every city as the directory has them.
std::unique_ptr<follow::Follower> FollowHolidays(store::Store& store, rpc::Peers& peers);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_HOLIDAYS_FLOW_H_
