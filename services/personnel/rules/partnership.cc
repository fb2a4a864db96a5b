#include "services/personnel/rules/partnership.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/workday.h"

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

using Members = std::vector<const Partnership::Member*>;

// Those that a city is, or lies in: one for each time that it was a member, and for each province.
Members MembersOf(const Partnership& partnership, const std::string& city) {
  Members members;
  for (const Partnership::Member& member : partnership.members) {
    if (LiesIn(city, member.city)) members.push_back(&member);
  }
  return members;
}

bool Touch(const DayRange& a, const DayRange& b) {
  const DayRange common = Common(a, b);
  return common.first <= common.last;
}

Text Describe(const DayRange& days) {
  const std::string first = FormatDay(days.first), last = FormatDay(days.last);
  if (days.first == days.last) return {first, first};
  if (days.last == absl::CivilDay::max())
    return {absl::StrCat("自 ", first, " 起"), absl::StrCat("from ", first, " on")};
  if (days.first == absl::CivilDay::min()) return {absl::StrCat("至 ", last, " 止"), absl::StrCat("until ", last)};
  return {absl::StrCat(first, " 至 ", last), absl::StrCat("from ", first, " to ", last)};
}

absl::Status NotInForce(const Partnership& partnership, const Partnership::Member& member, const DayRange& days,
                        const char* field) {
  const std::string& city = member.title.empty() ? member.city : member.title;
  const Text period = Describe(member.period), asked = Describe(days);
  return BadField(
      field,
      {absl::StrCat("“", city, "”在“", partnership.title, "”中的期限为 ", period.zh, ",不含 ", asked.zh,
                    ":请改填届时有效的合作关系,或由名录更正其期限。"),
       absl::StrCat("\"", city, "\" is in \"", partnership.title, "\" ", period.en, ", and not ", asked.en,
                    ": name a partnership that is in force then, or have the directory correct the period.")},
      "PARTNERSHIP_NOT_IN_FORCE");
}

}  // namespace

absl::Status CheckBetween(const Partnership& partnership, const std::string& home_city, const std::string& host_city,
                          const DayRange& days, const char* field) {
  const Members home = MembersOf(partnership, home_city), host = MembersOf(partnership, host_city);
  if (home.empty() || host.empty()) {
    return BadField(
        field,
        {absl::StrCat("“", partnership.title, "”不是派出城市和接收城市之间的合作关系,请改填双方都在其中的。"),
         absl::StrCat("\"", partnership.title,
                      "\" is not between the sending and the receiving city: name a partnership of both.")},
        "PARTNERSHIP_OF_OTHERS");
  }
  for (const Members* members : {&home, &host}) {
    const bool in_force =
        std::any_of(members->begin(), members->end(), [&](const auto* member) { return Touch(member->period, days); });
    if (!in_force) return NotInForce(partnership, *members->back(), days, field);
  }
  return absl::OkStatus();
}

}  // namespace duikou::personnel::rules
