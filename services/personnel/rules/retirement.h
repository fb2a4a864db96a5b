#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_RETIREMENT_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_RETIREMENT_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/exchange_settings.pb.h"
#include "duikou/personnel/v1/person.pb.h"

namespace duikou::personnel::rules {

// The statutory retirement date by the settings' table (with defaults): the day on which the age is reached. nullopt
// without birth date or sex.
std::optional<absl::CivilDay> StatutoryRetirement(const v1::Person& person, const v1::ExchangeSettings& settings);

// RETIREE_REHIRE alone: the certificate's date, and the statutory one, which is filled in. `prefix` is that of
// the paths of the terms' fields in the request. Reasons: PERSON_NOT_RETIRED, HOME_UNIT_MISSING (of a cadre),
// RETIREMENT_DATE_MISSING, RETIREMENT_AFTER_START, BIRTH_DATE_MISSING, RETIREMENT_DATE_IMPLAUSIBLE.
absl::Status CheckRetirement(const v1::Person& person, const v1::ExchangeSettings& settings, const std::string& prefix,
                             v1::Engagement::Terms& terms);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_RETIREMENT_H_
