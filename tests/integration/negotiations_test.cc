// Negotiations of two cities, through the service as it runs, on both engines.
#include "services/techtransfer/negotiations.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/contracts_fixture.h"
#include "tests/integration/holidays.h"

namespace duikou::testing {
namespace {

using namespace techtransfer::v1;  // NOLINT(google-build-using-namespace): the API under test.
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kNotFound = absl::StatusCode::kNotFound;

using NegotiationsTest = ContractsTest;

INSTANTIATE_TEST_SUITE_P(Engines, NegotiationsTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(NegotiationsTest, TwoSidesAgree) {
  const std::string offer = Offer("o1");
  const auto begun = Begin(offer, "n1", kLianyungang, "huagong");
  ASSERT_THAT(begun, IsOk());
  const std::string& name = begun->name();
  EXPECT_EQ(begun->state(), Negotiation::OPEN);
  EXPECT_EQ(begun->seller().unit_title(), "yjy");
  EXPECT_EQ(begun->buyer().unit_title(), "huagong");
  EXPECT_EQ(begun->listing_title(), "丁烯氧化催化剂");
  EXPECT_EQ(Get(offer, Seller()).open_negotiations(), 1);
  const auto again = Begin(offer, "n2", kLianyungang, "huagong");
  EXPECT_THAT(again, Fails(kForbidden, "NEGOTIATION_OPEN"));
  EXPECT_THAT(again.status().message(), HasSubstr(name));
  EXPECT_THAT(Begin(offer, "n3", kYingkou, "yjy"), Fails(kInvalid, "OWN_LISTING"));
  EXPECT_THAT((Act<Negotiation, GetNegotiationRequest>(name, Broker(kShenyang))), Fails(kNotFound, "NOT_FOUND"));

  EXPECT_THAT(Propose(name, TRANSFER, LICENCE_SOLE, Buyer()), Fails(kInvalid, "MODE_MISPLACED"));
  EXPECT_THAT(Accept(name, 1, Seller()), Fails(kForbidden, "TERMS_MISSING"));
  ASSERT_THAT(Propose(name, LICENCE, LICENCE_SOLE, Buyer()), IsOk());
  EXPECT_THAT(Accept(name, 1, Buyer()), Fails(kForbidden, "TERMS_OF_OWN"));
  EXPECT_THAT(Accept(name, 1, Officer(kYingkou, "gangwu")), Fails(kDenied, "UNIT_OF_OTHERS"));
  ASSERT_THAT(Propose(name, LICENCE, LICENCE_ORDINARY, Seller()), IsOk());
  EXPECT_THAT(Accept(name, 1, Buyer()), Fails(kForbidden, "TERMS_OUTDATED"));
  PostMessageRequest post;
  post.set_text("可否分期支付?");
  const auto posted = Act<NegotiationMessage>(name, Buyer(), post);
  ASSERT_THAT(posted, IsOk());
  EXPECT_EQ(posted->city(), kLianyungang);
  EXPECT_THAT(Act<NegotiationMessage>(name, Broker(kShenyang), post), Fails(kNotFound, "NOT_FOUND"));
  const auto agreed = Accept(name, 2, Buyer());
  ASSERT_THAT(agreed, IsOk());
  EXPECT_EQ(agreed->state(), Negotiation::AGREED);
  EXPECT_EQ(agreed->messages(), 4);
  EXPECT_EQ(Get(offer, Seller()).open_negotiations(), 0);
  const std::vector<int> kinds = {NegotiationMessage::TERMS_PROPOSED, NegotiationMessage::TERMS_PROPOSED,
                                  NegotiationMessage::TEXT, NegotiationMessage::TERMS_ACCEPTED};
  EXPECT_EQ(Told(name, Seller()), kinds);
  EXPECT_EQ(Told(name, Buyer()), kinds);
  ASSERT_THAT(Begin(offer, "n4", kLianyungang, "huagong"), IsOk()) << "the one before is open no more";
  BreakOffNegotiationRequest end;
  end.set_reason("预算未批");
  const auto broken = Act<Negotiation>(absl::StrCat(kLianyungang, "/negotiations/n4"), Seller(), end);
  ASSERT_THAT(broken, IsOk());
  EXPECT_EQ(broken->state(), Negotiation::BROKEN_OFF);
  EXPECT_EQ(Get(offer, Seller()).open_negotiations(), 0);
  ASSERT_THAT(Act<Negotiation>(name, Buyer(), end), IsOk());
  EXPECT_EQ(Get(offer, Seller()).open_negotiations(), 0) << "what was agreed was counted no more";
}

TEST_P(NegotiationsTest, ACounterListingIsTheUnitsOwnOfTheOtherKind) {
  const std::string offer = Offer("o1");
  const std::string demand = PublishSample(Listing::DEMAND, kLianyungang, "huagong", "d1", "寻求催化剂");
  const std::string others = PublishSample(Listing::DEMAND, kLianyungang, "xueyuan", "d2", "寻求助剂");
  const std::string same = PublishSample(Listing::OFFER, kLianyungang, "huagong", "o2", "助剂");
  EXPECT_THAT(Begin(offer, "n1", kLianyungang, "huagong", others), Fails(kInvalid, "COUNTER_LISTING_OF_OTHERS"));
  EXPECT_THAT(Begin(offer, "n1", kLianyungang, "huagong", same), Fails(kInvalid, "SAME_KIND"));
  EXPECT_THAT(Begin(offer, "n1", kLianyungang, "huagong", absl::StrCat(kLianyungang, "/listings/none")),
              Fails(kInvalid, "REFERENCE_UNKNOWN"));
  const std::string hidden = Draft(kLianyungang, "d3", SampleOf(Listing::DEMAND, kLianyungang, "huagong", "草稿"));
  EXPECT_THAT(Begin(hidden, "n1", kYingkou, "yjy"), Fails(kInvalid, "REFERENCE_UNKNOWN"))
      << "a draft of another city is not there";
  EXPECT_THAT(Begin(hidden, "n1", kLianyungang, "xueyuan"), Fails(kForbidden, "LISTING_STATE_FORBIDS"));
  const auto begun = Begin(demand, "n1", kYingkou, "yjy", offer);
  ASSERT_THAT(begun, IsOk());
  EXPECT_EQ(begun->seller().listing(), offer);
  EXPECT_EQ(begun->buyer().listing(), demand);
}

TEST_P(NegotiationsTest, WithdrawalTellsOpenNegotiations) {
  const std::string offer = Offer("o1");
  const std::string open = Begin(offer, "n1", kLianyungang, "huagong")->name();
  const std::string agreed = Agreed(offer, "n2", "xueyuan");
  WithdrawListingRequest withdraw;
  EXPECT_THAT(Act<Listing>(offer, Seller(), withdraw), Fails(kInvalid, "REASON_MISSING"));
  withdraw.set_reason("专利权属有争议");
  ASSERT_THAT(Act<Listing>(offer, Seller(), withdraw), IsOk());
  EXPECT_THAT(Told(open, Buyer()), ElementsAre(NegotiationMessage::LISTING_WITHDRAWN));
  EXPECT_THAT(Told(agreed, Buyer()),
              ElementsAre(NegotiationMessage::TERMS_PROPOSED, NegotiationMessage::TERMS_ACCEPTED));
  BreakOffNegotiationRequest end;
  end.set_reason("已撤回");
  ASSERT_THAT(Act<Negotiation>(open, Buyer(), end), IsOk()) << "though the buyer sees the listing no more";
  EXPECT_EQ(Get(offer, Seller()).open_negotiations(), 0);
}

TEST_P(NegotiationsTest, WithdrawalOfACounterListingNeedsAReasonToo) {
  const std::string demand = PublishSample(Listing::DEMAND, kLianyungang, "huagong", "d1", "寻求催化剂");
  const std::string open = Begin(Offer("o1"), "n1", kLianyungang, "huagong", demand)->name();
  WithdrawListingRequest withdraw;
  EXPECT_THAT(Act<Listing>(demand, Buyer(), withdraw), Fails(kInvalid, "REASON_MISSING"));
  withdraw.set_reason("改为自研");
  ASSERT_THAT(Act<Listing>(demand, Buyer(), withdraw), IsOk());
  EXPECT_THAT(Told(open, Seller()), ElementsAre(NegotiationMessage::LISTING_WITHDRAWN));
}

TEST_P(NegotiationsTest, WhatWasAgreedBecomesAContractThoughTheOfferIsWithdrawn) {
  const std::string offer = Offer("o1");
  const std::string agreed = Agreed(offer, "n1");
  WithdrawListingRequest withdraw;
  ASSERT_THAT(Act<Listing>(offer, Seller(), withdraw), IsOk());
  const auto signed_on = SignOn(agreed, "c1", LICENCE, LICENCE_ORDINARY);
  ASSERT_THAT(signed_on, IsOk());
  EXPECT_EQ(Get(offer, Seller()).contracts(), 1);
  EXPECT_EQ(Get(offer, Seller()).state(), Listing::WITHDRAWN);
  EXPECT_THAT(Sign(DirectRequest("c2", offer)), Fails(kForbidden, "LISTING_STATE_FORBIDS"));
}

TEST_P(NegotiationsTest, ContestedBeginsHaveOneWinner) {
  constexpr int kClients = 16;
  const std::string offer = Offer("o1");
  std::atomic<int> won{0}, lost{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      const auto begun = Begin(offer, absl::StrCat("n", i), kLianyungang, "huagong");
      if (begun.ok()) ++won;
      if (begun.status().code() == kForbidden) ++lost;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, kClients - 1);
  EXPECT_EQ(Get(offer, Seller()).open_negotiations(), 1);
}

TEST_P(NegotiationsTest, AnAwardedBidOpensOne) {
  const std::string challenge = PublishSample(Listing::DEMAND, kLianyungang, "huagong", "d1", "榜单");
  Bid bid;
  bid.set_name(absl::StrCat(kYingkou, "/bids/b1"));
  bid.set_unit(absl::StrCat(kYingkou, "/units/yjy"));
  bid.set_unit_title("yjy");
  bid.set_offer(Offer("o1"));
  std::vector<std::string> opened;
  for (int i = 0; i < 2; ++i) {
    const Listing listing = Get(challenge, Buyer());
    ASSERT_THAT(Take(service_->store(),
                     [&](Txn& txn) -> absl::Status {
                       ASSIGN_OR_RETURN(const Negotiation negotiation, techtransfer::OpenForBid(txn, listing, bid));
                       opened.push_back(negotiation.name());
                       return absl::OkStatus();
                     }),
                IsOk());
  }
  EXPECT_EQ(opened.front(), opened.back()) << "the bidder has an open one";
  EXPECT_THAT(opened.back(), HasSubstr(kLianyungang));
  EXPECT_EQ(GetNegotiation(opened.back()).bid(), bid.name());
  EXPECT_EQ(GetNegotiation(opened.back()).counter_listing(), bid.offer());
  EXPECT_EQ(Get(challenge, Buyer()).open_negotiations(), 1);
  EXPECT_THAT(Propose(opened.back(), LICENCE, LICENCE_ORDINARY, Seller()), IsOk());
}

}  // namespace
}  // namespace duikou::testing
