#ifndef DUIKOU_SERVICES_PERSONNEL_SUCCESSION_FLOW_H_
#define DUIKOU_SERVICES_PERSONNEL_SUCCESSION_FLOW_H_

#include "absl/status/status.h"
#include "common/follow/ended_unit.h"
#include "common/store/change_each.h"

namespace duikou::personnel {

// Gives the people, the posts and the engagements under way of a unit that ended to its one successor, in all
// cities, so that its officers can decide what waits for them. After a split, or where it was deleted, a person says
// whose they are; what is over keeps the old name.
absl::Status FollowUnit(Txn& txn, store::Portion& portion, const follow::EndedUnit& ended);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_SUCCESSION_FLOW_H_
