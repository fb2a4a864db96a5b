#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_TERM_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_TERM_H_

#include <algorithm>

#include "absl/time/civil_time.h"

namespace duikou::personnel::rules {

// The days from `first` to `last`, both of them among them; none when `last` lies before `first`.
struct DayRange {
  absl::CivilDay first;
  absl::CivilDay last;

  int64_t Days() const { return std::max<int64_t>(0, last - first + 1); }
  friend bool operator==(const DayRange&, const DayRange&) = default;
};

// The days that both have.
inline DayRange Common(const DayRange& a, const DayRange& b) {
  return {std::max(a.first, b.first), std::min(a.last, b.last)};
}

inline DayRange DaysOf(absl::CivilMonth month) { return {absl::CivilDay(month), absl::CivilDay(month + 1) - 1}; }

// The last day of `months` months from `first`: the day before the one of the same number, or the end of the month that
// has none of that number (民法典 art. 202). 12 months from 2026-03-01 end on 2027-02-28, 1 month from 2026-01-31 on
// 2026-02-28. months >= 1.
inline absl::CivilDay LastDayOfMonths(absl::CivilDay first, int months) {
  const DayRange month = DaysOf(absl::CivilMonth(first) + months);
  return std::min(absl::CivilDay(month.first + (first.day() - 2)), month.last);
}

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_TERM_H_
