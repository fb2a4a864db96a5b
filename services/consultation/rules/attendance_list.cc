#include "services/consultation/rules/attendance_list.h"

#include <algorithm>
#include <climits>
#include <map>

#include "services/consultation/rules/consultation_state.h"

namespace duikou::consultation::rules {
namespace {

using v1::Consultation;
using Participant = v1::Consultation::Participant;

// Calendars of those whom the slot takes, with the principal whose seat each has.
std::map<std::string, std::string> Seated(const Consultation& consultation) {
  std::map<std::string, std::string> seated;
  for (const auto& attendee : consultation.slot().attendees()) seated[attendee.calendar()] = attendee.stands_in_for();
  return seated;
}

int Rank(const Participant& participant) {
  return participant.protocol_order() == 0 ? INT_MAX : participant.protocol_order();
}

}  // namespace

std::vector<AttendanceRow> AttendanceList(const Consultation& consultation) {
  const std::map<std::string, std::string> seated = Seated(consultation);
  const bool over = consultation.state() == Consultation::HELD || consultation.state() == Consultation::MINUTED ||
                    consultation.state() == Consultation::CLOSED;
  const auto comes = [&](const Participant& participant) {
    if (over) return participant.attendance() == Participant::ATTENDED;
    if (seated.contains(participant.calendar())) return true;
    const bool told = participant.role() == Participant::OPTIONAL || participant.role() == Participant::OBSERVER;
    return told && participant.answer().kind() != Consultation::Answer::DECLINE;
  };
  std::vector<AttendanceRow> rows;
  for (const auto& party : consultation.parties()) {
    std::vector<const Participant*> people;
    for (const Participant& participant : consultation.participants()) {
      if (CityOf(participant.calendar()) == party.city() && comes(participant)) people.push_back(&participant);
    }
    std::stable_sort(people.begin(), people.end(),
                     [](const Participant* a, const Participant* b) { return Rank(*a) < Rank(*b); });
    for (const Participant* participant : people) {
      AttendanceRow& row = rows.emplace_back();
      row.number = static_cast<int>(rows.size());
      row.participant = participant;
      const auto seat = seated.find(participant->calendar());
      if (seat == seated.end() || seat->second.empty()) continue;
      const Participant* principal = FindParticipant(consultation, seat->second);
      row.stands_in_for = principal != nullptr ? principal->title() : seat->second;
    }
  }
  return rows;
}

}  // namespace duikou::consultation::rules
