// What a contract makes of the offer that it rests on, and back.
#include "services/techtransfer/rules/offer_contracts.h"
#include "tests/unit/negotiation_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::techtransfer::rules {
namespace {

using duikou::testing::DemandOf;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::kBuyerUnit;
using duikou::testing::kOtherUnit;
using duikou::testing::kSampleDay;
using duikou::testing::kSellerUnit;
using duikou::testing::OfferOf;
using duikou::testing::SignedContract;
using v1::Contract;
using v1::Listing;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

Contract ContractOf(v1::ContractKind kind, v1::TransferMode mode) {
  Contract contract = SignedContract();
  contract.set_kind(kind);
  contract.set_mode(mode);
  return contract;
}
const Contract kAssignment = ContractOf(v1::TRANSFER, v1::ASSIGNMENT);
const Contract kExclusive = ContractOf(v1::LICENCE, v1::LICENCE_EXCLUSIVE);
const Contract kOrdinary = ContractOf(v1::LICENCE, v1::LICENCE_ORDINARY);

TEST(OfferTest, OnlyAssignmentAndExclusiveLicenceCloseIt) {
  for (const Contract& contract :
       {kAssignment, kExclusive, kOrdinary, ContractOf(v1::LICENCE, v1::LICENCE_SOLE),
        ContractOf(v1::SERVICE, v1::TRANSFER_MODE_UNSPECIFIED), ContractOf(v1::COOPERATIVE_DEVELOPMENT, v1::EQUITY)}) {
    const bool closes = contract.kind() == v1::TRANSFER || contract.mode() == v1::LICENCE_EXCLUSIVE;
    EXPECT_EQ(Closes(contract), closes) << contract.ShortDebugString();
    Listing offer = OfferOf();
    const Listing before = offer;
    ASSERT_THAT(RestOn(offer, contract, false), IsOk());
    EXPECT_EQ(offer.contracts(), 1);
    EXPECT_EQ(offer.state(), closes ? Listing::CLOSED : Listing::PUBLISHED);
    EXPECT_EQ(offer.closing_contract(), closes ? contract.name() : "");
    EXPECT_EQ(offer.reason().empty(), !closes);
    Release(offer, contract, kSampleDay);
    EXPECT_EQ(offer.SerializeAsString(), before.SerializeAsString()) << "it is as before";
  }
}

TEST(OfferTest, ComesBackExpiredWhereItsLastDayIsOver) {
  for (const int over : {0, 1}) {
    Listing offer = OfferOf();
    *offer.mutable_expire_date() = ToDate(kSampleDay);
    offer.mutable_access()->set_disclosure(type::v1::Access::PUBLIC);
    ASSERT_THAT(RestOn(offer, kAssignment, false), IsOk());
    EXPECT_TRUE(offer.has_access());
    Release(offer, kAssignment, kSampleDay + over);
    EXPECT_EQ(offer.state(), over ? Listing::EXPIRED : Listing::PUBLISHED);
    EXPECT_EQ(offer.has_access(), !over) << "what is expired shows to its city alone";
  }
}

TEST(OfferTest, IsOnlyReopenedByTheContractThatClosedIt) {
  Listing offer = OfferOf();
  ASSERT_THAT(RestOn(offer, kOrdinary, false), IsOk());
  Contract other = kExclusive;
  other.set_name("cities/210800/contracts/c2");
  ASSERT_THAT(RestOn(offer, other, false), IsOk());
  EXPECT_EQ(offer.contracts(), 2);
  Release(offer, kOrdinary, kSampleDay);
  EXPECT_EQ(offer.state(), Listing::CLOSED);
  EXPECT_EQ(offer.contracts(), 1);
  Release(offer, other, kSampleDay);
  EXPECT_EQ(offer.state(), Listing::PUBLISHED);
  EXPECT_EQ(offer.contracts(), 0);
  Release(offer, other, kSampleDay);
  EXPECT_EQ(offer.contracts(), 0);
}

TEST(OfferTest, WhatRefusesAContract) {
  for (int state = Listing::State_MIN; state <= Listing::State_MAX; ++state) {
    if (state == Listing::PUBLISHED) continue;
    Listing offer = OfferOf();
    offer.set_state(static_cast<Listing::State>(state));
    const std::string before = offer.SerializeAsString();
    EXPECT_THAT(RestOn(offer, kOrdinary, false), Fails(kForbidden, "LISTING_STATE_FORBIDS")) << state;
    EXPECT_EQ(offer.SerializeAsString(), before);
  }
  Listing agreed = OfferOf();
  agreed.set_pricing(Listing::NEGOTIATED);
  agreed.set_owner_is_public(true);
  EXPECT_THAT(RestOn(agreed, kOrdinary, false), Fails(kForbidden, "PUBLICITY_MISSING"));
  agreed.mutable_publicity()->set_state(Listing::Publicity::PUBLICISED);
  *agreed.mutable_publicity()->mutable_end_date() = ToDate(kSampleDay);
  EXPECT_THAT(RestOn(agreed, kOrdinary, false), Fails(kForbidden, "PUBLICITY_RUNS"));
  *agreed.mutable_publicity()->mutable_end_date() = ToDate(kSampleDay - 1);
  agreed.mutable_publicity()->set_state(Listing::Publicity::OBJECTED);
  EXPECT_THAT(RestOn(agreed, kOrdinary, false), Fails(kForbidden, "PUBLICITY_OBJECTED"));
  EXPECT_EQ(agreed.contracts(), 0);
  agreed.mutable_publicity()->set_state(Listing::Publicity::PUBLICISED);
  EXPECT_THAT(RestOn(agreed, kOrdinary, false), IsOk());
  // A corrected day is asked for again.
  Contract earlier = kOrdinary;
  *earlier.mutable_sign_date() = ToDate(kSampleDay - 1);
  EXPECT_THAT(RestAnew(agreed, kOrdinary, earlier, kSampleDay), Fails(kForbidden, "PUBLICITY_RUNS"));
}

TEST(OfferTest, WhatWasAgreedOnOutlivesItsWithdrawal) {
  for (const Listing::State state : {Listing::WITHDRAWN, Listing::EXPIRED}) {
    for (const Contract& contract : {kOrdinary, kAssignment}) {
      Listing offer = OfferOf();
      offer.set_state(state);
      *offer.mutable_expire_date() = ToDate(kSampleDay - 1);
      const Listing before = offer;
      EXPECT_THAT(RestOn(offer, contract, false), Fails(kForbidden, "LISTING_STATE_FORBIDS"));
      ASSERT_THAT(RestOn(offer, contract, true), IsOk());
      EXPECT_EQ(offer.contracts(), 1);
      EXPECT_NE(offer.state(), Listing::PUBLISHED);
      Release(offer, contract, kSampleDay);
      EXPECT_EQ(offer.SerializeAsString(), before.SerializeAsString()) << "nobody offers it again";
    }
  }
  Listing sold = OfferOf();
  sold.set_state(Listing::CLOSED);
  EXPECT_THAT(RestOn(sold, kOrdinary, true), Fails(kForbidden, "LISTING_STATE_FORBIDS"));
}

TEST(OfferTest, AChangedContractClosesItOrNoMore) {
  Listing offer = OfferOf();
  ASSERT_THAT(RestOn(offer, kOrdinary, false), IsOk());
  EXPECT_FALSE(*RestAnew(offer, kOrdinary, kOrdinary, kSampleDay));
  EXPECT_TRUE(*RestAnew(offer, kOrdinary, kExclusive, kSampleDay));
  EXPECT_EQ(offer.state(), Listing::CLOSED);
  EXPECT_EQ(offer.closing_contract(), kExclusive.name());
  EXPECT_FALSE(*RestAnew(offer, kExclusive, kAssignment, kSampleDay)) << "it stays closed";
  EXPECT_EQ(offer.state(), Listing::CLOSED);
  EXPECT_TRUE(*RestAnew(offer, kAssignment, kOrdinary, kSampleDay));
  EXPECT_EQ(offer.state(), Listing::PUBLISHED);
  EXPECT_EQ(offer.contracts(), 1) << "counted once throughout";
  offer.set_state(Listing::WITHDRAWN);
  EXPECT_THAT(RestAnew(offer, kOrdinary, kAssignment, kSampleDay), Fails(kForbidden, "LISTING_STATE_FORBIDS"));
  EXPECT_FALSE(*RestAnew(offer, kOrdinary, ContractOf(v1::LICENCE, v1::LICENCE_SOLE), kSampleDay));
}

TEST(OfferTest, WhoseItIs) {
  const Contract contract = SignedContract();
  EXPECT_THAT(CheckOffer(OfferOf(), contract), IsOk());
  EXPECT_THAT(CheckOffer(OfferOf(kOtherUnit), contract), Fails(kInvalid, "OFFER_OF_OTHERS"));
  EXPECT_THAT(CheckOffer(DemandOf(kSellerUnit), contract), Fails(kInvalid, "SAME_KIND"));
  EXPECT_THAT(CheckDemand(DemandOf(), contract), IsOk());
  EXPECT_THAT(CheckDemand(DemandOf(kOtherUnit), contract), Fails(kInvalid, "DEMAND_OF_OTHERS"));
  EXPECT_THAT(CheckDemand(OfferOf(kBuyerUnit), contract), Fails(kInvalid, "SAME_KIND"));
}

}  // namespace
}  // namespace duikou::techtransfer::rules
