// Numbers that carry a check digit. Pure: no tables to load, no clock.
#ifndef DUIKOU_COMMON_TEXT_CHECK_DIGITS_H_
#define DUIKOU_COMMON_TEXT_CHECK_DIGITS_H_

#include <string_view>

namespace duikou::text {

// What is wrong with a unified social credit code 统一社会信用代码 (GB 32100-2015).
enum class CreditCodeFault {
  kNone,
  kLength,          // not 18 characters
  kCharacter,       // a character other than 0-9 and A-Z without I, O, Z, S, V; small letters are refused
  kCheckCharacter,  // the 18th character is not the one that the first 17 ask for
};

CreditCodeFault CheckUnifiedSocialCreditCode(std::string_view code);

inline bool IsUnifiedSocialCreditCode(std::string_view code) {
  return CheckUnifiedSocialCreditCode(code) == CreditCodeFault::kNone;
}

// A resident identity number 公民身份号码 (GB 11643-1999): 17 digits, of which the 7th to 14th are a day of the
// calendar, and the check character, 0-9 or X. A small x is refused.
bool IsIdentityNumber(std::string_view number);

}  // namespace duikou::text

#endif  // DUIKOU_COMMON_TEXT_CHECK_DIGITS_H_
