// The 公示 of an agreed price: its days, objections, and what waits for its end.
#include "services/techtransfer/rules/listing_actions.h"
#include "services/techtransfer/rules/publicity.h"
#include "tests/unit/negotiation_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::techtransfer::rules {
namespace {

using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::kSampleDay;
using v1::Listing;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;

const duikou::type::v1::Money kPrice = [] {
  duikou::type::v1::Money price;
  price.set_fen(100);
  return price;
}();

// An offer of a public institute whose price is to be agreed on.
Listing Agreed() {
  Listing listing = duikou::testing::OfferOf();
  listing.set_pricing(Listing::NEGOTIATED);
  listing.set_owner_is_public(true);
  return listing;
}

TEST(PublicityTest, DaysObjectionsAndContracts) {
  Listing listing = Agreed();
  EXPECT_THAT(CheckPublicised(listing, kSampleDay), Fails(kForbidden, "PUBLICITY_MISSING"));
  ASSERT_THAT(Publicise(listing, kPrice, "", 15, kSampleDay), IsOk());
  EXPECT_EQ(ToCivil(listing.publicity().end_date()), kSampleDay + 15);
  EXPECT_THAT(CheckPublicised(listing, kSampleDay + 15), Fails(kForbidden, "PUBLICITY_RUNS"));
  EXPECT_THAT(CheckPublicised(listing, kSampleDay + 16), IsOk());
  EXPECT_THAT(ObjectTo(listing, "x", "y", kSampleDay + 16), Fails(kForbidden, "PUBLICITY_NOT_RUNNING"));
  ASSERT_THAT(ObjectTo(listing, "x", "y", kSampleDay + 15), IsOk());
  EXPECT_THAT(CheckPublicised(listing, kSampleDay + 40), Fails(kForbidden, "PUBLICITY_OBJECTED"));
  EXPECT_THAT(Publicise(listing, kPrice, "", 15, kSampleDay + 40), Fails(kForbidden, "PUBLICITY_OBJECTED"));
  ASSERT_THAT(SettleObjection(listing, true, "z", kSampleDay + 20), IsOk());
  EXPECT_THAT(CheckPublicised(listing, kSampleDay + 40), Fails(kForbidden, "PUBLICITY_MISSING"));
  EXPECT_THAT(Publicise(listing, kPrice, "", 15, kSampleDay + 40), IsOk());
  listing.set_owner_is_public(false);
  EXPECT_THAT(CheckPublicised(listing, kSampleDay), IsOk());
  listing.set_pricing(Listing::AUCTION);
  EXPECT_THAT(Publicise(listing, kPrice, "", 15, kSampleDay + 90), Fails(kForbidden, "PUBLICITY_NOT_DUE"));
}

// Else its days would be over though nobody has seen it.
TEST(PublicityTest, ItStaysInSightUntilItsDaysAreOver) {
  Listing listing = Agreed();
  listing.mutable_access()->set_disclosure(duikou::type::v1::Access::PUBLIC);
  *listing.mutable_expire_date() = ToDate(kSampleDay + 14);
  EXPECT_THAT(Publicise(listing, kPrice, "", 15, kSampleDay), Fails(kForbidden, "EXPIRES_BEFORE_PUBLICITY_ENDS"));
  EXPECT_FALSE(listing.has_publicity());
  *listing.mutable_expire_date() = ToDate(kSampleDay + 15);
  ASSERT_THAT(Publicise(listing, kPrice, "", 15, kSampleDay), IsOk());
  EXPECT_THAT(Withdraw(listing, 0, "自用", kSampleDay), Fails(kForbidden, "PUBLICITY_RUNS"));
  EXPECT_THAT(Withdraw(listing, 0, "自用", kSampleDay + 15), Fails(kForbidden, "PUBLICITY_RUNS"));
  Listing over = listing;
  EXPECT_THAT(Withdraw(over, 0, "自用", kSampleDay + 16), IsOk());

  ASSERT_THAT(ObjectTo(listing, "x", "y", kSampleDay + 10), IsOk());
  EXPECT_THAT(Withdraw(listing, 0, "自用", kSampleDay + 40), Fails(kForbidden, "PUBLICITY_OBJECTED"));
  EXPECT_FALSE(Expire(listing, kSampleDay + 16));
  // Dismissed after 10 days, it lasts 10 days longer.
  ASSERT_THAT(SettleObjection(listing, false, "z", kSampleDay + 20), IsOk());
  EXPECT_FALSE(Expire(listing, kSampleDay + 25));
  EXPECT_TRUE(listing.has_access());
  EXPECT_TRUE(Expire(listing, kSampleDay + 26));
  EXPECT_THAT(CheckPublicised(listing, kSampleDay + 26), IsOk());
}

}  // namespace
}  // namespace duikou::techtransfer::rules
