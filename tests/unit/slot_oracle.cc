#include "tests/unit/slot_oracle.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "common/base/workday.h"

namespace duikou::testing {
namespace {

using consultation::rules::Attendee;
using consultation::rules::Hours;
using consultation::rules::Room;
using consultation::rules::Timetable;
using consultation::v1::BlockingSet;
using consultation::v1::FindSlotsResponse;
using consultation::v1::Release;
using consultation::v1::Slot;
using Part = Attendee::Part;

constexpr int64_t kStep = 300, kGrid = 900;

// What is not as it should be, as bits by Release.Kind: the calendar itself (PERSON) and the constraints.
using Faults = unsigned;
constexpr Faults Bit(Release::Kind kind) { return 1U << kind; }

bool Overlap(Seconds a, Seconds b) { return a.begin < b.end && b.begin < a.end; }

Faults FaultsOfMoment(const Hours& hours, int64_t moment) {
  const absl::CivilMinute minute = absl::ToCivilMinute(absl::FromUnixSeconds(moment), hours.zone);
  const absl::CivilDay day(minute);
  const int of_day = minute.hour() * 60 + minute.minute();
  const absl::Weekday weekday = absl::GetWeekday(day);
  const bool weekend = weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
  const bool worked = hours.every_day || (hours.workdays != nullptr ? hours.workdays->IsWorkday(day) : !weekend);
  const bool within =
      hours.periods.empty() || std::any_of(hours.periods.begin(), hours.periods.end(),
                                           [&](auto period) { return period.begin <= of_day && of_day < period.end; });
  const bool lunch = hours.lunch && hours.lunch->begin <= of_day && of_day < hours.lunch->end;
  return (worked ? 0 : Bit(Release::WORKDAYS)) | (within ? 0 : Bit(Release::WORKING_HOURS)) |
         (lunch ? Bit(Release::LUNCH) : 0);
}

// The faults of each step of 60 days from a moment on. All instances share their hours, so that they are found once.
class KnownFaults {
 public:
  KnownFaults(const std::vector<Hours>& all, int64_t first) : first_(first) {
    for (const Hours& hours : all) {
      std::vector<Faults>& row = rows_.emplace_back();
      for (int64_t step = 0; step < 60 * 288; ++step) row.push_back(FaultsOfMoment(hours, first + step * kStep));
    }
  }
  Faults At(size_t hours, int64_t moment) const { return rows_[hours][static_cast<size_t>((moment - first_) / kStep)]; }

 private:
  int64_t first_;
  std::vector<std::vector<Faults>> rows_;
};

const KnownFaults& KnownFaultsOf(const SlotQuery& query) {
  static const auto* known = new KnownFaults(query.hours, absl::ToUnixSeconds(StartOf(absl::CivilDay(2026, 9, 1))));
  return *known;
}

class SlowSearch {
 public:
  explicit SlowSearch(const SlotInstance& instance)
      : instance_(instance), query_(instance.query), known_(KnownFaultsOf(instance.query)) {
    length_ = query_.length * kGrid;
    for (const Room& room : query_.rooms) fits_.push_back(Fits(room));
    FindStarts();
    for (const int64_t start : starts_) Judge(start);
    present_.resize(query_.parties.size());
  }

  FindSlotsResponse Run() {
    FindSlotsResponse response;
    std::vector<size_t> feasible;
    for (size_t i = 0; i < starts_.size(); ++i) {
      if (Feasible(i, {})) feasible.push_back(i);
    }
    response.set_feasible_starts(static_cast<int>(feasible.size()));
    if (!feasible.empty()) {
      Rank(feasible, response);
    } else {
      FindSets(response);
    }
    return response;
  }

 private:
  struct Item {
    Release::Kind kind;
    size_t index = 0;
    friend bool operator==(const Item&, const Item&) = default;
    friend bool operator<(const Item& a, const Item& b) {
      return std::tie(a.kind, a.index) < std::tie(b.kind, b.index);
    }
  };
  // None, one or two.
  struct Items {
    Item first{Release::KIND_UNSPECIFIED}, second{Release::KIND_UNSPECIFIED};
    friend bool operator<(const Items& a, const Items& b) {
      return std::tie(a.first, a.second) < std::tie(b.first, b.second);
    }
  };

  bool FitsWindow(int64_t start) const {
    return std::any_of(query_.windows.begin(), query_.windows.end(),
                       [&](const Seconds& window) { return window.begin <= start && start + length_ <= window.end; });
  }

  // Every beginning from the first to the last that lies in a window.
  void FindStarts() {
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (const Seconds& window : query_.windows) {
      for (int64_t start = window.begin - window.begin % kGrid; start < window.end; start += kGrid) {
        if (FitsWindow(start)) first = std::min(first, start), last = std::max(last, start);
      }
    }
    for (int64_t start = first; start <= last && first != INT64_MAX; start += kGrid) starts_.push_back(start);
  }

  Faults FaultsOf(const Timetable& time, const std::vector<Seconds>& busy, int64_t start, int64_t before,
                  int64_t after) const {
    Faults faults = 0;
    const Seconds slot{start, start + length_};
    for (int64_t moment = slot.begin; moment < slot.end; moment += kStep) {
      const bool available = std::any_of(time.available.begin(), time.available.end(), [&](const Seconds& range) {
        // The grid knows whole quarters of an hour alone.
        const int64_t quarter = moment - moment % kGrid;
        return range.begin <= quarter && quarter + kGrid <= range.end;
      });
      if (!available) faults |= known_.At(time.hours, moment);
    }
    for (const Seconds& block : busy) {
      if (Overlap(block, slot)) faults |= Bit(Release::PERSON);
      if (Overlap(block, {slot.begin - before * kGrid, slot.begin}) ||
          Overlap(block, {slot.end, slot.end + after * kGrid}))
        faults |= Bit(Release::TRAVEL);
    }
    return faults;
  }

  void Judge(int64_t start) {
    in_window_.push_back(FitsWindow(start));
    people_.emplace_back();
    for (size_t i = 0; i < query_.attendees.size(); ++i) {
      const Attendee& attendee = query_.attendees[i];
      people_.back().push_back(
          FaultsOf(attendee.time, instance_.attendee_busy[i], start, attendee.before, attendee.after));
    }
    rooms_.emplace_back();
    for (size_t i = 0; i < query_.rooms.size(); ++i)
      rooms_.back().push_back(FaultsOf(query_.rooms[i].time, instance_.room_busy[i], start, 0, 0));
  }

  static bool Has(const Items& released, Release::Kind kind, size_t index = 0) {
    const Item item{kind, index};
    return released.first == item || released.second == item;
  }
  static Faults Forgiven(const Items& released) {
    Faults forgiven = 0;
    for (const Item& item : {released.first, released.second}) {
      if (item.kind >= Release::TRAVEL) forgiven |= Bit(item.kind);
    }
    return forgiven;
  }
  bool CanAttend(size_t at, size_t who, const Items& released) const {
    return Has(released, Release::PERSON, who) || (people_[at][who] & ~Forgiven(released)) == 0;
  }
  bool Fits(const Room& room) const {
    const std::set<std::string> has(room.equipment.begin(), room.equipment.end());
    bool fits = room.seats >= query_.room->seats;
    for (const std::string& wanted : query_.room->equipment) fits = fits && has.contains(wanted);
    return fits;
  }
  // The smallest that fits and is free; -1 without one.
  int RoomAt(size_t at, const Items& released) const {
    int best = -1;
    for (size_t i = 0; i < query_.rooms.size(); ++i) {
      if (!fits_[i] || (rooms_[at][i] & ~Forgiven(released)) != 0) continue;
      const Room &room = query_.rooms[i], &other = query_.rooms[static_cast<size_t>(std::max(best, 0))];
      if (best < 0 || std::tie(room.seats, room.calendar) < std::tie(other.seats, other.calendar))
        best = static_cast<int>(i);
    }
    return best;
  }

  bool Feasible(size_t at, const Items& released) {
    if (!Has(released, Release::WINDOWS) && !in_window_[at]) return false;
    if (query_.room && !Has(released, Release::ROOM) && RoomAt(at, released) < 0) return false;
    std::fill(present_.begin(), present_.end(), 0);
    unsigned filled = 0;
    for (size_t i = 0; i < query_.attendees.size(); ++i) {
      const Attendee& attendee = query_.attendees[i];
      if ((attendee.part != Part::kPrincipal && attendee.part != Part::kAlternate) || !CanAttend(at, i, released))
        continue;
      ++present_[attendee.party];
      filled |= 1U << (attendee.part == Part::kPrincipal ? i : attendee.principal);
    }
    for (size_t i = 0; i < query_.attendees.size(); ++i) {
      if (query_.attendees[i].part == Part::kPrincipal && (filled >> i & 1U) == 0) return false;
    }
    for (size_t party = 0; party < present_.size(); ++party) {
      if (present_[party] < query_.parties[party].quorum && !Has(released, Release::QUORUM, party)) return false;
    }
    return true;
  }

  // ------------------------------------------------------------------------------------------------- blocking sets

  int FirstFeasible(const Items& released) {
    for (size_t i = 0; i < starts_.size(); ++i) {
      if (Feasible(i, released)) return static_cast<int>(i);
    }
    return -1;
  }

  void FindSets(FindSlotsResponse& response) {
    std::vector<Item> all;
    for (size_t i = 0; i < query_.attendees.size(); ++i) {
      const Part part = query_.attendees[i].part;
      if (part == Part::kPrincipal || part == Part::kAlternate) all.push_back({Release::PERSON, i});
    }
    for (size_t i = 0; i < query_.parties.size(); ++i) all.push_back({Release::QUORUM, i});
    for (int kind = Release::ROOM; kind <= Release::LUNCH; ++kind) all.push_back({static_cast<Release::Kind>(kind)});
    std::vector<std::tuple<size_t, int, Items>> found;
    std::set<Item> alone;
    for (const Item& item : all) {
      if (const int at = FirstFeasible({item}); at >= 0)
        found.emplace_back(1, at, Items{.first = item}), alone.insert(item);
    }
    for (size_t i = 0; i < all.size(); ++i) {
      for (size_t j = i + 1; j < all.size(); ++j) {
        if (alone.contains(all[i]) || alone.contains(all[j])) continue;
        if (const int at = FirstFeasible({all[i], all[j]}); at >= 0) found.emplace_back(2, at, Items{all[i], all[j]});
      }
    }
    std::sort(found.begin(), found.end());
    for (const auto& [size, at, items] : found) AddSet(static_cast<size_t>(at), items, response);
  }

  void AddSet(size_t at, const Items& items, FindSlotsResponse& response) const {
    BlockingSet* set = response.add_blocking_sets();
    for (const Item& item : {items.first, items.second}) {
      if (item.kind == Release::KIND_UNSPECIFIED) continue;
      Release* release = set->add_releases();
      release->set_kind(item.kind);
      if (item.kind == Release::PERSON) release->set_calendar(query_.attendees[item.index].calendar);
      if (item.kind == Release::QUORUM) release->set_city(query_.parties[item.index].city);
    }
    set->mutable_start_time()->set_seconds(starts_[at]);
    set->mutable_end_time()->set_seconds(starts_[at] + length_);
    if (query_.room && !Has(items, Release::ROOM))
      set->set_room(query_.rooms[static_cast<size_t>(RoomAt(at, items))].calendar);
  }

  // ------------------------------------------------------------------------------------------------------ ranking

  static void AddPart(Slot& slot, Slot::ScorePart::Kind kind, int points, int most, int count, int total) {
    Slot::ScorePart* part = slot.add_parts();
    part->set_kind(kind);
    part->set_points(points);
    part->set_most(most);
    part->set_count(count);
    part->set_total(total);
    slot.set_score(slot.score() + points);
  }

  void AddParts(size_t at, Slot& slot) const {
    const auto people = [&](Slot::ScorePart::Kind kind, Part part, int most) {
      int count = 0, total = 0;
      for (size_t i = 0; i < query_.attendees.size(); ++i) {
        if (query_.attendees[i].part != part) continue;
        ++total;
        count += CanAttend(at, i, {}) ? 1 : 0;
      }
      AddPart(slot, kind, total == 0 ? most : most * count / total, most, count, total);
    };
    people(Slot::ScorePart::PRINCIPALS_IN_PERSON, Part::kPrincipal, 40);
    people(Slot::ScorePart::OPTIONAL_FREE, Part::kOptional, 20);
    people(Slot::ScorePart::OBSERVERS_FREE, Part::kObserver, 10);
    const int64_t wide = starts_.back() - starts_.front();
    AddPart(slot, Slot::ScorePart::SOONER,
            wide == 0 ? 20 : static_cast<int>(20 * (starts_.back() - starts_[at]) / wide), 20, 0, 0);
    const auto local = absl::ToCivilMinute(absl::FromUnixSeconds(starts_[at]), query_.hours[query_.host_hours].zone);
    const int minute = local.hour() * 60 + local.minute();
    const int away = std::min(std::abs(minute - 570), std::abs(minute - 870));
    AddPart(slot, Slot::ScorePart::TIME_OF_DAY, std::max(0, 10 - away / 30), 10, 0, 0);
  }

  // Whether it is not known of any of its moments whether they are holidays.
  bool IsUnsure(const Hours& hours, size_t at) const {
    for (int64_t moment = starts_[at]; moment < starts_[at] + length_; moment += kGrid) {
      const auto year = absl::ToCivilYear(absl::FromUnixSeconds(moment), hours.zone).year();
      if (hours.workdays == nullptr || !hours.workdays->HasYear(year)) return true;
    }
    return false;
  }

  void AddPeople(size_t at, Slot& slot) const {
    std::vector<std::string> seat(query_.attendees.size());  // Whose seat each has.
    std::vector<int> present(query_.parties.size(), 0);
    std::set<size_t> filled;
    for (const bool principals : {true, false}) {
      for (size_t i = 0; i < seat.size(); ++i) {
        const Attendee& attendee = query_.attendees[i];
        const size_t of = principals ? i : attendee.principal;
        if (attendee.part != (principals ? Part::kPrincipal : Part::kAlternate) || filled.contains(of) ||
            !CanAttend(at, i, {}))
          continue;
        filled.insert(of);
        seat[i] = query_.attendees[of].calendar;
        ++present[attendee.party];
      }
    }
    for (size_t i = 0; i < seat.size(); ++i) {
      const Attendee& attendee = query_.attendees[i];
      if (attendee.part == Part::kAlternate && seat[i].empty() && CanAttend(at, i, {}) &&
          present[attendee.party] < query_.parties[attendee.party].quorum) {
        seat[i] = attendee.calendar;
        ++present[attendee.party];
      }
      if (!seat[i].empty()) {
        Slot::Attendee* added = slot.add_attendees();
        added->set_calendar(attendee.calendar);
        if (seat[i] != attendee.calendar) added->set_stands_in_for(seat[i]);
        added->mutable_hold_start_time()->set_seconds(starts_[at] - attendee.before * kGrid);
        added->mutable_hold_end_time()->set_seconds(starts_[at] + length_ + attendee.after * kGrid);
        const Hours& hours = query_.hours[attendee.time.hours];
        if (!hours.every_day && IsUnsure(hours, at)) slot.set_tentative(true);
      }
      if ((attendee.part == Part::kOptional || attendee.part == Part::kObserver) && !CanAttend(at, i, {}))
        slot.add_absent(attendee.calendar);
    }
  }

  void Rank(const std::vector<size_t>& feasible, FindSlotsResponse& response) const {
    std::vector<Slot> slots;
    for (const size_t at : feasible) {
      Slot& slot = slots.emplace_back();
      slot.mutable_start_time()->set_seconds(starts_[at]);
      slot.mutable_end_time()->set_seconds(starts_[at] + length_);
      AddParts(at, slot);
    }
    std::stable_sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) { return a.score() > b.score(); });
    for (Slot& slot : slots) {
      if (response.slots_size() == static_cast<int>(query_.most_slots)) return;
      const int64_t start = slot.start_time().seconds();
      const bool overlaps = std::any_of(response.slots().begin(), response.slots().end(), [&](const Slot& better) {
        return Overlap({better.start_time().seconds(), better.end_time().seconds()}, {start, start + length_});
      });
      if (overlaps && !query_.overlapping) continue;
      const auto at = static_cast<size_t>((start - starts_.front()) / kGrid);
      if (query_.room) slot.set_room(query_.rooms[static_cast<size_t>(RoomAt(at, {}))].calendar);
      slot.set_tentative(IsUnsure(query_.hours[query_.host_hours], at));
      AddPeople(at, slot);
      *response.add_slots() = std::move(slot);
    }
  }

  const SlotInstance& instance_;
  const SlotQuery& query_;
  int64_t length_ = 0;
  std::vector<int64_t> starts_;
  const KnownFaults& known_;
  std::vector<bool> fits_;       // By room.
  std::vector<bool> in_window_;  // By beginning, as the next.
  std::vector<std::vector<Faults>> people_, rooms_;
  std::vector<int> present_;  // To count in.
};

}  // namespace

FindSlotsResponse SlowFindSlots(const SlotInstance& instance) { return SlowSearch(instance).Run(); }

}  // namespace duikou::testing
