#ifndef DUIKOU_SERVICES_TASKREGISTRY_SUCCESSION_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_SUCCESSION_FLOW_H_

#include <memory>
#include <string>

#include "common/follow/follower.h"
#include "common/store/change_each.h"
#include "services/taskregistry/rules/succession.h"

namespace duikou::taskregistry {

// What a unit that ended has open in all cities goes to its one successor: its duties, and what waits for it or was
// asked for by it. After a split, and where it was deleted and has no successor, its duties wait to be reassigned
// (rules/succession.h), and what it was to decide waits for the coordinator.
absl::Status MoveDuties(Txn& txn, store::Portion& portion, const std::string& unit,
                        const rules::Successors& successors);

// Has open duties follow the units that the directory merges, splits and deletes, and keeps its holidays, in every
// city.
std::unique_ptr<follow::Follower> FollowDirectory(store::Store& store, rpc::Peers& peers);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_SUCCESSION_FLOW_H_
