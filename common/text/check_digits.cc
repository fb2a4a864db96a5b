#include "common/text/check_digits.h"

#include <algorithm>
#include <cstddef>

#include "absl/time/civil_time.h"

namespace duikou::text {

CreditCodeFault CheckUnifiedSocialCreditCode(std::string_view code) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  constexpr size_t kLength = 18;
  constexpr size_t kModulus = 31;
  static_assert(kAlphabet.size() == kModulus);
  if (code.size() != kLength) return CreditCodeFault::kLength;
  size_t sum = 0;
  size_t weight = 1;  // 3^i mod 31
  for (size_t i = 0; i + 1 < kLength; ++i) {
    size_t value = kAlphabet.find(code[i]);
    if (value == std::string_view::npos) return CreditCodeFault::kCharacter;
    sum += value * weight;
    weight = weight * 3 % kModulus;
  }
  size_t check = kAlphabet.find(code[kLength - 1]);
  if (check == std::string_view::npos) return CreditCodeFault::kCharacter;
  return (sum + check) % kModulus == 0 ? CreditCodeFault::kNone : CreditCodeFault::kCheckCharacter;
}

bool IsIdentityNumber(std::string_view number) {
  constexpr size_t kLength = 18;
  constexpr std::string_view kChecks = "10X98765432";
  if (number.size() != kLength) return false;
  if (!std::all_of(number.begin(), number.end() - 1, [](char c) { return '0' <= c && c <= '9'; })) return false;
  const auto digits = [&](size_t from, size_t count) {
    int value = 0;
    for (size_t i = from; i < from + count; ++i) value = value * 10 + (number[i] - '0');
    return value;
  };
  const int year = digits(6, 4), month = digits(10, 2), day = digits(12, 2);
  const absl::CivilDay birth(year, month, day);
  if (birth.year() != year || birth.month() != month || birth.day() != day) return false;
  size_t sum = 0;
  size_t weight = 1;  // 2^i mod 11, from the check character on.
  for (size_t i = kLength - 1; i-- > 0;) {
    weight = weight * 2 % kChecks.size();
    sum += weight * static_cast<size_t>(number[i] - '0');
  }
  return number[kLength - 1] == kChecks[sum % kChecks.size()];
}

}  // namespace duikou::text
