#include <string>
#include <string_view>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/text/fold.h"
#include "common/text/search_fold.h"
#include "common/text/utf8.h"
#include "gtest/gtest.h"

namespace duikou::text {
namespace {

std::string Folded(std::string_view text) {
  std::string out;
  for (const char32_t c : SearchFold(text, false).chars) AppendUtf8(c, out);
  return out;
}

// What a folded character came from.
std::string SourceOf(std::string_view text, size_t at) {
  const ByteRange range = SearchFold(text, true).sources.at(at);
  return std::string(text.substr(range.begin, range.end - range.begin));
}

TEST(SearchFold, FoldsAsNamesAreFolded) {
  ASSERT_TRUE(FoldingReady().ok()) << FoldingReady();
  for (const std::string_view text :
       {"", "Yingkou CITY 2022", "營口市與連雲港市對口合作", "各縣(市)區政府", "ABC123", "①项", "Straße", "ガガ",
        "瞭解答覆", "\U0002F81A", "市\u200B工信局\u00AD", "Cafe\u0301", "각", "㎡ ℃ ㍿", "5µm"}) {
    EXPECT_EQ(Folded(text), Folded(Fold(text))) << text;
    EXPECT_EQ(Folded(text), Folded(Folded(text))) << text;
  }
  EXPECT_EQ(Folded("營口ABC(本級)"), "营口abc(本级)");
}

TEST(SearchFold, FoldsACharacterTheSameWhereverItStands) {
  EXPECT_EQ(Folded("乾坤"), Folded("乾") + Folded("坤"));
  EXPECT_EQ(Folded("著名"), Folded("著") + Folded("名"));
}

TEST(SearchFold, KnowsWhereEachCharacterCameFrom) {
  EXPECT_EQ(SourceOf("營口", 0), "營");
  EXPECT_EQ(SourceOf("aABC", 2), "B");
  EXPECT_EQ(SourceOf("x㎡", 1), "㎡");
  EXPECT_EQ(SourceOf("x㎡", 2), "㎡");
  EXPECT_EQ(SourceOf("Cafe\u0301!", 3), "e\u0301");
  EXPECT_EQ(SourceOf("Cafe\u0301!", 4), "!");
  EXPECT_EQ(SourceOf("瞭解", 0), "瞭");
  EXPECT_EQ(SourceOf("A\xFF"
                     "B",
                     1),
            "\xFF");
}

TEST(SearchFold, TakesLinearTimeForMarksWithoutEnd) {
  std::string text = "市a";
  for (int i = 0; i < 100'000; ++i) text += "\u0301";
  for (int i = 0; i < 100'000; ++i) text += "\u0323";
  text += "市";
  // Sorted in one run they would take minutes, not milliseconds.
  const absl::Time begin = absl::Now();
  const FoldedText folded = SearchFold(text, true);
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  ASSERT_EQ(folded.chars.size(), 2 + 200'000u);  // The first mark is part of á.
  ASSERT_EQ(folded.sources.size(), folded.chars.size());
  EXPECT_EQ(folded.sources.front(), (ByteRange{0, 3}));
  EXPECT_EQ(folded.sources[1], (ByteRange{3, 4 + 2 * 30}));
  EXPECT_EQ(folded.sources[1 + 30], (ByteRange{4 + 2 * 30, 4 + 2 * 61}));
  EXPECT_EQ(folded.sources.back(),
            (ByteRange{static_cast<uint32_t>(text.size() - 3), static_cast<uint32_t>(text.size())}));
}

TEST(SearchFold, TurnsBrokenUtf8IntoReplacementCharacters) {
  EXPECT_EQ(Folded("市\xE5\xB7"), "市\uFFFD");
  EXPECT_EQ(Folded("\xFF\x41"), "\uFFFDa");
}

}  // namespace
}  // namespace duikou::text
