#ifndef DUIKOU_COMMON_BASE_WORKDAY_H_
#define DUIKOU_COMMON_BASE_WORKDAY_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace duikou {

// The time zone of a Chinese city's working day.
absl::TimeZone ShanghaiTime();
// The day on which a moment falls there.
absl::CivilDay DayOf(absl::Time moment);
// The moment at which a day begins there.
absl::Time StartOf(absl::CivilDay day);
// "2026-03-01"; and back, nullopt for what is not such a date.
std::string FormatDay(absl::CivilDay day);
std::optional<absl::CivilDay> ParseDay(absl::string_view text);

// Which days are worked: Monday to Friday, less holidays, plus make-up workdays (调休), as the State Council's yearly
// notices say. A year without a notice counts Monday to Friday, and results that touch it are tentative (暂定).
class WorkdayCalendar {
 public:
  struct Year {
    std::set<absl::CivilDay> holidays;
    std::set<absl::CivilDay> makeup_workdays;
  };
  struct Result {
    absl::CivilDay day;
    bool tentative = false;
  };

  void SetYear(int year, Year days) { years_[year] = std::move(days); }
  bool HasYear(int64_t year) const { return years_.contains(year); }
  // The first and the last year with a notice; nullopt without any.
  std::optional<std::pair<int64_t, int64_t>> Years() const {
    if (years_.empty()) return std::nullopt;
    return std::pair(years_.begin()->first, years_.rbegin()->first);
  }

  bool IsWorkday(absl::CivilDay day) const;
  // The Nth workday after `from`, which itself does not count (民法典 arts. 201, 203); n >= 0, 0 gives `from`. The
  // period ends at the end of that day.
  Result Add(absl::CivilDay from, int n) const;
  // Workdays after `from` up to and with `to`; negative when `to` lies before.
  int Between(absl::CivilDay from, absl::CivilDay to) const;

 private:
  std::map<int64_t, Year> years_;
};

}  // namespace duikou

#endif  // DUIKOU_COMMON_BASE_WORKDAY_H_
