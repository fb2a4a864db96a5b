// Following the directory's log, on both engines: each change takes effect once, whatever ends, whoever else follows.
#include <atomic>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
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

// A directory whose log has so many changes, of "units/1" and on, three a page; and which may be away.
class LogOfNames : public rpc::Peers {
 public:
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
    int at = 0;
    if (!request.cursor().empty() && !absl::SimpleAtoi(request.cursor(), &at))
      return absl::InvalidArgumentError("not a cursor of mine");
    for (int i = 0; i < 3 && at < changes; ++i) page.add_changes()->set_name(absl::StrCat("units/", ++at));
    page.set_next_cursor(absl::StrCat(at));
    page.set_end(at == changes);
    return absl::OkStatus();
  }

  std::atomic<int> changes{0};
  std::atomic<bool> away{false};
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
  // Each change makes a plan of its number: a second time it would fail for ever.
  std::unique_ptr<Follower> Follow(store::Store& store) {
    return std::make_unique<Follower>(
        Follower::Options{.self = "test",
                          .types = {"unit"},
                          .period = absl::Milliseconds(5),
                          .cities = [] { return std::vector<std::string>{kCity}; },
                          .prepare = [this](const Change& change) -> absl::StatusOr<Follower::Effect> {
                            if (fails_.load() > 0 && fails_-- > 0) return absl::UnavailableError("asked in vain");
                            const std::string id = change.name().substr(change.name().rfind('/') + 1);
                            if (id == "2") return Follower::Effect();  // Means nothing here.
                            return Follower::Effect([id](Txn& txn) { return txn.Insert(PlanOf("p" + id)).status(); });
                          }},
        store, log_);
  }
  size_t Plans() {
    const auto plans = List<Plan>({.parent = absl::StrCat("cities/", kCity), .page_size = 1000});
    EXPECT_THAT(plans, IsOk());
    return plans.ok() ? plans->items.size() : 0;
  }
  // All but the second have an effect.
  void AwaitPlans(size_t wanted) {
    const absl::Time give_up = absl::Now() + absl::Seconds(60);
    while (Plans() < wanted && absl::Now() < give_up) absl::SleepFor(absl::Milliseconds(5));
    EXPECT_EQ(Plans(), wanted);
  }

  LogOfNames log_;
  std::atomic<int> fails_{0};
};

TEST_P(FollowTest, EachChangeOnceAlsoAfterARestart) {
  log_.changes = 8;
  {
    const auto follower = Follow(*store_);
    AwaitPlans(7);
    log_.changes = 10;
    AwaitPlans(9);
  }
  store_.reset();
  store_ = OpenWith();
  log_.changes = 14;
  const auto follower = Follow(*store_);
  AwaitPlans(13);
}

TEST_P(FollowTest, WhatHappenedWhileTheDirectoryWasAwayIsFollowedLater) {
  log_.away = true;
  log_.changes = 5;
  const auto follower = Follow(*store_);
  absl::SleepFor(absl::Milliseconds(50));
  EXPECT_EQ(Plans(), 0U);
  log_.away = false;
  AwaitPlans(4);
}

TEST_P(FollowTest, AChangeThatCannotBePreparedIsTriedAgainAndNoneIsPassedOver) {
  fails_ = 7;
  log_.changes = 9;
  const auto follower = Follow(*store_);
  AwaitPlans(8);
}

TEST_P(FollowTest, TwoReplicasDoEachChangeOnce) {
  // On PostgreSQL as two processes would, each with its own store; a file has one process.
  const std::unique_ptr<store::Store> other = store::IsPostgresUrl(place_) ? OpenWith() : nullptr;
  const auto first = Follow(*store_), second = Follow(other == nullptr ? *store_ : *other);
  for (int changes = 3; changes <= 60; changes += 3) {
    log_.changes = changes;
    AwaitPlans(static_cast<size_t>(changes) - 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, FollowTest, ::testing::ValuesIn(store::StoreKinds()), store::NameOfKind);

}  // namespace
}  // namespace duikou::follow
