#include "services/consultation/rules/slot_ranking.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

namespace duikou::consultation::rules {
namespace {

using v1::Slot;

// The points that each part of a score can give, in the order of Slot.ScorePart.Kind; they make 100.
constexpr std::array<int, 5> kMost = {40, 20, 10, 20, 10};
constexpr int kScores = 101;
// Offices like to begin at these; two points are lost for each hour away from the nearer one.
constexpr int kMorning = 9 * 60 + 30, kAfternoon = 14 * 60 + 30, kMinutesPerPoint = 30;

struct Points {
  std::array<int, kMost.size()> of{};
  int Sum() const {
    int sum = 0;
    for (const int points : of) sum += points;
    return sum;
  }
};

// Minutes since midnight in a zone, for moments in ascending order. Its offset is asked for once a word of bits, unless
// it changes within it.
class LocalMinutes {
 public:
  LocalMinutes(absl::TimeZone zone, int64_t first) : zone_(zone), first_(first) {}

  int At(size_t start) {
    const auto word = static_cast<int64_t>(start / BitRow::kWordBits);
    if (word != word_) {
      word_ = word;
      const int64_t begin = first_ + word * static_cast<int64_t>(BitRow::kWordBits);
      offset_ = OffsetAt(begin);
      steady_ = offset_ == OffsetAt(begin + static_cast<int64_t>(BitRow::kWordBits) - 1);
    }
    const int64_t quantum = first_ + static_cast<int64_t>(start);
    const int64_t local = quantum * kQuantumSeconds + (steady_ ? offset_ : OffsetAt(quantum));
    constexpr int64_t kDay = 24 * 3600;
    return static_cast<int>((local - FloorDiv(local, kDay) * kDay) / 60);
  }

 private:
  int OffsetAt(int64_t quantum) const { return zone_.At(TimeOf(quantum)).offset; }

  absl::TimeZone zone_;
  int64_t first_;
  int64_t word_ = -1;
  int offset_ = 0;
  bool steady_ = true;
};

// Whether there is a notice for the years in which some quanta begin and end.
bool KnowsHolidays(const Hours& hours, Span span) {
  const auto knows = [&](int64_t quantum) {
    return hours.workdays->HasYear(absl::ToCivilYear(TimeOf(quantum), hours.zone).year());
  };
  return hours.workdays != nullptr && knows(span.begin) && knows(span.end - 1);
}

class Ranking {
 public:
  Ranking(const SlotRows& rows, const SlotRows::Starts& starts, const BitRow& feasible)
      : rows_(rows), starts_(starts), counts_{BitCounter(feasible), BitCounter(feasible), BitCounter(feasible)} {
    for (size_t i = 0; i < rows.query().attendees.size(); ++i) {
      const int kind = CountedAs(rows.query().attendees[i].part);
      if (kind < 0) continue;
      ++totals_[static_cast<size_t>(kind)];
      if (starts.attendees[i].words() == 0) {
        ++certain_[static_cast<size_t>(kind)];
      } else {
        counts_[static_cast<size_t>(kind)].Add(starts.attendees[i]);
      }
    }
  }

  Points PointsOf(size_t start, int local_minute) const {
    Points points;
    for (size_t kind = 0; kind < counts_.size(); ++kind) {
      points.of[kind] = totals_[kind] == 0 ? kMost[kind] : kMost[kind] * CountAt(kind, start) / totals_[kind];
    }
    const Span hull = rows_.hull_starts();
    const int64_t last = hull.end - 1, wide = last - hull.begin;
    points.of[3] = wide == 0 ? kMost[3] : static_cast<int>(kMost[3] * (last - static_cast<int64_t>(start)) / wide);
    const int away = std::min(std::abs(local_minute - kMorning), std::abs(local_minute - kAfternoon));
    points.of[4] = std::max(0, kMost[4] - away / kMinutesPerPoint);
    return points;
  }

  Slot Describe(size_t start, const Points& points) const;

 private:
  int CountAt(size_t kind, size_t start) const { return certain_[kind] + counts_[kind].CountAt(start); }
  static int CountedAs(Attendee::Part part) {
    switch (part) {
      case Attendee::Part::kPrincipal:
        return 0;
      case Attendee::Part::kOptional:
        return 1;
      case Attendee::Part::kObserver:
        return 2;
      case Attendee::Part::kAlternate:
        return -1;
    }
    return -1;
  }
  // Who attends: for each attendee the index of the principal whose seat he has, or his own beyond the seats; -1 who
  // does not.
  std::vector<int> Chosen(size_t start) const;
  void AddAttendee(size_t attendee, int seat, int64_t quantum, Slot& slot) const;
  // Whether it rests on holidays that are not known yet, of the host city or of who attends.
  bool IsTentative(const std::vector<int>& chosen, int64_t quantum) const;

  const SlotRows& rows_;
  const SlotRows::Starts& starts_;
  std::array<BitCounter, 3> counts_;
  std::array<int, 3> totals_{}, certain_{};  // Those of certain_ are free at every feasible beginning.
};

std::vector<int> Ranking::Chosen(size_t start) const {
  const SlotQuery& query = rows_.query();
  std::vector<int> chosen(query.attendees.size(), -1), present(query.parties.size(), 0);
  for (const Seat& seat : rows_.seats()) {
    const auto member = std::find_if(seat.members.begin(), seat.members.end(),
                                     [&](size_t attendee) { return CanAttend(starts_, attendee, start); });
    if (member == seat.members.end()) continue;
    chosen[*member] = static_cast<int>(seat.members.front());
    ++present[query.attendees[*member].party];
  }
  for (size_t i = 0; i < query.attendees.size(); ++i) {
    const Attendee& attendee = query.attendees[i];
    if (attendee.part != Attendee::Part::kAlternate || chosen[i] >= 0 || !CanAttend(starts_, i, start)) continue;
    if (present[attendee.party] >= query.parties[attendee.party].quorum) continue;
    chosen[i] = static_cast<int>(i);
    ++present[attendee.party];
  }
  return chosen;
}

void Ranking::AddAttendee(size_t attendee, int seat, int64_t quantum, Slot& slot) const {
  const SlotQuery& query = rows_.query();
  const Attendee& who = query.attendees[attendee];
  Slot::Attendee* added = slot.add_attendees();
  added->set_calendar(who.calendar);
  if (static_cast<size_t>(seat) != attendee)
    added->set_stands_in_for(query.attendees[static_cast<size_t>(seat)].calendar);
  added->mutable_hold_start_time()->set_seconds((quantum - who.before) * kQuantumSeconds);
  added->mutable_hold_end_time()->set_seconds((quantum + query.length + who.after) * kQuantumSeconds);
}

bool Ranking::IsTentative(const std::vector<int>& chosen, int64_t quantum) const {
  const SlotQuery& query = rows_.query();
  const Span span{quantum, quantum + query.length};
  if (!KnowsHolidays(query.hours[query.host_hours], span)) return true;
  for (size_t i = 0; i < query.attendees.size(); ++i) {
    const Hours& hours = query.hours[query.attendees[i].time.hours];
    if (chosen[i] >= 0 && !hours.every_day && !KnowsHolidays(hours, span)) return true;
  }
  return false;
}

Slot Ranking::Describe(size_t start, const Points& points) const {
  const SlotQuery& query = rows_.query();
  const int64_t quantum = rows_.first() + static_cast<int64_t>(start);
  Slot slot;
  slot.mutable_start_time()->set_seconds(quantum * kQuantumSeconds);
  slot.mutable_end_time()->set_seconds((quantum + query.length) * kQuantumSeconds);
  slot.set_room(RoomAt(rows_, start, kNothing));
  const std::vector<int> chosen = Chosen(start);
  for (size_t i = 0; i < query.attendees.size(); ++i) {
    if (chosen[i] >= 0) AddAttendee(i, chosen[i], quantum, slot);
    if (!CountsForQuorum(query.attendees[i]) && !CanAttend(starts_, i, start))
      slot.add_absent(query.attendees[i].calendar);
  }
  slot.set_score(points.Sum());
  for (size_t kind = 0; kind < kMost.size(); ++kind) {
    Slot::ScorePart* part = slot.add_parts();
    part->set_kind(static_cast<Slot::ScorePart::Kind>(kind + 1));
    part->set_points(points.of[kind]);
    part->set_most(kMost[kind]);
    if (kind >= counts_.size()) continue;
    part->set_count(CountAt(kind, start));
    part->set_total(totals_[kind]);
  }
  slot.set_tentative(IsTentative(chosen, quantum));
  return slot;
}

}  // namespace

BitRow FeasibleStarts(const SlotRows& rows, const SlotRows::Starts& starts) {
  const SlotQuery& query = rows.query();
  BitRow feasible = rows.in_windows();
  feasible &= starts.room;
  feasible &= starts.together;
  for (const Seat& seat : rows.seats()) {
    if (starts.attendees[seat.members.front()].words() == 0) continue;
    if (seat.members.size() == 1) {
      feasible &= starts.attendees[seat.members.front()];
      continue;
    }
    BitRow filled(rows.words());
    for (const size_t member : seat.members) filled |= starts.attendees[member];
    feasible &= filled;
  }
  for (size_t party = 0; party < query.parties.size(); ++party) {
    if (!QuorumAsksMore(rows, party)) continue;
    BitCounter present(feasible);
    int certain = 0;
    for (size_t i = 0; i < query.attendees.size(); ++i) {
      if (query.attendees[i].party != party || !CountsForQuorum(query.attendees[i])) continue;
      if (starts.attendees[i].words() == 0) {
        ++certain;
      } else {
        present.Add(starts.attendees[i]);
      }
    }
    const BitRow reached = present.AtLeast(query.parties[party].quorum - certain);
    feasible &= reached;
  }
  return feasible;
}

std::vector<Slot> BestSlots(const SlotRows& rows, const SlotRows::Starts& starts, const BitRow& feasible) {
  const SlotQuery& query = rows.query();
  const Ranking ranking(rows, starts, feasible);
  LocalMinutes minutes(query.hours[query.host_hours].zone, rows.first());
  std::vector<std::vector<uint32_t>> by_score(kScores);
  std::vector<uint16_t> minute_of(feasible.bits(), 0);
  feasible.ForEach([&](size_t start) {
    minute_of[start] = static_cast<uint16_t>(minutes.At(start));
    by_score[static_cast<size_t>(ranking.PointsOf(start, minute_of[start]).Sum())].push_back(
        static_cast<uint32_t>(start));
    return true;
  });
  std::vector<int64_t> taken;
  std::vector<Slot> slots;
  for (size_t score = kScores; score-- > 0;) {
    for (const uint32_t start : by_score[score]) {
      if (slots.size() == query.most_slots) return slots;
      const bool overlaps = std::any_of(taken.begin(), taken.end(),
                                        [&](int64_t other) { return std::abs(other - int64_t{start}) < query.length; });
      if (overlaps && !query.overlapping) continue;
      taken.push_back(start);
      slots.push_back(ranking.Describe(start, ranking.PointsOf(start, minute_of[start])));
    }
  }
  return slots;
}

std::string RoomAt(const SlotRows& rows, size_t start, uint32_t relaxed) {
  for (size_t i = 0; i < rows.suitable_rooms().size(); ++i) {
    if (rows.RoomStarts(i, relaxed).Test(start)) return rows.query().rooms[rows.suitable_rooms()[i]].calendar;
  }
  return {};
}

}  // namespace duikou::consultation::rules
