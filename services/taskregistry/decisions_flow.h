#ifndef DUIKOU_SERVICES_TASKREGISTRY_DECISIONS_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_DECISIONS_FLOW_H_

#include <memory>

#include "common/follow/follower.h"

namespace duikou::taskregistry {

// Has each decision that all parties of a consultation signed become a draft task in the city of each of its lead
// units, exactly once, linked both ways. The task's name, which follows from the decision's, is told to the
// consultation first; the task then comes with the step of the cursor. Killed in between, the same is told again.
std::unique_ptr<follow::Follower> FollowConsultations(store::Store& store, rpc::Peers& peers);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_DECISIONS_FLOW_H_
