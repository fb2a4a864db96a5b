// The state machine of a contract and its registration: every action in every state, against a table written by hand;
// the days that may be recorded; the office's clock.
#include <array>
#include <map>

#include "absl/strings/str_cat.h"
#include "services/techtransfer/rules/contract_state.h"
#include "services/techtransfer/rules/defaults.h"
#include "services/techtransfer/rules/registration.h"
#include "tests/unit/negotiation_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::techtransfer::rules {
namespace {

using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::kSampleDay;
using duikou::testing::MorningOf;
using duikou::testing::SignedContract;
using ::testing::ElementsAre;
using v1::Contract;
using v1::TransferSettings;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

constexpr std::array<Contract::State, 9> kStates = {Contract::SIGNED,     Contract::SUBMITTED,     Contract::ACCEPTED,
                                                    Contract::SUPPLEMENT, Contract::EXPERT_REVIEW, Contract::REGISTERED,
                                                    Contract::REFUSED,    Contract::AMENDED,       Contract::CANCELLED};

// S signed, U submitted, A accepted, P supplement, E experts' review, R registered, F refused, M amended, X cancelled.
const std::map<ContractAction, const char*> kExpected = {
    //                                      SUAPERFMX
    {ContractAction::kEdit, "+..+....."},
    {ContractAction::kDelete, "+........"},
    {ContractAction::kSubmit, "+........"},
    {ContractAction::kAccept, ".+.+....."},
    {ContractAction::kRequestSupplement, ".++......"},
    {ContractAction::kStartExpertReview, "..+......"},
    {ContractAction::kRegister, "..+.+...."},
    {ContractAction::kRefuse, "..+.+...."},
    {ContractAction::kAmend, ".....+.+."},
    {ContractAction::kCancel, ".....+.+."},
    {ContractAction::kRecomputeDue, "..+.+...."},
};

const TransferSettings kSettings = WithDefaults({});

// 2026 with two days off in March, on Friday 20 and Monday 23.
WorkdayCalendar CalendarOf2026() {
  WorkdayCalendar calendar;
  calendar.SetYear(2026, {.holidays = {absl::CivilDay(2026, 3, 20), absl::CivilDay(2026, 3, 23)}});
  return calendar;
}

Recorded On(absl::CivilDay day, const std::string& note = "", absl::CivilDay today = kSampleDay + 30) {
  return {.date = day, .account = "cities/210800/accounts/wang", .time = MorningOf(today), .note = note};
}

Contract InState(Contract::State state) {
  Contract contract = SignedContract();
  Sign(contract, "cities/210800/accounts/wang", MorningOf(kSampleDay));
  contract.set_state(state);
  if (state == Contract::ACCEPTED || state == Contract::EXPERT_REVIEW) {
    *contract.mutable_accept_date() = ToDate(kSampleDay);
    *contract.mutable_due_date() = ToDate(kSampleDay + 7);
  }
  return contract;
}

absl::Status Do(ContractAction action, Contract& contract) {
  const Recorded step = On(kSampleDay + 1, "说明");
  switch (action) {
    case ContractAction::kEdit:
    case ContractAction::kDelete:
      return CheckAllowed(contract, action);
    case ContractAction::kSubmit:
      return Submit(contract, "营口市技术市场", step);
    case ContractAction::kAccept:
      return Accept(contract, kSettings, CalendarOf2026(), step);
    case ContractAction::kRequestSupplement:
      return RequestSupplement(contract, step);
    case ContractAction::kStartExpertReview:
      return StartExpertReview(contract, step);
    case ContractAction::kRegister:
      return Register(contract, "2026210800000001", {}, step);
    case ContractAction::kRefuse:
      return Refuse(contract, step);
    case ContractAction::kAmend:
      return Amend(contract, {}, step);
    case ContractAction::kCancel:
      return Cancel(contract, step);
    case ContractAction::kRecomputeDue:
      return RecomputeDue(contract, kSettings, CalendarOf2026()) ? absl::OkStatus() : CheckAllowed(contract, action);
  }
  return absl::InternalError("no such action");
}

TEST(ContractStateTest, EveryCellIsAsSpecified) {
  ASSERT_EQ(kExpected.size(), static_cast<size_t>(kContractActions));
  for (const auto& [action, states] : kExpected) {
    for (size_t s = 0; s < kStates.size(); ++s) {
      const Contract::State state = kStates[s];
      const std::string cell = absl::StrCat(NameOf(action).en, " in ", NameOf(state).en);
      Contract contract = InState(state);
      const bool expected = states[s] == '+';
      EXPECT_EQ(Allows(state, action), expected) << cell;
      const std::string before = contract.SerializeAsString();
      const absl::Status done = Do(action, contract);
      if (expected) {
        EXPECT_THAT(done, IsOk()) << cell;
        continue;
      }
      ASSERT_THAT(done, Fails(kForbidden, "CONTRACT_STATE_FORBIDS")) << cell;
      EXPECT_NE(FactsOf(done).text.zh.find(NameOf(state).zh), std::string::npos) << FactsOf(done).text.zh;
      EXPECT_NE(FactsOf(done).text.en.find(NameOf(action).en), std::string::npos) << FactsOf(done).text.en;
      EXPECT_EQ(contract.SerializeAsString(), before) << "a refusal changes nothing";
    }
    EXPECT_FALSE(Allows(Contract::STATE_UNSPECIFIED, action));
  }
}

TEST(ContractStateTest, WhereEachActionLeads) {
  const std::pair<ContractAction, Contract::State> rows[] = {
      {ContractAction::kSubmit, Contract::SUBMITTED},
      {ContractAction::kAccept, Contract::ACCEPTED},
      {ContractAction::kRequestSupplement, Contract::SUPPLEMENT},
      {ContractAction::kStartExpertReview, Contract::EXPERT_REVIEW},
      {ContractAction::kRegister, Contract::REGISTERED},
      {ContractAction::kRefuse, Contract::REFUSED},
      {ContractAction::kAmend, Contract::AMENDED},
      {ContractAction::kCancel, Contract::CANCELLED}};
  for (const auto& [action, after] : rows) {
    for (const Contract::State state : kStates) {
      if (!Allows(state, action)) continue;
      Contract contract = InState(state);
      ASSERT_THAT(Do(action, contract), IsOk());
      EXPECT_EQ(contract.state(), after) << NameOf(action).en;
      ASSERT_EQ(contract.steps_size(), 2);
      EXPECT_EQ(contract.steps(1).state(), after);
      EXPECT_EQ(ToCivil(contract.steps(1).date()), kSampleDay + 1);
      EXPECT_EQ(contract.steps(1).note(), "说明");
      EXPECT_EQ(contract.steps(1).account(), "cities/210800/accounts/wang");
      EXPECT_TRUE(contract.steps(1).has_time());
    }
  }
}

TEST(StepDatesTest, NotAfterTodayAndNotBeforeTheStepBefore) {
  const auto submit = [](absl::CivilDay day, absl::CivilDay today) {
    Contract contract = InState(Contract::SIGNED);
    return Submit(contract, "", On(day, "", today));
  };
  EXPECT_THAT(submit(kSampleDay, kSampleDay), IsOk());
  EXPECT_THAT(submit(kSampleDay + 1, kSampleDay), Fails(kInvalid, "DATE_INVALID"));
  EXPECT_THAT(submit(kSampleDay - 1, kSampleDay), Fails(kInvalid, "DATE_INVALID"));
  EXPECT_THAT(BadFields(submit(kSampleDay - 1, kSampleDay)), ElementsAre("date"));
  Contract contract = InState(Contract::SIGNED);
  ASSERT_THAT(Submit(contract, "", On(kSampleDay + 3)), IsOk());
  EXPECT_THAT(Accept(contract, kSettings, CalendarOf2026(), On(kSampleDay + 2)), Fails(kInvalid, "DATE_INVALID"));
  EXPECT_EQ(contract.state(), Contract::SUBMITTED);
  EXPECT_THAT(Accept(contract, kSettings, CalendarOf2026(), On(kSampleDay + 3)), IsOk());
}

TEST(StepDatesTest, ACorrectedSigningDatesTheFirstStep) {
  Contract contract = InState(Contract::SIGNED);
  *contract.mutable_sign_date() = ToDate(kSampleDay - 10);
  DateSigning(contract);
  EXPECT_EQ(ToCivil(contract.steps(0).date()), kSampleDay - 10);
  EXPECT_THAT(Submit(contract, "", On(kSampleDay - 5)), IsOk());
  Contract imported = SignedContract();
  DateSigning(imported);
  EXPECT_EQ(imported.steps_size(), 0);
}

TEST(SubmitTest, NamesTheOffice) {
  Contract contract = InState(Contract::SIGNED);
  contract.set_office("甲");
  Contract kept = contract;
  ASSERT_THAT(Submit(kept, "", On(kSampleDay)), IsOk());
  EXPECT_EQ(kept.office(), "甲");
  ASSERT_THAT(Submit(contract, "乙", On(kSampleDay)), IsOk());
  EXPECT_EQ(contract.office(), "乙");
}

// Monday 2 March 2026: 15 workdays end on Monday the 23rd, which is off with the Friday before, so on Wednesday the
// 25th; 30 on Wednesday 15 April.
TEST(ClockTest, FifteenWorkdaysOrThirty) {
  const struct {
    int64_t fen;
    const char* currency;
    bool disputed;
    absl::CivilDay due;
  } rows[] = {
      {499'999'999, "", false, absl::CivilDay(2026, 3, 25)},
      {500'000'000, "", false, absl::CivilDay(2026, 4, 15)},
      {500'000'000, "CNY", false, absl::CivilDay(2026, 4, 15)},
      {500'000'000, "USD", false, absl::CivilDay(2026, 3, 25)},
      {100, "", true, absl::CivilDay(2026, 4, 15)},
  };
  for (const auto& row : rows) {
    Contract contract = InState(Contract::SUBMITTED);
    contract.mutable_technology_amount()->set_fen(row.fen);
    contract.mutable_technology_amount()->set_currency(row.currency);
    contract.set_disputed(row.disputed);
    ASSERT_THAT(Accept(contract, kSettings, CalendarOf2026(), On(kSampleDay)), IsOk());
    EXPECT_EQ(ToCivil(contract.due_date()), row.due) << row.fen << row.currency;
    EXPECT_EQ(ToCivil(contract.accept_date()), kSampleDay);
    EXPECT_FALSE(contract.due_is_tentative());
  }
  Contract contract = InState(Contract::SUBMITTED);
  TransferSettings short_one = kSettings;
  short_one.set_registration_workdays(1);
  ASSERT_THAT(Accept(contract, short_one, {}, On(kSampleDay)), IsOk());
  EXPECT_EQ(ToCivil(contract.due_date()), kSampleDay + 1);
  EXPECT_TRUE(contract.due_is_tentative()) << "no holidays are known of that year";
}

TEST(ClockTest, ASupplementStopsItAndItBeginsAnew) {
  Contract contract = InState(Contract::SUBMITTED);
  ASSERT_THAT(Accept(contract, kSettings, {}, On(kSampleDay)), IsOk());
  ASSERT_THAT(RequestSupplement(contract, On(kSampleDay + 3, "缺委托书")), IsOk());
  EXPECT_FALSE(contract.has_due_date());
  EXPECT_FALSE(contract.due_is_tentative());
  EXPECT_FALSE(RecomputeDue(contract, kSettings, CalendarOf2026())) << "a clock that stands is not recomputed";
  ASSERT_THAT(Accept(contract, kSettings, CalendarOf2026(), On(kSampleDay + 7)), IsOk());
  EXPECT_EQ(ToCivil(contract.accept_date()), kSampleDay + 7);
  EXPECT_EQ(ToCivil(contract.due_date()), absl::CivilDay(2026, 4, 1)) << "all 15 workdays again";
}

TEST(ClockTest, GoesOnInTheExpertsReviewAndEndsWithTheDecision) {
  Contract contract = InState(Contract::SUBMITTED);
  ASSERT_THAT(Accept(contract, kSettings, {}, On(kSampleDay)), IsOk());
  const absl::CivilDay due = ToCivil(contract.due_date());
  ASSERT_THAT(StartExpertReview(contract, On(kSampleDay + 1)), IsOk());
  EXPECT_EQ(ToCivil(contract.due_date()), due);
  Contract refused = contract;
  ASSERT_THAT(Refuse(refused, On(kSampleDay + 2, "不是技术合同")), IsOk());
  EXPECT_FALSE(refused.has_due_date());
  EXPECT_FALSE(refused.due_is_tentative());
  ASSERT_THAT(Register(contract, "2026210800000001", {}, On(kSampleDay + 2)), IsOk());
  EXPECT_FALSE(contract.has_due_date());
  EXPECT_FALSE(contract.due_is_tentative());
  EXPECT_EQ(ToCivil(contract.register_date()), kSampleDay + 2);
  EXPECT_EQ(contract.registration_number(), "2026210800000001");
}

TEST(ClockTest, IsRecomputedByNewHolidays) {
  Contract contract = InState(Contract::SUBMITTED);
  ASSERT_THAT(Accept(contract, kSettings, {}, On(kSampleDay)), IsOk());
  EXPECT_EQ(ToCivil(contract.due_date()), absl::CivilDay(2026, 3, 23));
  WorkdayCalendar without_days_off;
  without_days_off.SetYear(2026, {});
  EXPECT_TRUE(RecomputeDue(contract, kSettings, without_days_off)) << "the day stays, and is final";
  EXPECT_FALSE(contract.due_is_tentative());
  EXPECT_EQ(ToCivil(contract.due_date()), absl::CivilDay(2026, 3, 23));
  EXPECT_FALSE(RecomputeDue(contract, kSettings, without_days_off));
  EXPECT_TRUE(RecomputeDue(contract, kSettings, CalendarOf2026()));
  EXPECT_EQ(ToCivil(contract.due_date()), absl::CivilDay(2026, 3, 25));
}

TEST(FoundAmountsTest, AreCheckedAndTaken) {
  const auto money = [](int64_t fen) {
    duikou::type::v1::Money money;
    money.set_fen(fen);
    return money;
  };
  for (const ContractAction action : {ContractAction::kRegister, ContractAction::kAmend}) {
    const bool amend = action == ContractAction::kAmend;
    const auto record = [&](Contract& contract, const FoundAmounts& found) {
      return amend ? Amend(contract, found, On(kSampleDay + 1)) : Register(contract, "1", found, On(kSampleDay + 1));
    };
    Contract contract = InState(amend ? Contract::REGISTERED : Contract::ACCEPTED);
    const std::string before = contract.SerializeAsString();
    EXPECT_THAT(record(contract, {.technology_amount = money(contract.amount().fen() + 1)}),
                Fails(kInvalid, "AMOUNT_INVALID"));
    EXPECT_THAT(record(contract, {.amount = money(0)}), Fails(kInvalid, "AMOUNT_INVALID"));
    EXPECT_EQ(contract.SerializeAsString(), before) << "a refusal changes nothing";
    ASSERT_THAT(record(contract, {.technology_amount = money(5000)}), IsOk());
    EXPECT_EQ(contract.technology_amount().fen(), 5000);
    EXPECT_EQ(contract.amount().fen(), SignedContract().amount().fen());
  }
}

}  // namespace
}  // namespace duikou::techtransfer::rules
