#ifndef DUIKOU_COMMON_ICAL_WRITE_H_
#define DUIKOU_COMMON_ICAL_WRITE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/ical/event.h"

// iCalendar that goes out: UTF-8, CRLF, lines of at most 75 octets folded between characters, times in UTC.
namespace duikou::ical {

// A feed for programs that subscribe to it (METHOD:PUBLISH). They ask again after an hour.
std::string WriteFeed(absl::string_view title, const std::vector<Event>& events);

// RFC 5546. An invitation, or a change of one: by UID, with a higher SEQUENCE.
std::string WriteRequest(const Event& event);
// That the event does not take place, or not for these attendees.
std::string WriteCancel(Event event);
// The answer of one attendee, who alone stands in it.
std::string WriteReply(Event event, const EventPerson& attendee, absl::string_view comment);

struct BusyPeriod {
  absl::Time start;
  absl::Time end;
  bool tentative = false;
};
// VFREEBUSY of a calendar within a range. Periods in order, without overlap.
std::string WriteFreeBusy(const EventPerson& whose, absl::string_view uid, absl::Time stamp, absl::Time from,
                          absl::Time until, const std::vector<BusyPeriod>& periods);

}  // namespace duikou::ical

#endif  // DUIKOU_COMMON_ICAL_WRITE_H_
