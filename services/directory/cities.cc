#include "services/directory/cities.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/time_zone.h"
#include "services/directory/rules/unit_succession.h"

namespace duikou::directory {
namespace {

absl::Status CheckCity(const v1::City& city) {
  FieldViolations violations;
  // Ids are in lower case, codes of cities abroad are not.
  const std::string id = absl::AsciiStrToLower(city.code());
  if (city.name() != absl::StrCat("cities/", id)) {
    violations.Add("city_id", {absl::StrCat("应与代码相同(小写):", id, "。"),
                               absl::StrCat("must be the city's code in lower case: ", id, ".")});
  }
  absl::TimeZone zone;
  if (!city.time_zone().empty() && !LoadIanaZone(city.time_zone(), zone)) {
    violations.Add("city.time_zone",
                   {"不是 IANA 时区名,如 Asia/Shanghai。", "is no IANA time zone like Asia/Shanghai."});
  }
  return violations.ToStatus();
}

absl::Status CheckPartnership(const v1::Partnership& partnership) {
  FieldViolations violations;
  if (partnership.kind() == v1::Partnership::PAIR && partnership.members_size() != 2) {
    violations.Add("partnership.members", {"结对关系恰有两个城市。", "A PAIR has exactly two cities."});
  }
  if (partnership.kind() == v1::Partnership::REGION && partnership.members_size() < 2) {
    violations.Add("partnership.members", {"区域至少有两个城市。", "A REGION has at least two cities."});
  }
  for (int i = 0; i < partnership.members_size(); ++i) {
    for (int j = 0; j < i; ++j) {
      if (partnership.members(i).city() != partnership.members(j).city() || partnership.kind() != v1::Partnership::PAIR)
        continue;
      violations.Add(absl::StrCat("partnership.members[", i, "].city"),
                     {"与另一成员相同。", "is the other member already."});
    }
    const v1::Partnership::Member& member = partnership.members(i);
    if (member.has_from() && member.has_until() && rules::ToCivil(member.until()) < rules::ToCivil(member.from())) {
      violations.Add(absl::StrCat("partnership.members[", i, "].until"),
                     {"不能早于 from。", "must not lie before from."});
    }
  }
  return violations.ToStatus();
}

}  // namespace

absl::Status OnCreateCity(Txn&, const Caller&, v1::City& city) { return CheckCity(city); }

absl::Status OnUpdateCity(Txn&, const Caller&, const v1::City&, v1::City& after) { return CheckCity(after); }

absl::Status OnCreatePartnership(Txn&, const Caller&, v1::Partnership& partnership) {
  return CheckPartnership(partnership);
}

absl::Status OnUpdatePartnership(Txn&, const Caller&, const v1::Partnership&, v1::Partnership& after) {
  return CheckPartnership(after);
}

}  // namespace duikou::directory
