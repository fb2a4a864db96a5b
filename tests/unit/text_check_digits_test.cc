#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "common/text/check_digits.h"

namespace duikou::text {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

TEST(UnifiedSocialCreditCode, HoldsForPublishedCodes) {
  for (std::string_view code : {"91330100799655058B"sv, "91350100M000100Y43"sv, "914403001922038216"sv}) {
    EXPECT_EQ(CheckUnifiedSocialCreditCode(code), CreditCodeFault::kNone) << code;
    EXPECT_TRUE(IsUnifiedSocialCreditCode(code));
  }
}

TEST(UnifiedSocialCreditCode, NamesTheFault) {
  EXPECT_EQ(CheckUnifiedSocialCreditCode(""), CreditCodeFault::kLength);
  EXPECT_EQ(CheckUnifiedSocialCreditCode("91330100799655058"), CreditCodeFault::kLength);
  EXPECT_EQ(CheckUnifiedSocialCreditCode("91330100799655058BB"), CreditCodeFault::kLength);
  for (char c : "IOZSVb-\x80\n"sv) {
    std::string code = "91330100799655058B";
    code[9] = c;
    EXPECT_EQ(CheckUnifiedSocialCreditCode(code), CreditCodeFault::kCharacter) << c;
  }
  EXPECT_EQ(CheckUnifiedSocialCreditCode("91330100799655058I"), CreditCodeFault::kCharacter);
  EXPECT_EQ(CheckUnifiedSocialCreditCode("91330100799655058A"), CreditCodeFault::kCheckCharacter);
}

// 31 is prime and no weight is 0 modulo 31, so any one wrong character and any swap of unequal neighbours shows.
TEST(UnifiedSocialCreditCode, FindsEveryWrongCharacterAndEverySwap) {
  const std::string code = "91330100799655058B";
  for (size_t i = 0; i < code.size(); ++i) {
    for (char c : kAlphabet) {
      std::string changed = code;
      changed[i] = c;
      EXPECT_EQ(IsUnifiedSocialCreditCode(changed), c == code[i]) << changed;
    }
    if (i + 1 < code.size() - 1 && code[i] != code[i + 1]) {
      std::string swapped = code;
      std::swap(swapped[i], swapped[i + 1]);
      EXPECT_FALSE(IsUnifiedSocialCreditCode(swapped)) << swapped;
    }
  }
}

TEST(IdentityNumber, HoldsForTheOneOfTheStandardAndNoNeighbour) {
  const std::string good = "11010519491231002X";  // GB 11643-1999.
  EXPECT_TRUE(IsIdentityNumber(good));
  EXPECT_TRUE(IsIdentityNumber("440524188001010014"));
  for (size_t i = 0; i < good.size(); ++i) {
    for (const char c : "0123456789X"sv) {
      std::string other = good;
      other[i] = c;
      EXPECT_EQ(IsIdentityNumber(other), other == good) << other;
    }
  }
  for (std::string_view bad :
       {""sv, "11010519491231002"sv, "11010519491231002x"sv, "110105194912310021X"sv, "1101051949123100２X"sv})
    EXPECT_FALSE(IsIdentityNumber(bad)) << bad;
}

TEST(IdentityNumber, HasADayOfTheCalendar) {
  // The check character of each is right.
  EXPECT_FALSE(IsIdentityNumber("110105199002300019")) << "30 February";
  int good = 0;
  for (char check : "0123456789X"sv) good += IsIdentityNumber("11010519900230001" + std::string(1, check)) ? 1 : 0;
  EXPECT_EQ(good, 0);
  for (char check : "0123456789X"sv) good += IsIdentityNumber("11010520000229001" + std::string(1, check)) ? 1 : 0;
  EXPECT_EQ(good, 1) << "29 February of a leap year";
}

}  // namespace
}  // namespace duikou::text
