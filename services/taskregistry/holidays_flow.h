#ifndef DUIKOU_SERVICES_TASKREGISTRY_HOLIDAYS_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_HOLIDAYS_FLOW_H_

#include "common/follow/follower.h"

namespace duikou::taskregistry {

// What a change of a city's holidays does here: keeps them as the directory has them, and reckons anew when open duties
// must be acknowledged and when tentative reports were due, by the settings of today. Empty for any other change.
follow::Follower::Effect HolidaysChanged(const duikou::log::v1::Change& change);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_HOLIDAYS_FLOW_H_
