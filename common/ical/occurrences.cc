#include "common/ical/occurrences.h"

#include <libical/ical.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"

namespace duikou::ical {
namespace {

constexpr int kLongestDays = 36600;  // A century.

absl::StatusOr<icaldurationtype> ReadDuration(const Property& property, absl::string_view value) {
  const icaldurationtype duration = icaldurationtype_from_string(std::string(value).c_str());
  if (!icaldurationtype_is_bad_duration(duration)) return duration;
  return BadLine(property.line, {absl::StrCat("DURATION“", value, "”无效。"),
                                 absl::StrCat("DURATION is not valid: \"", value, "\".")});
}

absl::StatusOr<Extent> Until(Extent extent, const Property& property, absl::string_view value, const Zones& zones) {
  ASSIGN_OR_RETURN(const LocalTime last, ReadTime(property, value));
  if (extent.start.is_date) {
    // Some programs write the same day: it is one day then.
    extent.days = std::max<int64_t>(1, absl::CivilDay(last.civil) - absl::CivilDay(extent.start.civil));
    return extent;
  }
  ASSIGN_OR_RETURN(const absl::Time from, zones.Resolve(extent.start, extent.start_line));
  ASSIGN_OR_RETURN(const absl::Time until, zones.Resolve(last, property.line));
  if (until < from) return BadLine(property.line, {"结束早于开始。", "has its end before its beginning."});
  extent.exact = until - from;
  return extent;
}

absl::StatusOr<Extent> AsLongAs(Extent extent, const Property& property, absl::string_view value) {
  ASSIGN_OR_RETURN(const icaldurationtype duration, ReadDuration(property, value));
  if (duration.is_neg != 0) return BadLine(property.line, {"时长不能为负。", "DURATION must not be negative."});
  extent.days = int64_t{duration.weeks} * 7 + duration.days;
  if (extent.days > kLongestDays || duration.hours > kLongestDays * 24)
    return BadLine(property.line, {"时长过长。", "DURATION is too long."});
  extent.exact = absl::Hours(duration.hours) + absl::Minutes(duration.minutes) + absl::Seconds(duration.seconds);
  return extent;
}

struct Rule {
  icalrecurrencetype parsed;
  std::unique_ptr<char, void (*)(void*)> calendar{nullptr, std::free};  // Of `parsed`, which does not free it.
  std::optional<absl::Time> last;                                       // By UNTIL, included.
  bool has_by_parts = false;
  int line = 0;
};

// The seconds from one period of a rule to the next; 0 where they are weeks, or of different lengths.
int64_t SecondsOfAPeriod(const icalrecurrencetype& rule) {
  const int64_t interval = std::max<int64_t>(rule.interval, 1);
  switch (rule.freq) {
    case ICAL_SECONDLY_RECURRENCE:
      return interval;
    case ICAL_MINUTELY_RECURRENCE:
      return interval * 60;
    case ICAL_HOURLY_RECURRENCE:
      return interval * 3600;
    case ICAL_DAILY_RECURRENCE:
      return interval * 24 * 3600;
    default:
      return 0;
  }
}

// libical counts the days and weeks of other calendars a hundred times as slowly: feasts and birthdays need none.
bool IsSlow(const icalrecurrencetype& rule, absl::string_view calendar) {
  return !calendar.empty() && !absl::EqualsIgnoreCase(calendar, "GREGORIAN") && rule.freq != ICAL_YEARLY_RECURRENCE &&
         rule.freq != ICAL_MONTHLY_RECURRENCE;
}

// libical forgets BYSETPOS in rules of weeks and less: the first of three days would become all three. Where a period
// has one moment, the first and the last are all there is.
bool ForgetsPositions(const icalrecurrencetype& rule) {
  const auto is_set = [](const auto& parts, int at) { return parts[at] != ICAL_RECURRENCE_ARRAY_MAX; };
  if (!is_set(rule.by_set_pos, 0) || rule.freq == ICAL_YEARLY_RECURRENCE || rule.freq == ICAL_MONTHLY_RECURRENCE)
    return false;
  const bool one_moment = !is_set(rule.by_day, 1) && !is_set(rule.by_hour, 1) && !is_set(rule.by_minute, 1) &&
                          !is_set(rule.by_second, 1) && !is_set(rule.by_set_pos, 1);
  return !one_moment || (rule.by_set_pos[0] != 1 && rule.by_set_pos[0] != -1);
}

// UNTIL is taken out of the rule: it may be in UTC where the event is local, and the other way round, or a day.
absl::StatusOr<Rule> ReadRule(const Property& property, const LocalTime& start, const Zones& zones) {
  Rule rule{.line = property.line};
  std::vector<absl::string_view> kept;
  absl::string_view calendar;
  for (absl::string_view part : absl::StrSplit(property.value, ';', absl::SkipEmpty())) {
    if (!absl::StartsWithIgnoreCase(part, "UNTIL=")) {
      const absl::string_view text = absl::StripAsciiWhitespace(part);
      rule.has_by_parts |= absl::StartsWithIgnoreCase(text, "BY");
      if (absl::StartsWithIgnoreCase(text, "RSCALE=")) calendar = text.substr(7);
      kept.push_back(part);
      continue;
    }
    ASSIGN_OR_RETURN(LocalTime until, ReadTime(property, part.substr(6)));
    // A day includes all that begin on it.
    const bool whole_day = until.is_date && !start.is_date;
    if (!until.utc) until.zone = start.zone;
    if (start.utc && !until.is_date) until.utc = true;
    if (whole_day) until.civil += 24 * 3600 - 1;
    ASSIGN_OR_RETURN(rule.last, zones.Resolve(until, property.line));
  }
  rule.parsed = icalrecurrencetype_from_string(absl::StrJoin(kept, ";").c_str());
  rule.calendar.reset(rule.parsed.rscale);
  const bool known =
      rule.parsed.freq != ICAL_NO_RECURRENCE && absl::StrContains(absl::AsciiStrToUpper(property.value), "FREQ=");
  if (known && ForgetsPositions(rule.parsed)) {
    return BadLine(property.line,
                   {absl::StrCat("重复规则 RRULE“", property.value,
                                 "”的 BYSETPOS 只能用于 MONTHLY 和 YEARLY:请用 BYDAY 写出日期。"),
                    absl::StrCat("RRULE has BYSETPOS, which is read in MONTHLY and YEARLY rules alone, in place of the "
                                 "days themselves (BYDAY): \"",
                                 property.value, "\".")});
  }
  if (known && !IsSlow(rule.parsed, calendar)) return rule;
  return BadLine(property.line, {absl::StrCat("重复规则 RRULE“", property.value, "”无效。"),
                                 absl::StrCat("RRULE is not valid: \"", property.value, "\".")});
}

icaltimetype ToIcal(const LocalTime& time) {
  icaltimetype result = icaltime_null_time();
  result.year = static_cast<int>(time.civil.year());
  result.month = time.civil.month();
  result.day = time.civil.day();
  result.is_date = time.is_date ? 1 : 0;
  if (time.is_date) return result;
  result.hour = time.civil.hour();
  result.minute = time.civil.minute();
  result.second = time.civil.second();
  return result;
}

absl::Status TooMany(int line) {
  return BadField(absl::StrCat("line ", line),
                  {"重复次数过多,请缩小导入的时间范围,或在日历中删去该事件。",
                   "repeats too often: import a shorter range of time, or delete the event in the calendar."},
                  "TOO_MANY_OCCURRENCES");
}

constexpr int64_t kDay = 24 * 3600;

// A local time that comes after a moment in whichever zone, and one that comes before it.
absl::CivilSecond PastAll(absl::Time moment) { return absl::ToCivilSecond(moment, absl::UTCTimeZone()) + 2 * kDay; }
absl::CivilSecond BeforeAll(absl::Time moment) { return absl::ToCivilSecond(moment, absl::UTCTimeZone()) - 2 * kDay; }

class Expansion {
 public:
  Expansion(const Extent& extent, const Window& window, const Zones& zones, StepsLeft& left)
      : extent_(extent), from_(window.from), until_(window.until), zones_(zones), left_(left) {}

  absl::Status AddRule(const Property& property) {
    ASSIGN_OR_RETURN(Rule rule, ReadRule(property, extent_.start, zones_));
    if (extent_.start.civil > PastAll(until_)) return absl::OkStatus();
    const LocalTime begin = BeginOf(rule.parsed);
    RETURN_IF_ERROR(BoundEmptyPeriods(rule, begin));
    const std::unique_ptr<icalrecur_iterator, void (*)(icalrecur_iterator*)> iterator(
        icalrecur_iterator_new(rule.parsed, ToIcal(begin)), icalrecur_iterator_free);
    icaltimetype next = iterator == nullptr ? icaltime_null_time() : icalrecur_iterator_next(iterator.get());
    // One that comes to nothing takes libical centuries each time. Where it was told of the end, it may come later.
    const bool bounded = icaltime_is_null_time(rule.parsed.until) == 0;
    if (iterator == nullptr || (!bounded && icaltime_is_null_time(next) != 0)) {
      return BadLine(property.line, {absl::StrCat("重复规则 RRULE“", property.value, "”无法展开。"),
                                     absl::StrCat("RRULE cannot be expanded: \"", property.value, "\".")});
    }
    for (; icaltime_is_null_time(next) == 0; next = icalrecur_iterator_next(iterator.get())) {
      if (--left_.steps < 0) return TooMany(property.line);
      LocalTime local = extent_.start;
      local.civil = absl::CivilSecond(next.year, next.month, next.day, next.hour, next.minute, next.second);
      ASSIGN_OR_RETURN(const absl::Time start, zones_.Resolve(local, property.line));
      if (start >= until_ || (rule.last && start > *rule.last)) break;
      Add(std::move(local), start);
    }
    return absl::OkStatus();
  }

  // The periods among the values: of two occurrences at one time the first that is added counts, so they come before
  // all.
  absl::Status AddPeriods(const Property& property) {
    for (absl::string_view value : absl::StrSplit(property.value, ',', absl::SkipEmpty())) {
      if (!absl::StrContains(value, '/')) continue;
      ASSIGN_OR_RETURN(Extent period, ExtentOfPeriod(property, value, zones_));
      ASSIGN_OR_RETURN(const absl::Time start, zones_.Resolve(period.start, property.line));
      LocalTime local = period.start;
      Add(std::move(local), start, std::move(period));
    }
    return absl::OkStatus();
  }

  absl::Status AddTimes(const Property& property) {
    for (absl::string_view value : absl::StrSplit(property.value, ',', absl::SkipEmpty())) {
      if (absl::StrContains(value, '/')) continue;
      ASSIGN_OR_RETURN(LocalTime local, ReadTime(property, value));
      ASSIGN_OR_RETURN(const absl::Time start, zones_.Resolve(local, property.line));
      Add(std::move(local), start);
    }
    return absl::OkStatus();
  }

  void Add(LocalTime local, absl::Time start, std::optional<Extent> period = std::nullopt) {
    if (start < until_ && seen_.insert(start).second)
      occurrences_.push_back({std::move(local), start, std::move(period)});
  }

  // A day takes out all occurrences on it.
  absl::Status Exclude(const Property& property) {
    for (absl::string_view value : absl::StrSplit(property.value, ',', absl::SkipEmpty())) {
      ASSIGN_OR_RETURN(const LocalTime local, ReadTime(property, value));
      if (local.is_date) {
        excluded_days_.insert(absl::CivilDay(local.civil));
      } else {
        ASSIGN_OR_RETURN(const absl::Time moment, zones_.Resolve(local, property.line));
        excluded_.insert(moment);
      }
    }
    return absl::OkStatus();
  }

  std::vector<Occurrence> Take() {
    std::erase_if(occurrences_, [&](const Occurrence& occurrence) {
      return excluded_.contains(occurrence.start) || excluded_days_.contains(absl::CivilDay(occurrence.local.civil));
    });
    return std::move(occurrences_);
  }

 private:
  // Where a rule is begun: at the event's start, or the last whole period after it of which all occurrences end before
  // the range. Of a meeting of each day for years the years past would use up all steps. What COUNT counts must be
  // gone through, and periods of different lengths are few.
  LocalTime BeginOf(const icalrecurrencetype& rule) const {
    const int64_t interval = std::max<int64_t>(rule.interval, 1);
    const int64_t period = rule.freq == ICAL_WEEKLY_RECURRENCE ? interval * 7 * kDay : SecondsOfAPeriod(rule);
    LocalTime begin = extent_.start;
    if (rule.count > 0 || period == 0 || (begin.is_date && period % kDay != 0)) return begin;
    const absl::CivilSecond needed = BeforeAll(from_ - extent_.exact) - extent_.days * kDay - period;
    if (needed > begin.civil) begin.civil += (needed - begin.civil) / period * period;
    return begin;
  }

  // libical passes over empty periods within one step, be they millions: they are counted before, up to the end of the
  // range, of which it is told. Longer periods than days are few.
  absl::Status BoundEmptyPeriods(Rule& rule, const LocalTime& begin) {
    const int64_t period = SecondsOfAPeriod(rule.parsed);
    if (!rule.has_by_parts || period == 0) return absl::OkStatus();
    const absl::Time last = rule.last ? std::min(until_, *rule.last) : until_;
    const LocalTime end{.civil = PastAll(last)};
    left_.periods -= std::max<int64_t>(0, end.civil - begin.civil) / period;
    if (left_.periods < 0) return TooMany(rule.line);
    rule.parsed.until = ToIcal(end);
    return absl::OkStatus();
  }

  const Extent& extent_;
  const absl::Time from_, until_;
  const Zones& zones_;
  StepsLeft& left_;
  std::vector<Occurrence> occurrences_;
  std::set<absl::Time> seen_, excluded_;
  std::set<absl::CivilDay> excluded_days_;
};

}  // namespace

absl::StatusOr<Extent> ExtentOf(const Component& event, const Zones& zones) {
  const Property* start = event.Find("DTSTART");
  if (start == nullptr) {
    return BadLine(event.line,
                   {absl::StrCat(event.name, " 没有 DTSTART。"), absl::StrCat(event.name, " has no DTSTART.")});
  }
  Extent extent{.start_line = start->line};
  ASSIGN_OR_RETURN(extent.start, ReadTime(*start));
  if (const Property* end = event.Find("DTEND"); end != nullptr)
    return Until(std::move(extent), *end, end->value, zones);
  if (const Property* length = event.Find("DURATION"); length != nullptr)
    return AsLongAs(std::move(extent), *length, length->value);
  if (extent.start.is_date) extent.days = 1;
  return extent;
}

absl::StatusOr<Extent> ExtentOfPeriod(const Property& property, absl::string_view period, const Zones& zones) {
  const std::pair<absl::string_view, absl::string_view> ends = absl::StrSplit(period, absl::MaxSplits('/', 1));
  Extent extent{.start_line = property.line};
  ASSIGN_OR_RETURN(extent.start, ReadTime(property, ends.first));
  const bool length = absl::StartsWith(ends.second, "P") || absl::StartsWith(ends.second, "+P");
  if (length) return AsLongAs(std::move(extent), property, ends.second);
  return Until(std::move(extent), property, ends.second, zones);
}

absl::StatusOr<absl::Time> EndOf(const Extent& extent, const LocalTime& start, const Zones& zones) {
  LocalTime end = start;
  end.civil += extent.days * 24 * 3600;
  ASSIGN_OR_RETURN(const absl::Time moment, zones.Resolve(end, extent.start_line));
  return moment + extent.exact;
}

absl::StatusOr<std::vector<Occurrence>> OccurrencesOf(const Component& event, const Extent& extent,
                                                      const Window& window, const Zones& zones, StepsLeft& left) {
  icalerror_set_errors_are_fatal(0);
  Expansion expansion(extent, window, zones, left);
  ASSIGN_OR_RETURN(const absl::Time first, zones.Resolve(extent.start, extent.start_line));
  for (const Property* times : event.FindAll("RDATE")) RETURN_IF_ERROR(expansion.AddPeriods(*times));
  expansion.Add(extent.start, first);
  for (const Property* rule : event.FindAll("RRULE")) RETURN_IF_ERROR(expansion.AddRule(*rule));
  for (const Property* times : event.FindAll("RDATE")) RETURN_IF_ERROR(expansion.AddTimes(*times));
  for (const Property* times : event.FindAll("EXDATE")) RETURN_IF_ERROR(expansion.Exclude(*times));
  return expansion.Take();
}

}  // namespace duikou::ical
