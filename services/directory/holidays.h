#ifndef DUIKOU_SERVICES_DIRECTORY_HOLIDAYS_H_
#define DUIKOU_SERVICES_DIRECTORY_HOLIDAYS_H_

#include "common/store/txn.h"
#include "duikou/directory/v1/holiday_year.pb.h"

namespace duikou::directory {

absl::Status OnCreateHolidayYear(Txn& txn, const Caller& caller, v1::HolidayYear& year);
absl::Status OnUpdateHolidayYear(Txn& txn, const Caller& caller, const v1::HolidayYear& before, v1::HolidayYear& after);

}  // namespace duikou::directory

#endif  // DUIKOU_SERVICES_DIRECTORY_HOLIDAYS_H_
