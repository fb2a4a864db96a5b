// Random questions to random small indexes, and brute force over the same texts: the same answers, order and scores
// included.
#include "tests/unit/search_oracle.h"

#include <cstdlib>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/search/index.h"
#include "gtest/gtest.h"
#include "tests/unit/status_matchers.h"

namespace duikou::search {
namespace {

Schema TestSchema() {
  return {.texts = {{.name = "title", .weight = 3, .typical_length = 6, .aliases = {"标题"}},
                    {.name = "abstract", .weight = 1, .typical_length = 12},
                    {.name = "both", .weight = 0.5, .typical_length = 3}},
          .values = {{.name = "kind"}, {.name = "both"}, {.name = "reader", .in_queries = false}}};
}

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  size_t Below(size_t end) { return engine_() % end; }
  bool Once(size_t in) { return Below(in) == 0; }
  std::string_view Of(const std::vector<std::string_view>& choices) { return choices[Below(choices.size())]; }

  // Few different ones, so that they meet: single characters, words, numbers, and what stands between.
  std::string Text(size_t most) {
    static const std::vector<std::string_view> kParts = {
        "农",  "业", "银",   "行", "农业", "銀行", "農業", "发展", "中国", "農",  "瞭解", "了", "pcr",   "PCR",
        "DNA", "dn", "h1n1", "10", "10kV", "3.5",  "%",    "kv",   "Kv1",  "B超", "B",    "超", "\u3000"};
    static const std::vector<std::string_view> kBetween = {"", "", "", "", "", "", " ", " ", ",", "。", "-", "/", "\n"};
    std::string out;
    for (size_t left = Below(most + 1); left > 0; --left) absl::StrAppend(&out, Piece(kParts), Piece(kBetween));
    return out;
  }

  Document NewDocument(size_t keys) {
    Document document(absl::StrCat("d", Below(keys)), static_cast<int64_t>(Below(3)));
    document.Text("title", Text(5)).Text("abstract", Text(14));
    for (size_t left = Below(3); left > 0; --left) document.Text("both", Text(3));
    document.Value("kind", Once(2) ? "OFFER" : "Demand");
    if (Once(2)) document.Value("both", Of({"农业", "農業", "a b", ""}));
    for (size_t left = Below(3); left > 0; --left) document.Value("reader", Of({"x", "y", "z"}));
    return document;
  }

  std::string QueryText(size_t depth) {
    if (depth > 0 && Once(3)) {
      const std::string_view join = Of({" ", " AND ", " OR ", " NOT ", " OR NOT ", " -"});
      return absl::StrCat(QueryText(depth - 1), std::string(join), QueryText(depth - 1));
    }
    switch (depth > 0 ? Below(12) : Below(7)) {
      case 0:
        return absl::StrCat("\"", Text(4), "\"");
      case 1:
        return absl::StrCat(Piece({"d", "p", "h1", "10k", "k", "1", "农业", "农"}), "*");
      case 2:
        return absl::StrCat(Piece({"kind:", "both:", "title:", "标题:", "abstract:"}),
                            Piece({"offer", "d*", "农业", "a*", "\"a b\"", "10kv", "农", "pc*", "-", "\"\""}));
      case 7:
        return absl::StrCat("(", QueryText(depth - 1), ")");
      case 8:
        return absl::StrCat(Piece({"title:", "both:", "kind:"}), "(", QueryText(depth - 1), ")");
      case 9:
        return absl::StrCat("NOT ", QueryText(depth - 1));
      case 10:
        return Text(2) + std::string(Of({")", "(", "\"", "*", ":", "AND", "reader:x", "no:x"}));
      default:
        return Text(2);
    }
  }

 private:
  std::string Piece(const std::vector<std::string_view>& choices) { return std::string(Of(choices)); }

  std::mt19937_64 engine_;
};

Request RandomRequest(const Schema& schema, Random& random, std::string& text) {
  Request request{.offset = random.Once(4) ? random.Below(4) : 0, .limit = random.Below(6)};
  if (random.Once(6)) {
    text = random.Text(8);
    request.query = SimilarTo(text, !random.Once(3));
  } else {
    text = random.QueryText(3);
    const auto parsed = ParseQuery(schema, text);
    if (parsed.ok()) {
      request.query = *parsed;
    } else {
      EXPECT_THAT(parsed, ::duikou::testing::Fails(absl::StatusCode::kInvalidArgument, "QUERY_INVALID")) << text;
    }
  }
  if (random.Once(3)) request.facets = {"kind", "both"};
  if (random.Once(8)) request.facet_values = 1;
  if (random.Once(4)) {
    request.visible = AnyOf({ValueIs(schema, "reader", "X"), Not(ValueIs(schema, "reader", "y"))});
  }
  if (random.Once(8)) request.may_see = [](std::string_view key) { return key.back() % 2 == 0; };
  return request;
}

std::string Show(const Response& response) {
  std::string out = absl::StrCat(response.total, ":");
  for (const Hit& hit : response.hits) absl::StrAppend(&out, " ", hit.key, "=", hit.score);
  for (const auto& [field, counts] : response.facets) {
    absl::StrAppend(&out, "; ", field);
    for (const FacetCount& count : counts) absl::StrAppend(&out, " ", count.value, "=", count.count);
  }
  return out;
}

bool Same(const Response& a, const Response& b) {
  return a.total == b.total && a.hits == b.hits && a.facets == b.facets;
}

TEST(SearchOracle, RandomQueriesGiveWhatBruteForceGives) {
  constexpr size_t kQueriesOfIndex = 100;
  const char* given = std::getenv("DUIKOU_QUERIES");
  const size_t queries = given == nullptr ? 100'000 : std::strtoull(given, nullptr, 10);
  Random random(7);
  const Schema schema = TestSchema();
  size_t with_hits = 0;
  for (size_t asked = 0; asked < queries;) {
    const size_t keys = 1 + random.Below(12);
    testing::Oracle oracle(schema);
    auto index = std::make_unique<Index>(schema);
    for (size_t i = 0; i < kQueriesOfIndex; ++i, ++asked) {
      if (i < keys || random.Once(4)) {
        const Document document = random.NewDocument(keys);
        oracle.Put(document);
        ASSERT_THAT(index->Put(document), ::duikou::testing::IsOk());
      }
      if (random.Once(8)) {
        const std::string key = absl::StrCat("d", random.Below(keys));
        oracle.Remove(key);
        index->Remove(key);
      }
      if (random.Once(50)) index = *Index::FromSnapshot(schema, index->Snapshot());
      std::string text;
      const Request request = RandomRequest(schema, random, text);
      const Response expected = oracle.Search(request), got = index->Search(request);
      ASSERT_TRUE(Same(expected, got)) << "query " << asked << ": " << text << "\nbrute force " << Show(expected)
                                       << "\nindex       " << Show(got);
      with_hits += got.hits.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(with_hits, queries / 4);  // Else the questions are not good.
}

// Lists of many blocks, documents with a term many times, and rare terms beside frequent ones.
TEST(SearchOracle, LongListsGiveWhatBruteForceGives) {
  Random random(11);
  const Schema schema = TestSchema();
  for (const size_t longest : {1, 6, 60}) {
    testing::Oracle oracle(schema);
    Index index(schema);
    std::vector<Document> documents;
    for (size_t i = 0; i < 600; ++i) {
      documents.push_back(random.NewDocument(500));
      documents.back().Text("abstract", random.Text(longest));
      if (i % 100 == 7) documents.back().Text("title", "中国农业发展银行 稻田");
      if (i > 300) oracle.Put(documents.back());
    }
    for (const Document& document : std::span(documents).first(301)) oracle.Put(document);
    ASSERT_THAT(index.PutAll(std::span(documents).subspan(301)), ::duikou::testing::IsOk());
    ASSERT_THAT(index.PutAll(std::span(documents).first(301)), ::duikou::testing::IsOk());
    const std::vector<std::string_view> texts = {"农业",         "中国",     "农业发展",         "国农业发",
                                                 "农业发展银行", "中国农业", "业发展银",         "发展 银行",
                                                 "稻田",         "行稻",     "\"农业发展银行\"", "title:农业发展"};
    for (size_t asked = 0; asked < 400; ++asked) {
      std::string text;
      Request request = RandomRequest(schema, random, text);
      if (asked % 2 == 0) {
        text = random.Of(texts);
        request = {.query = *ParseQuery(schema, text), .offset = random.Below(3), .limit = 1 + random.Below(20)};
      }
      const Response expected = oracle.Search(request), got = index.Search(request);
      ASSERT_TRUE(Same(expected, got)) << text << "\nbrute force " << Show(expected) << "\nindex       " << Show(got);
    }
  }
}

}  // namespace
}  // namespace duikou::search
