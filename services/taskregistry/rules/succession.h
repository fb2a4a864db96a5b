#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_SUCCESSION_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_SUCCESSION_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::taskregistry::rules {

using Successors = std::vector<std::pair<std::string, std::string>>;  // Names and titles.

// The duties of a unit that ended go to its successor as they stand, acknowledged or not; where that one has a duty
// already, it keeps the weightier of the two. It owes the reports that were still owed, and those after them. After a
// split, or without a successor, nobody can tell whose a duty is: it waits to be reassigned, as if declined; and a
// sub-task that the unit had split off is the coordinator's to steer. Tasks that are over keep the old name. True when
// something changed.
bool Succeed(v1::Task& task, const std::string& unit, const Successors& successors, absl::CivilDay today);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_SUCCESSION_H_
