// Several replicas on one database: each write once, all of them heard of, nobody starved.
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/contract/postgres_fixture.h"

namespace duikou::store {
namespace {

using duikou::testing::IsOk;

class StoreReplicas : public StorePostgres {};
INSTANTIATE_TEST_SUITE_P(Engine, StoreReplicas, ::testing::Values(PostgresKind()), NameOfKind);

TEST_P(StoreReplicas, ReplicasWriteToOneCity) {
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

TEST_P(StoreReplicas, ReplicasThatWriteToOneCityTakeTurns) {
  const std::unique_ptr<Store> second = Replica("second");
  ASSERT_NE(second, nullptr);
  // Each has as much to do as it can, so that a replica that comes second once could come second for ever.
  constexpr int kThreads = 8;
  constexpr absl::Duration kTime = absl::Seconds(2), kLongest = absl::Seconds(1);
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

TEST_P(StoreReplicas, WhatIsKnownOfACityIsReadAnewAfterAnotherReplicaWroteToIt) {
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

TEST_P(StoreReplicas, ReplicasWriteToSeveralCitiesInAnyOrder) {
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

TEST_P(StoreReplicas, ARequestIsAnsweredOnceByAllReplicas) {
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

TEST_P(StoreReplicas, AUniqueFieldIsTakenOnceByAllReplicas) {
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

TEST_P(StoreReplicas, AReplicaHearsEveryCommitOnceAndInOrder) {
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

TEST_P(StoreReplicas, WhatOneReplicaAcknowledgedTheOtherReads) {
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

}  // namespace
}  // namespace duikou::store
