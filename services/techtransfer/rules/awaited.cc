#include "services/techtransfer/rules/awaited.h"

#include <algorithm>

#include "duikou/type/v1/role.pb.h"
#include "services/techtransfer/rules/bids.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/listing_actions.h"
#include "services/techtransfer/rules/ownership.h"

namespace duikou::techtransfer::rules {
namespace {

using duikou::pending::v1::PendingItem;
using v1::Bid;
using v1::Contract;
using v1::Event;
using v1::Listing;
using v1::Negotiation;

bool IsOffice(const Caller& by) {
  return by.Has(duikou::type::v1::COORDINATOR) || by.Has(duikou::type::v1::TECH_BROKER);
}

// Of a challenge whose deadline is over.
std::optional<Awaited> OfChallenge(const std::vector<Bid>& bids, const Caller& by) {
  std::vector<Bid> open;
  std::copy_if(bids.begin(), bids.end(), std::back_inserter(open),
               [](const Bid& bid) { return bid.state() == Bid::SUBMITTED; });
  if (open.empty()) return std::nullopt;
  const bool all_scored = std::all_of(open.begin(), open.end(), [](const Bid& bid) { return !bid.scores().empty(); });
  if (all_scored && by.Has(duikou::type::v1::COORDINATOR)) return Awaited{PendingItem::AWARD_CHALLENGE, std::nullopt};
  const bool reviews = (IsOffice(by) || by.Has(duikou::type::v1::SUPERVISOR)) && !IsDeputy(by);
  const bool unscored = std::any_of(
      open.begin(), open.end(), [&](const Bid& bid) { return ScoreBy(bid, by) == nullptr && bid.unit() != by.unit; });
  if (reviews && unscored) return Awaited{PendingItem::SCORE_BIDS, std::nullopt};
  return std::nullopt;
}

}  // namespace

std::optional<Awaited> AwaitedOf(const Listing& listing, const std::vector<Bid>& bids, const Caller& by,
                                 absl::CivilDay today) {
  if (CityOf(listing.name()) != CityOf(by)) return std::nullopt;
  switch (listing.state()) {
    case Listing::UNDER_REVIEW:
      if (IsOffice(by) && !HasSubmitted(listing, by)) return Awaited{PendingItem::REVIEW_LISTING, std::nullopt};
      return std::nullopt;
    case Listing::RETURNED:
      if (CheckActsFor(by, listing.owner_unit()).ok()) return Awaited{PendingItem::MEND_LISTING, std::nullopt};
      return std::nullopt;
    case Listing::PUBLISHED:
    case Listing::EXPIRED:
      if (listing.state() == Listing::PUBLISHED && listing.publicity().state() == Listing::Publicity::OBJECTED &&
          (by.Has(duikou::type::v1::COORDINATOR) || by.Has(duikou::type::v1::SUPERVISOR)))
        return Awaited{PendingItem::SETTLE_OBJECTION, std::nullopt};
      if (listing.has_challenge() && listing.challenge().awarded_bid().empty() &&
          ToCivil(listing.challenge().deadline()) < today)
        return OfChallenge(bids, by);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<Awaited> AwaitedOf(const Negotiation& negotiation, const Caller& by) {
  const auto acts_for = [&](const Negotiation::Side& side) {
    return side.city() == CityOf(by) && CheckActsFor(by, side.unit()).ok();
  };
  if (negotiation.state() == Negotiation::OPEN && !negotiation.terms().empty()) {
    const std::string& proposer = negotiation.terms().rbegin()->proposed_by_unit();
    const Negotiation::Side& asked =
        negotiation.seller().unit() == proposer ? negotiation.buyer() : negotiation.seller();
    if (acts_for(asked)) return Awaited{PendingItem::ANSWER_TERMS, std::nullopt};
  }
  if (negotiation.state() == Negotiation::AGREED && negotiation.contract().empty() && acts_for(negotiation.seller()))
    return Awaited{PendingItem::RECORD_CONTRACT, std::nullopt};
  return std::nullopt;
}

std::optional<Awaited> AwaitedOf(const Contract& contract, const Caller& by) {
  if (CityOf(contract.name()) != CityOf(by)) return std::nullopt;
  const std::string& unit =
      CityOf(contract.seller().unit()) == CityOf(by) ? contract.seller().unit() : contract.buyer().unit();
  if (!IsOffice(by) && unit != by.unit) return std::nullopt;
  switch (contract.state()) {
    case Contract::SIGNED:
      return Awaited{PendingItem::SUBMIT_REGISTRATION, std::nullopt};
    case Contract::SUPPLEMENT:
      return Awaited{PendingItem::SUPPLY_PAPERS, std::nullopt};
    case Contract::ACCEPTED:
    case Contract::EXPERT_REVIEW:
      return Awaited{PendingItem::RECORD_REGISTRATION, ToCivil(contract.due_date())};
    default:
      return std::nullopt;
  }
}

std::optional<Awaited> AwaitedOf(const Event& event, const Caller& by, absl::Time now) {
  if (CityOf(event.name()) != CityOf(by) || !IsOffice(by)) return std::nullopt;
  const bool open = event.state() == Event::OPEN, scheduled = event.state() == Event::SCHEDULED;
  if ((open || scheduled) && ToTime(event.start_time()) <= now) return Awaited{PendingItem::RECORD_EVENT, std::nullopt};
  const bool over = event.has_sign_up_until() && ToTime(event.sign_up_until()) <= now;
  if (open && event.tables() > 0 && over) return Awaited{PendingItem::SCHEDULE_EVENT, std::nullopt};
  return std::nullopt;
}

}  // namespace duikou::techtransfer::rules
