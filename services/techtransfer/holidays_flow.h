#ifndef DUIKOU_SERVICES_TECHTRANSFER_HOLIDAYS_FLOW_H_
#define DUIKOU_SERVICES_TECHTRANSFER_HOLIDAYS_FLOW_H_

#include <memory>

#include "common/follow/follower.h"

namespace duikou::techtransfer {

// Keeps the directory's holidays, and with each change the days on which registrations are due.
std::unique_ptr<follow::Follower> FollowHolidays(store::Store& store, rpc::Peers& peers);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_HOLIDAYS_FLOW_H_
