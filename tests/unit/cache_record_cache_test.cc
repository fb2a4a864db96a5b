#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "common/cache/record_cache.h"
#include "tests/unit/cache_redis_server.h"

namespace duikou::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

const std::string kKey = CacheKey("directory", "unit", "cities/210800/units/u1");

Record Found(int64_t version, std::string bytes) {
  return {.version = version, .found = true, .bytes = std::move(bytes)};
}
Record Missing(int64_t version = 0) { return {.version = version}; }

// An owner whose record can be changed, and which counts how often it is asked.
class Owner {
 public:
  RecordCache::Loader loader() {
    return [this]() -> absl::StatusOr<Record> {
      ++loads;
      std::lock_guard lock(mutex_);
      return record_;
    };
  }
  void Set(Record record) {
    std::lock_guard lock(mutex_);
    record_ = std::move(record);
  }
  std::atomic<int> loads{0};

 private:
  std::mutex mutex_;
  Record record_;
};

// Options under which only Redis and the loader answer.
RecordCacheOptions NoLocal() { return {.local_ttl = milliseconds(0)}; }

class RecordCacheTest : public testing::Test {
 protected:
  RedisServer server_;
  Redis redis_{{.address = server_.address(), .command_timeout = milliseconds(500)}};
  Owner owner_;
};

TEST(CacheKey, HasTheShapeOfAllKeys) { EXPECT_EQ(CacheKey("directory", "unit", "u1"), "duikou:directory:unit:u1"); }

TEST_F(RecordCacheTest, LoadsOnceAndAnswersFromBothLevels) {
  RecordCache first(&redis_, {.local_ttl = std::chrono::hours(1)}),
      second(&redis_, {.local_ttl = std::chrono::hours(1)});
  owner_.Set(Found(7, "unit"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*first.Get(kKey, owner_.loader()), Found(7, "unit"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*second.Get(kKey, owner_.loader()), Found(7, "unit"));
  EXPECT_EQ(owner_.loads, 1);
  EXPECT_EQ(first.counts().loaded, 1);
  EXPECT_EQ(first.counts().local, 2);
  EXPECT_EQ(second.counts().shared, 1);
  EXPECT_EQ(second.counts().local, 2);
  int64_t ttl = redis_.Call({"PTTL", kKey})->integer;
  EXPECT_GT(ttl, 25000);
  EXPECT_LE(ttl, 30000);
}

TEST_F(RecordCacheTest, KeepsThatThereIsNoSuchRecordForAShortTime) {
  RecordCache cache(&redis_, NoLocal());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(cache.Get(kKey, owner_.loader())->found);
  EXPECT_EQ(owner_.loads, 1);
  EXPECT_LE(redis_.Call({"PTTL", kKey})->integer, 1000);
}

TEST_F(RecordCacheTest, AnErrorOfTheLoaderIsReturnedAndKeptNowhere) {
  RecordCache cache(&redis_);
  auto result = cache.Get(kKey, []() -> absl::StatusOr<Record> { return absl::UnavailableError("directory is down"); });
  EXPECT_EQ(result.status().message(), "directory is down");
  owner_.Set(Found(1, "unit"));
  EXPECT_TRUE(cache.Get(kKey, owner_.loader())->found);
}

TEST_F(RecordCacheTest, APublicationIsSeenByOtherProcesses) {
  RecordCache owner_side(&redis_), reader(&redis_, NoLocal());
  owner_.Set(Found(1, "old"));
  EXPECT_EQ(reader.Get(kKey, owner_.loader())->bytes, "old");
  owner_side.Publish(kKey, Found(2, "new"));
  EXPECT_EQ(reader.Get(kKey, owner_.loader())->bytes, "new");
  owner_side.Publish(kKey, Missing(3));
  EXPECT_FALSE(reader.Get(kKey, owner_.loader())->found);
  owner_side.Publish(kKey, Found(2, "new"));  // late
  EXPECT_FALSE(reader.Get(kKey, owner_.loader())->found);
  owner_side.Publish(kKey, Found(4, "again"));
  EXPECT_EQ(reader.Get(kKey, owner_.loader())->bytes, "again");
  EXPECT_EQ(owner_.loads, 1);
  EXPECT_GT(redis_.Call({"PTTL", kKey})->integer, 0);
}

TEST_F(RecordCacheTest, ACopyInThisProcessEndsSoon) {
  RecordCache owner_side(&redis_), reader(&redis_, {.local_ttl = milliseconds(500)});
  owner_.Set(Found(1, "old"));
  reader.Get(kKey, owner_.loader()).status().IgnoreError();
  owner_side.Publish(kKey, Found(2, "new"));
  auto published = steady_clock::now();
  while (reader.Get(kKey, owner_.loader())->bytes != "new") {
    ASSERT_LT(steady_clock::now() - published, std::chrono::seconds(1))
        << "a copy is at most 1 s old while Redis lives";
    std::this_thread::yield();
  }
}

// The reader has read version 1 from the owner; before it comes back, version 2 (or a deletion) is published.
TEST_F(RecordCacheTest, ASlowReaderCannotBringBackAnOldCopy) {
  for (const Record& newer : {Found(2, "new"), Missing(2)}) {
    ASSERT_TRUE(redis_.Call({"FLUSHALL"}).ok());
    RecordCache owner_side(&redis_), reader(&redis_, NoLocal());
    auto slow = [&]() -> absl::StatusOr<Record> {
      owner_side.Publish(kKey, newer);
      return Found(1, "old");
    };
    EXPECT_EQ(reader.Get(kKey, slow)->bytes, "old") << "true when it was asked";
    EXPECT_EQ(*reader.Get(kKey, owner_.loader()), newer);
    EXPECT_EQ(owner_.loads, 0);
  }
}

TEST_F(RecordCacheTest, ASlowReaderCannotBringBackAnOldCopyInTheOwnersProcessEither) {
  for (Redis* redis : {&redis_, static_cast<Redis*>(nullptr)}) {
    RecordCache cache(redis, {.local_ttl = std::chrono::hours(1)});
    auto slow = [&]() -> absl::StatusOr<Record> {
      cache.Publish(kKey, Found(2, "new"));
      return Found(1, "old");
    };
    EXPECT_EQ(cache.Get(kKey, slow)->bytes, "new");
    EXPECT_EQ(cache.Get(kKey, owner_.loader())->bytes, "new");
    if (redis != nullptr) {
      ASSERT_TRUE(redis->Call({"FLUSHALL"}).ok());
    }
  }
}

TEST_F(RecordCacheTest, VersionsAboveTwoToThe53AreCompared) {
  constexpr int64_t kBig = (int64_t{1} << 60) + 1;
  RecordCache owner_side(&redis_), reader(&redis_, NoLocal());
  owner_side.Publish(kKey, Found(kBig, "new"));
  owner_side.Publish(kKey, Found(kBig - 1, "old"));
  EXPECT_EQ(*reader.Get(kKey, owner_.loader()), Found(kBig, "new"));
}

// What began after a copy was kept is newer whatever its version: an owner restored from a backup counts from below.
TEST_F(RecordCacheTest, GetLocalAnswersFromThisProcessAlone) {
  RecordCache first(&redis_, {.local_ttl = milliseconds(200)}), second(&redis_);
  owner_.Set(Found(3, "unit"));
  EXPECT_EQ(first.GetLocal(kKey), std::nullopt);
  ASSERT_TRUE(first.Get(kKey, owner_.loader()).ok());
  EXPECT_EQ(first.GetLocal(kKey), Found(3, "unit"));
  EXPECT_EQ(second.GetLocal(kKey), std::nullopt) << "Redis has it, this process has not";
  std::this_thread::sleep_for(milliseconds(250));
  EXPECT_EQ(first.GetLocal(kKey), std::nullopt) << "too old";
  EXPECT_EQ(owner_.loads, 1);
}

TEST(RecordCache, VersionsMayGoBackBetweenReads) {
  Owner owner;
  RecordCache cache(nullptr, {.local_ttl = milliseconds(0)});
  owner.Set(Found(9, "nine"));
  EXPECT_EQ(cache.Get(kKey, owner.loader())->bytes, "nine");
  owner.Set(Missing());
  EXPECT_FALSE(cache.Get(kKey, owner.loader())->found);
}

TEST_F(RecordCacheTest, NobodyReadsACopyOlderThanHeAllows) {
  RecordCache writer(&redis_), reader(&redis_, {.local_ttl = std::chrono::hours(1)});
  owner_.Set(Found(1, "unit"));
  writer.Get(kKey, owner_.loader()).status().IgnoreError();
  ASSERT_TRUE(redis_.Call({"PEXPIRE", kKey, "24000"}).ok());  // as if it were 6 s old
  EXPECT_TRUE(reader.Get(kKey, owner_.loader(), std::chrono::seconds(10))->found);
  EXPECT_EQ(owner_.loads, 1);
  EXPECT_TRUE(reader.Get(kKey, owner_.loader(), std::chrono::seconds(5))->found)
      << "neither of Redis nor of the process";
  EXPECT_EQ(owner_.loads, 2);
  EXPECT_TRUE(reader.Get(kKey, owner_.loader(), std::chrono::seconds(5))->found);
  EXPECT_EQ(owner_.loads, 2);
}

TEST_F(RecordCacheTest, ConcurrentMissesLoadOnce) {
  constexpr int kReaders = 8;
  RecordCache cache(&redis_);
  std::atomic<int> loads{0};
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  auto slow = [&]() -> absl::StatusOr<Record> {
    ++loads;
    released.wait();
    return Found(1, "unit");
  };
  std::vector<std::thread> readers;
  std::atomic<int> good{0};
  for (int i = 0; i < kReaders; ++i) readers.emplace_back([&] { good += cache.Get(kKey, slow)->bytes == "unit"; });
  while (loads == 0) std::this_thread::yield();
  release.set_value();
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(good, kReaders);
  EXPECT_EQ(cache.counts().local + cache.counts().joined + cache.counts().shared + cache.counts().loaded, kReaders);
  EXPECT_LE(loads, 2);  // one that comes after the first load has ended and before its copy is seen may load again
}

TEST(RecordCache, AFailureOfOneCallersLoadIsNotTheOthers) {
  RecordCache cache(nullptr);
  std::promise<void> release;
  std::atomic<bool> loading{false};
  std::thread leader([&] {
    auto result = cache.Get(kKey, [&]() -> absl::StatusOr<Record> {
      loading = true;
      release.get_future().wait();
      return absl::DeadlineExceededError("the leader's own deadline");
    });
    EXPECT_EQ(result.status().code(), absl::StatusCode::kDeadlineExceeded);
  });
  while (!loading) std::this_thread::yield();
  std::thread joiner([&] {
    auto result = cache.Get(kKey, []() -> absl::StatusOr<Record> { return Found(1, "mine"); });
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->bytes, "mine");
  });
  release.set_value();
  leader.join();
  joiner.join();
}

TEST(RecordCache, HoldsNoMoreThanItsBoundAndKeepsWhatIsUsed) {
  Owner owner;
  owner.Set(Found(1, "unit"));
  RecordCache cache(nullptr, {.local_ttl = std::chrono::hours(1), .max_local_records = 160});
  cache.Get(kKey, owner.loader()).status().IgnoreError();
  for (int i = 0; i < 5000; ++i) {
    cache.Get("other" + std::to_string(i), owner.loader()).status().IgnoreError();
    cache.Get(kKey, owner.loader()).status().IgnoreError();
  }
  EXPECT_EQ(owner.loads, 5001) << "the one in use was never dropped";
  for (int i = 0; i < 5000; ++i) cache.Get("other" + std::to_string(i), owner.loader()).status().IgnoreError();
  EXPECT_GT(owner.loads, 5001 + 4500);
}

TEST_F(RecordCacheTest, EveryGetAnswersWhileRedisIsKilledFrozenAndWiped) {
  RecordCache cache(&redis_, NoLocal());
  int64_t version = 0;
  auto expect_current = [&](const char* when) {
    for (int i = 0; i < 20; ++i) {
      auto record = cache.Get(kKey, owner_.loader());
      ASSERT_TRUE(record.ok()) << when << ": " << record.status();
      ASSERT_EQ(record->bytes, std::to_string(version)) << when;
    }
  };
  auto change = [&] {
    ++version;
    owner_.Set(Found(version, std::to_string(version)));
    cache.Publish(kKey, Found(version, std::to_string(version)));
  };
  change();
  expect_current("alive");
  server_.Kill();
  change();
  expect_current("killed");
  server_.Start();
  change();
  expect_current("restarted");
  ASSERT_TRUE(Redis(Patient(server_.address())).Call({"FLUSHALL"}).ok());
  expect_current("wiped");
  server_.Freeze();
  change();
  expect_current("frozen");
  server_.Thaw();
  change();
  expect_current("thawed");
}

TEST_F(RecordCacheTest, WhatWasPublishedWhileRedisWasAwayReachesItAfterwards) {
  RecordCache owner_side(&redis_), reader(&redis_, NoLocal());
  owner_side.Publish(kKey, Found(1, "old"));
  server_.Freeze();
  owner_side.Publish(kKey, Found(2, "new"));
  owner_side.Publish(kKey, Found(3, "newest"));
  owner_side.Publish(CacheKey("directory", "unit", "u2"), Missing(5));
  server_.Thaw();
  Redis other(Patient(server_.address()));
  auto give_up = steady_clock::now() + std::chrono::seconds(20);
  while (reader.Get(kKey, owner_.loader())->bytes != "newest") {
    ASSERT_LT(steady_clock::now(), give_up);
    owner_side.Get("any", owner_.loader()).status().IgnoreError();
  }
  EXPECT_EQ(other.Call({"GET", CacheKey("directory", "unit", "u2")})->text, "0000000000000000005X");
}

TEST_F(RecordCacheTest, AForeignValueUnderAKeyIsAMiss) {
  RecordCache cache(&redis_, NoLocal());
  owner_.Set(Found(1, "unit"));
  for (const char* value : {"", "x", "0000000000000000001", "000000000000000000xFbytes", "0000000000000000001?bytes"}) {
    ASSERT_TRUE(redis_.Call({"SET", kKey, value}).ok());
    EXPECT_EQ(cache.Get(kKey, owner_.loader())->bytes, "unit") << value;
  }
  ASSERT_TRUE(redis_.Call({"DEL", kKey}).ok());
  ASSERT_TRUE(redis_.Call({"RPUSH", kKey, "a list"}).ok());
  EXPECT_EQ(cache.Get(kKey, owner_.loader())->bytes, "unit");
}

// Readers whose local copies are off load and fill each new key while a writer changes and publishes it.
TEST_F(RecordCacheTest, NoReaderSeesARecordGoBack) {
  constexpr int kKeys = 200, kChangesEach = 8;
  RecordCache writer_side(&redis_), reader_side(&redis_, NoLocal());
  owner_.Set(Found(0, "0"));
  std::atomic<int> current{0}, read{-1}, went_back{0}, failed{0};
  std::vector<std::thread> readers;
  for (int r = 0; r < 3; ++r) {
    readers.emplace_back([&] {
      int64_t last = 0;
      for (int key = 0, before = -1; (key = current) < kKeys; before = key) {
        if (key != before) last = 0;
        auto record = reader_side.Get("key" + std::to_string(key), owner_.loader());
        read = key;
        failed += !record.ok();
        if (!record.ok()) continue;
        went_back += record->version < last;
        last = std::max(last, record->version);
      }
    });
  }
  int64_t version = 0;
  for (int key = 0; key < kKeys; ++key) {
    current = key;
    while (read < key) std::this_thread::yield();  // Some reader is at it, however busy the machine is.
    for (int i = 0; i < kChangesEach; ++i) {
      ++version;
      owner_.Set(Found(version, std::to_string(version)));
      writer_side.Publish("key" + std::to_string(key), Found(version, std::to_string(version)));
    }
    EXPECT_EQ(reader_side.Get("key" + std::to_string(key), owner_.loader())->version, version);
  }
  current = kKeys;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(went_back, 0);
  EXPECT_GT(reader_side.counts().loaded, 10);
}

}  // namespace
}  // namespace duikou::cache
