#include "common/base/workday.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace duikou {

absl::TimeZone ShanghaiTime() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone loaded;
    // China has had no summer time since 1991, so that the fixed offset is right where the zone's file is missing.
    if (!absl::LoadTimeZone("Asia/Shanghai", &loaded)) loaded = absl::FixedTimeZone(8 * 3600);
    return loaded;
  }();
  return zone;
}

absl::CivilDay DayOf(absl::Time moment) { return absl::ToCivilDay(moment, ShanghaiTime()); }

absl::Time StartOf(absl::CivilDay day) { return absl::FromCivil(day, ShanghaiTime()); }

std::string FormatDay(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

std::optional<absl::CivilDay> ParseDay(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  for (size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) return std::nullopt;
  }
  int year = 0, month = 0, day = 0;
  if (!absl::SimpleAtoi(text.substr(0, 4), &year) || !absl::SimpleAtoi(text.substr(5, 2), &month) ||
      !absl::SimpleAtoi(text.substr(8, 2), &day)) {
    return std::nullopt;
  }
  const absl::CivilDay civil(year, month, day);
  if (civil.month() != month || civil.day() != day) return std::nullopt;
  return civil;
}

bool WorkdayCalendar::IsWorkday(absl::CivilDay day) const {
  if (auto year = years_.find(day.year()); year != years_.end()) {
    if (year->second.holidays.contains(day)) return false;
    if (year->second.makeup_workdays.contains(day)) return true;
  }
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday;
}

WorkdayCalendar::Result WorkdayCalendar::Add(absl::CivilDay from, int n) const {
  Result result{.day = from};
  while (n > 0) {
    ++result.day;
    if (!HasYear(result.day.year())) result.tentative = true;
    if (IsWorkday(result.day)) --n;
  }
  return result;
}

int WorkdayCalendar::Between(absl::CivilDay from, absl::CivilDay to) const {
  if (to < from) return -Between(to, from);
  int count = 0;
  for (absl::CivilDay day = from + 1; day <= to; ++day) count += IsWorkday(day) ? 1 : 0;
  return count;
}

}  // namespace duikou
