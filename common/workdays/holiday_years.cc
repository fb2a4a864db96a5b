#include "common/workdays/holiday_years.h"

#include <utility>

#include "common/base/status_macros.h"

namespace duikou::workdays {
namespace {

using duikou::directory::v1::HolidayYear;

absl::CivilDay ToCivil(const duikou::type::v1::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

}  // namespace

WorkdayCalendar MakeCalendar(const std::vector<HolidayYear>& years) {
  WorkdayCalendar calendar;
  for (const auto& year : years) {
    WorkdayCalendar::Year days;
    for (const auto& date : year.holidays()) days.holidays.insert(ToCivil(date));
    for (const auto& date : year.makeup_workdays()) days.makeup_workdays.insert(ToCivil(date));
    calendar.SetYear(year.year(), std::move(days));
  }
  return calendar;
}

absl::StatusOr<WorkdayCalendar> CalendarOf(const View& view, const std::string& city) {
  ASSIGN_OR_RETURN(const auto years, view.ListAll<HolidayYear>({.parent = city}));
  return MakeCalendar(years);
}

}  // namespace duikou::workdays
