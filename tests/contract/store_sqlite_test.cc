// The embedded engine: reopening, back-fill of derived tables, the lock, and a log that was tampered with.
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "tests/contract/store_fixture.h"

namespace duikou::store {
namespace {

using duikou::testing::IsOk;

class StoreSqlite : public StoreContract {
 protected:
  std::string Path() const { return folder_ + "/store.db"; }

  // Changes the closed store's file behind its back.
  void Tamper(const std::string& sql) {
    ASSERT_EQ(store_, nullptr) << "close the store first";
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(Path().c_str(), &database), SQLITE_OK);
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << (error ? error : "");
    sqlite3_free(error);
    EXPECT_EQ(sqlite3_close(database), SQLITE_OK);
  }

  // More than the back-fill takes at a time.
  void InsertManyTasks() {
    ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                  ASSIGN_OR_RETURN(const Plan plan, txn.Insert(PlanOf("p1")));
                  for (int i = 0; i < kTasks; ++i) {
                    Task task = TaskOf(absl::StrFormat("t%04d", i), plan);
                    task.set_state(i % 2 == 0 ? Task::ISSUED : Task::CLOSED);
                    task.mutable_due_date()->set_year(2026);
                    task.mutable_due_date()->set_month(1 + i % 12);
                    task.mutable_due_date()->set_day(1);
                    task.add_duties()->set_unit(absl::StrCat("cities/210800/units/u", i % 3));
                    RETURN_IF_ERROR(txn.Insert(task).status());
                  }
                  return absl::OkStatus();
                }),
                IsOk());
  }
  size_t Count(const std::string& filter) {
    return ListNames<Task>({.parent = "cities/210800", .filter = filter, .page_size = 1000}).value().size();
  }
  void ExpectAllFound() {
    EXPECT_EQ(Count("state = ISSUED"), kTasks / 2U);
    EXPECT_EQ(Count("due_date >= \"2026-07-01\""), kTasks / 2U);
    EXPECT_EQ(Count("duties.unit = \"cities/210800/units/u1\""), kTasks / 3U);
    EXPECT_THAT(Get<Task>("cities/210800/tasks/YK-2026-p1-t0007"), IsOk());
  }

  static constexpr int kTasks = 1200;
};
INSTANTIATE_TEST_SUITE_P(Engine, StoreSqlite, ::testing::Values(SqliteKind()), NameOfKind);

// While the only connection for reading is taken, what needs one waits.
TEST_P(StoreSqlite, WhatWasWrittenIsAnsweredFromMemory) {
  Store::Options options = Options();
  options.readers = 1;
  store_.reset();
  auto store = OpenStore(std::move(options));
  ASSERT_THAT(store, IsOk());
  store_ = *std::move(store);
  const Plan plan = *Insert(PlanOf("p1"));
  Plan gone = *Insert(PlanOf("p2"));
  Plan changed = plan;
  changed.add_goals()->set_year(2026);
  // In one transaction, so that the last of several entries counts.
  ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                ASSIGN_OR_RETURN(gone, txn.Update(gone));
                RETURN_IF_ERROR(txn.Delete<Plan>(gone.name()));
                ASSIGN_OR_RETURN(changed, txn.Update(changed));
                changed.add_goals()->set_year(2027);
                ASSIGN_OR_RETURN(changed, txn.Update(changed));
                return absl::OkStatus();
              }),
              IsOk());
  const schema::ResourceType& type = *store_->schema().ByType("plan");
  std::atomic<bool> answered{false};
  std::thread reader;
  ASSERT_THAT(store_->Read(Coordinator(), {},
                           [&](const View&) -> absl::Status {
                             reader = std::thread([&] {
                               const auto cached = store_->GetCached(type, plan.name());
                               EXPECT_TRUE(cached.ok() && *cached != nullptr);
                               EXPECT_EQ((*cached)->bytes, changed.SerializeAsString());
                               answered = true;
                             });
                             for (int i = 0; i < 1000 && !answered; ++i) absl::SleepFor(absl::Milliseconds(10));
                             EXPECT_TRUE(answered.load()) << "without a transaction";
                             return absl::OkStatus();
                           }),
              IsOk());
  reader.join();
  EXPECT_EQ(*store_->GetCached(type, gone.name()), nullptr);
}

TEST_P(StoreSqlite, EverythingIsThereAfterReopening) {
  InsertManyTasks();
  const ListQuery query{.parent = "cities/210800", .page_size = 10};
  ListQuery next = query;
  next.page_token = List<Task>(query)->next_page_token;
  const std::string second_page = List<Task>(next)->items[0].name();
  ASSERT_THAT(Reopen(), IsOk());
  ExpectAllFound();
  EXPECT_EQ(List<Task>(next)->items[0].name(), second_page) << "tokens outlive a restart";
  const auto plan = Insert(PlanOf("p2"));
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->etag(), absl::StrCat(kTasks + 2)) << "the log goes on where it ended";
}

TEST_P(StoreSqlite, AClosedStoreIsOneFile) {
  ASSERT_THAT(Insert(PlanOf("p1")), IsOk());
  ASSERT_TRUE(std::filesystem::exists(Path() + "-wal"));
  ASSERT_THAT(store_->Read(Coordinator(), {}, [](const View&) { return absl::OkStatus(); }), IsOk());
  store_.reset();
  EXPECT_FALSE(std::filesystem::exists(Path() + "-wal")) << "a copy of the file alone would be an older store";
}

TEST_P(StoreSqlite, TheLogStaysShortWhileThereIsAlwaysAReader) {
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        EXPECT_THAT(store_->Read(Coordinator(), {},
                                 [](const View&) {
                                   absl::SleepFor(absl::Milliseconds(2));
                                   return absl::OkStatus();
                                 }),
                    IsOk());
      }
    });
  }
  constexpr uintmax_t kPlanBytes = 100'000;
  constexpr int kPlans = 300;
  uintmax_t longest = 0;
  for (int i = 0; i < kPlans; ++i) {
    Plan plan = PlanOf(absl::StrCat("p", i));
    plan.set_title(std::string(kPlanBytes, 'x'));
    EXPECT_THAT(Insert(plan), IsOk());
    longest = std::max(longest, std::filesystem::file_size(Path() + "-wal"));
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_LT(longest, kPlans * kPlanBytes / 2) << "each plan is written twice, in its row and in the change log";
}

TEST_P(StoreSqlite, AChangedShapeFillsColumnsAndSideTablesAnew) {
  InsertManyTasks();
  store_.reset();
  Tamper(
      "UPDATE kernel_meta SET value = x'6f6c64' WHERE name = 'shape/task';"
      "UPDATE r_task SET f_state = 0;"
      "DELETE FROM task__duties;");
  ASSERT_THAT(Open(), IsOk());
  ExpectAllFound();
}

TEST_P(StoreSqlite, AnUnchangedShapeIsNotFilledAgain) {
  InsertManyTasks();
  store_.reset();
  Tamper("UPDATE r_task SET f_state = 0;");
  ASSERT_THAT(Open(), IsOk());
  EXPECT_EQ(Count("state = ISSUED"), 0U) << "the derived columns are what is asked, and nobody wrote them";
}

TEST_P(StoreSqlite, ANewlyIndexedFieldGetsItsColumn) {
  InsertManyTasks();
  store_.reset();
  Tamper(
      "UPDATE kernel_meta SET value = x'6f6c64' WHERE name = 'shape/task';"
      "DROP INDEX i_task_due_date;"
      "ALTER TABLE r_task DROP COLUMN f_due_date;"
      "DROP TABLE task__duties;");
  ASSERT_THAT(Open(), IsOk());
  ExpectAllFound();
  Task task = *Get<Task>("cities/210800/tasks/t0000");
  task.set_state(Task::CLOSED);
  ASSERT_THAT(Update(task), IsOk()) << "and goes on being written";
  EXPECT_EQ(Count("state = ISSUED"), kTasks / 2U - 1);
}

TEST_P(StoreSqlite, OneProcessAloneHasTheFile) {
  const auto second = Store::Open(Options(), {Plan::descriptor()});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition) << second.status();
  EXPECT_THAT(Insert(PlanOf("p1")), IsOk()) << "the first goes on";
  EXPECT_THAT(Reopen(), IsOk()) << "and leaves the lock when it goes";
}

TEST_P(StoreSqlite, AFileThatIsNoStoreIsRefused) {
  store_.reset();
  std::filesystem::remove(Path() + "-wal");
  std::filesystem::resize_file(Path(), 4096 + 17);
  FILE* file = fopen(Path().c_str(), "r+b");
  ASSERT_NE(file, nullptr);
  fputs("this was a database once", file);
  fclose(file);
  EXPECT_FALSE(Open().ok());
}

TEST_P(StoreSqlite, ALogThatWasCutBackIsFoundOut) {
  ASSERT_THAT(Insert(PlanOf("p1")), IsOk());
  store_.reset();
  const std::string older = folder_ + "/older.db";
  std::filesystem::copy_file(Path(), older);
  ASSERT_THAT(Open(), IsOk());
  ASSERT_THAT(Insert(PlanOf("p2")), IsOk());
  store_.reset();  // Signs the head at sequence 2.
  std::filesystem::remove(Path() + "-wal");
  std::filesystem::remove(Path() + "-shm");
  std::filesystem::rename(older, Path());
  const absl::Status status = Open();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_NE(status.message().find("cities/210800"), std::string::npos) << status;
}

TEST_P(StoreSqlite, ALogThatWasRewrittenIsFoundOut) {
  ASSERT_THAT(Insert(PlanOf("p1")), IsOk());
  store_.reset();
  Tamper("UPDATE changes SET hash = zeroblob(32) WHERE city = '210800' AND sequence = 1;");
  EXPECT_EQ(Open().code(), absl::StatusCode::kDataLoss);
}

TEST_P(StoreSqlite, SignedHeadsHold) {
  ASSERT_THAT(Insert(PlanOf("p1")), IsOk());
  const auto head = store_->SignedHead("210800");
  ASSERT_THAT(head, IsOk());
  EXPECT_EQ(head->sequence(), 1);
  EXPECT_EQ(head->hash(), store_->ReadLog("210800", 0, 1)->at(0).hash);
  EXPECT_TRUE(crypto::VerifySignature(head->public_key(), SignedText(*head), head->signature()));
  auto forged = *head;
  forged.set_sequence(2);
  EXPECT_FALSE(crypto::VerifySignature(head->public_key(), SignedText(forged), head->signature()));
  ASSERT_THAT(Reopen(), IsOk());
  EXPECT_EQ(store_->SignedHead("210800")->public_key(), head->public_key()) << "the key stays";
}

}  // namespace
}  // namespace duikou::store
