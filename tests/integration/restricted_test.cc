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
};

// A sub-task is restricted as its parent is.
TEST_F(RestrictedTest, TheUnitThatSplitARestrictedTaskSteersItsPart) {
  auto restricted = TaskRequest("t1");
  restricted.mutable_task()->mutable_access()->set_disclosure(Access::RESTRICTED);
  ASSERT_THAT(Call<Task>(restricted, Coordinator()), IsOk());
  ASSERT_THAT(Issue(Name("t1")), IsOk());
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
  auto restricted = TaskRequest("t1");
  restricted.mutable_task()->mutable_access()->set_disclosure(Access::RESTRICTED);
  ASSERT_THAT(Call<Task>(restricted, Coordinator()), IsOk());
  ASSERT_THAT(Issue(Name("t1")), IsOk());
  CreateSupportRequestRequest support;
  support.set_parent(Name("t1"));
  support.mutable_support_request()->set_kind(SupportRequest::LAND);
  support.mutable_support_request()->set_amount("200");
  support.mutable_support_request()->set_reason("项目用地");
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

}  // namespace
}  // namespace duikou::testing
