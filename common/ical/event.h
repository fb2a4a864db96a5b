#ifndef DUIKOU_COMMON_ICAL_EVENT_H_
#define DUIKOU_COMMON_ICAL_EVENT_H_

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace duikou::ical {

enum class ParticipationStatus { kNeedsAction, kAccepted, kDeclined, kTentative, kDelegated };
enum class ParticipationRole { kChair, kRequired, kOptional, kNonParticipant };

// An organizer or attendee.
struct EventPerson {
  std::string address;  // A URI: "mailto:wang@example.org".
  std::string name;
  ParticipationStatus status = ParticipationStatus::kNeedsAction;
  ParticipationRole role = ParticipationRole::kRequired;
  std::string delegated_to;  // Addresses; empty without.
  std::string delegated_from;
};

enum class EventStatus { kTentative, kConfirmed, kCancelled };

struct Event {
  std::string uid;  // The same through all its life.
  int sequence = 0;
  absl::Time stamp;          // DTSTAMP: when this was written.
  absl::Time last_modified;  // Left out when it is absl::Time().
  absl::Time start;          // With absl::Time() neither it nor the end is written, as a CANCEL may (RFC 5546, 3.2.5).
  absl::Time end;
  std::string summary;
  std::string description;
  std::string location;
  EventStatus status = EventStatus::kConfirmed;
  bool busy = true;  // Else TRANSP:TRANSPARENT.
  EventPerson organizer;
  std::vector<EventPerson> attendees;
};

}  // namespace duikou::ical

#endif  // DUIKOU_COMMON_ICAL_EVENT_H_
