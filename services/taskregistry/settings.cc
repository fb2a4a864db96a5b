#include "services/taskregistry/settings.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "common/store/find_stored.h"
#include "common/workdays/holiday_years.h"

namespace duikou::taskregistry {
namespace {

constexpr int kAcknowledgeWorkdays = 2;
constexpr int kReportWorkdays = 3;
constexpr int kAttachmentMegabytes = 50;

}  // namespace

absl::Status OnCreateSettings(Txn&, const Caller&, v1::Settings& settings) {
  if (settings.name().ends_with("/settings/default")) return absl::OkStatus();
  return BadField("settings_id", {"应为 default。", "must be default."});
}

absl::StatusOr<v1::Settings> SettingsOf(const View& view, const std::string& city) {
  ASSIGN_OR_RETURN(std::optional<v1::Settings> found,
                   FindStored<v1::Settings>(view, absl::StrCat("cities/", city, "/settings/default")));
  v1::Settings settings = found ? *std::move(found) : v1::Settings();
  if (settings.number_prefix().empty()) settings.set_number_prefix(city);
  if (settings.acknowledge_workdays() == 0) settings.set_acknowledge_workdays(kAcknowledgeWorkdays);
  if (settings.report_workdays() == 0) settings.set_report_workdays(kReportWorkdays);
  if (settings.attachment_megabytes() == 0) settings.set_attachment_megabytes(kAttachmentMegabytes);
  return settings;
}

absl::StatusOr<rules::Moment> MomentOf(const View& view, const std::string& city) {
  ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(view, city));
  ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(view, "cities/" + city));
  const absl::CivilDay today = DayOf(view.now());
  const WorkdayCalendar::Result due = calendar.Add(today, settings.acknowledge_workdays());
  return rules::Moment{.now = view.now(), .today = today, .acknowledge_due = due.day, .tentative = due.tentative};
}

}  // namespace duikou::taskregistry
