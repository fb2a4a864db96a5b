#ifndef DUIKOU_SERVICES_TECHTRANSFER_BIDS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_BIDS_H_

#include "common/store/txn.h"
#include "duikou/techtransfer/v1/challenges.pb.h"

// Bids for challenges. Each entry and withdrawal counts the bids on the challenge's listing, so that of two bids of a
// unit at the same time one comes to nothing.
namespace duikou::techtransfer {

absl::Status OnCreateBid(Txn& txn, const Caller& caller, v1::Bid& bid);
absl::Status OnUpdateBid(Txn& txn, const Caller& caller, const v1::Bid& before, v1::Bid& after);
absl::StatusOr<v1::Bid> WithdrawBid(Txn& txn, const Caller& caller, const v1::WithdrawBidRequest& request);
absl::StatusOr<v1::Bid> ScoreBid(Txn& txn, const Caller& caller, const v1::ScoreBidRequest& request);
absl::StatusOr<v1::Bid> AwardBid(Txn& txn, const Caller& caller, const v1::AwardBidRequest& request);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_BIDS_H_
