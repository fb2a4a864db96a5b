#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_DEFAULTS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_DEFAULTS_H_

#include "absl/status/status.h"
#include "duikou/techtransfer/v1/matching.pb.h"

// What a city goes by where it has set nothing.
namespace duikou::techtransfer::rules {

// The settings with every default filled in.
v1::TransferSettings WithDefaults(v1::TransferSettings settings);

// Reasons: WEIGHTS_NOT_100, PUBLICITY_TOO_SHORT.
absl::Status CheckSettings(const v1::TransferSettings& settings);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_DEFAULTS_H_
