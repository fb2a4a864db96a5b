// Projects and support requests: every action in every state, and who may do it.
#include <limits>
#include <optional>
#include <string>

#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/rules/project_state.h"
#include "services/taskregistry/rules/support.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using ::testing::ElementsAre;
using v1::Project;
using v1::SupportRequest;
using v1::Task;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

constexpr Project::State kProjectStates[] = {Project::NEGOTIATING, Project::SIGNED, Project::STARTED,
                                             Project::OPERATING, Project::ABANDONED};
struct ProjectRow {
  ProjectAction action;
  const char* states;  // One column a state, in this order: '+' allowed.
  Project::State to;
};
constexpr ProjectRow kProjectTable[] = {
    {ProjectAction::kEdit, "++++.", Project::STATE_UNSPECIFIED},
    {ProjectAction::kDelete, "+....", Project::STATE_UNSPECIFIED},
    {ProjectAction::kSign, "+....", Project::SIGNED},
    {ProjectAction::kStart, ".+...", Project::STARTED},
    {ProjectAction::kCommission, "..+..", Project::OPERATING},
    {ProjectAction::kAbandon, "+++..", Project::ABANDONED},
};

Project ProjectIn(Project::State state) {
  Project project;
  Begin(project, TaskIn(Task::IN_PROGRESS), OfficerOf(kLead), kToday);
  project.set_state(state);
  return project;
}

TEST(ProjectStateTest, EveryStateTimesEveryAction) {
  ASSERT_EQ(std::size(kProjectTable), static_cast<size_t>(kProjectActions));
  for (const ProjectRow& row : kProjectTable) {
    for (size_t s = 0; s < std::size(kProjectStates); ++s) {
      SCOPED_TRACE(absl::StrCat(static_cast<int>(row.action), " in ", Project::State_Name(kProjectStates[s])));
      const bool allowed = row.states[s] == '+';
      EXPECT_EQ(Allows(kProjectStates[s], row.action), allowed);
      Project project = ProjectIn(kProjectStates[s]);
      const absl::Status status = row.to == Project::STATE_UNSPECIFIED
                                      ? CheckAllowed(project, row.action)
                                      : Advance(project, row.action, std::nullopt, "", OfficerOf(kLead), kToday);
      if (allowed) {
        EXPECT_THAT(status, IsOk());
        if (row.to != Project::STATE_UNSPECIFIED) {
          EXPECT_EQ(project.state(), row.to);
        }
      } else {
        EXPECT_THAT(status, Fails(kForbidden, "PROJECT_STATE_FORBIDS"));
        EXPECT_THAT(FactsOf(status).metadata,
                    ::testing::Contains(::testing::Pair("state", Project::State_Name(kProjectStates[s]))));
        EXPECT_EQ(project.steps_size(), 1);
      }
    }
  }
}

TEST(ProjectStateTest, EachStateHasItsDate) {
  Project project = ProjectIn(Project::NEGOTIATING);
  const Caller by = OfficerOf(kLead);
  ASSERT_THAT(Advance(project, ProjectAction::kSign, kToday - 30, "", by, kToday), IsOk())
      << "entered late, before the day of its record";
  EXPECT_THAT(Advance(project, ProjectAction::kStart, kToday - 31, "", by, kToday), Fails(kBad, "DATE_BEFORE_STEP"));
  EXPECT_THAT(Advance(project, ProjectAction::kStart, kToday + 1, "", by, kToday), Fails(kBad, "DATE_IN_FUTURE"));
  ASSERT_THAT(Advance(project, ProjectAction::kStart, kToday - 30, "", by, kToday), IsOk()) << "the same day";
  ASSERT_THAT(Advance(project, ProjectAction::kAbandon, std::nullopt, "资金未落实", by, kToday), IsOk());
  ASSERT_EQ(project.steps_size(), 4);
  EXPECT_EQ(project.steps(1).state(), Project::SIGNED);
  EXPECT_EQ(ToCivil(project.steps(1).date()), kToday - 30);
  EXPECT_EQ(project.steps(3).note(), "资金未落实");
  EXPECT_EQ(project.steps(3).recorded_by(), by.name);
}

TEST(ProjectStateTest, KeptByItsTasksUnitsAndCoordinator) {
  Task task = TaskIn(Task::IN_PROGRESS);
  AddDuty(task, Task::Duty::COOPERATING, kForeign, "")->set_state(Task::Duty::AWAITING_CITY);
  EXPECT_THAT(CheckKeeps(task, OfficerOf(kResponsible)), IsOk());
  EXPECT_THAT(CheckKeeps(task, CoordinatorOf("210800")), IsOk());
  EXPECT_THAT(CheckKeeps(task, CoordinatorOf("320700")), Fails(kDenied, "NO_DUTY"));
  EXPECT_THAT(CheckKeeps(task, OfficerOf(kOther)), Fails(kDenied, "NO_DUTY"));
  EXPECT_THAT(CheckKeeps(task, OfficerOf(kForeign)), Fails(kDenied, "NO_DUTY")) << "not taken on yet";
  task.mutable_duties(2)->set_state(Task::Duty::AWAITING);
  EXPECT_THAT(CheckKeeps(task, OfficerOf(kForeign)), IsOk());
}

TEST(AmountTest, InHundredths) {
  EXPECT_EQ(ToHundredths("120.5"), 12050);
  EXPECT_EQ(ToHundredths("0.05"), 5);
  EXPECT_EQ(ToHundredths("999999999999.99"), 99999999999999);
  for (const char* bad : {"", ".5", "1.", "1.234", "-1", "1e3", "1,000", "1234567890123"})
    EXPECT_EQ(ToHundredths(bad), std::nullopt) << bad;
  for (const char* amount : {"0", "1", "120.5", "0.05", "7.25"})
    EXPECT_EQ(FromHundredths(*ToHundredths(amount)), amount);
}

TEST(AmountTest, SumsStayWithinWhatIsCounted) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  constexpr int64_t kLargest = 9'000'000'000'000'000;  // The most that one amount may be.
  EXPECT_EQ(AddAmounts(0, 0), 0);
  EXPECT_EQ(AddAmounts(kLargest, 5), kLargest + 5);
  EXPECT_EQ(AddAmounts(kMost - 5, 5), kMost);
  EXPECT_EQ(AddAmounts(kMost - 5, 6), kMost);
  int64_t sum = 0;
  for (int i = 0; i < 1100; ++i) sum = AddAmounts(sum, kLargest);
  EXPECT_EQ(sum, kMost);
}

SupportRequest Ask(SupportRequest::Kind kind) {
  SupportRequest request;
  request.set_name("cities/210800/tasks/t1/supportRequests/s1");
  request.set_kind(kind);
  if (kind == SupportRequest::FUNDS) {
    request.mutable_funds()->set_fen(1'000'000'00);
  } else {
    request.set_amount("120.5");
  }
  EXPECT_THAT(Request(TaskIn(Task::IN_PROGRESS), std::nullopt, request, OfficerOf(kLead)), IsOk());
  return request;
}

TEST(SupportTest, WhatIsAskedIsComplete) {
  EXPECT_EQ(Ask(SupportRequest::LAND).measure(), "亩");
  EXPECT_EQ(Ask(SupportRequest::ENERGY).measure(), "吨标准煤");
  EXPECT_EQ(Ask(SupportRequest::FUNDS).funds().currency(), "CNY");
  const Task task = TaskIn(Task::IN_PROGRESS);
  const struct {
    SupportRequest::Kind kind;
    const char* amount;
    int64_t fen;
    const char* field;
  } wrong[] = {{SupportRequest::LAND, "", 0, "support_request.amount"},
               {SupportRequest::LAND, "0", 0, "support_request.amount"},
               {SupportRequest::ENERGY, "5", 100, "support_request.amount"},
               {SupportRequest::FUNDS, "", 0, "support_request.funds"},
               {SupportRequest::FUNDS, "5", 100, "support_request.funds"}};
  for (const auto& one : wrong) {
    SupportRequest request;
    request.set_kind(one.kind);
    request.set_amount(one.amount);
    if (one.fen != 0) request.mutable_funds()->set_fen(one.fen);
    const absl::Status status = Request(task, std::nullopt, request, OfficerOf(kLead));
    EXPECT_THAT(status, Fails(kBad, "AMOUNT_MISSING"));
    EXPECT_THAT(BadFields(status), ElementsAre(one.field));
  }
  SupportRequest request = Ask(SupportRequest::LAND);
  EXPECT_THAT(Request(task, std::nullopt, request, OfficerOf(kOther)), Fails(kDenied, "NO_DUTY"));
  request.set_decider(kForeign);
  EXPECT_THAT(Request(task, std::nullopt, request, OfficerOf(kLead)), Fails(kBad, "OTHER_CITY"));
}

TEST(SupportTest, ForAProjectOfTheTaskThatGoesOn) {
  const Task task = TaskIn(Task::IN_PROGRESS);
  for (const Project::State state : kProjectStates) {
    Project project = ProjectIn(state);
    SupportRequest request = Ask(SupportRequest::LAND);
    const absl::Status status = Request(task, project, request, OfficerOf(kLead));
    if (state == Project::ABANDONED) {
      EXPECT_THAT(status, Fails(kForbidden, "PROJECT_ABANDONED"));
    } else {
      EXPECT_THAT(status, IsOk());
    }
    project.set_task("cities/210800/tasks/t2");
    EXPECT_THAT(Request(task, project, request, OfficerOf(kLead)), Fails(kBad, "PROJECT_OF_OTHER_TASK"));
  }
}

TEST(SupportTest, EveryStateTimesEveryAction) {
  for (const auto state :
       {SupportRequest::REQUESTED, SupportRequest::GRANTED, SupportRequest::PARTLY_GRANTED, SupportRequest::REFUSED}) {
    for (int action = 0; action < 3; ++action) {
      SupportRequest request = Ask(SupportRequest::LAND);
      request.set_state(state);
      const Caller by = CoordinatorOf("210800");
      const absl::Status status = action == 0   ? Grant(request, "", nullptr, "", by, kNow)
                                  : action == 1 ? Refuse(request, "指标不足", by, kNow)
                                                : CheckMayTakeBack(request, OfficerOf(kLead));
      if (state == SupportRequest::REQUESTED) {
        EXPECT_THAT(status, IsOk());
        continue;
      }
      EXPECT_THAT(status, Fails(kForbidden, "SUPPORT_DECIDED"));
      EXPECT_THAT(FactsOf(status).metadata,
                  ::testing::Contains(::testing::Pair("state", SupportRequest::State_Name(state))));
    }
  }
}

TEST(SupportTest, AllOrAPartIsGranted) {
  const Caller by = CoordinatorOf("210800");
  SupportRequest land = Ask(SupportRequest::LAND);
  ASSERT_THAT(Grant(land, "", nullptr, "", by, kNow), IsOk());
  EXPECT_EQ(land.state(), SupportRequest::GRANTED);
  EXPECT_EQ(land.granted_amount(), "120.5");
  land = Ask(SupportRequest::LAND);
  ASSERT_THAT(Grant(land, "120.50", nullptr, "", by, kNow), IsOk());
  EXPECT_EQ(land.state(), SupportRequest::GRANTED);
  land = Ask(SupportRequest::LAND);
  ASSERT_THAT(Grant(land, "80", nullptr, "先行用地", by, kNow), IsOk());
  EXPECT_EQ(land.state(), SupportRequest::PARTLY_GRANTED);
  EXPECT_EQ(land.comment(), "先行用地");
  for (const char* amount : {"0", "120.51"}) {
    land = Ask(SupportRequest::LAND);
    EXPECT_THAT(Grant(land, amount, nullptr, "", by, kNow), Fails(kBad, "GRANT_OUT_OF_RANGE"));
    EXPECT_EQ(land.state(), SupportRequest::REQUESTED);
  }
  duikou::type::v1::Money money;
  money.set_fen(400'000'00);
  EXPECT_THAT(Grant(land, "", &money, "", by, kNow), Fails(kBad, "GRANT_OUT_OF_RANGE")) << "land is no money";
  SupportRequest funds = Ask(SupportRequest::FUNDS);
  EXPECT_THAT(Grant(funds, "5", nullptr, "", by, kNow), Fails(kBad, "GRANT_OUT_OF_RANGE"));
  money.set_currency("USD");
  EXPECT_THAT(Grant(funds, "", &money, "", by, kNow), Fails(kBad, "GRANT_OUT_OF_RANGE"));
  money.clear_currency();
  ASSERT_THAT(Grant(funds, "", &money, "", by, kNow), IsOk());
  EXPECT_EQ(funds.state(), SupportRequest::PARTLY_GRANTED);
  EXPECT_EQ(funds.granted_funds().fen(), 400'000'00);
}

TEST(SupportTest, ByTheUnitAskedOrTheCoordinator) {
  SupportRequest request = Ask(SupportRequest::ENERGY);
  request.set_decider(kOther);
  for (const Caller& by : {OfficerOf(kLead), OfficerOf(kResponsible), OfficerOf(""), CoordinatorOf("320700")}) {
    EXPECT_THAT(Grant(request, "", nullptr, "", by, kNow), Fails(kDenied, "NOT_DECIDER"));
    EXPECT_THAT(Refuse(request, "x", by, kNow), Fails(kDenied, "NOT_DECIDER"));
  }
  EXPECT_THAT(CheckMayTakeBack(request, OfficerOf(kOther)), Fails(kDenied, "OTHER_UNIT"));
  SupportRequest copy = request;
  EXPECT_THAT(Refuse(copy, "指标不足", CoordinatorOf("210800"), kNow), IsOk());
  EXPECT_EQ(copy.state(), SupportRequest::REFUSED);
  EXPECT_THAT(Grant(request, "", nullptr, "", OfficerOf(kOther), kNow), IsOk());
  EXPECT_EQ(request.decide_time().seconds(), absl::ToUnixSeconds(kNow));
}

}  // namespace
}  // namespace duikou::taskregistry::rules
