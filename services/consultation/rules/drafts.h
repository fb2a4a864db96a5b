#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_DRAFTS_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_DRAFTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/caller.h"
#include "duikou/consultation/v1/calendar.pb.h"
#include "duikou/consultation/v1/consultation.pb.h"

namespace duikou::consultation::rules {

// What a draft must be besides the limits of its fields; `field` is its path in the request. Fills in what follows from
// the rest: host city, cities, and the cities of participants. All that is wrong is told at once, with the reason of
// the first: PARTY_TWICE, TOO_FEW_PARTIES, HOST_NOT_A_PARTY, LENGTH_OFF_GRID, WINDOW_INVALID, WINDOWS_TOO_WIDE,
// ITINERARY_MISPLACED, PARTICIPANT_TWICE, PARTICIPANT_OF_NO_PARTY, ALTERNATE_WITHOUT_PRINCIPAL,
// ALTERNATE_OF_OTHER_CITY, QUORUM_OUT_OF_REACH.
absl::Status CheckDraft(v1::Consultation& consultation, const std::string& field);

// Windows as a request may give them in place of a consultation's own: each in order, none longer than 366 days after
// the first begins. Reasons: WINDOW_INVALID, WINDOWS_TOO_WIDE.
absl::Status CheckWindows(const google::protobuf::RepeatedPtrField<v1::Consultation::Window>& windows,
                          const std::string& field);
// In minutes, a multiple of 15. Reasons: LENGTH_OFF_GRID.
absl::Status CheckLength(int minutes, const std::string& field);

// Puts a party's own participants in place of those it named before, behind those of the parties before it, and its
// quorum. What is wrong is told by the request's fields: participants[i], quorum. Reasons: CONSULTATION_STATE_FORBIDS,
// PARTICIPANT_OF_OTHERS and those of CheckDraft.
absl::Status NameParticipants(v1::Consultation& consultation, const std::string& city,
                              std::vector<v1::Consultation::Participant> participants, int quorum);

// A new draft names the participants of its host alone: whom a party sends it says itself. Services, which write whole
// records, name all. `field` is the draft's path in the request. Reasons: PARTICIPANT_OF_OTHERS.
absl::Status CheckHostsParticipants(const v1::Consultation& draft, const std::string& field, const Caller& by);

// An update by the host changes the participants of no other party. Where it names the host's alone, those of the
// others are put back behind the parties before them. Reasons: PARTICIPANT_OF_OTHERS.
absl::Status KeepOthersParticipants(const v1::Consultation& before, v1::Consultation& after);

// Where participant i of a consultation stands in a request which names those of a city alone, beside its quorum; for
// those of other cities, and with an empty city, its path in the whole record, which begins with `field`.
std::string PlaceOf(const v1::Consultation& consultation, int i, const std::string& field, const std::string& naming);

// Takes over what the calendar says of a participant, who stands at `place`: title, position and protocol order.
// Reasons: CALENDAR_OF_A_ROOM.
absl::Status FillParticipant(v1::Consultation::Participant& participant, const v1::Calendar& calendar,
                             const std::string& place);

// A draft that was proposed once has invited people: it is cancelled and not deleted. Reasons: PROPOSED_BEFORE,
// CONSULTATION_STATE_FORBIDS.
absl::Status CheckDelete(const v1::Consultation& consultation);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_DRAFTS_H_
