#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_DATES_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_DATES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "common/base/workday.h"
#include "duikou/type/v1/date.pb.h"

namespace duikou::personnel::rules {

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

// "2026-03"
std::string FormatMonth(absl::CivilMonth month);

// The day of the same number so many months later, or the last of that month where it has no such day.
absl::CivilDay AddMonths(absl::CivilDay day, int months);

// Reasons: DATE_IN_FUTURE, of the field.
absl::Status CheckPast(absl::CivilDay day, const char* field, absl::CivilDay today);

// Whole years lived on a day. Born on 29 February, one is a year older from 1 March on in common years.
int AgeOn(absl::CivilDay birth, absl::CivilDay day);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_DATES_H_
