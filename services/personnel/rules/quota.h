#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_QUOTA_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_QUOTA_H_

#include <string>

#include "absl/status/status.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/quota.pb.h"

namespace duikou::personnel::rules {

// What there is one quota of: partnership, direction (under the home city, so the host alone), year and kind.
std::string QuotaKey(const std::string& partnership, const std::string& host_city, int64_t year, v1::ExchangeKind kind);

// A seat goes RESERVED→CONSUMED or RESERVED→RELEASED, once; the engagement says how far it is, so that a quota's counts
// are always those of its engagements.

// Reserves a seat for an engagement that has none. Reasons: QUOTA_EXHAUSTED.
absl::Status Reserve(v1::Quota& quota, v1::Engagement& engagement);
// At 报到. Without effect on what holds no reserved seat, as the next.
void Consume(v1::Quota& quota, v1::Engagement& engagement);
// Of what came to nothing before 报到.
void Release(v1::Quota& quota, v1::Engagement& engagement);

// Reasons: QUOTA_BELOW_USE.
absl::Status CheckSeats(const v1::Quota& quota);
// Reasons: QUOTA_IN_USE.
absl::Status CheckUnused(const v1::Quota& quota);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_QUOTA_H_
