// What becomes of the work of units that are merged, split and deleted, through the running service.
#include <string>

#include "common/follow/ended_unit.h"
#include "duikou/lookup/v1/lookup.pb.h"
#include "services/taskregistry/succession_flow.h"
#include "tests/integration/holidays.h"
#include "tests/integration/reassigning_fixture.h"

namespace duikou::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

class SuccessionTest : public ReassigningTest {};

TEST_F(SuccessionTest, WhatAMergedUnitHasOpenGoesToItsSuccessor) {
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

TEST_F(SuccessionTest, WhatWaitsAroundAMergedUnitGoesToItsSuccessor) {
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

TEST_F(SuccessionTest, WhatASplitUnitWasToDecideWaitsForTheCoordinator) {
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

TEST_F(SuccessionTest, WhatASplitUnitHadSplitOffIsTheCoordinatorsToSteer) {
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

TEST_F(SuccessionTest, AReopenedTaskIsOfWhoCameAfterItsUnits) {
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

TEST_F(SuccessionTest, AReopenedTaskOfASplitUnitWaitsToBeReassigned) {
  const Task task = InProgress();
  Close(task.name());
  directory::v1::Unit& lead = books_->units[Unit("gongxinju")];
  lead.set_state(directory::v1::Unit::SPLIT);
  lead.add_successors(Unit("shangwuju"));
  lead.add_successors(Unit("gaizhou"));
  ASSERT_THAT(Reopen(task.name()), IsOk());
  EXPECT_THAT(Pending(kCity, Coordinator()), Contains(Pair(Work::REASSIGN, task.name())));
}

TEST_F(SuccessionTest, WhatADeletedUnitOwedWaitsToBeReassigned) {
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

TEST_F(SuccessionTest, AReopenedTaskOfADeletedUnitWaitsToBeReassigned) {
  const Task task = InProgress();
  Close(task.name());
  books_->units.erase(Unit("gongxinju"));
  ASSERT_THAT(Reopen(task.name()), IsOk());
  EXPECT_THAT(Pending(kCity, Coordinator()), Contains(Pair(Work::REASSIGN, task.name())));
}

}  // namespace
}  // namespace duikou::testing
