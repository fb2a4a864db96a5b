#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_TRAVEL_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_TRAVEL_H_

#include <string>

#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/consultation/v1/series.pb.h"
#include "duikou/consultation/v1/slot.pb.h"

namespace duikou::consultation::rules {

// Travel of a participant to the host city and back, in quanta of 15 minutes: none for who is at home there and for who
// takes part by video.
struct Travel {
  int64_t before = 0;
  int64_t after = 0;
  friend bool operator==(const Travel&, const Travel&) = default;
};
Travel TravelOf(const v1::Consultation& consultation, const v1::Consultation::Participant& participant);

// Fills in the travel times that the parties leave out, by the settings of the host city: 240 minutes where these say
// nothing.
void FillTravel(v1::Consultation& consultation, const v1::ConsultationSettings& settings);

// A participant as one whom the consultation's slot takes.
v1::Slot::Attendee AttendeeOf(const v1::Consultation& consultation, const v1::Consultation::Participant& participant,
                              const std::string& stands_in_for);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_TRAVEL_H_
