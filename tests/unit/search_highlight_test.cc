#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/search/highlight.h"
#include "common/search/query.h"
#include "common/text/utf8.h"
#include "gtest/gtest.h"

namespace duikou::search {
namespace {

using text::ByteRange;

const Schema& Fields() {
  static const auto* schema =
      new Schema{.texts = {{.name = "title"}, {.name = "abstract"}}, .values = {{.name = "kind"}}};
  return *schema;
}

// The text with [ and ] around what is highlighted.
std::string Marked(std::string_view query, std::string_view text, std::string_view field = "title") {
  const auto parsed = ParseQuery(Fields(), query);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  std::string out;
  size_t at = 0;
  for (const ByteRange range : Highlights(*parsed, Fields(), field, text)) {
    absl::StrAppend(&out, std::string(text.substr(at, range.begin - at)), "[",
                    std::string(text.substr(range.begin, range.end - range.begin)), "]");
    at = range.end;
  }
  return out + std::string(text.substr(at));
}

TEST(Highlight, MarksTheOriginalBytes) {
  EXPECT_EQ(Marked("农业", "中國農業發展銀行"), "中國[農業]發展銀行");
  EXPECT_EQ(Marked("pcr", "用PCR和PCR法"), "用[PCR]和[PCR]法");
  EXPECT_EQ(Marked("㎡", "100㎡"), "100[㎡]");
  EXPECT_EQ(Marked("10kv", "电压10 kV以上"), "电压[10 kV]以上");
  EXPECT_EQ(Marked("hyper*", "Hyperspace and hype"), "[Hyperspace] and hype");
  EXPECT_EQ(Marked("哈哈", "哈哈哈"), "[哈哈哈]");
  EXPECT_EQ(Marked("农业 业银", "农业银行"), "[农业银]行");
  EXPECT_EQ(Marked("café", "Cafe\u0301 NOIR"), "[Cafe\u0301] NOIR");
}

TEST(Highlight, LeavesOutWhatIsNotAskedForHere) {
  EXPECT_EQ(Marked("农业 NOT 银行", "农业银行"), "[农业]银行");
  EXPECT_EQ(Marked("abstract:农业 title:银行", "农业银行"), "农业[银行]");
  EXPECT_EQ(Marked("kind:农业", "农业银行"), "农业银行");
  EXPECT_EQ(Marked("\"农业银行\"", "农业,银行"), "农业,银行");
}

TEST(Highlight, OfSimilarTextsMarksPairsAndWords) {
  const std::string_view text = "水稻除草剂 ABC 稻";
  const std::vector<ByteRange> expected = {{0, 6}, {16, 19}};
  EXPECT_EQ(Highlights(SimilarTo("abc 水稻田"), Fields(), "title", text), expected);
}

TEST(Snippet, ShowsTheMostHighlightsWithinItsLength) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "文";
  text += "农业";
  for (int i = 0; i < 30; ++i) text += "字";
  text += "农业和农业";
  for (int i = 0; i < 30; ++i) text += "尾";
  const auto query = ParseQuery(Fields(), "农业");
  const Snippet snippet = MakeSnippet(text, Highlights(*query, Fields(), "title", text), 11);
  EXPECT_EQ(snippet.text, "字字字农业和农业尾尾尾");
  EXPECT_EQ(snippet.highlights, (std::vector<ByteRange>{{9, 15}, {18, 24}}));
  EXPECT_TRUE(snippet.cut_before);
  EXPECT_TRUE(snippet.cut_after);
}

TEST(Snippet, ShowsTheBeginningWithoutHighlightsAndAllOfAShortText) {
  const Snippet beginning = MakeSnippet("农业发展银行", {}, 2);
  EXPECT_EQ(beginning.text, "农业");
  EXPECT_FALSE(beginning.cut_before);
  EXPECT_TRUE(beginning.cut_after);
  const Snippet all = MakeSnippet("农业", {{3, 6}}, 10);
  EXPECT_EQ(all.text, "农业");
  EXPECT_EQ(all.highlights, (std::vector<ByteRange>{{3, 6}}));
  EXPECT_FALSE(all.cut_before || all.cut_after);
}

TEST(Snippet, NeverCutsACharacterNorForgetsAHighlight) {
  std::mt19937 random(3);
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (size_t left = random() % 40; left > 0; --left)
      text += random() % 3 == 0 ? "a " : random() % 2 == 0 ? "农业" : "𠀀é";
    const auto query = ParseQuery(Fields(), "农业 OR a");
    const size_t length = random() % 12;
    const std::vector<ByteRange> highlights = Highlights(*query, Fields(), "title", text);
    const Snippet snippet = MakeSnippet(text, highlights, length);
    ASSERT_TRUE(text::IsValidUtf8(snippet.text)) << text;
    ASSERT_LE(text::CodePoints(snippet.text), std::max<size_t>(length, 1));
    ASSERT_NE(text.find(snippet.text), std::string::npos);
    ASSERT_EQ(snippet.highlights.empty(), highlights.empty()) << text;
    for (const ByteRange range : snippet.highlights) {
      ASSERT_TRUE(range.begin < range.end && range.end <= snippet.text.size());
      ASSERT_TRUE(text::IsValidUtf8(snippet.text.substr(range.begin, range.end - range.begin)));
    }
  }
}

}  // namespace
}  // namespace duikou::search
