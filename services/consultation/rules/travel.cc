#include "services/consultation/rules/travel.h"

#include <algorithm>

#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/moments.h"
#include "services/consultation/rules/time_grid.h"

namespace duikou::consultation::rules {
namespace {

using v1::Consultation;

constexpr int kDefaultMinutes = 240;

}  // namespace

Travel TravelOf(const Consultation& consultation, const Consultation::Participant& participant) {
  const std::string city = CityOf(participant.calendar());
  if (consultation.mode() == Consultation::VIDEO || participant.by_video() || city == CityOf(consultation.name()))
    return {};
  const auto party = std::find_if(consultation.parties().begin(), consultation.parties().end(),
                                  [&](const auto& each) { return each.city() == city; });
  if (party == consultation.parties().end()) return {};
  return {QuantaOf(party->travel_before_minutes()), QuantaOf(party->travel_after_minutes())};
}

void FillTravel(Consultation& consultation, const v1::ConsultationSettings& settings) {
  for (Consultation::Party& party : *consultation.mutable_parties()) {
    if (party.city() == CityOf(consultation.name())) continue;
    const auto known = std::find_if(settings.travel().begin(), settings.travel().end(),
                                    [&](const auto& travel) { return travel.city() == party.city(); });
    const bool set = known != settings.travel().end();
    if (party.travel_before_minutes() == 0)
      party.set_travel_before_minutes(set ? known->before_minutes() : kDefaultMinutes);
    if (party.travel_after_minutes() == 0)
      party.set_travel_after_minutes(set ? known->after_minutes() : kDefaultMinutes);
  }
}

v1::Slot::Attendee AttendeeOf(const Consultation& consultation, const Consultation::Participant& participant,
                              const std::string& stands_in_for) {
  const Travel travel = TravelOf(consultation, participant);
  v1::Slot::Attendee attendee;
  attendee.set_calendar(participant.calendar());
  attendee.set_stands_in_for(stands_in_for);
  const absl::Duration quantum = absl::Seconds(kQuantumSeconds);
  *attendee.mutable_hold_start_time() = ToTimestamp(ToTime(consultation.start_time()) - travel.before * quantum);
  *attendee.mutable_hold_end_time() = ToTimestamp(ToTime(consultation.end_time()) + travel.after * quantum);
  return attendee;
}

}  // namespace duikou::consultation::rules
