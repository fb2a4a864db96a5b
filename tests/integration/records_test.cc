// Records and duties of the task registry through the running service: other cities' duties, projects, support
// requests, extensions, sub-tasks.
#include <string>
#include <vector>

#include "duikou/taskregistry/v1/overview.pb.h"
#include "duikou/taskregistry/v1/supervision.pb.h"
#include "tests/integration/records_fixture.h"

namespace duikou::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kMissing = absl::StatusCode::kNotFound;
constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;

TEST_F(RecordsTest, APlanStandsBelowOneThatIsSeen) {
  auto hidden = PlanRequest();
  hidden.mutable_plan()->mutable_access()->set_disclosure(type::v1::Access::RESTRICTED);
  const auto above = Call<Plan>(hidden, Coordinator());
  ASSERT_THAT(above, IsOk());
  CreatePlanRequest theirs;
  theirs.set_parent(kTheirCity);
  theirs.mutable_plan()->set_kind(Plan::IMPLEMENTATION);
  theirs.mutable_plan()->set_year(2026);
  theirs.mutable_plan()->set_title("实施方案");
  const auto own = Call<Plan>(theirs, TheirCoordinator());
  ASSERT_THAT(own, IsOk());
  for (const std::string& name : {above->name(), absl::StrCat(kCity, "/plans/", above->number())}) {
    theirs.mutable_plan()->set_parent_plan(name);
    EXPECT_THAT(Call<Plan>(theirs, TheirCoordinator()), Fails(absl::StatusCode::kInvalidArgument, "REFERENCE_UNKNOWN"));
    UpdatePlanRequest update;
    update.mutable_plan()->set_name(own->name());
    update.mutable_plan()->set_parent_plan(name);
    EXPECT_THAT(Call<Plan>(update, TheirCoordinator()), Fails(absl::StatusCode::kInvalidArgument, "REFERENCE_UNKNOWN"));
  }
  theirs.mutable_plan()->set_parent_plan(own->name());
  EXPECT_THAT(Call<Plan>(theirs, TheirCoordinator()), IsOk());
}

TEST_F(RecordsTest, ADutyOfAnotherCityIsTakenOnAssignedAndReported) {
  const Task task = IssuedAcross();
  ASSERT_EQ(task.duties_size(), 4);
  const std::string id = task.duties(3).id();
  EXPECT_EQ(task.duties(3).state(), Duty::AWAITING_CITY);
  EXPECT_THAT(GetTask(task.name(), TheirCoordinator()), IsOk()) << "its city is a party";
  EXPECT_THAT(Pending(kTheirCity, TheirCoordinator()), ElementsAre(Pair(Work::TAKE_ON_DUTY, task.name())));
  EXPECT_THAT(Pending(kTheirCity, TheirOfficer("fagaiwei")), IsEmpty()) << "no duty yet";
  auto acknowledge = Named<AcknowledgeTaskRequest>(task.name());
  EXPECT_THAT(Call<Task>(acknowledge, TheirOfficer("fagaiwei")), Fails(kDenied, "NO_DUTY"));

  auto take_on = Named<TakeOnDutyRequest>(task.name());
  take_on.set_duty(id);
  EXPECT_THAT(Call<Task>(take_on, Coordinator()), Fails(kDenied, "OTHER_CITY"));
  take_on.set_validate_only(true);
  EXPECT_EQ(Call<Task>(take_on, TheirCoordinator())->duties(3).state(), Duty::TAKEN_ON);
  take_on.set_validate_only(false);
  ASSERT_THAT(Call<Task>(take_on, TheirCoordinator()), IsOk());
  EXPECT_THAT(Pending(kTheirCity, TheirCoordinator()), ElementsAre(Pair(Work::ASSIGN_DUTY, task.name())));

  auto assign = Named<AssignDutyRequest>(task.name());
  assign.set_duty(id);
  assign.add_units(Unit("shangwuju"));
  EXPECT_THAT(Call<Task>(assign, TheirCoordinator()), Fails(kBad, "OTHER_CITY"));
  assign.set_units(0, Theirs("gongxinju"));
  const auto assigned = Call<Task>(assign, TheirCoordinator());
  ASSERT_THAT(assigned, IsOk());
  EXPECT_EQ(assigned->duties(3).unit_title(), "连云港市工业和信息化局");
  EXPECT_THAT(Pending(kTheirCity, TheirCoordinator()), IsEmpty());
  EXPECT_THAT(Pending(kTheirCity, TheirOfficer("gongxinju")), ElementsAre(Pair(Work::ACKNOWLEDGE, task.name())));

  ASSERT_THAT(Call<Task>(acknowledge, TheirOfficer("gongxinju")), IsOk());
  ASSERT_THAT(Call<Task>(acknowledge, Officer("gongxinju")), IsOk());
  CreateProgressReportRequest report;
  report.set_parent(task.name());
  report.mutable_report()->set_period("2026-03");
  report.mutable_report()->set_percent(30);
  report.mutable_report()->set_done("已对接");
  const auto submitted = Call<ProgressReport>(report, TheirOfficer("gongxinju"));
  ASSERT_THAT(submitted, IsOk()) << "a report of its own";
  EXPECT_EQ(submitted->recipient(), Unit("gongxinju"));
  const auto leads = Call<ProgressReport>(report, Officer("gongxinju"));
  ASSERT_THAT(leads, IsOk());
  EXPECT_THAT(Call<ProgressReport>(Named<AcceptProgressReportRequest>(leads->name()), TheirCoordinator()),
              Fails(kDenied, "NOT_A_PARTY"))
      << "each coordinator decides for his own side";
  EXPECT_THAT(Call<ProgressReport>(Named<AcceptProgressReportRequest>(leads->name()), Coordinator()), IsOk());
}

TEST_F(RecordsTest, ACitysSettingsHoldForUnitsOfOthers) {
  CreateSettingsRequest settings;
  settings.set_parent(kCity);
  settings.set_settings_id("default");
  settings.mutable_settings()->set_acknowledge_workdays(5);
  ASSERT_THAT(Call<Settings>(settings, Coordinator()), IsOk());
  const Task task = IssuedAcross();
  auto take_on = Named<TakeOnDutyRequest>(task.name());
  take_on.set_duty(task.duties(3).id());
  take_on.add_units(Theirs("fagaiwei"));
  const auto taken = Call<Task>(take_on, TheirCoordinator());
  ASSERT_THAT(taken, IsOk());
  EXPECT_EQ(FormatDay(taskregistry::rules::ToCivil(taken->duties(3).acknowledge_due_date())), "2026-03-09");
}

TEST_F(RecordsTest, ADeclinedDutyOfAnotherCityComesBack) {
  const Task task = IssuedAcross();
  auto decline = Named<DeclineDutyRequest>(task.name());
  decline.set_duty(task.duties(3).id());
  decline.set_reason("我市无此业务");
  ASSERT_THAT(Call<Task>(decline, TheirCoordinator()), IsOk());
  EXPECT_THAT(Pending(kTheirCity, TheirCoordinator()), IsEmpty());
  EXPECT_THAT(Pending(kCity, Coordinator()), ElementsAre(Pair(Work::REASSIGN, task.name())));
  auto reassign = Named<ReassignTaskRequest>(task.name());
  reassign.set_duty(task.duties(3).id());
  reassign.add_units(Unit("shangwuju"));
  const auto reassigned = Call<Task>(reassign, Coordinator());
  ASSERT_THAT(reassigned, IsOk());
  EXPECT_EQ(reassigned->duties(3).state(), Duty::AWAITING);
  EXPECT_THAT(GetTask(task.name(), TheirCoordinator()), Fails(kMissing, "NOT_FOUND")) << "no party any more";
}

TEST_F(RecordsTest, TheInboxHasOrdersAndRemindersOfEachCityOnce) {
  // A second city with records of its own, and a lead of it in ours.
  auto their_plan = PlanRequest();
  their_plan.set_parent(kTheirCity);
  ASSERT_THAT(Call<Plan>(their_plan, TheirCoordinator()), IsOk());
  ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  auto request = TaskRequest();
  request.mutable_task()->mutable_duties(0)->set_unit(Theirs("gongxinju"));
  ASSERT_THAT(Call<Task>(request, Coordinator()), IsOk());
  ASSERT_THAT(Call<Task>(TaskRequest("t2"), Coordinator()), IsOk());
  const std::string across = absl::StrCat(kCity, "/tasks/t1"), within = absl::StrCat(kCity, "/tasks/t2");
  const auto issued = Issue(across);
  ASSERT_THAT(issued, IsOk());
  ASSERT_THAT(Issue(within), IsOk());
  auto take_on = Named<TakeOnDutyRequest>(across);
  take_on.set_duty(issued->duties(0).id());
  take_on.add_units(Theirs("gongxinju"));
  ASSERT_THAT(Call<Task>(take_on, TheirCoordinator()), IsOk());
  for (const std::string& task : {across, within}) {
    CreateSupervisionOrderRequest draft;
    draft.set_parent(task);
    draft.set_order_id("o1");
    draft.mutable_order()->set_basis("领导批示");
    *draft.mutable_order()->mutable_deadline() = taskregistry::rules::ToDate(absl::CivilDay(2026, 3, 31));
    ASSERT_THAT(Call<SupervisionOrder>(draft, Supervisor()), IsOk());
    ASSERT_THAT(Call<SupervisionOrder>(Named<IssueSupervisionOrderRequest>(task + "/orders/o1"), Supervisor()), IsOk());
  }
  clock_.Advance(absl::Hours(24 * 7));  // Nobody has acknowledged in time.
  SuperviseTasksRequest day;
  day.set_parent(kCity);
  ASSERT_THAT(Call<SuperviseTasksResponse>(day, Supervisor()), IsOk());
  const auto works = [](const std::string& task, const std::string& reminder) {
    return UnorderedElementsAre(Pair(Work::ACKNOWLEDGE, task), Pair(Work::REPLY_ORDER, task + "/orders/o1"),
                                Pair(Work::READ_REMINDER, task + "/reminders/" + reminder));
  };
  EXPECT_THAT(Pending(kCity, Officer("gongxinju")), works(within, "acknowledge-d1-20260304"));
  EXPECT_THAT(Pending(kTheirCity, TheirOfficer("gongxinju")), works(across, "acknowledge-d1-20260304"));
}

TEST_F(RecordsTest, AProjectFromTalksToOperation) {
  const Task task = InProgress();
  CreateProjectRequest create;
  create.set_parent(task.name());
  create.set_project_id("j1");
  create.mutable_project()->set_title("年产6万吨镁质材料项目");
  create.mutable_project()->set_cooperation(Project::INVESTMENT);
  create.mutable_project()->mutable_investment()->set_fen(3'000'000'000'00);
  create.mutable_project()->add_our_parties()->set_title("营口某镁业公司");
  create.mutable_project()->set_state(Project::OPERATING);
  EXPECT_THAT(Call<Project>(create, Officer("shangwuju")), Fails(kDenied, "NO_DUTY"));
  const auto project = Call<Project>(create, Officer("gongxinju"));
  ASSERT_THAT(project, IsOk());
  EXPECT_EQ(project->state(), Project::NEGOTIATING) << "the state is no input";
  EXPECT_EQ(project->unit(), Unit("gongxinju"));
  auto sign = Named<SignProjectRequest>(project->name());
  *sign.mutable_date() = taskregistry::rules::ToDate(absl::CivilDay(2026, 2, 27));
  ASSERT_THAT(Call<Project>(sign, Officer("gongxinju")), IsOk());
  EXPECT_THAT(Call<Project>(sign, Officer("gongxinju")), Fails(kForbidden, "PROJECT_STATE_FORBIDS"));
  ASSERT_THAT(Call<Project>(Named<StartProjectRequest>(project->name()), Coordinator()), IsOk());
  const auto operating = Call<Project>(Named<CommissionProjectRequest>(project->name()), Coordinator());
  ASSERT_THAT(operating, IsOk());
  EXPECT_EQ(operating->steps_size(), 4);
  EXPECT_THAT(Call<google::protobuf::Empty>(Named<DeleteProjectRequest>(project->name()), Coordinator()),
              Fails(kForbidden, "PROJECT_STATE_FORBIDS"));
  ListProjectsRequest list;
  list.set_parent(kCity);
  list.set_filter("state = OPERATING");
  EXPECT_EQ(Call<ListProjectsResponse>(list, Coordinator())->projects_size(), 1);
}

TEST_F(RecordsTest, SupportIsAskedForDecidedAndCounted) {
  const Task task = InProgress();
  CreateSupportRequestRequest create;
  create.set_parent(task.name());
  SupportRequest& asked = *create.mutable_support_request();
  asked.set_kind(SupportRequest::LAND);
  asked.set_amount("120.5");
  asked.set_reason("项目用地");
  asked.set_decider(Unit("shangwuju"));
  const auto first = Call<SupportRequest>(create, Officer("gongxinju"));
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->decider_title(), "市商务局");
  asked.clear_decider();
  asked.set_amount("10");
  const auto second = Call<SupportRequest>(create, Officer("gongxinju"));
  ASSERT_THAT(second, IsOk());
  asked.set_amount("12.345");
  EXPECT_THAT(Call<SupportRequest>(create, Officer("gongxinju")), Fails(kBad, "FIELD_INVALID"));
  EXPECT_THAT(Pending(kCity, Officer("shangwuju")), ElementsAre(Pair(Work::DECIDE_SUPPORT, first->name())));
  EXPECT_THAT(Pending(kCity, Coordinator()), ElementsAre(Pair(Work::DECIDE_SUPPORT, second->name())));
  auto grant = Named<GrantSupportRequestRequest>(first->name());
  grant.set_amount("80.25");
  EXPECT_THAT(Call<SupportRequest>(grant, Officer("gongxinju")), Fails(kDenied, "NOT_DECIDER"));
  EXPECT_EQ(Call<SupportRequest>(grant, Officer("shangwuju"))->state(), SupportRequest::PARTLY_GRANTED);
  auto refuse = Named<RefuseSupportRequestRequest>(second->name());
  refuse.set_comment("指标不足");
  EXPECT_EQ(Call<SupportRequest>(refuse, Coordinator())->state(), SupportRequest::REFUSED);
  CountSupportRequestsRequest count;
  count.set_parent(kCity);
  const auto counted = Call<CountSupportRequestsResponse>(count, Coordinator());
  ASSERT_THAT(counted, IsOk());
  ASSERT_EQ(counted->rows_size(), 1);
  EXPECT_EQ(counted->rows(0).partly_granted(), 1);
  EXPECT_EQ(counted->rows(0).refused(), 1);
  EXPECT_EQ(counted->rows(0).amount(), "130.5");
  EXPECT_EQ(counted->rows(0).granted_amount(), "80.25");
  EXPECT_THAT(Call<google::protobuf::Empty>(Named<DeleteSupportRequestRequest>(first->name()), Officer("gongxinju")),
              Fails(kForbidden, "SUPPORT_DECIDED"));
}

TEST_F(RecordsTest, AnExtensionIsWithdrawnOrLapsesWithItsTask) {
  const Task task = InProgress();
  CreateExtensionRequestRequest create;
  create.set_parent(task.name());
  *create.mutable_extension()->mutable_due_date() = taskregistry::rules::ToDate(absl::CivilDay(2027, 3, 31));
  create.mutable_extension()->set_reason("审批未完成");
  const auto first = Call<ExtensionRequest>(create, Officer("gongxinju"));
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Pending(kCity, Coordinator()), ElementsAre(Pair(Work::DECIDE_EXTENSION, first->name())));
  EXPECT_THAT(Call<ExtensionRequest>(create, Officer("gongxinju")), Fails(kForbidden, "EXTENSION_PENDING"));
  const auto withdraw = Named<WithdrawExtensionRequestRequest>(first->name());
  EXPECT_THAT(Call<ExtensionRequest>(withdraw, Officer("gaizhou")), Fails(kDenied, "OTHER_UNIT"));
  ASSERT_THAT(Call<ExtensionRequest>(withdraw, Officer("gongxinju")), IsOk());
  EXPECT_THAT(Pending(kCity, Coordinator()), IsEmpty());
  const auto second = Call<ExtensionRequest>(create, Officer("gongxinju"));
  ASSERT_THAT(second, IsOk());
  auto cancel = Named<CancelTaskRequest>(task.name());
  cancel.set_reason("任务合并");
  EXPECT_THAT(Call<Task>(cancel, Officer("gongxinju")), Fails(kDenied, "ROLE_MISSING"));
  ASSERT_THAT(Call<Task>(cancel, Coordinator()), IsOk());
  const auto lapsed = Call<ExtensionRequest>(Named<GetExtensionRequestRequest>(second->name()), Coordinator());
  ASSERT_THAT(lapsed, IsOk());
  EXPECT_EQ(lapsed->state(), ExtensionRequest::LAPSED);
  EXPECT_THAT(Pending(kCity, Coordinator()), IsEmpty());
}

TEST_F(RecordsTest, ALeadSplitsATaskAndSteersItsParts) {
  const Task parent = InProgress();
  const auto lead = Officer("gongxinju");
  CreateTaskRequest create;
  create.set_parent(kCity);
  create.set_task_id("t1a");
  create.mutable_task()->set_plan(parent.plan());
  create.mutable_task()->set_parent_task(parent.name());
  create.mutable_task()->set_title("盖州部分");
  create.mutable_task()->set_report_frequency(Task::MONTHLY);
  AddDuty(*create.mutable_task(), Duty::LEAD, Unit("gaizhou"), "盖州市");
  *create.mutable_task()->mutable_due_date() = taskregistry::rules::ToDate(absl::CivilDay(2027, 1, 31));
  EXPECT_THAT(Call<Task>(create, lead), Fails(kBad, "DUE_AFTER_PARENT"));
  *create.mutable_task()->mutable_due_date() = taskregistry::rules::ToDate(absl::CivilDay(2026, 10, 31));
  EXPECT_THAT(Call<Task>(create, Officer("gaizhou")), Fails(kDenied, "NOT_LEAD"));
  const auto part = Call<Task>(create, lead);
  ASSERT_THAT(part, IsOk());
  EXPECT_EQ(part->number(), parent.number() + "-01");
  EXPECT_EQ(part->split_by(), Unit("gongxinju"));
  EXPECT_THAT(Pending(kCity, lead), Contains(Pair(Work::ISSUE, part->name())));
  EXPECT_THAT(Pending(kCity, Coordinator()), IsEmpty()) << "it is the lead's to steer";

  const auto issue = Named<IssueTaskRequest>(part->name());
  EXPECT_THAT(Call<Task>(issue, Officer("gaizhou")), Fails(kDenied, "ROLE_MISSING"));
  ASSERT_THAT(Call<Task>(issue, lead), IsOk());
  auto report = Named<ReportTaskCompletionRequest>(parent.name());
  report.set_summary("全部完成");
  EXPECT_THAT(Call<Task>(report, lead), Fails(kForbidden, "SUBTASKS_OPEN"));
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(part->name()), Officer("gaizhou")), IsOk());

  CreateProgressReportRequest progress;
  progress.set_parent(part->name());
  progress.mutable_report()->set_period("2026-03");
  progress.mutable_report()->set_percent(60);
  progress.mutable_report()->set_done("已完成六成");
  const auto made = Call<ProgressReport>(progress, Officer("gaizhou"));
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->recipient(), Unit("gongxinju"));
  EXPECT_THAT(Pending(kCity, lead), Contains(Pair(Work::ACCEPT_REPORT, made->name())));
  ASSERT_THAT(Call<ProgressReport>(Named<AcceptProgressReportRequest>(made->name()), lead), IsOk());
  EXPECT_EQ(GetTask(part->name(), lead)->percent(), 60);

  auto part_report = Named<ReportTaskCompletionRequest>(part->name());
  part_report.set_summary("完成");
  ASSERT_THAT(Call<Task>(part_report, Officer("gaizhou")), IsOk());
  EXPECT_THAT(Pending(kCity, lead), Contains(Pair(Work::DECIDE_COMPLETION, part->name())));
  ASSERT_THAT(Call<Task>(Named<CloseTaskRequest>(part->name()), lead), IsOk());
  ASSERT_THAT(Call<Task>(report, lead), IsOk());
  EXPECT_THAT(Call<Task>(Named<CloseTaskRequest>(parent.name()), lead), Fails(kDenied, "ROLE_MISSING"));
  ASSERT_THAT(Call<Task>(Named<CloseTaskRequest>(parent.name()), Coordinator()), IsOk());
  auto reopen = Named<ReopenTaskRequest>(part->name());
  reopen.set_reason("核查");
  EXPECT_THAT(Call<Task>(reopen, Supervisor()), Fails(kForbidden, "PARENT_NOT_OPEN"));
}

TEST_F(RecordsTest, WhatHappensToAParentHappensToItsParts) {
  const Task parent = InProgress();
  const auto lead = Officer("gongxinju");
  const auto split = [&](const std::string& id, const std::string& above, const std::string& unit,
                         const rpc::CallOptions& by) {
    CreateTaskRequest create;
    create.set_parent(kCity);
    create.set_task_id(id);
    create.mutable_task()->set_plan(parent.plan());
    create.mutable_task()->set_parent_task(absl::StrCat(kCity, "/tasks/", above));
    create.mutable_task()->set_title(id);
    create.mutable_task()->set_report_frequency(Task::MONTHLY);
    *create.mutable_task()->mutable_due_date() = taskregistry::rules::ToDate(absl::CivilDay(2026, 10, 31));
    AddDuty(*create.mutable_task(), Duty::LEAD, Unit(unit), "");
    return Call<Task>(create, by);
  };
  ASSERT_THAT(split("a", "t1", "gaizhou", lead), IsOk());
  ASSERT_THAT(split("b", "t1", "shangwuju", lead), IsOk());
  EXPECT_THAT(Call<Task>(Named<IssueTaskRequest>(absl::StrCat(kCity, "/tasks/b")), lead),
              Fails(kBad, "UNIT_NOT_BELOW"));
  ASSERT_THAT(Call<Task>(Named<IssueTaskRequest>(absl::StrCat(kCity, "/tasks/a")), lead), IsOk());
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(absl::StrCat(kCity, "/tasks/a")), Officer("gaizhou")), IsOk());
  ASSERT_THAT(split("aa", "a", "xiangzhen", Officer("gaizhou")), IsOk());
  ASSERT_THAT(Call<Task>(Named<IssueTaskRequest>(absl::StrCat(kCity, "/tasks/aa")), Officer("gaizhou")), IsOk());
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(absl::StrCat(kCity, "/tasks/aa")), Officer("xiangzhen")),
              IsOk());
  EXPECT_THAT(split("aaa", "aa", "xiangzhen", Officer("xiangzhen")), Fails(kForbidden, "TOO_DEEP"));

  const auto state = [&](const std::string& id) { return GetTask(absl::StrCat(kCity, "/tasks/", id), lead)->state(); };
  auto suspend = Named<SuspendTaskRequest>(parent.name());
  suspend.set_reason("政策调整");
  ASSERT_THAT(Call<Task>(suspend, Coordinator()), IsOk());
  EXPECT_EQ(state("a"), Task::SUSPENDED);
  EXPECT_EQ(state("aa"), Task::SUSPENDED);
  EXPECT_THAT(Call<Task>(Named<ResumeTaskRequest>(absl::StrCat(kCity, "/tasks/aa")), Officer("gaizhou")),
              Fails(kForbidden, "PARENT_NOT_OPEN"));
  ASSERT_THAT(Call<Task>(Named<ResumeTaskRequest>(parent.name()), Coordinator()), IsOk());
  EXPECT_EQ(state("a"), Task::IN_PROGRESS);
  EXPECT_EQ(state("aa"), Task::IN_PROGRESS);
  auto cancel = Named<CancelTaskRequest>(parent.name());
  cancel.set_reason("任务撤销");
  ASSERT_THAT(Call<Task>(cancel, Coordinator()), IsOk());
  for (const char* id : {"a", "aa", "b"}) EXPECT_EQ(state(id), Task::CANCELLED) << id;
  ListTasksRequest list;
  list.set_parent(kCity);
  list.set_filter(absl::StrCat("parent_task = \"", parent.name(), "\""));
  EXPECT_EQ(Call<ListTasksResponse>(list, lead)->tasks_size(), 2);
}

// What the caller may not see is in no total, of no record that is searchable.
TEST_F(RecordsTest, TasksAndPlansAreFoundByWhatTheySay) {
  CreatePlanAndTask();
  SearchTasksRequest tasks;
  tasks.set_parent("cities/-");
  tasks.set_query("產業 AND 状态:草稿");
  tasks.add_facets("state");
  const auto found = Call<search::v1::SearchResponse>(tasks, Coordinator());
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->total(), 1);
  EXPECT_EQ(found->found(0).title(), "强化产业对接合作");
  EXPECT_EQ(found->facets(0).counts(0).value(), "draft");
  EXPECT_EQ(Call<search::v1::SearchResponse>(tasks, TheirCoordinator())->total(), 0);
  tasks.set_query("单位:工信局");
  EXPECT_EQ(Call<search::v1::SearchResponse>(tasks, Coordinator())->total(), 1);
  ASSERT_THAT(Issue(found->found(0).hit().name()), IsOk());
  tasks.set_query("state:DRAFT");
  EXPECT_EQ(Call<search::v1::SearchResponse>(tasks, Coordinator())->total(), 0) << "a change is seen at once";
  SearchPlansRequest plans;
  plans.set_parent(kCity);
  plans.set_query("\"对口合作\"");
  EXPECT_EQ(Call<search::v1::SearchResponse>(plans, Coordinator())->total(), 1);
  plans.set_query("(对口");
  EXPECT_THAT(Call<search::v1::SearchResponse>(plans, Coordinator()), Fails(kBad, "QUERY_INVALID"));
  Restart();
  plans.set_query("实施方案");
  EXPECT_EQ(Call<search::v1::SearchResponse>(plans, Coordinator())->total(), 1);
}

}  // namespace
}  // namespace duikou::testing
