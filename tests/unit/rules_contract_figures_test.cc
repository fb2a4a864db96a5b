// Which contracts figures count, and what they add up.
#include <limits>

#include "absl/strings/str_cat.h"
#include "services/techtransfer/rules/contract_figures.h"
#include "services/techtransfer/rules/contract_parties.h"
#include "tests/unit/negotiation_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::techtransfer::rules {
namespace {

using duikou::testing::BrokerOf;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::kSampleDay;
using duikou::testing::SignedContract;
using ::testing::IsEmpty;
using v1::Contract;
using v1::CountContractsRequest;
using v1::CountContractsResponse;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

Contract Registered(const char* name, absl::CivilDay day, int64_t fen, Contract::State state = Contract::REGISTERED) {
  Contract contract = SignedContract();
  contract.set_name(absl::StrCat("cities/210800/contracts/", name));
  EXPECT_THAT(ArrangeParties(contract, BrokerOf("210800")), IsOk());
  contract.set_state(state);
  contract.set_industry("C2651");
  *contract.mutable_register_date() = ToDate(day);
  contract.mutable_amount()->set_fen(fen);
  contract.mutable_technology_amount()->set_fen(fen / 2);
  return contract;
}

TEST(FiguresTest, WhatIsCounted) {
  CountContractsRequest request;
  request.set_parent("cities/320700");
  *request.mutable_from_date() = ToDate(absl::CivilDay(2026, 3, 1));
  *request.mutable_until_date() = ToDate(absl::CivilDay(2026, 3, 31));
  EXPECT_THAT(CheckRange(request), IsOk());
  for (int state = Contract::State_MIN; state <= Contract::State_MAX; ++state) {
    const bool counts = state == Contract::REGISTERED || state == Contract::AMENDED;
    EXPECT_EQ(IsCounted(Registered("c1", kSampleDay, 1, static_cast<Contract::State>(state)), request), counts)
        << state;
  }
  const std::pair<absl::CivilDay, bool> days[] = {{absl::CivilDay(2026, 2, 28), false},
                                                  {absl::CivilDay(2026, 3, 1), true},
                                                  {absl::CivilDay(2026, 3, 31), true},
                                                  {absl::CivilDay(2026, 4, 1), false}};
  for (const auto& [day, counts] : days) EXPECT_EQ(IsCounted(Registered("c1", day, 1), request), counts) << day;
  const Contract contract = Registered("c1", kSampleDay, 1);
  for (const char* city : {"cities/210800", "cities/320700", "cities/-"}) {
    request.set_parent(city);
    EXPECT_TRUE(IsCounted(contract, request)) << city;
  }
  request.set_parent("cities/210100");
  EXPECT_FALSE(IsCounted(contract, request));
  *request.mutable_until_date() = request.from_date();
  EXPECT_THAT(CheckRange(request), IsOk());
  *request.mutable_until_date() = ToDate(absl::CivilDay(2026, 2, 28));
  EXPECT_THAT(CheckRange(request), Fails(kInvalid, "RANGE_INVALID"));
  request.clear_from_date();
  EXPECT_THAT(CheckRange(request), IsOk());
}

TEST(FiguresTest, GroupsAndSums) {
  Contract first = Registered("c1", absl::CivilDay(2026, 3, 2), 1000);
  Contract second = Registered("c2", absl::CivilDay(2026, 2, 3), 300, Contract::AMENDED);
  second.clear_industry();
  second.set_kind(v1::SERVICE);
  second.mutable_buyer()->clear_city();
  Contract third = Registered("c3", absl::CivilDay(2026, 3, 9), 5000);
  third.mutable_amount()->set_currency("USD");
  third.mutable_technology_amount()->set_currency("USD");
  const std::pair<CountContractsRequest::GroupBy, std::vector<std::string>> rows[] = {
      {CountContractsRequest::GROUP_BY_UNSPECIFIED, {}},
      {CountContractsRequest::INDUSTRY, {"/1/300/150/0", "C/2/1000/500/1"}},
      {CountContractsRequest::CITY_PAIR, {"210800→/1/300/150/0", "210800→320700/2/1000/500/1"}},
      {CountContractsRequest::MONTH, {"2026-02/1/300/150/0", "2026-03/2/1000/500/1"}},
      {CountContractsRequest::KIND, {"LICENCE/2/1000/500/1", "SERVICE/1/300/150/0"}},
  };
  const auto text = [](const CountContractsResponse::Row& row) {
    return absl::StrCat(row.key(), "/", row.contracts(), "/", row.amount_fen(), "/", row.technology_amount_fen(), "/",
                        row.other_currencies());
  };
  for (const auto& [group_by, expected] : rows) {
    ContractTally tally(group_by);
    for (const Contract* contract : {&first, &second, &third}) tally.Add(*contract);
    const CountContractsResponse answer = tally.Answer();
    std::vector<std::string> got;
    for (const auto& row : answer.rows()) got.push_back(text(row));
    EXPECT_EQ(got, expected) << CountContractsRequest::GroupBy_Name(group_by);
    EXPECT_EQ(text(answer.total()), "/3/1300/650/1");
  }
  EXPECT_THAT(ContractTally(CountContractsRequest::KIND).Answer().rows(), IsEmpty());
}

TEST(FiguresTest, SumsStayAtTheLargestNumber) {
  ContractTally tally(CountContractsRequest::GROUP_BY_UNSPECIFIED);
  const Contract contract = Registered("c1", kSampleDay, 9'000'000'000'000'000);
  for (int i = 0; i < 1100; ++i) tally.Add(contract);
  EXPECT_EQ(tally.Answer().total().amount_fen(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(tally.Answer().total().technology_amount_fen(), 1100 * 4'500'000'000'000'000);
}

}  // namespace
}  // namespace duikou::techtransfer::rules
