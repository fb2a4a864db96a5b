#include "services/techtransfer/listings.h"

#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "services/techtransfer/negotiations.h"
#include "services/techtransfer/rules/listing_actions.h"
#include "services/techtransfer/rules/listing_fields.h"
#include "services/techtransfer/rules/listing_state.h"
#include "services/techtransfer/rules/ownership.h"
#include "services/techtransfer/rules/publicity.h"
#include "services/techtransfer/settings.h"

namespace duikou::techtransfer {
namespace {

using v1::Listing;
using v1::NegotiationMessage;

constexpr int kBatch = 100;

// The steps that all actions of its owner share.
template <class Request>
absl::StatusOr<Listing> Change(Txn& txn, const Caller& caller, const Request& request,
                               absl::FunctionRef<absl::Status(Listing&)> rule) {
  ASSIGN_OR_RETURN(Listing listing, txn.Get<Listing>(request.name()));
  RETURN_IF_ERROR(rules::CheckActsFor(caller, listing.owner_unit()));
  RETURN_IF_ERROR(rule(listing));
  return txn.Update(std::move(listing), request.etag());
}

Text WithReason(Text text, const std::string& reason) {
  if (reason.empty()) return {text.zh + "。", text.en + "."};
  return {absl::StrCat(text.zh, ":", reason), absl::StrCat(text.en, ": ", reason)};
}

}  // namespace

absl::Status OnCreateListing(Txn& txn, const Caller& caller, Listing& listing) {
  RETURN_IF_ERROR(
      rules::CheckOwnUnit(caller, rules::CityOf(listing.name()), listing.owner_unit(), "listing.owner_unit"));
  RETURN_IF_ERROR(rules::ArrangeFields(listing, "listing", DayOf(txn.now())));
  listing.set_state(Listing::DRAFT);
  ASSIGN_OR_RETURN(const std::string number,
                   NextNumber(txn, rules::CityOf(listing.name()), listing.kind() == Listing::OFFER ? "CG" : "XQ"));
  listing.set_number(number);
  return absl::OkStatus();
}

absl::Status OnUpdateListing(Txn& txn, const Caller& caller, const Listing& before, Listing& after) {
  RETURN_IF_ERROR(rules::CheckAllowed(before, rules::ListingAction::kEdit));
  RETURN_IF_ERROR(rules::CheckActsFor(caller, before.owner_unit()));
  RETURN_IF_ERROR(rules::CheckOwnUnit(caller, rules::CityOf(after.name()), after.owner_unit(), "listing.owner_unit"));
  RETURN_IF_ERROR(rules::KeepBids(before, after));
  return rules::ArrangeFields(after, "listing", DayOf(txn.now()));
}

absl::Status OnDeleteListing(Txn&, const Caller& caller, const Listing& listing) {
  RETURN_IF_ERROR(rules::CheckActsFor(caller, listing.owner_unit()));
  return rules::CheckDelete(listing);
}

absl::StatusOr<Listing> PublishListing(Txn& txn, const Caller& caller, const v1::PublishListingRequest& request) {
  ASSIGN_OR_RETURN(Listing listing, txn.Get<Listing>(request.name()));
  ASSIGN_OR_RETURN(const v1::TransferSettings settings, SettingsOf(txn, rules::CityOf(listing.name())));
  RETURN_IF_ERROR(rules::Publish(listing, request.comment(), settings.listing_days(), caller, txn.now()));
  return txn.Update(std::move(listing), request.etag());
}

absl::StatusOr<Listing> ReturnListing(Txn& txn, const Caller& caller, const v1::ReturnListingRequest& request) {
  ASSIGN_OR_RETURN(Listing listing, txn.Get<Listing>(request.name()));
  txn.Note(request.reason());
  RETURN_IF_ERROR(rules::Return(listing, request.reason(), caller));
  return txn.Update(std::move(listing), request.etag());
}

absl::StatusOr<Listing> WithdrawListing(Txn& txn, const Caller& caller, const v1::WithdrawListingRequest& request) {
  txn.Note(request.reason());
  return Change(txn, caller, request, [&](Listing& listing) -> absl::Status {
    ASSIGN_OR_RETURN(const int open, CountOpenNegotiations(txn, listing.name()));
    RETURN_IF_ERROR(rules::Withdraw(listing, open, request.reason(), DayOf(txn.now())));
    return TellNegotiations(txn, listing, NegotiationMessage::LISTING_WITHDRAWN,
                            WithReason({"信息已撤回", "The listing was withdrawn"}, request.reason()));
  });
}

absl::StatusOr<Listing> CloseListing(Txn& txn, const Caller& caller, const v1::CloseListingRequest& request) {
  txn.Note(request.reason());
  return Change(txn, caller, request, [&](Listing& listing) -> absl::Status {
    RETURN_IF_ERROR(rules::Close(listing, request.reason()));
    return TellNegotiations(txn, listing, NegotiationMessage::LISTING_CLOSED,
                            WithReason({"需求已解决", "The demand is met"}, request.reason()));
  });
}

absl::StatusOr<Listing> PubliciseListing(Txn& txn, const Caller& caller, const v1::PubliciseListingRequest& request) {
  return Change(txn, caller, request, [&](Listing& listing) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::TransferSettings settings, SettingsOf(txn, rules::CityOf(listing.name())));
    return rules::Publicise(listing, request.price(), request.note(), settings.publicity_days(), DayOf(txn.now()));
  });
}

absl::StatusOr<Listing> ObjectToListing(Txn& txn, const Caller&, const v1::ObjectToListingRequest& request) {
  ASSIGN_OR_RETURN(Listing listing, txn.Get<Listing>(request.name()));
  RETURN_IF_ERROR(rules::ObjectTo(listing, request.objection(), request.objector(), DayOf(txn.now())));
  return txn.Update(std::move(listing), request.etag());
}

absl::StatusOr<Listing> SettleObjection(Txn& txn, const Caller&, const v1::SettleObjectionRequest& request) {
  ASSIGN_OR_RETURN(Listing listing, txn.Get<Listing>(request.name()));
  txn.Note(request.settlement());
  RETURN_IF_ERROR(rules::SettleObjection(listing, request.upheld(), request.settlement(), DayOf(txn.now())));
  return txn.Update(std::move(listing), request.etag());
}

absl::StatusOr<schedule::Batch> RunExpiry(Txn& txn, const std::string& city, absl::CivilDay day,
                                          const std::string& cursor) {
  ASSIGN_OR_RETURN(
      store::Page<Listing> page,
      txn.List<Listing>({.parent = absl::StrCat("cities/", city),
                         .filter = absl::StrCat("state = PUBLISHED AND expire_date < \"", FormatDay(day), "\""),
                         .page_size = kBatch,
                         .page_token = cursor}));
  for (Listing& listing : page.items) {
    if (!rules::Expire(listing, day)) continue;
    RETURN_IF_ERROR(TellNegotiations(txn, listing, NegotiationMessage::LISTING_EXPIRED,
                                     {"信息已过有效期。", "The listing has expired."}));
    RETURN_IF_ERROR(txn.Update(std::move(listing)).status());
  }
  return schedule::Batch{.cursor = page.next_page_token};
}

}  // namespace duikou::techtransfer
