#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_BID_STATE_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_BID_STATE_H_

#include "absl/status/status.h"
#include "common/base/error.h"
#include "duikou/techtransfer/v1/bid.pb.h"

namespace duikou::techtransfer::rules {

// What is done to a bid; it is passed over where another one is awarded.
enum class BidAction {
  kEdit,
  kWithdraw,
  kScore,
  kAward,
  kPassOver,
};
constexpr int kBidActions = static_cast<int>(BidAction::kPassOver) + 1;

Text NameOf(v1::Bid::State state);
Text NameOf(BidAction action);

bool Allows(v1::Bid::State state, BidAction action);
// Reasons: BID_STATE_FORBIDS, which names the state and what can be done in it.
absl::Status CheckAllowed(const v1::Bid& bid, BidAction action);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_BID_STATE_H_
