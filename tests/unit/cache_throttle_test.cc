#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "common/cache/throttle.h"
#include "tests/unit/cache_redis_server.h"

namespace duikou::cache {
namespace {

using std::chrono::milliseconds;

Throttle::Options LoginFailures() {
  return {.service = "directory", .purpose = "login-failures", .limit = 5, .window = std::chrono::minutes(15)};
}

TEST(Throttle, AllowsTheLimitAndNoMore) {
  RedisServer server;
  Redis redis(Patient(server.address()));
  for (Redis* backing : {&redis, static_cast<Redis*>(nullptr)}) {
    Throttle throttle(backing, LoginFailures());
    for (int i = 1; i <= 5; ++i) {
      EXPECT_TRUE(throttle.Peek("a").allowed);
      Throttle::Verdict verdict = throttle.Count("a");
      EXPECT_TRUE(verdict.allowed);
      EXPECT_EQ(verdict.count, i);
    }
    EXPECT_FALSE(throttle.Peek("a").allowed);
    Throttle::Verdict verdict = throttle.Count("a");
    EXPECT_FALSE(verdict.allowed);
    EXPECT_GT(verdict.retry_after, std::chrono::minutes(14));
    EXPECT_LE(verdict.retry_after, std::chrono::minutes(15));
    EXPECT_TRUE(throttle.Count("b").allowed);
    throttle.Forgive("a");
    EXPECT_TRUE(throttle.Peek("a").allowed);
    EXPECT_EQ(throttle.Count("a").count, 1);
  }
}

TEST(Throttle, CountsOverAllProcessesUnderAKeyThatEnds) {
  RedisServer server;
  Redis redis(Patient(server.address()));
  Throttle first(&redis, LoginFailures()), second(&redis, LoginFailures());
  for (int i = 0; i < 3; ++i) first.Count("a");
  for (int i = 0; i < 2; ++i) second.Count("a");
  EXPECT_FALSE(first.Peek("a").allowed);
  EXPECT_FALSE(second.Peek("a").allowed);
  EXPECT_EQ(redis.Call({"GET", "duikou:directory:login-failures:a"})->text, "5");
  EXPECT_GT(redis.Call({"PTTL", "duikou:directory:login-failures:a"})->integer, 0);
}

TEST(Throttle, GivesACountWithoutEndAnEnd) {
  RedisServer server;
  Redis redis(Patient(server.address()));
  ASSERT_TRUE(redis.Call({"SET", "duikou:directory:login-failures:a", "3"}).ok());
  Throttle throttle(&redis, LoginFailures());
  EXPECT_EQ(throttle.Count("a").count, 4);
  EXPECT_GT(redis.Call({"PTTL", "duikou:directory:login-failures:a"})->integer, 0);
}

TEST(Throttle, StaysClosedWhenRedisIsWipedOrKilled) {
  RedisServer server;
  Redis redis(Patient(server.address()));
  Throttle throttle(&redis, LoginFailures());
  for (int i = 0; i < 6; ++i) throttle.Count("a");
  ASSERT_TRUE(redis.Call({"FLUSHALL"}).ok());
  EXPECT_FALSE(throttle.Peek("a").allowed);
  server.Kill();
  EXPECT_FALSE(throttle.Peek("a").allowed);
  EXPECT_FALSE(throttle.Count("a").allowed);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(throttle.Count("new").allowed);
  EXPECT_FALSE(throttle.Count("new").allowed);
}

TEST(Throttle, SurvivesAForeignValueUnderItsKey) {
  RedisServer server;
  Redis redis(Patient(server.address()));
  ASSERT_TRUE(redis.Call({"SET", "duikou:directory:login-failures:a", "nonsense"}).ok());
  Throttle throttle(&redis, LoginFailures());
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(throttle.Count("a").allowed);
  EXPECT_FALSE(throttle.Count("a").allowed);
}

TEST(Throttle, BeginsAnewAfterTheWindow) {
  RedisServer server;
  Redis redis(Patient(server.address()));
  Throttle::Options options = LoginFailures();
  options.limit = 1;
  options.window = milliseconds(50);
  Throttle throttle(&redis, options);
  throttle.Count("a");
  throttle.Count("a");
  auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!throttle.Peek("a").allowed) {
    ASSERT_LT(std::chrono::steady_clock::now(), give_up);
    std::this_thread::yield();
  }
  EXPECT_EQ(throttle.Count("a").count, 1);
}

TEST(Throttle, AFloodOfKeysMakesItStricterNotLooser) {
  Throttle::Options options = LoginFailures();
  options.max_keys = 10;
  Throttle throttle(nullptr, options);
  for (int i = 0; i < 6; ++i) throttle.Count("victim");
  for (int i = 0; i < 20000; ++i) throttle.Count("invented" + std::to_string(i));
  EXPECT_FALSE(throttle.Peek("victim").allowed);
  EXPECT_FALSE(throttle.Peek("one more").allowed);
}

TEST(Throttle, LosesNoEventOfManyThreads) {
  Throttle throttle(nullptr, LoginFailures());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) throttle.Count("a");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(throttle.Peek("a").count, 4000);
}

}  // namespace
}  // namespace duikou::cache
