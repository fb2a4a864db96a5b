// Bids for challenges of another city, through the service as it runs, on both engines.
#include <string>
#include <utility>
#include <vector>

#include "tests/integration/at_once.h"
#include "tests/integration/techtransfer_fixture.h"

namespace duikou::testing {
namespace {

using namespace techtransfer::v1;  // NOLINT(google-build-using-namespace): the API under test.
using ::testing::UnorderedElementsAre;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kNotFound = absl::StatusCode::kNotFound;

// Yingkou sets challenges, for bids until 12 March; Lianyungang and Shenyang bid.
class BidsTest : public TechTransferTest {
 protected:
  rpc::CallOptions Officer(const std::string& city, const std::string& unit) const {
    return As(city, "li", {type::v1::UNIT_OFFICER}, unit);
  }
  static Listing ChallengeOf() {
    Listing listing = SampleOf(Listing::DEMAND, kYingkou, "gongsi", "镁砂低碳煅烧工艺");
    Listing::Challenge& challenge = *listing.mutable_challenge();
    *challenge.mutable_prize() = Yuan(1'000'000);
    *challenge.mutable_deadline() = DateOf(2026, 3, 12);
    for (const auto& [title, weight] : {std::pair("技术", 70), {"成本", 30}}) {
      Listing::Challenge::Criterion& criterion = *challenge.add_criteria();
      criterion.set_title(title);
      criterion.set_weight(weight);
    }
    return listing;
  }
  std::string Challenge() { return Publish(kYingkou, "x1", ChallengeOf()); }
  Listing::Challenge Now(const std::string& challenge) { return Get(challenge, Office(kYingkou)).challenge(); }

  absl::StatusOr<Bid> Enter(const std::string& city, const std::string& unit, const std::string& challenge,
                            const std::string& id, const rpc::CallOptions& options) {
    CreateBidRequest request;
    request.set_parent(city);
    request.set_bid_id(id);
    request.mutable_bid()->set_listing(challenge);
    request.mutable_bid()->set_unit(unit);
    request.mutable_bid()->set_text("悬浮煅烧");
    return Call<Bid>(request, options);
  }
  absl::StatusOr<Bid> Enter(const std::string& city, const std::string& unit, const std::string& challenge,
                            const std::string& id) {
    return Enter(city, absl::StrCat(city, "/units/", unit), challenge, id, Officer(city, unit));
  }
  absl::StatusOr<Bid> Score(const std::string& bid, const std::vector<int>& points, const rpc::CallOptions& options) {
    ScoreBidRequest request;
    request.mutable_points()->Assign(points.begin(), points.end());
    return Act<Bid>(bid, options, request);
  }
  absl::StatusOr<Bid> Award(const std::string& bid, const std::string& reason = "") {
    AwardBidRequest request;
    request.set_reason(reason);
    return Act<Bid>(bid, Office(kYingkou), request);
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, BidsTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(BidsTest, WhoBidsIsReadInNoChangeOfTheChallenge) {
  const std::string challenge = Challenge();
  const auto others = {Officer(kShenyang, "gongsi"), Officer(kYingkou, "yjy"), Office(kYingkou)};
  for (const rpc::CallOptions& reader : others)
    EXPECT_EQ(LastChange(kYingkou, "listing", reader).action(), "PublishListing");
  ASSERT_THAT(Enter(kLianyungang, "yjy", challenge, "b1"), IsOk());
  for (const rpc::CallOptions& reader : others) {
    const log::v1::Change counted = LastChange(kYingkou, "listing", reader);
    EXPECT_EQ(counted.name(), challenge);
    EXPECT_FALSE(SaysWho(counted)) << counted.ShortDebugString();
  }
  EXPECT_EQ(LastChange(kLianyungang, "bid", Officer(kLianyungang, "yjy")).action(), "CreateBid");
}

TEST_P(BidsTest, EnteredForOnesOwnUnitOnce) {
  const std::string challenge = Challenge();
  const std::string by_number = absl::StrCat(kYingkou, "/listings/", Get(challenge, Office(kYingkou)).number());
  const auto bid = Enter(kLianyungang, "yjy", by_number, "b1");
  ASSERT_THAT(bid, IsOk());
  EXPECT_EQ(bid->listing(), challenge);
  EXPECT_EQ(bid->state(), Bid::SUBMITTED);
  EXPECT_EQ(bid->listing_city(), kYingkou);
  EXPECT_EQ(bid->listing_title(), "镁砂低碳煅烧工艺");
  EXPECT_EQ(Now(challenge).bids(), 1);
  EXPECT_THAT(Act<Bid>(bid->name(), Office(kYingkou), GetBidRequest()), IsOk());
  EXPECT_THAT(Act<Bid>(bid->name(), Office(kShenyang), GetBidRequest()), Fails(kNotFound, "NOT_FOUND"));
  // Sealed from rivals of either city too.
  for (const char* city : {kYingkou, kLianyungang}) {
    EXPECT_THAT(Act<Bid>(bid->name(), As(city, "rival", {type::v1::UNIT_OFFICER}, "rival"), GetBidRequest()),
                Fails(kNotFound, "NOT_FOUND"));
  }

  EXPECT_THAT(Enter(kLianyungang, "yjy", challenge, "b2"), Fails(kForbidden, "BID_TWICE"));
  const std::string other = absl::StrCat(kLianyungang, "/units/daxue");
  EXPECT_THAT(Enter(kLianyungang, other, challenge, "b2", Officer(kLianyungang, "yjy")),
              Fails(kDenied, "UNIT_OF_OTHERS"));
  EXPECT_THAT(Enter(kShenyang, other, challenge, "b2", Broker(kShenyang)), Fails(kInvalid, "UNIT_OF_OTHER_CITY"));
  EXPECT_THAT(Enter(kYingkou, "gongsi", challenge, "b2"), Fails(kInvalid, "OWN_CHALLENGE"));
  EXPECT_EQ(Now(challenge).bids(), 1);
  EXPECT_THAT(Enter(kShenyang, "yjy", challenge, "b1"), IsOk());
  EXPECT_EQ(Now(challenge).bids(), 2);
}

TEST_P(BidsTest, ABrokerBidsForHisOwnUnitAlone) {
  const std::string challenge = Challenge(), unit = absl::StrCat(kLianyungang, "/units/yjy");
  EXPECT_THAT(Enter(kLianyungang, unit, challenge, "b1", Broker(kLianyungang)), Fails(kDenied, "UNIT_OF_OTHERS"));
  const auto own = As(kLianyungang, "broker", {type::v1::TECH_BROKER}, "yjy");
  ASSERT_THAT(Enter(kLianyungang, unit, challenge, "b1", own), IsOk());
  const std::string bid = absl::StrCat(kLianyungang, "/bids/b1");
  EXPECT_THAT(Act<Bid>(bid, own, GetBidRequest()), IsOk());
  EXPECT_THAT(Act<Bid>(bid, own, WithdrawBidRequest()), IsOk());
}

TEST_P(BidsTest, AnExpiredChallengeIsAwarded) {
  const std::string challenge = Challenge();
  const auto bid = Enter(kLianyungang, "yjy", challenge, "b1");
  ASSERT_THAT(bid, IsOk());
  clock_.Set(absl::FromCivil(absl::CivilHour(2027, 3, 4, 1), ShanghaiTime()));
  CatchUpDays();
  ASSERT_EQ(Get(challenge, Office(kYingkou)).state(), Listing::EXPIRED);
  EXPECT_THAT(Works(kYingkou, Office(kYingkou)), ::testing::Contains(pending::v1::PendingItem::SCORE_BIDS));
  ASSERT_THAT(Score(bid->name(), {90, 80}, Office(kYingkou)), IsOk());
  EXPECT_THAT(Works(kYingkou, Office(kYingkou)), ::testing::Contains(pending::v1::PendingItem::AWARD_CHALLENGE));
  const auto awarded = Award(bid->name());
  ASSERT_THAT(awarded, IsOk());
  EXPECT_THAT(Act<Negotiation>(awarded->negotiation(), Office(kLianyungang), GetNegotiationRequest()), IsOk());
}

TEST_P(BidsTest, AChangedBidIsScoredAnew) {
  Listing listing = ChallengeOf();
  *listing.mutable_expire_date() = DateOf(2026, 3, 14);
  const std::string challenge = Publish(kYingkou, "x1", listing);
  const auto bid = Enter(kLianyungang, "yjy", challenge, "b1");
  ASSERT_THAT(bid, IsOk());
  clock_.Set(At(13, 8));
  ASSERT_THAT(Score(bid->name(), {90, 80}, Office(kYingkou)), IsOk());
  // It expires, and is published again with a later deadline.
  clock_.Set(At(15, 8));
  CatchUpDays();
  UpdateListingRequest later;
  later.mutable_listing()->set_name(challenge);
  *later.mutable_listing()->mutable_challenge() = listing.challenge();
  *later.mutable_listing()->mutable_challenge()->mutable_deadline() = DateOf(2026, 3, 20);
  *later.mutable_listing()->mutable_expire_date() = DateOf(2026, 3, 30);
  ASSERT_THAT(Call<Listing>(later, Broker(kYingkou)), IsOk());
  ASSERT_THAT((Act<Listing, SubmitListingRequest>(challenge, Broker(kYingkou))), IsOk());
  ASSERT_THAT((Act<Listing, PublishListingRequest>(challenge, Office(kYingkou))), IsOk());
  UpdateBidRequest change;
  change.mutable_bid()->set_name(bid->name());
  change.mutable_bid()->set_text("回转窑煅烧");
  const auto changed = Call<Bid>(change, Officer(kLianyungang, "yjy"));
  ASSERT_THAT(changed, IsOk());
  EXPECT_EQ(changed->scores_size(), 0);
  clock_.Set(At(21, 8));
  EXPECT_THAT(Award(bid->name()), Fails(kForbidden, "SCORES_MISSING"));
}

TEST_P(BidsTest, WhatTakesNoBids) {
  const std::string plain = PublishSample(Listing::DEMAND, kYingkou, "gongsi", "x2", "镁渣利用");
  EXPECT_THAT(Enter(kLianyungang, "yjy", plain, "b1"), Fails(kInvalid, "CHALLENGE_MISSING"));
  const std::string draft = Draft(kYingkou, "x3", SampleOf(Listing::DEMAND, kYingkou, "gongsi", "未发布"));
  EXPECT_THAT(Enter(kLianyungang, "yjy", draft, "b1"), Fails(kInvalid, "REFERENCE_UNKNOWN"))
      << "it is not there for another city";
}

TEST_P(BidsTest, ChangedAndWithdrawnUntilTheDeadline) {
  const std::string challenge = Challenge();
  const rpc::CallOptions li = Officer(kLianyungang, "yjy");
  ASSERT_THAT(Enter(kLianyungang, "yjy", challenge, "b1"), IsOk());
  const std::string first = absl::StrCat(kLianyungang, "/bids/b1");
  EXPECT_THAT(Act<Bid>(first, Officer(kLianyungang, "daxue"), WithdrawBidRequest()), Fails(kNotFound, "NOT_FOUND"));
  ASSERT_THAT(Act<Bid>(first, li, WithdrawBidRequest()), IsOk());
  EXPECT_EQ(Now(challenge).bids(), 0);
  EXPECT_THAT(Act<Bid>(first, li, WithdrawBidRequest()), Fails(kForbidden, "BID_STATE_FORBIDS"));
  ASSERT_THAT(Enter(kLianyungang, "yjy", challenge, "b2"), IsOk());

  UpdateBidRequest update;
  update.mutable_bid()->set_name(absl::StrCat(kLianyungang, "/bids/b2"));
  update.mutable_bid()->set_offer(challenge);
  EXPECT_THAT(Call<Bid>(update, li), Fails(kInvalid, "OFFER_OF_OTHERS"));
  update.mutable_bid()->set_offer(PublishSample(Listing::OFFER, kLianyungang, "yjy", "o1", "悬浮煅烧炉"));
  EXPECT_THAT(Call<Bid>(update, li), IsOk());
  clock_.Set(At(13, 0));
  EXPECT_THAT(Call<Bid>(update, Officer(kLianyungang, "yjy")), Fails(kForbidden, "DEADLINE_PAST"));
  EXPECT_THAT(Enter(kShenyang, "yjy", challenge, "b3"), Fails(kForbidden, "DEADLINE_PAST"));
}

TEST_P(BidsTest, ReviewAndAwardOpenANegotiation) {
  const std::string challenge = Challenge();
  const auto one = Enter(kLianyungang, "yjy", challenge, "b1"), two = Enter(kShenyang, "yjy", challenge, "b2");
  ASSERT_THAT(one, IsOk());
  ASSERT_THAT(two, IsOk());
  EXPECT_THAT(Score(one->name(), {90, 80}, Office(kYingkou)), Fails(kForbidden, "DEADLINE_NOT_REACHED"));
  EXPECT_THAT(Works(kYingkou, Office(kYingkou)), ::testing::IsEmpty());
  clock_.Set(At(13, 0));
  EXPECT_THAT(Works(kYingkou, Office(kYingkou)), ::testing::ElementsAre(pending::v1::PendingItem::SCORE_BIDS));
  EXPECT_THAT(Score(one->name(), {90, 80}, Office(kLianyungang)), Fails(kDenied, "REVIEW_OF_OTHERS"));
  EXPECT_THAT(Score(one->name(), {90}, Office(kYingkou)), Fails(kInvalid, "POINTS_INVALID"));
  ASSERT_THAT(Score(one->name(), {90, 80}, Office(kYingkou)), IsOk());
  EXPECT_THAT(Award(one->name()), Fails(kForbidden, "SCORES_MISSING"));
  ASSERT_THAT(Score(two->name(), {95, 90}, Office(kYingkou)), IsOk());
  const auto scored = Score(two->name(), {80, 91}, As(kYingkou, "panel", {type::v1::SUPERVISOR}));
  ASSERT_THAT(scored, IsOk());
  EXPECT_EQ(scored->average_hundredths(), (9350 + 8330) / 2);
  EXPECT_THAT(Award(one->name()), Fails(kInvalid, "REASON_MISSING"));
  EXPECT_EQ(Now(challenge).awarded_bid(), "");

  const auto awarded = Award(one->name(), "已有中试线");
  ASSERT_THAT(awarded, IsOk());
  EXPECT_EQ(awarded->state(), Bid::AWARDED);
  const auto negotiation = Act<Negotiation>(awarded->negotiation(), Office(kLianyungang), GetNegotiationRequest());
  ASSERT_THAT(negotiation, IsOk());
  EXPECT_EQ(negotiation->listing(), challenge);
  EXPECT_EQ(negotiation->bid(), one->name());
  const auto passed_over = Act<Bid>(two->name(), Office(kShenyang), GetBidRequest());
  ASSERT_THAT(passed_over, IsOk());
  EXPECT_EQ(passed_over->state(), Bid::NOT_AWARDED);
  const Listing after = Get(challenge, Office(kYingkou));
  EXPECT_EQ(after.challenge().awarded_bid(), one->name());
  EXPECT_EQ(after.challenge().award_reason(), "已有中试线");
  EXPECT_EQ(after.challenge().award_date().day(), 13);
  EXPECT_EQ(after.challenge().bids(), 0);
  EXPECT_EQ(after.open_negotiations(), 1);
  EXPECT_THAT(Award(two->name()), Fails(kForbidden, "AWARDED_BEFORE"));
}

TEST_P(BidsTest, OfBidsOfAUnitAtOnceOneStands) {
  const std::string challenge = Challenge();
  constexpr int kClients = 8;
  const auto counts =
      AtOnce(kClients, [&](int i) { return Enter(kLianyungang, "yjy", challenge, absl::StrCat("b", i)).status(); });
  EXPECT_THAT(counts, UnorderedElementsAre(std::pair("OK", 1), std::pair("BID_TWICE", kClients - 1)));
  EXPECT_EQ(Now(challenge).bids(), 1);
}

TEST_P(BidsTest, OfAwardsAtOnceOneStands) {
  const std::string challenge = Challenge();
  std::vector<std::string> bids;
  for (int i = 0; i < 4; ++i) {
    const auto bid = Enter(kLianyungang, absl::StrCat("u", i), challenge, absl::StrCat("b", i));
    ASSERT_THAT(bid, IsOk());
    bids.push_back(bid->name());
  }
  clock_.Set(At(13, 0));
  for (const std::string& bid : bids) ASSERT_THAT(Score(bid, {80, 80}, Office(kYingkou)), IsOk());
  const auto counts = AtOnce(4, [&](int i) { return Award(bids[static_cast<size_t>(i)]).status(); });
  EXPECT_THAT(counts, UnorderedElementsAre(std::pair("OK", 1), std::pair("AWARDED_BEFORE", 3)));
  EXPECT_EQ(Get(challenge, Office(kYingkou)).open_negotiations(), 1);
}

}  // namespace
}  // namespace duikou::testing
