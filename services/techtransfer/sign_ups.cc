#include "services/techtransfer/sign_ups.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/store/find_stored.h"
#include "duikou/techtransfer/v1/listing.pb.h"
#include "services/techtransfer/rules/ownership.h"
#include "services/techtransfer/rules/sign_ups.h"

namespace duikou::techtransfer {
namespace {

using v1::Event;
using v1::SignUp;

// Whom the unit wants to meet and what it brings.
absl::Status CheckContent(const View& view, SignUp& sign_up) {
  RETURN_IF_ERROR(rules::CheckWishes(sign_up));
  for (int i = 0; i < sign_up.listings_size(); ++i) {
    const std::string field = absl::StrCat("sign_up.listings[", i, "]");
    ASSIGN_OR_RETURN(const v1::Listing listing, SeenReference<v1::Listing>(view, field, sign_up.listings(i)));
    RETURN_IF_ERROR(rules::CheckBrings(sign_up, i, listing));
    sign_up.set_listings(i, listing.name());
  }
  return absl::OkStatus();
}

// Who has signed up need not see it any more.
absl::StatusOr<Event> EventOf(const View& view, const SignUp& sign_up) {
  ASSIGN_OR_RETURN(std::optional<Event> event, FindStored<Event>(view, sign_up.event()));
  if (!event) return UnknownReference("sign_up.event", sign_up.event());
  return *std::move(event);
}

}  // namespace

absl::Status OnCreateSignUp(Txn& txn, const Caller& caller, SignUp& sign_up) {
  const std::string city = rules::CityOf(sign_up.name());
  RETURN_IF_ERROR(rules::CheckOwnUnit(caller, city, sign_up.unit(), "sign_up.unit"));
  ASSIGN_OR_RETURN(Event event, SeenReference<Event>(txn, "sign_up.event", sign_up.event()));
  sign_up.set_event(event.name());
  RETURN_IF_ERROR(CheckContent(txn, sign_up));
  ASSIGN_OR_RETURN(const std::vector<SignUp> earlier,
                   txn.ListAll<SignUp>(
                       {.parent = city,
                        .where = {{"event", store::Value(sign_up.event())}, {"unit", store::Value(sign_up.unit())}}}));
  RETURN_IF_ERROR(rules::SignUpFor(event, sign_up, earlier, txn.now()));
  return txn.Update(std::move(event)).status();
}

absl::Status OnUpdateSignUp(Txn& txn, const Caller& caller, const SignUp& before, SignUp& after) {
  RETURN_IF_ERROR(rules::CheckActsFor(caller, before.unit()));
  ASSIGN_OR_RETURN(const Event event, EventOf(txn, before));
  RETURN_IF_ERROR(rules::CheckEdit(before, event, txn.now()));
  return CheckContent(txn, after);
}

absl::StatusOr<SignUp> WithdrawSignUp(Txn& txn, const Caller& caller, const v1::WithdrawSignUpRequest& request) {
  ASSIGN_OR_RETURN(SignUp sign_up, txn.Get<SignUp>(request.name()));
  ASSIGN_OR_RETURN(Event event, EventOf(txn, sign_up));
  RETURN_IF_ERROR(rules::Withdraw(sign_up, event, caller, txn.now()));
  RETURN_IF_ERROR(txn.Update(std::move(event)).status());
  return txn.Update(std::move(sign_up), request.etag());
}

}  // namespace duikou::techtransfer
