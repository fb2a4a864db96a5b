// Due days reckoned anew: which duties and reports move with a calendar, and which stay.
#include <string>

#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/due_days.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using absl::CivilDay;
using v1::ProgressReport;
using Duty = Task::Duty;

constexpr CivilDay kToday(2026, 12, 3);

// Tuesday and Wednesday, 1 and 2 December 2026, are off.
WorkdayCalendar TwoDaysOff() {
  WorkdayCalendar calendar;
  calendar.SetYear(2026, {.holidays = {CivilDay(2026, 12, 1), CivilDay(2026, 12, 2)}, .makeup_workdays = {}});
  return calendar;
}

// Asked on Monday 30 November, as without the year.
Task TaskAsked(Duty::State state) {
  Task task = TaskIn(Task::ISSUED);
  for (Duty& duty : *task.mutable_duties()) {
    duty.set_state(state);
    *duty.mutable_acknowledge_from() = ToDate(CivilDay(2026, 11, 30));
    *duty.mutable_acknowledge_due_date() = ToDate(CivilDay(2026, 12, 2));
    duty.set_acknowledge_tentative(true);
  }
  return task;
}

TEST(MoveAcknowledgeDueTest, OfOpenDutiesAlone) {
  for (int state = Duty::NOT_ISSUED; state <= Duty::CITY_DECLINED; ++state) {
    const auto open = state == Duty::AWAITING || state == Duty::AWAITING_CITY || state == Duty::TAKEN_ON ||
                      state == Duty::DECLINE_REQUESTED;
    Task task = TaskAsked(static_cast<Duty::State>(state));
    EXPECT_EQ(MoveAcknowledgeDue(task, TwoDaysOff(), 2, 2026, kToday), open) << state;
    EXPECT_EQ(ToCivil(task.duties(1).acknowledge_due_date()), CivilDay(2026, 12, open ? 4 : 2)) << state;
    EXPECT_EQ(task.duties(1).acknowledge_tentative(), !open) << state;
    EXPECT_FALSE(MoveAcknowledgeDue(task, TwoDaysOff(), 2, 2026, kToday)) << "once is enough";
  }
}

TEST(MoveAcknowledgeDueTest, AYearStillUnknownLeavesThemTentative) {
  Task task = TaskAsked(Duty::AWAITING);
  EXPECT_FALSE(MoveAcknowledgeDue(task, WorkdayCalendar(), 2, 2026, kToday));
  EXPECT_TRUE(task.duties(0).acknowledge_tentative());
}

TEST(MoveAcknowledgeDueTest, WhatSaysNotWhenItWasAskedStays) {
  Task task = TaskAsked(Duty::AWAITING);
  for (Duty& duty : *task.mutable_duties()) duty.clear_acknowledge_from();
  EXPECT_FALSE(MoveAcknowledgeDue(task, TwoDaysOff(), 2, 2026, kToday));
}

TEST(MoveAcknowledgeDueTest, AnotherYearMovesNothingThatIsSettled) {
  Task task = TaskAsked(Duty::AWAITING);
  for (Duty& duty : *task.mutable_duties()) duty.set_acknowledge_tentative(false);
  EXPECT_FALSE(MoveAcknowledgeDue(task, TwoDaysOff(), 2, 2027, kToday));
  EXPECT_TRUE(MoveAcknowledgeDue(task, TwoDaysOff(), 2, 2026, kToday)) << "a notice that was corrected";
}

TEST(MoveAcknowledgeDueTest, RemindsNotTwiceOfWhatIsLateEitherWay) {
  for (const CivilDay today : {CivilDay(2026, 12, 3), CivilDay(2026, 12, 7)}) {
    Task task = TaskAsked(Duty::AWAITING);
    *task.mutable_duties(0)->mutable_acknowledge_reminded() = ToDate(CivilDay(2026, 12, 2));
    ASSERT_TRUE(MoveAcknowledgeDue(task, TwoDaysOff(), 2, 2026, today));
    EXPECT_EQ(ToCivil(task.duties(0).acknowledge_reminded()), CivilDay(2026, 12, today.day() == 7 ? 4 : 2));
    EXPECT_FALSE(task.duties(1).has_acknowledge_reminded());
  }
}

TEST(MoveReportDueTest, ByThePeriodThatItWasMadeFor) {
  Task task = TaskIn(Task::IN_PROGRESS);
  *task.mutable_milestones(0)->mutable_due_date() = ToDate(CivilDay(2026, 11, 29));
  Task::Milestone* open = task.add_milestones();
  open->set_id("m2");
  // The task's frequency is of no account: it may have changed since.
  const std::pair<const char*, CivilDay> cases[] = {
      {"2026-11", CivilDay(2026, 12, 7)}, {"2026-W48", CivilDay(2026, 12, 4)}, {"2026-Q3", CivilDay(2026, 10, 5)},
      {"m1", CivilDay(2026, 12, 4)},      {"m2", CivilDay(2026, 12, 7)},
  };
  for (const auto& [period, due] : cases) {
    ProgressReport report;
    report.set_period(period);
    report.set_tentative(true);
    report.mutable_create_time()->set_seconds(absl::ToUnixSeconds(StartOf(CivilDay(2026, 11, 30))));
    *report.mutable_due_date() = ToDate(CivilDay(2026, 12, 3));
    EXPECT_TRUE(MoveReportDue(task, report, TwoDaysOff(), 3)) << period;
    EXPECT_EQ(ToCivil(report.due_date()), due) << period;
    EXPECT_FALSE(report.tentative()) << period;
    EXPECT_FALSE(MoveReportDue(task, report, TwoDaysOff(), 3)) << period;
  }
  ProgressReport gone;
  gone.set_period("m9");
  gone.set_tentative(true);
  EXPECT_FALSE(MoveReportDue(task, gone, TwoDaysOff(), 3));
}

}  // namespace
}  // namespace duikou::taskregistry::rules
