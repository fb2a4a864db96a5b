#ifndef DUIKOU_COMMON_ICAL_REPLY_H_
#define DUIKOU_COMMON_ICAL_REPLY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/ical/event.h"

namespace duikou::ical {

// The answer of an attendee to an invitation (METHOD:REPLY).
struct Reply {
  std::string uid;
  int sequence = 0;  // Of the invitation that is answered.
  absl::Time stamp;
  EventPerson attendee;  // Address in lower case, with its status and whom it delegates to.
  std::string comment;
};

// Reasons: ICALENDAR_INVALID with the line: no REPLY, not one event, not one attendee.
absl::StatusOr<Reply> ReadReply(absl::string_view bytes);

}  // namespace duikou::ical

#endif  // DUIKOU_COMMON_ICAL_REPLY_H_
