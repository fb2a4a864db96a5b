#include "services/techtransfer/negotiations.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/store/find_stored.h"
#include "duikou/techtransfer/v1/event.pb.h"
#include "services/techtransfer/negotiation_messages.h"
#include "services/techtransfer/rules/negotiation_actions.h"
#include "services/techtransfer/rules/ownership.h"

namespace duikou::techtransfer {
namespace {

using v1::Listing;
using v1::Negotiation;
using v1::NegotiationMessage;

// The listing that it is about, and the other side's own that is set against it.
constexpr const char* kListingFields[] = {"listing", "counter_listing"};

// The OPEN ones that name a listing in a field, whoever asks.
absl::StatusOr<std::vector<Negotiation>> OpenOnes(const View& view, const std::string& field,
                                                  const std::string& listing) {
  return WholeView(view)->ListAll<Negotiation>(
      {.parent = "cities/-",
       .where = {{field, store::Value(listing)}, {"state", store::Value(int64_t{Negotiation::OPEN})}}});
}

// The OPEN one of a unit about a listing: there is one at most.
absl::StatusOr<std::optional<Negotiation>> OpenOneOf(const View& view, const std::string& listing,
                                                     const std::string& unit) {
  ASSIGN_OR_RETURN(const std::vector<Negotiation> open, OpenOnes(view, "listing", listing));
  for (const Negotiation& negotiation : open) {
    if (negotiation.unit() == unit) return std::optional<Negotiation>(negotiation);
  }
  return std::optional<Negotiation>();
}

// Counts an OPEN negotiation more or less on a listing as it is stored, whoever asks.
absl::Status CountOnListing(Txn& txn, const std::string& name, int change) {
  ASSIGN_OR_RETURN(std::optional<Listing> listing, FindStored<Listing>(txn, name));
  if (!listing) return UnknownReference("negotiation.listing", name);
  listing->set_open_negotiations(std::max(0, listing->open_negotiations() + change));
  return txn.Update(*std::move(listing)).status();
}

}  // namespace

absl::Status OnCreateNegotiation(Txn& txn, const Caller& caller, Negotiation& negotiation) {
  ASSIGN_OR_RETURN(const Listing listing, SeenReference<Listing>(txn, "negotiation.listing", negotiation.listing()));
  negotiation.set_listing(listing.name());
  std::optional<Listing> counter;
  if (!negotiation.counter_listing().empty()) {
    ASSIGN_OR_RETURN(counter,
                     SeenReference<Listing>(txn, "negotiation.counter_listing", negotiation.counter_listing()));
    negotiation.set_counter_listing(counter->name());
  }
  if (!negotiation.event().empty())
    RETURN_IF_ERROR(SeenReference<v1::Event>(txn, "negotiation.event", negotiation.event()).status());
  RETURN_IF_ERROR(rules::Begin(negotiation, listing, counter ? &*counter : nullptr, caller));
  ASSIGN_OR_RETURN(const std::optional<Negotiation> open, OpenOneOf(txn, listing.name(), negotiation.unit()));
  if (open) {
    return StateForbids(
        "NEGOTIATION_OPEN",
        {absl::StrCat("该单位对此信息已有进行中的洽谈“", open->name(), "”,请在其中继续。"),
         absl::StrCat("The unit has an open negotiation about it already: go on with \"", open->name(), "\".")},
        {{"listing", listing.name()}, {"negotiation", open->name()}});
  }
  return CountOnListing(txn, listing.name(), 1);
}

absl::StatusOr<Negotiation> ProposeTerms(Txn& txn, const Caller& caller, const v1::ProposeTermsRequest& request) {
  ASSIGN_OR_RETURN(Negotiation negotiation, txn.Get<Negotiation>(request.name()));
  RETURN_IF_ERROR(rules::ProposeTerms(negotiation, request.terms(), caller, txn.now()));
  const int version = negotiation.terms_size();
  RETURN_IF_ERROR(TellOtherSide(txn, caller, negotiation, NegotiationMessage::TERMS_PROPOSED,
                                {absl::StrCat("提出第 ", version, " 版条款。"),
                                 absl::StrCat("Version ", version, " of the terms is proposed.")})
                      .status());
  return txn.Update(std::move(negotiation), request.etag());
}

absl::StatusOr<Negotiation> AcceptTerms(Txn& txn, const Caller& caller, const v1::AcceptTermsRequest& request) {
  ASSIGN_OR_RETURN(Negotiation negotiation, txn.Get<Negotiation>(request.name()));
  RETURN_IF_ERROR(rules::AcceptTerms(negotiation, request.terms_version(), caller, txn.now()));
  RETURN_IF_ERROR(TellOtherSide(txn, caller, negotiation, NegotiationMessage::TERMS_ACCEPTED,
                                {absl::StrCat("接受第 ", request.terms_version(), " 版条款。"),
                                 absl::StrCat("Version ", request.terms_version(), " of the terms is accepted.")})
                      .status());
  RETURN_IF_ERROR(CountOnListing(txn, negotiation.listing(), -1));
  return txn.Update(std::move(negotiation), request.etag());
}

absl::StatusOr<Negotiation> BreakOffNegotiation(Txn& txn, const Caller& caller,
                                                const v1::BreakOffNegotiationRequest& request) {
  ASSIGN_OR_RETURN(Negotiation negotiation, txn.Get<Negotiation>(request.name()));
  const bool open = negotiation.state() == Negotiation::OPEN;
  txn.Note(request.reason());
  RETURN_IF_ERROR(rules::BreakOff(negotiation, request.reason(), caller));
  RETURN_IF_ERROR(TellOtherSide(txn, caller, negotiation, NegotiationMessage::BROKEN_OFF,
                                {absl::StrCat("终止洽谈:", request.reason()),
                                 absl::StrCat("The negotiation is broken off: ", request.reason())})
                      .status());
  if (open) RETURN_IF_ERROR(CountOnListing(txn, negotiation.listing(), -1));
  return txn.Update(std::move(negotiation), request.etag());
}

absl::StatusOr<int> CountOpenNegotiations(const View& view, const std::string& listing) {
  size_t count = 0;
  for (const char* field : kListingFields) {
    ASSIGN_OR_RETURN(const std::vector<Negotiation> open, OpenOnes(view, field, listing));
    count += open.size();
  }
  return static_cast<int>(count);
}

absl::Status TellNegotiations(Txn& txn, const Listing& listing, NegotiationMessage::Kind kind, const Text& text) {
  for (const char* field : kListingFields) {
    ASSIGN_OR_RETURN(std::vector<Negotiation> open, OpenOnes(txn, field, listing.name()));
    for (Negotiation& negotiation : open) {
      RETURN_IF_ERROR(TellBothSides(txn, negotiation, kind, text).status());
      RETURN_IF_ERROR(txn.Update(std::move(negotiation)).status());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Negotiation> OpenForBid(Txn& txn, const Listing& challenge, const v1::Bid& bid) {
  ASSIGN_OR_RETURN(std::optional<Negotiation> open, OpenOneOf(txn, challenge.name(), bid.unit()));
  if (open) {
    rules::ContinueForBid(*open, bid);
    return txn.Update(*std::move(open));
  }
  Negotiation negotiation = rules::BeginForBid(challenge, bid);
  negotiation.set_name(absl::StrCat(rules::CityOf(challenge.name()), "/negotiations/", txn.NewId()));
  RETURN_IF_ERROR(CountOnListing(txn, challenge.name(), 1));
  return txn.Insert(std::move(negotiation));
}

}  // namespace duikou::techtransfer
