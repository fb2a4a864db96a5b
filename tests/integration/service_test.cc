// The task registry as it runs: over gRPC, with tokens, a directory in memory, and a clock that stands.
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "tests/integration/service_fixture.h"

namespace duikou::testing {
namespace {

using taskregistry::v1::Plan;
using taskregistry::v1::ProgressReport;
using taskregistry::v1::Task;
using ::testing::Contains;
using ::testing::ElementsAre;
using Duty = Task::Duty;

constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kUnknown = absl::StatusCode::kUnauthenticated;
constexpr auto kMissing = absl::StatusCode::kNotFound;
constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;

TEST_F(ServiceTest, PlansAndTasksAreCreatedWithNumbers) {
  const auto plan = Call<Plan>(PlanRequest(), Coordinator());
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->name(), "cities/210800/plans/p1");
  EXPECT_EQ(plan->number(), "210800-2026-01");
  const auto task = Call<Task>(TaskRequest(), Coordinator());
  ASSERT_THAT(task, IsOk());
  EXPECT_EQ(task->number(), "210800-2026-01-01");
  EXPECT_EQ(task->state(), Task::DRAFT);
  EXPECT_EQ(task->duties(0).unit_title(), "市工业和信息化局") << "from the directory";
  EXPECT_EQ(GetTask("cities/210800/tasks/210800-2026-01-01", Coordinator())->name(), task->name());
  auto read = GetTask(task->name(), Coordinator());
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->light().colour(), taskregistry::v1::Light::GREY) << "shown, not stored";
  read->clear_light();
  EXPECT_EQ(read->SerializeAsString(), task->SerializeAsString());
  auto unnamed = TaskRequest("");
  EXPECT_EQ(Call<Task>(unnamed, Coordinator())->number(), "210800-2026-01-02");
}

TEST_F(ServiceTest, AllViolationsAtOnceInTheCallersLanguage) {
  ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  auto request = TaskRequest("Bad_Id");
  request.mutable_task()->clear_title();
  request.mutable_task()->mutable_due_date()->set_month(13);
  request.mutable_task()->mutable_duties(0)->set_kind(Duty::KIND_UNSPECIFIED);
  for (const Locale locale : {Locale::kZhCn, Locale::kEn}) {
    const absl::Status status = Call<Task>(request, Coordinator(locale)).status();
    EXPECT_THAT(status, Fails(kBad, "FIELD_INVALID"));
    EXPECT_THAT(BadFields(status),
                ::testing::UnorderedElementsAre("task_id", "task.title", "task.due_date", "task.duties[0].kind"));
    for (const FieldViolation& violation : FactsOf(status).violations) {
      if (violation.field != "task.title") continue;
      EXPECT_EQ(violation.description.zh, locale == Locale::kZhCn ? "必填。" : "is required.");
    }
  }
}

TEST_F(ServiceTest, RolesAndCities) {
  EXPECT_THAT(Call<Plan>(PlanRequest(), Nobody()), Fails(kUnknown, "LOGIN_REQUIRED"));
  EXPECT_THAT(Call<Plan>(PlanRequest(), Officer("gongxinju")), Fails(kDenied, "ROLE_MISSING"));
  const auto stranger = As(ClaimsOf("cities/320700", "cities/320700/units/a", {type::v1::COORDINATOR}));
  EXPECT_THAT(Call<Plan>(PlanRequest(), stranger), Fails(kDenied, "OTHER_CITY"));
  const absl::Status english = Call<Plan>(PlanRequest(), Nobody(Locale::kEn)).status();
  EXPECT_EQ(FactsOf(english).text.en, "Sign in first.");
  EXPECT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
}

TEST_F(ServiceTest, TheThreeOfficersSeeNoBusinessRecords) {
  const Task task = CreatePlanAndTask();
  for (const int role : {type::v1::ADMIN, type::v1::SECURITY_ADMIN, type::v1::AUDITOR}) {
    const auto officer = As(ClaimsOf(kCity, Unit("duikouban"), {role}));
    const std::string& title = type::v1::Role_Name(static_cast<type::v1::Role>(role));
    EXPECT_THAT(GetTask(task.name(), officer), Fails(kDenied, "ROLE_MISSING")) << title;
    taskregistry::v1::ListTasksRequest list;
    list.set_parent(kCity);
    EXPECT_THAT(Call<taskregistry::v1::ListTasksResponse>(list, officer), Fails(kDenied, "ROLE_MISSING")) << title;
  }
}

TEST_F(ServiceTest, AHiddenRecordLooksLikeNone) {
  ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  auto request = TaskRequest();
  request.mutable_task()->mutable_access()->set_disclosure(type::v1::Access::RESTRICTED);
  const auto task = Call<Task>(request, Coordinator());
  ASSERT_THAT(task, IsOk());
  EXPECT_THAT(GetTask(task->name(), Officer("gongxinju")), IsOk()) << "its unit has a duty";
  for (const auto& caller : {Officer("shangwuju"), Nobody()}) {
    const absl::Status hidden = GetTask(task->name(), caller).status();
    const absl::Status missing = GetTask("cities/210800/tasks/t9", caller).status();
    EXPECT_THAT(hidden, Fails(kMissing, "NOT_FOUND"));
    EXPECT_THAT(missing, Fails(kMissing, "NOT_FOUND"));
    EXPECT_EQ(FactsOf(hidden).text.zh.size(), FactsOf(missing).text.zh.size());
    EXPECT_THAT(GetTask("cities/210800/tasks/210800-2026-01-01", caller), Fails(kMissing, "NOT_FOUND"))
        << "neither by its number";
  }
  taskregistry::v1::AcknowledgeTaskRequest acknowledge;
  acknowledge.set_name(task->name());
  EXPECT_THAT(Call<Task>(acknowledge, Officer("shangwuju")), Fails(kMissing, "NOT_FOUND"));
}

TEST_F(ServiceTest, ARecordOfAnotherTypeIsNone) {
  // Just written, or read, it is in memory.
  const auto plan = Call<Plan>(PlanRequest(), Coordinator());
  ASSERT_THAT(plan, IsOk());
  EXPECT_THAT(GetTask(plan->name(), Coordinator()), Fails(kMissing, "NOT_FOUND"));
  const auto task = Call<Task>(TaskRequest(), Coordinator());
  ASSERT_THAT(task, IsOk());
  taskregistry::v1::GetPlanRequest get;
  get.set_name(task->name());
  EXPECT_THAT(Call<Plan>(get, Coordinator()), Fails(kMissing, "NOT_FOUND"));
  taskregistry::v1::UpdateTaskRequest update;
  update.mutable_task()->set_name(plan->name());
  update.mutable_task()->set_title("不是任务");
  EXPECT_THAT(Call<Task>(update, Coordinator()), Fails(kMissing, "NOT_FOUND"));
}

TEST_F(ServiceTest, ATaskFromIssueToItsEnd) {
  const Task task = CreatePlanAndTask();
  const auto issued = Issue(task.name());
  ASSERT_THAT(issued, IsOk());
  EXPECT_EQ(issued->state(), Task::ISSUED);
  std::vector<std::string> units;
  for (const Duty& duty : issued->duties()) units.push_back(duty.unit());
  EXPECT_THAT(units, ElementsAre(Unit("gongxinju"), Unit("gaizhou"), Unit("dashiqiao"))) << "the members of today";
  EXPECT_EQ(taskregistry::rules::ToCivil(issued->duties(0).acknowledge_due_date()), absl::CivilDay(2026, 3, 4));

  taskregistry::v1::AcknowledgeTaskRequest acknowledge;
  acknowledge.set_name(task.name());
  EXPECT_THAT(Call<Task>(acknowledge, Officer("shangwuju")), Fails(kDenied, "UNIT_NOT_A_PARTY"));
  ASSERT_THAT(Call<Task>(acknowledge, Officer("gongxinju")), IsOk());
  taskregistry::v1::ReportTaskCompletionRequest report;
  report.set_name(task.name());
  report.set_summary("已全部完成");
  EXPECT_THAT(Call<Task>(report, Officer("gaizhou")), Fails(kDenied, "NOT_FIRST_LEAD"));
  ASSERT_THAT(Call<Task>(report, Officer("gongxinju")), IsOk());
  taskregistry::v1::CloseTaskRequest close;
  close.set_name(task.name());
  close.set_etag(issued->etag());
  EXPECT_THAT(Call<Task>(close, Coordinator()), Fails(absl::StatusCode::kAborted, "ETAG_STALE"));
  close.clear_etag();
  const auto closed = Call<Task>(close, Coordinator());
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(closed->state(), Task::CLOSED);
  const absl::Status again = Issue(task.name()).status();
  EXPECT_THAT(again, Fails(kForbidden, "TASK_STATE_FORBIDS"));
  EXPECT_THAT(FactsOf(again).metadata, Contains(std::pair<std::string, std::string>("state", "CLOSED")));
}

TEST_F(ServiceTest, WithoutMilestonesThePercentIsThatOfTheLastAcceptedReport) {
  const std::string name = CreatePlanAndTask().name();
  ASSERT_THAT(Issue(name), IsOk());
  taskregistry::v1::AcknowledgeTaskRequest acknowledge;
  acknowledge.set_name(name);
  ASSERT_THAT(Call<Task>(acknowledge, Officer("gongxinju")), IsOk());
  const auto report = [&](const char* period, int percent) {
    taskregistry::v1::CreateProgressReportRequest create;
    create.set_parent(name);
    create.mutable_report()->set_period(period);
    create.mutable_report()->set_percent(percent);
    create.mutable_report()->set_done("已对接");
    const auto made = Call<ProgressReport>(create, Officer("gongxinju"));
    ASSERT_THAT(made, IsOk());
    taskregistry::v1::AcceptProgressReportRequest accept;
    accept.set_name(made->name());
    ASSERT_THAT(Call<ProgressReport>(accept, Coordinator()), IsOk());
    clock_.Advance(absl::Hours(24 * 31));
  };
  report("2026-03", 20);
  report("2026-04", 35);
  taskregistry::v1::UpdateTaskRequest update;
  update.mutable_update_mask()->add_paths("milestones");
  update.mutable_task()->set_name(name);
  auto* milestone = update.mutable_task()->add_milestones();
  milestone->set_id("m1");
  milestone->set_title("签订协议");
  EXPECT_EQ(Call<Task>(update, Coordinator())->percent(), 0) << "none of them is done";
  update.mutable_task()->clear_milestones();
  EXPECT_EQ(Call<Task>(update, Coordinator())->percent(), 35);
}

TEST_F(ServiceTest, ARequestIsAnsweredOnce) {
  const Task task = CreatePlanAndTask();
  const auto first = Issue(task.name(), "r-1");
  ASSERT_THAT(first, IsOk());
  const auto again = Issue(task.name(), "r-1");
  ASSERT_THAT(again, IsOk()) << "else it would be TASK_STATE_FORBIDS";
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_THAT(Issue("cities/210800/tasks/t2", "r-1"), Fails(kBad, "REQUEST_ID_REUSED"));
  auto plan = PlanRequest("p2");
  plan.set_request_id("r-2");
  ASSERT_THAT(Call<Plan>(plan, Coordinator()), IsOk());
  EXPECT_EQ(Call<Plan>(plan, Coordinator())->number(), "210800-2026-02");
  EXPECT_THAT(Call<Plan>(PlanRequest("p2"), Coordinator()), Fails(absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS"));
}

TEST_F(ServiceTest, ValidateOnlyAnswersAndLeavesNothing) {
  auto plan = PlanRequest();
  plan.set_validate_only(true);
  EXPECT_EQ(Call<Plan>(plan, Coordinator())->number(), "210800-2026-01");
  const Task task = CreatePlanAndTask();
  EXPECT_EQ(Issue(task.name(), "r-1", /*validate_only=*/true)->state(), Task::ISSUED);
  EXPECT_EQ(GetTask(task.name(), Coordinator())->state(), Task::DRAFT);
  auto bad = PlanRequest("p2");
  bad.mutable_plan()->clear_title();
  bad.set_validate_only(true);
  EXPECT_THAT(Call<Plan>(bad, Coordinator()), Fails(kBad, "FIELD_INVALID"));
}

TEST_F(ServiceTest, WhatACallerSaysOfOutputOnlyFieldsIsIgnored) {
  ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  auto request = TaskRequest();
  request.mutable_task()->set_state(Task::CLOSED);
  request.mutable_task()->set_number("YK-0000-00-00");
  request.mutable_task()->mutable_duties(0)->set_state(Duty::ACKNOWLEDGED);
  const auto task = Call<Task>(request, Coordinator());
  ASSERT_THAT(task, IsOk());
  EXPECT_EQ(task->state(), Task::DRAFT);
  EXPECT_EQ(task->number(), "210800-2026-01-01");
  EXPECT_EQ(task->duties(0).state(), Duty::NOT_ISSUED);
}

TEST_F(ServiceTest, TokensThatDoNotHold) {
  const Task task = CreatePlanAndTask();
  const auto refused = [&](const rpc::CallOptions& options) { return GetTask(task.name(), options).status(); };
  auto claims = ClaimsOf(kCity, Unit("duikouban"), {type::v1::COORDINATOR});
  EXPECT_THAT(GetTask(task.name(), As(claims)), IsOk());
  claims.set_expire_time(absl::ToUnixSeconds(clock_.Now()) - 1);
  EXPECT_THAT(refused(As(claims)), Fails(kUnknown, "TOKEN_EXPIRED"));
  claims = ClaimsOf(kCity, Unit("duikouban"), {type::v1::COORDINATOR});
  claims.set_session("cities/210800/accounts/li/sessions/ended");
  EXPECT_THAT(refused(As(claims)), Fails(kUnknown, "SESSION_ENDED"));
  rpc::CallOptions options = Coordinator();
  const std::string good = options.authorization;
  for (const std::string& bad : {std::string("Bearer x"), std::string("Bearer "), std::string("Basic abc"),
                                 std::string("Bearer ..."), good.substr(0, good.size() - 4), good + "AA",
                                 "Bearer A" + good.substr(8), std::string("Bearer ") + std::string(6000, 'A')}) {
    options.authorization = bad;
    EXPECT_THAT(refused(options), Fails(kUnknown, "TOKEN_INVALID")) << bad;
  }
  const auto other_key = crypto::SigningKey::Generate();
  options.authorization =
      "Bearer " + auth::MakeAccessToken(*other_key, ClaimsOf(kCity, Unit("duikouban"), {type::v1::COORDINATOR}));
  EXPECT_THAT(refused(options), Fails(kUnknown, "TOKEN_INVALID"));
  // A token verified before ends with its time and with its session.
  const rpc::CallOptions held = Coordinator();
  EXPECT_THAT(GetTask(task.name(), held), IsOk());
  service_->tokens().EndSession("cities/210800/accounts/duikouban/sessions/s1");
  EXPECT_THAT(refused(held), Fails(kUnknown, "SESSION_ENDED"));
  const rpc::CallOptions officer = Officer("gongxinju");
  EXPECT_THAT(GetTask(task.name(), officer), IsOk());
  clock_.Advance(absl::Minutes(16));
  EXPECT_THAT(refused(officer), Fails(kUnknown, "TOKEN_EXPIRED"));
}

TEST_F(ServiceTest, AnUnknownUnitIsNamedByItsPath) {
  ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  auto request = TaskRequest();
  AddDuty(*request.mutable_task(), Duty::COOPERATING, Unit("nosuch"), "某局");
  const absl::Status status = Call<Task>(request, Coordinator()).status();
  EXPECT_THAT(status, Fails(kBad, "REFERENCE_UNKNOWN"));
  EXPECT_THAT(BadFields(status), ElementsAre("task.duties[2].unit"));
  request = TaskRequest();
  request.mutable_task()->set_plan("cities/210800/plans/nosuch");
  const absl::Status plan = Call<Task>(request, Coordinator()).status();
  EXPECT_THAT(plan, Fails(kBad, "REFERENCE_UNKNOWN"));
  EXPECT_THAT(BadFields(plan), ElementsAre("task.plan"));
}

TEST_F(ServiceTest, WithoutTheDirectoryWhatNeedsItIsUnavailable) {
  const Task task = CreatePlanAndTask();
  books_->down.store(true);
  const absl::Status create = Call<Task>(TaskRequest("t2"), Coordinator()).status();
  EXPECT_THAT(create, Fails(absl::StatusCode::kUnavailable, "PEER_UNAVAILABLE"));
  EXPECT_GT(FactsOf(create).retry_after_ms, 0);
  EXPECT_THAT(Issue(task.name()), Fails(absl::StatusCode::kUnavailable, "PEER_UNAVAILABLE"));
  EXPECT_THAT(GetTask(task.name(), Coordinator()), IsOk()) << "the rest goes on";
  books_->down.store(false);
  EXPECT_THAT(Issue(task.name()), IsOk());
}

TEST_F(ServiceTest, ListsContinueByToken) {
  CreatePlanAndTask();
  for (int i = 2; i <= 7; ++i) {
    ASSERT_THAT(Call<Task>(TaskRequest(absl::StrCat("t", i)), Coordinator()), IsOk());
  }
  taskregistry::v1::ListTasksRequest request;
  request.set_parent(kCity);
  request.set_page_size(3);
  request.set_order_by("number desc");
  request.set_filter(absl::StrCat("duties.unit = \"", Unit("gongxinju"), "\" AND state = DRAFT"));
  std::vector<std::string> names;
  do {
    const auto page = Call<taskregistry::v1::ListTasksResponse>(request, Coordinator());
    ASSERT_THAT(page, IsOk());
    for (const Task& task : page->tasks()) names.push_back(task.name().substr(20));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre("t7", "t6", "t5", "t4", "t3", "t2", "t1"));
  request.set_page_token("forged");
  EXPECT_THAT(Call<taskregistry::v1::ListTasksResponse>(request, Coordinator()), Fails(kBad, "PAGE_TOKEN_INVALID"));
  request.clear_page_token();
  request.set_filter("state = ");
  EXPECT_THAT(Call<taskregistry::v1::ListTasksResponse>(request, Coordinator()), Fails(kBad, "FILTER_INVALID"));
}

TEST_F(ServiceTest, WatchTellsChangesAsTheyAreCommitted) {
  const Task task = CreatePlanAndTask();
  std::vector<std::string> actions;
  std::string cursor;
  absl::Notification first_seen;
  const auto watch = [&](const std::string& from, size_t until) {
    log::v1::WatchRequest request;
    request.set_parent(kCity);
    request.set_cursor(from);
    actions.clear();
    return client_->Stream(
        rpc::MethodOf(log::v1::WatchRequest::descriptor()), request, log::v1::WatchResponse(),
        [&](const google::protobuf::Message& message) {
          const auto& response = static_cast<const log::v1::WatchResponse&>(message);
          for (const auto& change : response.changes()) actions.push_back(change.action());
          cursor = response.cursor();
          if (!actions.empty() && !first_seen.HasBeenNotified()) first_seen.Notify();
          return actions.size() < until;
        },
        Coordinator());
  };
  // Issued once the stream has given what was there before.
  std::thread issuer([&] {
    first_seen.WaitForNotification();
    EXPECT_THAT(Issue(task.name()), IsOk());
  });
  EXPECT_THAT(watch("begin", 3), IsOk());
  issuer.join();
  EXPECT_THAT(actions, ElementsAre("CreatePlan", "CreateTask", "IssueTask"));
  ASSERT_THAT(Call<Plan>(PlanRequest("p2"), Coordinator()), IsOk());
  EXPECT_THAT(watch(cursor, 1), IsOk());
  EXPECT_THAT(actions, ElementsAre("CreatePlan")) << "continues after the cursor";
  EXPECT_THAT(watch("forged", 1), Fails(kBad, "CURSOR_INVALID"));
}

TEST_F(ServiceTest, AWatchOutlivesNoSession) {
  ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  // What ended a stream in whose course something happens.
  const auto watch = [&](const std::function<void()>& meanwhile) {
    log::v1::WatchRequest request;
    request.set_parent(kCity);
    request.set_cursor("begin");
    return client_->Stream(
        rpc::MethodOf(log::v1::WatchRequest::descriptor()), request, log::v1::WatchResponse(),
        [&](const google::protobuf::Message&) {
          meanwhile();
          return true;
        },
        Coordinator());
  };
  EXPECT_THAT(watch([&] { clock_.Advance(auth::kRefreshLife + absl::Seconds(1)); }), Fails(kUnknown, "SESSION_ENDED"))
      << "a session that runs out is not among those that were ended";
  EXPECT_THAT(watch([&] { service_->tokens().EndSession("cities/210800/accounts/duikouban/sessions/s1"); }),
              Fails(kUnknown, "SESSION_ENDED"));
}

TEST_F(ServiceTest, ALogShowsEachReaderWhatHeMaySee) {
  ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  auto request = TaskRequest();
  request.mutable_task()->mutable_access()->set_disclosure(type::v1::Access::RESTRICTED);
  ASSERT_THAT(Call<Task>(request, Coordinator()), IsOk());
  log::v1::ListChangesRequest list;
  list.set_parent(kCity);
  const auto count = [&](const rpc::CallOptions& options) {
    const auto page = Call<log::v1::ListChangesResponse>(list, options);
    EXPECT_THAT(page, IsOk());
    return page.ok() ? page->changes_size() : -1;
  };
  EXPECT_EQ(count(Coordinator()), 2);
  EXPECT_EQ(count(Officer("gongxinju")), 2);
  EXPECT_EQ(count(Officer("shangwuju")), 1);
  EXPECT_THAT(Call<log::v1::ListChangesResponse>(list, Nobody()), Fails(kUnknown, "LOGIN_REQUIRED"));
}

}  // namespace
}  // namespace duikou::testing
