#include "services/consultation/rules/answers.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "duikou/type/v1/role.pb.h"
#include "services/consultation/rules/consultation_actions.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/moments.h"
#include "services/consultation/rules/travel.h"

namespace duikou::consultation::rules {
namespace {

using v1::Consultation;
using Answered = v1::Consultation::Answer;
using Participant = v1::Consultation::Participant;

bool Declined(const Participant& participant) { return participant.answer().kind() == Answered::DECLINE; }

absl::Status CheckDelegate(const Consultation& consultation, const Participant& principal, const Reply& reply) {
  const std::string& name = reply.answer.delegate();
  if (name.empty()) {
    return BadField("answer.delegate",
                    {"请填写代为出席的候补人员。", "fill in the alternate who attends in his place."},
                    "DELEGATE_MISSING");
  }
  const Participant* delegate = FindParticipant(consultation, name);
  if (delegate == nullptr || delegate->role() != Participant::ALTERNATE ||
      delegate->alternate_for() != principal.calendar()) {
    return BadField("answer.delegate",
                    {absl::StrCat("“", name, "”不是该人员的候补。"),
                     absl::StrCat("\"", name, "\" is not an alternate for this participant.")},
                    "DELEGATE_NOT_ALTERNATE");
  }
  if (!Declined(*delegate)) return absl::OkStatus();
  return StateForbids("DELEGATE_DECLINED",
                      {absl::StrCat("“", delegate->title(), "”已答复不参加。"),
                       absl::StrCat("\"", delegate->title(), "\" has declined.")},
                      {{"consultation", consultation.name()}, {"calendar", name}});
}

// Whoever came or not stands in the attendance; an answer then would undo a meeting that took place.
absl::Status CheckNotBegun(const Consultation& consultation, absl::Time now) {
  if (!HasBegun(consultation, now)) return absl::OkStatus();
  const std::string when = FormatMoment(ToTime(consultation.start_time()));
  return StateForbids(
      "CONSULTATION_BEGUN",
      {absl::StrCat("会商已于 ", when, " 开始,不能再答复;请登记出席或取消会商。"),
       absl::StrCat("It began at ", when, " and takes no answers any more: record the attendance, or cancel it.")},
      {{"consultation", consultation.name()}});
}

// The seats of a slot as answers move them.
class Seats {
 public:
  explicit Seats(Consultation& consultation) : consultation_(consultation) {}

  // Takes whoever it is out of the slot.
  void Leave(const std::string& calendar) {
    auto& attendees = *consultation_.mutable_slot()->mutable_attendees();
    attendees.erase(std::remove_if(attendees.begin(), attendees.end(),
                                   [&](const auto& attendee) { return attendee.calendar() == calendar; }),
                    attendees.end());
  }
  // The seat of a principal goes to one who attends, in place of who had it.
  void Sit(const Participant& who, const std::string& principal) {
    Leave(who.calendar());
    auto& attendees = *consultation_.mutable_slot()->mutable_attendees();
    attendees.erase(std::remove_if(attendees.begin(), attendees.end(),
                                   [&](const auto& attendee) {
                                     return attendee.calendar() == principal || attendee.stands_in_for() == principal;
                                   }),
                    attendees.end());
    Add(who, who.calendar() == principal ? "" : principal);
  }
  // Attends beyond the seats, for the quorum.
  void Join(const Participant& who) {
    Leave(who.calendar());
    Add(who, "");
  }
  bool Filled(const std::string& principal) const {
    const auto& attendees = consultation_.slot().attendees();
    return std::any_of(attendees.begin(), attendees.end(), [&](const auto& attendee) {
      return attendee.calendar() == principal || attendee.stands_in_for() == principal;
    });
  }
  bool Attends(const std::string& calendar) const {
    const auto& attendees = consultation_.slot().attendees();
    return std::any_of(attendees.begin(), attendees.end(),
                       [&](const auto& attendee) { return attendee.calendar() == calendar; });
  }

 private:
  void Add(const Participant& who, const std::string& stands_in_for) {
    *consultation_.mutable_slot()->add_attendees() = AttendeeOf(consultation_, who, stands_in_for);
  }

  Consultation& consultation_;
};

// The first of a principal's alternates who can step in: one who accepted before one who has not answered.
const Participant* NextAlternate(const Consultation& consultation, const std::string& principal,
                                 const std::set<std::string>& can_be_held) {
  const Participant* next = nullptr;
  for (const Participant& participant : consultation.participants()) {
    if (participant.role() != Participant::ALTERNATE || participant.alternate_for() != principal) continue;
    if (Declined(participant) || !can_be_held.contains(participant.calendar())) continue;
    if (participant.answer().kind() == Answered::ACCEPT) return &participant;
    if (next == nullptr) next = &participant;
  }
  return next;
}

void Accept(const Consultation& consultation, const Participant& who, Seats& seats) {
  if (who.role() == Participant::PRINCIPAL) {
    seats.Sit(who, who.calendar());
  } else if (who.role() == Participant::ALTERNATE && !seats.Attends(who.calendar())) {
    if (!seats.Filled(who.alternate_for())) {
      seats.Sit(who, who.alternate_for());
    } else if (!CheckComplete(consultation).ok()) {
      seats.Join(who);
    }
  }
}

// The alternate who stepped in; empty without.
std::string GiveUp(const Consultation& consultation, const Participant& who, const Reply& reply, Seats& seats) {
  const auto& attendees = consultation.slot().attendees();
  const auto place = std::find_if(attendees.begin(), attendees.end(),
                                  [&](const auto& attendee) { return attendee.calendar() == who.calendar(); });
  std::string principal = who.role() == Participant::PRINCIPAL ? who.calendar() : "";
  if (place != attendees.end() && !place->stands_in_for().empty()) principal = place->stands_in_for();
  const bool had_seat = place != attendees.end() && !principal.empty();
  seats.Leave(who.calendar());
  if (!had_seat) return {};
  const Participant* next = NextAlternate(consultation, principal, reply.can_be_held);
  if (next == nullptr) return {};
  seats.Sit(*next, principal);
  return next->calendar();
}

}  // namespace

std::vector<Claim> MayComeIn(const Consultation& consultation, const std::string& calendar) {
  std::vector<Claim> claims;
  const Participant* who = FindParticipant(consultation, calendar);
  if (who == nullptr) return claims;
  const bool principal = who->role() == Participant::PRINCIPAL;
  const std::string& seat = principal ? calendar : who->alternate_for();
  for (const Participant& participant : consultation.participants()) {
    const bool alternate = participant.role() == Participant::ALTERNATE && participant.alternate_for() == seat;
    if (participant.calendar() != calendar && !(alternate && !Declined(participant))) continue;
    const v1::Slot::Attendee attendee = AttendeeOf(consultation, participant, "");
    claims.push_back({attendee.calendar(), ToTime(attendee.hold_start_time()), ToTime(attendee.hold_end_time())});
  }
  return claims;
}

absl::Status CheckAnswers(const v1::Calendar& calendar, const Caller& by) {
  const bool liaison =
      std::find(calendar.liaisons().begin(), calendar.liaisons().end(), by.name) != calendar.liaisons().end();
  const bool office = by.Has(duikou::type::v1::SCHEDULER) || by.Has(duikou::type::v1::COORDINATOR);
  if (CityOf(calendar.name()) == absl::StrCat("cities/", by.city) && (liaison || office)) return absl::OkStatus();
  return PermissionDenied(
      "ANSWER_OF_OTHERS",
      {absl::StrCat("“", calendar.title(), "”由其本人、联络员或本市会务人员答复。"),
       absl::StrCat("\"", calendar.title(),
                    "\" is answered for by himself, his liaisons and the schedulers of his city.")});
}

absl::StatusOr<ReplyEffect> Answer(Consultation& consultation, const Reply& reply, const Caller& by,
                                   absl::Duration hold, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kAnswer));
  RETURN_IF_ERROR(CheckHoldsLive(consultation, now));
  RETURN_IF_ERROR(CheckNotBegun(consultation, now));
  RETURN_IF_ERROR(CheckParticipant(consultation, reply.calendar));
  Participant* who = FindParticipant(consultation, reply.calendar);
  if (reply.answer.kind() == Answered::DELEGATE) RETURN_IF_ERROR(CheckDelegate(consultation, *who, reply));
  const std::vector<Claim> before = ClaimsOf(consultation.slot());
  Answered& answer = *who->mutable_answer();
  answer = reply.answer;
  if (answer.kind() != Answered::DELEGATE) answer.clear_delegate();
  answer.set_account(by.name);
  answer.set_on_behalf_of(by.on_behalf_of);
  *answer.mutable_time() = ToTimestamp(now);
  Seats seats(consultation);
  ReplyEffect effect;
  if (answer.kind() == Answered::ACCEPT) {
    Accept(consultation, *who, seats);
  } else if (answer.kind() == Answered::DELEGATE) {
    seats.Sit(*FindParticipant(consultation, answer.delegate()), who->calendar());
    effect.stood_in = answer.delegate();
  } else {
    effect.stood_in = GiveUp(consultation, *who, reply, seats);
  }
  if (consultation.state() == Consultation::CONFIRMED && !CheckComplete(consultation).ok()) {
    consultation.set_state(Consultation::PROPOSED);
    *consultation.mutable_hold_expire_time() = ToTimestamp(std::min(now + hold, ToTime(consultation.start_time())));
    effect.reopened = true;
  }
  const std::vector<Claim> after = ClaimsOf(consultation.slot());
  effect.holds = ChangeOf(before, after);
  if (effect.reopened) effect.holds.take = after;
  return effect;
}

}  // namespace duikou::consultation::rules
