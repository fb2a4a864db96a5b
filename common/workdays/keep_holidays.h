#ifndef DUIKOU_COMMON_WORKDAYS_KEEP_HOLIDAYS_H_
#define DUIKOU_COMMON_WORKDAYS_KEEP_HOLIDAYS_H_

#include "common/follow/follower.h"

namespace duikou::workdays {

// Keeps a copy of a year's holidays, under its name at the directory; empty for changes of anything else. For
// Follower::Options::prepare, with "holiday_year" among its types.
follow::Follower::Effect KeepHolidays(const duikou::log::v1::Change& change);

}  // namespace duikou::workdays

#endif  // DUIKOU_COMMON_WORKDAYS_KEEP_HOLIDAYS_H_
