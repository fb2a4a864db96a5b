#include "services/personnel/rules/partnership.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace duikou::personnel::rules {
namespace {

absl::string_view CodeOf(absl::string_view city) { return city.substr(city.rfind('/') + 1); }

// Of six digits the first two are the province, the next the prefecture, the last the county; 00 is all of them.
bool LiesIn(absl::string_view city, absl::string_view member) {
  if (city == member) return true;
  absl::string_view area = CodeOf(member);
  const absl::string_view code = CodeOf(city);
  if (area.size() != 6 || code.size() != 6 || !std::all_of(area.begin(), area.end(), absl::ascii_isdigit)) return false;
  while (absl::EndsWith(area, "00")) area.remove_suffix(2);
  return !area.empty() && absl::StartsWith(code, area);
}

}  // namespace

absl::Status CheckBetween(const Partnership& partnership, const std::string& home_city, const std::string& host_city,
                          const char* field) {
  const auto belongs = [&](const std::string& city) {
    return std::any_of(partnership.members.begin(), partnership.members.end(),
                       [&](const std::string& member) { return LiesIn(city, member); });
  };
  if (belongs(home_city) && belongs(host_city)) return absl::OkStatus();
  return BadField(field,
                  {absl::StrCat("“", partnership.title, "”不是派出城市和接收城市之间的合作关系,请改填双方都在其中的。"),
                   absl::StrCat("\"", partnership.title,
                                "\" is not between the sending and the receiving city: name a partnership of both.")},
                  "PARTNERSHIP_OF_OTHERS");
}

}  // namespace duikou::personnel::rules
