#include "services/techtransfer/rules/offer_contracts.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/listing_state.h"
#include "services/techtransfer/rules/publicity.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Contract;
using v1::Listing;

absl::Status CheckListing(const Listing& listing, Listing::Kind kind, const std::string& field) {
  if (listing.kind() == kind) return absl::OkStatus();
  return BadField(field,
                  {absl::StrCat("应为", NameOf(kind).zh, "。"),
                   absl::StrCat("must be a listing of the kind ", NameOf(kind).en, ".")},
                  "SAME_KIND");
}

void CloseBy(Listing& offer, const Contract& contract) {
  offer.set_state(Listing::CLOSED);
  offer.set_closing_contract(contract.name());
  offer.set_reason(absl::StrCat("已签订技术合同 ", contract.number(), "。"));
}

void ReopenFrom(Listing& offer, const Contract& contract, absl::CivilDay today) {
  if (offer.closing_contract() != contract.name() || !Allows(offer.state(), ListingAction::kReopen)) return;
  const bool over = offer.has_expire_date() && ToCivil(offer.expire_date()) < today;
  offer.set_state(over ? Listing::EXPIRED : Listing::PUBLISHED);
  // What is expired shows to its own city alone.
  if (over) offer.clear_access();
  offer.clear_closing_contract();
  offer.clear_reason();
}

}  // namespace

bool Closes(const Contract& contract) {
  return contract.kind() == v1::TRANSFER ||
         (contract.kind() == v1::LICENCE && contract.mode() == v1::LICENCE_EXCLUSIVE);
}

absl::Status CheckOffer(const Listing& offer, const Contract& contract) {
  RETURN_IF_ERROR(CheckListing(offer, Listing::OFFER, "contract.offer"));
  if (offer.owner_unit() == contract.seller().unit()) return absl::OkStatus();
  return BadField("contract.offer", {"不是出让方的成果。", "is no offer of the seller's."}, "OFFER_OF_OTHERS");
}

absl::Status CheckDemand(const Listing& demand, const Contract& contract) {
  RETURN_IF_ERROR(CheckListing(demand, Listing::DEMAND, "contract.demand"));
  if (demand.owner_unit() == contract.buyer().unit()) return absl::OkStatus();
  return BadField("contract.demand", {"不是受让方的需求。", "is no demand of the buyer's."}, "DEMAND_OF_OTHERS");
}

absl::Status RestOn(Listing& offer, const Contract& contract, bool agreed) {
  const bool gone = offer.state() == Listing::WITHDRAWN || offer.state() == Listing::EXPIRED;
  if (!agreed || !gone) RETURN_IF_ERROR(CheckAllowed(offer, ListingAction::kContract));
  RETURN_IF_ERROR(CheckPublicised(offer, ToCivil(contract.sign_date())));
  CountContract(offer);
  // What was withdrawn does not come back when the contract is cancelled, so it stays as it is.
  if (Closes(contract) && offer.state() != Listing::WITHDRAWN) CloseBy(offer, contract);
  return absl::OkStatus();
}

absl::StatusOr<bool> RestAnew(Listing& offer, const Contract& before, const Contract& after, absl::CivilDay today) {
  const bool closed = Closes(before), closes = Closes(after);
  const bool moved = ToCivil(before.sign_date()) != ToCivil(after.sign_date());
  if (!closed && closes) RETURN_IF_ERROR(CheckAllowed(offer, ListingAction::kContract));
  if (moved || (!closed && closes)) RETURN_IF_ERROR(CheckPublicised(offer, ToCivil(after.sign_date())));
  if (closed == closes) return false;
  if (closes) {
    CloseBy(offer, after);
  } else {
    ReopenFrom(offer, after, today);
  }
  return true;
}

void Release(Listing& offer, const Contract& contract, absl::CivilDay today) {
  UncountContract(offer);
  ReopenFrom(offer, contract, today);
}

void CountContract(Listing& demand) { demand.set_contracts(demand.contracts() + 1); }

void UncountContract(Listing& demand) { demand.set_contracts(std::max(0, demand.contracts() - 1)); }

}  // namespace duikou::techtransfer::rules
