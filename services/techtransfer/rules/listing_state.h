#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_LISTING_STATE_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_LISTING_STATE_H_

#include "absl/status/status.h"
#include "common/base/error.h"
#include "duikou/techtransfer/v1/listing.pb.h"

namespace duikou::techtransfer::rules {

// What is done to a listing, by people or by the clock.
enum class ListingAction {
  kEdit,
  kDelete,
  kSubmit,
  kPublish,
  kReturn,
  kWithdraw,
  kClose,
  kPublicise,
  kObject,
  kSettle,
  kNegotiate,
  kBid,
  kAward,
  kContract,
  kMatch,
  kExpire,
  kReopen,
};
constexpr int kListingActions = static_cast<int>(ListingAction::kReopen) + 1;

Text NameOf(v1::Listing::Kind kind);
Text NameOf(v1::Listing::State state);
Text NameOf(v1::TransferMode mode);
Text NameOf(ListingAction action);

bool Allows(v1::Listing::State state, ListingAction action);
// Reasons: LISTING_STATE_FORBIDS, which names the state and what can be done in it.
absl::Status CheckAllowed(const v1::Listing& listing, ListingAction action);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_LISTING_STATE_H_
