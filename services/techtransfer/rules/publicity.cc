#include "services/techtransfer/rules/publicity.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/listing_state.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Listing;
using Publicity = v1::Listing::Publicity;

bool Runs(const Listing& listing, absl::CivilDay day) {
  return listing.publicity().state() == Publicity::PUBLICISED && day <= ToCivil(listing.publicity().end_date());
}

absl::Status StillRuns(const Listing& listing) {
  const std::string end = FormatDay(ToCivil(listing.publicity().end_date()));
  return StateForbids("PUBLICITY_RUNS",
                      {absl::StrCat("公示至 ", end, " 止,其后方可办理。"),
                       absl::StrCat("Its price is publicised until ", end, ": only after that day.")},
                      {{"listing", listing.name()}, {"end_date", end}});
}

absl::Status Objected(const Listing& listing) {
  return StateForbids("PUBLICITY_OBJECTED",
                      {"公示有异议尚未处理。", "There is an objection to its price that is not settled."},
                      {{"listing", listing.name()}});
}

absl::Status CheckLastsUntil(const Listing& listing, absl::CivilDay end) {
  if (!listing.has_expire_date() || ToCivil(listing.expire_date()) >= end) return absl::OkStatus();
  const std::string last = FormatDay(ToCivil(listing.expire_date())), publicised = FormatDay(end);
  return StateForbids(
      "EXPIRES_BEFORE_PUBLICITY_ENDS",
      {absl::StrCat("有效期至 ", last, ",早于公示结束日 ", publicised, ";请待其到期后改有效期,重新审核发布,再行公示。"),
       absl::StrCat("It is published until ", last, ", and its price would be publicised until ", publicised,
                    ": once it has expired, give it a later last day, have it published "
                    "again, and publicise it then.")},
      {{"listing", listing.name()}, {"expire_date", last}, {"end_date", publicised}});
}

}  // namespace

bool NeedsPublicity(const Listing& listing) {
  return listing.kind() == Listing::OFFER && listing.pricing() == Listing::NEGOTIATED && listing.owner_is_public();
}

absl::Status CheckPublicityOver(const Listing& listing, absl::CivilDay today) {
  if (listing.publicity().state() == Publicity::OBJECTED) return Objected(listing);
  return Runs(listing, today) ? StillRuns(listing) : absl::OkStatus();
}

absl::Status Publicise(Listing& listing, const duikou::type::v1::Money& price, const std::string& note, int days,
                       absl::CivilDay today) {
  RETURN_IF_ERROR(CheckAllowed(listing, ListingAction::kPublicise));
  if (listing.kind() != Listing::OFFER || listing.pricing() != Listing::NEGOTIATED) {
    return StateForbids("PUBLICITY_NOT_DUE",
                        {"只有协议定价的成果需要公示。", "Only offers with the pricing NEGOTIATED are publicised."},
                        {{"listing", listing.name()}});
  }
  RETURN_IF_ERROR(CheckPublicityOver(listing, today));
  RETURN_IF_ERROR(CheckLastsUntil(listing, today + days));
  Publicity publicity;
  publicity.set_state(Publicity::PUBLICISED);
  *publicity.mutable_start_date() = ToDate(today);
  *publicity.mutable_end_date() = ToDate(today + days);
  *publicity.mutable_price() = price;
  publicity.set_note(note);
  *listing.mutable_publicity() = publicity;
  return absl::OkStatus();
}

absl::Status ObjectTo(Listing& listing, const std::string& objection, const std::string& objector,
                      absl::CivilDay today) {
  RETURN_IF_ERROR(CheckAllowed(listing, ListingAction::kObject));
  if (!Runs(listing, today)) {
    return StateForbids(
        "PUBLICITY_NOT_RUNNING",
        {"该成果不在公示期内,不能提出异议。", "Its price is not being publicised: objections are over."},
        {{"listing", listing.name()}});
  }
  Publicity& publicity = *listing.mutable_publicity();
  publicity.set_state(Publicity::OBJECTED);
  publicity.set_objection(objection);
  publicity.set_objector(objector);
  *publicity.mutable_objection_date() = ToDate(today);
  publicity.clear_settlement();
  publicity.clear_settlement_date();
  return absl::OkStatus();
}

absl::Status SettleObjection(Listing& listing, bool upheld, const std::string& settlement, absl::CivilDay today) {
  RETURN_IF_ERROR(CheckAllowed(listing, ListingAction::kSettle));
  Publicity& publicity = *listing.mutable_publicity();
  if (publicity.state() != Publicity::OBJECTED) {
    return StateForbids("OBJECTION_MISSING", {"没有待处理的异议。", "There is no objection to settle."},
                        {{"listing", listing.name()}});
  }
  publicity.set_state(upheld ? Publicity::UPHELD : Publicity::PUBLICISED);
  publicity.set_settlement(settlement);
  *publicity.mutable_settlement_date() = ToDate(today);
  if (!upheld) {
    const absl::CivilDay end = ToCivil(publicity.end_date()) + (today - ToCivil(publicity.objection_date()));
    *publicity.mutable_end_date() = ToDate(end);
  }
  return absl::OkStatus();
}

absl::Status CheckPublicised(const Listing& listing, absl::CivilDay sign_date) {
  if (!NeedsPublicity(listing)) return absl::OkStatus();
  if (listing.publicity().state() == Publicity::OBJECTED) return Objected(listing);
  if (listing.publicity().state() != Publicity::PUBLICISED) {
    return StateForbids("PUBLICITY_MISSING",
                        {"该成果为协议定价,须先公示价格再签订合同。",
                         "Its price was agreed, so that it must be publicised before a contract."},
                        {{"listing", listing.name()}});
  }
  return sign_date <= ToCivil(listing.publicity().end_date()) ? StillRuns(listing) : absl::OkStatus();
}

}  // namespace duikou::techtransfer::rules
