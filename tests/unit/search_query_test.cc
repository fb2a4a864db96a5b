// What people complained of, and the language of queries.
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/search/index.h"
#include "common/search/query.h"
#include "common/text/fold.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/status_matchers.h"

namespace duikou::search {
namespace {

using ::duikou::testing::Fails;
using ::duikou::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Schema ListingSchema() {
  return {.texts = {{.name = "title", .weight = 3, .typical_length = 16, .aliases = {"标题"}}, {.name = "abstract"}},
          .values = {{.name = "kind", .aliases = {"类型"}}, {.name = "ipc"}, {.name = "reader", .in_queries = false}}};
}

class QueryTest : public ::testing::Test {
 protected:
  QueryTest() : index_(ListingSchema()) { EXPECT_THAT(text::FoldingReady(), IsOk()); }

  void Add(const std::string& key, std::string_view title, std::string_view abstract = "",
           std::string_view kind = "OFFER") {
    EXPECT_THAT(index_.Put(Document(key).Text("title", title).Text("abstract", abstract).Value("kind", kind)), IsOk());
  }
  std::vector<std::string> Find(std::string_view text) const {
    const auto query = ParseQuery(index_.schema(), text);
    EXPECT_THAT(query, IsOk()) << text;
    std::vector<std::string> keys;
    if (!query.ok()) return keys;
    const Response response = index_.Search({.query = *query, .limit = 100});
    EXPECT_EQ(response.total, response.hits.size());
    for (const Hit& hit : response.hits) keys.push_back(hit.key);
    return keys;
  }

  Index index_;
};

TEST_F(QueryTest, TraditionalAndSimplifiedFindEachOther) {
  Add("simplified", "营口市农业技术转让");
  Add("traditional", "營口市農業技術轉讓");
  for (const char* text : {"农业技术", "農業技術", "\"技術轉讓\"", "標題:营口", "营口市農业"}) {
    if (std::string_view(text).starts_with("標")) continue;  // Names of fields are as the schema has them.
    EXPECT_THAT(Find(text), UnorderedElementsAre("simplified", "traditional")) << text;
  }
}

TEST_F(QueryTest, LatinWordsWithinChineseAreFound) {
  Add("pcr", "采用PCR扩增技术");
  Add("pcrs", "采用PCRS扩增技术");
  Add("wide", "采用PCR扩增技术");
  EXPECT_THAT(Find("pcr"), UnorderedElementsAre("pcr", "wide"));
  EXPECT_THAT(Find("PCR扩增"), UnorderedElementsAre("pcr", "wide"));
  EXPECT_THAT(Find("\"pcr 扩增\""), UnorderedElementsAre("pcr", "wide"));
  EXPECT_THAT(Find("pc*"), UnorderedElementsAre("pcr", "pcrs", "wide"));
}

TEST_F(QueryTest, AgricultureFindsTheAgriculturalDevelopmentBank) {
  Add("bank", "中国农业发展银行");
  Add("other", "中国发展农村银行业");
  EXPECT_THAT(Find("农业"), ElementsAre("bank"));
  EXPECT_THAT(Find("业"), UnorderedElementsAre("bank", "other"));
  EXPECT_THAT(Find("行"), UnorderedElementsAre("bank", "other"));
}

TEST_F(QueryTest, HomophonesDoNotMatch) {
  Add("right", "攻击与工艺");
  Add("wrong", "公鸡与公益");
  EXPECT_THAT(Find("工艺"), ElementsAre("right"));
  EXPECT_THAT(Find("公鸡"), ElementsAre("wrong"));
  EXPECT_THAT(Find("gongji"), IsEmpty());
}

TEST_F(QueryTest, PhrasesStandInOnePiece) {
  Add("whole", "对口合作的实施");
  Add("apart", "对口的单位,合作口合");  // All pairs of 对口合作, but not in one piece.
  EXPECT_THAT(Find("\"对口合作\""), ElementsAre("whole"));
  EXPECT_THAT(Find("对口合作"), ElementsAre("whole"));
  EXPECT_THAT(Find("对口 合作"), UnorderedElementsAre("whole", "apart"));
  Add("words", "deep reinforcement learning");
  Add("reversed", "learning deep reinforcement");
  EXPECT_THAT(Find("\"deep reinforcement learning\""), ElementsAre("words"));
  EXPECT_THAT(Find("deep learning"), UnorderedElementsAre("words", "reversed"));
}

TEST_F(QueryTest, PhrasesDoNotSpanValuesOfAField) {
  EXPECT_THAT(index_.Put(Document("two").Text("title", "农业").Text("title", "银行")), IsOk());
  EXPECT_THAT(Find("农业 银行"), ElementsAre("two"));
  EXPECT_THAT(Find("\"农业 银行\""), IsEmpty());
}

TEST_F(QueryTest, NotExcludes) {
  Add("rice", "水稻育种");
  Add("both", "水稻除草剂");
  EXPECT_THAT(Find("水稻 NOT 除草剂"), ElementsAre("rice"));
  EXPECT_THAT(Find("水稻 -除草剂"), ElementsAre("rice"));
  EXPECT_THAT(Find("NOT 除草剂"), ElementsAre("rice"));
  EXPECT_THAT(Find("NOT (水稻 OR 小麦)"), IsEmpty());
  EXPECT_THAT(Find("NOT NOT 除草剂"), ElementsAre("both"));
}

TEST_F(QueryTest, OperatorsBindAsTheyShould) {
  Add("a", "甲");
  Add("b", "乙");
  Add("ab", "甲,乙");
  Add("bc", "乙,丙");
  EXPECT_THAT(Find("甲 OR 乙 丙"), UnorderedElementsAre("a", "ab", "bc"));
  EXPECT_THAT(Find("(甲 OR 乙) AND 丙"), ElementsAre("bc"));
  EXPECT_THAT(Find("（甲 OR 乙）AND NOT 丙"), UnorderedElementsAre("a", "ab", "b"));
  EXPECT_THAT(Find("甲 and 乙"), IsEmpty());  // Operators are in capitals.
  EXPECT_THAT(Find("“甲 乙”"), ElementsAre("ab"));
}

TEST_F(QueryTest, FieldsAndValuesAreAsked) {
  Add("title", "农业", "工业", "OFFER");
  Add("abstract", "工业", "农业", "DEMAND");
  EXPECT_THAT(Find("title:农业"), ElementsAre("title"));
  EXPECT_THAT(Find("标题:农业"), ElementsAre("title"));
  EXPECT_THAT(Find("abstract:(农业 OR 商业)"), ElementsAre("abstract"));
  EXPECT_THAT(Find("kind:demand"), ElementsAre("abstract"));
  EXPECT_THAT(Find("类型:DEM*"), ElementsAre("abstract"));
  EXPECT_THAT(Find("农业 -kind:OFFER"), ElementsAre("abstract"));
}

TEST_F(QueryTest, NumbersAreFoundWithTheirUnits) {
  Add("glued", "额定电压10kV的开关");
  Add("apart", "额定电压 10 kV");
  Add("more", "额定电压110kV");
  Add("percent", "提高3.5%");
  EXPECT_THAT(Find("10kv"), UnorderedElementsAre("glued", "apart"));
  EXPECT_THAT(Find("\"10 kV\""), UnorderedElementsAre("glued", "apart"));
  EXPECT_THAT(Find("kV"), UnorderedElementsAre("glued", "apart", "more"));
  EXPECT_THAT(Find("3.5%"), ElementsAre("percent"));
  EXPECT_THAT(Find("3.5"), ElementsAre("percent"));
  EXPECT_THAT(Find("3"), IsEmpty());
}

TEST_F(QueryTest, TheBetterComesFirst) {
  Add("long", "关于水稻以及其他许多作物的长期观察与研究的一些初步结果", "其他");
  Add("title", "水稻", "其他");
  std::string abstract = "水稻";
  for (int i = 0; i < 20; ++i) abstract += "的观察与研究,";
  Add("abstract", "其他", abstract);
  EXPECT_THAT(Find("水稻"), ElementsAre("title", "long", "abstract"));
}

TEST_F(QueryTest, BlanksFindEverything) {
  Add("a", "甲");
  Add("b", "乙");
  EXPECT_THAT(Find(""), ElementsAre("a", "b"));
  EXPECT_THAT(Find(" \u3000\n"), ElementsAre("a", "b"));
}

TEST_F(QueryTest, PunctuationBesideWordsIsPassedOver) {
  Add("a", "甲");
  EXPECT_THAT(Find("甲 , ——"), ElementsAre("a"));
  EXPECT_THAT(Find("甲 OR 。"), ElementsAre("a"));
}

TEST_F(QueryTest, ErrorsSayWhereAndWhatToMend) {
  struct {
    std::string text;
    int character;
    std::string_view en;
  } cases[] = {
      {"农业 AND", 7, "missing"},
      {"农业 OR OR 银行", 7, "missing"},
      {"AND 农业", 1, "missing"},
      {"农业 NOT", 7, "missing"},
      {"()", 2, "missing"},
      {"农业 (银行", 4, "not closed"},
      {"农业 银行)", 6, "not opened"},
      {"农业 \"银行", 4, "quotation mark"},
      {"农*业", 3, "end of a word"},
      {"* 农", 1, "end of a word"},
      {":农业", 1, "before the colon"},
      {"农业 人:王", 4, "no field '人' (there are title, abstract, kind, ipc)"},
      {"reader:x", 1, "no field"},
      {"title:", 7, "missing"},
      {"title:kind:x", 7, "within another"},
      {"title:,", 8, "add one"},
      {"。。", 3, "no word"},
      {std::string(50, '(') + "a", 22, "too many brackets"},
      {std::string(kMaxQueryBytes + 1, 'a'), kMaxQueryBytes + 1, "too long"},
  };
  for (const auto& c : cases) {
    const auto query = ParseQuery(index_.schema(), c.text);
    ASSERT_THAT(query, Fails(absl::StatusCode::kInvalidArgument, "QUERY_INVALID")) << c.text;
    const FieldViolation violation = FactsOf(query.status()).violations.front();
    EXPECT_EQ(violation.field, "query");
    EXPECT_THAT(violation.description.en, HasSubstr(absl::StrCat("at character ", c.character, " "))) << c.text;
    EXPECT_THAT(violation.description.en, HasSubstr(std::string(c.en))) << c.text;
    EXPECT_THAT(violation.description.zh, HasSubstr(absl::StrCat("第 ", c.character, " 个字符"))) << c.text;
  }
  std::string many, words;
  for (size_t i = 0; i <= kMaxQueryWords; ++i) many += "a ";
  for (size_t i = 0; i <= kMaxPhraseTokens; ++i) words += "农";
  EXPECT_THAT(ParseQuery(index_.schema(), many), Fails(absl::StatusCode::kInvalidArgument, "QUERY_INVALID"));
  EXPECT_THAT(ParseQuery(index_.schema(), words), Fails(absl::StatusCode::kInvalidArgument, "QUERY_INVALID"));
}

// Each word with * takes every word that begins so, wherever it stands.
TEST_F(QueryTest, WordsWithStarsAreFew) {
  std::string words, values;
  for (size_t i = 0; i < kMaxQueryPrefixes; ++i) {
    words += "\"a b\"* ";
    values += "kind:o* ";
  }
  // One more has the place where it begins; a single character with * is that character, which costs no more.
  EXPECT_THAT(ParseQuery(index_.schema(), words + "a 市* 农业*"), IsOk());
  EXPECT_THAT(ParseQuery(index_.schema(), values + "a 市*"), IsOk());
  for (const std::string& most : {words, values}) {
    for (const char* more : {"2*", "title:2*", "kind:2*", "kind:农*", "(b OR NOT 2*)"}) {
      const auto query = ParseQuery(index_.schema(), most + more);
      ASSERT_THAT(query, Fails(absl::StatusCode::kInvalidArgument, "QUERY_INVALID")) << more;
      const FieldViolation violation = FactsOf(query.status()).violations.front();
      EXPECT_EQ(violation.field, "query");
      EXPECT_THAT(violation.description.en, HasSubstr("too many words with * (at most 10)"));
      EXPECT_THAT(violation.description.zh, HasSubstr("带 * 的词过多"));
    }
  }
  const auto query = ParseQuery(index_.schema(), "市 " + words + "2*");
  EXPECT_THAT(FactsOf(query.status()).violations.front().description.en,
              HasSubstr(absl::StrCat("at character ", 3 + words.size(), " ")));
}

// A text that is not ASCII alone goes the long way, so that its ASCII part must come out the same.
TEST_F(QueryTest, AsciiFoldsTheSameBesideOtherCharacters) {
  std::string ascii;
  for (char c = 0; c < 0x7F; ++c) ascii.push_back(c);
  ascii.push_back(0x7F);
  EXPECT_EQ(FoldValue(absl::StrCat(ascii, "字")), absl::StrCat(FoldValue(ascii), "字"));
}

TEST_F(QueryTest, SimilarTextsShareTheirWords) {
  Add("near", "水稻除草剂的药效试验");
  Add("far", "水库除险加固");
  Add("none", "公益诉讼");
  const Response response = index_.Search({.query = SimilarTo("水稻田除草剂(药效)AND \"(")});
  ASSERT_EQ(response.hits.size(), 2);
  EXPECT_EQ(response.hits[0].key, "near");
  EXPECT_EQ(response.hits[1].key, "far");
  EXPECT_GT(response.hits[0].score, 2 * response.hits[1].score);
  EXPECT_EQ(index_.Search({.query = SimilarTo("")}).total, 0);
}

}  // namespace
}  // namespace duikou::search
