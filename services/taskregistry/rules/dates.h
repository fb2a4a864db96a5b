#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_DATES_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_DATES_H_

#include "absl/time/civil_time.h"
#include "common/base/workday.h"
#include "duikou/type/v1/date.pb.h"

namespace duikou::taskregistry::rules {

inline absl::CivilDay ToCivil(const duikou::type::v1::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

inline duikou::type::v1::Date ToDate(absl::CivilDay day) {
  duikou::type::v1::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_DATES_H_
