#include "services/consultation/rules/slot_rows.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace duikou::consultation::rules {
namespace {

constexpr int64_t kWordQuanta = BitRow::kWordBits;

bool IsWorkday(const Hours& hours, absl::CivilDay day) {
  if (hours.workdays != nullptr) return hours.workdays->IsWorkday(day);
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday;
}

// The moments of a local day. Where its length is that of most, they need no look into the zone's history.
class LocalDay {
 public:
  LocalDay(const Hours& hours, absl::CivilDay day, int64_t begin, int64_t end)
      : hours_(hours), day_(day), begin_(begin), plain_(end - begin == 24 * 3600) {}
  static int64_t BeginOf(const Hours& hours, absl::CivilDay day) {
    return absl::ToUnixSeconds(absl::FromCivil(day, hours.zone));
  }

  int64_t At(int minute) const {
    if (plain_) return begin_ + int64_t{minute} * 60;
    return absl::ToUnixSeconds(absl::FromCivil(absl::CivilMinute(day_) + minute, hours_.zone));
  }

 private:
  const Hours& hours_;
  absl::CivilDay day_;
  int64_t begin_;
  bool plain_;
};

bool Fits(const Room& room, const RoomNeed& need) {
  return room.seats >= need.seats && std::all_of(need.equipment.begin(), need.equipment.end(), [&](const auto& wanted) {
           return std::find(room.equipment.begin(), room.equipment.end(), wanted) != room.equipment.end();
         });
}

}  // namespace

SlotRows::SlotRows(const SlotQuery& query) : query_(query) {
  FindRange();
  for (const Hours& hours : query.hours) ReadHours(hours);
  FindSeats();
  if (query.room) FindRooms();
}

void SlotRows::FindRange() {
  Span hull{0, 0};
  for (const Seconds& window : query_.windows) {
    const Span span = Inward(window);
    if (span.end - span.begin < query_.length) continue;
    hull = hull.begin == hull.end ? span : Span{std::min(hull.begin, span.begin), std::max(hull.end, span.end)};
  }
  int64_t before = 0, after = 0;
  for (const Attendee& attendee : query_.attendees) {
    before = std::max(before, attendee.before);
    after = std::max(after, attendee.after);
    if (attendee.before > 0 || attendee.after > 0) matters_ |= kTravel;
  }
  first_ = FloorDiv(hull.begin - before, kWordQuanta) * kWordQuanta;
  words_ = static_cast<size_t>(CeilDiv(hull.end + after - first_, kWordQuanta)) + 1;
  in_windows_ = BitRow(words_);
  in_hull_ = BitRow(words_);
  for (const Seconds& window : query_.windows) {
    const Span span = Inward(window);
    in_windows_.Set(span.begin - first_, span.end - query_.length + 1 - first_);
  }
  hull_starts_ = {hull.begin - first_, std::max(hull.begin, hull.end - query_.length + 1) - first_};
  if (hull.begin == hull.end) hull_starts_.end = hull_starts_.begin;
  in_hull_.Set(hull_starts_.begin, hull_starts_.end);
}

void SlotRows::ReadHours(const Hours& hours) {
  HoursRows rows{BitRow(words_), BitRow(words_), BitRow(words_)};
  const absl::CivilDay last = absl::ToCivilDay(TimeOf(first_ + static_cast<int64_t>(in_hull_.bits())), hours.zone);
  absl::CivilDay day = absl::ToCivilDay(TimeOf(first_), hours.zone) - 1;
  int64_t next = LocalDay::BeginOf(hours, day);
  for (; day <= last; ++day) {
    const int64_t begin = std::exchange(next, LocalDay::BeginOf(hours, day + 1));
    const LocalDay local(hours, day, begin, next);
    if (!hours.every_day && !IsWorkday(hours, day)) {
      const Span off = Outward({begin, next});
      rows.off_days.Set(off.begin - first_, off.end - first_);
    }
    for (const DayPeriod& period : hours.periods) {
      const Span in = Inward({local.At(period.begin), local.At(period.end)});
      rows.off_hours.Set(in.begin - first_, in.end - first_);
    }
    if (!hours.lunch) continue;
    const Span lunch = Outward({local.At(hours.lunch->begin), local.At(hours.lunch->end)});
    rows.lunch.Set(lunch.begin - first_, lunch.end - first_);
  }
  if (!hours.periods.empty()) rows.off_hours.Invert();
  if (rows.off_days.Any()) matters_ |= kWorkdays;
  if (rows.off_hours.Any()) matters_ |= kWorkingHours;
  if (rows.lunch.Any()) matters_ |= kLunch;
  hours_.push_back(std::move(rows));
}

void SlotRows::FindSeats() {
  principals_.assign(query_.parties.size(), 0);
  has_alternate_.assign(query_.attendees.size(), false);
  std::vector<size_t> seat_of(query_.attendees.size());
  for (size_t i = 0; i < query_.attendees.size(); ++i) {
    if (query_.attendees[i].part != Attendee::Part::kPrincipal) continue;
    seat_of[i] = seats_.size();
    seats_.push_back({.members = {i}});
    ++principals_[query_.attendees[i].party];
  }
  for (size_t i = 0; i < query_.attendees.size(); ++i) {
    const Attendee& attendee = query_.attendees[i];
    if (attendee.part != Attendee::Part::kAlternate) continue;
    seats_[seat_of[attendee.principal]].members.push_back(i);
    has_alternate_[attendee.principal] = true;
  }
}

void SlotRows::FindRooms() {
  for (size_t i = 0; i < query_.rooms.size(); ++i) {
    if (Fits(query_.rooms[i], *query_.room)) suitable_rooms_.push_back(i);
  }
  std::sort(suitable_rooms_.begin(), suitable_rooms_.end(), [&](size_t a, size_t b) {
    const Room &left = query_.rooms[a], &right = query_.rooms[b];
    return std::tie(left.seats, left.calendar) < std::tie(right.seats, right.calendar);
  });
}

void SlotRows::AddBusy(const Timetable& time, BitRow& busy) const {
  if (time.busy != nullptr) time.busy->OrInto(first_ / kWordQuanta, busy.begin_of_words(), words_);
  for (const Seconds& block : time.also_busy) {
    const Span span = Outward(block);
    busy.Set(span.begin - first_, span.end - first_);
  }
}

BitRow SlotRows::Blocked(size_t hours, uint32_t relaxed) const {
  BitRow blocked(words_);
  if ((relaxed & kWorkdays) == 0) blocked |= hours_[hours].off_days;
  if ((relaxed & kWorkingHours) == 0) blocked |= hours_[hours].off_hours;
  if ((relaxed & kLunch) == 0) blocked |= hours_[hours].lunch;
  return blocked;
}

// Runs within the hours. Those that nothing is excepted from are the same for all that have them.
const BitRow& SlotRows::WithinHours(size_t hours, uint32_t relaxed) const {
  const auto [place, made] = within_hours_.try_emplace({hours, relaxed & ~uint32_t{kTravel}});
  if (made) {
    place->second = Blocked(hours, relaxed);
    place->second.Invert();
    place->second.KeepRuns(static_cast<size_t>(query_.length));
  }
  return place->second;
}

void SlotRows::KeepWithinHours(const Timetable& time, uint32_t relaxed, BitRow& starts) const {
  if (time.available.empty()) {
    starts &= WithinHours(time.hours, relaxed);
    return;
  }
  BitRow row = Blocked(time.hours, relaxed), available(words_);
  for (const Seconds& range : time.available) {
    const Span span = Inward(range);
    available.Set(span.begin - first_, span.end - first_);
  }
  row.Without(available);
  row.Invert();
  row.KeepRuns(static_cast<size_t>(query_.length));
  starts &= row;
}

// Runs free of what is busy, from the way there to the way back.
void SlotRows::FindRuns(BitRow& busy, int64_t before, int64_t after) const {
  busy.Invert();
  busy.KeepRuns(static_cast<size_t>(before + query_.length + after));
  if (before > 0) busy.ShiftUp(static_cast<size_t>(before));
}

BitRow SlotRows::FreeStarts(const Timetable& time, int64_t before, int64_t after, uint32_t relaxed) const {
  BitRow row(words_);
  AddBusy(time, row);
  if ((relaxed & kTravel) != 0) before = after = 0;
  FindRuns(row, before, after);
  KeepWithinHours(time, relaxed, row);
  return row;
}

// Of attendees with the same hours and travel.
BitRow SlotRows::AllFree(const std::vector<size_t>& attendees) const {
  BitRow row(words_);
  for (const size_t attendee : attendees) AddBusy(query_.attendees[attendee].time, row);
  const Attendee& any = query_.attendees[attendees.front()];
  FindRuns(row, any.before, any.after);
  row &= WithinHours(any.time.hours, kNothing);
  return row;
}

BitRow SlotRows::RoomStarts(size_t suitable, uint32_t relaxed) const {
  return FreeStarts(query_.rooms[suitable_rooms_[suitable]].time, 0, 0, relaxed);
}

BitRow SlotRows::AnyRoom(uint32_t relaxed) const {
  BitRow any(words_, !query_.room);
  for (size_t i = 0; i < suitable_rooms_.size(); ++i) any |= RoomStarts(i, relaxed);
  return any;
}

bool SlotRows::MustBeFree(size_t attendee) const {
  return query_.attendees[attendee].part == Attendee::Part::kPrincipal && !has_alternate_[attendee] &&
         query_.attendees[attendee].time.available.empty();
}

SlotRows::Starts SlotRows::Together() const {
  Starts starts{.attendees = {}, .together = BitRow(words_, true), .room = AnyRoom(kNothing)};
  starts.attendees.resize(query_.attendees.size());
  std::map<std::tuple<size_t, int64_t, int64_t>, std::vector<size_t>> alike;
  for (size_t i = 0; i < query_.attendees.size(); ++i) {
    const Attendee& attendee = query_.attendees[i];
    if (MustBeFree(i)) {
      alike[{attendee.time.hours, attendee.before, attendee.after}].push_back(i);
    } else {
      starts.attendees[i] = FreeStarts(attendee.time, attendee.before, attendee.after, kNothing);
    }
  }
  for (const auto& [key, attendees] : alike) starts.together &= AllFree(attendees);
  return starts;
}

// What is relaxed but travel leaves the runs of busy time as they are, so that they are found once.
void SlotRows::EachBlocking(uint32_t relaxed, Starts& starts) const {
  starts.together = BitRow(words_, true);
  starts.room = AnyRoom(relaxed);
  starts.attendees.resize(query_.attendees.size());
  const bool travel = (relaxed & kTravel) == 0;
  std::vector<BitRow>& runs = runs_[travel ? 1 : 0];
  runs.resize(query_.attendees.size());
  for (size_t i = 0; i < query_.attendees.size(); ++i) {
    const Attendee& attendee = query_.attendees[i];
    if (!CountsForQuorum(attendee)) continue;
    if (runs[i].words() == 0) {
      runs[i] = BitRow(words_);
      AddBusy(attendee.time, runs[i]);
      FindRuns(runs[i], travel ? attendee.before : 0, travel ? attendee.after : 0);
    }
    starts.attendees[i] = runs[i];
    KeepWithinHours(attendee.time, relaxed, starts.attendees[i]);
  }
}

bool QuorumAsksMore(const SlotRows& rows, size_t party) {
  return rows.query().parties[party].quorum > rows.principals(party);
}

bool CountsForQuorum(const Attendee& attendee) {
  return attendee.part == Attendee::Part::kPrincipal || attendee.part == Attendee::Part::kAlternate;
}

}  // namespace duikou::consultation::rules
