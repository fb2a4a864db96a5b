#include "common/text/check_digits.h"

#include <cstddef>

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

}  // namespace duikou::text
