// What leads to engagements: nominations, their matching, and batches under one document, through the service as it
// runs, on both engines.
#include "tests/integration/personnel_fixture.h"

namespace duikou::testing {
namespace {

using personnel::v1::AmendEngagementTermsRequest;
using personnel::v1::Engagement;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;

class PlanningTest : public PersonnelTest {};
INSTANTIATE_TEST_SUITE_P(Engines, PlanningTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(PlanningTest, BatchTellsTheResultOfEach) {
  AddQuota(2);
  const std::string busy = AddPerson("a");
  Propose(busy);
  personnel::v1::SubmitBatchRequest submit;
  submit.set_parent(kYingkou);
  submit.set_batch_id("b1");
  submit.mutable_batch()->set_document_number("营组发〔2026〕3号");
  for (const std::string& person : {busy, AddPerson("b"), AddPerson("c")})
    *submit.add_engagements() = ProposalFor(person).engagement();
  const auto submitted = Call<personnel::v1::SubmitBatchResponse>(submit, Home());
  ASSERT_THAT(submitted, IsOk());
  ASSERT_EQ(submitted->results_size(), 3);
  EXPECT_EQ(submitted->results(0).reason(), "FULL_TIME_OVERLAP");
  EXPECT_EQ(submitted->results(1).reason(), "");
  EXPECT_EQ(submitted->results(2).reason(), "QUOTA_EXHAUSTED");
  ASSERT_EQ(submitted->batch().engagements_size(), 1);
  EXPECT_EQ(submitted->results(1).number(), "210800-JL-2026-02") << "a refusal takes no number";
  personnel::v1::ApproveBatchRequest approve;
  approve.set_name(submitted->batch().name());
  for (const auto& side : {Home(), Host()}) {
    const auto approved = Call<personnel::v1::ApproveBatchResponse>(approve, side);
    ASSERT_THAT(approved, IsOk());
    EXPECT_EQ(approved->results(0).reason(), "");
  }
  EXPECT_EQ(Get(submitted->results(1).engagement(), Home()).state(), Engagement::APPROVED);
  const auto twice = Call<personnel::v1::ApproveBatchResponse>(approve, Host());
  ASSERT_THAT(twice, IsOk());
  EXPECT_EQ(twice->results(0).reason(), "ENGAGEMENT_STATE_FORBIDS");
}

TEST_P(PlanningTest, ABatchTellsEachHostOfItselfAlone) {
  personnel::v1::SubmitBatchRequest submit;
  submit.set_parent(kYingkou);
  submit.mutable_batch()->set_document_number("营组发〔2026〕3号");
  *submit.add_engagements() = ProposalFor(AddPerson("a")).engagement();
  auto elsewhere = ProposalFor(AddPerson("b")).engagement();
  elsewhere.set_host_unit("cities/320700/units/jiaoyuju");
  *submit.add_engagements() = elsewhere;
  const auto submitted = Call<personnel::v1::SubmitBatchResponse>(submit, Home());
  ASSERT_THAT(submitted, IsOk());
  EXPECT_EQ(submitted->results(1).reason(), "");
  EXPECT_EQ(submitted->batch().host_cities_size(), 2);
  personnel::v1::GetBatchRequest get;
  get.set_name(submitted->batch().name());
  const auto seen = Call<personnel::v1::Batch>(get, Host());
  ASSERT_THAT(seen, IsOk());
  EXPECT_THAT(seen->host_cities(), ::testing::ElementsAre(kFengtai));
  EXPECT_THAT(seen->engagements(), ::testing::ElementsAre(submitted->results(0).engagement()));
  EXPECT_THAT(seen->engagement_hosts(), ::testing::ElementsAre(kFengtai));
  EXPECT_EQ(Call<personnel::v1::Batch>(get, Home())->engagements_size(), 2);
}

TEST_P(PlanningTest, ABatchTellsWhoseExternalIdIsTaken) {
  auto known = ProposalFor(AddPerson("a"));
  known.mutable_engagement()->set_external_id("x1");
  ASSERT_THAT(Call<Engagement>(known, Home()), IsOk());
  personnel::v1::SubmitBatchRequest submit;
  submit.set_parent(kYingkou);
  submit.mutable_batch()->set_document_number("营组发〔2026〕3号");
  const std::string refused = AddPerson("b");
  for (const auto& [person, id] : {std::pair(refused, "x1"), {AddPerson("c"), "x2"}, {AddPerson("d"), "x2"}}) {
    Engagement& engagement = *submit.add_engagements();
    engagement = ProposalFor(person).engagement();
    engagement.set_external_id(id);
  }
  const auto submitted = Call<personnel::v1::SubmitBatchResponse>(submit, Home());
  ASSERT_THAT(submitted, IsOk());
  EXPECT_EQ(submitted->results(0).reason(), "ALREADY_EXISTS");
  EXPECT_EQ(submitted->results(1).reason(), "");
  EXPECT_EQ(submitted->results(2).reason(), "ALREADY_EXISTS");
  EXPECT_EQ(submitted->batch().engagements_size(), 1);
  EXPECT_THAT(Call<Engagement>(ProposalFor(refused), Home()), IsOk()) << "it left nothing behind";
}

TEST_P(PlanningTest, ABatchApprovesNoTermsThatChangedSince) {
  personnel::v1::SubmitBatchRequest submit;
  submit.set_parent(kYingkou);
  submit.mutable_batch()->set_document_number("营组发〔2026〕3号");
  for (const std::string& person : {AddPerson("a"), AddPerson("b")})
    *submit.add_engagements() = ProposalFor(person).engagement();
  const auto submitted = Call<personnel::v1::SubmitBatchResponse>(submit, Home());
  ASSERT_THAT(submitted, IsOk());
  const std::string changed = submitted->results(0).engagement();
  AmendEngagementTermsRequest amend;
  *amend.mutable_terms() = Get(changed, Home()).terms();
  amend.mutable_terms()->set_position("副区长");
  ASSERT_THAT(Act(changed, Home(), amend), IsOk());
  personnel::v1::ApproveBatchRequest approve;
  approve.set_name(submitted->batch().name());
  const auto approved = Call<personnel::v1::ApproveBatchResponse>(approve, Host());
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->results(0).reason(), "TERMS_CHANGED");
  EXPECT_EQ(approved->results(1).reason(), "");
  EXPECT_EQ(Get(changed, Host()).approvals_size(), 0);
}

TEST_P(PlanningTest, NominationBecomesAnEngagement) {
  const std::string person = AddPerson("wang"), post = AddPost("p1", 1);
  ASSERT_THAT(Nominate("n1", person, post), IsOk());
  EXPECT_THAT(Nominate("n2", person, post), Fails(kForbidden, "NOMINATED_TWICE"));
  auto proposal = ProposalFor(person);
  proposal.mutable_engagement()->set_nomination("cities/210800/nominations/n1");
  ASSERT_THAT(Call<Engagement>(proposal, Home()), IsOk());
  personnel::v1::GetNominationRequest get;
  get.set_name("cities/210800/nominations/n1");
  const auto nomination = Call<personnel::v1::Nomination>(get, Host());
  ASSERT_THAT(nomination, IsOk());
  EXPECT_EQ(nomination->state(), personnel::v1::Nomination::PROPOSED);
}

TEST_P(PlanningTest, ANominationWhoseEngagementCameToNothingMayBeProposedAgain) {
  const std::string person = AddPerson("wang");
  ASSERT_THAT(Nominate("n1", person, AddPost("p1", 1)), IsOk());
  auto proposal = ProposalFor(person);
  proposal.mutable_engagement()->set_nomination("cities/210800/nominations/n1");
  const auto first = Call<Engagement>(proposal, Home());
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Call<Engagement>(proposal, Home()), Fails(kForbidden, "NOMINATION_STATE_FORBIDS"));
  ASSERT_THAT(Act(first->name(), Host(), WithReason<personnel::v1::RejectEngagementRequest>("岗位调整")), IsOk());
  const auto second = Call<Engagement>(proposal, Home());
  ASSERT_THAT(second, IsOk());
  RunUpTo(2026, 4, 20);
  ASSERT_EQ(Get(second->name(), Home()).state(), Engagement::LAPSED);
  personnel::v1::GetNominationRequest get;
  get.set_name("cities/210800/nominations/n1");
  EXPECT_EQ(Call<personnel::v1::Nomination>(get, Host())->state(), personnel::v1::Nomination::SUBMITTED);
}

TEST_P(PlanningTest, MatchTellsWhoGoesWhereAndWhyOthersStay) {
  const std::string post = AddPost("p1", 1), busy = AddPerson("busy");
  const std::string first = AddPerson("first"), second = AddPerson("second");
  Propose(busy);
  int id = 0;
  for (const std::string& person : {busy, first, second})
    ASSERT_THAT(Nominate(absl::StrCat("n", ++id), person, post), IsOk());
  personnel::v1::RankNominationRequest rank;
  rank.set_name("cities/210800/nominations/n3");
  rank.set_host_order(1);
  ASSERT_THAT(Call<personnel::v1::Nomination>(rank, Host()), IsOk());
  personnel::v1::MatchNominationsRequest request;
  request.set_parent(kYingkou);
  request.set_partnership(kPair);
  const auto match = Call<personnel::v1::MatchNominationsResponse>(request, Home());
  ASSERT_THAT(match, IsOk());
  ASSERT_EQ(match->placements_size(), 1);
  EXPECT_EQ(match->placements(0).person(), second) << "whom the host prefers";
  EXPECT_EQ(match->placements(0).nomination(), "cities/210800/nominations/n3");
  EXPECT_EQ(match->placements(0).fit().host_order(), 10);
  EXPECT_EQ(match->placements(0).fit().total(), 100);
  ASSERT_EQ(match->left_out_size(), 2);
  EXPECT_EQ(match->left_out(0).person(), busy);
  EXPECT_EQ(match->left_out(0).obstacles(0).reason(), "FULL_TIME_OVERLAP");
  EXPECT_EQ(match->left_out(1).person(), first);
  EXPECT_EQ(match->left_out(1).obstacles(0).reason(), "SEATS_TAKEN");
  EXPECT_EQ(match->left_out(1).obstacles(0).rival(), second);
}

TEST_P(PlanningTest, MatchForbidsNothingThatTermsMaySayLater) {
  for (const auto kind : {personnel::v1::PART_TIME, personnel::v1::CONSULTANT, personnel::v1::PROJECT_COOPERATION,
                          personnel::v1::RETIREE_REHIRE}) {
    const std::string id = absl::StrCat("k", kind), person = AddPerson(id);
    if (kind == personnel::v1::RETIREE_REHIRE) {
      personnel::v1::UpdatePersonRequest retire;
      retire.mutable_person()->set_name(person);
      *retire.mutable_person()->mutable_birth_date() = Day(1964, 5, 20);
      retire.mutable_person()->set_retired(true);
      ASSERT_THAT(Call<personnel::v1::Person>(retire, Home()), IsOk());
    }
    ASSERT_THAT(Nominate(id, person, AddPost(id, 1, kind)), IsOk());
  }
  personnel::v1::MatchNominationsRequest request;
  request.set_parent(kYingkou);
  request.set_partnership(kPair);
  const auto match = Call<personnel::v1::MatchNominationsResponse>(request, Home());
  ASSERT_THAT(match, IsOk());
  EXPECT_EQ(match->placements_size(), 4) << match->ShortDebugString();
}

}  // namespace
}  // namespace duikou::testing
