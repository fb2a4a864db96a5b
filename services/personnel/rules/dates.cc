#include "services/personnel/rules/dates.h"

#include <algorithm>

namespace duikou::personnel::rules {
namespace {

int DaysIn(absl::CivilMonth month) { return static_cast<int>(absl::CivilDay(month + 1) - absl::CivilDay(month)); }

}  // namespace

absl::CivilDay AddMonths(absl::CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  return absl::CivilDay(month.year(), month.month(), std::min(day.day(), DaysIn(month)));
}

int AgeOn(absl::CivilDay birth, absl::CivilDay day) {
  const auto years = static_cast<int>(day.year() - birth.year());
  const bool before_birthday = day.month() < birth.month() || (day.month() == birth.month() && day.day() < birth.day());
  return before_birthday ? years - 1 : years;
}

}  // namespace duikou::personnel::rules
