#include "services/directory/holidays.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/base/error.h"

namespace duikou::directory {
namespace {

absl::Status CheckHolidayYear(const v1::HolidayYear& year) {
  FieldViolations violations;
  if (year.name().substr(year.name().rfind('/') + 1) != absl::StrCat(year.year())) {
    violations.Add("holiday_year_id", {absl::StrCat("应为年份 ", year.year(), "。"),
                                       absl::StrCat("must be the year, ", year.year(), ".")});
  }
  const auto check = [&](const auto& days, const char* field, bool weekend, Text wrong) {
    for (int i = 0; i < days.size(); ++i) {
      const absl::CivilDay day = absl::CivilDay(days[i].year(), days[i].month(), days[i].day());
      const absl::Weekday weekday = absl::GetWeekday(day);
      const bool is_weekend = weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
      const std::string path = absl::StrCat("holiday_year.", field, "[", i, "]");
      if (day.year() != year.year()) violations.Add(path, {"不在该年内。", "lies in another year."});
      if (is_weekend != weekend) violations.Add(path, wrong);
    }
  };
  check(year.holidays(), "holidays", false, {"是周末,本来就不上班。", "is a day of a weekend, which is off anyway."});
  check(year.makeup_workdays(), "makeup_workdays", true,
        {"不是周末,本来就上班。", "is no day of a weekend, and worked anyway."});
  return violations.ToStatus();
}

}  // namespace

absl::Status OnCreateHolidayYear(Txn&, const Caller&, v1::HolidayYear& year) { return CheckHolidayYear(year); }

absl::Status OnUpdateHolidayYear(Txn&, const Caller&, const v1::HolidayYear&, v1::HolidayYear& after) {
  return CheckHolidayYear(after);
}

}  // namespace duikou::directory
