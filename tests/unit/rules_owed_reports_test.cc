// What units owe: counted from their reports over periods, milestones, returns and pauses.
#include <string>
#include <vector>

#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/owed_reports.h"
#include "services/taskregistry/rules/task_state.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using absl::CivilDay;
using v1::ProgressReport;

ProgressReport ReportOf(const std::string& unit, const std::string& period,
                        ProgressReport::State state = ProgressReport::SUBMITTED, CivilDay decided = kToday) {
  ProgressReport report;
  report.set_unit(unit);
  report.set_period(period);
  report.set_state(state);
  report.mutable_decide_time()->set_seconds(absl::ToUnixSeconds(StartOf(decided)));
  return report;
}

// Its duties began on 2026-01-20, so that February is the first month owed.
Task Running() {
  Task task = TaskIn(Task::IN_PROGRESS);
  for (Task::Duty& duty : *task.mutable_duties()) OweFrom(duty, CivilDay(2026, 1, 20));
  return task;
}

std::string OwedBy(const Task& task, int duty) {
  const Task::Duty& one = task.duties(duty);
  return one.has_owed_from() ? one.owed_period() + " from " + FormatDay(ToCivil(one.owed_from())) : "nothing";
}

TEST(OwedTest, TheFirstPeriodThatBeginsAfterTheDutyDid) {
  const struct {
    Task::Frequency frequency;
    CivilDay since;
    const char* owed;
  } cases[] = {
      {Task::MONTHLY, CivilDay(2026, 1, 20), "2026-02 from 2026-02-28"},
      {Task::MONTHLY, CivilDay(2026, 1, 31), "2026-02 from 2026-02-28"},
      {Task::MONTHLY, CivilDay(2026, 2, 1), "2026-03 from 2026-03-31"},
      {Task::WEEKLY, CivilDay(2026, 2, 8), "2026-W07 from 2026-02-15"},
      {Task::WEEKLY, CivilDay(2026, 12, 25), "2026-W53 from 2027-01-03"},
      {Task::QUARTERLY, CivilDay(2026, 10, 1), "2027-Q1 from 2027-03-31"},
      {Task::MONTHLY, CivilDay(2025, 6, 1), "2026-02 from 2026-02-28"},  // It starts on 2026-01-05.
  };
  for (const auto& one : cases) {
    Task task = Running();
    task.set_report_frequency(one.frequency);
    OweFrom(*task.mutable_duties(0), one.since);
    CountOwed(task, "", {});
    EXPECT_EQ(OwedBy(task, 0), one.owed) << one.since;
  }
}

TEST(OwedTest, ReportsMadeAreNotOwedWhoeversTheOthersAre) {
  Task task = Running();
  CountOwed(task, "", {ReportOf(kLead, "2026-02"), ReportOf(kLead, "2026-03", ProgressReport::ACCEPTED)});
  EXPECT_EQ(OwedBy(task, 0), "2026-04 from 2026-04-30");
  EXPECT_EQ(OwedBy(task, 1), "2026-02 from 2026-02-28");
  CountOwed(task, kResponsible, {ReportOf(kResponsible, "2026-03")});
  EXPECT_EQ(OwedBy(task, 1), "2026-02 from 2026-02-28") << "the gap counts";
  EXPECT_EQ(OwedBy(task, 0), "2026-04 from 2026-04-30") << "another unit's count is left alone";
}

TEST(OwedTest, AReturnedReportIsOwedFromItsReturn) {
  Task task = Running();
  CountOwed(task, "",
            {ReportOf(kLead, "2026-02", ProgressReport::RETURNED, CivilDay(2026, 3, 10)), ReportOf(kLead, "2026-03")});
  EXPECT_EQ(OwedBy(task, 0), "2026-02 from 2026-03-10");
  CountOwed(task, "", {ReportOf(kLead, "2026-02", ProgressReport::RETURNED, CivilDay(2026, 2, 20))});
  EXPECT_EQ(OwedBy(task, 0), "2026-02 from 2026-02-28") << "not before its period is over";
}

TEST(OwedTest, MilestonesByTheirDueDates) {
  Task task = Running();
  task.set_report_frequency(Task::STAGE);
  CountOwed(task, "", {});
  EXPECT_EQ(OwedBy(task, 0), "nothing") << "a milestone without a date";
  *task.mutable_milestones(0)->mutable_due_date() = ToDate(CivilDay(2026, 6, 30));
  Task::Milestone* second = task.add_milestones();
  second->set_id("m2");
  *second->mutable_due_date() = ToDate(CivilDay(2026, 4, 15));
  Task::Milestone* before = task.add_milestones();
  before->set_id("m0");
  *before->mutable_due_date() = ToDate(CivilDay(2026, 1, 20));
  CountOwed(task, "", {});
  EXPECT_EQ(OwedBy(task, 0), "m2 from 2026-04-15");
  CountOwed(task, "", {ReportOf(kLead, "m2")});
  EXPECT_EQ(OwedBy(task, 0), "m1 from 2026-06-30");
  CountOwed(task, "", {ReportOf(kLead, "m2"), ReportOf(kLead, "m1")});
  EXPECT_EQ(OwedBy(task, 0), "nothing");
}

TEST(OwedTest, SupervisingUnitsOweNothing) {
  Task task = Running();
  task.mutable_duties(1)->set_kind(Task::Duty::SUPERVISING);
  CountOwed(task, "", {});
  EXPECT_EQ(OwedBy(task, 1), "nothing");
}

TEST(OwedTest, StandsStillUnlessItRuns) {
  for (const Task::State state : kTaskStates) {
    Task task = Running();
    CountOwed(task, "", {});
    task.set_state(state);
    CountOwed(task, "", {ReportOf(kLead, "2026-02")});
    const bool runs = state == Task::ISSUED || state == Task::IN_PROGRESS;
    EXPECT_EQ(OwedBy(task, 0), runs ? "2026-03 from 2026-03-31" : "2026-02 from 2026-02-28") << Task::State_Name(state);
  }
}

absl::Time At(CivilDay day) { return StartOf(day) + absl::Hours(9); }

TEST(OwedTest, PausesForgiveWhatEndsInThemAndGiveTimeAfter) {
  Task task = Running();
  CountOwed(task, "", {});
  ASSERT_THAT(Suspend(task, At(CivilDay(2026, 3, 20))), IsOk());
  ASSERT_THAT(Resume(task, At(CivilDay(2026, 5, 11))), IsOk());
  CountOwed(task, "", {});
  EXPECT_EQ(OwedBy(task, 0), "2026-02 from 2026-05-11") << "owed before, due after";
  CountOwed(task, "", {ReportOf(kLead, "2026-02")});
  EXPECT_EQ(OwedBy(task, 0), "2026-05 from 2026-05-31") << "March and April ended meanwhile";
}

TEST(OwedTest, AReturnPausesAndAWithdrawalDoesNot) {
  for (const bool returned : {true, false}) {
    Task task = Running();
    ASSERT_THAT(ReportCompletion(task, OfficerOf(kLead), At(CivilDay(2026, 2, 20))), IsOk());
    EXPECT_EQ(ToCivil(task.frozen().date()), CivilDay(2026, 2, 20));
    ASSERT_THAT(returned ? Return(task, At(CivilDay(2026, 4, 10))) : WithdrawCompletion(task, OfficerOf(kLead)),
                IsOk());
    EXPECT_FALSE(task.has_frozen());
    CountOwed(task, "", {});
    EXPECT_EQ(OwedBy(task, 0), returned ? "2026-04 from 2026-04-30" : "2026-02 from 2026-02-28");
  }
}

TEST(OwedTest, ReopeningForgivesTheTimeClosed) {
  Task task = Running();
  ASSERT_THAT(ReportCompletion(task, OfficerOf(kLead), At(CivilDay(2026, 2, 20))), IsOk());
  ASSERT_THAT(Close(task, CoordinatorOf("210800"), At(CivilDay(2026, 2, 25))), IsOk());
  ASSERT_THAT(Reopen(task, At(CivilDay(2026, 9, 1))), IsOk());
  CountOwed(task, "", {});
  EXPECT_EQ(OwedBy(task, 0), "2026-09 from 2026-09-30");
  EXPECT_EQ(task.pauses_size(), 2);
  for (const Task::Pause& pause : task.pauses()) EXPECT_TRUE(pause.has_until());
}

TEST(OwedTest, APauseOfNoDayLeavesNoTrace) {
  Task task = Running();
  ASSERT_THAT(Suspend(task, kNow), IsOk());
  EXPECT_EQ(task.pauses_size(), 1);
  ASSERT_THAT(Resume(task, kNow), IsOk());
  EXPECT_EQ(task.pauses_size(), 0);
}

}  // namespace
}  // namespace duikou::taskregistry::rules
