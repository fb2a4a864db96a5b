#include "services/taskregistry/settings.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/taskregistry/rules/dates.h"

namespace duikou::taskregistry {
namespace {

constexpr int kAcknowledgeWorkdays = 2;
constexpr int kReportWorkdays = 3;

absl::Status CheckHolidayYear(const v1::HolidayYear& year) {
  FieldViolations violations;
  if (year.name().substr(year.name().rfind('/') + 1) != absl::StrCat(year.year())) {
    violations.Add("holiday_year_id", {absl::StrCat("应为年份 ", year.year(), "。"),
                                       absl::StrCat("must be the year, ", year.year(), ".")});
  }
  const auto check = [&](const auto& days, const char* field, bool weekend, Text wrong) {
    for (int i = 0; i < days.size(); ++i) {
      const absl::CivilDay day = rules::ToCivil(days[i]);
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

absl::Status OnCreateSettings(Txn&, const Caller&, v1::Settings& settings) {
  if (settings.name().ends_with("/settings/default")) return absl::OkStatus();
  return BadField("settings_id", {"应为 default。", "must be default."});
}

absl::Status OnCreateHolidayYear(Txn&, const Caller&, v1::HolidayYear& year) { return CheckHolidayYear(year); }

absl::Status OnUpdateHolidayYear(Txn&, const Caller&, const v1::HolidayYear&, v1::HolidayYear& after) {
  return CheckHolidayYear(after);
}

absl::StatusOr<v1::Settings> SettingsOf(const View& view, const std::string& city) {
  auto found = view.Get<v1::Settings>(absl::StrCat("cities/", city, "/settings/default"));
  if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
  v1::Settings settings = found.ok() ? *std::move(found) : v1::Settings();
  if (settings.number_prefix().empty()) settings.set_number_prefix(city);
  if (settings.acknowledge_workdays() == 0) settings.set_acknowledge_workdays(kAcknowledgeWorkdays);
  if (settings.report_workdays() == 0) settings.set_report_workdays(kReportWorkdays);
  return settings;
}

WorkdayCalendar MakeCalendar(const std::vector<v1::HolidayYear>& years) {
  WorkdayCalendar calendar;
  for (const v1::HolidayYear& year : years) {
    WorkdayCalendar::Year days;
    for (const auto& date : year.holidays()) days.holidays.insert(rules::ToCivil(date));
    for (const auto& date : year.makeup_workdays()) days.makeup_workdays.insert(rules::ToCivil(date));
    calendar.SetYear(year.year(), std::move(days));
  }
  return calendar;
}

absl::StatusOr<WorkdayCalendar> CalendarOf(const View& view, const std::string& city) {
  ASSIGN_OR_RETURN(const std::vector<v1::HolidayYear> years,
                   view.ListAll<v1::HolidayYear>({.parent = "cities/" + city}));
  return MakeCalendar(years);
}

absl::StatusOr<rules::Moment> MomentOf(const View& view, const std::string& city) {
  ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(view, city));
  ASSIGN_OR_RETURN(const WorkdayCalendar calendar, CalendarOf(view, city));
  const absl::CivilDay today = DayOf(view.now());
  return rules::Moment{
      .now = view.now(), .today = today, .acknowledge_due = calendar.Add(today, settings.acknowledge_workdays()).day};
}

}  // namespace duikou::taskregistry
