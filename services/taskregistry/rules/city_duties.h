#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_CITY_DUTIES_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_CITY_DUTIES_H_

#include <string>
#include <vector>

#include "services/taskregistry/rules/duties.h"

namespace duikou::taskregistry::rules {

// A duty meant for a unit of another city: what that city's COORDINATOR does. Each acts for the units of his own city
// alone (OTHER_CITY), and on an unknown duty gets DUTY_UNKNOWN.

// 接办: AWAITING_CITY→TAKEN_ON. Reasons: DUTY_NOT_ASKED.
absl::Status TakeOnDuty(v1::Task& task, const std::string& duty, const Caller& by, const Moment& moment);

// 转办 of a duty taken on to units of his city, who await acknowledgement; also again, whether they acknowledged or
// declined. Reasons: DUTY_NOT_TAKEN_ON, UNIT_NOT_ACTIVE, GROUP_CANNOT_LEAD, GROUP_EMPTY, DUTY_TWICE.
absl::Status AssignDuty(v1::Task& task, const std::string& duty, const std::vector<std::string>& to,
                        const UnitBook& units, const Caller& by, const Moment& moment);

// 不接办, or given back before it is assigned: →CITY_DECLINED, for the task's own coordinator to reassign. Reasons:
// DUTY_NOT_ASKED.
absl::Status DeclineDuty(v1::Task& task, const std::string& duty, const std::string& reason, const Caller& by);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_CITY_DUTIES_H_
