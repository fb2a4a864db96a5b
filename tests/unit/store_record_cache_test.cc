// Records in memory: what stays, what goes, and that nothing is kept across a commit that changed it.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/store/record_cache.h"

namespace duikou::store {
namespace {

constexpr size_t kBytes = size_t{1} << 20;

std::shared_ptr<CachedRecord> Record(const std::string& text, const std::string& party = "cities/110106") {
  auto record = std::make_shared<CachedRecord>();
  record->bytes = text;
  record->facts =
      std::make_shared<schema::AccessFacts>(schema::AccessFacts{.city = "cities/210800", .parties = {party}});
  return record;
}

std::string NameOf(int number) { return absl::StrCat("cities/210800/tasks/t", number); }

void FillMany(RecordCache& cache, int from, int until) {
  for (int i = from; i < until; ++i) cache.Fill(NameOf(i), Record(std::string(200, 'x')), cache.epoch());
}

int Kept(RecordCache& cache, int from, int until) {
  int kept = 0;
  for (int i = from; i < until; ++i) kept += cache.Find(NameOf(i)) != nullptr ? 1 : 0;
  return kept;
}

TEST(StoreRecordCache, WhatIsAskedForStaysWhileOthersPassThrough) {
  RecordCache cache(kBytes);
  FillMany(cache, 0, 50);
  for (int i = 1000; i < 20000; i += 20) {
    FillMany(cache, i, i + 20);
    ASSERT_EQ(Kept(cache, 0, 50), 50) << i;
  }
}

TEST(StoreRecordCache, WhatWasAskedForOnceStaysWhileWhatNobodyReadsPassesThrough) {
  RecordCache cache(kBytes);
  FillMany(cache, 0, 500);
  ASSERT_EQ(Kept(cache, 0, 500), 500);
  FillMany(cache, 1000, 50000);
  EXPECT_EQ(Kept(cache, 0, 500), 500);
}

TEST(StoreRecordCache, WhatIsAskedForNoMoreGivesItsPlace) {
  RecordCache cache(kBytes);
  FillMany(cache, 0, 500);
  ASSERT_EQ(Kept(cache, 0, 500), 500);
  for (int i = 1000; i < 20000; i += 20) {
    FillMany(cache, i, i + 20);
    Kept(cache, i, i + 20);
  }
  EXPECT_EQ(Kept(cache, 0, 500), 0);
}

TEST(StoreRecordCache, HoldsNoMoreThanItsRoomAndWhatCameLast) {
  RecordCache cache(kBytes);
  FillMany(cache, 0, 20000);
  int kept = 0;
  for (int i = 0; i < 20000; ++i) kept += cache.Find(NameOf(i)) != nullptr ? 1 : 0;
  EXPECT_LE(kept, static_cast<int>(kBytes / 200));
  EXPECT_GT(Kept(cache, 19900, 20000), 0);
}

TEST(StoreRecordCache, AnErasedRecordIsGoneWhereverItStands) {
  RecordCache cache(kBytes);
  FillMany(cache, 0, 3000);
  for (int i = 0; i < 3000; ++i) {
    cache.Erase(NameOf(i));
    ASSERT_EQ(cache.Find(NameOf(i)), nullptr) << i;
  }
}

TEST(StoreRecordCache, NothingIsFilledDuringOrAcrossACommit) {
  RecordCache cache(kBytes);
  const uint64_t before = cache.epoch();
  cache.BeginCommit();
  cache.Fill("a", Record("old"), cache.epoch());
  cache.Fill("b", Record("old"), before);
  EXPECT_EQ(cache.Find("a"), nullptr);
  EXPECT_EQ(cache.Find("b"), nullptr);
  cache.EndCommit();
  cache.Fill("b", Record("old"), before);
  EXPECT_EQ(cache.Find("b"), nullptr);
  cache.Fill("b", Record("new"), cache.epoch());
  ASSERT_NE(cache.Find("b"), nullptr);
  EXPECT_EQ(cache.Find("b")->bytes, "new");
}

TEST(StoreRecordCache, EqualFactsAreOneOthersAreNot) {
  RecordCache cache(kBytes);
  cache.Fill("a", Record("x"), cache.epoch());
  cache.Fill("b", Record("y"), cache.epoch());
  cache.Fill("c", Record("z", "cities/320700"), cache.epoch());
  EXPECT_EQ(cache.Find("a")->facts, cache.Find("b")->facts);
  EXPECT_NE(cache.Find("a")->facts, cache.Find("c")->facts);
  EXPECT_EQ(cache.Find("c")->facts->parties, std::vector<std::string>{"cities/320700"});
}

// Of more different facts than are remembered, each record keeps its own.
TEST(StoreRecordCache, ManyDifferentFactsStayWithTheirRecords) {
  RecordCache cache(16 * kBytes);
  for (int i = 0; i < 5000; ++i) cache.Fill(NameOf(i), Record("x", NameOf(i)), cache.epoch());
  for (int i = 0; i < 5000; ++i) {
    ASSERT_NE(cache.Find(NameOf(i)), nullptr);
    ASSERT_EQ(cache.Find(NameOf(i))->facts->parties.front(), NameOf(i));
  }
}

TEST(StoreRecordCache, WithoutRoomKeepsNothing) {
  RecordCache cache(0);
  cache.Fill("a", Record("x"), cache.epoch());
  EXPECT_EQ(cache.Find("a"), nullptr);
}

}  // namespace
}  // namespace duikou::store
