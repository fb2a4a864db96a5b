#include "services/techtransfer/contracts.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "common/store/find_stored.h"
#include "common/text/check_digits.h"
#include "services/techtransfer/negotiations.h"
#include "services/techtransfer/rules/contract_parties.h"
#include "services/techtransfer/rules/contract_state.h"
#include "services/techtransfer/rules/negotiation_actions.h"
#include "services/techtransfer/rules/offer_contracts.h"
#include "services/techtransfer/rules/ownership.h"
#include "services/techtransfer/rules/registration.h"
#include "services/techtransfer/settings.h"

namespace duikou::techtransfer {
namespace {

using v1::Contract;
using v1::Listing;
using v1::Negotiation;

// The listings that a contract rests on, as they are stored.
struct Basis {
  std::optional<Listing> offer;
  std::optional<Listing> demand;
};

absl::Status CheckCreditCode(const Contract::Party& party, const std::string& field) {
  if (party.credit_code().empty() || text::IsUnifiedSocialCreditCode(party.credit_code())) return absl::OkStatus();
  return BadField(field,
                  {"统一社会信用代码有误:应为 18 位,且校验位相符。",
                   "is no unified social credit code: 18 characters, of which the last must fit the others."},
                  "CREDIT_CODE_INVALID");
}

// What a contract must keep to on its own, whatever it rests on.
absl::Status Arrange(const Txn& txn, const Caller& caller, Contract& contract) {
  RETURN_IF_ERROR(rules::ArrangeParties(contract, caller));
  RETURN_IF_ERROR(CheckCreditCode(contract.seller(), "contract.seller.credit_code"));
  RETURN_IF_ERROR(CheckCreditCode(contract.buyer(), "contract.buyer.credit_code"));
  RETURN_IF_ERROR(rules::CheckMode(contract.kind(), contract.mode(), "contract.mode"));
  RETURN_IF_ERROR(rules::CheckAmounts(contract, "contract."));
  return rules::CheckSigned(contract, DayOf(txn.now()));
}

// A listing that a side of the negotiation has in it is known to the other side, whatever that sees of it now.
absl::StatusOr<std::optional<Listing>> ListingOf(const View& view, const std::string& field, const std::string& name,
                                                 const std::string& of_side) {
  if (name.empty()) return std::optional<Listing>();
  if (name == of_side) return FindStored<Listing>(view, name);
  ASSIGN_OR_RETURN(Listing listing, SeenReference<Listing>(view, field, name));
  return std::optional<Listing>(std::move(listing));
}

absl::StatusOr<Basis> StoredBasis(const View& view, const Contract& contract) {
  Basis basis;
  ASSIGN_OR_RETURN(basis.offer, FindStored<Listing>(view, contract.offer()));
  ASSIGN_OR_RETURN(basis.demand, FindStored<Listing>(view, contract.demand()));
  return basis;
}

absl::Status CheckBasis(const Basis& basis, const Contract& contract) {
  if (basis.offer) RETURN_IF_ERROR(rules::CheckOffer(*basis.offer, contract));
  return basis.demand ? rules::CheckDemand(*basis.demand, contract) : absl::OkStatus();
}

void DefaultIndustry(Contract& contract, const Basis& basis) {
  for (const std::optional<Listing>* listing : {&basis.offer, &basis.demand}) {
    if (contract.industry().empty() && *listing && !(*listing)->industries().empty())
      contract.set_industry((*listing)->industries(0));
  }
}

absl::Status TellClosed(Txn& txn, const Listing& offer, const Contract& contract) {
  return TellNegotiations(txn, offer, v1::NegotiationMessage::LISTING_CLOSED,
                          {absl::StrCat("信息已成交(合同 ", contract.number(), ")。"),
                           absl::StrCat("The listing is closed by the contract ", contract.number(), ".")});
}

absl::Status Store(Txn& txn, std::optional<Listing>& listing) {
  return listing ? txn.Update(*std::move(listing)).status() : absl::OkStatus();
}

// Counts a new contract on what it rests on; `sides` are of the negotiation that it comes of.
absl::Status RestOnListings(Txn& txn, const Contract& contract, const Negotiation& sides, Basis& basis) {
  if (basis.offer) {
    const bool agreed = basis.offer->name() == sides.seller().listing();
    RETURN_IF_ERROR(rules::RestOn(*basis.offer, contract, agreed));
    if (rules::Closes(contract)) RETURN_IF_ERROR(TellClosed(txn, *basis.offer, contract));
  }
  if (basis.demand) rules::CountContract(*basis.demand);
  RETURN_IF_ERROR(Store(txn, basis.offer));
  return Store(txn, basis.demand);
}

absl::StatusOr<std::optional<Negotiation>> NegotiationOf(const View& view, Contract& contract) {
  if (contract.negotiation().empty()) return std::optional<Negotiation>();
  ASSIGN_OR_RETURN(Negotiation negotiation,
                   SeenReference<Negotiation>(view, "contract.negotiation", contract.negotiation()));
  RETURN_IF_ERROR(rules::CheckContractable(negotiation));
  contract.set_negotiation(negotiation.name());
  rules::TakeSides(contract, negotiation);
  return std::optional<Negotiation>(std::move(negotiation));
}

}  // namespace

absl::Status OnCreateContract(Txn& txn, const Caller& caller, Contract& contract) {
  ASSIGN_OR_RETURN(std::optional<Negotiation> negotiation, NegotiationOf(txn, contract));
  RETURN_IF_ERROR(Arrange(txn, caller, contract));
  const Negotiation sides = negotiation.value_or(Negotiation());
  Basis basis;
  ASSIGN_OR_RETURN(basis.offer, ListingOf(txn, "contract.offer", contract.offer(), sides.seller().listing()));
  ASSIGN_OR_RETURN(basis.demand, ListingOf(txn, "contract.demand", contract.demand(), sides.buyer().listing()));
  if (basis.offer) contract.set_offer(basis.offer->name());
  if (basis.demand) contract.set_demand(basis.demand->name());
  RETURN_IF_ERROR(CheckBasis(basis, contract));
  DefaultIndustry(contract, basis);
  ASSIGN_OR_RETURN(const std::string number, NextNumber(txn, rules::CityOf(contract.name()), "HT"));
  contract.set_number(number);
  rules::Sign(contract, caller.name, txn.now());
  RETURN_IF_ERROR(RestOnListings(txn, contract, sides, basis));
  if (!negotiation) return absl::OkStatus();
  negotiation->set_contract(contract.name());
  return txn.Update(*std::move(negotiation)).status();
}

absl::Status OnUpdateContract(Txn& txn, const Caller& caller, const Contract& before, Contract& after) {
  RETURN_IF_ERROR(rules::CheckAllowed(before, rules::ContractAction::kEdit));
  RETURN_IF_ERROR(rules::CheckActsForContract(before, caller));
  ASSIGN_OR_RETURN(const std::optional<Negotiation> negotiation, FindStored<Negotiation>(txn, before.negotiation()));
  if (negotiation) rules::TakeSides(after, *negotiation);
  rules::KeepTitles(before, after);
  RETURN_IF_ERROR(Arrange(txn, caller, after));
  rules::DateSigning(after);
  ASSIGN_OR_RETURN(Basis basis, StoredBasis(txn, after));
  RETURN_IF_ERROR(CheckBasis(basis, after));
  DefaultIndustry(after, basis);
  if (!basis.offer) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool changes, rules::RestAnew(*basis.offer, before, after, DayOf(txn.now())));
  if (!changes) return absl::OkStatus();
  if (rules::Closes(after)) RETURN_IF_ERROR(TellClosed(txn, *basis.offer, after));
  return Store(txn, basis.offer);
}

absl::Status OnDeleteContract(Txn& txn, const Caller&, const Contract& contract) {
  RETURN_IF_ERROR(rules::CheckAllowed(contract, rules::ContractAction::kDelete));
  RETURN_IF_ERROR(ReleaseListings(txn, contract));
  ASSIGN_OR_RETURN(std::optional<Negotiation> negotiation, FindStored<Negotiation>(txn, contract.negotiation()));
  if (!negotiation || negotiation->contract() != contract.name()) return absl::OkStatus();
  negotiation->clear_contract();
  return txn.Update(*std::move(negotiation)).status();
}

absl::Status ReleaseListings(Txn& txn, const Contract& contract) {
  ASSIGN_OR_RETURN(Basis basis, StoredBasis(txn, contract));
  if (basis.offer) rules::Release(*basis.offer, contract, DayOf(txn.now()));
  if (basis.demand) rules::UncountContract(*basis.demand);
  RETURN_IF_ERROR(Store(txn, basis.offer));
  return Store(txn, basis.demand);
}

}  // namespace duikou::techtransfer
