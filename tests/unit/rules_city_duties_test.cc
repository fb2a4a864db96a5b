// Duties meant for units of another city: 接办, 转办, decline, each in each state of the duty.
#include <string>
#include <vector>

#include "services/taskregistry/rules/city_duties.h"
#include "services/taskregistry/rules/task_state.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using v1::Task;
using Duty = Task::Duty;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
const char kTheirCity[] = "320700";

std::vector<std::string> AskedCities(const Task& task) {
  return {task.asked_cities().begin(), task.asked_cities().end()};
}

// An issued task with a duty d3 for a unit of the other city.
Task IssuedWith(Duty::Kind kind) {
  Task task = CompleteDraft();
  AddDuty(task, kind, kForeign, "连云港市发改委");
  PrepareDuties(task);
  EXPECT_THAT(Issue(task, Units(), Now()), IsOk());
  return task;
}

TEST(CityDutiesTest, AtIssueItWaitsForItsCity) {
  Task task = IssuedWith(Duty::COOPERATING);
  EXPECT_EQ(task.duties(2).state(), Duty::AWAITING_CITY);
  EXPECT_EQ(ToCivil(task.duties(2).acknowledge_due_date()), kToday + 2);
  EXPECT_THAT(AskedCities(task), ElementsAre("cities/320700"));
  EXPECT_FALSE(HasDuty(task, kForeign)) << "until then no duty";
  EXPECT_THAT(Acknowledge(task, OfficerOf(kForeign), Now()), Fails(kDenied, "NO_DUTY"));
  EXPECT_THAT(Decline(task, OfficerOf(kForeign), "x", Now()), Fails(kDenied, "NO_DUTY"));
}

TEST(CityDutiesTest, TakenOnAssignedAcknowledged) {
  Task task = IssuedWith(Duty::COOPERATING);
  ASSERT_THAT(TakeOnDuty(task, "d3", CoordinatorOf(kTheirCity), Now()), IsOk());
  EXPECT_EQ(task.duties(2).state(), Duty::TAKEN_ON);
  EXPECT_EQ(task.duties(2).taken_on_by(), "cities/320700/accounts/chen");
  EXPECT_FALSE(HasDuty(task, kForeign));
  EXPECT_THAT(AskedCities(task), ElementsAre("cities/320700")) << "it waits to be assigned";
  ASSERT_THAT(AssignDuty(task, "d3", {kForeignOther, kForeign}, Units(), CoordinatorOf(kTheirCity), Now(kToday + 1)),
              IsOk());
  ASSERT_EQ(task.duties_size(), 4);
  for (int i : {2, 3}) {
    EXPECT_EQ(task.duties(i).state(), Duty::AWAITING);
    EXPECT_EQ(ToCivil(task.duties(i).acknowledge_due_date()), kToday + 3) << "a 签收 of its own";
    EXPECT_EQ(task.duties(i).taken_on_by(), "cities/320700/accounts/chen");
  }
  EXPECT_THAT(AskedCities(task), IsEmpty());
  ASSERT_THAT(Acknowledge(task, OfficerOf(kForeignOther), Now()), IsOk());
  EXPECT_EQ(task.duties(2).state(), Duty::ACKNOWLEDGED);
}

TEST(CityDutiesTest, ADeclineOfTheirUnitGoesToTheirCoordinator) {
  Task task = IssuedWith(Duty::COOPERATING);
  ASSERT_THAT(TakeOnDuty(task, "d3", CoordinatorOf(kTheirCity), Now()), IsOk());
  ASSERT_THAT(AssignDuty(task, "d3", {kForeign}, Units(), CoordinatorOf(kTheirCity), Now()), IsOk());
  EXPECT_EQ(task.duties(2).id(), "d3") << "the unit that was meant keeps the id";
  ASSERT_THAT(Decline(task, OfficerOf(kForeign), "非我委职责", Now()), IsOk());
  EXPECT_THAT(AskedCities(task), ElementsAre("cities/320700"));
  ASSERT_THAT(AssignDuty(task, "d3", {kForeignOther}, Units(), CoordinatorOf(kTheirCity), Now()), IsOk());
  EXPECT_THAT(AskedCities(task), IsEmpty());
  EXPECT_EQ(task.duties(2).unit(), kForeignOther);
}

TEST(CityDutiesTest, DeclinedItWaitsForTheOwnCoordinatorWhoMayAskAgain) {
  Task task = IssuedWith(Duty::COOPERATING);
  ASSERT_THAT(DeclineDuty(task, "d3", "我市无此业务", CoordinatorOf(kTheirCity)), IsOk());
  EXPECT_EQ(task.duties(2).state(), Duty::CITY_DECLINED);
  EXPECT_EQ(task.duties(2).decline_reason(), "我市无此业务");
  EXPECT_THAT(AskedCities(task), IsEmpty());
  ASSERT_THAT(Reassign(task, "d3", {kForeign}, Units(), Now()), IsOk());
  EXPECT_EQ(task.duties(2).state(), Duty::AWAITING_CITY) << "asked once more";
  ASSERT_THAT(Reassign(task, "d3", {kOther}, Units(), Now()), IsOk());
  EXPECT_EQ(task.duties(2).state(), Duty::AWAITING) << "or given to a unit of one's own";
}

TEST(CityDutiesTest, ReassignedAfterTheyTookItOnTheCityIsAskedAnew) {
  Task task = IssuedWith(Duty::COOPERATING);
  ASSERT_THAT(TakeOnDuty(task, "d3", CoordinatorOf(kTheirCity), Now()), IsOk());
  ASSERT_THAT(Reassign(task, "d3", {kForeignOther}, Units(), Now()), IsOk());
  EXPECT_EQ(task.duties(2).state(), Duty::AWAITING_CITY);
  EXPECT_FALSE(task.duties(2).has_taken_on_time());
}

TEST(CityDutiesTest, OneActsForOnesOwnSideAlone) {
  for (const Caller& by : {CoordinatorOf("210800"), CoordinatorOf("110000"), OfficerOf(kLead), Caller()}) {
    Task task = IssuedWith(Duty::COOPERATING);
    EXPECT_THAT(TakeOnDuty(task, "d3", by, Now()), Fails(kDenied, "OTHER_CITY"));
    EXPECT_THAT(AssignDuty(task, "d3", {kForeign}, Units(), by, Now()), Fails(kDenied, "OTHER_CITY"));
    EXPECT_THAT(DeclineDuty(task, "d3", "x", by), Fails(kDenied, "OTHER_CITY"));
  }
  Task task = IssuedWith(Duty::COOPERATING);
  EXPECT_THAT(TakeOnDuty(task, "d1", CoordinatorOf("210800"), Now()), Fails(kDenied, "OTHER_CITY"))
      << "in one's own city there is nothing to take on";
  ASSERT_THAT(TakeOnDuty(task, "d3", CoordinatorOf(kTheirCity), Now()), IsOk());
  EXPECT_THAT(AssignDuty(task, "d3", {kOther}, Units(), CoordinatorOf(kTheirCity), Now()), Fails(kBad, "OTHER_CITY"));
  EXPECT_EQ(task.duties(2).state(), Duty::TAKEN_ON);
  EXPECT_THAT(TakeOnDuty(task, "d99", CoordinatorOf(kTheirCity), Now()), Fails(kBad, "DUTY_UNKNOWN"));
}

// A row: the state of a duty of the other city, and what each action leads to; STATE_UNSPECIFIED: refused.
struct Row {
  Duty::State state;
  bool taken_on;
  Duty::State take_on, assign, decline;
};
constexpr auto kNo = Duty::STATE_UNSPECIFIED;
constexpr Row kRows[] = {
    {Duty::NOT_ISSUED, false, kNo, kNo, kNo},
    {Duty::AWAITING_CITY, false, Duty::TAKEN_ON, kNo, Duty::CITY_DECLINED},
    {Duty::TAKEN_ON, true, kNo, Duty::AWAITING, Duty::CITY_DECLINED},
    {Duty::CITY_DECLINED, false, kNo, kNo, kNo},
    {Duty::AWAITING, true, kNo, Duty::AWAITING, kNo},
    {Duty::DECLINE_REQUESTED, true, kNo, Duty::AWAITING, kNo},
    {Duty::ACKNOWLEDGED, true, kNo, Duty::AWAITING, kNo},
};

TEST(CityDutiesTest, EveryStateTimesEveryAction) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(Duty::State_Name(row.state));
    const auto run = [&](Duty::State expected, const char* reason, auto&& action) {
      Task task = IssuedWith(Duty::COOPERATING);
      task.mutable_duties(2)->set_state(row.state);
      if (row.taken_on) task.mutable_duties(2)->mutable_taken_on_time()->set_seconds(1);
      const absl::Status status = action(task);
      EXPECT_EQ(task.duties(2).state(), expected == kNo ? row.state : expected);
      if (expected != kNo) {
        EXPECT_THAT(status, IsOk());
        return;
      }
      EXPECT_THAT(status, Fails(kForbidden, reason));
      EXPECT_THAT(FactsOf(status).metadata, ::testing::Contains(::testing::Pair("state", Duty::State_Name(row.state))));
    };
    const Caller by = CoordinatorOf(kTheirCity);
    run(row.take_on, "DUTY_NOT_ASKED", [&](Task& task) { return TakeOnDuty(task, "d3", by, Now()); });
    run(row.assign, "DUTY_NOT_TAKEN_ON",
        [&](Task& task) { return AssignDuty(task, "d3", {kForeignOther}, Units(), by, Now()); });
    run(row.decline, "DUTY_NOT_ASKED", [&](Task& task) { return DeclineDuty(task, "d3", "x", by); });
  }
}

TEST(CityDutiesTest, ALeadOfAnotherCityHoldsNobodyUpUntilItIsOne) {
  Task task = IssuedWith(Duty::LEAD);
  ASSERT_THAT(Acknowledge(task, OfficerOf(kLead), Now()), IsOk());
  EXPECT_EQ(task.state(), Task::IN_PROGRESS);

  Task waiting = CompleteDraft();
  waiting.mutable_duties(0)->set_unit(kForeign);
  ASSERT_THAT(Issue(waiting, Units(), Now()), IsOk());
  EXPECT_EQ(FirstLead(waiting), "");
  ASSERT_THAT(Acknowledge(waiting, OfficerOf(kResponsible), Now()), IsOk());
  EXPECT_EQ(waiting.state(), Task::ISSUED) << "without any lead nothing is under way";
  ASSERT_THAT(TakeOnDuty(waiting, "d1", CoordinatorOf(kTheirCity), Now()), IsOk());
  ASSERT_THAT(AssignDuty(waiting, "d1", {kForeign}, Units(), CoordinatorOf(kTheirCity), Now()), IsOk());
  EXPECT_EQ(FirstLead(waiting), kForeign);
  ASSERT_THAT(Acknowledge(waiting, OfficerOf(kForeign), Now()), IsOk());
  EXPECT_EQ(waiting.state(), Task::IN_PROGRESS);
}

TEST(CityDutiesTest, NoRecallOnceACityHasTakenOn) {
  Task task = IssuedWith(Duty::COOPERATING);
  Task asked = task;
  ASSERT_THAT(Recall(asked), IsOk());
  EXPECT_EQ(asked.duties(2).state(), Duty::NOT_ISSUED);
  EXPECT_THAT(AskedCities(asked), IsEmpty());
  ASSERT_THAT(TakeOnDuty(task, "d3", CoordinatorOf(kTheirCity), Now()), IsOk());
  EXPECT_THAT(Recall(task), Fails(kForbidden, "DUTY_TAKEN_ON"));
  EXPECT_EQ(task.state(), Task::ISSUED);
}

}  // namespace
}  // namespace duikou::taskregistry::rules
