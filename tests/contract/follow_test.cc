// Following the directory's log, on both engines: each change takes effect once, whatever ends, whoever else follows.
#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "common/base/error.h"
#include "common/follow/follower.h"
#include "common/store/postgres/postgres_engine.h"
#include "duikou/follow/v1/follow_cursor.pb.h"
#include "tests/contract/store_fixture.h"

namespace duikou::follow {
namespace {

using duikou::follow::v1::FollowCursor;
using duikou::log::v1::Change;
using duikou::log::v1::ListChangesRequest;
using duikou::log::v1::ListChangesResponse;
using duikou::testing::IsOk;
using store::kCity;
using store::Plan;
using ::testing::_;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;

// A directory whose log names units and accounts, three a page; and which may be away.
class LogOfNames : public rpc::Peers {
 public:
  explicit LogOfNames(const Clock& clock) : clock_(clock) {}
  absl::StatusOr<rpc::PeerRecords> Find(const std::string&, const std::vector<std::string>&) override {
    return absl::UnimplementedError("");
  }
  std::optional<rpc::PeerRecords> FindInMemory(const std::string&, const std::vector<std::string>&) override {
    return std::nullopt;
  }
  absl::Status Call(const std::string&, const google::protobuf::Message& message, google::protobuf::Message* response,
                    const rpc::CallOptions&) override {
    if (away) return absl::UnavailableError("the directory is away");
    const auto& request = static_cast<const ListChangesRequest&>(message);
    auto& page = static_cast<ListChangesResponse&>(*response);
    const absl::MutexLock lock(&mutex_);
    const auto after = absl::c_find_if(changes_, [&](const Change& one) { return one.cursor() == request.cursor(); });
    if (!request.cursor().empty() && after == changes_.end())
      return BadField("cursor", {"游标已失效。", "is gone."}, "CURSOR_INVALID");
    page.set_next_cursor(request.cursor());
    auto at = request.cursor().empty() ? changes_.begin() : after + 1;
    for (int i = 0; i < 3 && at != changes_.end(); ++i, ++at) {
      page.set_next_cursor(at->cursor());
      const std::string type = at->name().substr(0, at->name().find("s/"));
      if (absl::c_linear_search(request.types(), type)) *page.add_changes() = *at;
    }
    page.set_end(at == changes_.end());
    asked_after_ = request.cursor();
    return absl::OkStatus();
  }

  // "units/7"
  void Append(const std::string& name) {
    const absl::MutexLock lock(&mutex_);
    Change& change = changes_.emplace_back();
    change.set_cursor(absl::StrCat(log_, " ", changes_.size()));
    change.set_name(name);
    change.mutable_time()->set_seconds(absl::ToUnixSeconds(clock_.Now()));
  }
  // The cursor that was asked with last.
  std::string asked_after() {
    const absl::MutexLock lock(&mutex_);
    return asked_after_;
  }
  // "units/1" and on, until there are so many.
  void SetUnits(int count) {
    for (int i = size(); i < count; ++i) Append(absl::StrCat("units/", i + 1));
  }
  // The log as it was after so many changes; what follows them then is another one.
  void Restore(size_t count) {
    const absl::MutexLock lock(&mutex_);
    changes_.resize(count);
    log_ = "restored";
  }
  int size() {
    const absl::MutexLock lock(&mutex_);
    return static_cast<int>(changes_.size());
  }

  std::atomic<bool> away{false};

 private:
  const Clock& clock_;
  absl::Mutex mutex_;
  std::string asked_after_ ABSL_GUARDED_BY(mutex_);
  std::string log_ ABSL_GUARDED_BY(mutex_) = "first";
  std::vector<Change> changes_ ABSL_GUARDED_BY(mutex_);
};

class FollowTest : public store::StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    store_ = nullptr;
    store_ = OpenWith();
    ASSERT_NE(store_, nullptr);
  }
  std::unique_ptr<store::Store> OpenWith() {
    auto store = store::Store::Open(Options(), {Plan::descriptor(), FollowCursor::descriptor()});
    EXPECT_THAT(store, IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }
  std::unique_ptr<Follower> FollowBy(store::Store& store,
                                     std::function<absl::StatusOr<Follower::Effect>(const Change&)> prepare) {
    return std::make_unique<Follower>(Follower::Options{.self = "test",
                                                        .types = {"unit"},
                                                        .period = absl::Milliseconds(5),
                                                        .cities = [] { return std::vector<std::string>{kCity}; },
                                                        .prepare = std::move(prepare)},
                                      store, log_);
  }
  // Each change makes a plan of its number: a second time it would fail for ever.
  std::unique_ptr<Follower> Follow(store::Store& store) {
    return FollowBy(store, [this](const Change& change) -> absl::StatusOr<Follower::Effect> {
      if (fails_.load() > 0 && fails_-- > 0) return absl::UnavailableError("asked in vain");
      const std::string id = change.name().substr(change.name().rfind('/') + 1);
      if (id == "2") return Follower::Effect();  // Means nothing here.
      return Follower::Effect([id](Txn& txn, store::Portion&) { return txn.Insert(PlanOf("p" + id)).status(); });
    });
  }
  // Each change of a unit renames the plans that do not have the new title yet.
  std::unique_ptr<Follower> FollowToRename(store::Store& store) {
    return FollowBy(store, [this](const Change& change) -> absl::StatusOr<Follower::Effect> {
      const absl::MutexLock lock(&mutex_);
      seen_.push_back(change.name());
      return Follower::Effect([this](Txn& txn, store::Portion& portion) { return Rename(txn, portion); });
    });
  }
  absl::Status Rename(Txn& txn, store::Portion& portion) {
    ++portions_;
    return store::ChangeEach<Plan>(txn, portion, {.parent = absl::StrCat("cities/", kCity)},
                                   [](Plan& plan) -> absl::StatusOr<bool> {
                                     if (plan.title() == "改名") return false;
                                     plan.set_title("改名");
                                     return true;
                                   });
  }
  void AddPlans(int count) {
    ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                  for (int i = 1; i <= count; ++i) RETURN_IF_ERROR(txn.Insert(PlanOf(absl::StrCat("a", i))).status());
                  return absl::OkStatus();
                }),
                IsOk());
  }
  // How often each plan was changed after it was added.
  std::map<std::string, int> Renamings() const {
    std::map<std::string, int> renamings;
    const auto log = store_->ReadLog(kCity, 0, 10000);
    EXPECT_THAT(log, IsOk());
    for (const store::LogEntry& entry : *log) {
      if (entry.type == "plan" && entry.previous != 0) ++renamings[entry.name];
    }
    return renamings;
  }
  // For a minute at the most.
  static void Await(absl::FunctionRef<bool()> reached) {
    const absl::Time give_up = absl::Now() + absl::Seconds(60);
    while (!reached() && absl::Now() < give_up) absl::SleepFor(absl::Milliseconds(1));
  }
  void AwaitCursor(const std::string& wanted) {
    const auto stored = [&] {
      const auto cursor = Get<FollowCursor>(kCursor, kTest);
      return cursor.ok() ? cursor->cursor() : "";
    };
    Await([&] { return stored() == wanted; });
    EXPECT_EQ(stored(), wanted);
  }
  std::vector<std::string> Seen() {
    const absl::MutexLock lock(&mutex_);
    return seen_;
  }
  size_t Plans() {
    const auto plans = List<Plan>({.parent = absl::StrCat("cities/", kCity), .page_size = 1000});
    EXPECT_THAT(plans, IsOk());
    return plans.ok() ? plans->items.size() : 0;
  }
  // All but the second have an effect.
  void AwaitPlans(size_t wanted) {
    Await([&] { return Plans() >= wanted; });
    EXPECT_EQ(Plans(), wanted);
  }

  static constexpr char kCursor[] = "cities/210800/followCursors/directory";
  const Caller kTest{.kind = Caller::Kind::kService, .name = "services/test"};
  LogOfNames log_{clock_};
  std::atomic<int> fails_{0};
  std::atomic<int> portions_{0};  // Of all renamings.
  absl::Mutex mutex_;
  std::vector<std::string> seen_ ABSL_GUARDED_BY(mutex_);
};

TEST_P(FollowTest, EachChangeOnceAlsoAfterARestart) {
  log_.SetUnits(8);
  {
    const auto follower = Follow(*store_);
    AwaitPlans(7);
    log_.SetUnits(10);
    AwaitPlans(9);
  }
  store_.reset();
  store_ = OpenWith();
  log_.SetUnits(14);
  const auto follower = Follow(*store_);
  AwaitPlans(13);
}

TEST_P(FollowTest, WhatHappenedWhileTheDirectoryWasAwayIsFollowedLater) {
  log_.away = true;
  log_.SetUnits(5);
  const auto follower = Follow(*store_);
  absl::SleepFor(absl::Milliseconds(50));
  EXPECT_EQ(Plans(), 0U);
  log_.away = false;
  AwaitPlans(4);
}

TEST_P(FollowTest, AChangeThatCannotBePreparedIsTriedAgainAndNoneIsPassedOver) {
  fails_ = 7;
  log_.SetUnits(9);
  const auto follower = Follow(*store_);
  AwaitPlans(8);
}

// On PostgreSQL as two processes would, each with its own store; a file has one process.
class TwoFollowersTest : public FollowTest {
 protected:
  void SetUp() override {
    FollowTest::SetUp();
    if (store::IsPostgresUrl(place_)) replica_ = OpenWith();
  }
  store::Store& other() { return replica_ == nullptr ? *store_ : *replica_; }

  std::unique_ptr<store::Store> replica_;
};

TEST_P(TwoFollowersTest, DoEachChangeOnce) {
  auto first = Follow(*store_);
  const auto second = Follow(other());
  int changes = 3;
  for (; changes <= 60; changes += 3) {
    log_.SetUnits(changes);
    AwaitPlans(static_cast<size_t>(changes) - 1);
  }
  first.reset();
  log_.SetUnits(changes);
  AwaitPlans(static_cast<size_t>(changes) - 1);
}

TEST_P(TwoFollowersTest, ShareAChangeOfManyRecords) {
  AddPlans(1500);
  log_.Append("units/1");
  auto first = FollowToRename(*store_);
  const auto second = FollowToRename(other());
  AwaitCursor("first 1");
  EXPECT_THAT(Renamings(), SizeIs(1500));
  EXPECT_THAT(Renamings(), Each(Pair(_, 1)));
  first.reset();
  log_.Append("units/2");
  AwaitCursor("first 2");
}

TEST_P(FollowTest, WhatChangesManyRecordsTakesSeveralTransactions) {
  AddPlans(1500);
  log_.Append("units/1");
  auto follower = FollowToRename(*store_);
  Await([&] { return portions_ > 0; });
  follower.reset();
  EXPECT_LT(Renamings().size(), 1500U);
  EXPECT_EQ(Get<FollowCursor>(kCursor, kTest).status().code(), absl::StatusCode::kNotFound) << "it is not done";
  follower = FollowToRename(*store_);
  AwaitCursor("first 1");
  EXPECT_THAT(Renamings(), SizeIs(1500));
  EXPECT_THAT(Renamings(), Each(Pair(_, 1)));
}

TEST_P(FollowTest, OfALogThatWasRestoredWhatIsNewIsFollowed) {
  AddPlans(1);
  log_.SetUnits(4);
  auto follower = FollowToRename(*store_);
  AwaitCursor("first 4");
  clock_.Advance(absl::Minutes(10));
  log_.Restore(1);
  for (const char* name : {"units/5", "units/6", "units/7", "units/8"}) log_.Append(name);
  AwaitCursor("restored 5");
  EXPECT_THAT(Seen(),
              ElementsAre("units/1", "units/2", "units/3", "units/4", "units/5", "units/6", "units/7", "units/8"));
  follower.reset();
  log_.Append("units/9");
  follower = FollowToRename(*store_);
  AwaitCursor("restored 6");
  EXPECT_THAT(Seen(), SizeIs(9)) << "it goes on from there";
}

TEST_P(FollowTest, ALogThatLostNothingThatTookEffectGoesOnFromThere) {
  AddPlans(1);
  log_.Append("units/1");
  log_.Append("accounts/2");
  log_.Append("accounts/3");
  const auto follower = FollowToRename(*store_);
  AwaitCursor("first 1");
  Await([&] { return log_.asked_after() == "first 3"; });
  log_.Restore(2);
  log_.Append("units/4");
  AwaitCursor("restored 3");
  EXPECT_THAT(Seen(), ElementsAre("units/1", "units/4"));
}

INSTANTIATE_TEST_SUITE_P(Engines, TwoFollowersTest, ::testing::ValuesIn(store::StoreKinds()), store::NameOfKind);
INSTANTIATE_TEST_SUITE_P(Engines, FollowTest, ::testing::ValuesIn(store::StoreKinds()), store::NameOfKind);

}  // namespace
}  // namespace duikou::follow
