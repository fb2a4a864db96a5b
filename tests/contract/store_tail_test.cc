// What follows the change log in memory: every entry once and in its order, however far behind it is.
#include <algorithm>
#include <atomic>
#include <map>
#include <thread>
#include <vector>

#include "common/store/log_tail.h"
#include "tests/contract/store_fixture.h"

namespace duikou::store {
namespace {

using duikou::testing::IsOk;

constexpr char kOtherCity[] = "320700";

class StoreTail : public StoreContract {
 protected:
  void WritePlans(int from, int until, const std::string& city = kCity) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([this, t, from, until, city] {
        for (int i = from + t; i < until; i += 4) {
          EXPECT_THAT(Write([&](Txn& txn) { return txn.Insert(PlanOf(absl::StrCat("p", i), city)).status(); }), IsOk());
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  // A tail that takes what it is given only while it may.
  std::unique_ptr<LogTail> Follow(LogTail::Sequences begin = {}) {
    return std::make_unique<LogTail>(*store_, LogTail::Options{.begin = [begin] { return begin; },
                                                               .take =
                                                                   [this](absl::Span<const LogEntry* const> entries) {
                                                                     while (held_.load())
                                                                       absl::SleepFor(absl::Milliseconds(1));
                                                                     absl::MutexLock lock(&mutex_);
                                                                     for (const LogEntry* entry : entries)
                                                                       taken_[entry->city].push_back(*entry);
                                                                     return absl::OkStatus();
                                                                   }});
  }

  // That what was taken of the city is its log after a sequence.
  void ExpectTaken(const std::string& city, size_t after) {
    const std::vector<LogEntry> log = CheckedLog(city);
    absl::MutexLock lock(&mutex_);
    const std::vector<LogEntry>& taken = taken_[city];
    ASSERT_EQ(taken.size(), log.size() - after);
    for (size_t i = 0; i < taken.size(); ++i) {
      ASSERT_EQ(taken[i].sequence, log[after + i].sequence);
      ASSERT_EQ(taken[i].hash, log[after + i].hash);
      ASSERT_EQ(taken[i].message, log[after + i].message);
    }
  }
  void ExpectReached(const LogTail& tail) {
    const auto reached = tail.Await(absl::Seconds(30));
    ASSERT_THAT(reached, IsOk());
    EXPECT_TRUE(*reached);
    EXPECT_EQ(tail.Percent(), 100);
  }

  std::atomic<bool> held_{false};
  absl::Mutex mutex_;
  std::map<std::string, std::vector<LogEntry>> taken_ ABSL_GUARDED_BY(mutex_);
};
INSTANTIATE_TEST_SUITE_P(Engines, StoreTail, ::testing::ValuesIn(StoreKinds()), NameOfKind);

TEST_P(StoreTail, TakesWhatThereWasAndWhatIsCommitted) {
  WritePlans(0, 700);
  const auto tail = Follow();
  WritePlans(700, 900);
  WritePlans(0, 100, kOtherCity);
  ExpectReached(*tail);
  ExpectTaken(kCity, 0);
  ExpectTaken(kOtherCity, 0);
}

TEST_P(StoreTail, BeginsWhereItIsToldTo) {
  WritePlans(0, 50);
  const auto tail = Follow({{kCity, 20}});
  WritePlans(50, 80);
  ExpectReached(*tail);
  ExpectTaken(kCity, 20);
}

// More than it keeps of what it is told: the rest is read.
TEST_P(StoreTail, ComesAfterWhenItWasFarBehind) {
  const auto tail = Follow();
  WritePlans(0, 10);
  ExpectReached(*tail);
  held_ = true;
  constexpr int kAtOnce = 100, kWrites = 60;
  for (int i = 0; i < kWrites; ++i) {
    ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                  for (int k = 0; k < kAtOnce; ++k)
                    RETURN_IF_ERROR(txn.Insert(PlanOf(absl::StrCat("many", i, "-", k))).status());
                  return absl::OkStatus();
                }),
                IsOk());
  }
  EXPECT_FALSE(*tail->Await(absl::ZeroDuration()));
  EXPECT_LT(tail->Percent(), 100);
  held_ = false;
  ExpectReached(*tail);
  ExpectTaken(kCity, 0);
}

}  // namespace
}  // namespace duikou::store
