// What becomes of reports, and of what is owed, when duties go from unit to unit, through the running service.
#include <string>

#include "tests/integration/reassigning_fixture.h"

namespace duikou::testing {
namespace {

using ::testing::Contains;
using ::testing::Not;
using ::testing::Pair;

TEST_F(ReassigningTest, ReportsOfTheOtherUnitsStillCount) {
  const Task task = InProgress();
  SetDay(2026, 6, 1);
  for (const char* period : {"2026-04", "2026-05"})
    ASSERT_THAT(Report(task.name(), period, Officer("gongxinju")), IsOk());
  const auto reassigned = Reassign(task.name(), IdOf(task, Unit("gaizhou")), Unit("shangwuju"));
  ASSERT_THAT(reassigned, IsOk());
  EXPECT_EQ(OwedBy(*reassigned, Unit("gongxinju")), "2026-06");
  EXPECT_EQ(OwedBy(*reassigned, Unit("dashiqiao")), "2026-04");
  EXPECT_EQ(OwedBy(*reassigned, Unit("shangwuju")), "2026-07") << "what begins after it was given the duty";
}

TEST_F(ReassigningTest, ReportsThatWaitGoToTheNewFirstLead) {
  const Task task = InProgress();
  SetDay(2026, 4, 1);
  const auto report = Report(task.name(), "2026-03", Officer("dashiqiao"));
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->recipient(), Unit("gongxinju"));
  ASSERT_THAT(Reassign(task.name(), IdOf(task, Unit("gongxinju")), Unit("shangwuju")), IsOk());
  const auto accept = Named<AcceptProgressReportRequest>(report->name());
  EXPECT_THAT(Call<ProgressReport>(accept, Officer("gongxinju")),
              Fails(absl::StatusCode::kPermissionDenied, "NOT_RECIPIENT"));
  EXPECT_THAT(Call<ProgressReport>(accept, Officer("shangwuju")), IsOk());
}

TEST_F(ReassigningTest, OrdersWaitForTheNewFirstLead) {
  const Task task = InProgress();
  const std::string order = OrderOn(task.name());
  const auto reassigned = Reassign(task.name(), IdOf(task, Unit("gongxinju")), Unit("shangwuju"));
  ASSERT_THAT(reassigned, IsOk());
  EXPECT_THAT(Pending(kCity, Officer("gongxinju")), Not(Contains(Pair(Work::REPLY_ORDER, order))));
  EXPECT_THAT(Pending(kCity, Officer("shangwuju")), Contains(Pair(Work::REPLY_ORDER, order)));
  EXPECT_THAT(Reply(order, Officer("gongxinju")), Fails(absl::StatusCode::kPermissionDenied, "NOT_ADDRESSEE"));
  const auto replied = Reply(order, Officer("shangwuju"));
  ASSERT_THAT(replied, IsOk());
  EXPECT_EQ(replied->unit_title(), "市商务局");

  ASSERT_THAT(Reassign(task.name(), IdOf(*reassigned, Unit("shangwuju")), Unit("gongxinju")), IsOk());
  auto give_back = Named<ReturnSupervisionOrderRequest>(order);
  EXPECT_EQ(Call<SupervisionOrder>(Named<GetSupervisionOrderRequest>(order), Supervisor())->unit(), Unit("shangwuju"))
      << "who replied";
  give_back.set_reason("请补充");
  const auto returned = Call<SupervisionOrder>(give_back, Supervisor());
  ASSERT_THAT(returned, IsOk());
  EXPECT_EQ(returned->unit(), Unit("gongxinju"));
  EXPECT_THAT(Reply(order, Officer("gongxinju")), IsOk());
}

TEST_F(ReassigningTest, OrdersGoToAFirstLeadOfAnotherCityOnceItIsAssigned) {
  const Task task = InProgress();
  const std::string order = OrderOn(task.name());
  const auto asked = Reassign(task.name(), IdOf(task, Unit("gongxinju")), Theirs("gongxinju"));
  ASSERT_THAT(asked, IsOk());
  EXPECT_THAT(Reply(order, TheirOfficer("gongxinju")), Fails(absl::StatusCode::kPermissionDenied, "NOT_A_PARTY"))
      << "it leads nothing until its city has taken it on";
  auto take_on = Named<TakeOnDutyRequest>(task.name());
  take_on.set_duty(IdOf(*asked, Theirs("gongxinju")));
  take_on.add_units(Theirs("gongxinju"));
  ASSERT_THAT(Call<Task>(take_on, TheirCoordinator()), IsOk());
  EXPECT_THAT(Reply(order, TheirOfficer("gongxinju")), IsOk());
}

TEST_F(ReassigningTest, AUnitOfAnotherCityOwesFromTheDayItIsAssigned) {
  const Task task = IssuedAcross();
  auto take_on = Named<TakeOnDutyRequest>(task.name());
  take_on.set_duty(IdOf(task, Theirs("fagaiwei")));
  take_on.add_units(Theirs("fagaiwei"));
  const auto taken = Call<Task>(take_on, TheirCoordinator());
  ASSERT_THAT(taken, IsOk());
  EXPECT_EQ(OwedBy(*taken, Theirs("fagaiwei")), "2026-04");
  SetDay(2026, 6, 1);
  auto assign = Named<AssignDutyRequest>(task.name());
  assign.set_duty(IdOf(*taken, Theirs("fagaiwei")));
  assign.add_units(Theirs("gongxinju"));
  const auto assigned = Call<Task>(assign, TheirCoordinator());
  ASSERT_THAT(assigned, IsOk());
  EXPECT_EQ(OwedBy(*assigned, Theirs("gongxinju")), "2026-07");
  const auto asked = Reassign(task.name(), IdOf(*assigned, Theirs("gongxinju")), Theirs("fagaiwei"));
  ASSERT_THAT(asked, IsOk());
  EXPECT_EQ(OwedBy(*asked, Theirs("fagaiwei")), "") << "not before its city has taken it on";
}

TEST_F(ReassigningTest, ADraftThatWasRecalledGoesWithWhatCameOfIt) {
  CreatePlanAndTask();
  const std::string task = absl::StrCat(kCity, "/tasks/t1");
  ASSERT_THAT(Issue(task), IsOk());
  SetDay(2026, 4, 1);
  const auto report = Report(task, "2026-03", Officer("gongxinju"));
  ASSERT_THAT(report, IsOk());
  CreateExtensionRequestRequest extension;
  extension.set_parent(task);
  *extension.mutable_extension()->mutable_due_date() = taskregistry::rules::ToDate(absl::CivilDay(2027, 3, 31));
  extension.mutable_extension()->set_reason("对方延期");
  ASSERT_THAT(Call<ExtensionRequest>(extension, Officer("gongxinju")), IsOk());
  CreateSupervisionOrderRequest order;
  order.set_parent(task);
  order.mutable_order()->set_basis("领导批示");
  ASSERT_THAT(Call<SupervisionOrder>(order, Supervisor()), IsOk());
  SuperviseTasksRequest day;
  day.set_parent(kCity);
  ASSERT_THAT(Call<SuperviseTasksResponse>(day, Supervisor()), IsOk());
  ListRemindersRequest reminders;
  reminders.set_parent(task);
  ASSERT_FALSE(Call<ListRemindersResponse>(reminders, Coordinator())->reminders().empty()) << "nobody acknowledged it";

  auto recall = Named<RecallTaskRequest>(task);
  recall.set_reason("重新拟定");
  ASSERT_THAT(Call<Task>(recall, Coordinator()), IsOk());
  EXPECT_THAT(Pending(kCity, Coordinator()), Not(Contains(Pair(Work::ACCEPT_REPORT, report->name()))));
  EXPECT_THAT(Call<ProgressReport>(Named<AcceptProgressReportRequest>(report->name()), Coordinator()),
              Fails(absl::StatusCode::kFailedPrecondition, "TASK_STATE_FORBIDS"));
  EXPECT_EQ(GetTask(task, Coordinator())->percent(), 0);
  EXPECT_THAT(Call<google::protobuf::Empty>(Named<DeleteTaskRequest>(task), Coordinator()), IsOk());
  EXPECT_THAT(Call<ProgressReport>(Named<GetProgressReportRequest>(report->name()), Coordinator()),
              Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
}

// A lead that acknowledged it and split it may have been replaced by one that did not.
TEST_F(ReassigningTest, ATaskIsNotRecalledFromAboveItsParts) {
  ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  auto request = TaskRequest();
  AddDuty(*request.mutable_task(), Duty::LEAD, Unit("shangwuju"), "市商务局");
  ASSERT_THAT(Call<Task>(request, Coordinator()), IsOk());
  const auto issued = Issue(absl::StrCat(kCity, "/tasks/t1"));
  ASSERT_THAT(issued, IsOk());
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(issued->name()), Officer("gongxinju")), IsOk());
  const auto part = SplitOff(issued->name(), "t1a", Unit("gaizhou"), Officer("gongxinju"));
  ASSERT_THAT(part, IsOk());
  ASSERT_THAT(Call<Task>(Named<IssueTaskRequest>(part->name()), Officer("gongxinju")), IsOk());
  ASSERT_THAT(Reassign(issued->name(), IdOf(*issued, Unit("gongxinju")), Unit("duikouban")), IsOk());
  auto recall = Named<RecallTaskRequest>(issued->name());
  recall.set_reason("重新拟定");
  EXPECT_THAT(Call<Task>(recall, Coordinator()), Fails(absl::StatusCode::kFailedPrecondition, "SUBTASKS_OPEN"));
  auto cancel = Named<CancelTaskRequest>(part->name());
  cancel.set_reason("重新拟定");
  ASSERT_THAT(Call<Task>(cancel, Officer("gongxinju")), IsOk());
  EXPECT_THAT(Call<Task>(recall, Coordinator()), IsOk());
}

TEST_F(ReassigningTest, AFirstLeadOfAnotherCityAnswersForTheTask) {
  ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  auto request = TaskRequest();
  request.mutable_task()->mutable_duties(0)->set_unit(Theirs("gongxinju"));
  ASSERT_THAT(Call<Task>(request, Coordinator()), IsOk());
  const auto issued = Issue(absl::StrCat(kCity, "/tasks/t1"));
  ASSERT_THAT(issued, IsOk());
  auto take_on = Named<TakeOnDutyRequest>(issued->name());
  take_on.set_duty(IdOf(*issued, Theirs("gongxinju")));
  take_on.add_units(Theirs("gongxinju"));
  ASSERT_THAT(Call<Task>(take_on, TheirCoordinator()), IsOk());
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(issued->name()), TheirOfficer("gongxinju")), IsOk());

  SetDay(2026, 4, 1);
  const auto lead = TheirOfficer("gongxinju");
  const auto report = Report(issued->name(), "2026-03", Officer("dashiqiao"));
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->recipient(), Theirs("gongxinju"));
  const auto accept = Named<AcceptProgressReportRequest>(report->name());
  EXPECT_THAT(Call<ProgressReport>(accept, TheirOfficer("fagaiwei")),
              Fails(absl::StatusCode::kPermissionDenied, "NOT_RECIPIENT"));
  EXPECT_THAT(Call<ProgressReport>(accept, lead), IsOk());

  EXPECT_THAT(Reply(OrderOn(issued->name()), lead), IsOk());
}

}  // namespace
}  // namespace duikou::testing
