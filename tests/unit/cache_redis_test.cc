#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "common/cache/redis.h"
#include "tests/unit/cache_redis_server.h"

namespace duikou::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Calls until `command` succeeds; the circuit breaker lets a probe through when its window has passed.
bool Recovers(Redis& redis, const Command& command) {
  for (auto end = steady_clock::now() + std::chrono::seconds(20); steady_clock::now() < end;
       std::this_thread::yield()) {
    if (redis.Call(command).ok()) return true;
  }
  return false;
}

TEST(CircuitBreaker, LetsOneProbeThroughPerGrowingWindow) {
  using Pass = CircuitBreaker::Pass;
  CircuitBreaker breaker({.first_window = milliseconds(100), .max_window = milliseconds(300)});
  auto now = steady_clock::time_point() + std::chrono::hours(1);
  EXPECT_EQ(breaker.Ask(now), Pass::kNormal);
  breaker.Report(Pass::kNormal, false, now);
  breaker.Report(Pass::kNormal, false, now + milliseconds(50));  // a straggler does not open it for longer
  for (int window : {100, 200, 300, 300}) {
    EXPECT_EQ(breaker.Ask(now + milliseconds(window - 1)), Pass::kRefused) << window;
    EXPECT_TRUE(breaker.refuses(now + milliseconds(window - 1)));
    now += milliseconds(window);
    EXPECT_FALSE(breaker.refuses(now));
    EXPECT_EQ(breaker.Ask(now), Pass::kProbe) << window;
    EXPECT_EQ(breaker.Ask(now), Pass::kRefused) << window;
    breaker.Report(Pass::kProbe, false, now);
    EXPECT_FALSE(breaker.closed());
  }
  now += milliseconds(300);
  EXPECT_EQ(breaker.Ask(now), Pass::kProbe);
  breaker.Report(Pass::kProbe, true, now);
  EXPECT_TRUE(breaker.closed());
  breaker.Report(Pass::kNormal, false, now);  // begins with the first window again
  EXPECT_EQ(breaker.Ask(now + milliseconds(100)), Pass::kProbe);
}

TEST(Redis, CopiesEveryKindOfReply) {
  RedisServer server;
  for (const std::string& address : {server.address(), server.tcp_address()}) {
    Redis redis(Patient(address));
    std::string binary("a\0\r\n\xFF", 5);
    const Command commands[] = {{"SET", "k", binary},     {"GET", "k"}, {"GET", "absent"},
                                {"INCR", "n:" + address}, {"NONSENSE"}, {"MGET", "k", "absent"}};
    auto replies = redis.Run(commands);
    ASSERT_TRUE(replies.ok()) << replies.status();
    ASSERT_EQ(replies->size(), 6u);
    EXPECT_EQ((*replies)[0].text, "OK");
    EXPECT_EQ((*replies)[1].text, binary);
    EXPECT_TRUE((*replies)[2].is_nil());
    EXPECT_EQ((*replies)[3].integer, 1);
    EXPECT_TRUE((*replies)[4].is_error());
    ASSERT_EQ((*replies)[5].elements.size(), 2u);
    EXPECT_EQ((*replies)[5].elements[0].text, binary);
    EXPECT_TRUE((*replies)[5].elements[1].is_nil());
    EXPECT_EQ(redis.Call({"NONSENSE"}).status().code(), absl::StatusCode::kUnavailable);
    EXPECT_TRUE(redis.available()) << "a command that Redis refuses is no failure of Redis";
    EXPECT_TRUE(redis.Run({})->empty());
  }
}

TEST(Redis, ServesManyThreadsAtOnce) {
  RedisServer server;
  Redis redis({.address = server.address(), .command_timeout = milliseconds(5000), .max_idle_connections = 2});
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 300; ++i) {
        std::string value = std::to_string(t) + ":" + std::to_string(i);
        auto reply = redis.Call({"ECHO", value});
        wrong += !reply.ok() || reply->text != value;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Redis, IsUnavailableWithoutServerAndRefusesAtOnceAfterwards) {
  for (const char* address : {"unix:/nonexistent/redis.sock", "127.0.0.1:1", "no-port", "host:x", ""}) {
    Redis redis({.address = address, .breaker = {.first_window = std::chrono::hours(1)}});
    EXPECT_EQ(redis.Call({"PING"}).status().code(), absl::StatusCode::kUnavailable) << address;
    EXPECT_FALSE(redis.available());
    EXPECT_TRUE(redis.refuses());
    auto start = steady_clock::now();
    for (int i = 0; i < 1000; ++i) EXPECT_FALSE(redis.Call({"PING"}).ok());
    EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(1));
  }
}

TEST(Redis, ComesBackAfterKillAndRestartWithoutAFailedCallInBetween) {
  RedisServer server;
  Redis redis(Patient(server.address()));
  ASSERT_TRUE(redis.Call({"PING"}).ok());
  server.Kill();
  server.Start();
  EXPECT_TRUE(Recovers(redis, {"PING"}));  // the pooled connection is found closed before use
  server.Kill();
  EXPECT_FALSE(redis.Call({"PING"}).ok());
  EXPECT_FALSE(redis.Call({"PING"}).ok());
  server.Start();
  EXPECT_TRUE(Recovers(redis, {"PING"}));
  EXPECT_TRUE(redis.available());
}

TEST(Redis, AFrozenServerCostsOneTimeoutPerWindow) {
  RedisServer server;
  Redis redis({.address = server.address(),
               .command_timeout = milliseconds(50),
               .breaker = {.first_window = milliseconds(100), .max_window = milliseconds(2000)}});
  ASSERT_TRUE(Redis(Patient(server.address())).Call({"SET", "k", "before"}).ok());
  server.Freeze();
  int tried = 0;
  auto start = steady_clock::now();
  while (steady_clock::now() - start < milliseconds(1000)) {
    absl::Status status = redis.Call({"GET", "k"}).status();
    ASSERT_EQ(status.code(), absl::StatusCode::kUnavailable);
    tried += status.message().find("not tried") == absl::string_view::npos;
  }
  EXPECT_GE(tried, 2);
  EXPECT_LE(tried, 5);  // at 0, 150, 400 and 850 ms
  server.Thaw();
  EXPECT_TRUE(Recovers(redis, {"PING"}));
  EXPECT_EQ(redis.Call({"GET", "k"})->text, "before") << "no late answer of an earlier call is taken for this one's";
}

TEST(Redis, ALargePipelineThatIsNotReadInTimeFailsInsteadOfHanging) {
  RedisServer server;
  Redis redis(
      {.address = server.address(), .connect_timeout = std::chrono::seconds(5), .command_timeout = milliseconds(500)});
  ASSERT_TRUE(redis.Call({"PING"}).ok());
  server.Freeze();
  std::vector<Command> commands(64, Command{"SET", "k", std::string(1 << 20, 'x')});
  auto start = steady_clock::now();
  EXPECT_FALSE(redis.Run(commands).ok());
  EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(5));
  server.Thaw();
}

TEST(Redis, SendsItsPassword) {
  RedisServer server({"--requirepass", "secret"});
  RedisOptions knows = Patient(server.address());
  knows.password = "secret";
  EXPECT_TRUE(Redis(knows).Call({"PING"}).ok());
  EXPECT_FALSE(Redis({.address = server.address(), .password = "wrong"}).Call({"PING"}).ok());
  EXPECT_FALSE(Redis({.address = server.address()}).Call({"PING"}).ok());
}

}  // namespace
}  // namespace duikou::cache
