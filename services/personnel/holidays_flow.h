#ifndef DUIKOU_SERVICES_PERSONNEL_HOLIDAYS_FLOW_H_
#define DUIKOU_SERVICES_PERSONNEL_HOLIDAYS_FLOW_H_

#include <memory>

#include "common/follow/follower.h"

namespace duikou::personnel {

// Keeps the holidays of every city as the directory has them, and reckons anew what waits for a workday: the last day
// for 报到, the last day of 公示.
std::unique_ptr<follow::Follower> FollowHolidays(store::Store& store, rpc::Peers& peers);
// What a change of the directory does here; empty for nothing.
follow::Follower::Effect HolidaysChanged(const duikou::log::v1::Change& change);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_HOLIDAYS_FLOW_H_
