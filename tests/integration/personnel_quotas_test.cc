// Seats of quotas, through the service as it runs, on both engines.
#include "tests/integration/personnel_fixture.h"

namespace duikou::testing {
namespace {

using personnel::v1::AmendEngagementTermsRequest;
using personnel::v1::EndEngagementEarlyRequest;
using personnel::v1::Engagement;
using personnel::v1::RecordArrivalRequest;
using personnel::v1::RejectEngagementRequest;
using personnel::v1::WithdrawEngagementRequest;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class QuotasTest : public PersonnelTest {};
INSTANTIATE_TEST_SUITE_P(Engines, QuotasTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(QuotasTest, FollowTheEngagements) {
  const std::string quota = AddQuota(2);
  const std::string first = Propose(AddPerson("a")).name();
  const std::string second = Propose(AddPerson("b")).name();
  EXPECT_EQ(Seats(quota), "2/0 of 2");
  const auto third = Call<Engagement>(ProposalFor(AddPerson("c")), Home());
  ASSERT_THAT(third, Fails(kForbidden, "QUOTA_EXHAUSTED"));
  EXPECT_NE(FactsOf(third.status()).text.zh.find(quota), std::string::npos);
  ASSERT_THAT(Act(first, Host(), WithReason<RejectEngagementRequest>("岗位已满")), IsOk());
  EXPECT_EQ(Seats(quota), "1/0 of 2");
  EXPECT_THAT(Act<WithdrawEngagementRequest>(first, Home()), Fails(kForbidden, "ENGAGEMENT_STATE_FORBIDS"));
  EXPECT_EQ(Seats(quota), "1/0 of 2") << "released once";
  ASSERT_THAT(Approve(second, Home()), IsOk());
  ASSERT_THAT(Approve(second, Host()), IsOk());
  SetDay(2026, 3, 16);
  ASSERT_THAT(Act<RecordArrivalRequest>(second, Host()), IsOk());
  EXPECT_EQ(Seats(quota), "0/1 of 2");
  ASSERT_THAT(Act(second, Home(), WithReason<EndEngagementEarlyRequest>("健康原因")), IsOk());
  EXPECT_EQ(Seats(quota), "0/1 of 2") << "never released after the arrival";
  personnel::v1::UpdateQuotaRequest shrink;
  shrink.mutable_quota()->set_name(quota);
  shrink.mutable_update_mask()->add_paths("seats");
  EXPECT_THAT(Call<personnel::v1::Quota>(shrink, Home()), Fails(absl::StatusCode::kInvalidArgument, "QUOTA_BELOW_USE"));
}

TEST_P(QuotasTest, DoNotCatchWhatWasProposedBefore) {
  const Engagement before = Propose(AddPerson("wang"));
  const std::string quota = AddQuota(1);
  ASSERT_THAT(Approve(before.name(), Home()), IsOk());
  EXPECT_EQ(Seats(quota), "0/0 of 1");
  const Engagement after = Propose(AddPerson("zhao"));
  EXPECT_EQ(Seats(quota), "1/0 of 1");
  AmendEngagementTermsRequest amend;
  *amend.mutable_terms() = before.terms();
  amend.mutable_terms()->set_duties("分管教育督导");
  EXPECT_THAT(Act(before.name(), Home(), amend), IsOk()) << "terms of the same year";
  ASSERT_THAT(Approve(before.name(), Home(), 2), IsOk());
  ASSERT_THAT(Approve(before.name(), Host(), 2), IsOk());
  EXPECT_EQ(Seats(quota), "1/0 of 1");
}

TEST_P(QuotasTest, APartnershipOfOtherCitiesIsNoWayAround) {
  const std::string quota = AddQuota(1);
  Propose(AddPerson("a"));
  auto proposal = ProposalFor(AddPerson("b"));
  EXPECT_THAT(Call<Engagement>(proposal, Home()), Fails(kForbidden, "QUOTA_EXHAUSTED"));
  proposal.mutable_engagement()->set_partnership(kOfOthers);
  const absl::Status refused = Call<Engagement>(proposal, Home()).status();
  EXPECT_THAT(refused, Fails(kInvalid, "PARTNERSHIP_OF_OTHERS"));
  EXPECT_THAT(BadFields(refused), ::testing::ElementsAre("engagement.partnership"));
  EXPECT_EQ(Seats(quota), "1/0 of 1");
  personnel::v1::CreateQuotaRequest request;
  request.set_parent(kYingkou);
  request.mutable_quota()->set_partnership(kOfOthers);
  request.mutable_quota()->set_host_city(kFengtai);
  request.mutable_quota()->set_year(2026);
  request.mutable_quota()->set_kind(personnel::v1::SECONDMENT);
  request.mutable_quota()->set_seats(9);
  const absl::Status useless = Call<personnel::v1::Quota>(request, Home()).status();
  EXPECT_THAT(useless, Fails(kInvalid, "PARTNERSHIP_OF_OTHERS"));
  EXPECT_THAT(BadFields(useless), ::testing::ElementsAre("quota.partnership"));
}

TEST_P(QuotasTest, APartnershipThatIsNotInForceIsNoWayAround) {
  auto proposal = ProposalFor(AddPerson("a"));
  proposal.mutable_engagement()->set_partnership(kEnded);
  const absl::Status refused = Call<Engagement>(proposal, Home()).status();
  EXPECT_THAT(refused, Fails(kInvalid, "PARTNERSHIP_NOT_IN_FORCE"));
  EXPECT_THAT(BadFields(refused), ::testing::ElementsAre("engagement.partnership"));
  personnel::v1::CreateQuotaRequest request;
  request.set_parent(kYingkou);
  request.mutable_quota()->set_partnership(kEnded);
  request.mutable_quota()->set_host_city(kFengtai);
  request.mutable_quota()->set_year(2026);
  request.mutable_quota()->set_kind(personnel::v1::SECONDMENT);
  request.mutable_quota()->set_seats(9);
  EXPECT_THAT(Call<personnel::v1::Quota>(request, Home()), Fails(kInvalid, "PARTNERSHIP_NOT_IN_FORCE"));
  request.mutable_quota()->set_year(2025);
  EXPECT_THAT(Call<personnel::v1::Quota>(request, Home()), IsOk());
}

}  // namespace
}  // namespace duikou::testing
