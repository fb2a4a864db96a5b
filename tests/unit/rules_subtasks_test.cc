// Splitting a task: who may, for whom, until when, and who steers a sub-task.
#include <string>
#include <vector>

#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/rules/subtasks.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using ::testing::ElementsAre;
using v1::Task;
using Duty = Task::Duty;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

TEST(SplitTest, ALeadThatAcknowledgedSplits) {
  Task parent = TaskIn(Task::IN_PROGRESS);
  parent.mutable_clause()->set_path("三/(一)/1");
  Task task;
  ASSERT_THAT(Split(parent, task, OfficerOf(kLead)), IsOk());
  EXPECT_EQ(task.parent_task(), parent.name());
  EXPECT_EQ(task.split_by(), kLead);
  EXPECT_EQ(task.depth(), 1);
  EXPECT_EQ(task.clause().path(), "三/(一)/1");
  EXPECT_EQ(ToCivil(task.start_date()), absl::CivilDay(2026, 1, 5));
}

TEST(SplitTest, NobodyElse) {
  Task parent = TaskIn(Task::IN_PROGRESS);
  for (const Caller& by : {OfficerOf(kResponsible), OfficerOf(kOther), OfficerOf(""), CoordinatorOf("210800")}) {
    Task task;
    EXPECT_THAT(Split(parent, task, by), Fails(kDenied, "NOT_LEAD")) << by.unit;
  }
  parent.mutable_duties(0)->set_state(Duty::AWAITING);
  Task task;
  EXPECT_THAT(Split(parent, task, OfficerOf(kLead)), Fails(kDenied, "NOT_LEAD")) << "not acknowledged yet";
}

TEST(SplitTest, TwoLevelsAtMostAndInThePlanOfTheParent) {
  Task parent = TaskIn(Task::IN_PROGRESS);
  Task task;
  parent.set_depth(1);
  ASSERT_THAT(Split(parent, task, OfficerOf(kLead)), IsOk());
  EXPECT_EQ(task.depth(), 2);
  parent.set_depth(2);
  EXPECT_THAT(Split(parent, task, OfficerOf(kLead)), Fails(kForbidden, "TOO_DEEP"));
  parent.set_depth(0);
  parent.set_plan("cities/210800/plans/p1");
  task.set_plan("cities/210800/plans/p2");
  EXPECT_THAT(Split(parent, task, OfficerOf(kLead)), Fails(kBad, "PLAN_OF_PARENT"));
}

TEST(SubtaskTest, DueWithinTheParents) {
  Task parent = TaskIn(Task::IN_PROGRESS);  // Due on 2026-12-31.
  Task task;
  *task.mutable_due_date() = ToDate(absl::CivilDay(2026, 12, 31));
  EXPECT_THAT(CheckWithinParent(parent, task, "task.due_date"), IsOk()) << "the last day is included";
  *task.mutable_due_date() = ToDate(absl::CivilDay(2027, 1, 1));
  const absl::Status late = CheckWithinParent(parent, task, "task.due_date");
  EXPECT_THAT(late, Fails(kBad, "DUE_AFTER_PARENT"));
  EXPECT_THAT(BadFields(late), ElementsAre("task.due_date"));
  task.clear_due_date();
  EXPECT_THAT(CheckWithinParent(parent, task, "task.due_date"), IsOk()) << "a draft may be without";
  task.set_long_term(true);
  EXPECT_THAT(CheckWithinParent(parent, task, "task.due_date"), Fails(kBad, "DUE_AFTER_PARENT"));
  parent.clear_due_date();
  EXPECT_THAT(CheckWithinParent(parent, task, "task.due_date"), IsOk());
}

TEST(SubtaskTest, ForUnitsBelowAlone) {
  UnitBook units = Units();
  units[kCountyA].above = {kOther, kLead};
  units[kCountyB].above = {kLead};
  Task task;
  task.set_split_by(kLead);
  AddDuty(task, Duty::LEAD, kCountyA, "");
  AddDuty(task, Duty::RESPONSIBLE, kGroup, "");
  EXPECT_THAT(CheckBelow(task, units), IsOk()) << "at any distance, and through a group";
  units[kCountyB].above = {kOther};
  AddDuty(task, Duty::COOPERATING, kResponsible, "");
  AddDuty(task, Duty::COOPERATING, "", "某单位");
  const absl::Status status = CheckBelow(task, units);
  EXPECT_THAT(status, Fails(kBad, "UNIT_NOT_BELOW"));
  EXPECT_THAT(BadFields(status), ElementsAre("task.duties[1].unit", "task.duties[2].unit"));
  task.clear_split_by();
  EXPECT_THAT(CheckBelow(task, units), IsOk()) << "a task of the plan goes to anybody";
}

TEST(SubtaskTest, TheParentIsCompleteOnceAllAreOver) {
  for (const Task::State state : kTaskStates) {
    Task open = TaskIn(state);
    open.set_number("YK-2026-01-01-01");
    const absl::Status status = CheckSubtasksEnded({TaskIn(Task::CLOSED), open});
    if (state == Task::CLOSED || state == Task::CANCELLED || state == Task::DRAFT) {
      EXPECT_THAT(status, IsOk()) << Task::State_Name(state);
      continue;
    }
    EXPECT_THAT(status, Fails(kForbidden, "SUBTASKS_OPEN")) << Task::State_Name(state);
    EXPECT_NE(FactsOf(status).text.zh.find("YK-2026-01-01-01"), std::string::npos);
    open.clear_number();
    EXPECT_NE(FactsOf(CheckSubtasksEnded({open})).text.zh.find("您无权查看的一项分解任务处于"), std::string::npos);
  }
}

TEST(SubtaskTest, UnderAParentThatIsUnderWayAlone) {
  for (const Task::State state : kTaskStates) {
    const absl::Status status = CheckParentOpen(TaskIn(state));
    if (state == Task::ISSUED || state == Task::IN_PROGRESS) {
      EXPECT_THAT(status, IsOk());
    } else {
      EXPECT_THAT(status, Fails(kForbidden, "PARENT_NOT_OPEN")) << Task::State_Name(state);
    }
  }
}

TEST(SteersTest, ARoleOrTheUnitThatSplit) {
  using duikou::type::v1::COORDINATOR;
  using duikou::type::v1::SUPERVISOR;
  Task task;
  EXPECT_THAT(CheckSteers(task, CoordinatorOf("210800"), {COORDINATOR}), IsOk());
  EXPECT_THAT(CheckSteers(task, CoordinatorOf("210800"), {SUPERVISOR}), Fails(kDenied, "ROLE_MISSING"));
  EXPECT_THAT(CheckSteers(task, OfficerOf(kLead), {COORDINATOR, SUPERVISOR}), Fails(kDenied, "ROLE_MISSING"));
  EXPECT_THAT(CheckSteers(task, OfficerOf(""), {COORDINATOR}), Fails(kDenied, "ROLE_MISSING"));
  task.set_split_by(kLead);
  EXPECT_THAT(CheckSteers(task, OfficerOf(kLead), {COORDINATOR}), IsOk());
  EXPECT_THAT(CheckSteers(task, OfficerOf(kOther), {COORDINATOR}), Fails(kDenied, "ROLE_MISSING"));
}

}  // namespace
}  // namespace duikou::taskregistry::rules
