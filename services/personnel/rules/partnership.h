#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_PARTNERSHIP_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_PARTNERSHIP_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace duikou::personnel::rules {

// A partnership of the directory as far as it matters here.
struct Partnership {
  std::string title;
  std::vector<std::string> members;  // Names of cities; of a region also provinces, which stand for what lies in them.
};

// Whether people can be sent under it from one of these cities to the other: each is a member or, by its code
// (GB/T 2260), lies within one. Else one would choose another partnership, of other cities, that has no quota.
// `field` is where it was named. Reasons: PARTNERSHIP_OF_OTHERS.
absl::Status CheckBetween(const Partnership& partnership, const std::string& home_city, const std::string& host_city,
                          const char* field);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_PARTNERSHIP_H_
