#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_LIMITS_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_LIMITS_H_

#include <string>
#include <vector>

#include "common/base/error.h"
#include "duikou/personnel/v1/exchange_settings.pb.h"

namespace duikou::personnel::rules {

// The settings of a city with the defaults where it says nothing. A row of the retirement table that lacks a number
// counts as left out.
v1::ExchangeSettings WithDefaults(v1::ExchangeSettings settings);

// Of settings with defaults.
const v1::ExchangeSettings::KindLimits& LimitsOf(const v1::ExchangeSettings& settings, v1::ExchangeKind kind);

// What settings must be besides the limits of their fields: no kind, rank or category twice, a term's limits in order,
// rows of the retirement table complete.
absl::Status CheckSettings(const v1::ExchangeSettings& settings);

Text NameOf(v1::ExchangeKind kind);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_LIMITS_H_
