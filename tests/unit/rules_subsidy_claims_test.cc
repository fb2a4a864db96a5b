// The state machine of a subsidy claim: every action in every state, against a table written by hand; who may do what;
// and what the days of the engagement make of it.
#include <array>
#include <map>

#include "services/personnel/rules/subsidy_claims.h"
#include "tests/unit/engagement_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::personnel::rules {
namespace {

using duikou::testing::Employed;
using duikou::testing::EngagementIn;
using duikou::testing::Fails;
using duikou::testing::HomeOfficer;
using duikou::testing::HostOfficer;
using duikou::testing::IsOk;
using v1::Engagement;
using v1::SubsidyClaim;
using v1::SubsidyPolicy;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

constexpr std::array<SubsidyClaim::State, 8> kStates = {
    SubsidyClaim::APPLIED, SubsidyClaim::REVIEWED,   SubsidyClaim::PUBLICISED, SubsidyClaim::APPROVED,
    SubsidyClaim::PAID,    SubsidyClaim::RECOVERING, SubsidyClaim::RECOVERED,  SubsidyClaim::REFUSED};

// A applied, R reviewed, P publicised, V approved, D paid, G recovering, B recovered, X refused.
const std::map<ClaimAction, const char*> kExpected = {
    //                            ARPVDGBX
    {ClaimAction::kReview, "+......."},  {ClaimAction::kPublicise, ".+......"},
    {ClaimAction::kApprove, "..+....."}, {ClaimAction::kRefuse, "++++...."},
    {ClaimAction::kPay, "...+...."},     {ClaimAction::kRecordRecovery, ".....+.."},
    {ClaimAction::kRecover, "....+++."},
};

const absl::CivilDay kArrival(2026, 3, 16), kEnd(2027, 3, 15);

absl::Time NoonOf(absl::CivilDay day) { return StartOf(day) + absl::Hours(12); }

Engagement Served() {
  Engagement engagement = EngagementIn(Engagement::ACTIVE);
  *engagement.mutable_arrival_date() = ToDate(kArrival);
  *engagement.mutable_terms()->mutable_end_date() = ToDate(kEnd);
  *engagement.mutable_end_date() = ToDate(kEnd);
  return engagement;
}

SubsidyPolicy PolicyOfHome() {
  SubsidyPolicy policy;
  policy.set_name("cities/210800/subsidyPolicies/p1");
  policy.set_kind(v1::SECONDMENT);
  policy.set_monthly_fen(310000);
  policy.set_months(12);
  policy.set_returned_percent(50);
  return policy;
}

SubsidyClaim ClaimOf(int first, int last) {
  SubsidyClaim claim;
  claim.set_name("cities/210800/engagements/e1/subsidyClaims/c1");
  *claim.mutable_first_month() = ToDate(absl::CivilDay(2026, first, 1));
  *claim.mutable_last_month() = ToDate(absl::CivilDay(2026, last, 1));
  return claim;
}

Caller Another() {
  Caller caller = HomeOfficer();
  caller.name += "2";
  return caller;
}

// Of March to May 2026, applied for by the home city's officer.
SubsidyClaim Applied() {
  SubsidyClaim claim = ClaimOf(3, 5);
  EXPECT_THAT(Apply(claim, Served(), PolicyOfHome(), Employed(), HomeOfficer(), NoonOf(kArrival)), IsOk());
  return claim;
}

SubsidyClaim ClaimIn(SubsidyClaim::State state) {
  SubsidyClaim claim = Applied();
  claim.set_state(state);
  *claim.mutable_publicity_end() = ToDate(absl::CivilDay(2026, 6, 8));
  if (state >= SubsidyClaim::PAID && state <= SubsidyClaim::RECOVERED) claim.set_paid_fen(claim.fen());
  if (state == SubsidyClaim::RECOVERING || state == SubsidyClaim::RECOVERED) claim.set_recover_fen(1000);
  if (state == SubsidyClaim::RECOVERED) claim.set_recovered_fen(1000);
  return claim;
}

absl::Status Do(ClaimAction action, SubsidyClaim& claim, const Caller& by) {
  const absl::CivilDay day(2026, 6, 9);
  switch (action) {
    case ClaimAction::kReview:
      return Review(claim, "", by, NoonOf(day));
    case ClaimAction::kPublicise:
      return Publicise(claim, day + 7, by, NoonOf(day));
    case ClaimAction::kApprove:
      return ApproveClaim(claim, "", by, NoonOf(day));
    case ClaimAction::kRefuse:
      return Refuse(claim, "公示有异议", by, NoonOf(day));
    case ClaimAction::kPay:
      return Pay(claim, day, by, NoonOf(day));
    case ClaimAction::kRecordRecovery:
      return RecordRecovery(claim, 0, day, by, NoonOf(day)).status();
    case ClaimAction::kRecover: {
      Engagement ended = Served();
      *ended.mutable_end_date() = ToDate(absl::CivilDay(2026, 4, 30));
      const bool was_paid = Allows(claim.state(), action);
      Readjust(claim, ended, by, NoonOf(day));
      return was_paid && claim.recover_fen() > 0 ? absl::OkStatus() : CheckAllowed(claim, action);
    }
  }
  return absl::InternalError("no such action");
}

TEST(SubsidyClaimTest, EveryCellIsAsSpecified) {
  ASSERT_EQ(kExpected.size(), static_cast<size_t>(kClaimActions));
  for (const auto& [action, states] : kExpected) {
    for (size_t s = 0; s < kStates.size(); ++s) {
      SubsidyClaim claim = ClaimIn(kStates[s]);
      const absl::Status done = Do(action, claim, Another());
      SCOPED_TRACE(absl::StrCat(NameOf(kStates[s]).en, " action ", static_cast<int>(action)));
      EXPECT_EQ(Allows(kStates[s], action), states[s] == '+');
      if (states[s] == '+') {
        EXPECT_THAT(done, IsOk());
      } else {
        EXPECT_THAT(done, Fails(kForbidden, "CLAIM_STATE_FORBIDS"));
      }
    }
  }
}

TEST(SubsidyClaimTest, ThePayerAloneDecides) {
  for (const auto& [action, states] : kExpected) {
    if (action == ClaimAction::kRecover) continue;
    SubsidyClaim claim = ClaimIn(kStates[std::string(states).find('+')]);
    EXPECT_THAT(Do(action, claim, HostOfficer()), Fails(kDenied, "NOT_PAYER"));
  }
}

TEST(SubsidyClaimTest, WhoAppliedMayNotReview) {
  SubsidyClaim claim = Applied();
  EXPECT_THAT(Do(ClaimAction::kReview, claim, HomeOfficer()), Fails(kDenied, "SAME_ACCOUNT"));
}

TEST(SubsidyClaimTest, NorWhoActsForTheOtherAsHisDeputy) {
  Caller deputy = Another();
  deputy.on_behalf_of = HomeOfficer().name;
  SubsidyClaim claim = Applied();
  EXPECT_TRUE(HasApplied(claim, deputy));
  EXPECT_THAT(Do(ClaimAction::kReview, claim, deputy), Fails(kDenied, "SAME_ACCOUNT"));
  SubsidyClaim by_deputy = ClaimOf(3, 5);
  ASSERT_THAT(Apply(by_deputy, Served(), PolicyOfHome(), Employed(), deputy, NoonOf(kArrival)), IsOk());
  for (const Caller& one : {deputy, HomeOfficer(), Another()})
    EXPECT_THAT(Do(ClaimAction::kReview, by_deputy, one), Fails(kDenied, "SAME_ACCOUNT"));
  Caller third = Another();
  third.name += "3";
  EXPECT_THAT(Do(ClaimAction::kReview, by_deputy, third), IsOk());
}

TEST(SubsidyClaimTest, PublicisedOnTheDayOfPubliciseWhateverIsReckonedAnew) {
  SubsidyClaim claim = ClaimIn(SubsidyClaim::REVIEWED);
  const absl::CivilDay day(2026, 6, 1);
  ASSERT_THAT(Publicise(claim, day + 7, Another(), NoonOf(day)), IsOk());
  Engagement ended = Served();
  *ended.mutable_end_date() = ToDate(absl::CivilDay(2026, 4, 15));
  ASSERT_TRUE(Readjust(claim, ended, Another(), NoonOf(day + 3)));
  ASSERT_EQ(claim.state(), SubsidyClaim::PUBLICISED);
  EXPECT_EQ(PublicisedOn(claim), day);
}

TEST(SubsidyClaimTest, PublicityRunsToTheEndOfItsLastDay) {
  SubsidyClaim claim = ClaimIn(SubsidyClaim::PUBLICISED);
  const absl::CivilDay end(2026, 6, 8);
  EXPECT_THAT(ApproveClaim(claim, "", Another(), StartOf(end + 1) - absl::Seconds(1)),
              Fails(kForbidden, "PUBLICITY_RUNS"));
  EXPECT_THAT(ApproveClaim(claim, "", Another(), StartOf(end + 1)), IsOk());
}

TEST(SubsidyClaimTest, AmountsAreByTheDaysServed) {
  const SubsidyClaim claim = Applied();
  ASSERT_EQ(claim.months_size(), 3);
  EXPECT_EQ(claim.months(0).days(), 16);
  EXPECT_EQ(claim.months(0).fen(), 160000);  // 16 of 31 days of 3,100 yuan.
  EXPECT_EQ(claim.months(1).fen(), 310000);
  EXPECT_EQ(claim.fen(), 780000);
  EXPECT_EQ(claim.payer(), "cities/210800");
}

TEST(SubsidyClaimTest, WhatIsNotDueIsNotClaimed) {
  const auto apply = [](SubsidyClaim claim, const Engagement& engagement, const SubsidyPolicy& policy,
                        const Caller& by = HomeOfficer()) {
    return Apply(claim, engagement, policy, Employed(), by, NoonOf(kArrival));
  };
  EXPECT_THAT(apply(ClaimOf(2, 4), Served(), PolicyOfHome()), Fails(kInvalid, "MONTH_NOT_COVERED"));
  EXPECT_THAT(apply(ClaimOf(5, 4), Served(), PolicyOfHome()), Fails(kInvalid, "PERIOD_INVALID"));
  SubsidyPolicy policy = PolicyOfHome();
  policy.set_months(2);
  EXPECT_THAT(apply(ClaimOf(4, 6), Served(), policy), Fails(kInvalid, "MONTH_NOT_COVERED"));
  policy = PolicyOfHome();
  policy.set_kind(v1::CONSULTANT);
  EXPECT_THAT(apply(ClaimOf(4, 4), Served(), policy), Fails(kInvalid, "KIND_DIFFERS"));
  policy = PolicyOfHome();
  policy.set_level("副处级");
  EXPECT_THAT(apply(ClaimOf(4, 4), Served(), policy), Fails(kInvalid, "LEVEL_DIFFERS"));
  EXPECT_THAT(apply(ClaimOf(4, 4), Served(), PolicyOfHome(), HostOfficer()), Fails(kDenied, "NOT_PAYER"));
  for (const auto state : {Engagement::PROPOSED, Engagement::APPROVED, Engagement::WITHDRAWN, Engagement::LAPSED})
    EXPECT_THAT(apply(ClaimOf(4, 4), EngagementIn(state), PolicyOfHome()),
                Fails(kForbidden, "ENGAGEMENT_STATE_FORBIDS"));
}

TEST(SubsidyClaimTest, EarlyEndCutsWhatIsNotPaidAndRecoversWhatIs) {
  Engagement ended = Served();
  *ended.mutable_end_date() = ToDate(absl::CivilDay(2026, 4, 15));
  ended.set_state(Engagement::ENDED_EARLY);
  SubsidyClaim open = ClaimIn(SubsidyClaim::APPROVED);
  ASSERT_TRUE(Readjust(open, ended, HomeOfficer(), NoonOf(kEnd)));
  EXPECT_EQ(open.state(), SubsidyClaim::APPROVED);
  EXPECT_EQ(open.fen(), 160000 + 155000);  // March, and 15 of 30 days of April.
  EXPECT_FALSE(Readjust(open, ended, HomeOfficer(), NoonOf(kEnd))) << "once";

  SubsidyClaim paid = ClaimIn(SubsidyClaim::PAID);
  ASSERT_TRUE(Readjust(paid, ended, HomeOfficer(), NoonOf(kEnd)));
  EXPECT_EQ(paid.state(), SubsidyClaim::RECOVERING);
  EXPECT_EQ(paid.recover_fen(), 155000 + 310000);
  EXPECT_EQ(paid.fen(), 780000) << "what was paid stays as it was paid";
  ended.set_own_reasons(true);
  SubsidyClaim own = ClaimIn(SubsidyClaim::PAID);
  ASSERT_TRUE(Readjust(own, ended, HomeOfficer(), NoonOf(kEnd)));
  EXPECT_EQ(own.recover_fen(), 465000 + 157500) << "and half of the rest, for reasons of his own";

  *ended.mutable_end_date() = ToDate(kArrival - 1);
  SubsidyClaim nothing = ClaimIn(SubsidyClaim::REVIEWED);
  ASSERT_TRUE(Readjust(nothing, ended, HomeOfficer(), NoonOf(kEnd)));
  EXPECT_EQ(nothing.state(), SubsidyClaim::REFUSED);
}

TEST(SubsidyClaimTest, RecoveredInParts) {
  SubsidyClaim claim = ClaimIn(SubsidyClaim::RECOVERING);
  const absl::CivilDay day(2026, 6, 9);
  EXPECT_THAT(RecordRecovery(claim, 1001, day, Another(), NoonOf(day)), Fails(kInvalid, "AMOUNT_EXCEEDS"));
  EXPECT_THAT(RecordRecovery(claim, 0, day + 1, Another(), NoonOf(day)), Fails(kInvalid, "DATE_IN_FUTURE"));
  ASSERT_THAT(RecordRecovery(claim, 400, day, Another(), NoonOf(day)), IsOk());
  EXPECT_EQ(claim.state(), SubsidyClaim::RECOVERING);
  const auto rest = RecordRecovery(claim, 0, day, Another(), NoonOf(day));
  ASSERT_THAT(rest, IsOk());
  EXPECT_EQ(*rest, 600);
  EXPECT_EQ(claim.state(), SubsidyClaim::RECOVERED);
}

TEST(SubsidyClaimTest, NoMonthIsHeldTwice) {
  v1::Person person = Employed();
  const SubsidyClaim first = Applied();
  ASSERT_THAT(HoldMonths(person, first, Served(), HomeOfficer()), IsOk());
  EXPECT_EQ(person.subsidised_months_size(), 3);
  ASSERT_THAT(HoldMonths(person, first, Served(), HomeOfficer()), IsOk()) << "its own are replaced";
  EXPECT_EQ(person.subsidised_months_size(), 3);
  SubsidyClaim second = Applied();
  second.set_name("cities/210800/engagements/e1/subsidyClaims/c2");
  const absl::Status twice = HoldMonths(person, second, Served(), HomeOfficer());
  ASSERT_THAT(twice, Fails(kForbidden, "MONTH_CLAIMED"));
  EXPECT_NE(FactsOf(twice).text.zh.find(first.name()), std::string::npos) << "names the claim in conflict";
  person = Employed();
  ASSERT_THAT(HoldMonths(person, first, Served(), HomeOfficer()), IsOk());
  EXPECT_EQ(FactsOf(HoldMonths(person, second, Served(), HostOfficer())).text.zh.find(first.name()), std::string::npos)
      << "but not to a city that is no party of it";
  SubsidyClaim refused = first;
  refused.set_state(SubsidyClaim::REFUSED);
  person = Employed();
  ASSERT_THAT(HoldMonths(person, first, Served(), HomeOfficer()), IsOk());
  ASSERT_THAT(HoldMonths(person, refused, Served(), HomeOfficer()), IsOk());
  EXPECT_EQ(person.subsidised_months_size(), 0);
}

}  // namespace
}  // namespace duikou::personnel::rules
