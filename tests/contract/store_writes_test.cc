// Writes: groups, the change log's chain, rollback and rerun, dry runs, replays, counters, and the records in memory.
#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "tests/contract/store_fixture.h"

namespace duikou::store {
namespace {

using duikou::testing::Fails;
using duikou::testing::IsOk;

absl::Status Refuse() { return StateForbids("REFUSED_BY_TEST", {"测试拒绝。", "Refused by the test."}); }

class StoreWrites : public StoreContract {
 protected:
  absl::StatusOr<int64_t> Next(Txn& txn) { return txn.NextNumber(kCity, "plan/2026"); }
};
INSTANTIATE_TEST_SUITE_P(Engines, StoreWrites, ::testing::ValuesIn(StoreKinds()), NameOfKind);

TEST_P(StoreWrites, TheLogTellsWhatWasDone) {
  const Plan plan = *Insert(PlanOf("p1"));
  Plan changed = plan;
  changed.set_title("新");
  ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                txn.Note("更正题目");
                return txn.Update(changed).status();
              }),
              IsOk());
  ASSERT_THAT(Delete<Plan>(plan.name()), IsOk());
  const auto log = CheckedLog();
  ASSERT_EQ(log.size(), 3U);
  duikou::log::v1::ChangeHeader headers[3];
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(headers[i].ParseFromString(log[static_cast<size_t>(i)].header));
  EXPECT_EQ(headers[0].kind(), duikou::log::v1::ChangeHeader::CREATED);
  EXPECT_EQ(headers[0].actor(), Coordinator().name);
  EXPECT_EQ(headers[0].action(), "Test");
  EXPECT_EQ(headers[0].type(), "plan");
  EXPECT_EQ(log[0].message, plan.SerializeAsString());
  EXPECT_EQ(headers[1].kind(), duikou::log::v1::ChangeHeader::UPDATED);
  EXPECT_EQ(headers[1].note(), "更正题目");
  EXPECT_EQ(log[1].previous, 1);
  EXPECT_EQ(headers[2].kind(), duikou::log::v1::ChangeHeader::DELETED);
  EXPECT_EQ(log[2].message, "");
  EXPECT_EQ(log[2].previous, 2);
}

TEST_P(StoreWrites, CitiesHaveChainsOfTheirOwn) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_THAT(Insert(PlanOf(absl::StrCat("p", i))), IsOk());
    ASSERT_THAT(Insert(PlanOf(absl::StrCat("p", i), "320700")), IsOk());
  }
  EXPECT_EQ(CheckedLog(kCity).size(), 5U);
  EXPECT_EQ(CheckedLog("320700").size(), 5U);
}

TEST_P(StoreWrites, ConcurrentWritersLeaveNoGap) {
  constexpr int kThreads = 8, kEach = 40;
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const bool refuse = i % 8 == 3;
        const absl::Status status = Write([&](Txn& txn) -> absl::Status {
          ASSIGN_OR_RETURN(const int64_t number, Next(txn));
          Plan plan = PlanOf(absl::StrCat("p", t, "-", i));
          plan.set_number(absl::StrCat("N-", number));
          RETURN_IF_ERROR(txn.Insert(plan).status());
          return refuse ? Refuse() : absl::OkStatus();
        });
        if (status.ok() == refuse) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed.load(), 0);
  const auto log = CheckedLog();
  EXPECT_EQ(log.size(), static_cast<size_t>(kThreads * kEach * 7 / 8));
  // The counter is gap-free in what is committed, and grows in the order of the log.
  for (size_t i = 0; i < log.size(); ++i) {
    Plan plan;
    ASSERT_TRUE(plan.ParseFromString(log[i].message));
    EXPECT_EQ(plan.number(), absl::StrCat("N-", i + 1));
    EXPECT_EQ(plan.etag(), absl::StrCat(log[i].sequence)) << "the etag is the place in the log";
  }
}

TEST_P(StoreWrites, AFunctionThatFailsTakesNobodyWithIt) {
  // While the first write holds the writer, all others are queued, so that they stand in one group.
  absl::Notification held, go;
  std::thread holder([&] {
    EXPECT_THAT(Write([&](Txn&) {
                  if (!held.HasBeenNotified()) held.Notify();  // It may run again with its group.
                  go.WaitForNotification();
                  return absl::OkStatus();
                }),
                IsOk());
  });
  held.WaitForNotification();
  constexpr int kJobs = 60;
  absl::BlockingCounter answered(kJobs);
  std::vector<absl::Status> answers(kJobs);
  for (int i = 0; i < kJobs; ++i) {
    WriteJob job = JobOf([this, i](Txn& txn) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(const int64_t number, Next(txn));
      Plan plan = PlanOf(absl::StrCat("p", i));
      plan.set_number(absl::StrCat("N-", number));
      RETURN_IF_ERROR(txn.Insert(plan).status());
      if (i % 5 == 2) return Refuse();
      return std::string();
    });
    job.done = [&answers, &answered, i](absl::StatusOr<std::string> answer) {
      answers[static_cast<size_t>(i)] = answer.status();
      answered.DecrementCount();
    };
    store_->Write(std::move(job));
  }
  go.Notify();
  answered.Wait();
  holder.join();
  for (int i = 0; i < kJobs; ++i) {
    const bool refused = i % 5 == 2;
    EXPECT_EQ(ReasonOf(answers[static_cast<size_t>(i)]), refused ? "REFUSED_BY_TEST" : "") << i;
    EXPECT_EQ(Get<Plan>(absl::StrCat("cities/210800/plans/p", i)).ok(), !refused) << i;
  }
  const auto log = CheckedLog();
  ASSERT_EQ(log.size(), static_cast<size_t>(kJobs * 4 / 5));
  for (size_t i = 0; i < log.size(); ++i) {
    Plan plan;
    ASSERT_TRUE(plan.ParseFromString(log[i].message));
    EXPECT_EQ(plan.number(), absl::StrCat("N-", i + 1));
  }
}

TEST_P(StoreWrites, AFailureAfterAMutationIsRunAgainAndLeavesNothing) {
  const Plan before = *Insert(PlanOf("p1"));
  int runs = 0;
  EXPECT_EQ(ReasonOf(Write([&](Txn& txn) -> absl::Status {
              ++runs;
              Plan changed = before;
              changed.set_title("不该留下");
              changed.set_external_id("不该留下");
              RETURN_IF_ERROR(txn.Update(changed).status());
              RETURN_IF_ERROR(txn.Insert(PlanOf("p2")).status());
              RETURN_IF_ERROR(txn.Delete<Plan>(before.name()));
              return Refuse();
            })),
            "REFUSED_BY_TEST");
  EXPECT_EQ(runs, 2) << "once fast, once behind a savepoint";
  EXPECT_EQ(Get<Plan>(before.name())->SerializeAsString(), before.SerializeAsString());
  EXPECT_TRUE(absl::IsNotFound(Get<Plan>("cities/210800/plans/p2").status()));
  EXPECT_EQ(CheckedLog().size(), 1U);
  runs = 0;
  EXPECT_EQ(ReasonOf(Write([&](Txn&) {
              ++runs;
              return Refuse();
            })),
            "REFUSED_BY_TEST");
  EXPECT_EQ(runs, 1) << "what changed nothing need not run again";
}

TEST_P(StoreWrites, ATransactionSeesItsOwnWrites) {
  ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                ASSIGN_OR_RETURN(const Plan plan, txn.Insert(PlanOf("p1")));
                RETURN_IF_ERROR(txn.Insert(TaskOf("t1", plan)).status());
                EXPECT_THAT(txn.Get<Task>("cities/210800/tasks/t1"), IsOk());
                EXPECT_EQ(txn.List<Task>({.parent = "cities/210800", .filter = "state = DRAFT"})->items.size(), 1U);
                EXPECT_TRUE(absl::IsNotFound(Get<Task>("cities/210800/tasks/t1").status())) << "and nobody else does";
                return absl::OkStatus();
              }),
              IsOk());
}

TEST_P(StoreWrites, ADryRunAnswersAndLeavesNothing) {
  WriteJob job = JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const int64_t number, Next(txn));
    Plan plan = PlanOf("p1");
    plan.set_number(absl::StrCat("N-", number));
    ASSIGN_OR_RETURN(plan, txn.Insert(plan));
    return plan.SerializeAsString();
  });
  job.dry_run = true;
  job.request = RequestKey{kCity, "r1", "scope---", "body------------"};
  for (int i = 0; i < 2; ++i) {
    const auto answer = store_->WriteAndWait(job);
    ASSERT_THAT(answer, IsOk());
    Plan plan;
    ASSERT_TRUE(plan.ParseFromString(*answer));
    EXPECT_EQ(plan.number(), "N-1");
    EXPECT_TRUE(absl::IsNotFound(Get<Plan>(plan.name()).status()));
  }
  EXPECT_TRUE(CheckedLog().empty());
  EXPECT_FALSE(store_->FindAnswer(*job.request)->has_value());
  job.dry_run = false;
  ASSERT_THAT(store_->WriteAndWait(job), IsOk());
  EXPECT_EQ(Get<Plan>("cities/210800/plans/p1")->number(), "N-1") << "the counter was not used up";
}

TEST_P(StoreWrites, ARequestIsAnsweredOnceThenAgain) {
  int runs = 0;
  const auto request = [&](const std::string& body, const std::string& scope = "scope---") {
    WriteJob job = JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
      ++runs;
      ASSIGN_OR_RETURN(const Plan plan, txn.Insert(PlanOf(absl::StrCat("p", runs))));
      return plan.SerializeAsString();
    });
    job.request = RequestKey{kCity, "r1", scope, body};
    return store_->WriteAndWait(std::move(job));
  };
  const auto first = request("body------------");
  ASSERT_THAT(first, IsOk());
  // What becomes of the record afterwards does not change the answer.
  ASSERT_THAT(Delete<Plan>("cities/210800/plans/p1"), IsOk());
  EXPECT_EQ(*request("body------------"), *first);
  EXPECT_EQ(runs, 1);
  EXPECT_THAT(request("another-body----"), Fails(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
  EXPECT_EQ(runs, 1);
  EXPECT_THAT(request("another-body----", "scope-2-"), IsOk()) << "of another caller or method";
  EXPECT_EQ(runs, 2);
  ASSERT_THAT(Reopen(), IsOk());
  EXPECT_EQ(*request("body------------"), *first) << "also after a restart";
  EXPECT_EQ(runs, 2);
}

TEST_P(StoreWrites, AnAnswerThatIsNoRecordIsKeptToo) {
  int runs = 0;
  WriteJob job = JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
    ++runs;
    RETURN_IF_ERROR(txn.Insert(PlanOf("p1")).status());
    return std::string("some other answer");
  });
  job.request = RequestKey{kCity, "r1", "scope---", "body------------"};
  ASSERT_THAT(store_->WriteAndWait(job), IsOk());
  EXPECT_EQ(*store_->WriteAndWait(job), "some other answer");
  EXPECT_EQ(runs, 1);
}

TEST_P(StoreWrites, AFailedRequestMayBeTriedAgain) {
  bool refuse = true;
  WriteJob job = JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(txn.Insert(PlanOf("p1")).status());
    if (refuse) return Refuse();
    return std::string("done");
  });
  job.request = RequestKey{kCity, "r1", "scope---", "body------------"};
  EXPECT_FALSE(store_->WriteAndWait(job).ok());
  refuse = false;
  EXPECT_EQ(*store_->WriteAndWait(job), "done");
}

TEST_P(StoreWrites, WhatNobodyWaitsForIsNotRun) {
  int runs = 0;
  WriteJob late = JobOf([&](Txn&) -> absl::StatusOr<std::string> {
    ++runs;
    return std::string();
  });
  late.deadline = absl::Now() - absl::Seconds(1);
  EXPECT_EQ(store_->WriteAndWait(late).status().code(), absl::StatusCode::kDeadlineExceeded);
  WriteJob abandoned = late;
  abandoned.deadline = absl::InfiniteFuture();
  abandoned.abandoned = [] { return true; };
  EXPECT_EQ(store_->WriteAndWait(abandoned).status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(runs, 0);
}

TEST_P(StoreWrites, AFunctionThatForgetsItsScopeFails) {
  ASSERT_THAT(Insert(PlanOf("p1")), IsOk());
  WriteJob job = JobOf([](Txn& txn) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(txn.Insert(PlanOf("p2")).status());
    return std::string();
  });
  job.scope = {ScopeCheck::Demand::kParty, "cities/210800/plans/p1"};
  EXPECT_EQ(store_->WriteAndWait(job).status().code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(absl::IsNotFound(Get<Plan>("cities/210800/plans/p2").status()));
}

TEST_P(StoreWrites, ListenersHearEveryCommitBeforeItsReply) {
  std::atomic<int64_t> heard{0};
  store_->OnCommit([&](const CommitFeed::Entries& entries) {
    for (const LogEntry& entry : *entries) {
      EXPECT_EQ(entry.sequence, heard.load() + 1);
      heard.store(entry.sequence);
    }
  });
  for (int i = 0; i < 20; ++i) {
    const auto plan = Insert(PlanOf(absl::StrCat("p", i)));
    ASSERT_THAT(plan, IsOk());
    EXPECT_GE(heard.load(), i + 1);
  }
}

TEST_P(StoreWrites, RecordsInMemoryAreNeverStale) {
  const Plan plan = *Insert(PlanOf("p1"));
  const schema::ResourceType& type = *store_->schema().ByType("plan");
  std::atomic<int> acknowledged{0}, stale{0}, reads{0};
  std::atomic<bool> over{false};
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&, t] {
      while (!over.load()) {
        const int at_least = acknowledged.load();
        Plan read;
        if (t == 3) {
          read = *Get<Plan>(plan.name());
        } else {
          const auto cached = store_->GetCached(type, plan.name());
          if (!cached.ok() || *cached == nullptr || !read.ParseFromString((*cached)->bytes)) ++stale;
        }
        if (read.goals_size() != 1 || read.goals(0).year() < at_least) {
          if (at_least > 0) ++stale;
        }
        ++reads;
      }
    });
  }
  for (int i = 1; i <= 300; ++i) {
    Plan changed = plan;
    changed.add_goals()->set_year(i);
    ASSERT_THAT(Update(changed), IsOk());
    acknowledged.store(i);
  }
  over.store(true);
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(stale.load(), 0);
  EXPECT_GT(reads.load(), 0);
  ASSERT_THAT(Delete<Plan>(plan.name()), IsOk());
  EXPECT_EQ(*store_->GetCached(type, plan.name()), nullptr);
  EXPECT_EQ(*store_->GetCached(type, "not a name"), nullptr);
}

TEST_P(StoreWrites, ARecordInMemoryIsNoneOfAnotherType) {
  const Plan plan = *Insert(PlanOf("p1"));
  const schema::ResourceType &plans = *store_->schema().ByType("plan"), &tasks = *store_->schema().ByType("task");
  ASSERT_NE(*store_->GetCached(plans, plan.name()), nullptr);
  EXPECT_EQ(*store_->GetCached(tasks, plan.name()), nullptr) << "who may see it is not for this type to say";
  const absl::Status status = Write([&](Txn& txn) -> absl::Status {
    RETURN_IF_ERROR(txn.Get<Plan>(plan.name()).status());
    EXPECT_TRUE(absl::IsNotFound(txn.Get<Task>(plan.name()).status()));
    Task task;
    task.set_name(plan.name());
    EXPECT_TRUE(absl::IsNotFound(txn.Update(task).status()));
    EXPECT_TRUE(absl::IsNotFound(txn.Delete<Task>(plan.name())));
    return absl::OkStatus();
  });
  EXPECT_THAT(status, IsOk());
}

TEST_P(StoreWrites, WhatWasChangedIsKnownAsItIsThen) {
  Plan plan = *Insert(PlanOf("p1"));
  const auto title = [&](const char* text) {
    return [&, text](Txn& txn) -> absl::Status {
      plan.set_title(text);
      RETURN_IF_ERROR(txn.Update(plan).status());
      EXPECT_EQ(txn.Get<Plan>(plan.name())->title(), text);
      return absl::OkStatus();
    };
  };
  ASSERT_THAT(Write(title("甲")), IsOk());
  const auto fails = [&](Txn& txn) -> absl::Status {
    RETURN_IF_ERROR(title("乙")(txn));
    return absl::FailedPreconditionError("after its write");
  };
  EXPECT_FALSE(Write(fails).ok());
  ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                EXPECT_EQ(txn.Get<Plan>(plan.name())->title(), "甲") << "what was taken back is not known";
                return absl::OkStatus();
              }),
              IsOk());
  ASSERT_THAT(Write(title("丙")), IsOk());
  EXPECT_EQ(Get<Plan>(plan.name())->title(), "丙");
  ASSERT_THAT(Delete<Plan>(plan.name()), IsOk());
  EXPECT_TRUE(absl::IsNotFound(Write([&](Txn& txn) { return txn.Get<Plan>(plan.name()).status(); })));
}

TEST_P(StoreWrites, AfterStopWritesAreRefusedAndReadsGoOn) {
  ASSERT_THAT(Insert(PlanOf("p1")), IsOk());
  store_->Stop();
  EXPECT_THAT(Insert(PlanOf("p2")), Fails(absl::StatusCode::kUnavailable, "STOPPING"));
  EXPECT_THAT(Get<Plan>("cities/210800/plans/p1"), IsOk());
}

}  // namespace
}  // namespace duikou::store
