#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_AWAITED_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_AWAITED_H_

#include <optional>
#include <vector>

#include "absl/time/civil_time.h"
#include "common/base/caller.h"
#include "duikou/pending/v1/pending.pb.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/subsidy_claim.pb.h"

namespace duikou::personnel::rules {

using Work = duikou::pending::v1::PendingItem::Work;

// What waits for a caller in a record, and until when.
struct Awaited {
  Work work;
  std::optional<absl::CivilDay> due;

  friend bool operator==(const Awaited&, const Awaited&) = default;
};

// Of an engagement. `evaluated` says that it has its final evaluation.
std::vector<Awaited> AwaitedOf(const v1::Engagement& engagement, bool evaluated, const Caller& by,
                               absl::CivilDay today);
// Of a claim: what its payer's personnel officers and coordinators do next, a review not by who applied.
std::optional<Awaited> AwaitedOf(const v1::SubsidyClaim& claim, const Caller& by, absl::CivilDay today);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_AWAITED_H_
