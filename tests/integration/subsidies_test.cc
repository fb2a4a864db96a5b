// Subsidies of engagements through the service as it runs, on both engines: claimed, decided in the city that pays,
// paid, and recovered when the engagement ends early.
#include <thread>

#include "duikou/personnel/v1/subsidies.pb.h"
#include "tests/integration/personnel_fixture.h"

namespace duikou::testing {
namespace {

using personnel::v1::EndEngagementEarlyRequest;
using personnel::v1::Engagement;
using personnel::v1::SubsidyClaim;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

class SubsidiesTest : public PersonnelTest {
 protected:
  // 3,100 yuan a month for a year, of the city; half comes back where one leaves for reasons of his own.
  std::string AddPolicy(const std::string& city) {
    personnel::v1::CreateSubsidyPolicyRequest request;
    request.set_parent(city);
    request.set_subsidy_policy_id("p1");
    request.mutable_subsidy_policy()->set_title("挂职干部生活补贴");
    request.mutable_subsidy_policy()->set_kind(personnel::v1::SECONDMENT);
    request.mutable_subsidy_policy()->set_monthly_fen(310000);
    request.mutable_subsidy_policy()->set_months(12);
    request.mutable_subsidy_policy()->set_returned_percent(50);
    EXPECT_THAT(Call<personnel::v1::SubsidyPolicy>(request, As(city, "zuzhibu", type::v1::PERSONNEL_OFFICER)), IsOk());
    return city + "/subsidyPolicies/p1";
  }
  absl::StatusOr<SubsidyClaim> Claim(const Engagement& engagement, const std::string& policy, int first, int last,
                                     const rpc::CallOptions& options) {
    personnel::v1::CreateSubsidyClaimRequest request;
    request.set_parent(engagement.name());
    request.mutable_subsidy_claim()->set_policy(policy);
    *request.mutable_subsidy_claim()->mutable_first_month() = Day(2026, first, 1);
    *request.mutable_subsidy_claim()->mutable_last_month() = Day(2026, last, 1);
    return Call<SubsidyClaim>(request, options);
  }
  template <class Request>
  absl::StatusOr<SubsidyClaim> Do(const std::string& name, const rpc::CallOptions& options, Request request = {}) {
    request.set_name(name);
    return Call<SubsidyClaim>(request, options);
  }
  rpc::CallOptions Reviewer() const { return As(kYingkou, "duikouban", type::v1::COORDINATOR, "fucha"); }
  // From the application to the approval; the clock moves past the publicity.
  std::string Approved(const Engagement& engagement, const std::string& policy, int first, int last) {
    const auto applied = Claim(engagement, policy, first, last, Home());
    EXPECT_THAT(applied, IsOk());
    if (!applied.ok()) return "";
    EXPECT_THAT(Do<personnel::v1::ReviewSubsidyClaimRequest>(applied->name(), Reviewer()), IsOk());
    const auto publicised = Do<personnel::v1::PubliciseSubsidyClaimRequest>(applied->name(), Home());
    EXPECT_THAT(publicised, IsOk());
    EXPECT_THAT(Do<personnel::v1::ApproveSubsidyClaimRequest>(applied->name(), Home()),
                Fails(kForbidden, "PUBLICITY_RUNS"));
    clock_.Set(StartOf(personnel::rules::ToCivil(publicised->publicity_end()) + 1) + absl::Hours(9));
    EXPECT_THAT(Do<personnel::v1::ApproveSubsidyClaimRequest>(applied->name(), Home()), IsOk());
    return applied->name();
  }
  std::string Paid(const Engagement& engagement, const std::string& policy, int first, int last) {
    const std::string claim = Approved(engagement, policy, first, last);
    personnel::v1::PaySubsidyClaimRequest pay;
    pay.set_voucher("2026-记-118");
    EXPECT_THAT(Do(claim, Home(), pay), IsOk());
    return claim;
  }
  personnel::v1::GetSubsidyBalanceResponse Balance() {
    personnel::v1::GetSubsidyBalanceRequest request;
    request.set_parent(kYingkou);
    const auto balance = Call<personnel::v1::GetSubsidyBalanceResponse>(request, Home());
    EXPECT_THAT(balance, IsOk());
    return balance.ok() ? *balance : personnel::v1::GetSubsidyBalanceResponse();
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, SubsidiesTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(SubsidiesTest, PaidAndRecoveredInTheCommitThatEndsTheEngagement) {
  const std::string policy = AddPolicy(kYingkou);
  const Engagement active = Activate(AddPerson("wang"));
  const std::string claim = Paid(active, policy, 3, 6);
  EXPECT_EQ(Balance().paid_fen(), 160000 + 3 * 310000);
  EXPECT_EQ(Balance().to_recover_fen(), 0);

  SetDay(2026, 5, 1);
  auto end = WithReason<EndEngagementEarlyRequest>("本人辞职");
  *end.mutable_date() = Day(2026, 4, 30);
  end.set_own_reasons(true);
  ASSERT_THAT(Act(active.name(), Host(), end), IsOk());
  const auto recovering = Do<personnel::v1::GetSubsidyClaimRequest>(claim, Home());
  ASSERT_THAT(recovering, IsOk());
  EXPECT_EQ(recovering->state(), SubsidyClaim::RECOVERING);
  EXPECT_EQ(recovering->recover_fen(), 2 * 310000 + (160000 + 310000) / 2);
  EXPECT_EQ(Balance().to_recover_fen(), recovering->recover_fen());

  personnel::v1::RecordSubsidyRecoveryRequest recover;
  recover.set_voucher("2026-记-201");
  EXPECT_THAT(Do(claim, Host(), recover), Fails(kDenied, "NOT_PAYER"));
  recover.set_fen(100000);
  ASSERT_THAT(Do(claim, Home(), recover), IsOk());
  recover.set_fen(0);
  const auto recovered = Do(claim, Home(), recover);
  ASSERT_THAT(recovered, IsOk());
  EXPECT_EQ(recovered->state(), SubsidyClaim::RECOVERED);
  const auto balance = Balance();
  EXPECT_EQ(balance.balance_fen(), 1090000 - 855000);
  EXPECT_EQ(balance.entries(), 3);
  EXPECT_EQ(balance.to_recover_fen(), 0);
}

TEST_P(SubsidiesTest, WhatIsPaidAfterAnEndForOwnReasonsIsSharedToo) {
  const std::string policy = AddPolicy(kYingkou);
  const Engagement active = Activate(AddPerson("wang"));
  const std::string claim = Approved(active, policy, 3, 4);
  SetDay(2026, 5, 1);
  auto end = WithReason<EndEngagementEarlyRequest>("本人辞职");
  *end.mutable_date() = Day(2026, 4, 30);
  end.set_own_reasons(true);
  ASSERT_THAT(Act(active.name(), Host(), end), IsOk());
  personnel::v1::PaySubsidyClaimRequest pay;
  pay.set_voucher("2026-记-118");
  const auto paid = Do(claim, Home(), pay);
  ASSERT_THAT(paid, IsOk());
  EXPECT_EQ(paid->paid_fen(), 160000 + 310000);
  EXPECT_EQ(paid->state(), SubsidyClaim::RECOVERING);
  EXPECT_EQ(paid->recover_fen(), (160000 + 310000) / 2);
  EXPECT_EQ(Balance().to_recover_fen(), paid->recover_fen());
}

TEST_P(SubsidiesTest, SeenByBothCitiesAndDecidedByThePayer) {
  const std::string home = AddPolicy(kYingkou), host = AddPolicy(kFengtai), third = AddPolicy(kLianyungang);
  const Engagement active = Activate(AddPerson("wang"));
  EXPECT_THAT(Claim(active, home, 3, 3, Host()), Fails(kDenied, "NOT_PAYER"));
  EXPECT_THAT(Claim(active, third, 3, 3, As(kLianyungang, "zuzhibu", type::v1::PERSONNEL_OFFICER)),
              Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
  const auto claim = Claim(active, host, 3, 3, Host());
  ASSERT_THAT(claim, IsOk());
  EXPECT_EQ(claim->payer(), kFengtai);
  EXPECT_THAT(Do<personnel::v1::GetSubsidyClaimRequest>(claim->name(), Home()), IsOk());
  // The month is taken, whoever pays.
  EXPECT_THAT(Claim(active, home, 3, 4, Home()), Fails(kForbidden, "MONTH_CLAIMED"));
  EXPECT_THAT(Claim(active, home, 4, 4, Home()), IsOk());
  EXPECT_THAT(Do(claim->name(), Home(), WithReason<personnel::v1::RefuseSubsidyClaimRequest>("不符")),
              Fails(kDenied, "NOT_PAYER"));
  ASSERT_THAT(Do(claim->name(), Host(), WithReason<personnel::v1::RefuseSubsidyClaimRequest>("不符")), IsOk());
  EXPECT_THAT(Claim(active, home, 3, 3, Home()), IsOk()) << "what was refused holds no month";
}

TEST_P(SubsidiesTest, ListIsAFileWithTheAmounts) {
  const std::string policy = AddPolicy(kYingkou);
  const Engagement active = Activate(AddPerson("wang"));
  ASSERT_THAT(Claim(active, policy, 3, 4, Home()), IsOk());
  personnel::v1::ExportSubsidyListRequest request;
  request.set_parent(kYingkou);
  request.set_csv(true);
  const auto list = Call<personnel::v1::ExportSubsidyListResponse>(request, Home());
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->rows(), 1);
  for (const char* text : {"王小明", "挂职干部生活补贴", "4700.00", "2026-03", "已申请"})
    EXPECT_NE(list->content().find(text), std::string::npos) << text;
  const auto masked = Call<personnel::v1::ExportSubsidyListResponse>(request, Reviewer());
  ASSERT_THAT(masked, IsOk());
  EXPECT_EQ(masked->content().find("王小明"), std::string::npos);
}

TEST_P(SubsidiesTest, OneWinsAMonthHoweverManyClaimIt) {
  constexpr int kClients = 32;
  const std::string home = AddPolicy(kYingkou), host = AddPolicy(kFengtai);
  const Engagement active = Activate(AddPerson("wang"));
  std::vector<absl::Status> outcomes(kClients);
  std::vector<std::thread> threads;
  for (int i = 0; i < kClients; ++i) {
    threads.emplace_back([&, i] {
      const bool ours = i % 2 == 0;
      outcomes[static_cast<size_t>(i)] = Claim(active, ours ? home : host, 3, 5, ours ? Home() : Host()).status();
    });
  }
  for (std::thread& thread : threads) thread.join();
  int won = 0;
  for (const absl::Status& outcome : outcomes) {
    if (outcome.ok()) {
      ++won;
    } else {
      EXPECT_THAT(outcome, Fails(kForbidden, "MONTH_CLAIMED"));
    }
  }
  EXPECT_EQ(won, 1);
}

}  // namespace
}  // namespace duikou::testing
