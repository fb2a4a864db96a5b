#ifndef DUIKOU_COMMON_WORKDAYS_HOLIDAY_YEARS_H_
#define DUIKOU_COMMON_WORKDAYS_HOLIDAY_YEARS_H_

#include <string>
#include <vector>

#include "common/base/workday.h"
#include "common/store/txn.h"
#include "duikou/directory/v1/holiday_year.pb.h"

namespace duikou::workdays {

WorkdayCalendar MakeCalendar(const std::vector<duikou::directory::v1::HolidayYear>& years);

// The workdays of a city, "cities/210800", by the store's records of holidays: the directory's own, or the copies that
// another service keeps of them.
absl::StatusOr<WorkdayCalendar> CalendarOf(const View& view, const std::string& city);

}  // namespace duikou::workdays

#endif  // DUIKOU_COMMON_WORKDAYS_HOLIDAY_YEARS_H_
