// The PostgreSQL engine: starting, migrations that race or are killed, what goes out together, and texts.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/notification.h"
#include "tests/contract/postgres_fixture.h"

namespace duikou::store {
namespace {

using duikou::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::Not;

INSTANTIATE_TEST_SUITE_P(Engine, StorePostgres, ::testing::Values(PostgresKind()), NameOfKind);

TEST_P(StorePostgres, AnErrorAtStartSaysWhatToDo) {
  const auto error = [](const std::string& url) { return std::string(OpenStore({.path = url}).status().message()); };
  EXPECT_THAT(error(PostgresTestServer::Url("postgres", "/tmp/nowhere")), HasSubstr("cannot reach PostgreSQL"));
  EXPECT_THAT(error("postgres://duikou:geheim@127.0.0.1:1/x"),
              ::testing::AllOf(HasSubstr("start it"), Not(HasSubstr("geheim"))));
  EXPECT_THAT(error(Server().Url("no_such_database")), HasSubstr("createdb"));
  EXPECT_THAT(error("postgres://nobody@/postgres?host=" + Server().socket_folder()),
              HasSubstr("check user and password"));
  EXPECT_THAT(error("postgres://duikou:ge%heim@x/y"),
              ::testing::AllOf(HasSubstr("--store is no PostgreSQL address"), Not(HasSubstr("heim"))));
  for (const char* name : {"DATABASE ascii_only", "DATABASE not_mine", "ROLE guest"}) {
    Server().Run("postgres", absl::StrCat("DROP ", absl::StrReplaceAll(name, {{" ", " IF EXISTS "}})));
  }
  Server().Run("postgres", "CREATE DATABASE ascii_only ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
  EXPECT_THAT(error(Server().Url("ascii_only")), HasSubstr("createdb -E UTF8"));
  Server().Run("postgres", "CREATE ROLE guest LOGIN");
  Server().Run("postgres", "CREATE DATABASE not_mine");
  EXPECT_THAT(error("postgres://guest@/not_mine?host=" + Server().socket_folder()), HasSubstr("OWNER"));
}

TEST_P(StorePostgres, ReplicasMayCreateTheTablesAtOnce) {
  for (int round = 0; round < 3; ++round) {
    place_ = Server().NewDatabase();
    std::vector<std::unique_ptr<Store>> stores(4);
    std::vector<std::thread> threads;
    for (size_t i = 0; i < stores.size(); ++i) {
      threads.emplace_back([&, i] { stores[i] = Replica(absl::StrCat("replica", round, i)); });
    }
    for (std::thread& thread : threads) thread.join();
    for (size_t i = 0; i < stores.size(); ++i) {
      ASSERT_NE(stores[i], nullptr);
      EXPECT_THAT(InsertNumbered(*stores[i], absl::StrCat("p", i)), IsOk());
      EXPECT_EQ(stores[i]->tokens().Make("question", {Value(std::string("x"))}),
                stores[0]->tokens().Make("question", {Value(std::string("x"))}))
          << "a page token of one is read by all";
    }
    store_ = std::move(stores[0]);
    EXPECT_EQ(CheckedLog().size(), stores.size());
  }
}

TEST_P(StorePostgres, AMigrationMayBeKilledAtAnyStatement) {
  ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                ASSIGN_OR_RETURN(const Plan plan, txn.Insert(PlanOf("p1")));
                for (int i = 0; i < 1200; ++i) {
                  Task task = TaskOf(absl::StrFormat("t%04d", i), plan);
                  task.set_state(i % 2 == 0 ? Task::ISSUED : Task::CLOSED);
                  task.add_duties()->set_unit(absl::StrCat("cities/210800/units/u", i % 3));
                  RETURN_IF_ERROR(txn.Insert(task).status());
                }
                return absl::OkStatus();
              }),
              IsOk());
  const auto count = [&](const std::string& filter) {
    return ListNames<Task>({.parent = "cities/210800", .filter = filter, .page_size = 1000})->size();
  };
  const std::string database = DatabaseName();
  for (int round = 0; round < 3; ++round) {
    store_.reset();
    Server().Run(database,
                 "UPDATE kernel_meta SET value = 'old' WHERE name LIKE 'shape/%';"
                 "UPDATE r_task SET f_state = 0; DROP INDEX i_task_due_date; ALTER TABLE r_task DROP COLUMN f_due_date;"
                 "DROP TABLE task__duties;");
    std::atomic<bool> over{false};
    std::thread killer([&] {
      while (!over.load()) {
        Server().Terminate(database);
        absl::SleepFor(absl::Milliseconds(3 + 10 * round));
      }
    });
    std::thread end([&] {
      absl::SleepFor(absl::Milliseconds(700));
      over.store(true);
    });
    absl::Status opened;
    do {
      opened = Open();
    } while (!opened.ok() || !over.load());
    end.join();
    killer.join();
    ASSERT_THAT(Open(), IsOk());
    EXPECT_EQ(count("state = ISSUED"), 600U);
    EXPECT_EQ(count("duties.unit = \"cities/210800/units/u1\""), 400U);
    EXPECT_EQ(count("due_date >= \"2026-01-01\""), 0U);
  }
  EXPECT_EQ(CheckedLog().size(), 1201U);
}

TEST_P(StorePostgres, WhatAnOldReplicaWroteMeanwhileIsFilledIn) {
  ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                ASSIGN_OR_RETURN(const Plan plan, txn.Insert(PlanOf("p1")));
                for (const char* id : {"t1", "t2"}) {
                  Task task = TaskOf(id, plan);
                  task.set_state(Task::ISSUED);
                  task.add_duties()->set_unit("cities/210800/units/u1");
                  RETURN_IF_ERROR(txn.Insert(task).status());
                }
                return absl::OkStatus();
              }),
              IsOk());
  const auto count = [&](const char* filter) {
    return ListNames<Task>({.parent = "cities/210800", .filter = filter})->size();
  };
  const auto by_unit = [&] { return count("duties.unit = \"cities/210800/units/u1\""); };
  const std::string database = DatabaseName();
  // As it leaves records that it wrote: what is new of them is not there, and what it took away is.
  const char* written_by_old =
      "DELETE FROM task__duties WHERE id = 't1'; UPDATE r_task SET f_state = 0 WHERE id = 't1';"
      "UPDATE task__duties SET f_unit = 'cities/210800/units/gone' WHERE id = 't2'";
  store_.reset();
  Server().Run(database, "UPDATE kernel_meta SET value = 'old' WHERE name = 'shape/task'");
  ASSERT_THAT(Open(), IsOk());
  int writes = 0;
  const auto write_by_old = [&] {
    ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                  for (const char* id : {"t1", "t2"}) {
                    ASSIGN_OR_RETURN(Task task, txn.Get<Task>(absl::StrCat("cities/210800/tasks/", id)));
                    task.set_description(absl::StrCat("由旧版副本修改 ", ++writes));
                    RETURN_IF_ERROR(txn.Update(std::move(task)).status());
                  }
                  return absl::OkStatus();
                }),
                IsOk());
    Server().Run(database, written_by_old);
    EXPECT_EQ(by_unit(), 0U);
  };
  // Within the days of the upgrade, and once more when these are over.
  for (const int hours : {0, 1, 100}) {
    clock_.Advance(absl::Hours(hours));
    write_by_old();
    ASSERT_THAT(Reopen(), IsOk());
    EXPECT_EQ(by_unit(), 2U) << hours;
    EXPECT_EQ(count("duties.unit = \"cities/210800/units/gone\""), 0U);
    EXPECT_EQ(count("state = ISSUED"), 2U);
  }
  write_by_old();
  ASSERT_THAT(Reopen(), IsOk());
  EXPECT_EQ(by_unit(), 0U) << "by then all replicas are new";
}

TEST_P(StorePostgres, RowsOfAGroupAreSentTogetherAndNoneIsLost) {
  // More than fit into one statement, of several kinds, and one that fails after its first row.
  constexpr int kWrites = 143;
  std::atomic<int> left{kWrites}, failed{0};
  absl::Notification all, go;
  store_->Write([&] {
    WriteJob first = JobOf([&](Txn&) -> absl::StatusOr<std::string> {
      go.WaitForNotification();
      return std::string();
    });
    first.done = [](const absl::StatusOr<std::string>&) {};
    return first;
  }());
  for (int i = 0; i < kWrites; ++i) {
    WriteJob job = JobOf([i](Txn& txn) -> absl::StatusOr<std::string> {
      RETURN_IF_ERROR(txn.Insert(PlanOf(absl::StrCat("p", i))).status());
      if (i == 20) return absl::FailedPreconditionError("thought better of it");
      ASSIGN_OR_RETURN(const Plan plan, txn.Insert(PlanOf(absl::StrCat("q", i))));
      return plan.SerializeAsString();
    });
    job.city = kCity;
    job.request = RequestKey{kCity, absl::StrCat("r", i), "scope---", "body------------"};
    job.done = [&](const absl::StatusOr<std::string>& answer) {
      if (!answer.ok()) ++failed;
      if (--left == 0) all.Notify();
    };
    store_->Write(std::move(job));
  }
  go.Notify();
  all.WaitForNotification();
  EXPECT_EQ(failed.load(), 1);
  EXPECT_EQ(CheckedLog().size(), static_cast<size_t>(2 * (kWrites - 1)));
  for (int i = 0; i < kWrites; ++i) {
    EXPECT_EQ(Get<Plan>(PlanOf(absl::StrCat("p", i)).name()).ok(), i != 20) << i;
    EXPECT_EQ(Get<Plan>(PlanOf(absl::StrCat("q", i)).name()).ok(), i != 20) << i;
  }
}

TEST_P(StorePostgres, TextsOrderByTheirBytes) {
  for (const char* title : {"b", "B", "ä", "中", "一", "a", "Z"}) {
    Plan plan = PlanOf(absl::StrCat("p", absl::BytesToHexString(title)));
    plan.set_number(title);
    ASSERT_THAT(Insert(plan), IsOk());
  }
  std::vector<std::string> numbers;
  const auto page = List<Plan>({.parent = "cities/210800", .order_by = "number"});
  ASSERT_THAT(page, IsOk());
  for (const Plan& plan : page->items) numbers.push_back(plan.number());
  EXPECT_EQ(numbers.size(), 7U);
  EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end())) << ::testing::PrintToString(numbers);
}

TEST_P(StorePostgres, ATextThatCannotBeKeptIsRefused) {
  Plan plan = PlanOf("p1");
  plan.set_number(std::string("N\0-1", 4));
  EXPECT_EQ(Insert(plan).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Insert(PlanOf("p2")), IsOk()) << "and the next is not";
  EXPECT_EQ(CheckedLog().size(), 1U);
}

}  // namespace
}  // namespace duikou::store
