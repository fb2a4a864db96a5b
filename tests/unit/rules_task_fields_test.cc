// What holds of a task's fields: checks, edits by people, milestones.
#include <string>

#include "services/taskregistry/rules/task_fields.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using absl::CivilDay;
using ::testing::ElementsAre;
using v1::Task;
using Duty = Task::Duty;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

void AddMilestone(Task& task, const std::string& id, int weight, bool done = false) {
  Task::Milestone* milestone = task.add_milestones();
  milestone->set_id(id);
  milestone->set_title(id);
  milestone->set_weight(weight);
  milestone->set_done(done);
}

TEST(CheckFieldsTest, ACompleteTaskHolds) { EXPECT_THAT(CheckFields(CompleteDraft()), IsOk()); }

TEST(CheckFieldsTest, DueBeforeStart) {
  Task task = CompleteDraft();
  *task.mutable_due_date() = task.start_date();
  EXPECT_THAT(CheckFields(task), IsOk()) << "the same day is allowed";
  *task.mutable_start_date() = ToDate(ToCivil(task.due_date()) + 1);
  EXPECT_THAT(CheckFields(task), Fails(kBad, "DUE_BEFORE_START"));
  EXPECT_THAT(BadFields(CheckFields(task)), ElementsAre("task.due_date"));
}

TEST(CheckFieldsTest, LongTermHasNoDueDate) {
  Task task = CompleteDraft();
  task.set_long_term(true);
  EXPECT_THAT(BadFields(CheckFields(task)), ElementsAre("task.long_term"));
}

TEST(CheckFieldsTest, AUnitHasOneDutyButMaySuperviseToo) {
  Task task = CompleteDraft();
  AddDuty(task, Duty::SUPERVISING, kLead, "");
  EXPECT_THAT(CheckFields(task), IsOk());
  AddDuty(task, Duty::COOPERATING, kLead, "");
  EXPECT_THAT(CheckFields(task), Fails(kBad, "DUTY_TWICE"));
  EXPECT_THAT(BadFields(CheckFields(task)), ElementsAre("task.duties[3].unit"));
}

TEST(CheckFieldsTest, ADutyNamesItsUnitSomehow) {
  Task task = CompleteDraft();
  AddDuty(task, Duty::COOPERATING, "", "市有关部门");
  AddDuty(task, Duty::COOPERATING, "", "市有关部门");
  EXPECT_THAT(CheckFields(task), IsOk()) << "unresolved names may repeat";
  AddDuty(task, Duty::COOPERATING, "", "");
  EXPECT_THAT(BadFields(CheckFields(task)), ElementsAre("task.duties[4].unit"));
}

TEST(CheckFieldsTest, AllViolationsAtOnce) {
  Task task = CompleteDraft();
  task.set_long_term(true);
  AddDuty(task, Duty::COOPERATING, kLead, "");
  AddMilestone(task, "m1", 1);
  AddMilestone(task, "m1", 1);
  *task.mutable_milestones(1)->mutable_due_date() = ToDate(CivilDay(2027, 1, 1));
  EXPECT_THAT(BadFields(CheckFields(task)), ElementsAre("task.long_term", "task.duties[2].unit",
                                                        "task.milestones[1].id", "task.milestones[1].due_date"));
}

TEST(EditTest, AfterIssueDutiesAndDatesAreFixed) {
  for (const Task::State state : {Task::ISSUED, Task::IN_PROGRESS, Task::COMPLETION_REPORTED, Task::SUSPENDED}) {
    const Task before = TaskIn(state);
    const std::function<void(Task&)> changes[] = {
        [](Task& task) { task.mutable_duties()->RemoveLast(); },
        [](Task& task) { task.mutable_duties(1)->set_kind(Duty::COOPERATING); },
        [](Task& task) { task.mutable_duties(1)->set_unit(kOther); },
        [](Task& task) { task.mutable_duties()->SwapElements(0, 1); },
        [](Task& task) { task.mutable_due_date()->set_day(30); },
        [](Task& task) { task.clear_due_date(); },
        [](Task& task) { task.mutable_start_date()->set_day(6); },
    };
    for (const auto& change : changes) {
      Task after = before;
      change(after);
      EXPECT_THAT(Edit(before, after, kToday), Fails(kForbidden, "FIELD_FIXED_AFTER_ISSUE")) << Task::State_Name(state);
    }
    Task after = before;
    after.set_description("补充说明");
    EXPECT_THAT(Edit(before, after, kToday), IsOk());
  }
}

TEST(EditTest, AfterIssueReportsKeepWhatTheyGoBy) {
  const auto without_frequency = [](Task& task) { task.clear_report_frequency(); };
  const auto stage_without_milestones = [](Task& task) {
    task.set_report_frequency(Task::STAGE);
    task.clear_milestones();
  };
  for (const Task::State state : {Task::ISSUED, Task::IN_PROGRESS, Task::COMPLETION_REPORTED, Task::SUSPENDED}) {
    const Task before = TaskIn(state);
    Task after = before;
    without_frequency(after);
    EXPECT_THAT(Edit(before, after, kToday), Fails(kBad, "REPORT_FREQUENCY_MISSING")) << Task::State_Name(state);
    EXPECT_THAT(BadFields(Edit(before, after, kToday)), ElementsAre("task.report_frequency"));
    after = before;
    stage_without_milestones(after);
    EXPECT_THAT(Edit(before, after, kToday), Fails(kBad, "MILESTONES_MISSING")) << Task::State_Name(state);
    EXPECT_THAT(BadFields(Edit(before, after, kToday)), ElementsAre("task.milestones"));
    after = before;
    after.set_report_frequency(Task::STAGE);
    EXPECT_THAT(Edit(before, after, kToday), IsOk()) << "with a milestone";
    after = before;
    after.clear_milestones();
    EXPECT_THAT(Edit(before, after, kToday), IsOk()) << "not by stages";
  }
  for (const std::function<void(Task&)>& change :
       {std::function<void(Task&)>(without_frequency), std::function<void(Task&)>(stage_without_milestones)}) {
    const Task draft = CompleteDraft();
    Task after = draft;
    change(after);
    EXPECT_THAT(Edit(draft, after, kToday), IsOk()) << "a draft may lack it until it is issued";
  }
}

TEST(EditTest, AnUpdateThatRepeatsTheDutiesKeepsTheirProgress) {
  const Task before = TaskIn(Task::IN_PROGRESS);
  Task after = before;
  for (Duty& duty : *after.mutable_duties()) duty.clear_state();  // Output only: the caller's are cleared.
  ASSERT_THAT(Edit(before, after, kToday), IsOk());
  EXPECT_EQ(after.duties(0).state(), Duty::ACKNOWLEDGED);
}

TEST(EditTest, ThePeopleOfADutyChangeAfterIssueToo) {
  Task before = TaskIn(Task::IN_PROGRESS);
  before.mutable_duties(0)->set_leader("王副市长");
  Task after = before;
  after.mutable_duties(0)->set_leader("李副市长");
  after.mutable_duties(1)->set_responsible("赵六");
  after.mutable_duties(1)->set_contact("周七");
  ASSERT_THAT(Edit(before, after, kToday), IsOk());
  EXPECT_EQ(after.duties(0).leader(), "李副市长");
  EXPECT_EQ(after.duties(1).responsible(), "赵六");
  EXPECT_EQ(after.duties(1).contact(), "周七");
  EXPECT_EQ(after.duties(1).state(), Duty::ACKNOWLEDGED);
}

TEST(EditTest, ADraftChangesFreely) {
  const Task before = CompleteDraft();
  Task after = before;
  AddDuty(after, Duty::COOPERATING, kOther, "市发改委");
  *after.mutable_due_date() = ToDate(CivilDay(2027, 6, 30));
  ASSERT_THAT(Edit(before, after, kToday), IsOk());
  EXPECT_EQ(after.duties(2).id(), "d3");
  EXPECT_EQ(after.duties(2).state(), Duty::NOT_ISSUED);
}

TEST(EditTest, WhatAPersonChangedIsNoLongerProposed) {
  Task before = CompleteDraft();
  for (const char* field : {"title", "due_date", "report_frequency"}) before.add_proposed(field);
  Task after = before;
  after.set_title("人工确认的题目");
  *after.mutable_due_date() = ToDate(CivilDay(2026, 11, 30));
  ASSERT_THAT(Edit(before, after, kToday), IsOk());
  EXPECT_THAT(after.proposed(), ElementsAre("report_frequency"));
}

TEST(EditTest, MilestonesKeepWhatWasDoneUnderTheirIds) {
  Task before = TaskIn(Task::IN_PROGRESS);
  before.clear_milestones();
  AddMilestone(before, "m1", 1, true);
  before.mutable_milestones(0)->mutable_done_time()->set_seconds(77);
  AddMilestone(before, "m2", 3);
  Task after = before;
  after.clear_milestones();
  AddMilestone(after, "m3", 1, true);  // Claims to be done: is not.
  AddMilestone(after, "m1", 1);
  ASSERT_THAT(Edit(before, after, kToday), IsOk());
  EXPECT_FALSE(after.milestones(0).done());
  EXPECT_TRUE(after.milestones(1).done());
  EXPECT_EQ(after.milestones(1).done_time().seconds(), 77);
  EXPECT_EQ(after.percent(), 50);
}

TEST(MilestoneTest, PercentIsTheWeightedShareRoundedDown) {
  Task task = TaskIn(Task::IN_PROGRESS);
  task.clear_milestones();
  EXPECT_EQ(PercentOf(task, 42), 42) << "without milestones what reports say";
  AddMilestone(task, "m1", 0);  // Counts 1.
  AddMilestone(task, "m2", 2);
  EXPECT_EQ(PercentOf(task, 42), 0);
  task.mutable_milestones(0)->set_done(true);
  EXPECT_EQ(PercentOf(task, 42), 33);
  task.mutable_milestones(1)->set_done(true);
  EXPECT_EQ(PercentOf(task, 42), 100);
}

TEST(MilestoneTest, WeightsAtTheirLimitDoNotOverflow) {
  Task task = TaskIn(Task::IN_PROGRESS);
  task.clear_milestones();
  for (int i = 0; i < 100; ++i) AddMilestone(task, "m" + std::to_string(i), 1000, i < 99);
  EXPECT_EQ(PercentOf(task, 0), 99);
}

TEST(MilestoneTest, TheFirstLeadMarksAndUnmarks) {
  Task task = TaskIn(Task::IN_PROGRESS);
  AddMilestone(task, "m2", 3);
  EXPECT_THAT(CompleteMilestone(task, "m2", true, OfficerOf(kResponsible), kNow), Fails(kDenied, "NOT_FIRST_LEAD"));
  EXPECT_THAT(CompleteMilestone(task, "m9", true, OfficerOf(kLead), kNow), Fails(kBad, "MILESTONE_UNKNOWN"));
  ASSERT_THAT(CompleteMilestone(task, "m2", true, OfficerOf(kLead), kNow), IsOk());
  EXPECT_EQ(task.percent(), 75);
  EXPECT_EQ(task.milestones(1).done_time().seconds(), absl::ToUnixSeconds(kNow));
  ASSERT_THAT(CompleteMilestone(task, "m2", false, OfficerOf(kLead), kNow), IsOk());
  EXPECT_EQ(task.percent(), 0);
  EXPECT_FALSE(task.milestones(1).has_done_time());
}

}  // namespace
}  // namespace duikou::taskregistry::rules
