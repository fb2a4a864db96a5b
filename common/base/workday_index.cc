#include "common/base/workday_index.h"

#include <algorithm>

namespace duikou {

int32_t WorkdayIndex::Weekdays(int32_t day) {
  const int32_t since_monday = day + 3;  // 1970-01-01 was a Thursday.
  const int32_t week = since_monday >= 0 ? since_monday / 7 : -((6 - since_monday) / 7);
  return week * 5 + std::min(since_monday - week * 7 + 1, 5);
}

WorkdayIndex::WorkdayIndex(const WorkdayCalendar& calendar) {
  const auto years = calendar.Years();
  if (!years) return;
  const int32_t last = DayNumber(absl::CivilDay(years->second, 12, 31));
  first_ = DayNumber(absl::CivilDay(years->first, 1, 1));
  sums_.reserve(static_cast<size_t>(last - first_ + 1));
  int32_t sum = Weekdays(first_ - 1);
  for (int32_t day = first_; day <= last; ++day) {
    if (calendar.IsWorkday(DayOfNumber(day))) ++sum;
    sums_.push_back(sum);
  }
  beyond_ = sum - Weekdays(last);
}

}  // namespace duikou
