#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/text/fold.h"

namespace duikou::text {
namespace {

using std::string_view_literals::operator""sv;

struct FoldCase {
  std::string_view text;
  std::string_view folded;
};

TEST(Fold, MakesWaysOfWritingOneNameEqual) {
  ASSERT_TRUE(FoldingReady().ok()) << FoldingReady();
  const FoldCase cases[] = {
      {"", ""},
      {"Yingkou CITY 2022", "yingkou city 2022"},
      {"市工業和信息化局", "市工业和信息化局"},
      {"營口市與連雲港市對口合作", "营口市与连云港市对口合作"},
      {"各縣(市)區政府", "各县(市)区政府"},
      {"各县(市)区政府", "各县(市)区政府"},
      {"ABC123", "abc123"},
      {"⼯信局", "工信局"},                  // U+2F2F, the radical that PDF readers copy for 工
      {"市\u200B工信局\u00AD", "市工信局"},  // invisible characters of web pages
      {"①项", "1项"},
      {"瞭解答覆", "了解答复"},  // phrases of characters that stay when alone
      {"瞭望", "瞭望"},
      {"Straße", "strasse"},
      {"a\0營\0B"sv, "a\0营\0b"sv},
      {"\U0002F81A", "\u51AC"},  // a compatibility ideograph
  };
  for (const FoldCase& c : cases) EXPECT_EQ(Fold(c.text), c.folded) << c.text;
}

TEST(Fold, TurnsBrokenUtf8IntoValidText) {
  EXPECT_EQ(Fold("市\xE5\xB7工"), "市\uFFFD\uFFFD工");
  EXPECT_TRUE(IsValidUtf8(Fold("\xFF\xFE\xC0\x80\xED\xA0\x80")));
}

std::string Repeated(std::string_view text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Fold, JoinsAndOrdersTheMarksOfALetter) {
  EXPECT_EQ(Fold("Cafe\u0301"), "caf\u00E9");
  EXPECT_EQ(Fold("x\u0301\u0323"), "x\u0323\u0301");
  EXPECT_EQ(Fold("a" + Repeated("\u0301", 15) + Repeated("\u0323", 15)),
            "\u1EA1" + Repeated("\u0323", 14) + Repeated("\u0301", 15));
}

TEST(Fold, TakesLinearTimeForMarksWithoutEnd) {
  // Sorted in one run they would take minutes, not milliseconds.
  for (const std::string_view higher : {"\u0301", "\u0344", "\u00AD\u0301"}) {
    const absl::Time begin = absl::Now();
    EXPECT_GE(Fold("a" + Repeated(higher, 100'000) + Repeated("\u0323", 100'000)).size(), 400'000u);
    EXPECT_LT(absl::Now() - begin, absl::Seconds(5)) << higher;
  }
}

TEST(Fold, GivesTheSameFromManyThreads) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&wrong, t] {
      for (int i = 0; i < 2000; ++i)
        wrong[static_cast<size_t>(t)] += Fold("營口市工業和信息化局") != "营口市工业和信息化局";
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(Utf8, KnowsValidFromBroken) {
  for (std::string_view valid :
       {""sv, "a\0b"sv, "对口合作"sv, "\U0010FFFF"sv, "0123456789abcdef对0123456789"sv, "\u07FF\u0800"sv}) {
    EXPECT_TRUE(IsValidUtf8(valid)) << valid;
  }
  struct {
    std::string_view text;
    size_t prefix;
  } broken[] = {{"abc\x80", 3},
                {"\xC0\x80", 0},
                {"\xC1\xBF", 0},
                {"\xE0\x9F\xBF", 0},
                {"a\xED\xA0\x80", 1},
                {"\xF0\x8F\xBF\xBF", 0},
                {"\xF4\x90\x80\x80", 0},
                {"\xF5\x80\x80\x80", 0},
                {"对\xE5\x8F", 3},
                {"12345678\xFF", 8},
                {"\xC3", 0},
                {"\xF0\x9F\x98", 0}};
  for (const auto& c : broken) {
    EXPECT_FALSE(IsValidUtf8(c.text));
    EXPECT_EQ(ValidUtf8Prefix(c.text), c.prefix);
  }
}

TEST(Utf8, ReplacesBrokenBytesOneByOne) {
  EXPECT_EQ(ToValidUtf8(""), "");
  EXPECT_EQ(ToValidUtf8("对口"), "对口");
  EXPECT_EQ(ToValidUtf8("a\xE5\xB7z\xFF"), "a\uFFFD\uFFFDz\uFFFD");
}

TEST(Utf8, CountsAndCutsCodePoints) {
  EXPECT_EQ(CodePoints(""), 0u);
  EXPECT_EQ(CodePoints("对口a\U0001F600"), 4u);
  EXPECT_EQ(Truncate("对口合作", 2), "对口");
  EXPECT_EQ(Truncate("对口合作", 4), "对口合作");
  EXPECT_EQ(Truncate("对口合作", 400), "对口合作");
  EXPECT_EQ(Truncate("对口合作", 0), "");
  EXPECT_EQ(Truncate("a\U0001F600b", 2), "a\U0001F600");
}

TEST(Utf8, AppendsWhatCannotBeWrittenAsReplacement) {
  std::string out;
  for (char32_t c : {U'a', U'\u00E9', U'对', U'\U0001F600', char32_t{0xD800}, char32_t{0x110000}}) AppendUtf8(c, out);
  EXPECT_EQ(out, "a\u00E9对\U0001F600\uFFFD\uFFFD");
}

}  // namespace
}  // namespace duikou::text
