#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_BIDS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_BIDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/techtransfer/v1/bid.pb.h"
#include "duikou/techtransfer/v1/listing.pb.h"

// 揭榜挂帅: who may bid for a challenge, what reviewers make of the bids, and to which it is awarded.
namespace duikou::techtransfer::rules {

// Whether a listing takes bids on a day. Reasons: CHALLENGE_MISSING, LISTING_STATE_FORBIDS, AWARDED_BEFORE,
// DEADLINE_PAST.
absl::Status CheckTakesBids(const v1::Listing& listing, absl::CivilDay today);

// Who acts for a bidder: the unit itself, and the COORDINATOR of its city, who sees what is sealed; no broker, who may
// act for another bidder as well. Reasons: UNIT_OF_OTHERS.
absl::Status CheckBidsFor(const Caller& by, const std::string& unit);

// That the bidder is not who set the challenge, and has no other bid for it; `earlier` are the unit's bids for it.
// Reasons: OWN_CHALLENGE, BID_TWICE.
absl::Status CheckBidder(const v1::Bid& bid, const v1::Listing& challenge, const std::vector<v1::Bid>& earlier);

// That the listing which a bid rests on is an OFFER of the bidder's own: on another no contract can rest. Reasons:
// OFFER_OF_OTHERS, SAME_KIND.
absl::Status CheckOffer(const v1::Bid& bid, const v1::Listing& offer);

// Enters a bid, which is then one of those of the challenge.
void Submit(v1::Bid& bid, v1::Listing& challenge);

// A changed bid keeps no scores of what its reviewers have not seen: another text, price, time or offer is scored anew.
void DropStaleScores(const v1::Bid& before, v1::Bid& after);

// SUBMITTED→WITHDRAWN; the challenge has one bid less. Reasons: BID_STATE_FORBIDS, UNIT_OF_OTHERS.
absl::Status Withdraw(v1::Bid& bid, v1::Listing& challenge, const Caller& by);

// Whether the caller is a deputy in another's name. He scores in his own alone: else he would count twice, or the
// other, and of which unit he is himself such a call does not say.
bool IsDeputy(const Caller& by);

// What the caller gave a bid before; null where he gave nothing.
const v1::Bid::Score* ScoreBy(const v1::Bid& bid, const Caller& by);

// The points of the caller, in place of those that he gave before, and the average anew. Reasons: REVIEW_OF_OTHERS,
// REVIEW_BY_DEPUTY, REVIEW_OF_OWN, BID_STATE_FORBIDS, DEADLINE_NOT_REACHED, POINTS_INVALID.
absl::Status Score(v1::Bid& bid, const v1::Listing& challenge, const std::vector<int>& points,
                   const std::string& comment, const Caller& by, absl::Time now);

// The bid→AWARDED and the others→NOT_AWARDED, and the challenge says so. `others` are all other SUBMITTED bids for it.
// Reasons: REVIEW_OF_OTHERS, AWARDED_BEFORE, BID_STATE_FORBIDS, LISTING_STATE_FORBIDS, DEADLINE_NOT_REACHED,
// SCORES_MISSING, REASON_MISSING.
absl::Status Award(v1::Bid& bid, std::vector<v1::Bid>& others, v1::Listing& challenge, const std::string& reason,
                   const Caller& by, absl::CivilDay today);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_BIDS_H_
