// What is RESTRICTED, and still waits for those who have work with it.
#include <string>

#include "tests/integration/records_fixture.h"

namespace duikou::testing {
namespace {

using type::v1::Access;

constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

class RestrictedTest : public RecordsTest {
 protected:
  static std::string Name(const std::string& id) { return absl::StrCat(kCity, "/tasks/", id); }

  void SetUp() override {
    RecordsTest::SetUp();
    ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  }
  // t1, with the duties that tasks of these tests have.
  void IssueRestricted() {
    auto restricted = TaskRequest("t1");
    restricted.mutable_task()->mutable_access()->set_disclosure(Access::RESTRICTED);
    EXPECT_THAT(Call<Task>(restricted, Coordinator()), IsOk());
    EXPECT_THAT(Issue(Name("t1")), IsOk());
  }
  static CreateSupportRequestRequest LandFor(const std::string& task) {
    CreateSupportRequestRequest support;
    support.set_parent(Name(task));
    support.mutable_support_request()->set_kind(SupportRequest::LAND);
    support.mutable_support_request()->set_amount("200");
    support.mutable_support_request()->set_reason("项目用地");
    return support;
  }
};

// A sub-task is restricted as its parent is.
TEST_F(RestrictedTest, TheUnitThatSplitARestrictedTaskSteersItsPart) {
  IssueRestricted();
  const auto lead = Officer("gongxinju");
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(Name("t1")), lead), IsOk());
  const auto part = SplitOff(Name("t1"), "t1a", Unit("gaizhou"), lead);
  ASSERT_THAT(part, IsOk());
  EXPECT_EQ(part->access().disclosure(), Access::RESTRICTED);

  EXPECT_THAT(GetTask(part->name(), lead), IsOk());
  EXPECT_THAT(GetTask(part->name(), Officer("shangwuju")), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Pending(kCity, lead), ::testing::Contains(::testing::Pair(Work::ISSUE, part->name())));
  ASSERT_THAT(Call<Task>(Named<IssueTaskRequest>(part->name()), lead), IsOk());
  EXPECT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(part->name()), lead), Fails(kDenied, "NO_DUTY"))
      << "it steers, and owes nothing";
  auto report = Named<ReportTaskCompletionRequest>(Name("t1"));
  report.set_summary("完成");
  EXPECT_THAT(Call<Task>(report, lead), Fails(absl::StatusCode::kFailedPrecondition, "SUBTASKS_OPEN"));

  // What the part's unit splits off in turn goes with it, though the lead does not see that.
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(part->name()), Officer("gaizhou")), IsOk());
  const auto below = SplitOff(part->name(), "t1b", Unit("xiangzhen"), Officer("gaizhou"));
  ASSERT_THAT(below, IsOk());
  ASSERT_THAT(Call<Task>(Named<IssueTaskRequest>(below->name()), Officer("gaizhou")), IsOk());
  EXPECT_THAT(GetTask(below->name(), lead), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
  auto suspend = Named<SuspendTaskRequest>(part->name());
  suspend.set_reason("另行分解");
  ASSERT_THAT(Call<Task>(suspend, lead), IsOk());
  EXPECT_EQ(GetTask(below->name(), Officer("gaizhou"))->state(), Task::SUSPENDED);
  ASSERT_THAT(Call<Task>(Named<ResumeTaskRequest>(part->name()), lead), IsOk());
  EXPECT_EQ(GetTask(below->name(), Officer("gaizhou"))->state(), Task::ISSUED);
  auto cancel = Named<CancelTaskRequest>(part->name());
  cancel.set_reason("另行分解");
  ASSERT_THAT(Call<Task>(cancel, lead), IsOk());
  EXPECT_EQ(GetTask(below->name(), Officer("gaizhou"))->state(), Task::CANCELLED);
}

TEST_F(RestrictedTest, SupportOfARestrictedTaskIsDecidedByWhoSeesIt) {
  IssueRestricted();
  auto support = LandFor("t1");
  support.mutable_support_request()->set_decider(Unit("shangwuju"));
  EXPECT_THAT(Call<SupportRequest>(support, Officer("gongxinju")), Fails(kBad, "DECIDER_CANNOT_SEE"));
  support.mutable_support_request()->set_decider(Unit("gaizhou"));
  const auto asked = Call<SupportRequest>(support, Officer("gongxinju"));
  ASSERT_THAT(asked, IsOk()) << "it has a duty";
  EXPECT_THAT(Pending(kCity, Officer("gaizhou")),
              ::testing::Contains(::testing::Pair(Work::DECIDE_SUPPORT, asked->name())));
  support.mutable_support_request()->clear_decider();
  EXPECT_THAT(Call<SupportRequest>(support, Officer("gongxinju")), IsOk()) << "by COORDINATOR";
}

TEST_F(RestrictedTest, WhoSplitOffAPartHasItWithoutSeeingWhatItIsAPartOf) {
  IssueRestricted();
  const auto lead = Officer("gongxinju");
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(Name("t1")), lead), IsOk());
  ASSERT_THAT(SplitOff(Name("t1"), "t1a", Unit("xiangzhen"), lead), IsOk());
  ASSERT_THAT(SplitOff(Name("t1"), "t1b", Unit("xiangzhen"), lead), IsOk());
  ASSERT_THAT(Call<Task>(Named<IssueTaskRequest>(Name("t1a")), lead), IsOk());
  const auto unit = Officer("xiangzhen");
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(Name("t1a")), unit), IsOk());
  ASSERT_THAT(GetTask(Name("t1"), unit), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));

  CreateExtensionRequestRequest extend;
  extend.set_parent(Name("t1a"));
  extend.mutable_extension()->set_reason("审批未完成");
  *extend.mutable_extension()->mutable_due_date() = taskregistry::rules::ToDate(absl::CivilDay(2099, 1, 1));
  const auto late = Call<ExtensionRequest>(extend, unit);
  EXPECT_THAT(late, Fails(kBad, "DUE_AFTER_PARENT"));
  EXPECT_THAT(late.status().ToString(), ::testing::Not(::testing::HasSubstr("20"))) << "that day is not told";

  auto reassign = Named<ReassignTaskRequest>(Name("t1"));
  reassign.set_duty(GetTask(Name("t1"), Coordinator())->duties(0).id());
  reassign.add_units(Unit("shangwuju"));
  ASSERT_THAT(Call<Task>(reassign, Coordinator()), IsOk());
  ASSERT_THAT(GetTask(Name("t1"), lead), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Call<Task>(Named<IssueTaskRequest>(Name("t1b")), lead), IsOk());
  auto suspend = Named<SuspendTaskRequest>(Name("t1a"));
  suspend.set_reason("等待批复");
  EXPECT_THAT(Call<Task>(suspend, lead), IsOk());
  EXPECT_THAT(Call<Task>(Named<ResumeTaskRequest>(Name("t1a")), lead), IsOk());
}

TEST_F(RestrictedTest, ATaskOfARestrictedPlanIsSplitByItsLead) {
  auto hidden = PlanRequest();
  hidden.set_plan_id("p2");
  hidden.mutable_plan()->mutable_access()->set_disclosure(Access::RESTRICTED);
  const auto plan = Call<Plan>(hidden, Coordinator());
  ASSERT_THAT(plan, IsOk());
  auto task = TaskRequest("t1");
  task.mutable_task()->set_plan(plan->name());
  ASSERT_THAT(Call<Task>(task, Coordinator()), IsOk());
  ASSERT_THAT(Issue(Name("t1")), IsOk());
  const auto lead = Officer("gongxinju");
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(Name("t1")), lead), IsOk());
  auto part = TaskRequest("t1a");
  part.mutable_task()->set_plan(plan->name());
  part.mutable_task()->clear_duties();
  AddDuty(*part.mutable_task(), Duty::LEAD, Unit("gaizhou"), "");
  EXPECT_THAT(Call<Task>(part, lead), Fails(kBad, "REFERENCE_UNKNOWN")) << "he does not see it";
  part.mutable_task()->set_parent_task(Name("t1"));
  const auto split = Call<Task>(part, lead);
  ASSERT_THAT(split, IsOk());
  EXPECT_EQ(split->access().disclosure(), Access::RESTRICTED);
  part.set_task_id("t1b");
  part.mutable_task()->set_plan(absl::StrCat(kCity, "/plans/", plan->number()));
  EXPECT_THAT(Call<Task>(part, lead), IsOk()) << "by its number";
}

TEST_F(RestrictedTest, SupportRestsOnAProjectThatIsSeen) {
  auto restricted = TaskRequest("t1");
  restricted.mutable_task()->mutable_access()->set_disclosure(Access::RESTRICTED);
  restricted.mutable_task()->clear_duties();
  AddDuty(*restricted.mutable_task(), Duty::LEAD, Unit("shangwuju"), "");
  ASSERT_THAT(Call<Task>(restricted, Coordinator()), IsOk());
  ASSERT_THAT(Call<Task>(TaskRequest("t2"), Coordinator()), IsOk());
  ASSERT_THAT(Issue(Name("t1")), IsOk());
  ASSERT_THAT(Issue(Name("t2")), IsOk());
  CreateProjectRequest project;
  project.set_parent(Name("t1"));
  project.set_project_id("j1");
  project.mutable_project()->set_title("镁质材料项目");
  project.mutable_project()->set_cooperation(Project::INVESTMENT);
  project.mutable_project()->set_state(Project::OPERATING);
  project.mutable_project()->add_our_parties()->set_title("营口某镁业公司");
  ASSERT_THAT(Call<Project>(project, Officer("shangwuju")), IsOk());
  auto support = LandFor("t2");
  support.mutable_support_request()->set_project(Name("t1") + "/projects/j1");
  EXPECT_THAT(Call<SupportRequest>(support, Officer("gongxinju")), Fails(kBad, "REFERENCE_UNKNOWN"));
}

TEST_F(RestrictedTest, WhoeverLosesSightOfATaskDecidesNothingAboutIt) {
  IssueRestricted();
  auto support = LandFor("t1");
  support.mutable_support_request()->set_decider(Unit("gaizhou"));
  const auto asked = Call<SupportRequest>(support, Officer("gongxinju"));
  ASSERT_THAT(asked, IsOk());
  auto reassign = Named<ReassignTaskRequest>(Name("t1"));
  const Task issued = *GetTask(Name("t1"), Coordinator());
  for (const Duty& duty : issued.duties()) {
    if (duty.unit() == Unit("gaizhou")) reassign.set_duty(duty.id());
  }
  reassign.add_units(Unit("shangwuju"));
  ASSERT_THAT(Call<Task>(reassign, Coordinator()), IsOk());
  EXPECT_THAT(Pending(kCity, Coordinator()), ::testing::Contains(::testing::Pair(Work::DECIDE_SUPPORT, asked->name())));
}

}  // namespace
}  // namespace duikou::testing
