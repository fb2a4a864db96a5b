#include "services/techtransfer/rules/listing_fields.h"

#include "absl/strings/str_cat.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/faults.h"
#include "services/techtransfer/rules/patent_number.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Listing;

void CheckKind(const Listing& listing, const std::string& field, Faults& faults) {
  const auto refuse = [&](bool there, const char* name, const Text& text) {
    if (there) faults.Add("FIELD_OF_OTHER_KIND", absl::StrCat(field, ".", name), text);
  };
  const Text of_offer{"只有成果填写此项。", "is for an OFFER alone."};
  const Text of_demand{"只有需求填写此项。", "is for a DEMAND alone."};
  if (listing.kind() == Listing::DEMAND) {
    refuse(listing.has_price(), "price", of_offer);
    refuse(listing.pricing() != Listing::PRICING_UNSPECIFIED, "pricing", of_offer);
    refuse(!listing.rights().empty(), "rights", of_offer);
  } else {
    refuse(listing.has_budget(), "budget", of_demand);
    refuse(listing.has_challenge(), "challenge", of_demand);
  }
}

void ArrangeRights(Listing& listing, const std::string& field, Faults& faults) {
  for (int i = 0; i < listing.rights_size(); ++i) {
    Listing::Right& right = *listing.mutable_rights(i);
    right.clear_patent_kind();
    right.clear_lapsed();
    if (right.kind() != Listing::Right::PATENT) continue;
    const auto number = ParsePatentNumber(right.number());
    if (!number) {
      faults.Add("PATENT_NUMBER_INVALID", absl::StrCat(field, ".rights[", i, "].number"),
                 {"不是有效的专利申请号;应如 201710601862.3 或 95115608.X,校验位须相符。",
                  "is no valid application number: write it as 201710601862.3 or 95115608.X, with the check character "
                  "that its digits ask for."});
      continue;
    }
    right.set_number(number->text);
    right.set_patent_kind(number->kind);
    right.set_lapsed(number->lapsed);
  }
}

void CheckDays(const Listing& listing, const std::string& field, absl::CivilDay today, Faults& faults) {
  if (listing.has_expire_date() && ToCivil(listing.expire_date()) < today) {
    faults.Add("EXPIRE_DATE_PAST", absl::StrCat(field, ".expire_date"),
               {"有效期已过,请改为今天或以后。", "is over: name today or a later day."});
  }
  if (listing.has_challenge() && listing.challenge().has_deadline() &&
      ToCivil(listing.challenge().deadline()) < today) {
    faults.Add("DEADLINE_PAST", absl::StrCat(field, ".challenge.deadline"),
               {"揭榜截止日期已过,请改为今天或以后。", "is over: name today or a later day."});
  }
  if (listing.has_expire_date() && listing.challenge().has_deadline() &&
      ToCivil(listing.expire_date()) < ToCivil(listing.challenge().deadline())) {
    faults.Add("EXPIRES_BEFORE_DEADLINE", absl::StrCat(field, ".expire_date"),
               {"早于揭榜截止日期,请改为截止日期或以后。",
                "lies before the challenge's deadline: name that day or a later one."});
  }
}

}  // namespace

absl::Status ArrangeFields(Listing& listing, const std::string& field, absl::CivilDay today) {
  Faults faults;
  CheckKind(listing, field, faults);
  ArrangeRights(listing, field, faults);
  CheckDays(listing, field, today, faults);
  if (listing.has_challenge()) {
    int sum = 0;
    for (const auto& criterion : listing.challenge().criteria()) sum += criterion.weight();
    if (sum != 100) {
      faults.Add("WEIGHTS_NOT_100", absl::StrCat(field, ".challenge.criteria"),
                 {absl::StrCat("各项权重合计须为 100,现为 ", sum, "。"),
                  absl::StrCat("have weights of ", sum, " in all: they must make 100.")});
    }
  }
  return faults.ToStatus();
}

absl::Status KeepBids(const Listing& before, Listing& after) {
  const Listing::Challenge& had = before.challenge();
  if (had.bids() == 0 && had.awarded_bid().empty()) return absl::OkStatus();
  if (!after.has_challenge()) {
    return BadField("listing.challenge",
                    {"已有单位揭榜,不能取消榜单。", "has bids: it cannot be taken out of the listing."},
                    "CHALLENGE_HAS_BIDS");
  }
  Listing::Challenge& keeps = *after.mutable_challenge();
  const auto written = [](const Listing::Challenge& challenge) {
    Listing::Challenge only;
    *only.mutable_criteria() = challenge.criteria();
    return only.SerializeAsString();
  };
  if (written(had) != written(keeps)) {
    return BadField("listing.challenge.criteria",
                    {"已有单位揭榜,评审指标不能再改。", "has bids that were written for them: they stay as they are."},
                    "CHALLENGE_HAS_BIDS");
  }
  keeps.set_bids(had.bids());
  keeps.set_awarded_bid(had.awarded_bid());
  keeps.set_award_reason(had.award_reason());
  if (had.has_award_date()) *keeps.mutable_award_date() = had.award_date();
  return absl::OkStatus();
}

absl::Status CheckComplete(const Listing& listing, absl::CivilDay today) {
  Faults faults;
  if (listing.kind() == Listing::OFFER && listing.modes().empty()) {
    faults.Add("MODES_MISSING", "listing.modes",
               {"请填写转化方式(转让、许可、作价投资或合作实施)。",
                "name how it may be transferred: ASSIGNMENT, a LICENCE, EQUITY or COOPERATION."});
  }
  if (listing.kind() == Listing::OFFER && listing.pricing() == Listing::PRICING_UNSPECIFIED) {
    faults.Add(
        "PRICING_MISSING", "listing.pricing",
        {"请填写定价方式(协议定价、挂牌交易或拍卖)。", "name how its price is set: NEGOTIATED, LISTED or AUCTION."});
  }
  CheckDays(listing, "listing", today, faults);
  return faults.ToStatus();
}

}  // namespace duikou::techtransfer::rules
