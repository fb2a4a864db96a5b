// Rules on listings: states, numbers, and what fits.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/workday.h"
#include "duikou/type/v1/role.pb.h"
#include "services/techtransfer/rules/awaited.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/defaults.h"
#include "services/techtransfer/rules/listing_actions.h"
#include "services/techtransfer/rules/listing_fields.h"
#include "services/techtransfer/rules/listing_state.h"
#include "services/techtransfer/rules/matching.h"
#include "services/techtransfer/rules/patent_number.h"
#include "services/techtransfer/rules/publicity.h"
#include "tests/unit/status_matchers.h"

namespace duikou::techtransfer::rules {
namespace {

using duikou::pending::v1::PendingItem;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using v1::Listing;
using v1::MatchFeedback;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr absl::CivilDay kToday(2026, 3, 2);

Listing InState(Listing::State state) {
  Listing listing;
  listing.set_name("cities/210800/listings/l1");
  listing.set_kind(Listing::OFFER);
  listing.set_owner_unit("cities/210800/units/yjy");
  listing.add_modes(v1::ASSIGNMENT);
  listing.set_pricing(Listing::NEGOTIATED);
  listing.set_state(state);
  return listing;
}

Caller By(const std::string& account, int role = duikou::type::v1::COORDINATOR) {
  return {.kind = Caller::Kind::kPerson,
          .name = "cities/210800/accounts/" + account,
          .city = "210800",
          .unit = "cities/210800/units/yjy",
          .roles = 1U << role};
}

TEST(ListingStateTest, EachActionInEachState) {
  using A = ListingAction;
  const std::map<A, std::set<int>> allowed = {{A::kEdit, {Listing::DRAFT, Listing::RETURNED, Listing::EXPIRED}},
                                              {A::kDelete, {Listing::DRAFT}},
                                              {A::kSubmit, {Listing::DRAFT, Listing::RETURNED, Listing::EXPIRED}},
                                              {A::kPublish, {Listing::UNDER_REVIEW}},
                                              {A::kReturn, {Listing::UNDER_REVIEW}},
                                              {A::kWithdraw, {Listing::PUBLISHED}},
                                              {A::kClose, {Listing::PUBLISHED}},
                                              {A::kPublicise, {Listing::PUBLISHED}},
                                              {A::kObject, {Listing::PUBLISHED}},
                                              {A::kSettle, {Listing::PUBLISHED}},
                                              {A::kNegotiate, {Listing::PUBLISHED}},
                                              {A::kBid, {Listing::PUBLISHED}},
                                              {A::kAward, {Listing::PUBLISHED, Listing::EXPIRED}},
                                              {A::kContract, {Listing::PUBLISHED}},
                                              {A::kMatch, {Listing::PUBLISHED}},
                                              {A::kExpire, {Listing::PUBLISHED}},
                                              {A::kReopen, {Listing::CLOSED}}};
  ASSERT_EQ(allowed.size(), static_cast<size_t>(kListingActions));
  for (int state = Listing::DRAFT; state <= Listing::CLOSED; ++state) {
    for (const auto& [action, states] : allowed) {
      const absl::Status status = CheckAllowed(InState(static_cast<Listing::State>(state)), action);
      EXPECT_EQ(status.ok(), states.contains(state)) << NameOf(action).en << " in " << state;
      if (!status.ok()) {
        EXPECT_THAT(status, Fails(kForbidden, "LISTING_STATE_FORBIDS"));
      }
    }
  }
}

// Every action through its own rule, in every state: what it leads to, or that it is refused and nothing changed.
TEST(ListingStateTest, EachRuleInEachState) {
  const std::map<std::string, std::pair<ListingAction, Listing::State>> rules = {
      {"submit", {ListingAction::kSubmit, Listing::UNDER_REVIEW}},
      {"publish", {ListingAction::kPublish, Listing::PUBLISHED}},
      {"return", {ListingAction::kReturn, Listing::RETURNED}},
      {"withdraw", {ListingAction::kWithdraw, Listing::WITHDRAWN}},
      {"close", {ListingAction::kClose, Listing::CLOSED}}};
  for (int state = Listing::DRAFT; state <= Listing::CLOSED; ++state) {
    for (const auto& [name, rule] : rules) {
      Listing listing = InState(static_cast<Listing::State>(state));
      if (name == "close") listing.set_kind(Listing::DEMAND);
      const Caller by = By("a");
      const absl::Status status = name == "submit"     ? Submit(listing, false, by, kToday)
                                  : name == "publish"  ? Publish(listing, "", 365, by, StartOf(kToday))
                                  : name == "return"   ? Return(listing, "为何", by)
                                  : name == "withdraw" ? Withdraw(listing, 0, "", kToday)
                                                       : Close(listing, "");
      EXPECT_EQ(status.ok(), Allows(static_cast<Listing::State>(state), rule.first)) << name << " in " << state;
      EXPECT_EQ(listing.state(), status.ok() ? rule.second : state);
    }
  }
}

TEST(ListingActionsTest, NobodyReviewsHisOwn) {
  Listing listing = InState(Listing::DRAFT);
  ASSERT_THAT(Submit(listing, true, By("a"), kToday), IsOk());
  EXPECT_TRUE(NeedsPublicity(listing));
  EXPECT_THAT(Publish(listing, "", 365, By("a"), StartOf(kToday)), Fails(kForbidden, "REVIEW_OF_OWN"));
  Caller deputy = By("b");
  deputy.on_behalf_of = By("a").name;
  EXPECT_THAT(Return(listing, "x", deputy), Fails(kForbidden, "REVIEW_OF_OWN"));
  ASSERT_THAT(Publish(listing, "好", 365, By("b"), StartOf(kToday)), IsOk());
  EXPECT_EQ(ToCivil(listing.expire_date()), absl::CivilDay(2027, 3, 2));
  EXPECT_FALSE(listing.has_access()) << "internal, as nobody said otherwise";
}

TEST(ListingActionsTest, ADeputyIsNoSecondPairOfEyes) {
  const auto deputy_for = [](const std::string& account, const std::string& absent) {
    Caller deputy = By(account);
    deputy.on_behalf_of = By(absent).name;
    return deputy;
  };
  // Submitted by a for b: neither reviews it, nor anybody for them.
  Listing submitted = InState(Listing::DRAFT);
  ASSERT_THAT(Submit(submitted, false, deputy_for("a", "b"), kToday), IsOk());
  EXPECT_EQ(submitted.submitted_by(), By("a").name);
  EXPECT_EQ(submitted.submitted_on_behalf_of(), By("b").name);
  for (const Caller& by : {By("a"), By("b"), deputy_for("c", "a"), deputy_for("c", "b"), deputy_for("a", "c")}) {
    Listing listing = submitted;
    EXPECT_THAT(Publish(listing, "", 365, by, StartOf(kToday)), Fails(kForbidden, "REVIEW_OF_OWN")) << by.name;
    EXPECT_FALSE(AwaitedOf(listing, {}, by, kToday)) << by.name;
  }
  EXPECT_THAT(Publish(submitted, "", 365, deputy_for("c", "d"), StartOf(kToday)), IsOk());
  // Submitted again in his own name, it is his alone.
  Listing again = submitted;
  again.set_state(Listing::EXPIRED);
  ASSERT_THAT(Submit(again, false, By("d"), kToday), IsOk());
  EXPECT_THAT(Publish(again, "", 365, By("b"), StartOf(kToday)), IsOk());
}

TEST(ListingActionsTest, ItsReviewIsItsCitysBusiness) {
  Listing listing = InState(Listing::PUBLISHED);
  listing.set_submitted_by(By("a").name);
  listing.set_submitted_on_behalf_of(By("b").name);
  listing.set_review_comment("价格偏高");
  listing.mutable_publicity()->set_objection("权属有争议");
  Listing shown = listing;
  listing.mutable_publicity()->set_objector("王某");
  shown.clear_submitted_by();
  shown.clear_submitted_on_behalf_of();
  shown.clear_review_comment();
  Caller elsewhere = By("c");
  elsewhere.city = "320700";
  Caller supervisor = By("d");
  supervisor.roles = 1U << duikou::type::v1::SUPERVISOR;
  Listing unnamed = listing;
  unnamed.mutable_publicity()->clear_objector();
  Caller officer = By("c");
  officer.roles = 1U << duikou::type::v1::UNIT_OFFICER;
  elsewhere.roles = supervisor.roles;
  for (const auto& [by, expected] :
       {std::pair(supervisor, listing), {officer, unnamed}, {elsewhere, shown}, {Caller(), shown}}) {
    Listing seen = listing;
    ConcealReview(by, seen);
    EXPECT_EQ(seen.SerializeAsString(), expected.SerializeAsString()) << by.city;
  }
}

TEST(ListingActionsTest, ItsPublicationHoldsWhileItIsPublished) {
  Listing listing = InState(Listing::UNDER_REVIEW);
  listing.mutable_publication()->set_disclosure(duikou::type::v1::Access::PUBLIC);
  *listing.mutable_expire_date() = ToDate(kToday);
  ASSERT_THAT(Publish(listing, "", 365, By("b"), StartOf(kToday)), IsOk());
  EXPECT_EQ(listing.access().disclosure(), duikou::type::v1::Access::PUBLIC);
  EXPECT_FALSE(Expire(listing, kToday)) << "its last day";
  ASSERT_TRUE(Expire(listing, kToday + 1));
  EXPECT_FALSE(listing.has_access());
  EXPECT_THAT(Submit(listing, false, By("a"), kToday + 1), Fails(kInvalid, "EXPIRE_DATE_PAST"));
}

TEST(ListingActionsTest, OffersAreClosedByContracts) {
  Listing listing = InState(Listing::PUBLISHED);
  EXPECT_THAT(Close(listing, ""), Fails(kForbidden, "CLOSED_BY_CONTRACT_ALONE"));
  EXPECT_THAT(Withdraw(listing, 1, "", kToday), Fails(kInvalid, "REASON_MISSING"));
  EXPECT_THAT(Withdraw(listing, 1, "自用", kToday), IsOk());
}

TEST(PatentNumberTest, CheckCharactersHold) {
  const auto modern = ParsePatentNumber("ZL201710601862.3");
  ASSERT_TRUE(modern);
  EXPECT_EQ(modern->text, "201710601862.3");
  EXPECT_EQ(modern->kind, Listing::INVENTION);
  EXPECT_FALSE(modern->lapsed);
  const auto old = ParsePatentNumber("95115608x");
  ASSERT_TRUE(old);
  EXPECT_EQ(old->text, "95115608.X");
  EXPECT_TRUE(old->lapsed);
  for (const char* wrong : {"", "201710601862", "201710601862.4", "201740601862.1", "95115608.1", "9511560X.8",
                            "2017106018623.3", "ZL", "CN.3", "20171060186二.3"}) {
    EXPECT_FALSE(ParsePatentNumber(wrong)) << wrong;
  }
}

// A digit that was mistyped is noticed, wherever it stands.
TEST(PatentNumberTest, EachWrongDigitIsNoticed) {
  const std::string right = "201710601862.3";
  for (size_t i = 0; i < right.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (right[i] == '.' || right[i] == digit) continue;
      std::string wrong = right;
      wrong[i] = digit;
      EXPECT_FALSE(ParsePatentNumber(wrong)) << wrong;
    }
  }
}

TEST(ListingFieldsTest, SaysAllThatIsWrong) {
  Listing listing = InState(Listing::DRAFT);
  listing.set_kind(Listing::DEMAND);
  auto& right = *listing.add_rights();
  right.set_kind(Listing::Right::PATENT);
  right.set_number("1");
  listing.mutable_challenge()->add_criteria()->set_weight(60);
  *listing.mutable_challenge()->mutable_deadline() = ToDate(kToday - 1);
  *listing.mutable_expire_date() = ToDate(kToday - 1);
  const ErrorFacts facts = FactsOf(ArrangeFields(listing, "listing", kToday));
  std::vector<std::string> fields;
  for (const FieldViolation& violation : facts.violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ::testing::UnorderedElementsAre("listing.pricing", "listing.rights", "listing.rights[0].number",
                                                      "listing.expire_date", "listing.challenge.deadline",
                                                      "listing.challenge.criteria"));
}

Listing ChallengeUntil(absl::CivilDay deadline) {
  Listing listing = InState(Listing::DRAFT);
  listing.set_kind(Listing::DEMAND);
  listing.clear_pricing();
  auto& criterion = *listing.mutable_challenge()->add_criteria();
  criterion.set_title("技术");
  criterion.set_weight(100);
  *listing.mutable_challenge()->mutable_deadline() = ToDate(deadline);
  return listing;
}

TEST(ListingFieldsTest, AChallengeIsThereUntilItsDeadline) {
  Listing listing = ChallengeUntil(kToday + 400);
  *listing.mutable_expire_date() = ToDate(kToday + 399);
  EXPECT_THAT(ArrangeFields(listing, "listing", kToday), Fails(kInvalid, "EXPIRES_BEFORE_DEADLINE"));
  EXPECT_THAT(CheckComplete(listing, kToday), Fails(kInvalid, "EXPIRES_BEFORE_DEADLINE"));
  *listing.mutable_expire_date() = ToDate(kToday + 400);
  EXPECT_THAT(ArrangeFields(listing, "listing", kToday), IsOk());
  listing.clear_expire_date();
  listing.set_state(Listing::UNDER_REVIEW);
  ASSERT_THAT(Publish(listing, "", 365, By("b"), StartOf(kToday)), IsOk());
  EXPECT_EQ(ToCivil(listing.expire_date()), kToday + 400) << "not a year, as its deadline is later";
}

TEST(ListingFieldsTest, CriteriaStayOnceThereAreBids) {
  Listing before = ChallengeUntil(kToday + 10);
  Listing after = before;
  after.mutable_challenge()->mutable_criteria(0)->set_title("成本");
  EXPECT_THAT(KeepBids(before, after), IsOk());
  before.mutable_challenge()->set_bids(1);
  EXPECT_THAT(KeepBids(before, after), Fails(kInvalid, "CHALLENGE_HAS_BIDS"));
  after = before;
  *after.mutable_challenge()->mutable_deadline() = ToDate(kToday + 20);
  after.mutable_challenge()->clear_bids();
  EXPECT_THAT(KeepBids(before, after), IsOk());
  EXPECT_EQ(after.challenge().bids(), 1);
}

Traits Demand() {
  return {.kind = Listing::DEMAND,
          .published = true,
          .maturity = 7,
          .fen = 100,
          .currency = "CNY",
          .city = "cities/320700",
          .ipc = {"C23C22/57"},
          .industries = {"C3252"},
          .publish_day = kToday};
}
Traits Offer() {
  return {.kind = Listing::OFFER,
          .published = true,
          .maturity = 7,
          .fen = 100,
          .currency = "CNY",
          .city = "cities/210800",
          .ipc = {"C23C22/57"},
          .industries = {"C3252"},
          .publish_day = kToday};
}

TEST(MatchTest, PartsTakenApart) {
  const Parts same = PartsOf(Demand(), Offer(), kToday);
  EXPECT_EQ(same.field, 1000);
  EXPECT_EQ(same.maturity, 1000);
  EXPECT_EQ(same.price, 1000);
  EXPECT_EQ(same.region, 500) << "neither says for whom";
  EXPECT_EQ(same.freshness, 1000);
  const auto field = [](const char* ipc, const char* industry) {
    Traits offer = Offer();
    offer.ipc = {ipc};
    offer.industries = {industry};
    return PartsOf(Demand(), offer, kToday).field;
  };
  EXPECT_EQ(field("C23C14/00", "A"), 750);
  EXPECT_EQ(field("C23D", "A"), 500);
  EXPECT_EQ(field("C01B", "A"), 250);
  EXPECT_EQ(field("A01B", "C325"), 750);
  EXPECT_EQ(field("A01B", "A01"), 0);
  Traits offer = Offer();
  offer.ipc.clear();
  offer.industries.clear();
  EXPECT_EQ(PartsOf(Demand(), offer, kToday).field, 500);
  offer.maturity = 5;
  offer.fen = 400;
  EXPECT_EQ(PartsOf(Demand(), offer, kToday).maturity, 500);
  EXPECT_EQ(PartsOf(Demand(), offer, kToday).price, 250);
  offer.maturity = 1;
  EXPECT_EQ(PartsOf(Demand(), offer, kToday).maturity, 0);
  offer.maturity = 0;
  offer.fen = 0;
  EXPECT_EQ(PartsOf(Demand(), offer, kToday).maturity, 500);
  EXPECT_EQ(PartsOf(Demand(), offer, kToday).price, 500);
  offer.regions = {"cities/320700"};
  EXPECT_EQ(PartsOf(Demand(), offer, kToday).region, 750);
  offer.regions = {"cities/210100"};
  EXPECT_EQ(PartsOf(Demand(), offer, kToday).region, 250);
  offer.publish_day = kToday - 180;
  EXPECT_EQ(PartsOf(Demand(), offer, kToday).freshness, 500);
}

TEST(MatchTest, RefusalsLowerWhatTheyRefused) {
  const auto weights = WithDefaults({}).match_weights();
  Parts parts = PartsOf(Demand(), Offer(), kToday);
  parts.text = 1000;
  const auto score = [&](MatchFeedback::Code code) { return ScoreTenths(Lower(parts, code), weights, code); };
  const int whole = score(MatchFeedback::CODE_UNSPECIFIED);
  EXPECT_EQ(whole, 960) << "all but half the region's 8 points";
  EXPECT_EQ(score(MatchFeedback::INTERESTED), whole);
  EXPECT_EQ(score(MatchFeedback::TOO_EARLY), whole - 100);
  EXPECT_EQ(score(MatchFeedback::PRICE), whole - 80);
  EXPECT_EQ(score(MatchFeedback::NO_FIT), whole - 700);
  EXPECT_EQ(score(MatchFeedback::RIGHTS_UNCLEAR), whole / 2);
  EXPECT_EQ(TextPart(2.5F, 5), 500);
  EXPECT_EQ(TextPart(7, 5), 1000);
  EXPECT_EQ(TextPart(1, 0), 0);
}

TEST(TransferSettingsTest, WeightsMakeAHundred) {
  v1::TransferSettings settings;
  EXPECT_THAT(CheckSettings(settings), IsOk());
  settings.mutable_match_weights()->set_text(99);
  EXPECT_THAT(CheckSettings(settings), Fails(kInvalid, "WEIGHTS_NOT_100"));
  settings.mutable_match_weights()->set_price(1);
  EXPECT_THAT(CheckSettings(settings), IsOk());
}

TEST(TransferSettingsTest, PublicityIsNoShorterThanTheLawSays) {
  v1::TransferSettings settings;
  for (const int days : {1, 14}) {
    settings.set_publicity_days(days);
    EXPECT_THAT(CheckSettings(settings), Fails(kInvalid, "PUBLICITY_TOO_SHORT")) << days;
    EXPECT_EQ(WithDefaults(settings).publicity_days(), 15) << "also where it was set before";
  }
  for (const int days : {0, 15, 30}) {
    settings.set_publicity_days(days);
    EXPECT_THAT(CheckSettings(settings), IsOk()) << days;
    EXPECT_EQ(WithDefaults(settings).publicity_days(), std::max(days, 15));
  }
}

TEST(AwaitedTest, ListingsWaitForWhoMayAct) {
  const auto works = [](const Listing& listing, const Caller& by, const std::vector<v1::Bid>& bids = {}) {
    const auto awaited = AwaitedOf(listing, bids, by, kToday);
    return awaited ? static_cast<int>(awaited->work) : 0;
  };
  Listing review = InState(Listing::UNDER_REVIEW);
  review.set_submitted_by(By("a").name);
  EXPECT_EQ(works(review, By("a")), 0);
  EXPECT_EQ(works(review, By("b")), PendingItem::REVIEW_LISTING);
  EXPECT_EQ(works(review, By("b", duikou::type::v1::UNIT_OFFICER)), 0);
  EXPECT_EQ(works(InState(Listing::RETURNED), By("c", duikou::type::v1::UNIT_OFFICER)), PendingItem::MEND_LISTING);
  Caller elsewhere = By("d");
  elsewhere.city = "320700";
  EXPECT_EQ(works(InState(Listing::RETURNED), elsewhere), 0);
  Listing objected = InState(Listing::PUBLISHED);
  EXPECT_EQ(works(objected, By("a")), 0);
  objected.mutable_publicity()->set_state(Listing::Publicity::OBJECTED);
  EXPECT_EQ(works(objected, By("a", duikou::type::v1::SUPERVISOR)), PendingItem::SETTLE_OBJECTION);
  EXPECT_EQ(works(objected, By("a", duikou::type::v1::TECH_BROKER)), 0);
}

TEST(AwaitedTest, ChallengesAreScoredThenAwarded) {
  Listing challenge = InState(Listing::PUBLISHED);
  challenge.set_kind(Listing::DEMAND);
  *challenge.mutable_challenge()->mutable_deadline() = ToDate(kToday - 1);
  std::vector<v1::Bid> bids(1);
  bids[0].set_unit("cities/320700/units/x");
  bids[0].set_state(v1::Bid::SUBMITTED);
  const auto work = [&](const Caller& by) {
    const auto awaited = AwaitedOf(challenge, bids, by, kToday);
    return awaited ? static_cast<int>(awaited->work) : 0;
  };
  EXPECT_EQ(work(By("a", duikou::type::v1::TECH_BROKER)), PendingItem::SCORE_BIDS);
  bids[0].add_scores()->set_reviewer(By("a").name);
  EXPECT_EQ(work(By("a", duikou::type::v1::TECH_BROKER)), 0);
  EXPECT_EQ(work(By("b", duikou::type::v1::TECH_BROKER)), PendingItem::SCORE_BIDS);
  Caller deputy = By("c", duikou::type::v1::TECH_BROKER);
  deputy.on_behalf_of = By("b").name;
  EXPECT_EQ(work(deputy), 0) << "he scores in his own name alone";
  EXPECT_EQ(work(By("a")), PendingItem::AWARD_CHALLENGE);
  challenge.set_state(Listing::EXPIRED);
  EXPECT_EQ(work(By("a")), PendingItem::AWARD_CHALLENGE) << "its bids wait all the same";
  challenge.mutable_challenge()->set_awarded_bid("cities/320700/bids/b1");
  EXPECT_EQ(work(By("a")), 0);
}

TEST(AwaitedTest, ContractsByTheirState) {
  v1::Contract contract;
  contract.set_name("cities/210800/contracts/c1");
  contract.mutable_seller()->set_unit("cities/210800/units/yjy");
  *contract.mutable_due_date() = ToDate(kToday + 3);
  const std::map<int, int> works = {{v1::Contract::SIGNED, PendingItem::SUBMIT_REGISTRATION},
                                    {v1::Contract::SUPPLEMENT, PendingItem::SUPPLY_PAPERS},
                                    {v1::Contract::ACCEPTED, PendingItem::RECORD_REGISTRATION},
                                    {v1::Contract::EXPERT_REVIEW, PendingItem::RECORD_REGISTRATION}};
  for (int state = v1::Contract::SIGNED; state <= v1::Contract::CANCELLED; ++state) {
    contract.set_state(static_cast<v1::Contract::State>(state));
    const auto awaited = AwaitedOf(contract, By("a", duikou::type::v1::UNIT_OFFICER));
    ASSERT_EQ(awaited.has_value(), works.contains(state)) << state;
    if (awaited) {
      EXPECT_EQ(awaited->work, works.at(state));
    }
  }
  Caller other = By("b", duikou::type::v1::UNIT_OFFICER);
  other.unit = "cities/210800/units/other";
  contract.set_state(v1::Contract::SIGNED);
  EXPECT_FALSE(AwaitedOf(contract, other));
}

}  // namespace
}  // namespace duikou::techtransfer::rules
