// The state machine of a consultation: every action in every state, against a table written by hand from the
// specification; what each action asks for besides; answers.
#include <map>

#include "services/consultation/rules/answers.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/drafts.h"
#include "services/consultation/rules/minutes.h"
#include "tests/unit/consultation_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::consultation::rules {
namespace {

using duikou::testing::CalendarsOf;
using duikou::testing::ConsultationIn;
using duikou::testing::Draft;
using duikou::testing::Fails;
using duikou::testing::GuestScheduler;
using duikou::testing::HostScheduler;
using duikou::testing::IsOk;
using duikou::testing::kConsultationStates;
using duikou::testing::kLi;
using duikou::testing::kNow;
using duikou::testing::kQian;
using duikou::testing::kRoom;
using duikou::testing::kSun;
using duikou::testing::kWang;
using duikou::testing::kZhao;
using duikou::testing::MomentAt;
using duikou::testing::SchedulerOf;
using duikou::testing::Seats;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using v1::Consultation;
using Kind = v1::Consultation::Answer;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

// D draft, P proposed, C confirmed, H held, M minuted, L closed, X cancelled.
const std::map<Action, const char*> kExpected = {
    //                              DPCHMLX
    {Action::kEdit, "+......"},
    {Action::kNameParticipants, "+......"},
    {Action::kDelete, "+......"},
    {Action::kFindSlots, "+++...."},
    {Action::kPropose, "+......"},
    {Action::kAnswer, ".++...."},
    {Action::kConfirm, ".+....."},
    {Action::kReschedule, ".++...."},
    {Action::kCancel, "+++...."},
    {Action::kPutOnAgenda, "+++...."},
    {Action::kRecordAttendance, "..++..."},
    {Action::kWriteMinutes, "...+..."},
    {Action::kIssueMinutes, "...+..."},
    {Action::kClose, "....+.."},
    {Action::kExpireHolds, ".+....."},
};

v1::Slot OtherSlot() {
  const Consultation draft = Draft();
  CalendarsOf calendars(draft);
  return *SlotAt(draft, MomentAt("2026-03-05 14:00"), kRoom, calendars.Sources());
}

Reply ReplyOf(const std::string& calendar, Kind::Kind kind, const std::string& delegate = "") {
  Reply reply{.calendar = calendar, .can_be_held = {kSun, kZhao, kQian}};
  reply.answer.set_kind(kind);
  reply.answer.set_delegate(delegate);
  return reply;
}

// Each action as a caller who may do it would, at a moment at which it can be done.
absl::Status Do(Action action, Consultation& consultation) {
  switch (action) {
    case Action::kEdit:
    case Action::kPutOnAgenda:
      return CheckAllowed(consultation, action);
    case Action::kDelete:
      return CheckDelete(consultation);
    case Action::kNameParticipants:
      return NameParticipants(consultation, "cities/320700", {}, 0);
    case Action::kFindSlots: {
      CalendarsOf calendars(consultation);
      return QuestionOf(consultation, {}, calendars.Sources()).status();
    }
    case Action::kPropose:
      return Propose(consultation, OtherSlot(), absl::Hours(24), kNow).status();
    case Action::kAnswer:
      return Answer(consultation, ReplyOf(kWang, Kind::ACCEPT), HostScheduler(), absl::Hours(24), kNow).status();
    case Action::kConfirm:
      return Confirm(consultation, kNow);
    case Action::kReschedule:
      return Reschedule(consultation, OtherSlot(), "台风", absl::Hours(24), kNow).status();
    case Action::kCancel:
      return Cancel(consultation, "不再需要").status();
    case Action::kRecordAttendance:
      return RecordAttendance(consultation, {kWang, kLi}, MomentAt("2026-03-04 12:00"));
    case Action::kWriteMinutes: {
      v1::Minutes minutes;
      return WriteMinutes(minutes, consultation, HostScheduler(), kNow);
    }
    case Action::kIssueMinutes:
      return MarkMinuted(consultation);
    case Action::kClose:
      return Close(consultation, "");
    case Action::kExpireHolds: {
      HoldChange change;
      return ExpireHolds(consultation, MomentAt("2026-03-04 10:00"), change) ? absl::OkStatus()
                                                                             : CheckAllowed(consultation, action);
    }
  }
  return absl::InternalError("no such action");
}

TEST(ConsultationStateTest, EveryCellIsAsSpecified) {
  ASSERT_EQ(kExpected.size(), static_cast<size_t>(kActions));
  for (const auto& [action, states] : kExpected) {
    for (size_t s = 0; s < kConsultationStates.size(); ++s) {
      const Consultation::State state = kConsultationStates[s];
      Consultation consultation = ConsultationIn(state);
      const bool expected = states[s] == '+';
      EXPECT_EQ(Allows(state, action), expected) << NameOf(action).en << " in " << NameOf(state).en;
      const std::string before = consultation.SerializeAsString();
      const absl::Status done = Do(action, consultation);
      if (expected) {
        EXPECT_THAT(done, IsOk()) << NameOf(action).en << " in " << NameOf(state).en;
        continue;
      }
      ASSERT_THAT(done, Fails(kForbidden, "CONSULTATION_STATE_FORBIDS"))
          << NameOf(action).en << " in " << NameOf(state).en;
      const ErrorFacts facts = FactsOf(done);
      EXPECT_NE(facts.text.zh.find(NameOf(state).zh), std::string::npos) << facts.text.zh;
      EXPECT_NE(facts.text.en.find(NameOf(state).en), std::string::npos) << facts.text.en;
      EXPECT_NE(facts.text.zh.find(NameOf(action).zh), std::string::npos) << facts.text.zh;
      EXPECT_EQ(consultation.SerializeAsString(), before) << "a refusal changes nothing";
    }
    EXPECT_FALSE(Allows(Consultation::STATE_UNSPECIFIED, action));
  }
}

TEST(ConsultationStateTest, WhereEachActionLeads) {
  const std::pair<Action, Consultation::State> rows[] = {
      {Action::kPropose, Consultation::PROPOSED},      {Action::kConfirm, Consultation::CONFIRMED},
      {Action::kReschedule, Consultation::PROPOSED},   {Action::kCancel, Consultation::CANCELLED},
      {Action::kRecordAttendance, Consultation::HELD}, {Action::kIssueMinutes, Consultation::MINUTED},
      {Action::kClose, Consultation::CLOSED},          {Action::kExpireHolds, Consultation::DRAFT}};
  for (const auto& [action, after] : rows) {
    for (const Consultation::State before : kConsultationStates) {
      if (!Allows(before, action)) continue;
      Consultation consultation = ConsultationIn(before);
      ASSERT_THAT(Do(action, consultation), IsOk());
      EXPECT_EQ(consultation.state(), after) << NameOf(action).en << " in " << NameOf(before).en;
    }
  }
}

TEST(ConsultationActionsTest, HoldsExpireBackToADraftAndReleaseAll) {
  Consultation consultation = ConsultationIn(Consultation::PROPOSED);
  HoldChange change;
  EXPECT_FALSE(ExpireHolds(consultation, kNow + absl::Hours(24) - absl::Seconds(1), change));
  ASSERT_THAT(Confirm(consultation, kNow + absl::Hours(24)), Fails(kForbidden, "HOLDS_EXPIRED"))
      << "also before the run that lets them expire";
  ASSERT_TRUE(ExpireHolds(consultation, kNow + absl::Hours(24), change));
  EXPECT_EQ(consultation.state(), Consultation::DRAFT);
  EXPECT_THAT(change.release, ElementsAre(kRoom, kWang, kLi));
  EXPECT_THAT(change.take, IsEmpty());
  EXPECT_FALSE(consultation.has_slot());
  EXPECT_THAT(CheckDelete(consultation), Fails(kForbidden, "PROPOSED_BEFORE"));
}

TEST(ConsultationActionsTest, HoldsEndAtTheBeginAtTheLatest) {
  Consultation consultation = Draft();
  ASSERT_THAT(Propose(consultation, OtherSlot(), absl::Hours(24 * 30), kNow), IsOk());
  EXPECT_EQ(ToTime(consultation.hold_expire_time()), MomentAt("2026-03-05 14:00"));
  EXPECT_EQ(HoldLength({}), absl::Hours(72));
}

TEST(ConsultationActionsTest, ReschedulingTakesAndReleasesTogether) {
  Consultation consultation = ConsultationIn(Consultation::CONFIRMED);
  ASSERT_THAT(Answer(consultation, ReplyOf(kWang, Kind::DECLINE), HostScheduler(), absl::Hours(24), kNow), IsOk());
  ASSERT_EQ(Seats(consultation), "li, sun for wang");
  const auto change = Reschedule(consultation, OtherSlot(), "台风", absl::Hours(24), kNow);
  ASSERT_THAT(change, IsOk());
  EXPECT_EQ(change->take.size(), 3U);
  EXPECT_THAT(change->release, ElementsAre(kSun));
  EXPECT_EQ(Seats(consultation), "wang, li");
  EXPECT_EQ(consultation.sequence(), 1);
  EXPECT_FALSE(FindParticipant(consultation, kWang)->has_answer()) << "answers begin anew";
}

TEST(ConsultationActionsTest, AttendanceIsRecordedOnceItHasBegun) {
  Consultation consultation = ConsultationIn(Consultation::CONFIRMED);
  EXPECT_THAT(RecordAttendance(consultation, {kWang}, MomentAt("2026-03-04 09:59")), Fails(kForbidden, "NOT_BEGUN"));
  EXPECT_THAT(RecordAttendance(consultation, {kRoom}, MomentAt("2026-03-04 10:00")),
              Fails(kInvalid, "NOT_A_PARTICIPANT"));
  ASSERT_THAT(RecordAttendance(consultation, {kWang}, MomentAt("2026-03-04 10:00")), IsOk());
  EXPECT_EQ(FindParticipant(consultation, kLi)->attendance(), Consultation::Participant::ABSENT);
  ASSERT_THAT(RecordAttendance(consultation, {kWang, kLi}, MomentAt("2026-03-05 10:00")), IsOk()) << "a correction";
  EXPECT_EQ(FindParticipant(consultation, kLi)->attendance(), Consultation::Participant::ATTENDED);
}

TEST(ConsultationActionsTest, ItClosesOnceItsDecisionsAreTasks) {
  Consultation consultation = ConsultationIn(Consultation::MINUTED);
  EXPECT_THAT(Close(consultation, "cities/210800/consultations/c1/decisions/d1"),
              Fails(kForbidden, "DECISION_WITHOUT_TASK"));
  EXPECT_THAT(Close(consultation, ""), IsOk());
}

// ---------------------------------------------------------------------------------------------------------- answers

TEST(AnswersTest, APrincipalDeclinesAndTheAlternateStepsIn) {
  Consultation consultation = ConsultationIn(Consultation::CONFIRMED);
  const auto effect = Answer(consultation, ReplyOf(kLi, Kind::DECLINE), GuestScheduler(), absl::Hours(24), kNow);
  ASSERT_THAT(effect, IsOk());
  EXPECT_EQ(consultation.state(), Consultation::CONFIRMED);
  EXPECT_EQ(effect->stood_in, kZhao);
  EXPECT_EQ(Seats(consultation), "wang, zhao for li");
  EXPECT_THAT(effect->holds.release, ElementsAre(kLi));
  ASSERT_EQ(effect->holds.take.size(), 1U);
  EXPECT_EQ(effect->holds.take[0], (Claim{kZhao, MomentAt("2026-03-04 08:00"), MomentAt("2026-03-04 14:00")}));
  EXPECT_EQ(FindParticipant(consultation, kLi)->answer().account(), GuestScheduler().name);
  // He comes after all: the alternate's time is free again.
  const auto again = Answer(consultation, ReplyOf(kLi, Kind::ACCEPT), GuestScheduler(), absl::Hours(24), kNow);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(Seats(consultation), "wang, li");
  EXPECT_THAT(again->holds.release, ElementsAre(kZhao));
}

TEST(AnswersTest, ADeclineWithoutAlternateReopens) {
  Consultation consultation = ConsultationIn(Consultation::CONFIRMED);
  Reply reply = ReplyOf(kLi, Kind::DECLINE);
  reply.can_be_held = {};
  const auto effect = Answer(consultation, reply, GuestScheduler(), absl::Hours(24), kNow);
  ASSERT_THAT(effect, IsOk());
  EXPECT_TRUE(effect->reopened);
  EXPECT_EQ(consultation.state(), Consultation::PROPOSED);
  EXPECT_EQ(ToTime(consultation.hold_expire_time()), kNow + absl::Hours(24));
  EXPECT_THAT(effect->holds.release, ElementsAre(kLi));
  EXPECT_EQ(effect->holds.take.size(), 2U) << "Wang and the room are held anew, to expire";
  EXPECT_THAT(Confirm(consultation, kNow), Fails(kForbidden, "PRINCIPAL_DECLINED"));
  // An alternate accepts, and has the seat that is empty.
  ASSERT_THAT(Answer(consultation, ReplyOf(kQian, Kind::ACCEPT), GuestScheduler(), absl::Hours(24), kNow), IsOk());
  EXPECT_EQ(Seats(consultation), "wang, qian for li");
  EXPECT_THAT(Confirm(consultation, kNow), IsOk());
}

TEST(AnswersTest, AnAnswerOnceItHasBegunUndoesNothing) {
  const Consultation confirmed = ConsultationIn(Consultation::CONFIRMED);
  Reply reply = ReplyOf(kLi, Kind::DECLINE);
  reply.can_be_held = {};
  for (const char* late : {"2026-03-04 10:00", "2026-03-04 10:30", "2026-04-01 10:00"}) {
    Consultation consultation = confirmed;
    EXPECT_THAT(Answer(consultation, reply, GuestScheduler(), absl::Hours(24), MomentAt(late)),
                Fails(kForbidden, "CONSULTATION_BEGUN"))
        << late;
    EXPECT_EQ(consultation.SerializeAsString(), confirmed.SerializeAsString()) << "it took place";
  }
  Consultation consultation = confirmed;
  EXPECT_THAT(Answer(consultation, reply, GuestScheduler(), absl::Hours(24), MomentAt("2026-03-04 09:59")), IsOk());
}

TEST(AnswersTest, ADeclineThatBreaksTheQuorumReopens) {
  Consultation consultation = Draft();
  consultation.mutable_parties(1)->set_quorum(2);
  CalendarsOf calendars(consultation);
  const auto slot = SlotAt(consultation, MomentAt("2026-03-04 10:00"), kRoom, calendars.Sources());
  ASSERT_THAT(slot, IsOk());
  ASSERT_THAT(Propose(consultation, *slot, absl::Hours(24), kNow), IsOk());
  ASSERT_EQ(Seats(consultation), "wang, li, zhao");
  ASSERT_THAT(Confirm(consultation, kNow), IsOk());
  const auto effect = Answer(consultation, ReplyOf(kZhao, Kind::DECLINE), GuestScheduler(), absl::Hours(24), kNow);
  ASSERT_THAT(effect, IsOk());
  EXPECT_TRUE(effect->reopened);
  EXPECT_THAT(Confirm(consultation, kNow), Fails(kForbidden, "QUORUM_NOT_REACHED"));
  ASSERT_THAT(Answer(consultation, ReplyOf(kQian, Kind::ACCEPT), GuestScheduler(), absl::Hours(24), kNow), IsOk());
  EXPECT_EQ(Seats(consultation), "wang, li, qian");
  EXPECT_THAT(Confirm(consultation, kNow), IsOk());
}

TEST(AnswersTest, DelegatingGoesToAnAlternateOfOnesOwn) {
  Consultation consultation = ConsultationIn(Consultation::PROPOSED);
  const auto delegate = [&](const std::string& to) {
    return Answer(consultation, ReplyOf(kLi, Kind::DELEGATE, to), GuestScheduler(), absl::Hours(24), kNow);
  };
  EXPECT_THAT(delegate(""), Fails(kInvalid, "DELEGATE_MISSING"));
  EXPECT_THAT(delegate(kSun), Fails(kInvalid, "DELEGATE_NOT_ALTERNATE"));
  EXPECT_THAT(delegate(kWang), Fails(kInvalid, "DELEGATE_NOT_ALTERNATE"));
  ASSERT_THAT(Answer(consultation, ReplyOf(kZhao, Kind::DECLINE), GuestScheduler(), absl::Hours(24), kNow), IsOk());
  EXPECT_THAT(delegate(kZhao), Fails(kForbidden, "DELEGATE_DECLINED"));
  ASSERT_THAT(delegate(kQian), IsOk());
  EXPECT_EQ(Seats(consultation), "wang, qian for li");
  // Qian cannot either, and Zhao has declined.
  ASSERT_THAT(Answer(consultation, ReplyOf(kQian, Kind::DECLINE), GuestScheduler(), absl::Hours(24), kNow), IsOk());
  EXPECT_EQ(Seats(consultation), "wang");
  EXPECT_THAT(Answer(consultation, ReplyOf(kRoom, Kind::ACCEPT), HostScheduler(), absl::Hours(24), kNow),
              Fails(kInvalid, "NOT_A_PARTICIPANT"));
}

TEST(AnswersTest, WhoMayComeInByAnAnswer) {
  Consultation consultation = ConsultationIn(Consultation::PROPOSED);
  const auto names = [&](const std::string& calendar) {
    std::vector<std::string> claims;
    for (const Claim& claim : MayComeIn(consultation, calendar)) {
      EXPECT_EQ(claim.end - claim.start, CityOf(claim.calendar) == "cities/210800" ? absl::Hours(2) : absl::Hours(6));
      claims.push_back(claim.calendar);
    }
    return claims;
  };
  EXPECT_THAT(names(kLi), ElementsAre(kLi, kZhao, kQian));
  EXPECT_THAT(names(kWang), ElementsAre(kWang, kSun));
  ASSERT_THAT(Answer(consultation, ReplyOf(kZhao, Kind::DECLINE), GuestScheduler(), absl::Hours(24), kNow), IsOk());
  EXPECT_THAT(names(kLi), ElementsAre(kLi, kQian));
  EXPECT_THAT(names(kQian), ElementsAre(kQian));
  EXPECT_THAT(names(kRoom), IsEmpty());
  EXPECT_THAT(
      Answer(consultation, ReplyOf(kLi, Kind::ACCEPT), GuestScheduler(), absl::Hours(24), kNow + absl::Hours(24)),
      Fails(kForbidden, "HOLDS_EXPIRED"));
}

TEST(AnswersTest, WhoAnswersForALeader) {
  Consultation consultation = Draft();
  CalendarsOf calendars(consultation);
  const v1::Calendar& li = calendars.calendars[kLi];
  const int officer = duikou::type::v1::UNIT_OFFICER;
  EXPECT_THAT(CheckAnswers(li, SchedulerOf("320700", "li", officer)), IsOk()) << "a liaison";
  EXPECT_THAT(CheckAnswers(li, SchedulerOf("320700", "han")), IsOk()) << "a scheduler of the city";
  EXPECT_THAT(CheckAnswers(li, SchedulerOf("320700", "han", officer)), Fails(kDenied, "ANSWER_OF_OTHERS"));
  EXPECT_THAT(CheckAnswers(li, HostScheduler()), Fails(kDenied, "ANSWER_OF_OTHERS"));
}

TEST(AnswersTest, ThoseWhoDoNotBlockTakeAndReleaseNothing) {
  Consultation consultation = ConsultationIn(Consultation::CONFIRMED);
  const auto effect = Answer(consultation, ReplyOf("cities/210800/calendars/wu", Kind::DECLINE), HostScheduler(),
                             absl::Hours(24), kNow);
  ASSERT_THAT(effect, IsOk());
  EXPECT_TRUE(effect->holds.take.empty() && effect->holds.release.empty());
  EXPECT_FALSE(effect->reopened);
}

}  // namespace
}  // namespace duikou::consultation::rules
