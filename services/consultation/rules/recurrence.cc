#include "services/consultation/rules/recurrence.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"

namespace duikou::consultation::rules {
namespace {

constexpr int kLastingYears = 200;
enum class Frequency { kDaily, kWeekly, kMonthly, kYearly };

// A day of the week, of all weeks (place 0) or the nth of its month or year, from the end where negative.
struct WeekdayPlace {
  absl::Weekday weekday;
  int place = 0;
};

struct Rule {
  std::optional<Frequency> frequency;
  int interval = 1;
  int count = 0;  // 0: no end by it.
  std::optional<absl::CivilDay> until;
  std::vector<int> months, month_days, positions;
  std::vector<WeekdayPlace> weekdays;
};

absl::Status Invalid(absl::string_view part) {
  return BadField(
      "series.recurrence.rrule",
      {absl::StrCat("无法识别“", part, "”。"), absl::StrCat("has a part that is not understood: \"", part, "\".")},
      "RRULE_INVALID");
}

bool ReadNumbers(absl::string_view text, int low, int high, std::vector<int>& numbers) {
  for (absl::string_view each : absl::StrSplit(text, ',')) {
    int number = 0;
    if (!absl::SimpleAtoi(each, &number) || number == 0 || number < low || number > high) return false;
    numbers.push_back(number);
  }
  return true;
}

bool ReadNumber(absl::string_view text, int high, int& number) {
  return absl::SimpleAtoi(text, &number) && number >= 1 && number <= high;
}

bool ReadWeekdays(absl::string_view text, std::vector<WeekdayPlace>& weekdays) {
  static constexpr std::pair<absl::string_view, absl::Weekday> kNames[] = {
      {"MO", absl::Weekday::monday},   {"TU", absl::Weekday::tuesday}, {"WE", absl::Weekday::wednesday},
      {"TH", absl::Weekday::thursday}, {"FR", absl::Weekday::friday},  {"SA", absl::Weekday::saturday},
      {"SU", absl::Weekday::sunday}};
  for (absl::string_view each : absl::StrSplit(text, ',')) {
    if (each.size() < 2) return false;
    const auto* name = std::find_if(std::begin(kNames), std::end(kNames),
                                    [&](const auto& known) { return known.first == each.substr(each.size() - 2); });
    const absl::string_view place = each.substr(0, each.size() - 2);
    int number = 0;
    if (name == std::end(kNames)) return false;
    if (!place.empty() && (!absl::SimpleAtoi(place, &number) || number == 0 || number < -53 || number > 53))
      return false;
    weekdays.push_back({name->second, number});
  }
  return true;
}

// YYYYMMDD, with or without a time behind it.
bool ReadUntil(absl::string_view text, std::optional<absl::CivilDay>& until) {
  if (text.size() != 8 && (text.size() < 15 || text[8] != 'T')) return false;
  until = ParseDay(absl::StrCat(text.substr(0, 4), "-", text.substr(4, 2), "-", text.substr(6, 2)));
  return until.has_value();
}

bool ReadPart(absl::string_view key, absl::string_view value, Rule& rule) {
  if (key == "FREQ") {
    if (value == "DAILY") rule.frequency = Frequency::kDaily;
    if (value == "WEEKLY") rule.frequency = Frequency::kWeekly;
    if (value == "MONTHLY") rule.frequency = Frequency::kMonthly;
    if (value == "YEARLY") rule.frequency = Frequency::kYearly;
    return rule.frequency.has_value();
  }
  if (key == "INTERVAL") return ReadNumber(value, 1000, rule.interval);
  if (key == "COUNT") return ReadNumber(value, 10000, rule.count);
  if (key == "UNTIL") return ReadUntil(value, rule.until);
  if (key == "BYMONTH") return ReadNumbers(value, 1, 12, rule.months);
  if (key == "BYMONTHDAY") return ReadNumbers(value, -31, 31, rule.month_days);
  if (key == "BYSETPOS") return ReadNumbers(value, -366, 366, rule.positions);
  if (key == "BYDAY") return ReadWeekdays(value, rule.weekdays);
  return key == "WKST" && value == "MO";
}

absl::StatusOr<Rule> ReadRule(absl::string_view text) {
  Rule rule;
  if (absl::StartsWith(text, "RRULE:")) text.remove_prefix(6);
  std::set<absl::string_view> keys;
  for (absl::string_view part : absl::StrSplit(text, ';')) {
    const std::pair<absl::string_view, absl::string_view> pair = absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (!keys.insert(pair.first).second || !ReadPart(pair.first, pair.second, rule)) return Invalid(part);
  }
  if (!rule.frequency) return Invalid("FREQ");
  if (rule.count > 0 && rule.until) return Invalid("COUNT;UNTIL");
  const bool places = std::any_of(rule.weekdays.begin(), rule.weekdays.end(), [](auto day) { return day.place != 0; });
  if (places && *rule.frequency != Frequency::kMonthly && *rule.frequency != Frequency::kYearly)
    return Invalid("BYDAY");
  return rule;
}

absl::CivilDay LastOf(absl::CivilMonth month) { return absl::CivilDay(month + 1) - 1; }

class Expansion {
 public:
  Expansion(const Rule& rule, absl::CivilDay first) : rule_(rule), first_(first) {}

  std::vector<absl::CivilDay> Days(absl::CivilDay from, size_t most) const {
    std::vector<absl::CivilDay> days;
    const absl::CivilDay end(first_.year() + kLastingYears, 1, 1);
    int count = 0;
    for (int64_t n = 0;; n += rule_.interval) {
      const auto [begin, last] = Period(n);
      if (begin >= end || days.size() >= most) return days;
      for (const absl::CivilDay day : Picked(begin, last)) {
        if (day < first_) continue;
        const bool over = (rule_.until && day > *rule_.until) || (rule_.count > 0 && count++ == rule_.count);
        if (over || days.size() >= most) return days;
        if (day >= from) days.push_back(day);
      }
    }
  }

 private:
  std::pair<absl::CivilDay, absl::CivilDay> Period(int64_t n) const {
    switch (*rule_.frequency) {
      case Frequency::kDaily:
        return {first_ + n, first_ + n};
      case Frequency::kWeekly: {
        const absl::CivilDay monday = absl::PrevWeekday(first_ + 1, absl::Weekday::monday) + 7 * n;
        return {monday, monday + 6};
      }
      case Frequency::kMonthly: {
        const absl::CivilMonth month = absl::CivilMonth(first_) + n;
        return {absl::CivilDay(month), LastOf(month)};
      }
      case Frequency::kYearly:
        break;
    }
    return {absl::CivilDay(first_.year() + n, 1, 1), absl::CivilDay(first_.year() + n, 12, 31)};
  }

  // The days of a period, those of BYSETPOS alone where it is given.
  std::vector<absl::CivilDay> Picked(absl::CivilDay begin, absl::CivilDay last) const {
    std::vector<absl::CivilDay> all;
    for (absl::CivilDay day = begin; day <= last; ++day) {
      if (Matches(day)) all.push_back(day);
    }
    if (rule_.positions.empty()) return all;
    std::set<absl::CivilDay> picked;
    const auto size = static_cast<int>(all.size());
    for (const int position : rule_.positions) {
      const int place = position > 0 ? position - 1 : size + position;
      if (place >= 0 && place < size) picked.insert(all[static_cast<size_t>(place)]);
    }
    return {picked.begin(), picked.end()};
  }

  bool Matches(absl::CivilDay day) const {
    const Frequency frequency = *rule_.frequency;
    const bool by_day = !rule_.weekdays.empty() || !rule_.month_days.empty();
    if (!rule_.months.empty()) {
      if (std::find(rule_.months.begin(), rule_.months.end(), day.month()) == rule_.months.end()) return false;
    } else if (frequency == Frequency::kYearly && !by_day && day.month() != first_.month()) {
      return false;
    }
    if (!rule_.month_days.empty() && !MatchesMonthDay(day)) return false;
    if (!rule_.weekdays.empty()) return MatchesWeekday(day);
    if (by_day || frequency == Frequency::kDaily) return true;
    return frequency == Frequency::kWeekly ? absl::GetWeekday(day) == absl::GetWeekday(first_)
                                           : day.day() == first_.day();
  }

  bool MatchesMonthDay(absl::CivilDay day) const {
    const int from_end = day.day() - LastOf(absl::CivilMonth(day)).day() - 1;
    return std::any_of(rule_.month_days.begin(), rule_.month_days.end(),
                       [&](int wanted) { return wanted == day.day() || wanted == from_end; });
  }

  bool MatchesWeekday(absl::CivilDay day) const {
    const bool in_month = *rule_.frequency == Frequency::kMonthly || !rule_.months.empty();
    const absl::CivilDay begin =
        in_month ? absl::CivilDay(absl::CivilMonth(day)) : absl::CivilDay(absl::CivilYear(day));
    const absl::CivilDay last = in_month ? LastOf(absl::CivilMonth(day)) : absl::CivilDay(day.year(), 12, 31);
    const auto from_begin = static_cast<int>((day - begin) / 7 + 1),
               from_end = static_cast<int>(-((last - day) / 7 + 1));
    return std::any_of(rule_.weekdays.begin(), rule_.weekdays.end(), [&](const WeekdayPlace& wanted) {
      return wanted.weekday == absl::GetWeekday(day) &&
             (wanted.place == 0 || wanted.place == from_begin || wanted.place == from_end);
    });
  }

  const Rule& rule_;
  absl::CivilDay first_;
};

std::vector<absl::CivilDay> MonthEnds(int month, int every_years, absl::CivilDay first, absl::CivilDay from,
                                      size_t most) {
  std::vector<absl::CivilDay> days;
  absl::CivilMonth due(first.year(), month);
  if (LastOf(due) < first) due += 12;
  for (; days.size() < most; due += 12 * std::max(1, every_years)) {
    if (LastOf(due) >= from) days.push_back(LastOf(due));
  }
  return days;
}

}  // namespace

absl::Status CheckRecurrence(const v1::Series::Recurrence& recurrence, const std::string& field) {
  const bool by_month = recurrence.by_month() > 0, rrule = !recurrence.rrule().empty();
  if (by_month == rrule || (rrule && recurrence.every_years() > 0)) {
    return BadField(field,
                    {"请填写“每年某月底前”(可隔年)或 RRULE,二者取一。",
                     "fill in by_month, with every_years if need be, or else rrule."},
                    "RECURRENCE_UNCLEAR");
  }
  return rrule ? ReadRule(recurrence.rrule()).status() : absl::OkStatus();
}

absl::StatusOr<std::vector<absl::CivilDay>> DueDates(const v1::Series::Recurrence& recurrence, absl::CivilDay first,
                                                     absl::CivilDay from, size_t most) {
  RETURN_IF_ERROR(CheckRecurrence(recurrence, "series.recurrence"));
  if (recurrence.by_month() > 0) return MonthEnds(recurrence.by_month(), recurrence.every_years(), first, from, most);
  ASSIGN_OR_RETURN(const Rule rule, ReadRule(recurrence.rrule()));
  return Expansion(rule, first).Days(from, most);
}

}  // namespace duikou::consultation::rules
