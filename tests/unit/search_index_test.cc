// What an index keeps, forgets, hides and writes down.
#include <atomic>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/search/index.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/counted_new.h"
#include "tests/unit/status_matchers.h"

namespace duikou::search {
namespace {

using ::duikou::testing::Fails;
using ::duikou::testing::IsOk;
using ::testing::ElementsAre;

Schema TestSchema() {
  return {.texts = {{.name = "title", .weight = 2}, {.name = "body"}},
          .values = {{.name = "kind"}, {.name = "reader"}}};
}

Query Parse(const Index& index, std::string_view text) { return *ParseQuery(index.schema(), text); }

std::vector<std::string> Keys(const Response& response) {
  std::vector<std::string> keys;
  for (const Hit& hit : response.hits) keys.push_back(hit.key);
  return keys;
}

TEST(Index, UpdatesAndRemovesForReal) {
  Index index(TestSchema());
  ASSERT_THAT(index.Put(Document("a").Text("title", "水稻").Value("kind", "OFFER")), IsOk());
  ASSERT_THAT(index.Put(Document("a").Text("title", "小麦").Value("kind", "DEMAND")), IsOk());
  EXPECT_EQ(index.Search({.query = Parse(index, "水稻")}).total, 0);
  EXPECT_EQ(index.Search({.query = Parse(index, "kind:offer")}).total, 0);
  EXPECT_THAT(Keys(index.Search({.query = Parse(index, "小麦")})), ElementsAre("a"));
  EXPECT_EQ(index.statistics().documents, 1);
  EXPECT_TRUE(index.Remove("a"));
  EXPECT_FALSE(index.Remove("a"));
  EXPECT_EQ(index.Search({.query = Query{}}).total, 0);
  EXPECT_EQ(index.statistics().documents, 0);
}

TEST(Index, RefusesFieldsThatTheSchemaHasNot) {
  Index index(TestSchema());
  EXPECT_EQ(index.Put(Document("a").Text("titel", "水稻")).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(index.Put(Document("a").Value("kin", "x")).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(index.Search({.query = Query{}}).total, 0);
}

TEST(Index, PutsManyAsOneAfterTheOther) {
  Index index(TestSchema()), one_by_one(TestSchema());
  ASSERT_THAT(index.Put(Document("d0").Text("title", "小麦")), IsOk());
  std::vector<Document> documents;
  for (size_t i = 0; i < 2 * kPutTogether + 10; ++i) {
    documents.emplace_back(absl::StrCat("d", i % 1500), static_cast<int64_t>(i));
    documents.back().Text("title", i % 7 == 0 ? "水稻育种" : "除草剂 PCR").Value("kind", absl::StrCat(i % 3));
    if (i == 1200) documents.back().Text("titel", "水稻");
  }
  EXPECT_EQ(index.PutAll(documents).code(), absl::StatusCode::kInternal);
  for (const Document& document : documents) one_by_one.Put(document).IgnoreError();
  EXPECT_EQ(index.statistics().documents, one_by_one.statistics().documents);
  for (const char* text : {"", "小麦", "水稻", "稻育", "水稻育种", "pcr", "kind:1", "水稻 -kind:2"}) {
    const Request request{.query = Parse(index, text), .limit = kMaxHits, .facets = {"kind"}};
    const Response many = index.Search(request), one = one_by_one.Search(request);
    EXPECT_EQ(many.total, one.total) << text;
    EXPECT_EQ(many.hits, one.hits) << text;
    EXPECT_EQ(many.facets, one.facets) << text;
  }
}

TEST(Index, EqualScoresComeByRankThenKey) {
  Index index(TestSchema());
  for (const auto& [key, rank] : {std::pair{"c", 1}, {"a", 1}, {"b", 2}, {"d", 0}}) {
    ASSERT_THAT(index.Put(Document(key, rank).Text("title", "水稻")), IsOk());
  }
  EXPECT_THAT(Keys(index.Search({.query = Parse(index, "水稻")})), ElementsAre("b", "a", "c", "d"));
  EXPECT_THAT(Keys(index.Search({.query = Parse(index, "水稻"), .offset = 1, .limit = 2})), ElementsAre("a", "c"));
  EXPECT_THAT(Keys(index.Search({.query = Parse(index, "水稻"), .offset = 4})), ElementsAre());
}

// What one may not see leaves no trace: neither in counts and facets, nor in the scores of what one sees.
TEST(Index, WhatIsHiddenIsAsIfItWereNotThere) {
  Index all(TestSchema()), visible(TestSchema());
  for (int i = 0; i < 300; ++i) {
    Document document(absl::StrCat("d", i));
    document.Text("title", i % 2 == 0 ? "水稻育种" : "小麦").Text("body", i % 3 == 0 ? "除草剂 PCR" : "水稻");
    document.Value("kind", i % 5 == 0 ? "DEMAND" : "OFFER").Value("reader", i % 4 == 0 ? "public" : "secret");
    ASSERT_THAT(all.Put(document), IsOk());
    if (i % 4 == 0) {
      ASSERT_THAT(visible.Put(document), IsOk());
    }
  }
  for (const char* text : {"水稻", "水稻 除草剂", "pcr OR 育种", "种", "NOT pcr", "\"水稻育种\"", ""}) {
    Request request{.query = Parse(all, text), .limit = 50, .facets = {"kind", "reader"}};
    const Response expected = visible.Search(request);
    request.visible = ValueIs(all.schema(), "reader", "public");
    const Response by_condition = all.Search(request);
    request.visible.reset();
    request.may_see = [](std::string_view key) { return std::atoi(key.data() + 1) % 4 == 0; };
    const Response by_function = all.Search(request);
    for (const Response& response : {by_condition, by_function}) {
      EXPECT_EQ(response.total, expected.total) << text;
      EXPECT_EQ(response.hits, expected.hits) << text;
      EXPECT_EQ(response.facets, expected.facets) << text;
    }
  }
}

TEST(Index, CountsFacets) {
  Index index(TestSchema());
  ASSERT_THAT(index.Put(Document("a").Text("title", "水稻").Value("kind", "X").Value("kind", "y").Value("kind", "x")),
              IsOk());
  ASSERT_THAT(index.Put(Document("b").Text("title", "水稻").Value("kind", "Y").Value("reader", "z")), IsOk());
  ASSERT_THAT(index.Put(Document("c").Text("title", "小麦").Value("kind", "Y")), IsOk());
  const Response response = index.Search({.query = Parse(index, "水稻"), .facets = {"kind"}});
  ASSERT_EQ(response.facets.size(), 1);
  EXPECT_THAT(response.facets[0].second, ElementsAre(FacetCount{"y", 2}, FacetCount{"x", 1}));
}

// More than a segment holds, updated and removed until segments are merged.
TEST(Index, StaysRightOverManySegments) {
  constexpr int kDocuments = 3 * static_cast<int>(kSegmentDocuments) / 2;
  Index index({.texts = {{.name = "title"}}});
  const auto put = [&](int i, const char* text) {
    ASSERT_THAT(index.Put(Document(absl::StrCat(i), i).Text("title", text)), IsOk());
  };
  for (int i = 0; i < kDocuments; ++i) put(i, i % 10 == 0 ? "水稻育种" : "小麦");
  EXPECT_EQ(index.statistics().segments, 2);
  EXPECT_EQ(index.Search({.query = Parse(index, "水稻")}).total, (kDocuments + 9) / 10);
  EXPECT_THAT(Keys(index.Search({.query = Parse(index, "水稻育种"), .limit = 1})),
              ElementsAre(absl::StrCat((kDocuments - 1) / 10 * 10)));
  for (int i = 0; i < kDocuments; ++i) {
    if (i % 4 == 0) put(i, "玉米");
    if (i % 4 == 1) index.Remove(absl::StrCat(i));
    if (i % 4 == 2) put(i, "水稻");
  }
  size_t rice = 0;
  for (int i = 0; i < kDocuments; ++i) rice += i % 4 == 2 || (i % 4 == 3 && i % 10 == 0) ? 1 : 0;
  EXPECT_EQ(index.Search({.query = Parse(index, "水稻")}).total, rice);
  EXPECT_EQ(index.Search({.query = Parse(index, "玉米")}).total, (kDocuments + 3) / 4);
  EXPECT_EQ(index.statistics().documents, static_cast<size_t>(kDocuments - (kDocuments + 2) / 4));
  for (int i = 0; i < kDocuments; ++i) index.Remove(absl::StrCat(i));
  EXPECT_EQ(index.Search({.query = Query{}}).total, 0);
  EXPECT_EQ(index.statistics().segments, 1);
}

TEST(Index, ReportsTheMemoryItHolds) {
  const int64_t before = ::duikou::testing::AllocatedBytes();
  auto index = std::make_unique<Index>(TestSchema());
  std::mt19937 random(5);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (int c = 0; c < 200; ++c) absl::StrAppend(&text, c % 20 == 0 ? absl::StrCat(" w", random() % 5000, " ") : "");
    for (int c = 0; c < 100; ++c) text += std::string("农业发展银行水稻小麦育种").substr(3 * (random() % 12), 3);
    ASSERT_THAT(index->Put(Document(absl::StrCat("cities/210800/listings/", i)).Text("body", text).Value("kind", "x")),
                IsOk());
  }
  const auto held = static_cast<double>(::duikou::testing::AllocatedBytes() - before);
  const auto reported = static_cast<double>(index->statistics().bytes);
  EXPECT_GT(reported, 0.85 * held);
  EXPECT_LT(reported, 1.15 * held);
  for (int i = 0; i < 3000; ++i) index->Remove(absl::StrCat("cities/210800/listings/", i));
  EXPECT_LT(static_cast<double>(index->statistics().bytes), 0.5 * reported);
  EXPECT_LT(static_cast<double>(::duikou::testing::AllocatedBytes() - before), 0.5 * held);
  index.reset();
}

TEST(Snapshot, GivesTheSameIndexAndCursor) {
  Index index(TestSchema());
  index.SetCursor("210800:17");
  for (int i = 0; i < 100; ++i) {
    ASSERT_THAT(index.Put(Document(absl::StrCat("d", i), i - 50)
                              .Text("title", absl::StrCat("水稻 ", i, "kV"))
                              .Text("title", "PCR")
                              .Text("body", i % 2 == 0 ? "农业" : "")
                              .Value("kind", absl::StrCat(i % 3))),
                IsOk());
  }
  for (int i = 0; i < 100; i += 7) index.Remove(absl::StrCat("d", i));
  const auto again = Index::FromSnapshot(TestSchema(), index.Snapshot());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ((*again)->cursor(), "210800:17");
  EXPECT_EQ((*again)->statistics().documents, index.statistics().documents);
  for (const char* text : {"水稻", "12kv", "农业 pcr", "kind:1", "\"kv pcr\"", "水", "p*"}) {
    const Request request{.query = Parse(index, text), .limit = 100, .facets = {"kind"}};
    EXPECT_EQ((*again)->Search(request).hits, index.Search(request).hits) << text;
    EXPECT_EQ((*again)->Search(request).facets, index.Search(request).facets) << text;
  }
  EXPECT_EQ((*again)->Snapshot(), (*Index::FromSnapshot(TestSchema(), (*again)->Snapshot()))->Snapshot());
}

// An index that is changed for years would grow by each word that ever stood in it.
TEST(Snapshot, LeavesWordsBehindThatNoDocumentHas) {
  Index index(TestSchema());
  for (int i = 0; i < 1000; ++i) {
    ASSERT_THAT(index.Put(Document("always")
                              .Text("title", absl::StrCat("水稻 word", i, "x ", i, "kV"))
                              .Value("kind", absl::StrCat("kind", i))),
                IsOk());
  }
  const auto again = Index::FromSnapshot(TestSchema(), index.Snapshot());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ((*again)->statistics().words, 3U) << "word999x, 999, kv";
  EXPECT_LT(index.Snapshot().size(), 300U);
  for (const char* text : {"word999x", "999kv", "kind:kind999", "水稻"})
    EXPECT_EQ((*again)->Search({.query = Parse(**again, text)}).total, 1U) << text;
  EXPECT_EQ((*again)->Search({.query = Parse(**again, "word1x")}).total, 0U);
}

TEST(Snapshot, DamageIsRefused) {
  Index index(TestSchema());
  ASSERT_THAT(index.Put(Document("a").Text("title", "水稻 PCR").Value("kind", "x")), IsOk());
  const std::string good = index.Snapshot();
  for (size_t i = 0; i < good.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      ASSERT_THAT(Index::FromSnapshot(TestSchema(), bad), Fails(absl::StatusCode::kDataLoss, "SNAPSHOT_DAMAGED")) << i;
    }
    ASSERT_THAT(Index::FromSnapshot(TestSchema(), good.substr(0, i)),
                Fails(absl::StatusCode::kDataLoss, "SNAPSHOT_DAMAGED"));
  }
  Schema other = TestSchema();
  other.texts[0].weight = 4;
  EXPECT_THAT(Index::FromSnapshot(other, good), Fails(absl::StatusCode::kFailedPrecondition, "SNAPSHOT_OUTDATED"));
}

// Each document has two words that are always changed together: no search may see them apart, nor a list in the making.
TEST(Index, ReadersBesideAWriterSeeWholeDocuments) {
  Index index(TestSchema());
  std::atomic<bool> done{false};
  std::atomic<int> searches{0}, wrong{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      const Query either = Parse(index, "水稻 OR 甲乙丙"), both = Parse(index, "水稻 甲乙丙"), one = Parse(index, "稻");
      while (!done) {
        const Response found = index.Search({.query = both, .limit = 1000, .facets = {"kind"}});
        if (found.total != found.hits.size()) ++wrong;
        if (!found.facets[0].second.empty() && found.facets[0].second[0].count != found.total) ++wrong;
        const Query apart = AllOf({either, Not(both)});
        if (index.Search({.query = apart}).total != 0) ++wrong;
        if (index.Search({.query = one, .limit = 1}).total > 200) ++wrong;
        ++searches;
      }
    });
  }
  std::mt19937 random(1);
  for (int i = 0; i < 20'000 || searches < 300; ++i) {
    const std::string key = absl::StrCat(random() % 200);
    if (random() % 3 == 0) {
      index.Remove(key);
    } else {
      const char* text = random() % 2 == 0 ? "水稻甲乙丙" : "小麦";
      ASSERT_THAT(
          index.Put(
              Document(key).Text("title", text).Text("body", absl::StrCat("新词", i % 500, "x")).Value("kind", "k")),
          IsOk());
    }
    if (i % 1000 == 0) index.SetCursor(absl::StrCat(i, index.Snapshot().size()));
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace duikou::search
