// The tasks that a consultation's decisions become: one a city, of the same name whenever it is asked for.
#include <gmock/gmock.h>

#include <string>

#include "services/taskregistry/rules/decision_tasks.h"
#include "services/taskregistry/rules/task_fields.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using ::testing::ElementsAre;
using v1::Plan;
using v1::Task;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument, kForbidden = absl::StatusCode::kFailedPrecondition;
const char kHere[] = "cities/210800";
const char kThere[] = "cities/320700";

AgreedDecision Signed() {
  AgreedDecision decision{
      .name = "cities/210800/consultations/c1/decisions/d1",
      .title = "共建产业园",
      .text = "双方共建产业园。",
      .lead_units = {{kForeign, "连云港市发改委"}, {kLead, "市工信局"}, {kForeignOther, "连云港市工信局"}},
      .due_date = ToDate(absl::CivilDay(2027, 6, 30)),
      .signed_on = kToday,
      .consultation = "cities/210800/consultations/c1",
      .topic = "年度会商",
      .cities = {kHere, kThere}};
  decision.access.emplace().set_disclosure(duikou::type::v1::Access::RESTRICTED);
  return decision;
}

TEST(DecisionTasksTest, EachCityLeadsWithItsOwnUnitsAndHasTheOthersAsPartners) {
  const Task there = TaskFor(Signed(), kThere);
  EXPECT_EQ(there.name(), "cities/320700/tasks/decided-210800-c1-d1");
  EXPECT_EQ(there.plan(), "cities/320700/plans/decided-210800-c1");
  EXPECT_EQ(there.decision(), "cities/210800/consultations/c1/decisions/d1");
  EXPECT_EQ(there.title(), "共建产业园");
  EXPECT_EQ(there.description(), "双方共建产业园。");
  ASSERT_EQ(there.duties_size(), 2);
  EXPECT_EQ(there.duties(0).unit(), kForeign) << "第一牵头";
  EXPECT_EQ(there.duties(0).kind(), Task::Duty::LEAD);
  EXPECT_EQ(there.duties(0).unit_title(), "连云港市发改委");
  EXPECT_EQ(there.duties(1).unit(), kForeignOther);
  EXPECT_THAT(there.partner_cities(), ElementsAre(kHere));
  EXPECT_EQ(ToCivil(there.due_date()), absl::CivilDay(2027, 6, 30));
  EXPECT_EQ(ToCivil(there.start_date()), kToday);
  EXPECT_EQ(there.access().disclosure(), duikou::type::v1::Access::RESTRICTED);
  const Task here = TaskFor(Signed(), kHere);
  ASSERT_EQ(here.duties_size(), 1);
  EXPECT_EQ(here.duties(0).unit(), kLead);
  EXPECT_THAT(here.partner_cities(), ElementsAre(kThere));
}

TEST(DecisionTasksTest, ThePlanIsTheConsultations) {
  const Plan plan = PlanFor(Signed(), kThere);
  EXPECT_EQ(plan.name(), TaskFor(Signed(), kThere).plan());
  EXPECT_EQ(plan.kind(), Plan::CONSULTATION);
  EXPECT_EQ(plan.year(), kToday.year());
  EXPECT_EQ(plan.title(), "年度会商议定事项");
  EXPECT_EQ(plan.consultation(), "cities/210800/consultations/c1");
  EXPECT_EQ(ToCivil(plan.issue_date()), kToday);
  EXPECT_EQ(plan.access().disclosure(), duikou::type::v1::Access::RESTRICTED);
}

TEST(DecisionTasksTest, SignedAfterItWasDueItIsStillATask) {
  AgreedDecision late = Signed();
  late.due_date = ToDate(kToday - 3);
  EXPECT_THAT(CheckFields(TaskFor(late, kHere)), IsOk());
  EXPECT_EQ(ToCivil(TaskFor(late, kHere).start_date()), kToday - 3);
}

TEST(DecisionTasksTest, ItsNameIsAlwaysTheSameAndOfItsOwn) {
  const std::string long_one = "cities/210800/consultations/" + std::string(60, 'x') + "/decisions/";
  const std::string one = TaskNameOf(long_one + std::string(60, 'y') + "1", kHere);
  const std::string other = TaskNameOf(long_one + std::string(60, 'y') + "2", kHere);
  EXPECT_NE(one, other);
  EXPECT_EQ(one, TaskNameOf(long_one + std::string(60, 'y') + "1", kHere));
  EXPECT_EQ(one.substr(one.rfind('/') + 1).size(), 63U) << "no longer than an id may be";
  EXPECT_EQ(SecondTaskNameOf(long_one + std::string(60, 'y') + "1", kHere), one);
  const std::string d1_of_c_1 = "cities/210800/consultations/c-1/decisions/d1";
  const std::string one_d1_of_c = "cities/210800/consultations/c/decisions/1-d1";
  EXPECT_EQ(TaskNameOf(d1_of_c_1, kHere), TaskNameOf(one_d1_of_c, kHere));
  EXPECT_NE(SecondTaskNameOf(d1_of_c_1, kHere), SecondTaskNameOf(one_d1_of_c, kHere));
  EXPECT_NE(SecondTaskNameOf(d1_of_c_1, kHere), TaskNameOf(d1_of_c_1, kHere));
}

TEST(DecisionTasksTest, NobodyElseTakesSuchANameAndNobodyDeletesSuchATask) {
  EXPECT_THAT(CheckIdIsFree(TaskFor(Signed(), kHere).name(), "task_id"), Fails(kInvalid, "FIELD_INVALID"));
  EXPECT_THAT(CheckIdIsFree(PlanFor(Signed(), kHere).name(), "plan_id"), Fails(kInvalid, "FIELD_INVALID"));
  EXPECT_THAT(CheckIdIsFree("cities/210800/tasks/decided", "task_id"), IsOk());
  EXPECT_THAT(CheckDeletable(TaskFor(Signed(), kHere)), Fails(kForbidden, "DECISION_BINDS"));
  EXPECT_THAT(CheckDeletable(TaskIn(Task::DRAFT)), IsOk());
}

}  // namespace
}  // namespace duikou::taskregistry::rules
