// Single records: storing, changing, removing, unique fields, references, and who sees them.
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "duikou/directory/v1/account.pb.h"
#include "duikou/directory/v1/city.pb.h"
#include "duikou/directory/v1/partnership.pb.h"
#include "duikou/directory/v1/unit.pb.h"
#include "tests/contract/store_fixture.h"

namespace duikou::store {
namespace {

using duikou::directory::v1::City;
using duikou::directory::v1::Partnership;
using duikou::directory::v1::Session;
using duikou::directory::v1::Unit;
using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::type::v1::Access;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kExists = absl::StatusCode::kAlreadyExists;
constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;

class StoreRecords : public StoreContract {
 protected:
  // An empty store of other types.
  absl::Status OpenAnew(const std::vector<const google::protobuf::Descriptor*>& resources) {
    const std::string folder = folder_ + "/directory";
    std::filesystem::create_directory(folder);
    Store::Options options = Options();
    options.path = GetParam().new_place(folder);
    options.state_directory = folder;
    ASSIGN_OR_RETURN(store_, Store::Open(std::move(options), resources));
    return absl::OkStatus();
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, StoreRecords, ::testing::ValuesIn(StoreKinds()), NameOfKind);

TEST_P(StoreRecords, InsertedIsRead) {
  const auto stored = Insert(PlanOf("p1"));
  ASSERT_THAT(stored, IsOk());
  EXPECT_FALSE(stored->etag().empty());
  EXPECT_EQ(stored->create_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_EQ(stored->update_time().SerializeAsString(), stored->create_time().SerializeAsString());
  const auto read = Get<Plan>(stored->name());
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->SerializeAsString(), stored->SerializeAsString());
  EXPECT_TRUE(absl::IsNotFound(Get<Plan>("cities/210800/plans/p2").status()));
  EXPECT_TRUE(absl::IsNotFound(Get<Plan>("cities/320700/plans/p1").status()));
  EXPECT_TRUE(absl::IsNotFound(Get<Plan>("not a name").status()));
}

TEST_P(StoreRecords, ANameIsTakenOnce) {
  ASSERT_THAT(Insert(PlanOf("p1")), IsOk());
  EXPECT_THAT(Insert(PlanOf("p1")), Fails(kExists, "ALREADY_EXISTS"));
  Plan nameless = PlanOf("p2");
  nameless.set_name("cities/210800/plans/");
  EXPECT_THAT(Insert(nameless), Fails(kBad, "FIELD_INVALID"));
}

TEST_P(StoreRecords, AnUpdateKeepsItsCreationAndChangesTheEtag) {
  const Plan stored = *Insert(PlanOf("p1"));
  clock_.Advance(absl::Hours(1));
  Plan changed = stored;
  changed.set_title("新题目");
  const auto updated = Update(changed, stored.etag());
  ASSERT_THAT(updated, IsOk());
  EXPECT_NE(updated->etag(), stored.etag());
  EXPECT_EQ(updated->create_time().seconds(), stored.create_time().seconds());
  EXPECT_EQ(updated->update_time().seconds(), stored.create_time().seconds() + 3600);
  EXPECT_EQ(Get<Plan>(stored.name())->title(), "新题目");
}

TEST_P(StoreRecords, AStaleEtagChangesNothing) {
  const Plan first = *Insert(PlanOf("p1"));
  Plan changed = first;
  changed.set_title("甲");
  ASSERT_THAT(Update(changed, first.etag()), IsOk());
  changed.set_title("乙");
  EXPECT_EQ(ReasonOf(Update(changed, first.etag()).status()), "ETAG_STALE");
  EXPECT_EQ(ReasonOf(Delete<Plan>(first.name(), first.etag())), "ETAG_STALE");
  EXPECT_EQ(Get<Plan>(first.name())->title(), "甲");
  EXPECT_THAT(Update(changed), IsOk()) << "without an etag whatever is there";
  EXPECT_TRUE(absl::IsNotFound(Update(PlanOf("p9")).status()));
}

TEST_P(StoreRecords, DeletedIsGoneAndItsNameFree) {
  const Plan stored = *Insert(PlanOf("p1"));
  ASSERT_THAT(Delete<Plan>(stored.name(), stored.etag()), IsOk());
  EXPECT_TRUE(absl::IsNotFound(Get<Plan>(stored.name()).status()));
  EXPECT_TRUE(absl::IsNotFound(Delete<Plan>(stored.name())));
  EXPECT_THAT(Insert(PlanOf("p1")), IsOk());
}

TEST_P(StoreRecords, UniqueWithinCityAndType) {
  Plan one = PlanOf("p1"), two = PlanOf("p2"), elsewhere = PlanOf("p1", "320700");
  for (Plan* plan : {&one, &two, &elsewhere}) plan->set_external_id("OA-1");
  ASSERT_THAT(Insert(one), IsOk());
  EXPECT_THAT(Insert(two), Fails(kExists, "ALREADY_EXISTS"));
  EXPECT_THAT(Insert(elsewhere), IsOk()) << "another city's";
  two.clear_external_id();
  ASSERT_THAT(Insert(two), IsOk());
  ASSERT_THAT(Insert(PlanOf("p3")), IsOk()) << "absent ones do not clash";
  two.set_external_id("OA-1");
  EXPECT_THAT(Update(two), Fails(kExists, "ALREADY_EXISTS"));
  EXPECT_EQ(Get<Plan>(two.name())->external_id(), "");
  one.set_external_id("OA-2");
  ASSERT_THAT(Update(one), IsOk());
  EXPECT_THAT(Update(two), IsOk()) << "freed by the change of the other";
}

TEST_P(StoreRecords, ANumberStandsForItsName) {
  const Plan plan = *Insert(PlanOf("p1"));
  const auto read = Get<Plan>("cities/210800/plans/YK-2026-p1");
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->name(), plan.name());
  EXPECT_TRUE(absl::IsNotFound(Get<Plan>("cities/320700/plans/YK-2026-p1").status()));
  Task task = TaskOf("t1", plan);
  task.set_plan("cities/210800/plans/YK-2026-p1");
  EXPECT_EQ(Insert(task)->plan(), plan.name()) << "references are kept by id";
  ASSERT_THAT(Delete<Task>("cities/210800/tasks/YK-2026-p1-t1"), IsOk());
  EXPECT_TRUE(absl::IsNotFound(Get<Task>(task.name()).status()));
  ASSERT_THAT(Insert(task), IsOk());
  ProgressReport report;
  report.set_name(task.name() + "/reports/r1");
  report.set_task(task.name());
  ASSERT_THAT(Insert(report), IsOk());
  const std::string numbered = "cities/210800/tasks/YK-2026-p1-t1";
  EXPECT_EQ(Get<ProgressReport>(numbered + "/reports/r1")->name(), report.name()) << "also of the record above";
  EXPECT_THAT(*ListNames<ProgressReport>({.parent = numbered}), ElementsAre(report.name()));
  EXPECT_THAT(*ListNames<ProgressReport>({.parent = "cities/210800/tasks/YK-2026-p1-t2"}), ::testing::IsEmpty());
  Plan twin = PlanOf("p2");
  twin.set_number(plan.number());
  EXPECT_THAT(Insert(twin), Fails(kExists, "ALREADY_EXISTS"));
}

TEST_P(StoreRecords, ReferencesExist) {
  const Plan plan = *Insert(PlanOf("p1"));
  Task task = TaskOf("t1", plan);
  task.set_plan("cities/210800/plans/none");
  const auto refused = Insert(task);
  EXPECT_THAT(refused, Fails(kBad, "REFERENCE_UNKNOWN"));
  EXPECT_THAT(BadFields(refused.status()), ElementsAre("task.plan"));
  Task good = *Insert(TaskOf("t1", plan));
  good.set_plan("cities/210800/plans/none");
  EXPECT_THAT(Update(good), Fails(kBad, "REFERENCE_UNKNOWN"));
}

TEST_P(StoreRecords, ATitleIsThatOfWhenTheReferenceWasMade) {
  ASSERT_THAT(OpenAnew({City::descriptor(), Partnership::descriptor()}), IsOk());
  for (const auto& [name, title] : {std::pair("cities/210800", "营口"), std::pair("cities/320700", "连云港")}) {
    City city;
    city.set_name(name);
    city.set_title(title);
    ASSERT_THAT(Insert(city), IsOk());
  }
  Partnership made;
  made.set_name("cities/210800/partnerships/p1");
  made.add_members()->set_city("cities/210800");
  const auto stored = Insert(made);
  ASSERT_THAT(stored, IsOk());
  EXPECT_EQ(stored->members(0).city_title(), "营口");
  City renamed = *Get<City>("cities/210800");
  renamed.set_title("营口市");
  ASSERT_THAT(Update(renamed), IsOk());
  Partnership changed = *stored;
  changed.mutable_members(0)->clear_city_title();
  changed.add_members()->set_city("cities/320700");
  const auto updated = Update(changed);
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->members(0).city_title(), "营口") << "as of then";
  EXPECT_EQ(updated->members(1).city_title(), "连云港");
}

TEST_P(StoreRecords, WhatIsReferredToStays) {
  const Plan plan = *Insert(PlanOf("p1"));
  const Task task = *Insert(TaskOf("t1", plan));
  const absl::Status refused = Delete<Plan>(plan.name());
  EXPECT_THAT(refused, Fails(kForbidden, "RECORD_REFERRED"));
  EXPECT_NE(FactsOf(refused).text.zh.find(task.name()), std::string::npos);
  ProgressReport report;
  report.set_name(task.name() + "/reports/r1");
  report.set_task(task.name());
  report.set_period("2026-03");
  ASSERT_THAT(Insert(report), IsOk());
  EXPECT_THAT(Delete<Task>(task.name()), Fails(kForbidden, "RECORD_REFERRED")) << "what lies below it";
  ASSERT_THAT(Delete<ProgressReport>(report.name()), IsOk());
  ASSERT_THAT(Delete<Task>(task.name()), IsOk());
  EXPECT_THAT(Delete<Plan>(plan.name()), IsOk());
}

TEST_P(StoreRecords, AReferenceThatNobodyAsksByHoldsToo) {
  const Plan above = *Insert(PlanOf("p1"));
  Plan below = PlanOf("p2");
  below.set_parent_plan(above.name());
  ASSERT_THAT(Insert(below), IsOk());
  EXPECT_THAT(Delete<Plan>(above.name()), Fails(kForbidden, "RECORD_REFERRED"));
  ASSERT_THAT(Delete<Plan>(below.name()), IsOk());
  EXPECT_THAT(Delete<Plan>(above.name()), IsOk());
}

TEST_P(StoreRecords, ACityStaysWithWhatLiesInIt) {
  ASSERT_THAT(OpenAnew({City::descriptor(), Unit::descriptor(), Session::descriptor()}), IsOk());
  for (const char* name : {"cities/210800", "cities/2108000", "cities/320700"}) {
    City city;
    city.set_name(name);
    ASSERT_THAT(Insert(city), IsOk());
  }
  Unit unit;
  unit.set_name("cities/210800/units/fgw");
  ASSERT_THAT(Insert(unit), IsOk());
  const absl::Status refused = Delete<City>("cities/210800");
  EXPECT_THAT(refused, Fails(kForbidden, "RECORD_REFERRED"));
  EXPECT_THAT(FactsOf(refused).text.zh, HasSubstr(unit.name()));
  for (const char* empty : {"cities/2108000", "cities/320700"}) EXPECT_THAT(Delete<City>(empty), IsOk());
  ASSERT_THAT(Delete<Unit>(unit.name()), IsOk());
  Session session;
  session.set_name("cities/210800/accounts/wang/sessions/s1");
  ASSERT_THAT(Insert(session), IsOk());
  EXPECT_THAT(Delete<City>("cities/210800"), IsOk()) << "what is confined holds nobody up";
}

TEST_P(StoreRecords, WhatAnotherCityRefersToStays) {
  const Plan plan = *Insert(PlanOf("p1"));
  Task theirs = TaskOf("t1", PlanOf("p1", "320700"));
  theirs.set_plan(plan.name());
  WriteJob job = JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Task task, txn.Insert(theirs));
    return task.name();
  });
  job.city = "320700";
  ASSERT_THAT(store_->WriteAndWait(std::move(job)), IsOk());
  const absl::Status refused = Delete<Plan>(plan.name());
  EXPECT_THAT(refused, Fails(kForbidden, "RECORD_REFERRED"));
  EXPECT_NE(FactsOf(refused).text.zh.find("cities/320700"), std::string::npos);
  EXPECT_EQ(FactsOf(refused).text.zh.find(theirs.name()), std::string::npos) << "which of theirs is their business";
  ASSERT_THAT(Delete<Task>(theirs.name()), IsOk());
  EXPECT_THAT(Delete<Plan>(plan.name()), IsOk());
}

TEST_P(StoreRecords, WhatOneMayNotSeeIsNotNamedWhereItRefers) {
  const Plan plan = *Insert(PlanOf("p1"));
  Task task = TaskOf("t1", plan);
  task.mutable_access()->set_disclosure(Access::RESTRICTED);
  ASSERT_THAT(Insert(task), IsOk());
  const auto refusal = [&](const Caller& caller) {
    WriteJob job = JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
      RETURN_IF_ERROR(txn.Delete<Plan>(plan.name()));
      return std::string();
    });
    job.caller = std::make_shared<const Caller>(caller);
    const absl::Status refused = store_->WriteAndWait(std::move(job)).status();
    EXPECT_THAT(refused, Fails(kForbidden, "RECORD_REFERRED"));
    return FactsOf(refused).text.zh;
  };
  EXPECT_THAT(refusal(Coordinator()), HasSubstr(task.name()));
  EXPECT_THAT(refusal(Officer("cities/210800/units/a")), AllOf(HasSubstr("cities/210800"), Not(HasSubstr("tasks"))));
}

TEST_P(StoreRecords, WhatOneMayNotSeeDoesNotExist) {
  Plan restricted = PlanOf("p1"), open = PlanOf("p2"), shared = PlanOf("p3");
  restricted.mutable_access()->set_disclosure(Access::RESTRICTED);
  open.mutable_access()->set_disclosure(Access::PUBLIC);
  shared.mutable_access()->set_sharing(Access::CONDITIONAL);
  shared.mutable_access()->add_shared_with("cities/320700");
  for (const Plan& plan : {restricted, open, shared}) ASSERT_THAT(Insert(plan), IsOk());
  const Caller coordinator = Coordinator(), officer = Officer("cities/210800/units/a"), anonymous,
               partner = PersonOf("320700", coordinator.roles), stranger = PersonOf("440300", coordinator.roles);
  const struct {
    const Caller& caller;
    bool restricted, open, shared;
  } cases[] = {{coordinator, true, true, true},
               {officer, false, true, true},
               {partner, false, true, true},
               {stranger, false, true, false},
               {anonymous, false, true, false}};
  const std::string missing = "cities/210800/plans/p9";
  for (const auto& one : cases) {
    std::vector<std::string> expected;
    for (const auto& [plan, seen] :
         {std::pair(&restricted, one.restricted), std::pair(&open, one.open), std::pair(&shared, one.shared)}) {
      const auto read = Get<Plan>(plan->name(), one.caller);
      EXPECT_EQ(read.ok(), seen) << one.caller.name << " " << plan->name();
      if (seen) {
        expected.push_back(plan->name());
        continue;
      }
      const ErrorFacts hidden = FactsOf(read.status()), absent = FactsOf(Get<Plan>(missing, one.caller).status());
      EXPECT_TRUE(absl::IsNotFound(read.status()));
      EXPECT_EQ(hidden.reason, absent.reason);
      EXPECT_EQ(absl::StrReplaceAll(hidden.text.zh, {{plan->name(), missing}}), absent.text.zh);
    }
    EXPECT_EQ(*ListNames<Plan>({.parent = "cities/210800"}, one.caller), expected) << one.caller.name;
  }
}

TEST_P(StoreRecords, AReportIsSeenWithItsTask) {
  Task task = TaskOf("t1", *Insert(PlanOf("p1")));
  task.mutable_access()->set_disclosure(Access::RESTRICTED);
  Task::Duty* duty = task.add_duties();
  duty->set_kind(Task::Duty::LEAD);
  duty->set_unit("cities/210800/units/a");
  ASSERT_THAT(Insert(task), IsOk());
  ProgressReport report;
  report.set_name(task.name() + "/reports/r1");
  report.set_task(task.name());
  ASSERT_THAT(Insert(report), IsOk());
  EXPECT_THAT(Get<ProgressReport>(report.name(), Officer("cities/210800/units/a")), IsOk());
  EXPECT_TRUE(absl::IsNotFound(Get<ProgressReport>(report.name(), Officer("cities/210800/units/b")).status()));
  task.mutable_access()->set_disclosure(Access::PUBLIC);
  ASSERT_THAT(Update(task), IsOk());
  EXPECT_THAT(Get<ProgressReport>(report.name(), Caller()), IsOk());
}

}  // namespace
}  // namespace duikou::store
