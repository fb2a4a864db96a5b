#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_ROWS_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_ROWS_H_

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "services/consultation/rules/bit_row.h"
#include "services/consultation/rules/slot_query.h"

namespace duikou::consultation::rules {

// Constraints that bear on many calendars at once: bits of a set.
enum Relaxed : uint32_t { kNothing = 0, kTravel = 1, kWorkingHours = 2, kWorkdays = 4, kLunch = 8 };

// A seat at the table: a principal, or one of those who may stand in for him.
struct Seat {
  std::vector<size_t> members;  // The principal, then his alternates in their order; indices of attendees.
};

// What a search works on: the quanta between the first and the last moment that matter, as bits from `first` on.
class SlotRows {
 public:
  explicit SlotRows(const SlotQuery& query);

  // The beginnings at which each can take part, or is free.
  struct Starts {
    // Empty for who has no row of his own: who must be free anyway, and of EachBlocking who never blocks.
    std::vector<BitRow> attendees;
    BitRow together;  // Those who must be free; all ones where each has his own row.
    BitRow room;      // Any of those that fit; all ones where none is needed.
  };
  // With one row for all principals without alternates: where one of them is not free there is no slot.
  Starts Together() const;
  // With a row for each who can block, in place of what `starts` were before: their rows are used again.
  void EachBlocking(uint32_t relaxed, Starts& starts) const;
  // The same of one room, an index into suitable_rooms().
  BitRow RoomStarts(size_t suitable, uint32_t relaxed) const;

  const SlotQuery& query() const { return query_; }
  int64_t first() const { return first_; }
  size_t words() const { return words_; }
  const BitRow& in_windows() const { return in_windows_; }
  const BitRow& in_hull() const { return in_hull_; }  // From the first moment asked for to the last.
  Span hull_starts() const { return hull_starts_; }   // The same as bits.
  const std::vector<Seat>& seats() const { return seats_; }
  // Principals of a party: its quorum asks for more than filled seats only where it is above that.
  int principals(size_t party) const { return principals_[party]; }
  const std::vector<size_t>& suitable_rooms() const { return suitable_rooms_; }  // The smallest first.
  bool Matters(Relaxed constraint) const { return (matters_ & constraint) != 0; }

 private:
  struct HoursRows {
    BitRow off_days, off_hours, lunch;
  };
  void FindRange();
  void ReadHours(const Hours& hours);
  void FindSeats();
  void FindRooms();
  bool MustBeFree(size_t attendee) const;
  BitRow AllFree(const std::vector<size_t>& attendees) const;
  BitRow AnyRoom(uint32_t relaxed) const;
  BitRow FreeStarts(const Timetable& time, int64_t before, int64_t after, uint32_t relaxed) const;
  const BitRow& WithinHours(size_t hours, uint32_t relaxed) const;
  void KeepWithinHours(const Timetable& time, uint32_t relaxed, BitRow& starts) const;
  BitRow Blocked(size_t hours, uint32_t relaxed) const;
  void AddBusy(const Timetable& time, BitRow& busy) const;
  void FindRuns(BitRow& busy, int64_t before, int64_t after) const;

  const SlotQuery& query_;
  int64_t first_ = 0;
  size_t words_ = 0;
  BitRow in_windows_, in_hull_;
  Span hull_starts_;
  std::vector<HoursRows> hours_;
  std::vector<Seat> seats_;
  std::vector<bool> has_alternate_;  // By attendee.
  std::vector<int> principals_;
  std::vector<size_t> suitable_rooms_;
  uint32_t matters_ = 0;
  // What was found once; a search is of one thread.
  mutable std::map<std::pair<size_t, uint32_t>, BitRow> within_hours_;
  mutable std::vector<BitRow> runs_[2];  // By attendee, without travel and with it.
};

// Whether an attendee can take part in a slot that is feasible by `starts`.
inline bool CanAttend(const SlotRows::Starts& starts, size_t attendee, size_t start) {
  return starts.attendees[attendee].words() == 0 || starts.attendees[attendee].Test(start);
}

// A party whose quorum its filled seats alone do not reach.
bool QuorumAsksMore(const SlotRows& rows, size_t party);
bool CountsForQuorum(const Attendee& attendee);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_ROWS_H_
