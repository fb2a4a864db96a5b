// Cities brought from each engine to each, backup and restore, while the source is in use; and what is refused.
#include "common/archive/archive.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "common/base/error.h"
#include "common/store/postgres/postgres_engine.h"
#include "common/store/sqlite/sqlite_engine.h"
#include "tests/contract/store_fixture.h"

namespace duikou::store {
namespace {

using archive::CopiedCity;
using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kOther[] = "320700";

std::vector<const google::protobuf::Descriptor*> Resources() {
  return {Plan::descriptor(), Task::descriptor(), ProgressReport::descriptor(),
          taskregistry::v1::ExtensionRequest::descriptor()};
}

class ArchiveTest : public StoreContract {
 protected:
  // Two cities with records that were changed and removed, numbers and an answered request.
  void Fill() {
    for (const char* city : {kCity, kOther}) {
      Plan plan = *Insert(PlanOf("p1", city));
      for (int i = 0; i < 700; ++i) {
        Task task = TaskOf(absl::StrCat("t", i), plan);
        task.add_duties()->set_unit(absl::StrCat("cities/", city, "/units/u", i % 3));
        ASSERT_THAT(Insert(task), IsOk());
      }
      plan.set_title("改过的题目");
      ASSERT_THAT(Update(plan), IsOk());
      ASSERT_THAT(Delete<Task>(absl::StrCat("cities/", city, "/tasks/t7")), IsOk());
      ASSERT_THAT(Write([&](Txn& txn) { return txn.NextNumber(city, "plan/2026").status(); }), IsOk());
    }
    ASSERT_EQ(*Replay(), "first");
  }
  // Answers "first" once, and then again what was answered.
  absl::StatusOr<std::string> Replay() {
    WriteJob job = JobOf([this](Txn&) -> absl::StatusOr<std::string> { return replays_++ == 0 ? "first" : "second"; });
    job.request = RequestKey{.city = kCity, .request_id = "r1", .scope = "12345678", .body_hash = std::string(16, 'b')};
    return store_->WriteAndWait(std::move(job));
  }
  // Goes on with another store, and the contract's means look into it.
  void MoveTo(const std::string& place) {
    store_.reset();
    place_ = place;
    std::filesystem::remove(folder_ + "/heads.log");
    ASSERT_THAT(Open(), IsOk());
  }
  std::vector<std::string> Places() {
    std::vector<std::string> places;
    for (const StoreKind& kind : StoreKinds()) {
      const std::string folder = absl::StrCat(folder_, "/to-", kind.name);
      std::filesystem::create_directories(folder);
      places.push_back(kind.new_place(folder));
    }
    return places;
  }
  // What a store has of a city, as texts to compare.
  std::vector<std::string> Everything(const std::string& city) {
    std::vector<std::string> all;
    const auto log = store_->ReadLog(city, 0, 100000);
    EXPECT_THAT(log, IsOk());
    for (const LogEntry& entry : *log) {
      all.push_back(absl::StrCat(entry.sequence, entry.type, entry.name, entry.header, entry.hash, entry.salt,
                                 entry.message, entry.previous));
    }
    const std::string parent = "cities/" + city;
    const std::string by_unit = absl::StrCat("duties.unit = \"", parent, "/units/u1\"");
    const auto tasks = ListNames<Task>({.parent = parent}, service_),
               plans = ListNames<Plan>({.parent = parent}, service_),
               of_unit = ListNames<Task>({.parent = parent, .filter = by_unit}, service_);
    for (const std::string& name : *tasks) all.push_back(Get<Task>(name, service_)->SerializeAsString());
    for (const std::string& name : *plans) all.push_back(Get<Plan>(name, service_)->SerializeAsString());
    all.insert(all.end(), of_unit->begin(), of_unit->end());
    return all;
  }

  // Behind the back of a store of SQLite, which is closed.
  static void Tamper(const std::string& file, const std::vector<std::string>& statements) {
    auto engine = OpenSqlite(file);
    ASSERT_THAT(engine, IsOk());
    auto connection = (*engine)->OpenWriter();
    ASSERT_THAT(connection, IsOk());
    for (const std::string& statement : statements) {
      ASSERT_THAT((*connection)->Execute(Sql::Once(statement), {}), IsOk());
    }
  }

  const Caller service_{.kind = Caller::Kind::kService, .name = "services/archive"};
  int replays_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, ArchiveTest, ::testing::ValuesIn(StoreKinds()), NameOfKind);

TEST_P(ArchiveTest, CitiesMoveToEachEngineWhole) {
  Fill();
  const std::string source = place_;
  const auto here = Everything(kCity), there = Everything(kOther);
  const std::vector<std::string> places = Places();
  std::vector<CopiedCity> told;
  for (const std::string& place : places) {
    const auto copied = archive::Copy(
        {.from = source, .to = place, .progress = [&](const CopiedCity& city) { told.push_back(city); }}, Resources());
    ASSERT_THAT(copied, IsOk());
    ASSERT_EQ(copied->size(), 2U);
    EXPECT_EQ(copied->front().city, kCity);
    EXPECT_EQ(copied->front().records, 700);
    EXPECT_EQ(copied->front().entries, 703);
  }
  EXPECT_EQ(told.size(), 2 * places.size());
  for (const std::string& place : places) {
    MoveTo(place);
    EXPECT_EQ(Everything(kCity), here);
    EXPECT_EQ(Everything(kOther), there);
    EXPECT_EQ(*Replay(), "first") << "answers come along";
    int64_t number = 0;
    ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                  ASSIGN_OR_RETURN(number, txn.NextNumber(kCity, "plan/2026"));
                  return absl::OkStatus();
                }),
                IsOk());
    EXPECT_EQ(number, 2) << "counters go on";
    EXPECT_THAT(Insert(PlanOf("new")), IsOk());
    EXPECT_EQ(store_->ReadLog(kCity, 703, 10)->size(), 1U) << "and so does the log";
  }
}

TEST_P(ArchiveTest, OneCityJoinsOthers) {
  Fill();
  const auto expected = Everything(kOther);
  const std::string source = place_, target = folder_ + "/joined.db";
  ASSERT_THAT(archive::Copy({.from = source, .to = target, .cities = {kCity}}, Resources()), IsOk());
  EXPECT_THAT(archive::Copy({.from = source, .to = target, .cities = {kCity}}, Resources()),
              Fails(absl::StatusCode::kFailedPrecondition, "CITY_PRESENT"));
  ASSERT_THAT(archive::Copy({.from = source, .to = target, .cities = {kOther}}, Resources()), IsOk());
  const auto unknown = archive::Copy({.from = source, .to = target, .cities = {"999999"}}, Resources());
  EXPECT_THAT(unknown, Fails(absl::StatusCode::kInvalidArgument, "CITY_UNKNOWN"));
  EXPECT_THAT(BadFields(unknown.status()), ElementsAre("city"));
  MoveTo(target);
  EXPECT_EQ(Everything(kOther), expected);
}

TEST_P(ArchiveTest, ABackupIsOneMomentOfAStoreInUse) {
  Fill();
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; !stop.load(); ++i) EXPECT_THAT(Insert(PlanOf(absl::StrCat("w", i))), IsOk());
  });
  const std::string file = folder_ + "/one.backup";
  const auto copied = archive::Backup(place_, file, Resources());
  stop.store(true);
  writer.join();
  ASSERT_THAT(copied, IsOk());
  EXPECT_FALSE(std::filesystem::exists(file + ".partial"));
  EXPECT_THAT(archive::Backup(place_, file, Resources()), Fails(absl::StatusCode::kInvalidArgument, "FILE_EXISTS"));
  const ListQuery all{.parent = "cities/210800", .page_size = 1000};
  const std::string token = List<Plan>({.parent = "cities/210800", .page_size = 1}, service_)->next_page_token;
  for (const std::string& place : Places()) {
    const auto restored = archive::Restore(file, place, Resources());
    ASSERT_THAT(restored, IsOk());
    EXPECT_EQ(restored->front().head, copied->front().head);
    MoveTo(place);
    EXPECT_EQ(store_->ReadLog(kCity, 0, 100000)->size(), static_cast<size_t>(copied->front().entries));
    EXPECT_EQ(ListNames<Task>(all, service_)->size(), 699U);
    EXPECT_THAT(List<Plan>({.parent = "cities/210800", .page_size = 1, .page_token = token}, service_), IsOk())
        << "page tokens keep their meaning";
  }
}

TEST_P(ArchiveTest, AStoreThatHasRecordsIsNotRestoredInto) {
  Fill();
  const std::string source = place_, file = folder_ + "/one.backup", all = folder_ + "/all.backup";
  ASSERT_THAT(archive::Backup(place_, all, Resources()), IsOk());
  const std::string only_one = folder_ + "/one.db";
  ASSERT_THAT(archive::Copy({.from = source, .to = only_one, .cities = {kCity}}, Resources()), IsOk());
  ASSERT_THAT(archive::Backup(only_one, file, Resources()), IsOk());
  for (const std::string& target : Places()) {
    ASSERT_THAT(archive::Copy({.from = source, .to = target, .cities = {kOther}}, Resources()), IsOk());
    MoveTo(target);
    const auto expected = Everything(kOther);
    const ListQuery one{.parent = absl::StrCat("cities/", kOther), .page_size = 1};
    const std::string token = List<Task>(one, service_)->next_page_token;
    store_.reset();
    for (const std::string& backup : {file, all}) {
      EXPECT_THAT(archive::Restore(backup, target, Resources()),
                  Fails(absl::StatusCode::kFailedPrecondition, "STORE_NOT_EMPTY"));
    }
    MoveTo(target);
    EXPECT_EQ(Everything(kOther), expected);
    EXPECT_THAT(*ListNames<Plan>({.parent = absl::StrCat("cities/", kCity)}, service_), ElementsAre());
    ListQuery next = one;
    next.page_token = token;
    EXPECT_THAT(List<Task>(next, service_), IsOk()) << "its own tokens keep their meaning";
    store_.reset();
  }
}

TEST_P(ArchiveTest, WhatACutCopyLeftIsReplaced) {
  Fill();
  const auto expected = Everything(kCity);
  for (const std::string& target : Places()) {
    // Rows without a head, as a copy leaves them that is killed before its end.
    ASSERT_THAT(archive::Copy({.from = place_, .to = target, .cities = {kCity}}, Resources()), IsOk());
    {
      auto engine = IsPostgresUrl(target) ? OpenPostgres(target) : OpenSqlite(target);
      ASSERT_THAT(engine, IsOk());
      auto connection = (*engine)->OpenWriter();
      ASSERT_THAT(connection, IsOk());
      ASSERT_THAT((*connection)->Begin(), IsOk());
      ASSERT_THAT((*connection)->Execute(Sql("DELETE FROM heads"), {}), IsOk());
      ASSERT_THAT((*connection)->Execute(Sql("DELETE FROM changes WHERE sequence > 400"), {}), IsOk());
      ASSERT_THAT((*connection)->Commit(), IsOk());
    }
    ASSERT_THAT(archive::Copy({.from = place_, .to = target, .cities = {kCity}}, Resources()), IsOk());
    const std::string source = place_;
    MoveTo(target);
    EXPECT_EQ(Everything(kCity), expected);
    MoveTo(source);
  }
}

TEST_P(ArchiveTest, ASourceThatDoesNotHoldTogetherIsRefused) {
  if (std::string(GetParam().name) != "Sqlite") return;  // It is tampered with through SQLite.
  Fill();
  const std::string whole = folder_ + "/whole.backup", file = folder_ + "/bad.backup";
  ASSERT_THAT(archive::Backup(place_, whole, Resources()), IsOk());
  const std::string other = "message = CAST(replace(CAST(message AS TEXT), '任务', '任勿') AS BLOB)";
  const struct {
    const char* what;
    std::vector<std::string> statements;
    const char* told;
  } kCases[] = {
      {"a header", {"UPDATE changes SET header = header || x'00' WHERE sequence = 300"}, "300"},
      {"a record, and the log with it",
       {absl::StrCat("UPDATE r_task SET ", other, " WHERE id = 't298'"),
        absl::StrCat("UPDATE changes SET ", other, " WHERE sequence = 300")},
       "entry 300 is not what"},
      {"what a record was",
       {"UPDATE changes SET message = CAST(replace(CAST(message AS TEXT), '方案', '方安') AS BLOB) WHERE sequence = 1"},
       "entry 1 is not what"},
      {"whose change it was", {"UPDATE changes SET name = name || 'x' WHERE sequence = 1"}, "entry 1 is not what"},
      {"what a record was, taken away",
       {"UPDATE changes SET message = x'', salt = x'' WHERE sequence = 1"},
       "plans/p1"},
      {"a record alone", {absl::StrCat("UPDATE r_task SET ", other, " WHERE id = 't298'")}, "tasks/t298"},
      {"a record that is lost",
       {"DELETE FROM r_task WHERE city = '210800' AND id = 't298'"},
       "tasks/t298 is not there"},
      {"a record as it was before",
       {"UPDATE r_plan SET version = 1, message = (SELECT message FROM changes WHERE city = '210800' AND sequence = 1) "
        "WHERE city = '210800'"},
       "plans/p1 is not what"},
      {"a record that was deleted",
       {"INSERT INTO r_task (city, id, version, message) SELECT city, 't7', sequence, message FROM changes "
        "WHERE city = '210800' AND sequence = 9"},
       "tasks/t7 is not what"},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.what);
    const std::string tampered = absl::StrCat(folder_, "/", test.what, ".db");
    std::filesystem::copy_file(whole, tampered);
    Tamper(tampered, test.statements);
    const auto copied = archive::Backup(tampered, file, Resources());
    EXPECT_EQ(copied.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(copied.status().message()), HasSubstr(test.told));
    EXPECT_FALSE(std::filesystem::exists(file));
    EXPECT_FALSE(std::filesystem::exists(file + ".partial"));
  }
}

TEST(Archive, WhatIsNoStoreIsSaid) {
  const std::string folder = ::testing::TempDir();
  const std::string text = folder + "/no-store.txt";
  std::ofstream(text) << "not a database, and long enough to be looked at as one: " << std::string(5000, 'x');
  EXPECT_FALSE(archive::Backup(text, folder + "/x.backup", Resources()).ok());
  EXPECT_THAT(archive::Backup(folder + "/absent.db", folder + "/x.backup", Resources()),
              Fails(absl::StatusCode::kInvalidArgument, "STORE_INVALID"));
  EXPECT_FALSE(std::filesystem::exists(folder + "/absent.db")) << "looking makes nothing";
  EXPECT_THAT(archive::Copy({.from = text, .to = text}, Resources()),
              Fails(absl::StatusCode::kInvalidArgument, "STORE_INVALID"));
}

}  // namespace
}  // namespace duikou::store
