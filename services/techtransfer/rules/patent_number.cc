#include "services/techtransfer/rules/patent_number.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace duikou::techtransfer::rules {
namespace {

constexpr std::array<int, 12> kLongWeights = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
constexpr std::array<int, 8> kShortWeights = {2, 3, 4, 5, 6, 7, 8, 9};

template <size_t kDigits>
char CheckCharacter(absl::string_view digits, const std::array<int, kDigits>& weights) {
  int sum = 0;
  for (size_t i = 0; i < kDigits; ++i) sum += (digits[i] - '0') * weights[i];
  const int rest = sum % 11;
  return rest == 10 ? 'X' : static_cast<char>('0' + rest);
}

v1::Listing::PatentKind KindOf(char digit) {
  const int number = digit - '0';
  return v1::Listing::PatentKind_IsValid(number) ? static_cast<v1::Listing::PatentKind>(number)
                                                 : v1::Listing::PATENT_KIND_UNSPECIFIED;
}

}  // namespace

std::optional<PatentNumber> ParsePatentNumber(absl::string_view text) {
  std::string upper = absl::AsciiStrToUpper(text);
  if (absl::StartsWith(upper, "ZL") || absl::StartsWith(upper, "CN")) upper.erase(0, 2);
  if (upper.size() >= 2 && upper[upper.size() - 2] == '.') upper.erase(upper.size() - 2, 1);
  if (upper.size() != 13 && upper.size() != 9) return std::nullopt;
  const absl::string_view digits = absl::string_view(upper).substr(0, upper.size() - 1);
  if (!std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit)) return std::nullopt;
  const bool is_long = digits.size() == kLongWeights.size();
  const char check = is_long ? CheckCharacter(digits, kLongWeights) : CheckCharacter(digits, kShortWeights);
  PatentNumber number{.text = absl::StrCat(digits, ".", absl::string_view(&check, 1)),
                      .kind = KindOf(digits[is_long ? 4 : 2]),
                      .lapsed = !is_long};
  if (upper.back() != check || number.kind == v1::Listing::PATENT_KIND_UNSPECIFIED) return std::nullopt;
  return number;
}

}  // namespace duikou::techtransfer::rules
