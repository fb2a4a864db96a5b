#ifndef DUIKOU_SERVICES_TECHTRANSFER_NEGOTIATIONS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_NEGOTIATIONS_H_

#include "common/base/error.h"
#include "common/store/txn.h"
#include "duikou/techtransfer/v1/bid.pb.h"
#include "duikou/techtransfer/v1/listing.pb.h"
#include "duikou/techtransfer/v1/negotiations.pb.h"

// 洽谈, from its begin to what becomes of it. Its listing counts those that are OPEN: each begin and each end rewrites
// the listing, so that two begins of one unit, or a begin and a withdrawal, never both hold.
namespace duikou::techtransfer {

absl::Status OnCreateNegotiation(Txn& txn, const Caller& caller, v1::Negotiation& negotiation);

absl::StatusOr<v1::Negotiation> ProposeTerms(Txn& txn, const Caller& caller, const v1::ProposeTermsRequest& request);
absl::StatusOr<v1::Negotiation> AcceptTerms(Txn& txn, const Caller& caller, const v1::AcceptTermsRequest& request);
absl::StatusOr<v1::Negotiation> BreakOffNegotiation(Txn& txn, const Caller& caller,
                                                    const v1::BreakOffNegotiationRequest& request);

// The OPEN ones about the listing, also as the counter listing, whoever asks.
absl::StatusOr<int> CountOpenNegotiations(const View& view, const std::string& listing);

// Tells every OPEN negotiation about the listing, also as the counter listing, what became of it. The listing itself is
// not stored.
absl::Status TellNegotiations(Txn& txn, const v1::Listing& listing, v1::NegotiationMessage::Kind kind,
                              const Text& text);

// The negotiation of an awarded bid: a new one under the challenge's city, or the bidder's own where it has an OPEN one
// about the challenge already. It is counted on the challenge as it is stored: a caller stores changes of his own to
// the challenge before this, or reads it again after.
absl::StatusOr<v1::Negotiation> OpenForBid(Txn& txn, const v1::Listing& challenge, const v1::Bid& bid);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_NEGOTIATIONS_H_
