#include "services/personnel/identity.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "common/text/check_digits.h"
#include "services/personnel/rules/dates.h"

namespace duikou::personnel {
namespace {

constexpr char kField[] = "person.identity_number";

absl::Status Differs(const Text& what) {
  return BadField(kField,
                  {absl::StrCat("与", what.zh, "不符。"), absl::StrCat("does not agree with the ", what.en, ".")},
                  "IDENTITY_NUMBER_DIFFERS");
}

}  // namespace

absl::Status CheckIdentityNumber(const v1::Person& person) {
  const absl::string_view number = person.identity_number();
  if (number.empty()) return absl::OkStatus();
  if (!text::IsIdentityNumber(std::string_view(number.data(), number.size()))) {
    return BadField(kField,
                    {"公民身份号码有误:应为 18 位,且校验位相符。",
                     "is no identity number: write 18 characters of which the last is the check digit."},
                    "IDENTITY_NUMBER_INVALID");
  }
  // Digits 7 to 14 are the birth date, digit 17 is odd for men.
  const std::string birth = absl::StrCat(number.substr(6, 4), "-", number.substr(10, 2), "-", number.substr(12, 2));
  if (person.has_birth_date() && FormatDay(rules::ToCivil(person.birth_date())) != birth)
    return Differs({"出生日期", "birth date"});
  const bool male = (number[16] - '0') % 2 == 1;
  if (person.sex() != v1::Person::SEX_UNSPECIFIED && male != (person.sex() == v1::Person::MALE))
    return Differs({"性别", "sex"});
  return absl::OkStatus();
}

}  // namespace duikou::personnel
