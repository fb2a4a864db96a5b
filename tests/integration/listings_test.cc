// Listings through the service as it runs, on both engines: from the draft to what becomes of it, found and matched.
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/integration/techtransfer_fixture.h"

namespace duikou::testing {
namespace {

using namespace techtransfer::v1;  // NOLINT(google-build-using-namespace): the API under test.
using pending::v1::PendingItem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kNotFound = absl::StatusCode::kNotFound;

class ListingsTest : public TechTransferTest {
 protected:
  absl::StatusOr<SearchListingsResponse> Search(const std::string& query, const rpc::CallOptions& options,
                                                const std::vector<std::string>& facets = {}) {
    SearchListingsRequest request;
    request.set_parent("cities/-");
    request.set_query(query);
    for (const std::string& facet : facets) request.add_facets(facet);
    return Call<SearchListingsResponse>(request, options);
  }
  std::vector<std::string> Found(const std::string& query, const rpc::CallOptions& options) {
    const auto response = Search(query, options);
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> titles;
    if (!response.ok()) return titles;
    for (const auto& found : response->found()) titles.push_back(found.title());
    EXPECT_EQ(response->total(), static_cast<int>(titles.size()));
    return titles;
  }
  // Without login.
  static rpc::CallOptions Anonymous() { return {.deadline = absl::Now() + absl::Seconds(120), .locale = Locale::kEn}; }
};

INSTANTIATE_TEST_SUITE_P(Engines, ListingsTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(ListingsTest, FromDraftToExpiry) {
  Listing sample = SampleOf(Listing::OFFER, kYingkou, "univ-a", "镁合金压铸工艺");
  *sample.mutable_expire_date() = DateOf(2026, 3, 10);
  sample.clear_modes();
  const std::string name = Draft(kYingkou, "l1", sample);
  EXPECT_EQ(Get(name, Broker(kYingkou)).number(), "210800-CG-2026-01");
  EXPECT_THAT((Act<Listing, SubmitListingRequest>(name, Broker(kYingkou))), Fails(kInvalid, "MODES_MISSING"));
  UpdateListingRequest update;
  update.mutable_listing()->set_name(name);
  update.mutable_listing()->add_modes(ASSIGNMENT);
  update.mutable_update_mask()->add_paths("modes");
  ASSERT_THAT(Call<Listing>(update, Broker(kYingkou)), IsOk());
  const auto officer = As(kYingkou, "other", {type::v1::UNIT_OFFICER}, "elsewhere");
  EXPECT_THAT((Act<Listing, SubmitListingRequest>(name, officer)), Fails(kDenied, "UNIT_OF_OTHERS"));
  const auto submitted = Act<Listing, SubmitListingRequest>(name, Broker(kYingkou));
  ASSERT_THAT(submitted, IsOk());
  EXPECT_TRUE(submitted->owner_is_public());
  EXPECT_THAT((Act<Listing, PublishListingRequest>(name, Broker(kYingkou))), Fails(kForbidden, "REVIEW_OF_OWN"));
  EXPECT_THAT(Works(kYingkou, Office(kYingkou)), ElementsAre(PendingItem::REVIEW_LISTING));
  ReturnListingRequest back;
  back.set_reason("请补充应用场景");
  ASSERT_THAT(Act<Listing>(name, Office(kYingkou), back), IsOk());
  EXPECT_THAT(Works(kYingkou, Broker(kYingkou)), ElementsAre(PendingItem::MEND_LISTING));
  ASSERT_THAT((Act<Listing, SubmitListingRequest>(name, Broker(kYingkou))), IsOk());
  // Nobody of another city sees it before it is published.
  EXPECT_THAT((Act<Listing, GetListingRequest>(name, Broker(kLianyungang))), Fails(kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Found("镁合金", Broker(kLianyungang)), IsEmpty());
  ASSERT_THAT((Act<Listing, PublishListingRequest>(name, Office(kYingkou))), IsOk());
  EXPECT_EQ(Get(name, Broker(kLianyungang)).state(), Listing::PUBLISHED);
  EXPECT_THAT(Call<Listing>(update, Broker(kYingkou)), Fails(kForbidden, "LISTING_STATE_FORBIDS"));
  clock_.Set(At(11, 8));
  CatchUpDays();
  EXPECT_EQ(Get(name, Broker(kYingkou)).state(), Listing::EXPIRED);
  EXPECT_THAT((Act<Listing, GetListingRequest>(name, Broker(kLianyungang))), Fails(kNotFound, "NOT_FOUND"));
  EXPECT_THAT((Act<Listing, SubmitListingRequest>(name, Broker(kYingkou))), Fails(kInvalid, "EXPIRE_DATE_PAST"));
}

TEST_P(ListingsTest, WithdrawalTellsOpenNegotiations) {
  const std::string name = PublishSample(Listing::OFFER, kYingkou, "univ-a", "l1", "镁合金压铸工艺");
  CreateNegotiationRequest begin;
  begin.set_parent(kLianyungang);
  begin.set_negotiation_id("n1");
  begin.mutable_negotiation()->set_listing(name);
  begin.mutable_negotiation()->set_unit(absl::StrCat(kLianyungang, "/units/qiye"));
  ASSERT_THAT(Call<Negotiation>(begin, Broker(kLianyungang)), IsOk());
  EXPECT_THAT((Act<Listing, WithdrawListingRequest>(name, Broker(kYingkou))), Fails(kInvalid, "REASON_MISSING"));
  WithdrawListingRequest withdraw;
  withdraw.set_reason("已由本单位自行实施");
  ASSERT_THAT(Act<Listing>(name, Broker(kYingkou), withdraw), IsOk());
  ListNegotiationMessagesRequest told;
  told.set_parent(absl::StrCat(kLianyungang, "/negotiations/n1"));
  const auto messages = Call<ListNegotiationMessagesResponse>(told, Broker(kLianyungang));
  ASSERT_THAT(messages, IsOk());
  ASSERT_EQ(messages->negotiation_messages_size(), 1);
  EXPECT_EQ(messages->negotiation_messages(0).kind(), NegotiationMessage::LISTING_WITHDRAWN);
  EXPECT_THAT(messages->negotiation_messages(0).text(), ::testing::HasSubstr("自行实施"));
}

TEST_P(ListingsTest, AnObjectionStopsThePublicity) {
  const std::string name = PublishSample(Listing::OFFER, kYingkou, "univ-a", "l1", "镁合金压铸工艺");
  PubliciseListingRequest publicise;
  *publicise.mutable_price() = Yuan(800000);
  const auto publicised = Act<Listing>(name, Broker(kYingkou), publicise);
  ASSERT_THAT(publicised, IsOk());
  EXPECT_EQ(publicised->publicity().end_date().day(), 17) << "15 days, of which today does not count";
  EXPECT_THAT(Act<Listing>(name, Broker(kYingkou), publicise), Fails(kForbidden, "PUBLICITY_RUNS"));
  clock_.Set(At(10, 9));
  ObjectToListingRequest object;
  object.set_objection("权属有争议");
  object.set_objector("某企业");
  ASSERT_THAT(Act<Listing>(name, Office(kYingkou), object), IsOk());
  EXPECT_THAT(Works(kYingkou, Office(kYingkou)), ElementsAre(PendingItem::SETTLE_OBJECTION));
  clock_.Set(At(14, 9));
  SettleObjectionRequest settle;
  settle.set_settlement("经核查不成立");
  const auto settled = Act<Listing>(name, Office(kYingkou), settle);
  ASSERT_THAT(settled, IsOk());
  EXPECT_EQ(settled->publicity().end_date().day(), 21) << "as many days more as the objection was open";
  EXPECT_THAT(Act<Listing>(name, Office(kYingkou), settle), Fails(kForbidden, "OBJECTION_MISSING"));
}

TEST_P(ListingsTest, WhoObjectedIsToldInItsCityAlone) {
  Listing sample = SampleOf(Listing::OFFER, kYingkou, "univ-a", "镁合金压铸工艺");
  sample.mutable_publication()->set_disclosure(type::v1::Access::PUBLIC);
  const std::string name = Draft(kYingkou, "l1", sample);
  ASSERT_THAT((Act<Listing, SubmitListingRequest>(name, Broker(kYingkou))), IsOk());
  PublishListingRequest publish;
  publish.set_comment("价格偏高");
  ASSERT_THAT(Act<Listing>(name, Office(kYingkou), publish), IsOk());
  PubliciseListingRequest publicise;
  *publicise.mutable_price() = Yuan(800000);
  ASSERT_THAT(Act<Listing>(name, Broker(kYingkou), publicise), IsOk());
  ObjectToListingRequest object;
  object.set_objection("权属有争议");
  object.set_objector("王某 13900000000");
  const auto objected = Act<Listing>(name, Office(kYingkou), object);
  ASSERT_THAT(objected, IsOk());
  EXPECT_EQ(objected->publicity().objector(), object.objector());
  const auto supervisor = As(kYingkou, "duban", {type::v1::SUPERVISOR});
  EXPECT_EQ(Get(name, supervisor).publicity().objector(), object.objector());
  const Listing masked = Get(name, Broker(kYingkou));
  EXPECT_EQ(masked.publicity().objector(), "");
  EXPECT_EQ(masked.review_comment(), "价格偏高");
  ListListingsRequest list;
  list.set_parent(kYingkou);
  for (const rpc::CallOptions& outside : {Office(kLianyungang), Anonymous()}) {
    const auto listed = Call<ListListingsResponse>(list, outside);
    ASSERT_THAT(listed, IsOk());
    ASSERT_EQ(listed->listings_size(), 1);
    for (const Listing& shown : {Get(name, outside), listed->listings(0)}) {
      EXPECT_EQ(shown.publicity().objection(), "权属有争议");
      EXPECT_EQ(shown.publicity().objector(), "");
      EXPECT_EQ(shown.review_comment(), "");
      EXPECT_EQ(shown.submitted_by(), "");
    }
  }
}

// What users of today's engines complain of, by name.
TEST_P(ListingsTest, FindsWhatOthersMiss) {
  PublishSample(Listing::OFFER, kYingkou, "a", "l1", "中国农业发展银行信贷系统");
  PublishSample(Listing::OFFER, kYingkou, "a", "l2", "基于5G的港口AGV調度");
  PublishSample(Listing::DEMAND, kLianyungang, "b", "l3", "权利要求的意义");
  PublishSample(Listing::DEMAND, kLianyungang, "b", "l4", "全力以赴的意义");
  const auto who = Broker(kLianyungang);
  EXPECT_THAT(Found("农业", who), ElementsAre("中国农业发展银行信贷系统"));
  EXPECT_THAT(Found("調度", who), ElementsAre("基于5G的港口AGV調度"));
  EXPECT_THAT(Found("调度", who), ElementsAre("基于5G的港口AGV調度"));
  EXPECT_THAT(Found("agv", who), ElementsAre("基于5G的港口AGV調度"));
  EXPECT_THAT(Found("5g", who), ElementsAre("基于5G的港口AGV調度"));
  EXPECT_THAT(Found("权利", who), ElementsAre("权利要求的意义")) << "and no homophone";
  EXPECT_THAT(Found("\"的意义\" NOT 全力", who), ElementsAre("权利要求的意义"));
  EXPECT_THAT(Found("类型:需求 (权利 OR 全力)", who), UnorderedElementsAre("权利要求的意义", "全力以赴的意义"));
  EXPECT_THAT(Search("(农业", who), Fails(kInvalid, "QUERY_INVALID"));
  EXPECT_THAT(Search("农业", who, {"colour"}), Fails(kInvalid, "FACET_UNKNOWN"));
}

TEST_P(ListingsTest, WhatOneMayNotSeeIsInNoCount) {
  Listing open = SampleOf(Listing::OFFER, kYingkou, "a", "公开的水稻品种");
  open.mutable_publication()->set_disclosure(type::v1::Access::PUBLIC);
  Publish(kYingkou, "l1", open);
  PublishSample(Listing::OFFER, kYingkou, "a", "l2", "共享的水稻品种");
  Listing closed = SampleOf(Listing::OFFER, kYingkou, "a", "内部的水稻品种");
  closed.clear_publication();
  Publish(kYingkou, "l3", closed);
  const auto counts = [&](const rpc::CallOptions& options) {
    const auto response = Search("水稻", options, {"city", "kind"});
    EXPECT_THAT(response, IsOk());
    if (!response.ok() || response->facets(0).counts().empty()) return std::pair(-1, -1);
    return std::pair(response->total(), response->facets(0).counts(0).count());
  };
  EXPECT_EQ(counts(Broker(kYingkou)), std::pair(3, 3));
  EXPECT_EQ(counts(Broker(kLianyungang)), std::pair(2, 2));
  EXPECT_EQ(counts(Anonymous()), std::pair(1, 1));
  EXPECT_THAT(Found("内部", Broker(kLianyungang)), IsEmpty());
  const auto shown = Search("水稻品种", Broker(kYingkou));
  ASSERT_THAT(shown, IsOk());
  const auto& excerpt = shown->found(0).hit().excerpts(0);
  ASSERT_EQ(excerpt.highlights_size(), 1);
  EXPECT_EQ(excerpt.text().substr(static_cast<size_t>(excerpt.highlights(0).begin()),
                                  static_cast<size_t>(excerpt.highlights(0).end() - excerpt.highlights(0).begin())),
            "水稻品种");
}

TEST_P(ListingsTest, TheIndexIsThereAgainAfterAStart) {
  PublishSample(Listing::OFFER, kYingkou, "a", "l1", "水稻品种");
  const std::string demand = PublishSample(Listing::DEMAND, kLianyungang, "b", "l2", "求水稻品种");
  EXPECT_THAT(Found("水稻", Broker(kYingkou)), ::testing::SizeIs(2));
  Stop();
  ASSERT_TRUE(std::filesystem::exists(folder_ + "/listings.index"));
  Start();
  EXPECT_THAT(Found("水稻", Broker(kYingkou)), ::testing::SizeIs(2));
  const auto matched = Act<MatchListingResponse, MatchListingRequest>(demand, Broker(kLianyungang));
  ASSERT_THAT(matched, IsOk());
  EXPECT_EQ(matched->matches_size(), 1);
  // What is not what was written is not used.
  Stop();
  std::filesystem::resize_file(folder_ + "/listings.index", 100);
  Start();
  PublishSample(Listing::OFFER, kYingkou, "a", "l3", "水稻新品种");
  EXPECT_THAT(Found("水稻", Broker(kYingkou)), ::testing::SizeIs(3));
}

TEST_P(ListingsTest, SearchPages) {
  for (int i = 0; i < 5; ++i)
    PublishSample(Listing::OFFER, kYingkou, "a", absl::StrCat("l", i), absl::StrCat("水稻品种", i, "号"));
  SearchListingsRequest request;
  request.set_parent(kYingkou);
  request.set_query("水稻");
  request.set_page_size(2);
  std::vector<std::string> names;
  do {
    const auto page = Call<SearchListingsResponse>(request, Broker(kLianyungang));
    ASSERT_THAT(page, IsOk());
    EXPECT_EQ(page->total(), 5);
    for (const auto& found : page->found()) names.push_back(found.hit().name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()) - names.begin(), 5);
  request.set_page_token("made up");
  EXPECT_THAT(Call<SearchListingsResponse>(request, Broker(kLianyungang)), Fails(kInvalid, "PAGE_TOKEN_INVALID"));
}

TEST_P(ListingsTest, MatchesAndLearnsOfRefusals) {
  Listing wanted = SampleOf(Listing::DEMAND, kLianyungang, "qiye", "镁合金压铸件的表面处理");
  wanted.set_maturity(7);
  *wanted.mutable_budget() = Yuan(1000000);
  wanted.add_ipc("C23C");
  const std::string demand = Publish(kLianyungang, "d1", wanted);
  Listing good = SampleOf(Listing::OFFER, kYingkou, "univ-a", "镁合金表面处理工艺");
  good.set_maturity(8);
  *good.mutable_price() = Yuan(800000);
  good.add_ipc("C23C22/57");
  const std::string best = Publish(kYingkou, "o1", good);
  PublishSample(Listing::OFFER, kYingkou, "univ-a", "o2", "海带养殖技术");
  const auto before = Act<MatchListingResponse, MatchListingRequest>(demand, Broker(kLianyungang));
  ASSERT_THAT(before, IsOk());
  ASSERT_EQ(before->matches_size(), 2);
  EXPECT_EQ(before->considered(), 2);
  EXPECT_EQ(before->matches(0).listing(), best);
  EXPECT_EQ(before->matches(0).parts().maturity(), 1000);
  EXPECT_EQ(before->matches(0).parts().price(), 1000);
  EXPECT_EQ(before->matches(0).parts().field(), 750);
  EXPECT_THAT(before->matches(0).words(), Contains("镁合金表面处理"));
  GiveMatchFeedbackRequest refuse;
  refuse.set_counterpart(best);
  refuse.set_code(MatchFeedback::PRICE);
  const auto given = Act<MatchFeedback>(demand, Broker(kLianyungang), refuse);
  ASSERT_THAT(given, IsOk());
  EXPECT_EQ(given->score_tenths(), before->matches(0).score_tenths());
  const auto after = Act<MatchListingResponse, MatchListingRequest>(demand, Broker(kLianyungang));
  ASSERT_THAT(after, IsOk());
  EXPECT_EQ(after->matches(0).parts().price(), 0);
  EXPECT_EQ(after->matches(0).score_tenths(), before->matches(0).score_tenths() - 10 * after->weights().price());
  EXPECT_EQ(after->matches(0).feedback(), MatchFeedback::PRICE);
  refuse.set_code(MatchFeedback::CLOSED);
  ASSERT_THAT(Act<MatchFeedback>(demand, Broker(kLianyungang), refuse), IsOk());
  const auto without = Act<MatchListingResponse, MatchListingRequest>(demand, Broker(kLianyungang));
  ASSERT_THAT(without, IsOk());
  EXPECT_EQ(without->matches_size(), 1);
  for (const auto& [size, ok] : {std::pair(101, true), {1'000'000, true}, {-1, false}}) {
    MatchListingRequest many;
    many.set_page_size(size);
    EXPECT_EQ(Act<MatchListingResponse>(demand, Broker(kLianyungang), many).ok(), ok) << size;
  }
  refuse.set_counterpart(demand);
  EXPECT_THAT(Act<MatchFeedback>(demand, Broker(kLianyungang), refuse), Fails(kInvalid, "SAME_KIND"));
}

}  // namespace
}  // namespace duikou::testing
