// Figures of many tasks: as fast as they should be, and the same as a count over the messages themselves.
#include "services/taskregistry/task_history.h"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/workday_index.h"
#include "common/workdays/holiday_years.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/settings.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry {
namespace {

using ::duikou::testing::AddDuty;
using ::duikou::testing::IsOk;
using v1::GetFiguresRequest;
using v1::Task;

const absl::CivilDay kFirst(2025, 1, 1);
constexpr int kDays = 400;

directory::v1::HolidayYear HolidaysOf(int city, int year) {
  directory::v1::HolidayYear holidays;
  holidays.set_name(absl::StrCat("cities/", 210800 + city, "/holidayYears/", year));
  holidays.set_year(year);
  for (int d = 1; d <= 7; ++d) {
    if (WorkdayCalendar().IsWorkday(absl::CivilDay(year, 10, d)))
      *holidays.add_holidays() = rules::ToDate(absl::CivilDay(year, 10, d));
  }
  return holidays;
}

// Makes tasks and their changes at random, in the order of days.
class RandomTasks {
 public:
  explicit RandomTasks(int tasks) : tasks_(static_cast<size_t>(tasks)) {}

  Task Make(size_t index, absl::CivilDay day) {
    Task& task = tasks_[index];
    if (task.name().empty()) {
      const size_t city = Random(3);
      task.set_name(absl::StrCat("cities/", 210800 + city, "/tasks/t", index));
      task.set_plan(absl::StrCat("cities/", 210800 + city, "/plans/p", Random(4)));
      task.mutable_clause()->add_headings(absl::StrCat("第", Random(17), "节"));
      AddDuty(task, Task::Duty::LEAD, absl::StrCat("cities/", 210800 + city, "/units/u", Random(40)), "某局");
      AddDuty(task, Task::Duty::RESPONSIBLE, absl::StrCat("cities/", 210800 + Random(3), "/units/u", Random(40)), "");
      if (Random(5) == 0) task.mutable_access()->set_disclosure(type::v1::Access::RESTRICTED);
    }
    task.set_state(testing::kTaskStates[Random(7)]);
    *task.mutable_start_date() = rules::ToDate(day - static_cast<int>(Random(200)));
    *task.mutable_due_date() = rules::ToDate(day + static_cast<int>(Random(200)) - 60);
    if (Random(12) == 0) task.clear_due_date();
    task.set_percent(static_cast<int>(Random(101)));
    Task::Duty& lead = *task.mutable_duties(0);
    lead.set_state(Task::Duty::ACKNOWLEDGED);
    lead.clear_owed_from();
    if (Random(2) == 0) *lead.mutable_owed_from() = rules::ToDate(day - static_cast<int>(Random(12)));
    task.clear_completion_report_time();
    if (Random(3) > 0) task.mutable_completion_report_time()->set_seconds(absl::ToUnixSeconds(StartOf(day)));
    task.clear_pauses();
    if (Random(10) == 0) {
      Task::Pause* pause = task.add_pauses();
      pause->set_state(Task::SUSPENDED);
      *pause->mutable_from() = rules::ToDate(day - 30);
      *pause->mutable_until() = rules::ToDate(day - 5);
    }
    return task;
  }
  size_t Random(size_t below) { return random_() % below; }
  const std::vector<Task>& now() const { return tasks_; }

 private:
  std::mt19937 random_{20260302};
  std::vector<Task> tasks_;
};

// The same by counting messages, one after the other: each with its own light, grouped by the texts themselves.
std::string CountSlowly(const std::vector<std::string>& tasks, const TaskHistory::Question& question,
                        const Caller& caller, const std::map<std::string, WorkdayIndex>& calendars,
                        const schema::ResourceType& type, const std::map<std::string, schema::AccessFacts>& now) {
  rules::FigureCounts all;
  std::map<std::string, rules::FigureCounts> groups;
  for (const std::string& bytes : tasks) {
    Task task;
    if (bytes.empty() || !task.ParseFromString(bytes)) continue;
    const std::string city(schema::CityOf(task.name()));
    if (!schema::MaySee(caller, type, now.at(task.name()))) continue;
    if (!question.city.empty() && city != question.city) continue;
    if (!question.plan.empty() && task.plan() != question.plan) continue;
    const WorkdayIndex& workdays = calendars.at(city);
    const rules::FigureFacts facts = rules::FigureFactsOf(task, workdays);
    const auto light = rules::LightOf(facts.light, {}, workdays, question.day).colour;
    all.Add(facts, light, question.day);
    std::string key;
    switch (question.group_by) {
      case GetFiguresRequest::SECTION:
        key = absl::StrJoin(task.clause().headings(), " › ");
        break;
      case GetFiguresRequest::UNIT:
        key = task.duties(0).unit();
        break;
      case GetFiguresRequest::CITY:
        key = "cities/" + city;
        break;
      case GetFiguresRequest::MONTH:
        key = task.has_due_date() ? FormatDay(rules::ToCivil(task.due_date())).substr(0, 7) : "";
        break;
      default:
        key = task.plan();
    }
    groups[key].Add(facts, light, question.day);
  }
  std::string text = ToMessage(all).ShortDebugString();
  for (const auto& [key, counts] : groups)
    absl::StrAppend(&text, "\n", key, ": ", ToMessage(counts).ShortDebugString());
  return text;
}

std::string TextOf(const TaskHistory::Answer& answer) {
  std::map<std::string, std::string> groups;
  for (const auto& group : answer.groups) groups[group.key] = ToMessage(group.counts).ShortDebugString();
  std::string text = ToMessage(answer.all).ShortDebugString();
  for (const auto& [key, counts] : groups) absl::StrAppend(&text, "\n", key, ": ", counts);
  return text;
}

// DUIKOU_TASKS: how many; a million with --slow.
TEST(TaskHistory, AnyDayIsAsASlowCountHasIt) {
  const char* asked = std::getenv("DUIKOU_TASKS");
  const int count = asked == nullptr ? 5000 : std::atoi(asked);
  const auto type = schema::ResourceType::Derive(Task::descriptor());
  ASSERT_THAT(type, IsOk());
  TaskHistory history(**type);
  RandomTasks tasks(count);
  std::map<std::string, WorkdayIndex> calendars;
  for (int city = 0; city < 3; ++city) {
    const auto holidays = HolidaysOf(city, 2025);
    history.SetHolidayYear(holidays, DayNumber(kFirst) - 1);
    calendars.emplace(absl::StrCat(210800 + city), WorkdayIndex(workdays::MakeCalendar({holidays})));
  }
  // On each of these days the messages are kept as they were at its end.
  const std::vector<int> kept_days = {0, 1, 57, 180, 303, kDays - 1};
  std::map<int, std::vector<std::string>> kept;
  std::vector<std::string> current(static_cast<size_t>(count));
  for (int d = 0; d < kDays; ++d) {
    const absl::CivilDay day = kFirst + d;
    const int changes = d == 0 ? count / 2 : count * 3 / kDays;
    for (int n = 0; n < changes; ++n) {
      const size_t index = tasks.Random(static_cast<size_t>(count));
      const Task task = tasks.Make(index, day);
      if (tasks.Random(200) == 0) {
        history.RemoveTask(task.name(), DayNumber(day));
        current[index].clear();
        continue;
      }
      history.SetTask(task.SerializeAsString(), DayNumber(day));
      current[index] = task.SerializeAsString();
    }
    if (std::find(kept_days.begin(), kept_days.end(), d) != kept_days.end()) kept[d] = current;
  }
  std::map<std::string, schema::AccessFacts> access;
  for (const Task& task : tasks.now()) {
    if (!task.name().empty()) access[task.name()] = *schema::AccessFactsOf(**type, task.SerializeAsString());
  }
  const Caller coordinator{
      .kind = Caller::Kind::kPerson, .name = "a", .city = "210800", .roles = 1U << type::v1::COORDINATOR};
  const Caller officer{.kind = Caller::Kind::kPerson, .name = "b", .city = "210801", .unit = "cities/210801/units/u3"};
  const Caller service{.kind = Caller::Kind::kService};
  double slowest = 0;
  int turn = 0;
  for (const auto& [d, messages] : kept) {
    for (const Caller& caller : {service, coordinator, officer}) {
      for (const auto by : {GetFiguresRequest::SECTION, GetFiguresRequest::UNIT, GetFiguresRequest::CITY,
                            GetFiguresRequest::MONTH, GetFiguresRequest::PLAN}) {
        // The slow count of a million takes its time: then one question in seven, which is each grouping by turns.
        if (asked != nullptr && ++turn % 7 != 0) continue;
        TaskHistory::Question question{.day = DayNumber(kFirst + d), .group_by = by};
        if (by == GetFiguresRequest::UNIT) question.city = "210802";
        if (by == GetFiguresRequest::MONTH) question.plan = "cities/210801/plans/p2";
        const auto begin = std::chrono::steady_clock::now();
        const TaskHistory::Answer answer = history.Count(question, caller);
        slowest = std::max(slowest, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        ASSERT_EQ(TextOf(answer), CountSlowly(messages, question, caller, calendars, **type, access))
            << FormatDay(kFirst + d) << " by " << by;
      }
    }
  }
  std::cout << "figures of " << count << " tasks in " << history.versions() << " versions ("
            << history.memory_bytes() / 1000000 << " MB): slowest " << 1000 * slowest << " ms\n";
  const double allowed = asked == nullptr ? 10 : 0.3;  // Seconds; the small one runs with sanitizers too.
  EXPECT_LT(slowest, allowed);
}

TEST(TaskHistory, ATaskCountsForTheFirstLeadThatOwesIt) {
  const auto type = schema::ResourceType::Derive(Task::descriptor());
  ASSERT_THAT(type, IsOk());
  TaskHistory history(**type);
  Task task = testing::TaskIn(Task::IN_PROGRESS);
  *task.mutable_duties(0) = Task::Duty();
  task.mutable_duties(0)->set_kind(Task::Duty::LEAD);
  task.mutable_duties(0)->set_unit(testing::kForeign);
  AddDuty(task, Task::Duty::LEAD, testing::kLead, "")->set_state(Task::Duty::ACKNOWLEDGED);
  const absl::CivilDay begin(2026, 3, 2);
  const auto units = [&](absl::CivilDay day) {
    std::vector<std::string> keys;
    const auto answer =
        history.Count({.day = DayNumber(day), .group_by = GetFiguresRequest::UNIT}, {.kind = Caller::Kind::kService});
    for (const auto& group : answer.groups) keys.push_back(group.key);
    return keys;
  };
  int days = 0;
  for (const auto state : {Task::Duty::AWAITING_CITY, Task::Duty::TAKEN_ON, Task::Duty::CITY_DECLINED}) {
    task.mutable_duties(0)->set_state(state);
    history.SetTask(task.SerializeAsString(), DayNumber(begin + days));
    EXPECT_THAT(units(begin + days++), ::testing::ElementsAre(testing::kLead)) << Task::Duty::State_Name(state);
  }
  task.mutable_duties(0)->set_state(Task::Duty::ACKNOWLEDGED);
  history.SetTask(task.SerializeAsString(), DayNumber(begin + days));
  EXPECT_THAT(units(begin + days++), ::testing::ElementsAre(testing::kForeign));
  task.mutable_duties()->RemoveLast();
  task.mutable_duties(0)->set_state(Task::Duty::CITY_DECLINED);
  history.SetTask(task.SerializeAsString(), DayNumber(begin + days));
  EXPECT_THAT(units(begin + days), ::testing::ElementsAre("")) << "no duty, no unit";
}

TEST(TaskHistory, ACalendarThatBecomesKnownCountsFromThatDayOn) {
  const auto type = schema::ResourceType::Derive(Task::descriptor());
  TaskHistory history(**type);
  Task task;
  task.set_name("cities/210800/tasks/t1");
  task.set_state(Task::IN_PROGRESS);
  *task.mutable_start_date() = rules::ToDate(absl::CivilDay(2025, 9, 1));
  *task.mutable_due_date() = rules::ToDate(absl::CivilDay(2025, 10, 17));
  task.set_percent(100);
  history.SetTask(task.SerializeAsString(), DayNumber(absl::CivilDay(2025, 9, 1)));
  history.SetHolidayYear(HolidaysOf(0, 2025), DayNumber(absl::CivilDay(2025, 9, 30)));
  const auto light = [&](absl::CivilDay day) {
    const auto answer = history.Count({.day = DayNumber(day)}, {.kind = Caller::Kind::kService});
    return answer.all.lights[v1::Light::BLUE] == 1 ? "blue" : answer.all.lights[v1::Light::GREEN] == 1 ? "green" : "?";
  };
  // 13 workdays from 30 September to 17 October without the holidays, 8 with them; 14 from the day before.
  EXPECT_STREQ(light(absl::CivilDay(2025, 9, 29)), "green");
  EXPECT_STREQ(light(absl::CivilDay(2025, 9, 30)), "blue");
}

}  // namespace
}  // namespace duikou::taskregistry
