#ifndef DUIKOU_COMMON_ICAL_BUSY_IMPORT_H_
#define DUIKOU_COMMON_ICAL_BUSY_IMPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"

namespace duikou::ical {

struct ImportRange {
  absl::Time from;      // Blocks that end by then are left out, those that begin before begin then.
  absl::Time until;     // Blocks that begin then or later are left out, those that end after end then.
  absl::TimeZone zone;  // Of floating times and days where the file names none.
};

struct BusyBlock {
  absl::Time start;
  absl::Time end;     // Not included.
  std::string title;  // At most 200 characters of it,
  std::string uid;    // and 300 of this.
  int line = 0;       // Where its event begins.
};

// Something that was read otherwise than it is written.
struct ImportWarning {
  int line = 0;
  Text text;
};

struct BusyTime {
  std::vector<BusyBlock> blocks;  // By the moment at which they begin.
  int events = 0;                 // Of the file, those that are not busy as well.
  std::vector<ImportWarning> warnings;
};

// The busy time of an iCalendar file within a range. Reasons: ICALENDAR_INVALID with the line as the field ("line 12"),
// TOO_MANY_OCCURRENCES with that of the rule.
absl::StatusOr<BusyTime> ReadBusyTime(absl::string_view bytes, const ImportRange& range);

}  // namespace duikou::ical

#endif  // DUIKOU_COMMON_ICAL_BUSY_IMPORT_H_
