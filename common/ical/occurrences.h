#ifndef DUIKOU_COMMON_ICAL_OCCURRENCES_H_
#define DUIKOU_COMMON_ICAL_OCCURRENCES_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/ical/component.h"
#include "common/ical/zones.h"

namespace duikou::ical {

// When an event is: it begins at a local time, and ends a length after.
struct Extent {
  LocalTime start;
  int start_line = 0;
  int64_t days = 0;      // Nominal, by the local calendar;
  absl::Duration exact;  // and what comes on top of it.
};

// From DTSTART with DTEND or DURATION; without either a day of a DATE, and no time at all of a DATE-TIME. Reasons:
// ICALENDAR_INVALID.
absl::StatusOr<Extent> ExtentOf(const Component& event, const Zones& zones);
// Of a period among the values of a property, "start/end" or "start/duration". Reasons: ICALENDAR_INVALID.
absl::StatusOr<Extent> ExtentOfPeriod(const Property& property, absl::string_view period, const Zones& zones);
absl::StatusOr<absl::Time> EndOf(const Extent& extent, const LocalTime& start, const Zones& zones);

// An occurrence of a recurring event.
struct Occurrence {
  LocalTime local;
  absl::Time start;
  std::optional<Extent> period;  // Its own extent, of a PERIOD among the dates; without one it is as long as the event.
};

// The steps that the rules of a file may still take together.
struct StepsLeft {
  int64_t steps = 200'000;
  // Periods within the range, of which rules with BY… parts may leave each empty.
  int64_t periods = 500'000;
};

// A range of time to look into.
struct Window {
  absl::Time from, until;
};

// All beginnings of an event within a window, and of those before it some: DTSTART, those of RRULE and RDATE, less
// EXDATE. What ends before the window may be missing. Reasons: ICALENDAR_INVALID, TOO_MANY_OCCURRENCES.
absl::StatusOr<std::vector<Occurrence>> OccurrencesOf(const Component& event, const Extent& extent,
                                                      const Window& window, const Zones& zones, StepsLeft& left);

}  // namespace duikou::ical

#endif  // DUIKOU_COMMON_ICAL_OCCURRENCES_H_
