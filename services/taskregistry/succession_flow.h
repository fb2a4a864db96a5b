#ifndef DUIKOU_SERVICES_TASKREGISTRY_SUCCESSION_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_SUCCESSION_FLOW_H_

#include <memory>

#include "common/follow/follower.h"

namespace duikou::taskregistry {

// Has open duties follow the units that the directory merges and splits, and keeps its holidays, in every city.
std::unique_ptr<follow::Follower> FollowDirectory(store::Store& store, rpc::Peers& peers);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_SUCCESSION_FLOW_H_
