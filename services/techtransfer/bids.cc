#include "services/techtransfer/bids.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/workday.h"
#include "common/store/find_stored.h"
#include "services/techtransfer/negotiations.h"
#include "services/techtransfer/rules/bid_state.h"
#include "services/techtransfer/rules/bids.h"
#include "services/techtransfer/rules/ownership.h"

namespace duikou::techtransfer {
namespace {

using v1::Bid;
using v1::Listing;

// The bidder need not see it any more.
absl::StatusOr<Listing> ChallengeOf(const View& view, const Bid& bid) {
  ASSIGN_OR_RETURN(std::optional<Listing> listing, FindStored<Listing>(view, bid.listing()));
  if (!listing) return UnknownReference("bid.listing", bid.listing());
  return *std::move(listing);
}

absl::Status CheckOffer(const View& view, const Bid& bid) {
  if (bid.offer().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Listing offer, SeenReference<Listing>(view, "bid.offer", bid.offer()));
  return rules::CheckOffer(bid, offer);
}

// All other SUBMITTED bids for the same challenge, of whatever city.
absl::StatusOr<std::vector<Bid>> Rivals(const View& view, const Bid& bid) {
  ASSIGN_OR_RETURN(
      std::vector<Bid> bids,
      WholeView(view)->ListAll<Bid>({.parent = "cities/-", .where = {{"listing", store::Value(bid.listing())}}}));
  std::erase_if(bids, [&](const Bid& each) { return each.name() == bid.name() || each.state() != Bid::SUBMITTED; });
  return bids;
}

}  // namespace

absl::Status OnCreateBid(Txn& txn, const Caller& caller, Bid& bid) {
  const std::string city = rules::CityOf(bid.name());
  RETURN_IF_ERROR(rules::CheckOwnUnit(caller, city, bid.unit(), "bid.unit"));
  RETURN_IF_ERROR(rules::CheckBidsFor(caller, bid.unit()));
  ASSIGN_OR_RETURN(Listing challenge, SeenReference<Listing>(txn, "bid.listing", bid.listing()));
  bid.set_listing(challenge.name());
  RETURN_IF_ERROR(rules::CheckTakesBids(challenge, DayOf(txn.now())));
  ASSIGN_OR_RETURN(
      const std::vector<Bid> earlier,
      WholeView(txn)->ListAll<Bid>(
          {.parent = city, .where = {{"listing", store::Value(bid.listing())}, {"unit", store::Value(bid.unit())}}}));
  RETURN_IF_ERROR(rules::CheckBidder(bid, challenge, earlier));
  RETURN_IF_ERROR(CheckOffer(txn, bid));
  rules::Submit(bid, challenge);
  return txn.Update(std::move(challenge)).status();
}

absl::Status OnUpdateBid(Txn& txn, const Caller& caller, const Bid& before, Bid& after) {
  RETURN_IF_ERROR(rules::CheckBidsFor(caller, before.unit()));
  RETURN_IF_ERROR(rules::CheckAllowed(before, rules::BidAction::kEdit));
  ASSIGN_OR_RETURN(const Listing challenge, ChallengeOf(txn, before));
  RETURN_IF_ERROR(rules::CheckTakesBids(challenge, DayOf(txn.now())));
  RETURN_IF_ERROR(CheckOffer(txn, after));
  rules::DropStaleScores(before, after);
  return absl::OkStatus();
}

absl::StatusOr<Bid> WithdrawBid(Txn& txn, const Caller& caller, const v1::WithdrawBidRequest& request) {
  ASSIGN_OR_RETURN(Bid bid, txn.Get<Bid>(request.name()));
  ASSIGN_OR_RETURN(Listing challenge, ChallengeOf(txn, bid));
  RETURN_IF_ERROR(rules::Withdraw(bid, challenge, caller));
  RETURN_IF_ERROR(txn.Update(std::move(challenge)).status());
  return txn.Update(std::move(bid), request.etag());
}

absl::StatusOr<Bid> ScoreBid(Txn& txn, const Caller& caller, const v1::ScoreBidRequest& request) {
  ASSIGN_OR_RETURN(Bid bid, txn.Get<Bid>(request.name()));
  ASSIGN_OR_RETURN(const Listing challenge, ChallengeOf(txn, bid));
  RETURN_IF_ERROR(rules::Score(bid, challenge, {request.points().begin(), request.points().end()}, request.comment(),
                               caller, txn.now()));
  return txn.Update(std::move(bid), request.etag());
}

absl::StatusOr<Bid> AwardBid(Txn& txn, const Caller& caller, const v1::AwardBidRequest& request) {
  ASSIGN_OR_RETURN(Bid bid, txn.Get<Bid>(request.name()));
  ASSIGN_OR_RETURN(Listing challenge, ChallengeOf(txn, bid));
  ASSIGN_OR_RETURN(std::vector<Bid> rivals, Rivals(txn, bid));
  RETURN_IF_ERROR(rules::Award(bid, rivals, challenge, request.reason(), caller, DayOf(txn.now())));
  txn.Note(request.reason());
  for (Bid& rival : rivals) RETURN_IF_ERROR(txn.Update(std::move(rival)).status());
  ASSIGN_OR_RETURN(const Listing stored, txn.Update(std::move(challenge)));
  ASSIGN_OR_RETURN(const v1::Negotiation negotiation, OpenForBid(txn, stored, bid));
  bid.set_negotiation(negotiation.name());
  return txn.Update(std::move(bid), request.etag());
}

}  // namespace duikou::techtransfer
