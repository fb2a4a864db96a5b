#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_NEGOTIATION_ACTIONS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_NEGOTIATION_ACTIONS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/techtransfer/v1/bid.pb.h"
#include "duikou/techtransfer/v1/listing.pb.h"
#include "duikou/techtransfer/v1/negotiation.pb.h"
#include "services/techtransfer/rules/negotiation_state.h"

// What the two sides of a negotiation do. Those on one that has begun also give NEGOTIATION_STATE_FORBIDS and
// UNIT_OF_OTHERS.
namespace duikou::techtransfer::rules {

constexpr int kMaxTerms = 100;

// Makes a negotiation OPEN, with its sides: of an offer the unit that begins is the buyer, of a demand the seller.
// `counter_listing` is nullptr without one. Reasons: LISTING_STATE_FORBIDS, UNIT_OF_OTHER_CITY, UNIT_OF_OTHERS,
// OWN_LISTING, SAME_KIND, COUNTER_LISTING_OF_OTHERS.
absl::Status Begin(v1::Negotiation& negotiation, const v1::Listing& listing, const v1::Listing* counter_listing,
                   const Caller& by);

// The negotiation that the award of a bid opens, without a name: the bidder sells, the challenge's owner buys.
v1::Negotiation BeginForBid(const v1::Listing& challenge, const v1::Bid& bid);
// An OPEN one of the bidder's about the challenge becomes that of the bid.
void ContinueForBid(v1::Negotiation& negotiation, const v1::Bid& bid);

// The unit of the side that a caller acts for. Where both sides are of his city: his own unit, if it is a side; else
// who acts for the city's units proposes for the unit that began, and accepts for the side that did not propose.
// Reasons: UNIT_OF_OTHERS.
absl::StatusOr<std::string> UnitActedFor(const v1::Negotiation& negotiation, const Caller& by,
                                         NegotiationAction action);

// A new version. Reasons: MODE_MISPLACED, TERMS_TOO_MANY.
absl::Status ProposeTerms(v1::Negotiation& negotiation, const v1::Negotiation::Terms& terms, const Caller& by,
                          absl::Time now);

// OPEN→AGREED: the version that was read, which is the last. Reasons: TERMS_MISSING, TERMS_OUTDATED, TERMS_OF_OWN.
absl::Status AcceptTerms(v1::Negotiation& negotiation, int version, const Caller& by, absl::Time now);

// OPEN or AGREED→BROKEN_OFF. Reasons: CONTRACT_EXISTS.
absl::Status BreakOff(v1::Negotiation& negotiation, const std::string& reason, const Caller& by);

absl::Status CheckPost(const v1::Negotiation& negotiation, const Caller& by);

// Whether a contract may come of it. Reasons: NEGOTIATION_NOT_AGREED, CONTRACT_EXISTS.
absl::Status CheckContractable(const v1::Negotiation& negotiation);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_NEGOTIATION_ACTIONS_H_
