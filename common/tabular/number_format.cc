#include "common/tabular/number_format.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "common/base/workday.h"

namespace duikou::tabular {
namespace {

constexpr int kMinutesADay = 24 * 60;
// The 29 February 1900 that Excel believes in, by its count.
constexpr int64_t kNoSuchDay = 60;

// Day 0 of each count; 1900 as it is from March on.
absl::CivilDay Epoch(bool from_1904) { return from_1904 ? absl::CivilDay(1904, 1, 1) : absl::CivilDay(1899, 12, 30); }

int64_t LastCount(bool from_1904) { return absl::CivilDay(9999, 12, 31) - Epoch(from_1904); }

// 15 digits are what a spreadsheet keeps and shows; more would show 0.1 as 0.1000000000000000056.
std::string Shortest(double number) { return absl::StrFormat("%.15g", number); }

// A count from day 1 to the last one. Less than half a minute before midnight it is the next day's, but for the last.
std::string MomentText(double count, bool from_1904) {
  const auto whole = static_cast<int64_t>(std::floor(count));
  if (!from_1904 && whole == kNoSuchDay) return Shortest(count);
  auto minutes = static_cast<int64_t>(std::llround((count - static_cast<double>(whole)) * kMinutesADay));
  if (whole == LastCount(from_1904)) minutes = std::min<int64_t>(minutes, kMinutesADay - 1);
  const int64_t before_march = !from_1904 && whole < kNoSuchDay ? 1 : 0;
  const absl::CivilDay day = Epoch(from_1904) + whole + before_march + minutes / kMinutesADay;
  const int64_t rest = minutes % kMinutesADay;
  if (rest == 0) return FormatDay(day);
  return absl::StrFormat("%s %02d:%02d", FormatDay(day), rest / 60, rest % 60);
}

}  // namespace

NumberKind KindOfBuiltIn(int format) {
  if (format == 9 || format == 10) return NumberKind::kShare;
  const bool moment = (format >= 14 && format <= 22) || (format >= 27 && format <= 36) ||
                      (format >= 45 && format <= 47) || (format >= 50 && format <= 58);
  return moment ? NumberKind::kMoment : NumberKind::kPlain;
}

NumberKind KindOfCode(std::string_view code) {
  // Only the first of its sections, which is for positive numbers; nothing in quotes, brackets or after a backslash.
  for (size_t i = 0; i < code.size(); ++i) {
    switch (absl::ascii_tolower(static_cast<unsigned char>(code[i]))) {
      case '"':
      case '[': {
        const size_t end = code.find(code[i] == '[' ? ']' : '"', i + 1);
        if (end == std::string_view::npos) return NumberKind::kPlain;
        i = end;
        break;
      }
      case '\\':
      case '_':
      case '*':
        ++i;
        break;
      case ';':
        return NumberKind::kPlain;
      case '%':
        return NumberKind::kShare;
      case 'y':
      case 'd':
      case 'h':
      case 's':
      case 'm':
        return NumberKind::kMoment;
      case 'g':  // General
        return NumberKind::kPlain;
      default:
        break;
    }
  }
  return NumberKind::kPlain;
}

std::string NumberText(std::string_view value, NumberKind kind, bool from_1904) {
  double number = 0;
  if (!absl::SimpleAtod(absl::string_view(value.data(), value.size()), &number) || !std::isfinite(number))
    return std::string(value);
  if (kind == NumberKind::kShare) return absl::StrCat(Shortest(number * 100), "%");
  if (kind == NumberKind::kMoment && number >= 1 && number < static_cast<double>(LastCount(from_1904) + 1))
    return MomentText(number, from_1904);
  return Shortest(number);
}

double CountOfDay(int year, int month, int day) {
  return static_cast<double>(absl::CivilDay(year, month, day) - Epoch(false));
}

}  // namespace duikou::tabular
