#ifndef DUIKOU_SERVICES_TASKREGISTRY_SETTINGS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_SETTINGS_H_

#include <string>
#include <vector>

#include "common/base/workday.h"
#include "common/store/txn.h"
#include "duikou/taskregistry/v1/settings.pb.h"
#include "services/taskregistry/rules/duties.h"

namespace duikou::taskregistry {

absl::Status OnCreateSettings(Txn& txn, const Caller& caller, v1::Settings& settings);
absl::Status OnCreateHolidayYear(Txn& txn, const Caller& caller, v1::HolidayYear& year);
absl::Status OnUpdateHolidayYear(Txn& txn, const Caller& caller, const v1::HolidayYear& before, v1::HolidayYear& after);

// The settings of a city with the defaults filled in: 2 workdays to acknowledge, 3 to report; the city's code as prefix
// of numbers.
absl::StatusOr<v1::Settings> SettingsOf(const View& view, const std::string& city);
WorkdayCalendar MakeCalendar(const std::vector<v1::HolidayYear>& years);
// The workdays of a city, by its records of holidays.
absl::StatusOr<WorkdayCalendar> CalendarOf(const View& view, const std::string& city);
// Now, and until when a unit that is asked now must acknowledge.
absl::StatusOr<rules::Moment> MomentOf(const View& view, const std::string& city);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_SETTINGS_H_
