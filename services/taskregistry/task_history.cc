#include "services/taskregistry/task_history.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/crypto/digest.h"
#include "common/schema/name_pattern.h"
#include "common/workdays/holiday_years.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry {
namespace {

using duikou::directory::v1::HolidayYear;
using v1::GetFiguresRequest;
using v1::Task;

constexpr size_t kSlotOverhead = 1;  // Of a flat hash map, per slot, at a load of about a half to seven eighths.

// Two names never share the first half of a SHA-256.
absl::uint128 KeyOf(const std::string& name) {
  const std::string digest = crypto::Sha256({name});
  uint64_t high = 0, low = 0;
  std::memcpy(&high, digest.data(), sizeof high);
  std::memcpy(&low, digest.data() + sizeof high, sizeof low);
  return absl::MakeUint128(high, low);
}

std::string Packed(const schema::AccessFacts& facts) {
  std::string packed = absl::StrCat(facts.city, "\n", facts.disclosure, "\n", facts.sharing, "\n",
                                    absl::StrJoin(facts.shared_with, " "));
  return absl::StrCat(packed, "\n", absl::StrJoin(facts.parties, " "));
}

// The month of a day as a number that sorts, 0 for none: 202612. Days are converted once.
class Months {
 public:
  uint32_t Of(int32_t day) {
    if (day == rules::kNoDay) return 0;
    if (day < first_ || day >= last_) Look(day);
    return month_;
  }

 private:
  void Look(int32_t day) {
    const absl::CivilMonth month(DayOfNumber(day));
    first_ = DayNumber(absl::CivilDay(month));
    last_ = DayNumber(absl::CivilDay(month + 1));
    month_ = static_cast<uint32_t>(month.year() * 100 + month.month());
  }
  int32_t first_ = 0, last_ = 0;
  uint32_t month_ = 0;
};

}  // namespace

uint32_t TextNumbers::Of(const std::string& text) {
  const auto [place, is_new] = numbers_.try_emplace(text, static_cast<uint32_t>(texts_.size()));
  if (is_new) texts_.push_back(text);
  return place->second;
}

uint32_t TextNumbers::Find(const std::string& text) const {
  const auto place = numbers_.find(text);
  return place == numbers_.end() ? npos : place->second;
}

uint32_t TaskHistory::CityOf(const std::string& name) {
  const std::string code(schema::CityOf(name));
  const uint32_t number = city_codes_.Of(code);
  if (number < cities_.size()) return number;
  City& city = cities_.emplace_back();
  city.code = code;
  city.bases.push_back({std::numeric_limits<int32_t>::min(), rules::LimitsOf({}), WorkdayIndex(WorkdayCalendar())});
  return number;
}

uint32_t TaskHistory::AccessOf(const std::string& stored, const std::string& name) {
  // What cannot be read is left to its own city.
  schema::AccessFacts facts =
      schema::AccessFactsOf(type_, stored).value_or(schema::AccessFacts{.city = std::string(schema::CityOf(name))});
  const uint32_t number = access_keys_.Of(Packed(facts));
  if (number == accesses_.size()) accesses_.push_back(std::move(facts));
  return number;
}

void TaskHistory::SetTask(const std::string& stored, int32_t day) {
  if (!read_.ParseFromString(stored)) return;
  const Task& task = read_;
  const uint32_t city = CityOf(task.name());
  const auto [place, is_new] = tasks_by_name_.try_emplace(KeyOf(task.name()), static_cast<uint32_t>(tasks_.size()));
  const uint32_t number = place->second;
  if (is_new) tasks_.push_back({.city = city, .version = TextNumbers::npos});
  tasks_[number].access = AccessOf(stored, task.name());
  const Task::Duty* lead = rules::FirstLeadDuty(task);
  const uint32_t unit = units_.Of(lead == nullptr ? "" : lead->unit());
  if (lead != nullptr && !lead->unit_title().empty()) unit_titles_[unit] = lead->unit_title();
  Put({.from = day,
       .until = kStill,
       .task = number,
       .section = sections_.Of(absl::StrJoin(task.clause().headings(), " › ")),
       .lead = unit,
       .plan = plans_.Of(task.plan()),
       .facts = rules::FigureFactsOf(task, cities_[city].bases.back().workdays)});
  const bool suspended = std::any_of(task.pauses().begin(), task.pauses().end(),
                                     [](const Task::Pause& pause) { return pause.state() == Task::SUSPENDED; });
  if (suspended) {
    cities_[city].suspended[number] = task;
  } else {
    cities_[city].suspended.erase(number);
  }
}

void TaskHistory::Put(const Version& version) {
  uint32_t& last = tasks_[version.task].version;
  if (last != TextNumbers::npos && versions_[last].from == version.from) {
    versions_[last] = version;  // Only what a day ends with counts.
    return;
  }
  if (last != TextNumbers::npos) versions_[last].until = std::min(versions_[last].until, version.from);
  last = static_cast<uint32_t>(versions_.size());
  versions_.push_back(version);
}

void TaskHistory::RemoveTask(const std::string& name, int32_t day) {
  const auto place = tasks_by_name_.find(KeyOf(name));
  if (place == tasks_by_name_.end()) return;
  const TaskRow& task = tasks_[place->second];
  versions_[task.version].until = std::min(versions_[task.version].until, day);
  cities_[task.city].suspended.erase(place->second);
}

void TaskHistory::SetSettings(const v1::Settings& settings, int32_t day) {
  const uint32_t city = CityOf(settings.name());
  cities_[city].settings = settings;
  Rebase(city, day);
}

void TaskHistory::SetHolidayYear(const HolidayYear& year, int32_t day) {
  const uint32_t city = CityOf(year.name());
  cities_[city].years[year.name()] = year;
  Rebase(city, day);
}

void TaskHistory::RemoveHolidayYear(const std::string& name, int32_t day) {
  const uint32_t city = CityOf(name);
  cities_[city].years.erase(name);
  Rebase(city, day);
}

void TaskHistory::Rebase(uint32_t number, int32_t day) {
  City& city = cities_[number];
  std::vector<HolidayYear> years;
  for (const auto& [name, year] : city.years) years.push_back(year);
  if (city.bases.back().from == day) city.bases.pop_back();
  city.bases.push_back({day, rules::LimitsOf(city.settings), WorkdayIndex(workdays::MakeCalendar(years))});
  for (const auto& [task, record] : city.suspended) {
    Version version = versions_[tasks_[task].version];
    version.from = day;
    version.until = kStill;
    version.facts = rules::FigureFactsOf(record, city.bases.back().workdays);
    Put(version);
  }
}

std::vector<const TaskHistory::Basis*> TaskHistory::BasesOn(int32_t day) const {
  std::vector<const Basis*> bases;
  for (const City& city : cities_) {
    const auto after = std::upper_bound(city.bases.begin(), city.bases.end(), day,
                                        [](int32_t d, const Basis& b) { return d < b.from; });
    bases.push_back(&*std::prev(after));
  }
  return bases;
}

std::vector<bool> TaskHistory::SeenBy(const Caller& caller) const {
  std::vector<bool> seen;
  seen.reserve(accesses_.size());
  for (const schema::AccessFacts& facts : accesses_) seen.push_back(schema::MaySee(caller, type_, facts));
  return seen;
}

uint32_t TaskHistory::GroupOf(const Version& version, GetFiguresRequest::GroupBy by) const {
  switch (by) {
    case GetFiguresRequest::SECTION:
      return version.section;
    case GetFiguresRequest::UNIT:
      return version.lead;
    case GetFiguresRequest::CITY:
      return tasks_[version.task].city;
    case GetFiguresRequest::PLAN:
      return version.plan;
    default:
      return 0;
  }
}

TaskHistory::Group TaskHistory::DescribeGroup(uint32_t number, GetFiguresRequest::GroupBy by) const {
  switch (by) {
    case GetFiguresRequest::SECTION:
      return {.key = sections_.Text(number), .title = sections_.Text(number)};
    case GetFiguresRequest::UNIT: {
      const auto title = unit_titles_.find(number);
      return {.key = units_.Text(number), .title = title == unit_titles_.end() ? "" : title->second};
    }
    case GetFiguresRequest::CITY:
      return {.key = absl::StrCat("cities/", city_codes_.Text(number)), .title = city_codes_.Text(number)};
    case GetFiguresRequest::PLAN:
      return {.key = plans_.Text(number)};
    case GetFiguresRequest::MONTH: {
      const std::string month = number == 0 ? "" : absl::StrFormat("%04d-%02d", number / 100, number % 100);
      return {.key = month, .title = month};
    }
    default:
      return {};
  }
}

TaskHistory::Answer TaskHistory::Count(const Question& question, const Caller& caller) const {
  Answer answer;
  const uint32_t city = city_codes_.Find(question.city), plan = plans_.Find(question.plan);
  const uint32_t unit = units_.Find(question.unit);
  const std::vector<bool> seen = SeenBy(caller);
  const std::vector<const Basis*> bases = BasesOn(question.day);
  const bool grouped = question.group_by != GetFiguresRequest::GROUP_BY_UNSPECIFIED;
  const bool by_month = question.group_by == GetFiguresRequest::MONTH;
  std::map<uint32_t, rules::FigureCounts> months;
  std::vector<rules::FigureCounts> groups(
      std::max({sections_.size(), units_.size(), plans_.size(), city_codes_.size()}));
  Months month_of;
  for (const Version& version : versions_) {
    if (question.day < version.from || question.day >= version.until) continue;
    const TaskRow& task = tasks_[version.task];
    if (!seen[task.access] || (!question.city.empty() && task.city != city) ||
        (!question.plan.empty() && version.plan != plan) || (!question.unit.empty() && version.lead != unit))
      continue;
    const Basis& basis = *bases[task.city];
    const auto light = rules::LightOf(version.facts.light, basis.limits, basis.workdays, question.day).colour;
    answer.all.Add(version.facts, light, question.day);
    if (!grouped) continue;
    rules::FigureCounts& group =
        by_month ? months[month_of.Of(version.facts.due)] : groups[GroupOf(version, question.group_by)];
    group.Add(version.facts, light, question.day);
  }
  const auto tell = [&](uint32_t number, const rules::FigureCounts& counts) {
    if (counts.total() == 0) return;
    answer.groups.push_back(DescribeGroup(number, question.group_by));
    answer.groups.back().counts = counts;
  };
  for (uint32_t number = 0; number < groups.size() && !by_month; ++number) tell(number, groups[number]);
  for (const auto& [month, counts] : months) tell(month, counts);
  return answer;
}

size_t TaskHistory::memory_bytes() const {
  size_t bytes = versions_.capacity() * sizeof(Version) + tasks_.capacity() * sizeof(TaskRow) +
                 tasks_by_name_.capacity() * (sizeof(std::pair<absl::uint128, uint32_t>) + kSlotOverhead);
  for (const schema::AccessFacts& facts : accesses_) {
    bytes += sizeof facts + 2 * facts.city.size();
    for (const std::string& party : facts.parties) bytes += sizeof party + 2 * party.size();
  }
  for (const City& city : cities_) {
    for (const auto& [task, record] : city.suspended) bytes += record.SpaceUsedLong();
  }
  return bytes;
}

}  // namespace duikou::taskregistry
