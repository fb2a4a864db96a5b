#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_QUERY_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_QUERY_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/workday.h"
#include "services/consultation/rules/time_grid.h"

// What FindSlots is asked, with the calendars as prepared by whoever read them.
namespace duikou::consultation::rules {

// Minutes of a local day, half-open: 540 to 720 is 9:00 to 12:00.
struct DayPeriod {
  int begin = 0;
  int end = 24 * 60;
  friend bool operator==(const DayPeriod&, const DayPeriod&) = default;
};

// When a person, delegation or room can be met with. Shared by all that have the same.
struct Hours {
  absl::TimeZone zone;
  const WorkdayCalendar* workdays = nullptr;  // Null: Monday to Friday.
  std::vector<DayPeriod> periods;             // Working hours of each day; empty: the whole day.
  std::optional<DayPeriod> lunch;
  bool every_day = false;  // Also weekends and holidays, as rooms are.
  friend bool operator==(const Hours&, const Hours&) = default;
};

// What is known of the time of a person, delegation or room.
struct Timetable {
  const BusyGrid* busy = nullptr;  // Null: never busy. Must outlive the search.
  std::vector<Seconds> also_busy;  // Besides: holds of other consultations, say.
  std::vector<Seconds> available;  // Can be met here whatever the hours say, unless busy.
  size_t hours = 0;                // Index into SlotQuery::hours.
};

struct Attendee {
  enum class Part { kPrincipal, kAlternate, kOptional, kObserver };
  std::string calendar;
  size_t party = 0;  // Index into SlotQuery::parties.
  Part part = Part::kPrincipal;
  size_t principal = 0;  // Of kAlternate: the index of the principal whom he may stand in for.
  Timetable time;
  // Quanta of travel there and back: he is taken up by them, inside of working hours or not. 0 for who is there already
  // and for who takes part by video.
  int64_t before = 0;
  int64_t after = 0;
};

struct Party {
  std::string city;  // "cities/210800"
  int quorum = 0;
};

struct Room {
  std::string calendar;
  int seats = 0;
  std::vector<std::string> equipment;
  Timetable time;
};

// What the room must offer.
struct RoomNeed {
  int seats = 0;
  std::vector<std::string> equipment;
};

struct SlotQuery {
  std::vector<Seconds> windows;  // The slot lies within one of them; travel may lie outside.
  int64_t length = 0;            // In quanta, at least 1.
  std::vector<Hours> hours;
  std::vector<Party> parties;
  std::vector<Attendee> attendees;
  std::optional<RoomNeed> room;  // Absent: none is needed.
  std::vector<Room> rooms;
  size_t host_hours = 0;  // The zone and workdays of the host city, by index into `hours`.
  size_t most_slots = 10;
  size_t most_blocking_sets = 100;
  bool overlapping = false;  // Give slots as well that overlap a better one.
};

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_QUERY_H_
