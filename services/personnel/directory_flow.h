#ifndef DUIKOU_SERVICES_PERSONNEL_DIRECTORY_FLOW_H_
#define DUIKOU_SERVICES_PERSONNEL_DIRECTORY_FLOW_H_

#include <memory>

#include "common/follow/follower.h"

namespace duikou::personnel {

// Keeps the holidays of every city as the directory has them, and reckons anew what waits for a workday: the last day
// for 报到, the last day of 公示. Has people, posts and open engagements follow the units that are merged.
std::unique_ptr<follow::Follower> FollowDirectory(store::Store& store, rpc::Peers& peers);
// What a change of holidays does here; empty for any other change.
follow::Follower::Effect HolidaysChanged(const duikou::log::v1::Change& change);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_DIRECTORY_FLOW_H_
