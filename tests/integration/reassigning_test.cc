// What becomes of reports, and of what is owed, when duties go from unit to unit, through the running service.
#include <string>

#include "common/follow/ended_unit.h"
#include "duikou/lookup/v1/lookup.pb.h"
#include "duikou/taskregistry/v1/supervision.pb.h"
#include "services/taskregistry/succession_flow.h"
#include "tests/integration/holidays.h"
#include "tests/integration/records_fixture.h"

namespace duikou::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

class ReassigningTest : public RecordsTest {
 protected:
  void SetDay(int year, int month, int day) { clock_.Set(StartOf(absl::CivilDay(year, month, day)) + absl::Hours(9)); }
  absl::StatusOr<ProgressReport> Report(const std::string& task, const std::string& period,
                                        const rpc::CallOptions& by) {
    CreateProgressReportRequest report;
    report.set_parent(task);
    report.mutable_report()->set_period(period);
    report.mutable_report()->set_percent(30);
    report.mutable_report()->set_done("已对接");
    return Call<ProgressReport>(report, by);
  }
  absl::StatusOr<Task> Reassign(const std::string& task, const std::string& duty, const std::string& unit) {
    auto reassign = Named<ReassignTaskRequest>(task);
    reassign.set_duty(duty);
    reassign.add_units(unit);
    return Call<Task>(reassign, Coordinator());
  }
  // An order that waits for the first lead's reply, by name.
  std::string OrderOn(const std::string& task) {
    CreateSupervisionOrderRequest draft;
    draft.set_parent(task);
    draft.set_order_id("o1");
    draft.mutable_order()->set_basis("领导批示");
    *draft.mutable_order()->mutable_deadline() = taskregistry::rules::ToDate(absl::CivilDay(2026, 4, 30));
    EXPECT_THAT(Call<SupervisionOrder>(draft, Supervisor()), IsOk());
    const std::string order = task + "/orders/o1";
    EXPECT_THAT(Call<SupervisionOrder>(Named<IssueSupervisionOrderRequest>(order), Supervisor()), IsOk());
    return order;
  }
  absl::StatusOr<SupervisionOrder> Reply(const std::string& order, const rpc::CallOptions& by) {
    auto reply = Named<ReplySupervisionOrderRequest>(order);
    reply.set_reply("正在整改。");
    return Call<SupervisionOrder>(reply, by);
  }
  // For land, by the lead, to be decided by 市商务局.
  absl::StatusOr<SupportRequest> Support(const std::string& task, const std::string& id) {
    CreateSupportRequestRequest support;
    support.set_parent(task);
    support.set_support_request_id(id);
    support.mutable_support_request()->set_kind(SupportRequest::LAND);
    support.mutable_support_request()->set_amount("200");
    support.mutable_support_request()->set_reason("项目用地");
    support.mutable_support_request()->set_decider(Unit("shangwuju"));
    return Call<SupportRequest>(support, Officer("gongxinju"));
  }
  void Close(const std::string& task) {
    auto completed = Named<ReportTaskCompletionRequest>(task);
    completed.set_summary("完成");
    EXPECT_THAT(Call<Task>(completed, Officer("gongxinju")), IsOk());
    EXPECT_THAT(Call<Task>(Named<CloseTaskRequest>(task), Coordinator()), IsOk());
  }
  absl::StatusOr<Task> Reopen(const std::string& task) {
    auto reopen = Named<ReopenTaskRequest>(task);
    reopen.set_reason("复查");
    return Call<Task>(reopen, Supervisor());
  }
  static std::string IdOf(const Task& task, const std::string& unit) {
    for (const Duty& duty : task.duties()) {
      if (duty.unit() == unit) return duty.id();
    }
    return "";
  }
  static std::string OwedBy(const Task& task, const std::string& unit) {
    for (const Duty& duty : task.duties()) {
      if (duty.unit() == unit) return duty.owed_period();
    }
    return "no duty";
  }
};

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

TEST_F(ReassigningTest, WhatAMergedUnitHasOpenGoesToItsSuccessor) {
  const Task task = InProgress();
  SetDay(2026, 4, 1);
  const auto report = Report(task.name(), "2026-03", Officer("dashiqiao"));
  ASSERT_THAT(report, IsOk());
  const std::string order = OrderOn(task.name());
  SetDay(2026, 5, 20);  // The lead has not reported on April.
  SuperviseTasksRequest day;
  day.set_parent(kCity);
  ASSERT_THAT(Call<SuperviseTasksResponse>(day, Supervisor()), IsOk());
  const auto before = Pending(kCity, Officer("gongxinju"));
  EXPECT_THAT(before, Contains(Pair(Work::REPLY_ORDER, order)));
  EXPECT_THAT(before, Contains(Pair(Work::ACCEPT_REPORT, report->name())));
  EXPECT_THAT(before, Contains(Pair(Work::READ_REMINDER, HasSubstr("/reminders/report-"))));
  ASSERT_THAT(
      Take(service_->store(),
           [](Txn& txn, store::Portion& portion) {
             return taskregistry::MoveDuties(txn, portion, Unit("gongxinju"), {{Unit("shangwuju"), "市商务局"}});
           }),
      IsOk());
  EXPECT_THAT(Pending(kCity, Officer("gongxinju")), IsEmpty());
  EXPECT_EQ(Pending(kCity, Officer("shangwuju")), before);
  const auto replied = Reply(order, Officer("shangwuju"));
  ASSERT_THAT(replied, IsOk());
  EXPECT_EQ(replied->unit_title(), "市商务局");
}

TEST_F(ReassigningTest, WhatWaitsAroundAMergedUnitGoesToItsSuccessor) {
  const Task task = InProgress();
  AddUnit(kCity, "succ", "市工业商务局");
  const auto asked = Support(task.name(), "s1"), taken_back = Support(task.name(), "s2");
  ASSERT_THAT(asked, IsOk());
  ASSERT_THAT(taken_back, IsOk());
  CreateExtensionRequestRequest extension;
  extension.set_parent(task.name());
  *extension.mutable_extension()->mutable_due_date() = taskregistry::rules::ToDate(absl::CivilDay(2027, 3, 31));
  extension.mutable_extension()->set_reason("对方延期");
  const auto extended = Call<ExtensionRequest>(extension, Officer("gongxinju"));
  ASSERT_THAT(extended, IsOk());
  EXPECT_THAT(Pending(kCity, Officer("shangwuju")), Contains(Pair(Work::DECIDE_SUPPORT, asked->name())));
  for (const char* merged : {"shangwuju", "gongxinju"}) {
    ASSERT_THAT(Take(service_->store(),
                     [&](Txn& txn, store::Portion& portion) {
                       return taskregistry::MoveDuties(txn, portion, Unit(merged), {{Unit("succ"), "市工业商务局"}});
                     }),
                IsOk());
  }
  EXPECT_THAT(Pending(kCity, Officer("shangwuju")), IsEmpty());
  EXPECT_THAT(Pending(kCity, Officer("succ")), Contains(Pair(Work::DECIDE_SUPPORT, asked->name())));
  const auto granted = Call<SupportRequest>(Named<GrantSupportRequestRequest>(asked->name()), Officer("succ"));
  ASSERT_THAT(granted, IsOk());
  EXPECT_EQ(granted->unit_title(), "市工业商务局");
  EXPECT_EQ(granted->decider_title(), "市工业商务局");
  EXPECT_THAT(Call<google::protobuf::Empty>(Named<DeleteSupportRequestRequest>(taken_back->name()), Officer("succ")),
              IsOk());
  EXPECT_THAT(Call<ExtensionRequest>(Named<WithdrawExtensionRequestRequest>(extended->name()), Officer("succ")),
              IsOk());
}

TEST_F(ReassigningTest, WhatASplitUnitWasToDecideWaitsForTheCoordinator) {
  const Task task = InProgress();
  const auto asked = Support(task.name(), "s1");
  ASSERT_THAT(asked, IsOk());
  EXPECT_THAT(Pending(kCity, Coordinator()), Not(Contains(Pair(Work::DECIDE_SUPPORT, asked->name()))));
  ASSERT_THAT(Take(service_->store(),
                   [](Txn& txn, store::Portion& portion) {
                     return taskregistry::MoveDuties(
                         txn, portion, Unit("shangwuju"),
                         {{Unit("gaizhou"), "盖州市政府"}, {Unit("dashiqiao"), "大石桥市政府"}});
                   }),
              IsOk());
  EXPECT_THAT(Pending(kCity, Coordinator()), Contains(Pair(Work::DECIDE_SUPPORT, asked->name())));
  EXPECT_THAT(Call<SupportRequest>(Named<GrantSupportRequestRequest>(asked->name()), Coordinator()), IsOk());
}

TEST_F(ReassigningTest, WhatASplitUnitHadSplitOffIsTheCoordinatorsToSteer) {
  const Task task = InProgress();
  const auto part = SplitOff(task.name(), "t1a", Unit("gaizhou"), Officer("gongxinju"));
  ASSERT_THAT(part, IsOk());
  ASSERT_THAT(Call<Task>(Named<IssueTaskRequest>(part->name()), Officer("gongxinju")), IsOk());
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(part->name()), Officer("gaizhou")), IsOk());
  SetDay(2026, 4, 1);
  const auto report = Report(part->name(), "2026-03", Officer("gaizhou"));
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->recipient(), Unit("gongxinju"));
  ASSERT_THAT(Take(service_->store(),
                   [](Txn& txn, store::Portion& portion) {
                     return taskregistry::MoveDuties(
                         txn, portion, Unit("gongxinju"),
                         {{Unit("shangwuju"), "市商务局"}, {Unit("dashiqiao"), "大石桥市政府"}});
                   }),
              IsOk());
  EXPECT_THAT(Pending(kCity, Coordinator()), Contains(Pair(Work::ACCEPT_REPORT, report->name())));
  EXPECT_THAT(Call<ProgressReport>(Named<AcceptProgressReportRequest>(report->name()), Coordinator()), IsOk());
  auto completed = Named<ReportTaskCompletionRequest>(part->name());
  completed.set_summary("完成");
  ASSERT_THAT(Call<Task>(completed, Officer("gaizhou")), IsOk());
  EXPECT_THAT(Pending(kCity, Coordinator()), Contains(Pair(Work::DECIDE_COMPLETION, part->name())));
  EXPECT_THAT(Call<Task>(Named<CloseTaskRequest>(part->name()), Coordinator()), IsOk());
}

TEST_F(ReassigningTest, AReopenedTaskIsOfWhoCameAfterItsUnits) {
  const Task task = InProgress();
  SetDay(2026, 4, 1);
  const auto report = Report(task.name(), "2026-03", Officer("dashiqiao"));
  ASSERT_THAT(report, IsOk());
  Close(task.name());
  AddUnit(kCity, "b", "市工商局");
  AddUnit(kCity, "succ", "市工业商务局");
  const auto merge = [&](const std::string& unit, const std::string& into) {
    books_->units[Unit(unit)].set_state(directory::v1::Unit::MERGED);
    books_->units[Unit(unit)].add_successors(Unit(into));
    const std::string title = books_->units[Unit(into)].title();
    EXPECT_THAT(Take(service_->store(),
                     [&](Txn& txn, store::Portion& portion) {
                       return taskregistry::MoveDuties(txn, portion, Unit(unit), {{Unit(into), title}});
                     }),
                IsOk());
  };
  merge("gongxinju", "b");
  merge("b", "succ");
  EXPECT_EQ(GetTask(task.name(), Coordinator())->duties(0).unit(), Unit("gongxinju")) << "what is over keeps the name";
  const auto reopened = Reopen(task.name());
  ASSERT_THAT(reopened, IsOk());
  EXPECT_EQ(reopened->state(), Task::IN_PROGRESS);
  EXPECT_EQ(reopened->duties(0).unit(), Unit("succ"));
  EXPECT_EQ(reopened->duties(0).unit_title(), "市工业商务局");
  EXPECT_THAT(Pending(kCity, Officer("succ")), Contains(Pair(Work::ACCEPT_REPORT, report->name())));
  auto completed = Named<ReportTaskCompletionRequest>(task.name());
  completed.set_summary("完成");
  EXPECT_THAT(Call<Task>(completed, Officer("succ")), IsOk());
}

TEST_F(ReassigningTest, AReopenedTaskOfASplitUnitWaitsToBeReassigned) {
  const Task task = InProgress();
  Close(task.name());
  directory::v1::Unit& lead = books_->units[Unit("gongxinju")];
  lead.set_state(directory::v1::Unit::SPLIT);
  lead.add_successors(Unit("shangwuju"));
  lead.add_successors(Unit("gaizhou"));
  ASSERT_THAT(Reopen(task.name()), IsOk());
  EXPECT_THAT(Pending(kCity, Coordinator()), Contains(Pair(Work::REASSIGN, task.name())));
}

TEST_F(ReassigningTest, WhatADeletedUnitOwedWaitsToBeReassigned) {
  const Task task = InProgress();
  const auto asked = Support(task.name(), "s1");
  ASSERT_THAT(asked, IsOk());
  const auto books = std::make_shared<FakeDirectory::Books>();
  books->units[Unit("dashiqiao")] = directory::v1::Unit();
  books->call = [&](const google::protobuf::Message& request, google::protobuf::Message* response) {
    for (const std::string& name : static_cast<const lookup::v1::BatchGetRecordsRequest&>(request).names()) {
      auto* record = static_cast<lookup::v1::BatchGetRecordsResponse*>(response)->add_records();
      record->set_found(books->units.contains(name));
      if (record->found()) record->mutable_record()->PackFrom(books->units[name]);
    }
    return absl::OkStatus();
  };
  FakeDirectory peers(books);
  const auto deleted = [](const std::string& name) {
    log::v1::Change change;
    change.set_kind(log::v1::ChangeHeader::DELETED);
    change.set_name(name);
    return change;
  };
  for (const char* id : {"gaizhou", "shangwuju"}) {
    const auto ended = follow::EndedUnitOf(peers, deleted(Unit(id)));
    ASSERT_THAT(ended, IsOk());
    ASSERT_TRUE(ended->has_value());
    EXPECT_EQ((*ended)->name, Unit(id));
    EXPECT_THAT((*ended)->successors, IsEmpty());
    ASSERT_THAT(Take(service_->store(),
                     [&](Txn& txn, store::Portion& portion) {
                       return taskregistry::MoveDuties(txn, portion, (*ended)->name, {});
                     }),
                IsOk());
  }
  const auto pending = Pending(kCity, Coordinator());
  EXPECT_THAT(pending, Contains(Pair(Work::REASSIGN, task.name())));
  EXPECT_THAT(pending, Contains(Pair(Work::DECIDE_SUPPORT, asked->name())));
  EXPECT_THAT(Reassign(task.name(), IdOf(task, Unit("gaizhou")), Unit("duikouban")), IsOk());

  EXPECT_FALSE(follow::EndedUnitOf(peers, deleted(absl::StrCat(kCity, "/holidayYears/2026")))->has_value());
  EXPECT_FALSE(follow::EndedUnitOf(peers, deleted(Unit("dashiqiao")))->has_value()) << "created again since";
  auto merged = deleted(Unit("dashiqiao"));
  merged.set_kind(log::v1::ChangeHeader::UPDATED);
  merged.set_action("MergeUnits");
  directory::v1::Unit unit;
  unit.set_name(merged.name());
  unit.add_successors(Unit("duikouban"));
  merged.mutable_record()->PackFrom(unit);
  EXPECT_FALSE(follow::EndedUnitOf(peers, merged)->has_value()) << "deleted and created again since";
  books->units[merged.name()] = unit;
  ASSERT_TRUE(follow::EndedUnitOf(peers, merged)->has_value());
  EXPECT_EQ(follow::EndedUnitOf(peers, merged)->value().successors.front().name, Unit("duikouban"));
  books->call = nullptr;
  EXPECT_TRUE(absl::IsUnavailable(follow::EndedUnitOf(peers, deleted(Unit("gaizhou"))).status()))
      << "asked again later";
}

TEST_F(ReassigningTest, AReopenedTaskOfADeletedUnitWaitsToBeReassigned) {
  const Task task = InProgress();
  Close(task.name());
  books_->units.erase(Unit("gongxinju"));
  ASSERT_THAT(Reopen(task.name()), IsOk());
  EXPECT_THAT(Pending(kCity, Coordinator()), Contains(Pair(Work::REASSIGN, task.name())));
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
