#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_CLAIMS_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_CLAIMS_H_

#include <string>

#include "absl/status/status.h"
#include "common/base/caller.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/exchange_settings.pb.h"
#include "duikou/personnel/v1/person.pb.h"

namespace duikou::personnel::rules {

// What time of its person an engagement takes as it stands; a pending extension is held as well. Of settings with
// defaults.
v1::Person::Claim ClaimOf(const v1::Engagement& engagement, const v1::ExchangeSettings& settings);

// Whether an engagement takes time of its person at all: not what is REJECTED, WITHDRAWN, LAPSED or CANCELLED.
bool ClaimsTime(const v1::Engagement& engagement);

// Puts the claim of an engagement in place of the one it had, and checks what it takes beyond that one against the
// others: full-time engagements exclude each other in time, shares never sum over 100 %, and no more of a kind at once
// than is set. What takes no more than before is never in conflict, so that it can end whatever has been set meanwhile.
// The record in conflict is named where the caller's city is a party of it. An engagement that takes no time loses its
// claim.
// Reasons: FULL_TIME_OVERLAP, SHARE_EXCEEDED, TOO_MANY_AT_ONCE.
absl::Status Claim(v1::Person& person, const v1::Engagement& engagement, const v1::ExchangeSettings& settings,
                   const Caller& by);

// Who else hosts a person is the business of his own city: another one keeps what it hosts itself of his time and
// months, and itself among the cities that know him.
void ConcealOtherHosts(const Caller& by, v1::Person& person);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_CLAIMS_H_
