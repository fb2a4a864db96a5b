// The state machine of a negotiation: every action in every state, against a table written by hand; who begins about
// what, who acts for which side, and what versions of terms become of.
#include <array>
#include <map>

#include "absl/strings/str_cat.h"
#include "services/techtransfer/rules/negotiation_actions.h"
#include "services/techtransfer/rules/ownership.h"
#include "tests/unit/negotiation_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::techtransfer::rules {
namespace {

using duikou::testing::BrokerOf;
using duikou::testing::DemandOf;
using duikou::testing::DraftNegotiation;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::kBuyerUnit;
using duikou::testing::kDemandName;
using duikou::testing::kOfferName;
using duikou::testing::kOtherUnit;
using duikou::testing::kSampleDay;
using duikou::testing::kSellerUnit;
using duikou::testing::MorningOf;
using duikou::testing::OfferOf;
using duikou::testing::OfficerOf;
using ::testing::ElementsAre;
using v1::Listing;
using v1::Negotiation;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
const absl::Time kNow = MorningOf(kSampleDay);

constexpr std::array<Negotiation::State, 3> kStates = {Negotiation::OPEN, Negotiation::AGREED, Negotiation::BROKEN_OFF};

// O open, A agreed, B broken off.
const std::map<NegotiationAction, const char*> kExpected = {
    //                                   OAB
    {NegotiationAction::kProposeTerms, "+.."}, {NegotiationAction::kAcceptTerms, "+.."},
    {NegotiationAction::kBreakOff, "++."},     {NegotiationAction::kPost, "++."},
    {NegotiationAction::kContract, ".+."},
};

Negotiation::Terms TermsOf(v1::ContractKind kind, v1::TransferMode mode) {
  Negotiation::Terms terms;
  terms.set_text("一次总付");
  terms.set_kind(kind);
  terms.set_mode(mode);
  return terms;
}
Negotiation::Terms Licence() { return TermsOf(v1::LICENCE, v1::LICENCE_ORDINARY); }

// The works' about the institute's offer.
Negotiation Begun() {
  Negotiation negotiation = DraftNegotiation();
  EXPECT_THAT(Begin(negotiation, OfferOf(), nullptr, OfficerOf(kBuyerUnit)), IsOk());
  return negotiation;
}
// The buyer has proposed terms.
Negotiation Proposed() {
  Negotiation negotiation = Begun();
  EXPECT_THAT(ProposeTerms(negotiation, Licence(), OfficerOf(kBuyerUnit), kNow), IsOk());
  return negotiation;
}
Negotiation InState(Negotiation::State state) {
  Negotiation negotiation = Proposed();
  negotiation.set_state(state);
  return negotiation;
}
// Both sides are of Yingkou: a harbour company takes up the institute's offer.
Negotiation WithinACity() {
  Negotiation negotiation = DraftNegotiation();
  negotiation.set_name("cities/210800/negotiations/n2");
  negotiation.set_unit(kOtherUnit);
  EXPECT_THAT(Begin(negotiation, OfferOf(), nullptr, OfficerOf(kOtherUnit)), IsOk());
  return negotiation;
}

absl::Status Do(NegotiationAction action, Negotiation& negotiation) {
  switch (action) {
    case NegotiationAction::kProposeTerms:
      return ProposeTerms(negotiation, Licence(), OfficerOf(kSellerUnit), kNow);
    case NegotiationAction::kAcceptTerms:
      return AcceptTerms(negotiation, 1, OfficerOf(kSellerUnit), kNow);
    case NegotiationAction::kBreakOff:
      return BreakOff(negotiation, "另有安排", OfficerOf(kSellerUnit));
    case NegotiationAction::kPost:
      return CheckPost(negotiation, OfficerOf(kSellerUnit));
    case NegotiationAction::kContract:
      return CheckContractable(negotiation);
  }
  return absl::InternalError("no such action");
}

TEST(NegotiationStateTest, EveryCellIsAsSpecified) {
  ASSERT_EQ(kExpected.size(), static_cast<size_t>(kNegotiationActions));
  for (const auto& [action, states] : kExpected) {
    const bool contract = action == NegotiationAction::kContract;
    for (size_t s = 0; s < kStates.size(); ++s) {
      const Negotiation::State state = kStates[s];
      const std::string cell = absl::StrCat(NameOf(action).en, " in ", NameOf(state).en);
      Negotiation negotiation = InState(state);
      const bool expected = states[s] == '+';
      EXPECT_EQ(Allows(state, action), expected) << cell;
      const std::string before = negotiation.SerializeAsString();
      const absl::Status done = Do(action, negotiation);
      if (expected) {
        EXPECT_THAT(done, IsOk()) << cell;
        continue;
      }
      ASSERT_THAT(done, Fails(kForbidden, contract ? "NEGOTIATION_NOT_AGREED" : "NEGOTIATION_STATE_FORBIDS")) << cell;
      EXPECT_NE(FactsOf(done).text.zh.find(NameOf(state).zh), std::string::npos) << FactsOf(done).text.zh;
      EXPECT_NE(FactsOf(done).text.en.find(NameOf(action).en), std::string::npos) << FactsOf(done).text.en;
      EXPECT_EQ(negotiation.SerializeAsString(), before) << "a refusal changes nothing";
    }
    EXPECT_FALSE(Allows(Negotiation::STATE_UNSPECIFIED, action));
  }
}

TEST(BeginTest, OfAnOfferTheTakerBuysOfADemandItSells) {
  const Negotiation bought = Begun();
  EXPECT_EQ(bought.state(), Negotiation::OPEN);
  EXPECT_EQ(bought.seller().unit(), kSellerUnit);
  EXPECT_EQ(bought.seller().city(), "cities/210800");
  EXPECT_EQ(bought.seller().unit_title(), "研究院");
  EXPECT_EQ(bought.seller().listing(), kOfferName);
  EXPECT_EQ(bought.buyer().unit(), kBuyerUnit);
  EXPECT_EQ(bought.buyer().unit_title(), "化工厂");
  EXPECT_EQ(bought.buyer().listing(), "");
  EXPECT_THAT(bought.cities(), ElementsAre("cities/210800", "cities/320700"));

  Negotiation sold = DraftNegotiation();
  sold.set_name("cities/210800/negotiations/n1");
  sold.set_unit(kSellerUnit);
  const Listing offer = OfferOf();
  ASSERT_THAT(Begin(sold, DemandOf(), &offer, OfficerOf(kSellerUnit)), IsOk());
  EXPECT_EQ(sold.seller().unit(), kSellerUnit);
  EXPECT_EQ(sold.seller().listing(), kOfferName);
  EXPECT_EQ(sold.buyer().unit(), kBuyerUnit);
  EXPECT_EQ(sold.buyer().listing(), kDemandName);
  EXPECT_THAT(WithinACity().cities(), ElementsAre("cities/210800"));
}

TEST(BeginTest, WhatIsRefused) {
  const Caller officer = OfficerOf(kBuyerUnit);
  for (int state = Listing::State_MIN; state <= Listing::State_MAX; ++state) {
    Listing offer = OfferOf();
    offer.set_state(static_cast<Listing::State>(state));
    Negotiation negotiation = DraftNegotiation();
    const absl::Status begun = Begin(negotiation, offer, nullptr, officer);
    if (state == Listing::PUBLISHED) {
      EXPECT_THAT(begun, IsOk());
    } else {
      EXPECT_THAT(begun, Fails(kForbidden, "LISTING_STATE_FORBIDS")) << state;
    }
  }
  Negotiation negotiation = DraftNegotiation();
  EXPECT_THAT(Begin(negotiation, OfferOf(), nullptr, OfficerOf("cities/320700/units/xueyuan")),
              Fails(kDenied, "UNIT_OF_OTHERS"));
  EXPECT_THAT(Begin(negotiation, OfferOf(), nullptr, BrokerOf("320700")), IsOk());
  EXPECT_THAT(Begin(negotiation, OfferOf(kBuyerUnit), nullptr, officer), Fails(kInvalid, "OWN_LISTING"));
  Negotiation foreign = DraftNegotiation();
  foreign.set_unit(kOtherUnit);
  EXPECT_THAT(Begin(foreign, OfferOf(), nullptr, officer), Fails(kInvalid, "UNIT_OF_OTHER_CITY"));
  const Listing same = OfferOf(kBuyerUnit), others = DemandOf("cities/320700/units/xueyuan"), own = DemandOf();
  EXPECT_THAT(Begin(negotiation, OfferOf(), &same, officer), Fails(kInvalid, "SAME_KIND"));
  EXPECT_THAT(Begin(negotiation, OfferOf(), &others, officer), Fails(kInvalid, "COUNTER_LISTING_OF_OTHERS"));
  EXPECT_THAT(Begin(negotiation, OfferOf(), &own, officer), IsOk());
}

TEST(BeginTest, AnAwardedBid) {
  v1::Bid bid;
  bid.set_name("cities/210800/bids/b1");
  bid.set_unit(kSellerUnit);
  bid.set_unit_title("研究院");
  bid.set_offer(kOfferName);
  const Negotiation opened = BeginForBid(DemandOf(), bid);
  EXPECT_EQ(opened.state(), Negotiation::OPEN);
  EXPECT_EQ(opened.listing(), kDemandName);
  EXPECT_EQ(opened.unit(), kSellerUnit);
  EXPECT_EQ(opened.counter_listing(), kOfferName);
  EXPECT_EQ(opened.bid(), bid.name());
  EXPECT_EQ(opened.seller().unit(), kSellerUnit);
  EXPECT_EQ(opened.seller().listing(), kOfferName);
  EXPECT_EQ(opened.buyer().unit(), kBuyerUnit);
  EXPECT_EQ(opened.buyer().listing(), kDemandName);
  bid.clear_offer();
  EXPECT_EQ(BeginForBid(DemandOf(), bid).counter_listing(), "");

  bid.set_offer(kOfferName);
  Negotiation own = DraftNegotiation();
  own.set_name("cities/210800/negotiations/n1");
  own.set_unit(kSellerUnit);
  ASSERT_THAT(Begin(own, DemandOf(), nullptr, OfficerOf(kSellerUnit)), IsOk());
  ContinueForBid(own, bid);
  EXPECT_EQ(own.bid(), bid.name());
  EXPECT_EQ(own.counter_listing(), kOfferName);
  own.set_counter_listing("cities/210800/listings/o2");
  ContinueForBid(own, bid);
  EXPECT_EQ(own.counter_listing(), "cities/210800/listings/o2") << "what it names already stays";
}

TEST(TermsTest, ALaterVersionTakesThePlaceOfAllBefore) {
  Negotiation negotiation = Begun();
  EXPECT_THAT(AcceptTerms(negotiation, 1, OfficerOf(kSellerUnit), kNow), Fails(kForbidden, "TERMS_MISSING"));
  ASSERT_THAT(ProposeTerms(negotiation, Licence(), OfficerOf(kBuyerUnit), kNow), IsOk());
  EXPECT_EQ(negotiation.terms(0).version(), 1);
  EXPECT_EQ(negotiation.terms(0).proposed_by(), "cities/320700");
  EXPECT_EQ(negotiation.terms(0).proposed_by_unit(), kBuyerUnit);
  EXPECT_EQ(negotiation.terms(0).account(), OfficerOf(kBuyerUnit).name);
  EXPECT_THAT(AcceptTerms(negotiation, 1, BrokerOf("320700"), kNow), Fails(kForbidden, "TERMS_OF_OWN"));
  ASSERT_THAT(ProposeTerms(negotiation, Licence(), OfficerOf(kSellerUnit), kNow), IsOk());
  EXPECT_THAT(AcceptTerms(negotiation, 1, OfficerOf(kBuyerUnit), kNow), Fails(kForbidden, "TERMS_OUTDATED"));
  EXPECT_THAT(AcceptTerms(negotiation, 2, OfficerOf(kSellerUnit), kNow), Fails(kForbidden, "TERMS_OF_OWN"));
  EXPECT_EQ(negotiation.state(), Negotiation::OPEN);
  ASSERT_THAT(AcceptTerms(negotiation, 2, OfficerOf(kBuyerUnit), kNow), IsOk());
  EXPECT_EQ(negotiation.state(), Negotiation::AGREED);
  EXPECT_EQ(negotiation.terms(1).accepted_by(), OfficerOf(kBuyerUnit).name);
  EXPECT_TRUE(negotiation.terms(1).has_accept_time());
  EXPECT_EQ(negotiation.terms(0).accepted_by(), "");
}

TEST(TermsTest, WhatACallerCannotSayOfThem) {
  Negotiation negotiation = Begun();
  Negotiation::Terms forged = Licence();
  forged.set_version(7);
  forged.set_proposed_by("cities/210800");
  forged.set_proposed_by_unit(kSellerUnit);
  forged.set_accepted_by("cities/210800/accounts/wang");
  ASSERT_THAT(ProposeTerms(negotiation, forged, OfficerOf(kBuyerUnit), kNow), IsOk());
  EXPECT_EQ(negotiation.terms(0).version(), 1);
  EXPECT_EQ(negotiation.terms(0).proposed_by_unit(), kBuyerUnit);
  EXPECT_EQ(negotiation.terms(0).accepted_by(), "");
}

TEST(TermsTest, AHundredVersionsAndNoMore) {
  Negotiation negotiation = Begun();
  for (int i = 0; i < 100; ++i) {
    ASSERT_THAT(ProposeTerms(negotiation, Licence(), OfficerOf(i % 2 ? kSellerUnit : kBuyerUnit), kNow), IsOk()) << i;
  }
  EXPECT_THAT(ProposeTerms(negotiation, Licence(), OfficerOf(kBuyerUnit), kNow), Fails(kForbidden, "TERMS_TOO_MANY"));
  EXPECT_EQ(negotiation.terms_size(), 100);
  EXPECT_THAT(ProposeTerms(negotiation, TermsOf(v1::LICENCE, v1::ASSIGNMENT), OfficerOf(kBuyerUnit), kNow),
              Fails(kInvalid, "MODE_MISPLACED"));
}

TEST(SidesTest, EachActsForItsOwn) {
  const Negotiation negotiation = Proposed();
  for (const auto action : {NegotiationAction::kProposeTerms, NegotiationAction::kAcceptTerms,
                            NegotiationAction::kBreakOff, NegotiationAction::kPost}) {
    const std::string what = NameOf(action).en;
    EXPECT_EQ(*UnitActedFor(negotiation, OfficerOf(kSellerUnit), action), kSellerUnit) << what;
    EXPECT_EQ(*UnitActedFor(negotiation, OfficerOf(kBuyerUnit), action), kBuyerUnit) << what;
    EXPECT_EQ(*UnitActedFor(negotiation, BrokerOf("210800"), action), kSellerUnit) << what;
    EXPECT_EQ(*UnitActedFor(negotiation, BrokerOf("320700"), action), kBuyerUnit) << what;
    EXPECT_THAT(UnitActedFor(negotiation, OfficerOf(kOtherUnit), action), Fails(kDenied, "UNIT_OF_OTHERS")) << what;
    EXPECT_THAT(UnitActedFor(negotiation, BrokerOf("210100"), action), Fails(kDenied, "UNIT_OF_OTHERS")) << what;
  }
  Negotiation untouched = negotiation;
  EXPECT_THAT(BreakOff(untouched, "不合适", OfficerOf(kOtherUnit)), Fails(kDenied, "UNIT_OF_OTHERS"));
  EXPECT_THAT(AcceptTerms(untouched, 1, OfficerOf(kOtherUnit), kNow), Fails(kDenied, "UNIT_OF_OTHERS"));
  EXPECT_THAT(ProposeTerms(untouched, Licence(), OfficerOf(kOtherUnit), kNow), Fails(kDenied, "UNIT_OF_OTHERS"));
  EXPECT_THAT(CheckPost(untouched, OfficerOf(kOtherUnit)), Fails(kDenied, "UNIT_OF_OTHERS"));
  EXPECT_EQ(untouched.SerializeAsString(), negotiation.SerializeAsString());
}

TEST(SidesTest, BothOfOneCity) {
  Negotiation negotiation = WithinACity();
  EXPECT_THAT(ProposeTerms(negotiation, Licence(), OfficerOf("cities/210800/units/xuexiao"), kNow),
              Fails(kDenied, "UNIT_OF_OTHERS"));
  ASSERT_THAT(ProposeTerms(negotiation, Licence(), BrokerOf("210800"), kNow), IsOk());
  EXPECT_EQ(negotiation.terms(0).proposed_by_unit(), kOtherUnit) << "a broker proposes for the unit that began";
  EXPECT_THAT(AcceptTerms(negotiation, 1, OfficerOf(kOtherUnit), kNow), Fails(kForbidden, "TERMS_OF_OWN"));
  Negotiation by_officer = negotiation;
  EXPECT_THAT(AcceptTerms(by_officer, 1, OfficerOf(kSellerUnit), kNow), IsOk());
  Negotiation by_broker = negotiation;
  EXPECT_EQ(*UnitActedFor(by_broker, BrokerOf("210800"), NegotiationAction::kAcceptTerms), kSellerUnit);
  EXPECT_THAT(AcceptTerms(by_broker, 1, BrokerOf("210800"), kNow), IsOk());
  // And for the one that began, where the other side proposed.
  ASSERT_THAT(ProposeTerms(negotiation, Licence(), OfficerOf(kSellerUnit), kNow), IsOk());
  EXPECT_EQ(*UnitActedFor(negotiation, BrokerOf("210800"), NegotiationAction::kAcceptTerms), kOtherUnit);
}

TEST(BreakOffTest, NotOnceThereIsAContract) {
  Negotiation negotiation = InState(Negotiation::AGREED);
  EXPECT_THAT(CheckContractable(negotiation), IsOk());
  negotiation.set_contract("cities/210800/contracts/c1");
  EXPECT_THAT(BreakOff(negotiation, "反悔", OfficerOf(kBuyerUnit)), Fails(kForbidden, "CONTRACT_EXISTS"));
  EXPECT_THAT(CheckContractable(negotiation), Fails(kForbidden, "CONTRACT_EXISTS"));
  negotiation.clear_contract();
  ASSERT_THAT(BreakOff(negotiation, "反悔", OfficerOf(kBuyerUnit)), IsOk());
  EXPECT_EQ(negotiation.state(), Negotiation::BROKEN_OFF);
  EXPECT_EQ(negotiation.reason(), "反悔");
}

}  // namespace
}  // namespace duikou::techtransfer::rules
