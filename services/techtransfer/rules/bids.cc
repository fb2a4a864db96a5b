#include "services/techtransfer/rules/bids.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "duikou/type/v1/role.pb.h"
#include "services/techtransfer/rules/bid_state.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/listing_state.h"
#include "services/techtransfer/rules/ownership.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Bid;
using v1::Listing;

absl::Status CheckNotAwarded(const Listing& challenge) {
  const std::string& awarded = challenge.challenge().awarded_bid();
  if (awarded.empty()) return absl::OkStatus();
  return StateForbids(
      "AWARDED_BEFORE",
      {absl::StrCat("该榜单已授予“", awarded, "”,不再受理揭榜和授榜。"),
       absl::StrCat("The challenge was awarded to \"", awarded, "\": it takes no bids and no award any more.")},
      {{"listing", challenge.name()}, {"bid", awarded}});
}

absl::Status CheckDeadlinePassed(const Listing& challenge, absl::CivilDay today) {
  const absl::CivilDay deadline = ToCivil(challenge.challenge().deadline());
  if (today > deadline) return absl::OkStatus();
  const std::string day = FormatDay(deadline);
  return StateForbids(
      "DEADLINE_NOT_REACHED",
      {absl::StrCat("揭榜至 ", day, " 截止,次日起方可评审和授榜。"),
       absl::StrCat("Bids are taken until ", day, ": they are reviewed and awarded from the next day.")},
      {{"listing", challenge.name()}, {"deadline", day}});
}

absl::Status CheckReviews(const Bid& bid, const Caller& by) {
  if (by.IsService() || CityOf(by) == bid.listing_city()) return absl::OkStatus();
  return PermissionDenied("REVIEW_OF_OTHERS", {"评审和授榜由发榜城市办理。",
                                               "Bids are reviewed and awarded by the city that set the challenge."});
}

absl::Status CheckScores(const Bid& bid, const Caller& by) {
  RETURN_IF_ERROR(CheckReviews(bid, by));
  if (IsDeputy(by)) {
    return PermissionDenied("REVIEW_BY_DEPUTY",
                            {"评审须由本人进行,代理人不能代评;请以自己的名义打分。",
                             "Nobody scores bids for another: score in your own name, without acting for anybody."});
  }
  if (by.unit != bid.unit()) return absl::OkStatus();
  return PermissionDenied("REVIEW_OF_OWN", {"揭榜单位的人员不能评审本单位的方案,请由其他人评审。",
                                            "Nobody scores a bid of his own unit: let somebody else do it."});
}

// A partner system's of before it said for whom it scored is taken for that of whoever scores by it next.
bool IsOf(const Bid::Score& score, const Caller& by) {
  const bool before = by.kind == Caller::Kind::kPartner && score.on_behalf_of().empty();
  return score.reviewer() == by.name && (before || score.on_behalf_of() == by.on_behalf_of);
}

// The weights make 100, so that the sum is in hundredths of a point.
int TotalOf(const Listing& challenge, const std::vector<int>& points) {
  int total = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    total += points[i] * challenge.challenge().criteria(static_cast<int>(i)).weight();
  }
  return total;
}

// Of all reviewers, half up.
int AverageOf(const Bid& bid) {
  int64_t sum = 0;
  for (const Bid::Score& score : bid.scores()) sum += score.total_hundredths();
  const int64_t count = bid.scores_size();
  return static_cast<int>((2 * sum + count) / (2 * count));
}

absl::Status CheckScored(const Bid& bid) {
  if (bid.scores_size() > 0) return absl::OkStatus();
  return StateForbids("SCORES_MISSING",
                      {absl::StrCat("“", bid.unit_title(), "”的揭榜方案尚未评审。"),
                       absl::StrCat("The bid of \"", bid.unit_title(), "\" has not been scored yet: score it first.")},
                      {{"bid", bid.name()}});
}

void Count(Listing& challenge, int more) {
  if (!challenge.has_challenge()) return;
  challenge.mutable_challenge()->set_bids(std::max(0, challenge.challenge().bids() + more));
}

}  // namespace

absl::Status CheckTakesBids(const Listing& listing, absl::CivilDay today) {
  if (listing.kind() != Listing::DEMAND || !listing.has_challenge()) {
    return BadField("bid.listing",
                    {"不是榜单,不能揭榜;可以对它发起洽谈。", "is no challenge: begin a negotiation about it instead."},
                    "CHALLENGE_MISSING");
  }
  RETURN_IF_ERROR(CheckAllowed(listing, ListingAction::kBid));
  RETURN_IF_ERROR(CheckNotAwarded(listing));
  const absl::CivilDay deadline = ToCivil(listing.challenge().deadline());
  if (today <= deadline) return absl::OkStatus();
  const std::string day = FormatDay(deadline);
  return StateForbids("DEADLINE_PAST",
                      {absl::StrCat("揭榜已于 ", day, " 截止,方案不能再提交或修改。"),
                       absl::StrCat("Bids were taken until ", day, ": none is entered or changed any more.")},
                      {{"listing", listing.name()}, {"deadline", day}});
}

absl::Status CheckBidsFor(const Caller& by, const std::string& unit) {
  if (by.IsService()) return absl::OkStatus();
  if (CityOf(unit) == CityOf(by) && (by.Has(duikou::type::v1::COORDINATOR) || by.unit == unit)) return absl::OkStatus();
  return PermissionDenied("UNIT_OF_OTHERS",
                          {"揭榜方案是密封的:只有揭榜单位自己和本市对口办可以办理。",
                           "Bids are sealed: the bidder itself and its city's COORDINATOR act for it alone."});
}

absl::Status CheckBidder(const Bid& bid, const Listing& challenge, const std::vector<Bid>& earlier) {
  if (challenge.owner_unit() == bid.unit()) {
    return BadField("bid.unit",
                    {"是发榜单位,不能揭自己的榜。", "set the challenge itself, so that it cannot bid for it."},
                    "OWN_CHALLENGE");
  }
  for (const Bid& other : earlier) {
    if (other.state() == Bid::WITHDRAWN) continue;
    return StateForbids(
        "BID_TWICE",
        {absl::StrCat("该单位已揭此榜:“", other.name(), "”;可以修改或撤回它。"),
         absl::StrCat("The unit has bid for this challenge: change or withdraw \"", other.name(), "\".")},
        {{"bid", other.name()}});
  }
  return absl::OkStatus();
}

absl::Status CheckOffer(const Bid& bid, const Listing& offer) {
  if (offer.owner_unit() != bid.unit()) {
    return BadField(
        "bid.offer",
        {"不是揭榜单位自己的供需信息。", "is no listing of the bidder's own: name one of its own, or none."},
        "OFFER_OF_OTHERS");
  }
  if (offer.kind() == Listing::OFFER) return absl::OkStatus();
  return BadField(
      "bid.offer",
      {"应为成果;揭榜方案不能以需求为依据。", "must be a listing of the kind OFFER: a bid rests on no demand."},
      "SAME_KIND");
}

void Submit(Bid& bid, Listing& challenge) {
  bid.set_state(Bid::SUBMITTED);
  bid.set_listing_city(CityOf(challenge.name()));
  bid.set_listing_unit(challenge.owner_unit());
  bid.mutable_access()->set_disclosure(duikou::type::v1::Access::RESTRICTED);
  Count(challenge, 1);
}

void DropStaleScores(const Bid& before, Bid& after) {
  const bool same = before.text() == after.text() && before.offer() == after.offer() &&
                    before.months() == after.months() && before.price().fen() == after.price().fen() &&
                    before.price().currency() == after.price().currency();
  if (same) return;
  after.clear_scores();
  after.clear_average_hundredths();
}

absl::Status Withdraw(Bid& bid, Listing& challenge, const Caller& by) {
  RETURN_IF_ERROR(CheckBidsFor(by, bid.unit()));
  RETURN_IF_ERROR(CheckAllowed(bid, BidAction::kWithdraw));
  bid.set_state(Bid::WITHDRAWN);
  Count(challenge, -1);
  return absl::OkStatus();
}

bool IsDeputy(const Caller& by) { return by.kind == Caller::Kind::kPerson && !by.on_behalf_of.empty(); }

const Bid::Score* ScoreBy(const Bid& bid, const Caller& by) {
  const auto score =
      std::find_if(bid.scores().begin(), bid.scores().end(), [&](const auto& each) { return IsOf(each, by); });
  return score == bid.scores().end() ? nullptr : &*score;
}

absl::Status Score(Bid& bid, const Listing& challenge, const std::vector<int>& points, const std::string& comment,
                   const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckScores(bid, by));
  RETURN_IF_ERROR(CheckAllowed(bid, BidAction::kScore));
  RETURN_IF_ERROR(CheckDeadlinePassed(challenge, DayOf(now)));
  const int criteria = challenge.challenge().criteria_size();
  if (static_cast<int>(points.size()) != criteria) {
    return BadField("points",
                    {absl::StrCat("须对 ", criteria, " 项评审指标各打一分,现有 ", points.size(), " 个分数。"),
                     absl::StrCat("must be one for each of the ", criteria, " criteria, not ", points.size(), ".")},
                    "POINTS_INVALID");
  }
  auto& scores = *bid.mutable_scores();
  auto score = std::find_if(scores.begin(), scores.end(), [&](const auto& each) { return IsOf(each, by); });
  Bid::Score& mine = score == scores.end() ? *scores.Add() : *score;
  mine.mutable_points()->Assign(points.begin(), points.end());
  mine.set_comment(comment);
  mine.set_reviewer(by.name);
  mine.set_on_behalf_of(by.on_behalf_of);
  *mine.mutable_time() = ToTimestamp(now);
  mine.set_total_hundredths(TotalOf(challenge, points));
  bid.set_average_hundredths(AverageOf(bid));
  return absl::OkStatus();
}

absl::Status Award(Bid& bid, std::vector<Bid>& others, Listing& challenge, const std::string& reason, const Caller& by,
                   absl::CivilDay today) {
  RETURN_IF_ERROR(CheckReviews(bid, by));
  RETURN_IF_ERROR(CheckNotAwarded(challenge));
  RETURN_IF_ERROR(CheckAllowed(bid, BidAction::kAward));
  RETURN_IF_ERROR(CheckAllowed(challenge, ListingAction::kAward));
  RETURN_IF_ERROR(CheckDeadlinePassed(challenge, today));
  RETURN_IF_ERROR(CheckScored(bid));
  const Bid* best = &bid;
  for (const Bid& other : others) {
    RETURN_IF_ERROR(CheckAllowed(other, BidAction::kPassOver));
    RETURN_IF_ERROR(CheckScored(other));
    if (other.average_hundredths() > best->average_hundredths()) best = &other;
  }
  if (best != &bid && reason.empty()) {
    return BadField("reason",
                    {absl::StrCat("“", best->unit_title(), "”的评分更高,须说明不授予它的理由。"),
                     absl::StrCat("must be given, as the bid of \"", best->unit_title(), "\" has a higher average.")},
                    "REASON_MISSING");
  }
  bid.set_state(Bid::AWARDED);
  for (Bid& other : others) other.set_state(Bid::NOT_AWARDED);
  Listing::Challenge& award = *challenge.mutable_challenge();
  award.set_awarded_bid(bid.name());
  *award.mutable_award_date() = ToDate(today);
  award.set_award_reason(best == &bid ? "" : reason);
  award.set_bids(0);
  return absl::OkStatus();
}

}  // namespace duikou::techtransfer::rules
