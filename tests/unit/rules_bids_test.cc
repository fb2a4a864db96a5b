// Bids for challenges: every action in every state, who may bid, scores to the hundredth, and the award.
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/base/workday.h"
#include "duikou/type/v1/role.pb.h"
#include "services/techtransfer/rules/bid_state.h"
#include "services/techtransfer/rules/bids.h"
#include "services/techtransfer/rules/dates.h"
#include "tests/unit/status_matchers.h"

namespace duikou::techtransfer::rules {
namespace {

using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using ::testing::ElementsAre;
using v1::Bid;
using v1::Listing;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

constexpr char kOwner[] = "cities/210800/units/gongsi";
constexpr char kBidder[] = "cities/320700/units/yjy";
const absl::CivilDay kDeadline(2026, 3, 31);
const absl::CivilDay kAfter = kDeadline + 1;

absl::Time Noon(absl::CivilDay day) { return StartOf(day) + absl::Hours(12); }

Caller CallerOf(const std::string& city, const std::string& account, const std::string& unit, int role) {
  const std::string name = "cities/" + city;
  return {.kind = Caller::Kind::kPerson,
          .name = name + "/accounts/" + account,
          .city = city,
          .unit = name + "/units/" + unit,
          .roles = 1U << role};
}
Caller Reviewer(const std::string& account = "wang") {
  return CallerOf("210800", account, "keji", duikou::type::v1::COORDINATOR);
}
Caller Bidder() { return CallerOf("320700", "li", "yjy", duikou::type::v1::UNIT_OFFICER); }

Listing Challenge(const std::vector<int>& weights = {60, 40}) {
  Listing listing;
  listing.set_name("cities/210800/listings/x1");
  listing.set_kind(Listing::DEMAND);
  listing.set_state(Listing::PUBLISHED);
  listing.set_owner_unit(kOwner);
  *listing.mutable_challenge()->mutable_deadline() = ToDate(kDeadline);
  for (const int weight : weights) listing.mutable_challenge()->add_criteria()->set_weight(weight);
  listing.mutable_challenge()->set_bids(2);
  return listing;
}

Bid BidIn(Bid::State state, const std::string& id = "b1") {
  Bid bid;
  bid.set_name("cities/320700/bids/" + id);
  bid.set_listing("cities/210800/listings/x1");
  bid.set_listing_city("cities/210800");
  bid.set_unit(kBidder);
  bid.set_unit_title("连云港研究院");
  bid.set_state(state);
  return bid;
}
Bid Scored(const std::string& id, int average) {
  Bid bid = BidIn(Bid::SUBMITTED, id);
  bid.add_scores()->set_total_hundredths(average);
  bid.set_average_hundredths(average);
  return bid;
}

absl::Status AwardTo(Bid& bid, std::vector<Bid>& others, Listing& challenge, const std::string& reason = "") {
  return Award(bid, others, challenge, reason, Reviewer(), kAfter);
}

// S submitted, A awarded, N not awarded, W withdrawn.
constexpr std::array kStates = {Bid::SUBMITTED, Bid::AWARDED, Bid::NOT_AWARDED, Bid::WITHDRAWN};
const std::map<BidAction, const char*> kExpected = {
    //                     SANW
    {BidAction::kEdit, "+..."},  {BidAction::kWithdraw, "+..."}, {BidAction::kScore, "+..."},
    {BidAction::kAward, "+..."}, {BidAction::kPassOver, "+..."},
};

// Each action as a caller who may do it would, at a time at which it can be done.
absl::Status Do(BidAction action, Bid& bid) {
  Listing challenge = Challenge();
  switch (action) {
    case BidAction::kEdit:
      return CheckAllowed(bid, action);
    case BidAction::kWithdraw:
      return Withdraw(bid, challenge, Bidder());
    case BidAction::kScore:
      return Score(bid, challenge, {80, 90}, "", Reviewer(), Noon(kAfter));
    case BidAction::kAward: {
      bid.add_scores();
      std::vector<Bid> others;
      const absl::Status done = AwardTo(bid, others, challenge);
      if (!done.ok()) bid.clear_scores();
      return done;
    }
    case BidAction::kPassOver: {
      Bid winner = Scored("b2", 9000);
      bid.add_scores();
      std::vector<Bid> others{bid};
      const absl::Status done = AwardTo(winner, others, challenge);
      bid.clear_scores();
      if (done.ok()) bid.set_state(others[0].state());
      return done;
    }
  }
  return absl::InternalError("no such action");
}

TEST(BidStateTest, EveryCellIsAsSpecified) {
  ASSERT_EQ(kExpected.size(), static_cast<size_t>(kBidActions));
  for (const auto& [action, states] : kExpected) {
    for (size_t s = 0; s < kStates.size(); ++s) {
      Bid bid = BidIn(kStates[s]);
      const bool expected = states[s] == '+';
      EXPECT_EQ(Allows(kStates[s], action), expected) << NameOf(action).en << " in " << NameOf(kStates[s]).en;
      const std::string before = bid.SerializeAsString();
      const absl::Status done = Do(action, bid);
      if (expected) {
        EXPECT_THAT(done, IsOk()) << NameOf(action).en << " in " << NameOf(kStates[s]).en;
        continue;
      }
      ASSERT_THAT(done, Fails(kForbidden, "BID_STATE_FORBIDS")) << NameOf(action).en << " in " << NameOf(kStates[s]).en;
      EXPECT_NE(FactsOf(done).text.zh.find(NameOf(kStates[s]).zh), std::string::npos);
      EXPECT_NE(FactsOf(done).text.en.find(NameOf(kStates[s]).en), std::string::npos);
      EXPECT_EQ(bid.SerializeAsString(), before) << "a refusal changes nothing";
    }
    EXPECT_FALSE(Allows(Bid::STATE_UNSPECIFIED, action));
  }
}

TEST(BidStateTest, WhereEachActionLeads) {
  const std::pair<BidAction, Bid::State> rows[] = {{BidAction::kWithdraw, Bid::WITHDRAWN},
                                                   {BidAction::kScore, Bid::SUBMITTED},
                                                   {BidAction::kAward, Bid::AWARDED},
                                                   {BidAction::kPassOver, Bid::NOT_AWARDED}};
  for (const auto& [action, after] : rows) {
    Bid bid = BidIn(Bid::SUBMITTED);
    ASSERT_THAT(Do(action, bid), IsOk());
    EXPECT_EQ(bid.state(), after) << NameOf(action).en;
  }
}

TEST(BidsTest, AChallengeTakesBidsUntilTheEndOfItsDeadline) {
  EXPECT_THAT(CheckTakesBids(Challenge(), kDeadline), IsOk());
  EXPECT_THAT(CheckTakesBids(Challenge(), kAfter), Fails(kForbidden, "DEADLINE_PAST"));
  Listing awarded = Challenge();
  awarded.mutable_challenge()->set_awarded_bid("cities/320700/bids/b1");
  EXPECT_THAT(CheckTakesBids(awarded, kDeadline), Fails(kForbidden, "AWARDED_BEFORE"));
  Listing plain = Challenge(), offer = Challenge(), draft = Challenge();
  plain.clear_challenge();
  EXPECT_THAT(CheckTakesBids(plain, kDeadline), Fails(kInvalid, "CHALLENGE_MISSING"));
  offer.set_kind(Listing::OFFER);
  EXPECT_THAT(CheckTakesBids(offer, kDeadline), Fails(kInvalid, "CHALLENGE_MISSING"));
  for (const Listing::State state : {Listing::DRAFT, Listing::UNDER_REVIEW, Listing::RETURNED, Listing::EXPIRED,
                                     Listing::WITHDRAWN, Listing::CLOSED}) {
    draft.set_state(state);
    EXPECT_THAT(CheckTakesBids(draft, kDeadline), Fails(kForbidden, "LISTING_STATE_FORBIDS"));
  }
}

TEST(BidsTest, AUnitBidsOnceAndNotForItsOwn) {
  Bid bid = BidIn(Bid::STATE_UNSPECIFIED, "b2");
  EXPECT_THAT(CheckBidder(bid, Challenge(), {}), IsOk());
  EXPECT_THAT(CheckBidder(bid, Challenge(), {BidIn(Bid::WITHDRAWN), BidIn(Bid::WITHDRAWN)}), IsOk());
  for (const Bid::State state : {Bid::SUBMITTED, Bid::AWARDED, Bid::NOT_AWARDED}) {
    EXPECT_THAT(CheckBidder(bid, Challenge(), {BidIn(Bid::WITHDRAWN), BidIn(state)}), Fails(kForbidden, "BID_TWICE"));
  }
  bid.set_unit(kOwner);
  const absl::Status own = CheckBidder(bid, Challenge(), {});
  EXPECT_THAT(own, Fails(kInvalid, "OWN_CHALLENGE"));
  EXPECT_THAT(BadFields(own), ElementsAre("bid.unit"));
}

TEST(BidsTest, WhoActsForABidder) {
  using duikou::type::v1::COORDINATOR;
  using duikou::type::v1::TECH_BROKER;
  EXPECT_THAT(CheckBidsFor(Bidder(), kBidder), IsOk());
  EXPECT_THAT(CheckBidsFor(CallerOf("320700", "office", "keji", COORDINATOR), kBidder), IsOk());
  EXPECT_THAT(CheckBidsFor(CallerOf("320700", "broker", "yjy", TECH_BROKER), kBidder), IsOk()) << "his own unit";
  EXPECT_THAT(CheckBidsFor(CallerOf("320700", "broker", "keji", TECH_BROKER), kBidder),
              Fails(kDenied, "UNIT_OF_OTHERS"))
      << "he would not see it afterwards: it is sealed from who may act for rivals";
  EXPECT_THAT(CheckBidsFor(CallerOf("210800", "office", "keji", COORDINATOR), kBidder),
              Fails(kDenied, "UNIT_OF_OTHERS"));
}

TEST(BidsTest, AnOfferIsTheBiddersOwn) {
  Listing offer;
  offer.set_kind(Listing::OFFER);
  offer.set_owner_unit(kBidder);
  EXPECT_THAT(CheckOffer(BidIn(Bid::SUBMITTED), offer), IsOk());
  offer.set_kind(Listing::DEMAND);
  const absl::Status demand = CheckOffer(BidIn(Bid::SUBMITTED), offer);
  EXPECT_THAT(demand, Fails(kInvalid, "SAME_KIND")) << "a contract would not rest on it";
  EXPECT_THAT(BadFields(demand), ElementsAre("bid.offer"));
  offer.set_owner_unit("cities/320700/units/daxue");
  EXPECT_THAT(CheckOffer(BidIn(Bid::SUBMITTED), offer), Fails(kInvalid, "OFFER_OF_OTHERS"));
}

TEST(BidsTest, TheChallengeCountsItsBids) {
  Listing challenge = Challenge();
  Bid bid = BidIn(Bid::STATE_UNSPECIFIED);
  bid.clear_listing_city();
  Submit(bid, challenge);
  EXPECT_EQ(bid.state(), Bid::SUBMITTED);
  EXPECT_EQ(bid.listing_city(), "cities/210800");
  EXPECT_EQ(challenge.challenge().bids(), 3);
  EXPECT_THAT(Withdraw(bid, challenge, CallerOf("320700", "zhao", "daxue", duikou::type::v1::UNIT_OFFICER)),
              Fails(kDenied, "UNIT_OF_OTHERS"));
  EXPECT_THAT(Withdraw(bid, challenge, Reviewer()), Fails(kDenied, "UNIT_OF_OTHERS"));
  EXPECT_EQ(challenge.challenge().bids(), 3);
  ASSERT_THAT(Withdraw(bid, challenge, Bidder()), IsOk());
  EXPECT_EQ(challenge.challenge().bids(), 2);
}

TEST(BidsTest, ScoresAreWeightedAndAveragedHalfUp) {
  const Listing challenge = Challenge({50, 30, 20});
  Bid bid = BidIn(Bid::SUBMITTED);
  const auto score = [&](const char* reviewer, const std::vector<int>& points) {
    return Score(bid, challenge, points, "可行", Reviewer(reviewer), Noon(kAfter));
  };
  ASSERT_THAT(score("wang", {100, 100, 100}), IsOk());
  EXPECT_EQ(bid.average_hundredths(), 10000);
  ASSERT_THAT(score("wang", {81, 70, 65}), IsOk());
  ASSERT_EQ(bid.scores_size(), 1) << "another one of his takes its place";
  EXPECT_EQ(bid.scores(0).total_hundredths(), 81 * 50 + 70 * 30 + 65 * 20);
  EXPECT_EQ(bid.scores(0).reviewer(), "cities/210800/accounts/wang");
  EXPECT_THAT(bid.scores(0).points(), ElementsAre(81, 70, 65));
  EXPECT_EQ(ToTime(bid.scores(0).time()), Noon(kAfter));
  ASSERT_THAT(score("liu", {0, 0, 0}), IsOk());
  EXPECT_EQ(bid.average_hundredths(), 7450 / 2);
  ASSERT_THAT(score("sun", {100, 0, 1}), IsOk());
  EXPECT_EQ(bid.scores_size(), 3);
  EXPECT_EQ(bid.average_hundredths(), 4157) << "12470 / 3 = 4156.67";
}

TEST(BidsTest, NobodyCountsTwiceByActingForAnother) {
  Bid bid = BidIn(Bid::SUBMITTED);
  const auto score = [&](const Caller& by, int points) {
    return Score(bid, Challenge(), {points, points}, "", by, Noon(kAfter));
  };
  ASSERT_THAT(score(Reviewer("wang"), 90), IsOk());
  Caller deputy = Reviewer("wang");
  deputy.on_behalf_of = Reviewer("liu").name;
  EXPECT_THAT(score(deputy, 60), Fails(kDenied, "REVIEW_BY_DEPUTY"));
  deputy.unit = kBidder;  // Of whom he acts for.
  EXPECT_THAT(score(deputy, 60), Fails(kDenied, "REVIEW_BY_DEPUTY"));
  ASSERT_EQ(bid.scores_size(), 1);
  EXPECT_EQ(bid.average_hundredths(), 9000) << "his own stands";
}

TEST(BidsTest, APartnerSystemScoresForEachPersonOfIts) {
  Bid bid = BidIn(Bid::SUBMITTED);
  Caller system = Reviewer();
  system.kind = Caller::Kind::kPartner;
  system.name = "cities/210800/partnerSystems/oa";
  for (const auto& [person, points] : {std::pair("p1", 90), {"p2", 60}, {"p1", 80}}) {
    system.on_behalf_of = person;
    ASSERT_THAT(Score(bid, Challenge(), {points, points}, "", system, Noon(kAfter)), IsOk());
    EXPECT_NE(ScoreBy(bid, system), nullptr);
  }
  ASSERT_EQ(bid.scores_size(), 2);
  EXPECT_EQ(bid.scores(0).reviewer(), system.name);
  EXPECT_EQ(bid.scores(0).on_behalf_of(), "p1");
  EXPECT_EQ(bid.average_hundredths(), 7000);
  EXPECT_EQ(ScoreBy(bid, Reviewer()), nullptr);
}

TEST(BidsTest, AveragesAreRoundedHalfUp) {
  const Listing challenge = Challenge({99, 1});
  Bid bid = BidIn(Bid::SUBMITTED);
  ASSERT_THAT(Score(bid, challenge, {0, 1}, "", Reviewer("wang"), Noon(kAfter)), IsOk());
  ASSERT_THAT(Score(bid, challenge, {0, 2}, "", Reviewer("liu"), Noon(kAfter)), IsOk());
  EXPECT_EQ(bid.average_hundredths(), 2) << "1.5";
  ASSERT_THAT(Score(bid, challenge, {0, 1}, "", Reviewer("sun"), Noon(kAfter)), IsOk());
  EXPECT_EQ(bid.average_hundredths(), 1) << "4 / 3";
}

TEST(BidsTest, ScoresAreOfWhatWasReviewed) {
  Bid before = Scored("b1", 8000);
  before.set_text("悬浮煅烧");
  before.mutable_price()->set_fen(100);
  before.set_months(12);
  before.set_offer("cities/320700/listings/o1");
  Bid same = before;
  DropStaleScores(before, same);
  EXPECT_EQ(same.SerializeAsString(), before.SerializeAsString());
  const auto expect_dropped = [&](const char* what, void (*change)(Bid&)) {
    Bid after = before;
    change(after);
    DropStaleScores(before, after);
    EXPECT_EQ(after.scores_size(), 0) << what;
    EXPECT_EQ(after.average_hundredths(), 0) << what;
  };
  expect_dropped("text", [](Bid& bid) { bid.set_text("回转窑煅烧"); });
  expect_dropped("price", [](Bid& bid) { bid.mutable_price()->set_fen(101); });
  expect_dropped("no price", [](Bid& bid) { bid.clear_price(); });
  expect_dropped("currency", [](Bid& bid) { bid.mutable_price()->set_currency("USD"); });
  expect_dropped("months", [](Bid& bid) { bid.set_months(13); });
  expect_dropped("offer", [](Bid& bid) { bid.clear_offer(); });
}

TEST(BidsTest, WhoScoresAndWhen) {
  const auto score = [](const Caller& by, absl::CivilDay day, const std::vector<int>& points) {
    Bid bid = BidIn(Bid::SUBMITTED);
    const absl::Status done = Score(bid, Challenge(), points, "", by, Noon(day));
    EXPECT_EQ(bid.scores_size(), done.ok() ? 1 : 0);
    return done;
  };
  EXPECT_THAT(score(Reviewer(), kAfter, {1, 2}), IsOk());
  EXPECT_THAT(score(Reviewer(), kDeadline, {1, 2}), Fails(kForbidden, "DEADLINE_NOT_REACHED"));
  EXPECT_THAT(score(Bidder(), kAfter, {1, 2}), Fails(kDenied, "REVIEW_OF_OTHERS"));
  Bid neighbour = BidIn(Bid::SUBMITTED);
  neighbour.set_unit("cities/210800/units/keji");
  EXPECT_THAT(Score(neighbour, Challenge(), {1, 2}, "", Reviewer(), Noon(kAfter)), Fails(kDenied, "REVIEW_OF_OWN"));
  for (const std::vector<int>& points : {std::vector<int>{}, {1}, {1, 2, 3}}) {
    const absl::Status done = score(Reviewer(), kAfter, points);
    EXPECT_THAT(done, Fails(kInvalid, "POINTS_INVALID"));
    EXPECT_THAT(BadFields(done), ElementsAre("points"));
  }
}

TEST(BidsTest, TheHighestIsAwardedOrAReasonGiven) {
  Listing challenge = Challenge();
  Bid bid = Scored("b1", 8000);
  std::vector<Bid> others{Scored("b2", 7000), Scored("b3", 8001)};
  EXPECT_THAT(AwardTo(bid, others, challenge), Fails(kInvalid, "REASON_MISSING"));
  EXPECT_EQ(others[0].state(), Bid::SUBMITTED);
  EXPECT_FALSE(challenge.challenge().has_award_date());
  ASSERT_THAT(AwardTo(bid, others, challenge, "已有中试线"), IsOk());
  EXPECT_EQ(bid.state(), Bid::AWARDED);
  for (const Bid& other : others) EXPECT_EQ(other.state(), Bid::NOT_AWARDED);
  EXPECT_EQ(challenge.challenge().awarded_bid(), bid.name());
  EXPECT_EQ(ToCivil(challenge.challenge().award_date()), kAfter);
  EXPECT_EQ(challenge.challenge().award_reason(), "已有中试线");
  EXPECT_EQ(challenge.challenge().bids(), 0);

  Listing tied = Challenge();
  Bid one = Scored("b1", 8000);
  std::vector<Bid> equal{Scored("b2", 8000)};
  ASSERT_THAT(AwardTo(one, equal, tied), IsOk()) << "nobody has a higher one";
  EXPECT_EQ(tied.challenge().award_reason(), "");
}

TEST(BidsTest, WhatKeepsAnAwardFrom) {
  const auto award = [](const Caller& by, absl::CivilDay day, Listing challenge, Bid bid, std::vector<Bid> others) {
    return Award(bid, others, challenge, "理由", by, day);
  };
  const Bid good = Scored("b1", 8000), bare = BidIn(Bid::SUBMITTED, "b2");
  EXPECT_THAT(award(Reviewer(), kAfter, Challenge(), good, {Scored("b2", 9000)}), IsOk());
  Listing expired = Challenge();
  expired.set_state(Listing::EXPIRED);
  EXPECT_THAT(award(Reviewer(), kAfter, expired, good, {}), IsOk()) << "its bids came in time";
  EXPECT_THAT(award(CallerOf("320700", "chen", "keji", duikou::type::v1::COORDINATOR), kAfter, Challenge(), good, {}),
              Fails(kDenied, "REVIEW_OF_OTHERS"));
  EXPECT_THAT(award(Reviewer(), kDeadline, Challenge(), good, {}), Fails(kForbidden, "DEADLINE_NOT_REACHED"));
  EXPECT_THAT(award(Reviewer(), kAfter, Challenge(), bare, {}), Fails(kForbidden, "SCORES_MISSING"));
  EXPECT_THAT(award(Reviewer(), kAfter, Challenge(), good, {bare}), Fails(kForbidden, "SCORES_MISSING"));
  Listing awarded = Challenge(), withdrawn = Challenge();
  awarded.mutable_challenge()->set_awarded_bid("cities/320700/bids/b9");
  EXPECT_THAT(award(Reviewer(), kAfter, awarded, good, {}), Fails(kForbidden, "AWARDED_BEFORE"));
  withdrawn.set_state(Listing::WITHDRAWN);
  EXPECT_THAT(award(Reviewer(), kAfter, withdrawn, good, {}), Fails(kForbidden, "LISTING_STATE_FORBIDS"));
}

}  // namespace
}  // namespace duikou::techtransfer::rules
