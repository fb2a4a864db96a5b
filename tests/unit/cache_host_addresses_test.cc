// Names of hosts: nobody waits for a name server longer than he wants to.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/cache/host_addresses.h"
#include "common/cache/redis.h"
#include "tests/unit/cache_redis_server.h"

namespace duikou::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Addresses = std::vector<std::string>;

constexpr milliseconds kLong{10000};

// A name server whose answers can be held up. Outlives the lookups that are still running.
class NameServer {
 public:
  void Answer(Addresses addresses) {
    const absl::MutexLock lock(&state_->mutex);
    state_->addresses = std::move(addresses);
    state_->answers = true;
  }
  void FallSilent() {
    const absl::MutexLock lock(&state_->mutex);
    state_->answers = false;
  }
  int asked() const {
    const absl::MutexLock lock(&state_->mutex);
    return state_->asked;
  }
  HostAddresses::Lookup lookup() const {
    return [state = state_](const std::string&) {
      const absl::MutexLock lock(&state->mutex);
      ++state->asked;
      state->mutex.Await(absl::Condition(&state->answers));
      return state->addresses;
    };
  }

 private:
  struct State {
    absl::Mutex mutex;
    bool answers = false;
    Addresses addresses;
    int asked = 0;
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Whether it comes to these within ten seconds.
bool Becomes(const HostAddresses& host, const Addresses& expected) {
  for (const auto begin = steady_clock::now(); steady_clock::now() - begin < kLong;) {
    if (host.Get(milliseconds(0)) == expected) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

TEST(HostAddresses, NumericOnesAreKnownAtOnce) {
  const auto never = [](const std::string&) -> Addresses { return {"192.0.2.9"}; };
  EXPECT_EQ(HostAddresses("192.0.2.1", never).Get(milliseconds(0)), Addresses{"192.0.2.1"});
  EXPECT_EQ(HostAddresses("2001:db8::1", never).Get(milliseconds(0)), Addresses{"2001:db8::1"});
}

TEST(HostAddresses, TheSystemKnowsThisHost) {
  const Addresses found = HostAddresses("localhost").Get(kLong);
  ASSERT_FALSE(found.empty());
  EXPECT_TRUE(found[0] == "127.0.0.1" || found[0] == "::1") << found[0];
}

TEST(HostAddresses, ASilentNameServerIsWaitedForAsLongAsTheCallerWants) {
  NameServer server;
  HostAddresses host("redis", server.lookup());
  const auto begin = steady_clock::now();
  EXPECT_TRUE(host.Get(milliseconds(20)).empty());
  EXPECT_LT(steady_clock::now() - begin, kLong / 2);
  for (int i = 0; i < 10; ++i) host.Renew();
  server.Answer({"192.0.2.1"});
  EXPECT_EQ(host.Get(kLong), Addresses{"192.0.2.1"});
  EXPECT_EQ(server.asked(), 1) << "one lookup at a time";
}

TEST(HostAddresses, WhatWasFoundHoldsUntilSomethingElseIs) {
  NameServer server;
  server.Answer({"192.0.2.1"});
  HostAddresses host("redis", server.lookup());
  ASSERT_EQ(host.Get(kLong), Addresses{"192.0.2.1"});
  server.FallSilent();
  host.Renew();
  EXPECT_EQ(host.Get(kLong), Addresses{"192.0.2.1"}) << "without waiting";
  server.Answer({});
  while (server.asked() < 2) std::this_thread::yield();
  EXPECT_EQ(host.Get(kLong), Addresses{"192.0.2.1"}) << "the name is gone: the network may be";
  server.Answer({"192.0.2.2", "192.0.2.3"});
  while (host.Get(milliseconds(0)) == Addresses{"192.0.2.1"}) host.Renew();
  EXPECT_TRUE(Becomes(host, {"192.0.2.2", "192.0.2.3"}));
  server.Answer({});
}

TEST(HostAddresses, MayGoWhileALookupRuns) {
  NameServer server;
  { HostAddresses host("redis", server.lookup()); }
  server.Answer({"192.0.2.1"});
}

TEST(HostAddresses, RedisByNameCostsNoMoreThanItsTimeoutsAndIsFoundAgain) {
  RedisServer redis_server({"--bind", "127.0.0.1"});
  NameServer names;
  const std::string port = redis_server.tcp_address().substr(redis_server.tcp_address().rfind(':'));
  Redis redis({.address = absl::StrCat("redis", port), .connect_timeout = milliseconds(50), .lookup = names.lookup()});
  const auto begin = steady_clock::now();
  EXPECT_FALSE(redis.Call({"PING"}).ok());
  EXPECT_LT(steady_clock::now() - begin, kLong / 2);
  // An address where nobody is, and then the one where it has moved.
  names.Answer({"127.0.0.2"});
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_FALSE(redis.Call({"PING"}).ok());
  names.Answer({"127.0.0.1"});
  bool found = false;
  for (const auto start = steady_clock::now(); !found && steady_clock::now() - start < kLong;) {
    found = redis.Call({"PING"}).ok();
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace duikou::cache
