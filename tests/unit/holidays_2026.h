#ifndef DUIKOU_TESTS_UNIT_HOLIDAYS_2026_H_
#define DUIKOU_TESTS_UNIT_HOLIDAYS_2026_H_

#include "common/base/workday.h"

namespace duikou::testing {

// The weekdays off and the weekend days worked in 2026, laid out as the State Council's yearly notice lays them out:
// 13 legal holidays, so that the year has 248 workdays.
inline WorkdayCalendar::Year Holidays2026() {
  WorkdayCalendar::Year year;
  const int off[][2] = {{1, 1}, {1, 2}, {2, 16}, {2, 17}, {2, 18}, {2, 19}, {2, 20}, {2, 23}, {4, 6}, {5, 1},
                        {5, 4}, {5, 5}, {6, 19}, {9, 25}, {10, 1}, {10, 2}, {10, 5}, {10, 6}, {10, 7}};
  const int worked[][2] = {{1, 4}, {2, 14}, {2, 28}, {5, 9}, {9, 20}, {10, 10}};
  for (const auto& [month, day] : off) year.holidays.insert(absl::CivilDay(2026, month, day));
  for (const auto& [month, day] : worked) year.makeup_workdays.insert(absl::CivilDay(2026, month, day));
  return year;
}

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_UNIT_HOLIDAYS_2026_H_
