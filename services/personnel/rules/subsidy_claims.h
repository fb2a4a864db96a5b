#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_SUBSIDY_CLAIMS_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_SUBSIDY_CLAIMS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "common/base/error.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/person.pb.h"
#include "duikou/personnel/v1/subsidy_claim.pb.h"
#include "duikou/personnel/v1/subsidy_policy.pb.h"

// A claim of a subsidy, from the application to what is recovered (domain.md, personnel). The amounts are those of
// rules/subsidy.h; which months are held, so that none is claimed twice, stands on the person.
namespace duikou::personnel::rules {

// What is done to a claim, by people or by the end of its engagement.
enum class ClaimAction { kReview, kPublicise, kApprove, kRefuse, kPay, kRecordRecovery, kRecover };
constexpr int kClaimActions = static_cast<int>(ClaimAction::kRecover) + 1;

Text NameOf(v1::SubsidyClaim::State state);
bool Allows(v1::SubsidyClaim::State state, ClaimAction action);
// Reasons: CLAIM_STATE_FORBIDS.
absl::Status CheckAllowed(const v1::SubsidyClaim& claim, ClaimAction action);
// Reasons: NOT_PAYER.
absl::Status CheckPayer(const v1::SubsidyClaim& claim, const Caller& by);

// Fills a new claim: →APPLIED, with the policy as it is and an amount for each of its months. Reasons:
// ENGAGEMENT_STATE_FORBIDS, NOT_PAYER (the policy is another city's), POLICY_OF_OTHERS (that city is neither home nor
// host), KIND_DIFFERS, LEVEL_DIFFERS, PERIOD_INVALID, MONTH_NOT_COVERED.
absl::Status Apply(v1::SubsidyClaim& claim, const v1::Engagement& engagement, const v1::SubsidyPolicy& policy,
                   const v1::Person& person, const Caller& by, absl::Time now);

// Whether the caller, or whom he acts for, applied for it, or had it applied for: then another reviews it.
bool HasApplied(const v1::SubsidyClaim& claim, const Caller& by);
// Reasons: SAME_ACCOUNT, where HasApplied.
absl::Status Review(v1::SubsidyClaim& claim, const std::string& comment, const Caller& by, absl::Time now);
// `end` is the last day of the publicity.
absl::Status Publicise(v1::SubsidyClaim& claim, absl::CivilDay end, const Caller& by, absl::Time now);
// The day on which it was publicised, whatever was reckoned anew since, and another last day for it, once holidays are
// known; false when nothing changes.
absl::CivilDay PublicisedOn(const v1::SubsidyClaim& claim);
bool MovePublicityEnd(v1::SubsidyClaim& claim, absl::CivilDay end);
// Reasons: PUBLICITY_RUNS.
absl::Status ApproveClaim(v1::SubsidyClaim& claim, const std::string& comment, const Caller& by, absl::Time now);
absl::Status Refuse(v1::SubsidyClaim& claim, const std::string& reason, const Caller& by, absl::Time now);
// Reasons: DATE_IN_FUTURE.
absl::Status Pay(v1::SubsidyClaim& claim, absl::CivilDay day, const Caller& by, absl::Time now);
// Of 0 fen: of all that is still to be recovered. Returns how much it was. Reasons: DATE_IN_FUTURE, AMOUNT_EXCEEDS.
absl::StatusOr<int64_t> RecordRecovery(v1::SubsidyClaim& claim, int64_t fen, absl::CivilDay day, const Caller& by,
                                       absl::Time now);

// What the days of the engagement, as they stand now, make of a claim. One not yet paid has its amounts anew, and is
// REFUSED when none of its months is due; of one that was paid, what is too much is to be recovered. False: nothing
// changed.
bool Readjust(v1::SubsidyClaim& claim, const v1::Engagement& engagement, const Caller& by, absl::Time now);

// Puts the months in which something of the claim is due in place of those that it held on the person. Reasons:
// MONTH_CLAIMED, naming the other claim where the caller's city may see it.
absl::Status HoldMonths(v1::Person& person, const v1::SubsidyClaim& claim, const v1::Engagement& engagement,
                        const Caller& by);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_SUBSIDY_CLAIMS_H_
