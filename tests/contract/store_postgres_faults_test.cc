// The PostgreSQL engine when connections break and the server goes: nothing acknowledged is lost, nothing happens
// twice.
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/contract/postgres_wire.h"
#include "tests/contract/store_fixture.h"

namespace duikou::store {
namespace {

using duikou::testing::Fails;
using duikou::testing::IsOk;
using Cut = PostgresWire::Cut;

constexpr auto kUnavailable = absl::StatusCode::kUnavailable;

// A database on the shared server, reached through a wire.
class StorePostgresFaults : public StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    const std::string& direct = PostgresTestServer::Shared().socket_folder();
    wire_ = std::make_unique<PostgresWire>(direct);
    database_ = place_.substr(place_.find("@/") + 2, place_.find('?') - place_.find("@/") - 2);
    place_ = PostgresTestServer::Url(database_, wire_->socket_folder());
    ASSERT_THAT(Reopen(), IsOk());
  }
  void TearDown() override {
    store_.reset();
    wire_.reset();
    StoreContract::TearDown();
  }

  absl::StatusOr<std::string> InsertNumbered(const std::string& id, absl::Time deadline = absl::InfiniteFuture()) {
    WriteJob job = JobOf([this, id](Txn& txn) -> absl::StatusOr<std::string> {
      ++runs_;
      ASSIGN_OR_RETURN(const int64_t number, txn.NextNumber(kCity, "plan/2026"));
      Plan plan = PlanOf(id);
      plan.set_number(absl::StrCat("N-", number));
      ASSIGN_OR_RETURN(plan, txn.Insert(plan));
      return plan.SerializeAsString();
    });
    job.deadline = deadline;
    return store_->WriteAndWait(std::move(job));
  }
  // The log holds exactly these ids, each once, and their numbers have no gap.
  void ExpectLogOf(size_t count) {
    const auto log = CheckedLog();
    ASSERT_EQ(log.size(), count);
    for (size_t i = 0; i < log.size(); ++i) {
      Plan plan;
      ASSERT_TRUE(plan.ParseFromString(log[i].message));
      EXPECT_EQ(plan.number(), absl::StrCat("N-", i + 1));
    }
  }

  std::string database_;
  std::unique_ptr<PostgresWire> wire_;
  std::atomic<int> runs_{0};
};
INSTANTIATE_TEST_SUITE_P(Engine, StorePostgresFaults, ::testing::Values(PostgresKind()), NameOfKind);

TEST_P(StorePostgresFaults, ACommitThatDidNotArriveIsDoneAgain) {
  ASSERT_THAT(InsertNumbered("p0"), IsOk());
  wire_->CutNext(Cut::kBeforeCommit, 2);
  EXPECT_THAT(InsertNumbered("p1"), IsOk());
  EXPECT_EQ(wire_->cuts(), 2);
  EXPECT_EQ(runs_.load(), 1 + 3);
  ExpectLogOf(2);
}

TEST_P(StorePostgresFaults, ACommitWhoseAnswerWasLostIsNotDoneAgain) {
  std::atomic<int> heard{0};
  store_->OnCommit([&](const CommitFeed::Entries& entries) { heard += static_cast<int>(entries->size()); });
  ASSERT_THAT(InsertNumbered("p0"), IsOk());
  wire_->CutNext(Cut::kAfterCommit);
  const auto answer = InsertNumbered("p1");
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(wire_->cuts(), 1);
  EXPECT_EQ(runs_.load(), 2) << "each once";
  Plan plan;
  ASSERT_TRUE(plan.ParseFromString(*answer));
  EXPECT_EQ(plan.SerializeAsString(), Get<Plan>(plan.name())->SerializeAsString()) << "the answer of what happened";
  ASSERT_THAT(InsertNumbered("p2"), IsOk());
  ExpectLogOf(3);
  EXPECT_EQ(heard.load(), 3);
}

TEST_P(StorePostgresFaults, ACommitThatIsStillUnderWayDoesNotHappenTwice) {
  ASSERT_THAT(InsertNumbered("p0"), IsOk());
  for (int i = 1; i <= 3; ++i) {
    wire_->CutNext(Cut::kDuringCommit);
    EXPECT_THAT(InsertNumbered(absl::StrCat("p", i)), IsOk());
    EXPECT_EQ(wire_->cuts(), i);
  }
  absl::SleepFor(absl::Seconds(1));
  ExpectLogOf(4);
}

TEST_P(StorePostgresFaults, AnOutcomeThatCannotBeLearntIsSaid) {
  ASSERT_THAT(InsertNumbered("p0"), IsOk());
  wire_->CutNext(Cut::kAfterCommit);
  wire_->Refuse(true);
  EXPECT_THAT(InsertNumbered("p1", absl::Now() + absl::Seconds(1)),
              Fails(absl::StatusCode::kDeadlineExceeded, "COMMIT_IN_DOUBT"));
  EXPECT_THAT(InsertNumbered("p2"), Fails(kUnavailable, "STORE_UNREACHABLE"));
  wire_->Refuse(false);
  EXPECT_THAT(InsertNumbered("p3"), IsOk());
  ExpectLogOf(3);
}

TEST_P(StorePostgresFaults, ConnectionsMayBreakAtAnyTime) {
  std::atomic<bool> over{false};
  std::thread killer([&] {
    for (int round = 0; !over.load(); ++round) {
      PostgresTestServer::Shared().Terminate(database_, "random() < 0.5");
      absl::SleepFor(absl::Milliseconds(10 + round % 7 * 5));
    }
  });
  constexpr int kThreads = 4;
  std::vector<std::map<std::string, std::string>> acknowledged(kThreads);
  // For three seconds, and on a busy machine until so many were acknowledged that it says something.
  constexpr int kLeast = 50;
  std::atomic<int> unreadable{0}, done{0};
  const absl::Time end = absl::Now() + absl::Seconds(3);
  const auto goes_on = [&] {
    return absl::Now() < end || (done.load() <= kLeast && absl::Now() < end + absl::Minutes(2));
  };
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; goes_on(); ++i) {
        const std::string id = absl::StrCat("p", t, "-", i);
        const auto answer = InsertNumbered(id);
        if (!answer.ok()) {
          EXPECT_EQ(answer.status().code(), kUnavailable) << answer.status();
          continue;
        }
        acknowledged[static_cast<size_t>(t)][id] = *answer;
        ++done;
        if (!Get<Plan>(absl::StrCat("cities/210800/plans/", id)).ok()) ++unreadable;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  over.store(true);
  killer.join();
  size_t total = 0;
  for (const auto& of_thread : acknowledged) {
    total += of_thread.size();
    for (const auto& [id, bytes] : of_thread) {
      const auto plan = Get<Plan>(absl::StrCat("cities/210800/plans/", id));
      ASSERT_THAT(plan, IsOk()) << "acknowledged";
      EXPECT_EQ(plan->SerializeAsString(), bytes);
    }
  }
  EXPECT_GT(total, static_cast<size_t>(kLeast));
  ExpectLogOf(total);
  RecordProperty("acknowledged", static_cast<int>(total));
  RecordProperty("unreadable", unreadable.load());
}

TEST(StorePostgresServer, AStoppedServerCostsTimeButNothingElse) {
  PostgresTestServer& server = PostgresTestServer::Shared();
  auto opened = Store::Open({.path = server.NewDatabase(), .max_queue_wait = absl::Hours(1)}, {Plan::descriptor()});
  ASSERT_THAT(opened, IsOk());
  Store& store = **opened;
  const auto caller = Coordinator();
  int next = 0;
  const auto insert = [&] {
    WriteJob job{.caller = std::make_shared<const Caller>(caller), .facts = {.action = "Test"}};
    job.run = [&](Txn& txn) -> absl::StatusOr<std::string> {
      Plan plan;
      plan.set_name(absl::StrCat("cities/210800/plans/p", next));
      plan.set_title("方案");
      RETURN_IF_ERROR(txn.Insert(plan).status());
      return std::string();
    };
    absl::Status status = store.WriteAndWait(std::move(job)).status();
    if (status.ok()) ++next;
    return status;
  };
  const auto read = [&] {
    return store.Read(caller, {}, [](const View& view) { return view.Get<Plan>("cities/210800/plans/p0").status(); });
  };
  ASSERT_THAT(insert(), IsOk());
  for (const bool killed : {false, true}) {
    killed ? server.Kill() : server.Stop();
    for (int i = 0; i < 3; ++i) {
      for (const absl::Status& status : {insert(), read()}) {
        EXPECT_THAT(status, Fails(kUnavailable, "STORE_UNREACHABLE"));
        EXPECT_GT(FactsOf(status).retry_after_ms, 0);
      }
    }
    EXPECT_TRUE(store.healthy()) << "it is the server that is not there";
    server.Start();
    const absl::Time give_up = absl::Now() + absl::Seconds(5);
    absl::Status status;
    do {
      status = read();
    } while (!status.ok() && absl::Now() < give_up);
    EXPECT_THAT(status, IsOk());
    EXPECT_THAT(insert(), IsOk());
  }
  const auto log = store.ReadLog("210800", 0, 100);
  ASSERT_THAT(log, IsOk());
  EXPECT_EQ(log->size(), static_cast<size_t>(next));
}

TEST(StorePostgresServer, AConnectionThatWentWhileIdleIsNotNoticed) {
  PostgresTestServer& server = PostgresTestServer::Shared();
  auto opened = Store::Open({.path = server.NewDatabase(), .max_queue_wait = absl::Hours(1)}, {Plan::descriptor()});
  ASSERT_THAT(opened, IsOk());
  const auto read = [&] {
    return (*opened)->Read(Coordinator(), {},
                           [](const View& view) { return view.List<Plan>({.parent = "cities/210800"}).status(); });
  };
  for (int round = 0; round < 3; ++round) {
    ASSERT_THAT(read(), IsOk());
    server.Stop();
    server.Start();
    absl::SleepFor(absl::Seconds(1));  // A reader was refused meanwhile, and looks again after a moment.
    EXPECT_THAT(read(), IsOk());
  }
}

}  // namespace
}  // namespace duikou::store
