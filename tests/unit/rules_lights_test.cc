// Lights: chosen cases, random ones against a slow implementation, and how a task's light follows from its duties'.
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/lights.h"
#include "tests/unit/holidays_2022_2026.h"
#include "tests/unit/rules_lights_cases.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using absl::CivilDay;

CivilDay Day(absl::string_view text) { return *ParseDay(text); }

// A task whose only lead owes the report.
Task TaskOf(const LightCase& one) {
  Task task = TaskIn(one.state);
  task.clear_start_date();
  task.clear_due_date();
  if (*one.start != 0) *task.mutable_start_date() = ToDate(Day(one.start));
  if (*one.due != 0) *task.mutable_due_date() = ToDate(Day(one.due));
  task.set_percent(one.percent);
  for (Task::Duty& duty : *task.mutable_duties()) duty.set_state(Task::Duty::ACKNOWLEDGED);
  if (*one.owed_from != 0) *task.mutable_duties(0)->mutable_owed_from() = ToDate(Day(one.owed_from));
  if (*one.frozen != 0) {
    *task.mutable_frozen()->mutable_date() = ToDate(Day(one.frozen));
    task.mutable_frozen()->set_percent(one.percent);
    task.set_percent(0);  // What is accepted or changed later does not count.
  }
  for (const absl::string_view range : absl::StrSplit(one.suspended, ';', absl::SkipEmpty())) {
    Task::Pause* pause = task.add_pauses();
    pause->set_state(Task::SUSPENDED);
    *pause->mutable_from() = ToDate(Day(range.substr(0, 10)));
    *pause->mutable_until() = ToDate(Day(range.substr(11)));
  }
  return task;
}

TEST(LightTest, CasesByHand) {
  static_assert(std::size(kLightCases) >= 120);
  const WorkdayIndex workdays(Calendar2022To2026());
  for (const LightCase& one : kLightCases) {
    const LightFound found = LightOf(LightFactsOf(TaskOf(one), workdays), {}, workdays, DayNumber(Day(one.today)));
    EXPECT_EQ(found, (LightFound{one.colour, one.cause, one.amount}))
        << one.what << " on " << one.today << ": " << NameOf(found.colour).en << " "
        << v1::Light::Cause_Name(found.cause) << " " << found.amount;
  }
}

// The rule again, day by day, with nothing in common with what is tested but the messages.
class SlowRule {
 public:
  SlowRule(const WorkdayCalendar& calendar, const LightLimits& limits) : limits_(limits) {
    for (CivilDay day = kFirst; day < CivilDay(2030, 1, 1); ++day) worked_.push_back(calendar.IsWorkday(day));
  }

  Light::Colour Of(const Task& task, CivilDay today) const {
    if (task.state() == Task::DRAFT || task.state() == Task::SUSPENDED || task.state() == Task::CLOSED ||
        task.state() == Task::CANCELLED)
      return Light::GREY;
    const bool frozen = task.state() == Task::COMPLETION_REPORTED;
    if (frozen && ToCivil(task.frozen().date()) < today) today = ToCivil(task.frozen().date());
    if (today < ToCivil(task.start_date())) return Light::GREY;
    if (task.has_due_date() && ToCivil(task.due_date()) < today) return Light::RED;
    int late = 0;
    for (const Task::Duty& duty : task.duties()) late = std::max(late, LateBy(duty, today));
    if (late >= limits_.red_report_workdays) return Light::RED;
    if (task.has_due_date()) {
      const CivilDay start = ToCivil(task.start_date()), due = ToCivil(task.due_date());
      int elapsed = 0, all = 0;
      for (CivilDay day = start + 1; day <= due; ++day) {
        if (!Worked(day)) continue;
        // Of a frozen light, what came after its day does not count.
        if (Suspended(task, day) && !(frozen && day > today)) continue;
        ++all;
        if (day <= today) ++elapsed;
      }
      const int percent = frozen ? task.frozen().percent() : task.percent();
      if (all > 0 && percent < 100.0 * elapsed / all - limits_.behind_percent - 1e-9) return Light::YELLOW;
    }
    if (late >= limits_.yellow_report_workdays) return Light::YELLOW;
    int left = 0;
    if (!task.has_due_date()) return Light::GREEN;
    for (CivilDay day = today + 1; day <= ToCivil(task.due_date()); ++day) left += Worked(day) ? 1 : 0;
    return left <= limits_.due_soon_workdays ? Light::BLUE : Light::GREEN;
  }

 private:
  bool Worked(CivilDay day) const { return worked_[static_cast<size_t>(day - kFirst)]; }
  static bool Suspended(const Task& task, CivilDay day) {
    bool suspended = false;
    for (const Task::Pause& pause : task.pauses()) {
      suspended |= pause.state() == Task::SUSPENDED && pause.has_until() && ToCivil(pause.from()) < day &&
                   day <= ToCivil(pause.until());
    }
    return suspended;
  }
  int LateBy(const Task::Duty& duty, CivilDay today) const {
    if (!duty.has_owed_from() || duty.kind() == Task::Duty::SUPERVISING ||
        (duty.state() != Task::Duty::AWAITING && duty.state() != Task::Duty::ACKNOWLEDGED) || duty.unit().empty())
      return 0;
    int workdays = 0;
    for (CivilDay day = ToCivil(duty.owed_from()) + 1; day <= today; ++day) workdays += Worked(day) ? 1 : 0;
    return std::max(0, workdays - limits_.report_workdays);
  }

  static inline const CivilDay kFirst{2018, 1, 1};
  const LightLimits limits_;
  std::vector<bool> worked_;
};

class RandomTasks {
 public:
  Task Next() {
    Task task = TaskIn(Task::IN_PROGRESS);
    const Task::State states[] = {Task::ISSUED,    Task::IN_PROGRESS, Task::IN_PROGRESS, Task::COMPLETION_REPORTED,
                                  Task::SUSPENDED, Task::CLOSED,      Task::DRAFT,       Task::CANCELLED};
    // Mostly in a state whose light says something.
    task.set_state(Below(4) == 0 ? states[Below(8)] : Task::IN_PROGRESS);
    const CivilDay start = CivilDay(2021, 6, 1) + Below(1900);
    const CivilDay due = start + Below(Below(2) == 0 ? 30 : 500);
    today_ = start + Below(static_cast<int>(due - start) + 20) - 5;
    *task.mutable_start_date() = ToDate(start);
    if (Below(8) == 0) {
      task.clear_due_date();
    } else {
      *task.mutable_due_date() = ToDate(due);
    }
    task.set_percent(Below(101));
    task.clear_duties();
    for (int i = Below(4); i >= 0; --i) AddRandomDuty(task);
    CivilDay from = start + Below(60) - 30;
    for (int i = Below(3); i > 0; --i) {
      Task::Pause* pause = task.add_pauses();
      pause->set_state(Below(4) == 0 ? Task::COMPLETION_REPORTED : Task::SUSPENDED);
      *pause->mutable_from() = ToDate(from);
      from += 1 + Below(60);
      *pause->mutable_until() = ToDate(from);
      from += Below(40);
      today_ = std::max(today_, from);
    }
    if (task.state() == Task::COMPLETION_REPORTED) {
      *task.mutable_frozen()->mutable_date() = ToDate(today_ - Below(20));
      task.mutable_frozen()->set_percent(Below(101));
    }
    return task;
  }
  CivilDay today() const { return today_; }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }
  void AddRandomDuty(Task& task) {
    Task::Duty* duty = AddDuty(task, static_cast<Task::Duty::Kind>(1 + Below(4)), Below(9) == 0 ? "" : kLead, "");
    duty->set_state(static_cast<Task::Duty::State>(1 + Below(4)));
    if (Below(3) == 0) *duty->mutable_owed_from() = ToDate(today_ + Below(30) - 20);
  }

  std::mt19937 random_{20260302};
  CivilDay today_;
};

TEST(LightTest, AHundredThousandRandomOnesAsTheSlowRuleSays) {
  const WorkdayCalendar calendar = Calendar2022To2026();
  const WorkdayIndex workdays(calendar);
  const SlowRule slow(calendar, {});
  RandomTasks tasks;
  int counts[Light::Colour_ARRAYSIZE] = {};
  for (int i = 0; i < 100000; ++i) {
    const Task task = tasks.Next();
    const LightFound found = LightOf(LightFactsOf(task, workdays), {}, workdays, DayNumber(tasks.today()));
    ASSERT_EQ(found.colour, slow.Of(task, tasks.today())) << i << " on " << tasks.today() << "\n" << task.DebugString();
    ++counts[found.colour];
  }
  for (int colour = Light::GREY; colour <= Light::RED; ++colour) EXPECT_GT(counts[colour], 1000) << colour;
}

TEST(LightTest, ATasksLightIsTheWorstOfItsDuties) {
  const WorkdayIndex workdays(Calendar2022To2026());
  RandomTasks tasks;
  int compared = 0;
  for (int i = 0; i < 20000; ++i) {
    const Task task = tasks.Next();
    const int32_t today = DayNumber(tasks.today());
    Light::Colour worst = Light::GREY;
    bool led = false;
    for (const Task::Duty& duty : task.duties()) {
      led |= duty.kind() == Task::Duty::LEAD && IsTakenOn(duty);
      worst = std::max(worst, LightOf(LightFactsOf(task, duty, workdays), {}, workdays, today).colour);
    }
    const Light::Colour whole = LightOf(LightFactsOf(task, workdays), {}, workdays, today).colour;
    EXPECT_LE(worst, whole);
    if (!led) continue;
    ++compared;
    ASSERT_EQ(whole, worst) << task.DebugString();
  }
  EXPECT_GT(compared, 3000);
}

TEST(LightTest, ADutysOwnLight) {
  const WorkdayIndex workdays(Calendar2022To2026());
  Task task = TaskIn(Task::IN_PROGRESS);
  AddDuty(task, Task::Duty::SUPERVISING, kOther, "");
  AddDuty(task, Task::Duty::COOPERATING, kCountyA, "")->set_state(Task::Duty::DECLINE_REQUESTED);
  *task.mutable_duties(1)->mutable_owed_from() = ToDate(CivilDay(2026, 5, 31));
  const auto of = [&](int duty) {
    return LightOf(LightFactsOf(task, task.duties(duty), workdays), {}, workdays, DayNumber(CivilDay(2026, 6, 30)));
  };
  EXPECT_EQ(of(0), (LightFound{Light::YELLOW, Light::BEHIND, 47})) << "the percent is the leads'";
  EXPECT_EQ(of(1), (LightFound{Light::RED, Light::REPORT_LATE, 18})) << "its own report";
  EXPECT_EQ(of(2).colour, Light::GREY) << "owes nothing";
  EXPECT_EQ(of(3).colour, Light::GREY) << "not taken on";
}

TEST(LightTest, ThresholdsAreTheCitys) {
  v1::Settings settings;
  EXPECT_EQ(LimitsOf(settings).behind_percent, 15);
  EXPECT_EQ(LimitsOf(settings).report_workdays, 3);
  settings.set_report_workdays(5);
  settings.mutable_lights()->set_due_soon_workdays(20);
  settings.mutable_lights()->set_behind_percent(30);
  settings.mutable_lights()->set_yellow_report_workdays(2);
  settings.mutable_lights()->set_red_report_workdays(4);
  settings.mutable_lights()->set_escalate_workdays(7);
  const LightLimits limits = LimitsOf(settings);
  EXPECT_EQ(limits.escalate_workdays, 7);
  const WorkdayCalendar calendar = Calendar2022To2026();
  const WorkdayIndex workdays(calendar);
  const SlowRule slow(calendar, limits);
  RandomTasks tasks;
  for (int i = 0; i < 5000; ++i) {
    const Task task = tasks.Next();
    ASSERT_EQ(LightOf(LightFactsOf(task, workdays), limits, workdays, DayNumber(tasks.today())).colour,
              slow.Of(task, tasks.today()));
  }
}

TEST(LightTest, EachSaysWhyInBothLanguages) {
  const WorkdayIndex workdays(Calendar2022To2026());
  for (const LightCase& one : kLightCases) {
    const Task task = TaskOf(one);
    const LightFound found = LightOf(LightFactsOf(task, workdays), {}, workdays, DayNumber(Day(one.today)));
    const Text why = ReasonOf(found, task);
    EXPECT_FALSE(why.zh.empty() || why.en.empty()) << one.what;
    if (found.amount > 0 && found.cause != Light::NOT_STARTED) {
      EXPECT_NE(why.zh.find(std::to_string(found.amount)), std::string::npos) << why.zh;
      EXPECT_NE(why.en.find(std::to_string(found.amount)), std::string::npos) << why.en;
    }
  }
}

TEST(WorkdayIndexTest, CountsAsTheCalendarDoes) {
  WorkdayCalendar calendar = Calendar2022To2026();
  WorkdayCalendar::Year later;
  later.holidays.insert(CivilDay(2029, 10, 1));
  calendar.SetYear(2029, later);  // A gap of years without a notice.
  const WorkdayIndex workdays(calendar), none{WorkdayCalendar()};
  std::mt19937 random(7);
  for (int i = 0; i < 3000; ++i) {
    const CivilDay from = CivilDay(1960, 1, 1) + static_cast<int>(random() % 30000);
    const CivilDay to = from + static_cast<int>(random() % 800) - 400;
    ASSERT_EQ(workdays.Between(DayNumber(from), DayNumber(to)), calendar.Between(from, to)) << from << " " << to;
    ASSERT_EQ(none.Between(DayNumber(from), DayNumber(to)), WorkdayCalendar().Between(from, to)) << from << " " << to;
  }
}

TEST(LightTest, AMillionAreFoundFast) {
  const WorkdayIndex workdays(Calendar2022To2026());
  RandomTasks tasks;
  std::vector<LightFacts> facts;
  for (int i = 0; i < 10000; ++i) facts.push_back(LightFactsOf(tasks.Next(), workdays));
  const absl::Time begin = absl::Now();
  int64_t sum = 0;
  for (int round = 0; round < 100; ++round) {
    for (const LightFacts& one : facts)
      sum += LightOf(one, {}, workdays, DayNumber(CivilDay(2024, 1, 1)) + round).colour;
  }
  EXPECT_GT(sum, 1000000) << "each has a colour";
  RecordProperty("a_million_lights_ms", static_cast<int>(absl::ToInt64Milliseconds(absl::Now() - begin)));
}

}  // namespace
}  // namespace duikou::taskregistry::rules
