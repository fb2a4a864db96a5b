#include "services/techtransfer/rules/listing_actions.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "duikou/type/v1/role.pb.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/listing_fields.h"
#include "services/techtransfer/rules/listing_state.h"
#include "services/techtransfer/rules/ownership.h"
#include "services/techtransfer/rules/publicity.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Listing;

// Four eyes: nobody reviews what he submitted, be it for somebody else, or by another who acted for him.
absl::Status CheckReviewer(const Listing& listing, const Caller& by) {
  if (by.IsService() || !HasSubmitted(listing, by)) return absl::OkStatus();
  return StateForbids("REVIEW_OF_OWN",
                      {"自己提交的供需信息须由他人审核。", "You submitted it: another account must review it."},
                      {{"listing", listing.name()}});
}

// Out of others' sight: only while it is PUBLISHED or CLOSED it shows as its publication says.
void Hide(Listing& listing) { listing.clear_access(); }

}  // namespace

bool HasSubmitted(const Listing& listing, const Caller& by) {
  const auto submitted = [&](const std::string& who) {
    return !who.empty() && (who == listing.submitted_by() || who == listing.submitted_on_behalf_of());
  };
  return submitted(by.name) || submitted(by.on_behalf_of);
}

absl::Status Submit(Listing& listing, bool owner_is_public, const Caller& by, absl::CivilDay today) {
  RETURN_IF_ERROR(CheckAllowed(listing, ListingAction::kSubmit));
  RETURN_IF_ERROR(CheckComplete(listing, today));
  listing.set_state(Listing::UNDER_REVIEW);
  listing.set_owner_is_public(owner_is_public);
  listing.set_submitted_by(by.name);
  listing.set_submitted_on_behalf_of(by.on_behalf_of);
  return absl::OkStatus();
}

absl::Status Publish(Listing& listing, const std::string& comment, int days, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(listing, ListingAction::kPublish));
  RETURN_IF_ERROR(CheckReviewer(listing, by));
  const absl::CivilDay today = DayOf(now);
  if (!listing.has_expire_date()) {
    absl::CivilDay last = today + days;
    if (listing.challenge().has_deadline()) last = std::max(last, ToCivil(listing.challenge().deadline()));
    *listing.mutable_expire_date() = ToDate(last);
  }
  RETURN_IF_ERROR(CheckComplete(listing, today));
  listing.set_state(Listing::PUBLISHED);
  listing.set_review_comment(comment);
  *listing.mutable_publish_time() = ToTimestamp(now);
  if (listing.has_publication()) *listing.mutable_access() = listing.publication();
  return absl::OkStatus();
}

absl::Status Return(Listing& listing, const std::string& reason, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(listing, ListingAction::kReturn));
  RETURN_IF_ERROR(CheckReviewer(listing, by));
  listing.set_state(Listing::RETURNED);
  listing.set_review_comment(reason);
  return absl::OkStatus();
}

absl::Status Withdraw(Listing& listing, int open_negotiations, const std::string& reason, absl::CivilDay today) {
  RETURN_IF_ERROR(CheckAllowed(listing, ListingAction::kWithdraw));
  RETURN_IF_ERROR(CheckPublicityOver(listing, today));
  if (open_negotiations > 0 && reason.empty()) {
    return BadField(
        "reason",
        {absl::StrCat("有 ", open_negotiations, " 个洽谈正在进行,请说明撤回原因,以便告知对方。"),
         absl::StrCat("is needed, as ", open_negotiations, " open negotiations are told why it is withdrawn.")},
        "REASON_MISSING");
  }
  listing.set_state(Listing::WITHDRAWN);
  listing.set_reason(reason);
  Hide(listing);
  return absl::OkStatus();
}

absl::Status Close(Listing& listing, const std::string& reason) {
  RETURN_IF_ERROR(CheckAllowed(listing, ListingAction::kClose));
  if (listing.kind() != Listing::DEMAND) {
    return StateForbids("CLOSED_BY_CONTRACT_ALONE",
                        {"成果随转让或独占许可合同成交;不再提供的,请撤回。",
                         "An offer is closed by a contract of assignment or exclusive licence; withdraw it where it is "
                         "no longer offered."},
                        {{"listing", listing.name()}});
  }
  listing.set_state(Listing::CLOSED);
  listing.set_reason(reason);
  return absl::OkStatus();
}

bool Expire(Listing& listing, absl::CivilDay today) {
  if (!Allows(listing.state(), ListingAction::kExpire) || !listing.has_expire_date() ||
      ToCivil(listing.expire_date()) >= today || !CheckPublicityOver(listing, today).ok())
    return false;
  listing.set_state(Listing::EXPIRED);
  Hide(listing);
  return true;
}

void ConcealReview(const Caller& by, Listing& listing) {
  const bool own = CityOf(by) == CityOf(listing.name());
  const bool decides = by.Has(duikou::type::v1::COORDINATOR) || by.Has(duikou::type::v1::SUPERVISOR);
  if (listing.has_publicity() && !(own && decides)) listing.mutable_publicity()->clear_objector();
  if (own) return;
  listing.clear_submitted_by();
  listing.clear_submitted_on_behalf_of();
  listing.clear_review_comment();
}

absl::Status CheckDelete(const Listing& listing) { return CheckAllowed(listing, ListingAction::kDelete); }

}  // namespace duikou::techtransfer::rules
