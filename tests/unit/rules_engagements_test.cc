// The state machine of an engagement: every action in every state, against a table written by hand from the
// specification; and what each action asks for besides.
#include <functional>
#include <map>
#include <set>

#include "services/personnel/rules/engagement_state.h"
#include "services/personnel/rules/ties.h"
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
using duikou::testing::kEngagementStates;
using duikou::testing::kHomeUnit;
using duikou::testing::kToday;
using duikou::testing::OfficerOf;
using duikou::testing::On;
using v1::Engagement;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
const absl::CivilDay kStart(2026, 3, 16), kEnd(2027, 3, 15);

// P proposed, A approved, V active, C completed, E ended early, S assessed, R rejected, W withdrawn, L lapsed, X
// cancelled.
const std::map<Action, const char*> kExpected = {
    //                       PAVCESRWLX
    {Action::kAmendTerms, "++........"}, {Action::kApprove, "+.+......."},    {Action::kReject, "+.+......."},
    {Action::kWithdraw, "+........."},   {Action::kCancel, ".+........"},     {Action::kRecordArrival, ".+........"},
    {Action::kExtend, "..+......."},     {Action::kEndEarly, "..+......."},   {Action::kAssess, "...++....."},
    {Action::kCorrect, "..++++...."},    {Action::kDecideTies, "+.+......."}, {Action::kEvaluate, "..+++....."},
    {Action::kLapse, "++........"},      {Action::kComplete, "..+......."},
};

// Each action as a caller who may do it would, on a day in the middle of the term.
absl::Status Do(Action action, Engagement& engagement) {
  const auto moment = On(absl::CivilDay(2026, 3, 16));
  switch (action) {
    case Action::kAmendTerms:
      return AmendTerms(engagement, engagement.terms(), moment);
    case Action::kApprove:
      return Approve(engagement, WaitingTerms(engagement).version(), "", HostOfficer(), kStart + 20, moment);
    case Action::kReject:
      return Reject(engagement, "岗位已满", HostOfficer());
    case Action::kWithdraw:
      return Withdraw(engagement, "", HomeOfficer());
    case Action::kCancel:
      return Cancel(engagement, "另有任用", HostOfficer());
    case Action::kRecordArrival:
      return RecordArrival(engagement, kStart, HostOfficer(), moment);
    case Action::kExtend: {
      Engagement::Terms terms = engagement.terms();
      *terms.mutable_end_date() = ToDate(kEnd + 30);
      return Extend(engagement, std::move(terms), moment);
    }
    case Action::kEndEarly:
      return EndEarly(engagement, kStart, "工作需要", false, HostOfficer(), moment);
    case Action::kAssess:
      return Assess(engagement, "优秀", HomeOfficer());
    case Action::kCorrect:
      return Correct(engagement, {.arrival = kStart}, "误", HostOfficer(), moment);
    case Action::kDecideTies:
    case Action::kEvaluate:
      return CheckAllowed(engagement, action);
    case Action::kLapse:
    case Action::kComplete:
      return RunDay(engagement, kEnd + 1) ? absl::OkStatus() : CheckAllowed(engagement, action);
  }
  return absl::InternalError("no such action");
}

TEST(EngagementStateTest, EveryCellIsAsSpecified) {
  ASSERT_EQ(kExpected.size(), static_cast<size_t>(kActions));
  for (const auto& [action, states] : kExpected) {
    for (size_t s = 0; s < kEngagementStates.size(); ++s) {
      Engagement engagement = EngagementIn(kEngagementStates[s]);
      const bool extension =
          engagement.state() == Engagement::ACTIVE && (action == Action::kApprove || action == Action::kReject);
      if (extension) {
        ASSERT_THAT(Do(Action::kExtend, engagement), IsOk());
      }
      const bool expected = states[s] == '+';
      EXPECT_EQ(Allows(kEngagementStates[s], action), expected)
          << NameOf(action).en << " in " << NameOf(kEngagementStates[s]).en;
      // The days lapse and complete by one function: there is nothing to refuse.
      if (action == Action::kLapse || action == Action::kComplete) continue;
      const absl::Status done = Do(action, engagement);
      if (expected) {
        EXPECT_THAT(done, IsOk()) << NameOf(action).en << " in " << NameOf(kEngagementStates[s]).en;
        continue;
      }
      ASSERT_THAT(done, Fails(kForbidden, "ENGAGEMENT_STATE_FORBIDS"));
      const ErrorFacts facts = FactsOf(done);
      EXPECT_NE(facts.text.zh.find(NameOf(kEngagementStates[s]).zh), std::string::npos) << facts.text.zh;
      EXPECT_NE(facts.text.en.find(NameOf(kEngagementStates[s]).en), std::string::npos) << facts.text.en;
      EXPECT_NE(facts.text.zh.find(NameOf(action).zh), std::string::npos) << facts.text.zh;
      EXPECT_EQ(engagement.state(), kEngagementStates[s]) << "a refusal changes nothing";
    }
    EXPECT_FALSE(Allows(Engagement::STATE_UNSPECIFIED, action));
  }
}

TEST(EngagementStateTest, DaysEndWhatIsDue) {
  struct Row {
    Engagement::State before;
    absl::CivilDay day;
    Engagement::State after;
  };
  const Row rows[] = {
      {Engagement::PROPOSED, kStart, Engagement::PROPOSED},  // The start comes before 30 days are over.
      {Engagement::PROPOSED, kStart + 1, Engagement::LAPSED},
      {Engagement::APPROVED, absl::CivilDay(2026, 4, 6), Engagement::APPROVED},
      {Engagement::APPROVED, absl::CivilDay(2026, 4, 7), Engagement::LAPSED},
      {Engagement::ACTIVE, kEnd, Engagement::ACTIVE},
      {Engagement::ACTIVE, kEnd + 1, Engagement::COMPLETED},
      {Engagement::COMPLETED, kEnd + 1, Engagement::COMPLETED},
      {Engagement::ENDED_EARLY, kEnd + 1, Engagement::ENDED_EARLY},
      {Engagement::ASSESSED, kEnd + 1, Engagement::ASSESSED},
      {Engagement::REJECTED, kEnd + 1, Engagement::REJECTED},
      {Engagement::WITHDRAWN, kEnd + 1, Engagement::WITHDRAWN},
      {Engagement::LAPSED, kEnd + 1, Engagement::LAPSED},
      {Engagement::CANCELLED, kEnd + 1, Engagement::CANCELLED},
  };
  for (const Row& row : rows) {
    Engagement engagement = EngagementIn(row.before);
    EXPECT_EQ(RunDay(engagement, row.day), row.before != row.after);
    EXPECT_EQ(engagement.state(), row.after) << NameOf(row.before).en << " on " << FormatDay(row.day);
  }
}

TEST(EngagementStateTest, ProposalsLapseAfterThirtyDaysWhereTheStartIsLater) {
  Engagement engagement = EngagementIn(Engagement::PROPOSED);
  *engagement.mutable_terms()->mutable_start_date() = ToDate(absl::CivilDay(2026, 9, 1));
  Propose(engagement, Employed(), On(kToday));
  EXPECT_EQ(FormatDay(ToCivil(engagement.lapse_date())), "2026-04-01");
  EXPECT_THAT(
      Approve(engagement, engagement.terms().version(), "", HostOfficer(), kStart, On(absl::CivilDay(2026, 4, 2))),
      Fails(kForbidden, "PROPOSAL_LAPSED"))
      << "also before the daily run has come";
}

TEST(EngagementStateTest, TracksFollowKindAndPerson) {
  v1::Person employed = Employed(), free = Employed(), retiree = Employed(), cadre = Employed();
  free.clear_home_unit();
  retiree.set_retired(true);
  cadre.set_retired(true);
  cadre.set_cadre(true);
  using Tracks = std::vector<Engagement::Track>;
  const Tracks both = {Engagement::HOME, Engagement::HOST}, host = {Engagement::HOST};
  for (const auto kind : {v1::SECONDMENT, v1::PART_TIME}) EXPECT_EQ(TracksOf(kind, employed), both);
  for (const auto kind : {v1::CONSULTANT, v1::PROJECT_COOPERATION}) {
    EXPECT_EQ(TracksOf(kind, employed), both);
    EXPECT_EQ(TracksOf(kind, free), host);
    EXPECT_EQ(TracksOf(kind, retiree), host);
  }
  EXPECT_EQ(TracksOf(v1::RETIREE_REHIRE, retiree), host);
  EXPECT_EQ(TracksOf(v1::RETIREE_REHIRE, cadre), (Tracks{Engagement::HOST, Engagement::FORMER_UNIT}));
}

TEST(EngagementStateTest, FormerUnitSpeaksForItself) {
  v1::Person cadre = Employed();
  cadre.set_retired(true);
  cadre.set_cadre(true);
  Engagement engagement = EngagementIn(Engagement::PROPOSED, cadre, v1::RETIREE_REHIRE);
  EXPECT_THAT(Approve(engagement, 1, "", HomeOfficer(), kStart, On(kToday)), Fails(kDenied, "TRACK_NOT_YOURS"));
  Caller unit = OfficerOf("210800", "jiaoyuju");
  unit.roles = 1U << duikou::type::v1::UNIT_OFFICER;
  ASSERT_EQ(unit.unit, kHomeUnit);
  ASSERT_THAT(Approve(engagement, 1, "", unit, kStart, On(kToday)), IsOk());
  EXPECT_EQ(engagement.state(), Engagement::PROPOSED);
  EXPECT_THAT(Approve(engagement, 1, "", unit, kStart, On(kToday)), Fails(kForbidden, "APPROVED_ALREADY"));
  ASSERT_THAT(Approve(engagement, 1, "", HostOfficer(), kStart, On(kToday)), IsOk());
  EXPECT_EQ(engagement.state(), Engagement::APPROVED);
}

TEST(EngagementStateTest, ApprovalsNameWhoWhenAndWhichVersion) {
  Engagement engagement = EngagementIn(Engagement::PROPOSED);
  ASSERT_THAT(Approve(engagement, 1, "同意", HomeOfficer(), kStart, On(kToday)), IsOk());
  ASSERT_EQ(engagement.approvals_size(), 1);
  EXPECT_EQ(engagement.approvals(0).account(), HomeOfficer().name);
  EXPECT_EQ(engagement.approvals(0).terms_version(), 1);
  EXPECT_EQ(engagement.approvals(0).time().seconds(), absl::ToUnixSeconds(On(kToday).now));
  ASSERT_THAT(AmendTerms(engagement, engagement.terms(), On(kToday)), IsOk());
  EXPECT_EQ(engagement.terms().version(), 2);
  EXPECT_THAT(Approve(engagement, 1, "", HostOfficer(), kStart, On(kToday)),
              Fails(absl::StatusCode::kAborted, "TERMS_CHANGED"));
  ASSERT_THAT(Approve(engagement, 2, "", HostOfficer(), kStart, On(kToday)), IsOk());
  EXPECT_EQ(engagement.state(), Engagement::PROPOSED) << "the first approval was of other terms";
}

TEST(EngagementStateTest, DatesAreHeldToTheirOrder) {
  const auto on = On(absl::CivilDay(2026, 6, 1));
  Engagement approved = EngagementIn(Engagement::APPROVED);
  EXPECT_THAT(RecordArrival(approved, kStart - 1, HostOfficer(), On(kStart)), Fails(kInvalid, "ARRIVAL_BEFORE_START"));
  EXPECT_THAT(RecordArrival(approved, kStart + 1, HostOfficer(), On(kStart)), Fails(kInvalid, "DATE_IN_FUTURE"));
  EXPECT_THAT(RecordArrival(approved, kStart, HostOfficer(), on), Fails(kForbidden, "ARRIVAL_LATE"));
  EXPECT_THAT(RecordArrival(approved, kStart, HomeOfficer(), On(kStart)), Fails(kDenied, "OTHER_SIDE"));
  Engagement brief = approved;
  *brief.mutable_terms()->mutable_end_date() = ToDate(kStart + 4);
  EXPECT_THAT(RecordArrival(brief, kStart + 5, HostOfficer(), On(kStart + 5)), Fails(kInvalid, "ARRIVAL_AFTER_END"));
  EXPECT_THAT(RecordArrival(brief, kStart + 4, HostOfficer(), On(kStart + 5)), IsOk());
  Engagement active = EngagementIn(Engagement::ACTIVE);
  const auto end = [&](absl::CivilDay day, const Moment& moment) {
    return EndEarly(active, day, "工作需要", false, HomeOfficer(), moment);
  };
  EXPECT_THAT(end(kStart - 1, on), Fails(kInvalid, "END_BEFORE_ARRIVAL"));
  EXPECT_THAT(end(on.today + 1, on), Fails(kInvalid, "DATE_IN_FUTURE"));
  EXPECT_THAT(end(kEnd, On(kEnd + 1)), Fails(kInvalid, "END_NOT_EARLY"));
  Engagement::Terms same = active.terms();
  EXPECT_THAT(Extend(active, same, on), Fails(kInvalid, "EXTENSION_NOT_LATER"));
  EXPECT_THAT(Approve(active, 1, "", HostOfficer(), kStart, on), Fails(kForbidden, "EXTENSION_MISSING"));
  EXPECT_THAT(Correct(active, {}, "误", HomeOfficer(), on), Fails(kInvalid, "CORRECTION_EMPTY"));
  EXPECT_THAT(Correct(active, {.end = kStart}, "误", HomeOfficer(), on), Fails(kForbidden, "NOT_ENDED"));
  Engagement ended = EngagementIn(Engagement::ENDED_EARLY);
  EXPECT_THAT(Correct(ended, {.end = kEnd + 1}, "误", HomeOfficer(), On(kEnd + 9)), Fails(kInvalid, "END_AFTER_TERM"));
  EXPECT_THAT(Correct(ended, {.end = kStart - 1}, "误", HomeOfficer(), on), Fails(kInvalid, "END_BEFORE_ARRIVAL"));
}

TEST(EngagementStateTest, ThirdCitiesAreNoSide) {
  EXPECT_THAT(SideOf(EngagementIn(Engagement::PROPOSED), OfficerOf("320700")), Fails(kDenied, "NOT_A_PARTY"));
}

TEST(TiesTest, BlockedTiesAreAllKindsInLine) {
  using Tie = Engagement::Tie;
  for (const auto kind : {Tie::SPOUSE, Tie::LINEAL, Tie::COLLATERAL, Tie::AFFINITY, Tie::OTHER}) {
    for (const auto line : {Tie::DIRECT_COMMAND, Tie::CONTROL_POST, Tie::NO_LINE}) {
      for (const bool variation : {false, true}) {
        Engagement::Terms terms;
        Tie* tie = terms.add_ties();
        tie->set_kind(kind);
        tie->set_line(line);
        if (variation) tie->set_variation_document("辽组发〔2020〕1号");
        const bool blocked = kind != Tie::OTHER && line != Tie::NO_LINE && !variation;
        EXPECT_EQ(CheckTies(terms, "terms.").ok(), !blocked) << kind << " " << line;
        if (blocked) {
          EXPECT_THAT(CheckTies(terms, "terms."), Fails(kForbidden, "TIE_FORBIDS"));
        }
      }
    }
  }
}

TEST(TiesTest, OtherTiesNeedADecisionOfEachSide) {
  Engagement engagement = EngagementIn(Engagement::PROPOSED);
  EXPECT_THAT(DecideTies(engagement, Engagement::HOME_SIDE, "不影响", HomeOfficer(), On(kToday).now),
              Fails(kForbidden, "TIE_MISSING"));
  engagement.mutable_terms()->add_ties()->set_kind(Engagement::Tie::OTHER);
  const auto approve = [&] { return Approve(engagement, 1, "", HostOfficer(), kStart, On(kToday)); };
  EXPECT_THAT(approve(), Fails(kForbidden, "TIE_UNDECIDED"));
  ASSERT_THAT(DecideTies(engagement, Engagement::HOME_SIDE, "不影响", HomeOfficer(), On(kToday).now), IsOk());
  EXPECT_THAT(approve(), Fails(kForbidden, "TIE_UNDECIDED"));
  ASSERT_THAT(DecideTies(engagement, Engagement::HOST_SIDE, "不影响", HostOfficer(), On(kToday).now), IsOk());
  EXPECT_THAT(approve(), IsOk());
}

}  // namespace
}  // namespace duikou::personnel::rules
