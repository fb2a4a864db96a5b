#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_OWNERSHIP_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_OWNERSHIP_H_

#include <string>

#include "absl/status/status.h"
#include "common/base/caller.h"

// For whom somebody acts.
namespace duikou::techtransfer::rules {

// The city of a name: "cities/210800" of "cities/210800/units/yjy".
std::string CityOf(const std::string& name);
// The caller's, "cities/210800"; empty for services.
std::string CityOf(const Caller& by);

// Whether a caller may act for a unit: COORDINATOR and TECH_BROKER for all of their city, a UNIT_OFFICER for his own.
// Services act for all. Reasons: UNIT_OF_OTHERS.
absl::Status CheckActsFor(const Caller& by, const std::string& unit);

// That a unit named in a field is one of the city of the record, and that the caller may act for it. Reasons:
// UNIT_OF_OTHER_CITY, UNIT_OF_OTHERS.
absl::Status CheckOwnUnit(const Caller& by, const std::string& city, const std::string& unit, const std::string& field);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_OWNERSHIP_H_
