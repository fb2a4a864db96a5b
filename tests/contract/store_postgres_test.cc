// The PostgreSQL engine: starting, migrations that race or are killed, and several replicas on one database.
#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/notification.h"
#include "tests/contract/store_fixture.h"

namespace duikou::store {
namespace {

using duikou::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::Not;

class StorePostgres : public StoreContract {
 protected:
  static PostgresTestServer& Server() { return PostgresTestServer::Shared(); }
  std::string DatabaseName() const {
    const size_t begin = place_.find("@/") + 2;
    return place_.substr(begin, place_.find('?') - begin);
  }
  // Another process on the same database, as far as the store can tell.
  std::unique_ptr<Store> Replica(const std::string& name) const {
    Store::Options options = Options();
    options.state_directory = absl::StrCat(folder_, "/", name);
    std::filesystem::create_directories(options.state_directory);
    auto store = OpenStore(std::move(options));
    EXPECT_THAT(store, IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }
  absl::StatusOr<std::string> InsertNumbered(Store& store, const std::string& id) const {
    return store.WriteAndWait(JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(const int64_t number, txn.NextNumber(kCity, "plan/2026"));
      Plan plan = PlanOf(id);
      plan.set_number(absl::StrCat("N-", number));
      ASSIGN_OR_RETURN(plan, txn.Insert(plan));
      return plan.SerializeAsString();
    }));
  }
};
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

TEST_P(StorePostgres, ReplicasWriteToOneCity) {
  const std::unique_ptr<Store> second = Replica("second");
  ASSERT_NE(second, nullptr);
  constexpr int kThreads = 4, kEach = 50;
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  threads.reserve(2 * kThreads);
  for (int t = 0; t < 2 * kThreads; ++t) {
    threads.emplace_back([&, t] {
      Store& store = t % 2 == 0 ? *store_ : *second;
      for (int i = 0; i < kEach; ++i) {
        const auto stored = InsertNumbered(store, absl::StrCat("p", t, "-", i));
        EXPECT_THAT(stored, IsOk());
        if (!stored.ok()) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed.load(), 0);
  const auto log = CheckedLog();
  ASSERT_EQ(log.size(), 2U * kThreads * kEach);
  for (size_t i = 0; i < log.size(); ++i) {
    Plan plan;
    ASSERT_TRUE(plan.ParseFromString(log[i].message));
    EXPECT_EQ(plan.number(), absl::StrCat("N-", i + 1));
    EXPECT_EQ(plan.etag(), absl::StrCat(log[i].sequence));
  }
}

TEST_P(StorePostgres, ReplicasThatWriteToOneCityTakeTurns) {
  const std::unique_ptr<Store> second = Replica("second");
  ASSERT_NE(second, nullptr);
  // Each has as much to do as it can, so that a replica that comes second once could come second for ever.
  constexpr int kThreads = 8;
  constexpr absl::Duration kTime = absl::Seconds(2), kLongest = absl::Milliseconds(500);
  std::atomic<int> written[2] = {0, 0};
  std::atomic<int64_t> longest_us{0};
  const absl::Time end = absl::Now() + kTime;
  std::vector<std::thread> threads;
  threads.reserve(2 * kThreads);
  for (int t = 0; t < 2 * kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; absl::Now() < end; ++i) {
        const absl::Time begin = absl::Now();
        WriteJob job = JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
          ASSIGN_OR_RETURN(const Plan plan, txn.Insert(PlanOf(absl::StrCat("p", t, "-", i))));
          return plan.SerializeAsString();
        });
        job.city = kCity;
        job.request = RequestKey{kCity, absl::StrCat("r", t, "-", i), "scope---", "body------------"};
        EXPECT_THAT((t % 2 == 0 ? *store_ : *second).WriteAndWait(std::move(job)), IsOk());
        ++written[t % 2];
        const int64_t took = absl::ToInt64Microseconds(absl::Now() - begin);
        for (int64_t most = longest_us.load(); took > most && !longest_us.compare_exchange_weak(most, took);) {
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(4 * written[0], written[1]);
  EXPECT_GT(4 * written[1], written[0]);
  EXPECT_LT(longest_us.load(), absl::ToInt64Microseconds(kLongest));
  EXPECT_EQ(CheckedLog().size(), static_cast<size_t>(written[0] + written[1]));
}

TEST_P(StorePostgres, WhatIsKnownOfACityIsReadAnewAfterAnotherReplicaWroteToIt) {
  const std::unique_ptr<Store> second = Replica("second");
  ASSERT_NE(second, nullptr);
  ASSERT_THAT(Insert(PlanOf("p")), IsOk());
  // Each finds the title and the number that the one before left, be it the same replica or the other.
  const std::string turns = "aababbbaabaaabb";
  for (size_t i = 0; i < turns.size(); ++i) {
    WriteJob job = JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(Plan plan, txn.Get<Plan>(PlanOf("p").name()));
      const std::string before = plan.title();
      ASSIGN_OR_RETURN(const int64_t number, txn.NextNumber(kCity, "plan/2026"));
      plan.set_title(absl::StrCat("after ", i));
      RETURN_IF_ERROR(txn.Update(plan, plan.etag()).status());
      return absl::StrCat(before, ", ", number);
    });
    job.city = kCity;
    job.request = RequestKey{kCity, absl::StrCat("r", i), "scope---", "body------------"};
    const auto answer = (turns[i] == 'a' ? *store_ : *second).WriteAndWait(std::move(job));
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(*answer, absl::StrCat(i == 0 ? PlanOf("p").title() : absl::StrCat("after ", i - 1), ", ", i + 1));
  }
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

TEST_P(StorePostgres, ReplicasWriteToSeveralCitiesInAnyOrder) {
  const std::unique_ptr<Store> second = Replica("second");
  ASSERT_NE(second, nullptr);
  const std::vector<std::string> cities = {"210800", "320700", "440300", "110100"};
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      Store& store = t % 2 == 0 ? *store_ : *second;
      for (int i = 0; i < 30; ++i) {
        const auto stored = store.WriteAndWait(JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
          for (size_t c = 0; c < cities.size(); ++c) {
            const std::string& city = cities[t % 2 == 0 ? c : cities.size() - 1 - c];
            RETURN_IF_ERROR(txn.Insert(PlanOf(absl::StrCat("p", t, "-", i), city)).status());
          }
          return std::string();
        }));
        if (!stored.ok()) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed.load(), 0);
  for (const std::string& city : cities) EXPECT_EQ(CheckedLog(city).size(), 120U) << city;
}

TEST_P(StorePostgres, ARequestIsAnsweredOnceByAllReplicas) {
  const std::unique_ptr<Store> second = Replica("second");
  ASSERT_NE(second, nullptr);
  constexpr int kRequests = 30;
  std::vector<std::string> answers[2];
  std::vector<std::thread> threads;
  threads.reserve(2);
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRequests; ++i) {
        WriteJob job = JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
          ASSIGN_OR_RETURN(const Plan plan, txn.Insert(PlanOf(absl::StrCat("p", i, t == 0 ? "a" : "b"))));
          return plan.SerializeAsString();
        });
        job.request = RequestKey{kCity, absl::StrCat("r", i), "scope---", "body------------"};
        answers[t].push_back((t == 0 ? store_ : second)->WriteAndWait(std::move(job)).value_or("failed"));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answers[0], answers[1]);
  EXPECT_EQ(std::set<std::string>(answers[0].begin(), answers[0].end()).size(), static_cast<size_t>(kRequests));
  EXPECT_EQ(CheckedLog().size(), static_cast<size_t>(kRequests));
}

TEST_P(StorePostgres, AUniqueFieldIsTakenOnceByAllReplicas) {
  const std::unique_ptr<Store> second = Replica("second");
  ASSERT_NE(second, nullptr);
  constexpr int kNumbers = 30;
  std::atomic<int> stored{0}, refused{0};
  std::vector<std::thread> threads;
  threads.reserve(2);
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kNumbers; ++i) {
        const auto answer =
            (t == 0 ? *store_ : *second).WriteAndWait(JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
              Plan plan = PlanOf(absl::StrCat("p", i, t == 0 ? "a" : "b"));
              plan.set_number(absl::StrCat("N-", i));
              RETURN_IF_ERROR(txn.Insert(plan).status());
              return std::string();
            }));
        if (answer.ok()) ++stored;
        if (ReasonOf(answer.status()) == "ALREADY_EXISTS") ++refused;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(stored.load(), kNumbers);
  EXPECT_EQ(refused.load(), kNumbers);
}

TEST_P(StorePostgres, AReplicaHearsEveryCommitOnceAndInOrder) {
  const std::unique_ptr<Store> second = Replica("second");
  ASSERT_NE(second, nullptr);
  constexpr int64_t kWrites = 40;
  std::atomic<int64_t> heard{0};
  second->OnCommit([&](const CommitFeed::Entries& entries) {
    for (const LogEntry& entry : *entries) {
      EXPECT_EQ(entry.sequence, heard.load() + 1);
      heard.store(entry.sequence);
    }
  });
  for (int i = 0; i < kWrites; ++i) {
    ASSERT_THAT(InsertNumbered(i % 3 == 0 ? *second : *store_, absl::StrCat("p", i)), IsOk());
    if (i % 10 == 0) absl::SleepFor(absl::Milliseconds(60));
  }
  const absl::Time give_up = absl::Now() + absl::Seconds(10);
  while (heard.load() < kWrites && absl::Now() < give_up) absl::SleepFor(absl::Milliseconds(5));
  EXPECT_EQ(heard.load(), kWrites);
}

TEST_P(StorePostgres, WhatOneReplicaAcknowledgedTheOtherReads) {
  const std::unique_ptr<Store> second = Replica("second");
  ASSERT_NE(second, nullptr);
  const Plan plan = *Insert(PlanOf("p1"));
  const schema::ResourceType& type = *second->schema().ByType("plan");
  for (int i = 1; i <= 100; ++i) {
    Plan changed = plan;
    changed.add_goals()->set_year(i);
    ASSERT_THAT(Update(changed), IsOk());
    const auto read = second->GetCached(type, plan.name());
    ASSERT_THAT(read, IsOk());
    ASSERT_TRUE(changed.ParseFromString((*read)->bytes));
    EXPECT_EQ(changed.goals(0).year(), i);
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
