#include "services/techtransfer/rules/negotiation_actions.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/techtransfer/rules/contract_parties.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/listing_state.h"
#include "services/techtransfer/rules/ownership.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Bid;
using v1::Listing;
using v1::Negotiation;

Negotiation::Side SideOf(const std::string& unit, const std::string& unit_title, const std::string& listing) {
  Negotiation::Side side;
  side.set_city(CityOf(unit));
  side.set_unit(unit);
  side.set_unit_title(unit_title);
  side.set_listing(listing);
  return side;
}

void PutSides(Negotiation& negotiation, Negotiation::Side seller, Negotiation::Side buyer) {
  negotiation.clear_cities();
  negotiation.add_cities(seller.city());
  if (buyer.city() != seller.city()) negotiation.add_cities(buyer.city());
  *negotiation.mutable_seller() = std::move(seller);
  *negotiation.mutable_buyer() = std::move(buyer);
}

absl::Status CheckCounterListing(const Negotiation& negotiation, const Listing& listing, const Listing& counter) {
  if (counter.kind() == listing.kind()) {
    return BadField("negotiation.counter_listing",
                    {absl::StrCat("也是", NameOf(counter.kind()).zh, ",应为另一类供需信息。"),
                     absl::StrCat("is an ", NameOf(counter.kind()).en, " too: name one of the other kind.")},
                    "SAME_KIND");
  }
  if (counter.owner_unit() == negotiation.unit()) return absl::OkStatus();
  return BadField("negotiation.counter_listing",
                  {"不是发起单位的供需信息。", "is no listing of the unit that takes up the talk."},
                  "COUNTER_LISTING_OF_OTHERS");
}

absl::Status CheckNoContract(const Negotiation& negotiation) {
  if (negotiation.contract().empty()) return absl::OkStatus();
  return StateForbids("CONTRACT_EXISTS",
                      {absl::StrCat("该洽谈已签订合同“", negotiation.contract(), "”。"),
                       absl::StrCat("There is a contract of it already: \"", negotiation.contract(), "\".")},
                      {{"negotiation", negotiation.name()}, {"contract", negotiation.contract()}});
}

absl::Status CheckVersion(const Negotiation& negotiation, int version) {
  if (negotiation.terms().empty()) {
    return StateForbids("TERMS_MISSING",
                        {"尚未提出条款,请先提出。", "No terms have been proposed yet: propose some first."},
                        {{"negotiation", negotiation.name()}});
  }
  const int last = negotiation.terms().rbegin()->version();
  if (version == last) return absl::OkStatus();
  return StateForbids("TERMS_OUTDATED",
                      {absl::StrCat("最新条款为第 ", last, " 版,请阅后再接受。"),
                       absl::StrCat("The last version of the terms is ", last, ": read that before you accept it.")},
                      {{"negotiation", negotiation.name()}, {"version", absl::StrCat(last)}});
}

}  // namespace

absl::Status Begin(Negotiation& negotiation, const Listing& listing, const Listing* counter_listing, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(listing, ListingAction::kNegotiate));
  RETURN_IF_ERROR(CheckOwnUnit(by, CityOf(negotiation.name()), negotiation.unit(), "negotiation.unit"));
  if (listing.owner_unit() == negotiation.unit()) {
    return BadField("negotiation.unit", {"不能洽谈本单位的供需信息。", "owns the listing; another unit takes it up."},
                    "OWN_LISTING");
  }
  if (counter_listing != nullptr) RETURN_IF_ERROR(CheckCounterListing(negotiation, listing, *counter_listing));
  Negotiation::Side owner = SideOf(listing.owner_unit(), listing.owner_unit_title(), listing.name());
  Negotiation::Side taker =
      SideOf(negotiation.unit(), negotiation.unit_title(), counter_listing == nullptr ? "" : counter_listing->name());
  const bool offer = listing.kind() == Listing::OFFER;
  PutSides(negotiation, offer ? owner : taker, offer ? taker : owner);
  negotiation.set_state(Negotiation::OPEN);
  return absl::OkStatus();
}

Negotiation BeginForBid(const Listing& challenge, const Bid& bid) {
  Negotiation negotiation;
  negotiation.set_listing(challenge.name());
  negotiation.set_listing_title(challenge.title());
  negotiation.set_unit(bid.unit());
  negotiation.set_unit_title(bid.unit_title());
  PutSides(negotiation, SideOf(bid.unit(), bid.unit_title(), ""),
           SideOf(challenge.owner_unit(), challenge.owner_unit_title(), challenge.name()));
  negotiation.set_state(Negotiation::OPEN);
  ContinueForBid(negotiation, bid);
  return negotiation;
}

void ContinueForBid(Negotiation& negotiation, const Bid& bid) {
  negotiation.set_bid(bid.name());
  if (bid.offer().empty() || !negotiation.counter_listing().empty()) return;
  negotiation.set_counter_listing(bid.offer());
  negotiation.mutable_seller()->set_listing(bid.offer());
}

absl::StatusOr<std::string> UnitActedFor(const Negotiation& negotiation, const Caller& by, NegotiationAction action) {
  const std::string& seller = negotiation.seller().unit();
  const std::string& buyer = negotiation.buyer().unit();
  const bool sells = CityOf(seller) == CityOf(by), buys = CityOf(buyer) == CityOf(by);
  std::string unit = sells ? seller : buyer;
  if (sells && buys) {
    unit = negotiation.unit();
    if (by.unit == seller || by.unit == buyer) {
      unit = by.unit;
    } else if (action == NegotiationAction::kAcceptTerms && !negotiation.terms().empty()) {
      unit = negotiation.terms().rbegin()->proposed_by_unit() == seller ? buyer : seller;
    }
  }
  RETURN_IF_ERROR(CheckActsFor(by, unit));
  return unit;
}

absl::Status ProposeTerms(Negotiation& negotiation, const Negotiation::Terms& terms, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(negotiation, NegotiationAction::kProposeTerms));
  ASSIGN_OR_RETURN(const std::string unit, UnitActedFor(negotiation, by, NegotiationAction::kProposeTerms));
  RETURN_IF_ERROR(CheckMode(terms.kind(), terms.mode(), "terms.mode"));
  if (negotiation.terms_size() >= kMaxTerms) {
    return StateForbids("TERMS_TOO_MANY",
                        {absl::StrCat("条款最多 ", kMaxTerms, " 版;请另行发起洽谈。"),
                         absl::StrCat("There are ", kMaxTerms, " versions, and no more: begin another negotiation.")},
                        {{"negotiation", negotiation.name()}});
  }
  Negotiation::Terms version;
  version.set_text(terms.text());
  version.set_kind(terms.kind());
  version.set_mode(terms.mode());
  if (terms.has_amount()) *version.mutable_amount() = terms.amount();
  version.set_version(negotiation.terms_size() + 1);
  version.set_proposed_by(CityOf(unit));
  version.set_proposed_by_unit(unit);
  version.set_account(by.name);
  *version.mutable_time() = ToTimestamp(now);
  *negotiation.add_terms() = std::move(version);
  return absl::OkStatus();
}

absl::Status AcceptTerms(Negotiation& negotiation, int version, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(negotiation, NegotiationAction::kAcceptTerms));
  ASSIGN_OR_RETURN(const std::string unit, UnitActedFor(negotiation, by, NegotiationAction::kAcceptTerms));
  RETURN_IF_ERROR(CheckVersion(negotiation, version));
  Negotiation::Terms& last = *negotiation.mutable_terms()->rbegin();
  if (last.proposed_by_unit() == unit) {
    return StateForbids("TERMS_OF_OWN",
                        {"本方提出的条款须由对方接受。", "Your side proposed them: the other side accepts them."},
                        {{"negotiation", negotiation.name()}});
  }
  last.set_accepted_by(by.name);
  *last.mutable_accept_time() = ToTimestamp(now);
  negotiation.set_state(Negotiation::AGREED);
  return absl::OkStatus();
}

absl::Status BreakOff(Negotiation& negotiation, const std::string& reason, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(negotiation, NegotiationAction::kBreakOff));
  RETURN_IF_ERROR(UnitActedFor(negotiation, by, NegotiationAction::kBreakOff).status());
  RETURN_IF_ERROR(CheckNoContract(negotiation));
  negotiation.set_reason(reason);
  negotiation.set_state(Negotiation::BROKEN_OFF);
  return absl::OkStatus();
}

absl::Status CheckPost(const Negotiation& negotiation, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(negotiation, NegotiationAction::kPost));
  return UnitActedFor(negotiation, by, NegotiationAction::kPost).status();
}

absl::Status CheckContractable(const Negotiation& negotiation) {
  RETURN_IF_ERROR(CheckAllowed(negotiation, NegotiationAction::kContract));
  return CheckNoContract(negotiation);
}

}  // namespace duikou::techtransfer::rules
