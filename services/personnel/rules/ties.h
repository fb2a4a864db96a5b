#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_TIES_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_TIES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/personnel/v1/engagement.pb.h"

namespace duikou::personnel::rules {

// 回避 (公务员法 arts. 74-76). Spouses, lineal relatives, collateral ones within three generations and close in-laws in
// a direct line of command, or in a control post under that leader, block without waiver; only a variation that names
// the provincial document lets them pass. Reasons: TIE_FORBIDS.
absl::Status CheckTies(const v1::Engagement::Terms& terms, const std::string& prefix);

// Other ties need a decision of both sides' personnel officers about this version. Reasons: TIE_UNDECIDED.
absl::Status CheckTiesDecided(const v1::Engagement& engagement, const v1::Engagement::Terms& waiting);

// Whether a tie of the waiting terms still needs the decision of a side.
bool AwaitsTieDecision(const v1::Engagement& engagement, v1::Engagement::Side side);

// Records a side's decision about the waiting terms, in place of an earlier one. Reasons: TIE_MISSING.
absl::Status DecideTies(v1::Engagement& engagement, v1::Engagement::Side side, const std::string& decision,
                        const Caller& by, absl::Time now);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_TIES_H_
