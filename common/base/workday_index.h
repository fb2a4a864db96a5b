#ifndef DUIKOU_COMMON_BASE_WORKDAY_INDEX_H_
#define DUIKOU_COMMON_BASE_WORKDAY_INDEX_H_

#include <cstdint>
#include <vector>

#include "absl/time/civil_time.h"
#include "common/base/workday.h"

namespace duikou {

// A day as a number: days since 1970-01-01, for what is counted often.
constexpr int32_t DayNumber(absl::CivilDay day) { return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1)); }
constexpr absl::CivilDay DayOfNumber(int32_t number) { return absl::CivilDay(1970, 1, 1) + number; }

// Counts the workdays of a WorkdayCalendar in constant time, also over years without a notice (Monday to Friday). A
// snapshot: made anew when a year's holidays change.
class WorkdayIndex {
 public:
  explicit WorkdayIndex(const WorkdayCalendar& calendar);

  // Workdays up to and with the day, counted from a fixed day: of use as a difference.
  int32_t UpTo(int32_t day) const {
    const int64_t place = int64_t{day} - first_;
    if (place < 0) return Weekdays(day);
    if (place < static_cast<int64_t>(sums_.size())) return sums_[static_cast<size_t>(place)];
    return Weekdays(day) + beyond_;
  }
  // Workdays after `from` up to and with `to`, as WorkdayCalendar::Between counts them; negative when `to` lies before.
  int32_t Between(int32_t from, int32_t to) const { return UpTo(to) - UpTo(from); }

 private:
  // Days from Monday to Friday up to and with the day.
  static int32_t Weekdays(int32_t day);

  int32_t first_ = 0;          // The day of sums_[0].
  std::vector<int32_t> sums_;  // From the first to the last year with a notice.
  int32_t beyond_ = 0;         // What the notices add to the count after those years.
};

}  // namespace duikou

#endif  // DUIKOU_COMMON_BASE_WORKDAY_INDEX_H_
