// What becomes of duties when their unit is merged or split, in every state of the task.
#include <string>
#include <utility>
#include <vector>

#include "services/taskregistry/rules/succession.h"
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
    EXPECT_EQ(Succeed(task, kLead, kOne), open);
    EXPECT_EQ(task.duties(0).unit(), open ? kOther : kLead) << "history keeps the old name";
    EXPECT_EQ(task.duties(0).state(), before.state());
    EXPECT_EQ(task.duties(0).id(), before.id());
    if (open) {
      EXPECT_EQ(task.duties(0).unit_title(), "市发展和改革委员会");
    }
    EXPECT_EQ(task.duties(0).written(), "市工信局");
    EXPECT_FALSE(Succeed(task, kLead, kOne)) << "once";
  }
}

TEST(SuccessionTest, ASplitUnitsDutiesWaitToBeReassigned) {
  for (const Task::State state : kTaskStates) {
    SCOPED_TRACE(Task::State_Name(state));
    Task task = TaskIn(state);
    const bool runs = state != Task::DRAFT && state != Task::CLOSED && state != Task::CANCELLED;
    EXPECT_EQ(Succeed(task, kLead, kTwo), runs);
    EXPECT_EQ(task.duties(0).unit(), kLead);
    if (runs) {
      EXPECT_EQ(task.duties(0).state(), Duty::DECLINE_REQUESTED);
      EXPECT_NE(task.duties(0).decline_reason().find("盖州市政府"), std::string::npos);
    }
    EXPECT_NE(task.duties(1).state(), Duty::DECLINE_REQUESTED);
  }
}

TEST(SuccessionTest, TheWeightierOfTwoDutiesStays) {
  Task task = TaskIn(Task::IN_PROGRESS);
  EXPECT_TRUE(Succeed(task, kResponsible, {{kLead, "市工业和信息化局"}}));
  ASSERT_EQ(task.duties_size(), 1);
  EXPECT_EQ(task.duties(0).kind(), Duty::LEAD);
  task = TaskIn(Task::IN_PROGRESS);
  EXPECT_TRUE(Succeed(task, kLead, {{kResponsible, "市商务局"}}));
  ASSERT_EQ(task.duties_size(), 1);
  EXPECT_EQ(task.duties(0).kind(), Duty::LEAD);
  EXPECT_EQ(task.duties(0).unit(), kResponsible);
  task = TaskIn(Task::IN_PROGRESS);
  AddDuty(task, Duty::SUPERVISING, kOther, "")->set_id("d9");
  EXPECT_TRUE(Succeed(task, kLead, kOne));
  EXPECT_EQ(task.duties_size(), 3) << "supervising stands beside";
}

TEST(SuccessionTest, ASubtaskIsSteeredByTheSuccessor) {
  Task task = TaskIn(Task::IN_PROGRESS);
  task.set_split_by(kOther);
  EXPECT_TRUE(Succeed(task, kOther, {{kCountyA, "盖州市政府"}}));
  EXPECT_EQ(task.split_by(), kCountyA);
  EXPECT_FALSE(Succeed(task, kCountyB, kOne)) << "no part in it";
}

}  // namespace
}  // namespace duikou::taskregistry::rules
