#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_PARTNERSHIP_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_PARTNERSHIP_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "services/personnel/rules/term.h"

namespace duikou::personnel::rules {

// A partnership of the directory as far as it matters here.
struct Partnership {
  struct Member {
    std::string city;  // The name of a city; of a region also of a province, which stands for what lies in it.
    std::string title;
    DayRange period{absl::CivilDay::min(), absl::CivilDay::max()};  // To the first and the last of days where open.
  };
  std::string title;
  std::vector<Member> members;
};

// Whether people can be sent under it from one of these cities to the other on one of these days: each is a member or,
// by its code (GB/T 2260), lies within one, and is so on one of the days. Else one would choose another partnership, of
// other cities or of other years, that has no quota. `field` is where it was named. Reasons: PARTNERSHIP_OF_OTHERS,
// PARTNERSHIP_NOT_IN_FORCE.
absl::Status CheckBetween(const Partnership& partnership, const std::string& home_city, const std::string& host_city,
                          const DayRange& days, const char* field);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_PARTNERSHIP_H_
