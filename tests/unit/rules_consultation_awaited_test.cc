// What waits for whom in a consultation: every state, host and guest, office and liaison.
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "services/consultation/rules/awaited.h"
#include "tests/unit/consultation_samples.h"

namespace duikou::testing {
namespace {

using consultation::rules::Awaited;
using consultation::rules::AwaitedOf;
using consultation::rules::ToTimestamp;
using consultation::rules::WrittenMinutes;
using consultation::v1::Minutes;
using duikou::pending::v1::PendingItem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kStart = MomentAt("2026-03-04 10:00"), kExpires = MomentAt("2026-03-03 10:00");

// In a state that it has come to, with nobody's answer.
Consultation In(Consultation::State state) {
  Consultation consultation = Draft();
  consultation.clear_participants();
  *consultation.add_participants() = ParticipantOf(kWang, Consultation::Participant::PRINCIPAL);
  *consultation.add_participants() = ParticipantOf(kLi, Consultation::Participant::PRINCIPAL);
  for (auto& party : *consultation.mutable_parties()) party.set_quorum(1);
  consultation.set_state(state);
  if (state == Consultation::DRAFT) return consultation;
  *consultation.mutable_start_time() = ToTimestamp(kStart);
  for (const char* calendar : {kWang, kLi}) consultation.mutable_slot()->add_attendees()->set_calendar(calendar);
  if (state == Consultation::PROPOSED) *consultation.mutable_hold_expire_time() = ToTimestamp(kExpires);
  return consultation;
}

void AnswerAll(Consultation& consultation) {
  for (auto& participant : *consultation.mutable_participants())
    participant.mutable_answer()->set_kind(Consultation::Answer::ACCEPT);
}

std::vector<int> Works(const Consultation& consultation, const Caller& by, absl::Time now = kNow,
                       const WrittenMinutes& written = {}) {
  std::vector<int> works;
  for (const Awaited& awaited : AwaitedOf(consultation, written, {}, by, now)) works.push_back(awaited.work);
  return works;
}

TEST(ConsultationAwaited, EveryStateForHostAndGuest) {
  struct Row {
    std::vector<int> host, guest;
  };
  std::map<Consultation::State, Row> rows;
  for (const Consultation::State state : kConsultationStates) rows[state];
  rows[Consultation::PROPOSED] = {{PendingItem::ANSWER_INVITATION}, {PendingItem::ANSWER_INVITATION}};
  rows[Consultation::CONFIRMED] = {{PendingItem::RECORD_ATTENDANCE}, {}};
  rows[Consultation::HELD] = {{PendingItem::WRITE_MINUTES}, {}};
  Caller officer = GuestScheduler();
  officer.roles = 1U << duikou::type::v1::UNIT_OFFICER;
  for (const auto& [state, row] : rows) {
    const Consultation consultation = In(state);
    const absl::Time now = state == Consultation::PROPOSED ? kNow : kStart;
    EXPECT_EQ(Works(consultation, HostScheduler(), now), row.host) << Consultation::State_Name(state);
    EXPECT_EQ(Works(consultation, GuestScheduler(), now), row.guest) << Consultation::State_Name(state);
    EXPECT_THAT(Works(consultation, SchedulerOf("210100"), now), IsEmpty()) << "no party";
    EXPECT_THAT(Works(consultation, officer, now), IsEmpty()) << "answers for nobody";
  }
}

TEST(ConsultationAwaited, NamesAnswersAndConfirmation) {
  Consultation draft = In(Consultation::DRAFT);
  draft.mutable_participants()->RemoveLast();
  EXPECT_THAT(Works(draft, GuestScheduler()), ElementsAre(PendingItem::NAME_PARTICIPANTS));
  EXPECT_THAT(Works(draft, HostScheduler()), IsEmpty());

  Consultation proposed = In(Consultation::PROPOSED);
  Caller liaison = GuestScheduler();
  liaison.roles = 1U << duikou::type::v1::UNIT_OFFICER;
  EXPECT_THAT(AwaitedOf(proposed, {}, {kLi}, liaison, kNow),
              ElementsAre(Awaited{PendingItem::ANSWER_INVITATION, kExpires, kLi}));
  EXPECT_THAT(AwaitedOf(proposed, {}, {kWang}, liaison, kNow), IsEmpty()) << "of another city";
  AnswerAll(proposed);
  EXPECT_THAT(Works(proposed, HostScheduler()), ElementsAre(PendingItem::CONFIRM_CONSULTATION));
  EXPECT_THAT(Works(proposed, GuestScheduler()), IsEmpty());
  EXPECT_THAT(Works(proposed, HostScheduler(), kExpires), IsEmpty()) << "its holds have expired";
  proposed.mutable_slot()->mutable_attendees()->RemoveLast();
  EXPECT_THAT(Works(proposed, HostScheduler()), IsEmpty()) << "a principal's seat is empty";

  Consultation confirmed = In(Consultation::CONFIRMED);
  EXPECT_THAT(Works(confirmed, GuestScheduler(), kStart - absl::Seconds(1)),
              ElementsAre(PendingItem::ANSWER_INVITATION));
  EXPECT_THAT(Works(confirmed, GuestScheduler(), kStart), IsEmpty()) << "it takes no answers any more";
  AnswerAll(confirmed);
  EXPECT_THAT(Works(confirmed, HostScheduler(), kStart - absl::Seconds(1)), IsEmpty());
  EXPECT_THAT(Works(confirmed, HostScheduler(), kStart), ElementsAre(PendingItem::RECORD_ATTENDANCE));
}

TEST(ConsultationAwaited, MinutesWaitForEachSignature) {
  const Consultation held = In(Consultation::HELD);
  const Caller host = SchedulerOf("210800", "zhou", duikou::type::v1::COORDINATOR);
  const Caller guest = SchedulerOf("320700", "qian", duikou::type::v1::COORDINATOR);
  Minutes minutes;
  minutes.add_cities("cities/210800");
  minutes.add_cities("cities/320700");
  minutes.set_version(2);
  WrittenMinutes written{&minutes, "digest 2"};
  EXPECT_THAT(Works(held, host, kStart, written), ElementsAre(PendingItem::SIGN_MINUTES));
  EXPECT_THAT(Works(held, GuestScheduler(), kStart, written), IsEmpty()) << "a coordinator signs";
  auto& signature = *minutes.add_signatures();
  signature.set_city("cities/210800");
  signature.set_version(1);
  signature.set_digest("digest 1");
  EXPECT_THAT(Works(held, host, kStart, written), ElementsAre(PendingItem::SIGN_MINUTES)) << "of an earlier version";
  signature.set_version(2);
  signature.set_digest("digest 2");
  EXPECT_THAT(Works(held, host, kStart, written), IsEmpty());
  EXPECT_THAT(Works(held, guest, kStart, written), ElementsAre(PendingItem::SIGN_MINUTES));
  written.digest = "digest 2 with another decision";
  EXPECT_THAT(Works(held, host, kStart, written), ElementsAre(PendingItem::SIGN_MINUTES)) << "a void signature is none";
  *minutes.mutable_sign_time() = ToTimestamp(kStart);
  EXPECT_THAT(Works(held, host, kStart, written), ElementsAre(PendingItem::ISSUE_MINUTES));
  EXPECT_THAT(Works(held, guest, kStart, written), IsEmpty());
}

}  // namespace
}  // namespace duikou::testing
