#include "services/personnel/rules/dates.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "common/base/error.h"

namespace duikou::personnel::rules {
namespace {

int DaysIn(absl::CivilMonth month) { return static_cast<int>(absl::CivilDay(month + 1) - absl::CivilDay(month)); }

}  // namespace

std::string FormatMonth(absl::CivilMonth month) { return absl::StrFormat("%d-%02d", month.year(), month.month()); }

absl::CivilDay AddMonths(absl::CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  return absl::CivilDay(month.year(), month.month(), std::min(day.day(), DaysIn(month)));
}

absl::Status CheckPast(absl::CivilDay day, const char* field, absl::CivilDay today) {
  if (day <= today) return absl::OkStatus();
  return BadField(field, {"不能是将来的日期。", "must not lie in the future."}, "DATE_IN_FUTURE");
}

int AgeOn(absl::CivilDay birth, absl::CivilDay day) {
  const auto years = static_cast<int>(day.year() - birth.year());
  const bool before_birthday = day.month() < birth.month() || (day.month() == birth.month() && day.day() < birth.day());
  return before_birthday ? years - 1 : years;
}

}  // namespace duikou::personnel::rules
