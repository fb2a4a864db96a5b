#include "common/ical/zones.h"

#include <libical/ical.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/time_zone.h"

namespace duikou::ical {
namespace {

constexpr int kFirstYear = 1601;  // Of the Gregorian calendar as programs count it.
// Every time of a file carries its zone's name.
constexpr size_t kLongestZone = 200;
// Of a VTIMEZONE as text; and of all those of a file the parts STANDARD and DAYLIGHT together.
constexpr size_t kMostBytes = 64U << 10, kMostObservances = 64;
constexpr int kLastYear = 2100;  // Up to which a VTIMEZONE is followed.

struct WindowsZone {
  absl::string_view windows;
  absl::string_view iana;
};

// By Unicode CLDR's windowsZones (territory 001).
constexpr WindowsZone kWindowsZones[] = {
    {"AUS Eastern Standard Time", "Australia/Sydney"},
    {"Alaskan Standard Time", "America/Anchorage"},
    {"Arab Standard Time", "Asia/Riyadh"},
    {"Arabian Standard Time", "Asia/Dubai"},
    {"Arabic Standard Time", "Asia/Baghdad"},
    {"Argentina Standard Time", "America/Buenos_Aires"},
    {"Atlantic Standard Time", "America/Halifax"},
    {"Bangladesh Standard Time", "Asia/Dhaka"},
    {"Central America Standard Time", "America/Guatemala"},
    {"Central Asia Standard Time", "Asia/Almaty"},
    {"Central Europe Standard Time", "Europe/Budapest"},
    {"Central European Standard Time", "Europe/Warsaw"},
    {"Central Standard Time", "America/Chicago"},
    {"China Standard Time", "Asia/Shanghai"},
    {"E. Africa Standard Time", "Africa/Nairobi"},
    {"E. Australia Standard Time", "Australia/Brisbane"},
    {"E. South America Standard Time", "America/Sao_Paulo"},
    {"Eastern Standard Time", "America/New_York"},
    {"Egypt Standard Time", "Africa/Cairo"},
    {"Ekaterinburg Standard Time", "Asia/Yekaterinburg"},
    {"FLE Standard Time", "Europe/Kiev"},
    {"GMT Standard Time", "Europe/London"},
    {"GTB Standard Time", "Europe/Bucharest"},
    {"Greenwich Standard Time", "Atlantic/Reykjavik"},
    {"Hawaiian Standard Time", "Pacific/Honolulu"},
    {"India Standard Time", "Asia/Calcutta"},
    {"Iran Standard Time", "Asia/Tehran"},
    {"Israel Standard Time", "Asia/Jerusalem"},
    {"Korea Standard Time", "Asia/Seoul"},
    {"Mountain Standard Time", "America/Denver"},
    {"Myanmar Standard Time", "Asia/Rangoon"},
    {"N. Central Asia Standard Time", "Asia/Novosibirsk"},
    {"Nepal Standard Time", "Asia/Katmandu"},
    {"New Zealand Standard Time", "Pacific/Auckland"},
    {"North Asia East Standard Time", "Asia/Irkutsk"},
    {"North Asia Standard Time", "Asia/Krasnoyarsk"},
    {"North Korea Standard Time", "Asia/Pyongyang"},
    {"Pacific Standard Time", "America/Los_Angeles"},
    {"Pakistan Standard Time", "Asia/Karachi"},
    {"Romance Standard Time", "Europe/Paris"},
    {"Russian Standard Time", "Europe/Moscow"},
    {"SA Pacific Standard Time", "America/Bogota"},
    {"SE Asia Standard Time", "Asia/Bangkok"},
    {"Singapore Standard Time", "Asia/Singapore"},
    {"South Africa Standard Time", "Africa/Johannesburg"},
    {"Sri Lanka Standard Time", "Asia/Colombo"},
    {"Taipei Standard Time", "Asia/Taipei"},
    {"Tokyo Standard Time", "Asia/Tokyo"},
    {"Turkey Standard Time", "Europe/Istanbul"},
    {"US Eastern Standard Time", "America/Indianapolis"},
    {"US Mountain Standard Time", "America/Phoenix"},
    {"UTC", "Etc/UTC"},
    {"Ulaanbaatar Standard Time", "Asia/Ulaanbaatar"},
    {"Vladivostok Standard Time", "Asia/Vladivostok"},
    {"W. Australia Standard Time", "Australia/Perth"},
    {"W. Europe Standard Time", "Europe/Berlin"},
    {"West Asia Standard Time", "Asia/Tashkent"},
    {"West Pacific Standard Time", "Pacific/Port_Moresby"},
    {"Yakutsk Standard Time", "Asia/Yakutsk"},
};

// A name that the system knows, one of Windows, or one with the place of its origin before it:
// "/freeassociation.sourceforge.net/Asia/Shanghai".
bool LoadNamed(absl::string_view name, absl::TimeZone& zone) {
  if (name.size() > kLongestZone) return false;
  if (LoadIanaZone(name, zone) || LoadIanaZone(IanaOfWindows(name), zone)) return true;
  for (size_t slash = name.find('/'); slash != absl::string_view::npos; slash = name.find('/', slash + 1)) {
    const absl::string_view rest = name.substr(slash + 1);
    // One word alone is a city or an abbreviation, of which it is not clear what it means.
    if (absl::StrContains(rest, '/') && LoadIanaZone(rest, zone)) return true;
  }
  return false;
}

using RuleParts = std::map<std::string, std::string>;

// "2SU", "-1SU", "SU"
bool IsWeekday(absl::string_view text, bool& numbered) {
  const absl::string_view number = text.substr(0, text.size() - std::min<size_t>(text.size(), 2));
  numbered = !number.empty();
  int place = 0;
  return !numbered || (absl::SimpleAtoi(number, &place) && place != 0 && std::abs(place) <= 5);
}

// Whether there is such a day in most years: for one that never comes libical searches through centuries.
bool DayComes(RuleParts& parts) {
  bool numbered = false;
  const bool by_weekday = parts.contains("BYDAY"), by_day = parts.contains("BYMONTHDAY");
  if (!by_weekday && !by_day) return true;
  if (by_weekday && !IsWeekday(parts["BYDAY"], numbered)) return false;
  const std::vector<std::string> days = absl::StrSplit(parts["BYMONTHDAY"], ',');
  int month = 0;
  if (!absl::SimpleAtoi(parts["BYMONTH"], &month) || (by_day && numbered) || (!by_weekday && days.size() > 1))
    return false;
  return !by_day || std::any_of(days.begin(), days.end(), [&](const std::string& text) {
    int day = 0;
    return absl::SimpleAtoi(text, &day) && day != 0 && std::abs(day) <= 31 &&
           absl::CivilDay(2001, month, std::abs(day)).month() == month;
  });
}

// A change once a year: "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", or with its second Sunday written as
// "BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU". libical finds all changes of all years at once, however many there are.
bool ChangesYearly(absl::string_view rule) {
  static constexpr absl::string_view kParts[] = {"FREQ", "INTERVAL", "COUNT", "UNTIL",
                                                 "WKST", "BYMONTH",  "BYDAY", "BYMONTHDAY"};
  RuleParts parts;
  for (absl::string_view part : absl::StrSplit(rule, ';', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> split =
        absl::StrSplit(absl::AsciiStrToUpper(part), absl::MaxSplits('=', 1));
    const bool known = std::find(std::begin(kParts), std::end(kParts), split.first) != std::end(kParts);
    if (!known || !parts.insert(split).second) return false;
    if (split.first != "BYMONTHDAY" && absl::StrContains(split.second, ',')) return false;
  }
  if (parts.contains("INTERVAL") && parts["INTERVAL"] != "1") return false;
  return parts["FREQ"] == "YEARLY" && DayComes(parts);
}

bool ChangesYearly(const Component& observance) {
  const std::vector<const Property*> rules = observance.FindAll("RRULE");
  return rules.empty() || (rules.size() == 1 && ChangesYearly(rules.front()->value));
}

icaltimetype ToIcal(const absl::CivilSecond& civil) {
  icaltimetype local = icaltime_null_time();
  local.year = static_cast<int>(civil.year());
  local.month = civil.month();
  local.day = civil.day();
  local.hour = civil.hour();
  local.minute = civil.minute();
  local.second = civil.second();
  return local;
}

bool ReadDigits(absl::string_view text, size_t at, size_t count, int& number) {
  const absl::string_view digits = text.substr(std::min(at, text.size()), count);
  if (digits.size() != count || !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit)) return false;
  return absl::SimpleAtoi(digits, &number);
}

}  // namespace

absl::StatusOr<LocalTime> ReadTime(const Property& property, absl::string_view value) {
  value = absl::StripAsciiWhitespace(value);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  LocalTime time{.is_date = value.size() == 8, .utc = value.size() == 16 && (value[15] == 'Z' || value[15] == 'z')};
  bool good = ReadDigits(value, 0, 4, year) && ReadDigits(value, 4, 2, month) && ReadDigits(value, 6, 2, day);
  if (!time.is_date) {
    good = good && (value.size() == 15 || time.utc) && value[8] == 'T' && ReadDigits(value, 9, 2, hour) &&
           ReadDigits(value, 11, 2, minute) && ReadDigits(value, 13, 2, second) && hour < 24 && minute < 60 &&
           second <= 60;
  }
  time.civil = absl::CivilSecond(year, month, day, hour, minute, std::min(second, 59));  // A leap second is none here.
  good = good && year >= kFirstYear && time.civil.month() == month && time.civil.day() == day;
  if (!good) {
    return BadLine(property.line, {absl::StrCat(property.name, " 的日期时间“", value, "”无效。"),
                                   absl::StrCat(property.name, " has no valid date or time: \"", value, "\".")});
  }
  if (time.utc || time.is_date) return time;
  time.zone = property.Parameter("TZID");
  if (time.zone.size() <= kLongestZone) return time;
  return BadLine(property.line, {absl::StrCat(property.name, " 的时区名称过长。"),
                                 absl::StrCat(property.name, " has too long a TZID.")});
}

std::string IanaOfWindows(absl::string_view name) {
  const auto* found = std::find_if(std::begin(kWindowsZones), std::end(kWindowsZones),
                                   [&](const WindowsZone& zone) { return absl::EqualsIgnoreCase(zone.windows, name); });
  return found == std::end(kWindowsZones) ? "" : std::string(found->iana);
}

struct Zones::Defined {
  icaltimezone* zone = nullptr;

  explicit Defined(icalcomponent* component) : zone(icaltimezone_new()) {
    if (icaltimezone_set_component(zone, component) != 0) {
      // libical finds the changes anew for each later year that it is asked of: here for the last one.
      icaltime_as_timet_with_zone(ToIcal(absl::CivilSecond(kLastYear, 12, 31)), zone);
      return;
    }
    icalcomponent_free(component);
    icaltimezone_free(zone, 1);
    zone = nullptr;
  }
  ~Defined() {
    if (zone != nullptr) icaltimezone_free(zone, 1);
  }
  Defined(const Defined&) = delete;
  Defined& operator=(const Defined&) = delete;
};

Zones::Zones(const Component& calendar, absl::TimeZone floating) : floating_(floating) {
  absl::TimeZone named;
  if (LoadNamed(calendar.Value("X-WR-TIMEZONE"), named)) floating_ = named;
  icalerror_set_errors_are_fatal(0);
  size_t observances = 0;
  for (const Component& component : calendar.components) {
    const std::string name = component.Value("TZID");
    absl::TimeZone known;
    if (component.name != "VTIMEZONE" || name.empty() || LoadNamed(name, known)) continue;
    observances += component.components.size();
    if (observances > kMostObservances) return;
    const bool yearly = std::all_of(component.components.begin(), component.components.end(),
                                    [](const Component& observance) { return ChangesYearly(observance); });
    const std::string written = Written(component);
    if (!yearly || written.size() > kMostBytes) continue;
    icalcomponent* read = icalcomponent_new_from_string(written.c_str());
    if (read == nullptr) continue;
    auto defined = std::make_unique<Defined>(read);
    if (defined->zone != nullptr) defined_[name] = std::move(defined);
  }
}

Zones::~Zones() = default;

std::optional<absl::TimeZone> Zones::Named(const std::string& name) const {
  const auto [entry, added] = named_.try_emplace(name);
  absl::TimeZone zone;
  if (added && LoadNamed(name, zone)) entry->second = zone;
  return entry->second;
}

absl::StatusOr<absl::Time> Zones::Resolve(const LocalTime& time, int line) const {
  if (time.utc) return absl::FromCivil(time.civil, absl::UTCTimeZone());
  if (time.zone.empty()) return absl::FromCivil(time.civil, floating_);
  if (const std::optional<absl::TimeZone> named = Named(time.zone)) return absl::FromCivil(time.civil, *named);
  const auto defined = defined_.find(time.zone);
  if (defined == defined_.end()) {
    return BadLine(
        line, {absl::StrCat("时区“", time.zone, "”未知,文件中也没有其定义。"),
               absl::StrCat("has a time zone that is neither known nor defined in the file: \"", time.zone, "\".")});
  }
  // Later on the zone is as far from UTC as on the same day of the last year.
  const absl::CivilSecond followed(std::min<absl::civil_year_t>(time.civil.year(), kLastYear), time.civil.month(),
                                   time.civil.day(), time.civil.hour(), time.civil.minute(), time.civil.second());
  const absl::Time moment = absl::FromTimeT(icaltime_as_timet_with_zone(ToIcal(followed), defined->second->zone));
  return absl::FromCivil(time.civil, absl::UTCTimeZone()) - (absl::FromCivil(followed, absl::UTCTimeZone()) - moment);
}

}  // namespace duikou::ical
