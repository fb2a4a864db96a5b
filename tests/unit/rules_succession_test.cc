// What becomes of duties when their unit is merged or split, in every state of the task.
#include <string>
#include <utility>
#include <vector>

#include "services/taskregistry/rules/succession.h"
#include "services/taskregistry/rules/task_state.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using v1::Task;
using Duty = Task::Duty;

const std::vector<std::pair<std::string, std::string>> kOne = {{kOther, "市发展和改革委员会"}};
const std::vector<std::pair<std::string, std::string>> kTwo = {{kOther, "市发展和改革委员会"},
                                                               {kCountyA, "盖州市政府"}};

TEST(SuccessionTest, AMergedUnitsDutiesMoveWhileTheTaskIsOpen) {
  for (const Task::State state : kTaskStates) {
    SCOPED_TRACE(Task::State_Name(state));
    Task task = TaskIn(state);
    const Duty before = task.duties(0);
    const bool open = state != Task::CLOSED && state != Task::CANCELLED;
    EXPECT_EQ(Succeed(task, kLead, kOne, kToday), open);
    EXPECT_EQ(task.duties(0).unit(), open ? kOther : kLead) << "history keeps the old name";
    EXPECT_EQ(task.duties(0).state(), before.state());
    EXPECT_EQ(task.duties(0).id(), before.id());
    if (open) {
      EXPECT_EQ(task.duties(0).unit_title(), "市发展和改革委员会");
    }
    EXPECT_EQ(task.duties(0).written(), "市工信局");
    EXPECT_FALSE(Succeed(task, kLead, kOne, kToday)) << "once";
  }
}

TEST(SuccessionTest, ASplitUnitsDutiesWaitToBeReassigned) {
  for (const Task::State state : kTaskStates) {
    SCOPED_TRACE(Task::State_Name(state));
    Task task = TaskIn(state);
    const bool runs = state != Task::DRAFT && state != Task::CLOSED && state != Task::CANCELLED;
    EXPECT_EQ(Succeed(task, kLead, kTwo, kToday), runs);
    EXPECT_EQ(task.duties(0).unit(), kLead);
    if (runs) {
      EXPECT_EQ(task.duties(0).state(), Duty::DECLINE_REQUESTED);
      EXPECT_NE(task.duties(0).decline_reason().find("盖州市政府"), std::string::npos);
    }
    EXPECT_NE(task.duties(1).state(), Duty::DECLINE_REQUESTED);
  }
}

TEST(SuccessionTest, ADeletedUnitsDutiesWaitToBeReassigned) {
  for (const Task::State state : kTaskStates) {
    SCOPED_TRACE(Task::State_Name(state));
    Task task = TaskIn(state);
    const bool runs = state != Task::DRAFT && state != Task::CLOSED && state != Task::CANCELLED;
    EXPECT_EQ(Succeed(task, kLead, {}, kToday), runs);
    EXPECT_EQ(task.duties(0).unit(), kLead);
    if (runs) {
      EXPECT_EQ(task.duties(0).state(), Duty::DECLINE_REQUESTED);
      EXPECT_NE(task.duties(0).decline_reason().find("deleted"), std::string::npos);
    }
    EXPECT_NE(task.duties(1).state(), Duty::DECLINE_REQUESTED);
  }
}

TEST(SuccessionTest, TheWeightierOfTwoDutiesStays) {
  Task task = TaskIn(Task::IN_PROGRESS);
  EXPECT_TRUE(Succeed(task, kResponsible, {{kLead, "市工业和信息化局"}}, kToday));
  ASSERT_EQ(task.duties_size(), 1);
  EXPECT_EQ(task.duties(0).kind(), Duty::LEAD);
  task = TaskIn(Task::IN_PROGRESS);
  EXPECT_TRUE(Succeed(task, kLead, {{kResponsible, "市商务局"}}, kToday));
  ASSERT_EQ(task.duties_size(), 1);
  EXPECT_EQ(task.duties(0).kind(), Duty::LEAD);
  EXPECT_EQ(task.duties(0).unit(), kResponsible);
  task = TaskIn(Task::IN_PROGRESS);
  AddDuty(task, Duty::SUPERVISING, kOther, "")->set_id("d9");
  EXPECT_TRUE(Succeed(task, kLead, kOne, kToday));
  EXPECT_EQ(task.duties_size(), 3) << "supervising stands beside";
}

TEST(SuccessionTest, ATaskBeginsWhenTheLeadThatWasWaitedForIsMergedIntoAnother) {
  Task task = TaskIn(Task::ISSUED);
  task.mutable_duties(0)->set_state(Duty::ACKNOWLEDGED);
  task.mutable_duties(1)->set_kind(Duty::LEAD);
  Task apart = task;
  EXPECT_TRUE(Succeed(apart, kResponsible, kOne, kToday));
  EXPECT_EQ(apart.state(), Task::ISSUED);
  EXPECT_TRUE(Succeed(task, kResponsible, {{kLead, "市工业和信息化局"}}, kToday));
  EXPECT_EQ(task.state(), Task::IN_PROGRESS);
}

TEST(SuccessionTest, ASuspendedTaskBeginsWhenItIsResumed) {
  Task task = TaskIn(Task::ISSUED);
  task.mutable_duties(0)->set_state(Duty::ACKNOWLEDGED);
  task.mutable_duties(1)->set_kind(Duty::LEAD);
  ASSERT_THAT(Suspend(task, kNow), IsOk());
  EXPECT_TRUE(Succeed(task, kResponsible, {{kLead, "市工业和信息化局"}}, kToday));
  EXPECT_EQ(task.state(), Task::SUSPENDED);
  ASSERT_THAT(Resume(task, kNow), IsOk());
  EXPECT_EQ(task.state(), Task::IN_PROGRESS) << "its only lead has acknowledged";
}

TEST(SuccessionTest, TheSuccessorOwesWhatWasStillToCome) {
  const struct {
    Task::Frequency frequency;
    const char* period;
    absl::CivilDay from, since;
  } cases[] = {
      {Task::MONTHLY, "2026-05", absl::CivilDay(2026, 5, 31), absl::CivilDay(2026, 4, 30)},
      {Task::MONTHLY, "2026-02", absl::CivilDay(2026, 4, 20), absl::CivilDay(2026, 1, 31)},  // Paused since.
      {Task::STAGE, "m1", absl::CivilDay(2026, 6, 30), absl::CivilDay(2026, 6, 29)},
      {Task::STAGE, "", {}, kToday},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.period);
    Task task = TaskIn(Task::IN_PROGRESS);
    task.set_report_frequency(one.frequency);
    *task.mutable_milestones(0)->mutable_due_date() = ToDate(absl::CivilDay(2026, 6, 30));
    Duty& duty = *task.mutable_duties(0);
    *duty.mutable_owed_since() = ToDate(absl::CivilDay(2026, 1, 5));
    duty.set_owed_period(one.period);
    if (!duty.owed_period().empty()) *duty.mutable_owed_from() = ToDate(one.from);
    ASSERT_TRUE(Succeed(task, kLead, kOne, kToday));
    EXPECT_EQ(ToCivil(task.duties(0).owed_since()), one.since);
    EXPECT_EQ(task.duties(0).owed_period(), one.period);
    EXPECT_FALSE(task.duties(1).has_owed_since());
  }
}

TEST(SuccessionTest, ASubtaskIsSteeredByTheSuccessor) {
  Task task = TaskIn(Task::IN_PROGRESS);
  task.set_split_by(kOther);
  EXPECT_TRUE(Succeed(task, kOther, {{kCountyA, "盖州市政府"}}, kToday));
  EXPECT_EQ(task.split_by(), kCountyA);
  EXPECT_FALSE(Succeed(task, kCountyB, kOne, kToday)) << "no part in it";
}

TEST(SuccessionTest, ASubtaskOfASplitUnitIsLeftToTheCoordinator) {
  for (const Task::State state : kTaskStates) {
    SCOPED_TRACE(Task::State_Name(state));
    Task task = TaskIn(state);
    task.set_split_by(kCountyB);
    const bool open = state != Task::CLOSED && state != Task::CANCELLED;
    EXPECT_EQ(Succeed(task, kCountyB, kTwo, kToday), open);
    EXPECT_EQ(task.split_by(), open ? "" : kCountyB);
    EXPECT_NE(task.duties(0).state(), Duty::DECLINE_REQUESTED);
  }
}

}  // namespace
}  // namespace duikou::taskregistry::rules
