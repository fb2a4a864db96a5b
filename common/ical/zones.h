#ifndef DUIKOU_COMMON_ICAL_ZONES_H_
#define DUIKOU_COMMON_ICAL_ZONES_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/ical/component.h"

namespace duikou::ical {

// A DATE or DATE-TIME as written: in UTC, in a zone, or floating.
struct LocalTime {
  absl::CivilSecond civil;
  bool is_date = false;
  bool utc = false;
  std::string zone;  // TZID; empty in UTC and floating.
};

// Reasons: ICALENDAR_INVALID, with the property's line.
absl::StatusOr<LocalTime> ReadTime(const Property& property, absl::string_view value);
inline absl::StatusOr<LocalTime> ReadTime(const Property& property) { return ReadTime(property, property.value); }

// The IANA name of a zone as Windows names it: "China Standard Time"; empty for one that is not known.
std::string IanaOfWindows(absl::string_view name);

// Which moment a local time of a file is. A name that the system knows, or that stands for one (Windows names, names
// with the place of their origin before them), is taken by the system's rules; others by the VTIMEZONE of the file,
// where its changes come once a year. For one thread.
class Zones {
 public:
  // Floating times and days are those of X-WR-TIMEZONE, or else of `floating`.
  Zones(const Component& calendar, absl::TimeZone floating);
  ~Zones();
  Zones(const Zones&) = delete;
  Zones& operator=(const Zones&) = delete;

  // Reasons: ICALENDAR_INVALID, with the line given.
  absl::StatusOr<absl::Time> Resolve(const LocalTime& time, int line) const;

 private:
  struct Defined;  // A VTIMEZONE.

  // The zone that a TZID stands for by the system, none where it is not known. Kept, as each time of a file asks for
  // one and a name that is not known is looked for in the file system under each of its parts.
  std::optional<absl::TimeZone> Named(const std::string& name) const;

  absl::TimeZone floating_;
  mutable std::map<std::string, std::optional<absl::TimeZone>> named_;
  std::map<std::string, std::unique_ptr<Defined>> defined_;
};

}  // namespace duikou::ical

#endif  // DUIKOU_COMMON_ICAL_ZONES_H_
