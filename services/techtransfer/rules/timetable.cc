#include "services/techtransfer/rules/timetable.h"

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "services/techtransfer/rules/dates.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Event;
using v1::SignUp;

// A meeting keeps others from two times of a session at most, so that a pair finds its time among the first so many of
// a session, or in none: sessions may be longer than anybody can count.
constexpr int kTimesOfSession = 2 * kMaxMeetings + 1;

// Half-open.
struct Slot {
  absl::Time start, end;

  friend bool operator<(const Slot& a, const Slot& b) { return std::tie(a.start, a.end) < std::tie(b.start, b.end); }
  friend bool operator==(const Slot&, const Slot&) = default;
};

// When somebody, or a table, is taken.
class Taken {
 public:
  bool Overlaps(const Slot& slot) const {
    const auto next = until_.lower_bound(slot.end);
    return next != until_.begin() && std::prev(next)->second > slot.start;
  }
  void Add(const Slot& slot) { until_.emplace(slot.start, slot.end); }

 private:
  std::map<absl::Time, absl::Time> until_;  // By start; they do not overlap.
};

struct Pair {
  const SignUp* first;
  const SignUp* second;
  bool mutual;
  int ranks;

  auto Order() const {
    return std::tuple(!mutual, ranks,
                      std::tie(first->unit_title(), second->unit_title(), first->name(), second->name()));
  }
};

struct Placed {
  Slot slot;
  int table;  // From 1.
  const Pair* pair;
};

std::vector<Slot> SlotsOf(const Event& event) {
  const absl::Duration length =
      absl::Minutes(event.meeting_minutes() > 0 ? event.meeting_minutes() : kDefaultMeetingMinutes);
  std::vector<Slot> slots;
  for (const Event::Session& session : event.sessions()) {
    if (!session.meetings()) continue;
    absl::Time start = ToTime(session.start_time());
    const absl::Time end = ToTime(session.end_time());
    for (int i = 0; i < kTimesOfSession && start + length <= end; ++i, start += length)
      slots.push_back({start, start + length});
  }
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  return slots;
}

// The dearest is 1; nullopt for no wish.
std::optional<int> RankOf(const SignUp& wisher, const std::string& unit) {
  const auto found = std::find(wisher.wishes().begin(), wisher.wishes().end(), unit);
  if (found == wisher.wishes().end()) return std::nullopt;
  return static_cast<int>(found - wisher.wishes().begin()) + 1;
}

// Each pair once, the first to be placed first.
std::vector<Pair> PairsOf(const std::vector<SignUp>& sign_ups) {
  std::unordered_map<std::string, const SignUp*> by_unit;
  for (const SignUp& sign_up : sign_ups) by_unit.emplace(sign_up.unit(), &sign_up);
  std::vector<Pair> pairs;
  for (const SignUp& wisher : sign_ups) {
    for (const std::string& wish : wisher.wishes()) {
      const auto found = by_unit.find(wish);
      if (found == by_unit.end() || found->second == &wisher) continue;
      const SignUp& wished = *found->second;
      const std::optional<int> back = RankOf(wished, wisher.unit());
      const bool before = std::tie(wisher.unit_title(), wisher.name()) < std::tie(wished.unit_title(), wished.name());
      pairs.push_back({.first = before ? &wisher : &wished,
                       .second = before ? &wished : &wisher,
                       .mutual = back.has_value(),
                       .ranks = *RankOf(wisher, wish) + back.value_or(0)});
    }
  }
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.Order() < b.Order(); });
  // A mutual wish is found from both sides, and a unit may be wished for twice.
  const auto same = [](const Pair& a, const Pair& b) { return a.first == b.first && a.second == b.second; };
  pairs.erase(std::unique(pairs.begin(), pairs.end(), same), pairs.end());
  return pairs;
}

class Layout {
 public:
  Layout(const std::vector<Slot>& slots, int tables)
      : open_(slots.begin(), slots.end()), tables_(static_cast<size_t>(tables)) {}

  // False where no table is free at any time any more.
  bool Place(const Pair& pair) {
    Taken& first = taken_[pair.first];
    Taken& second = taken_[pair.second];
    for (auto slot = open_.begin(); slot != open_.end();) {
      if (first.Overlaps(*slot) || second.Overlaps(*slot)) {
        ++slot;
        continue;
      }
      const auto table =
          std::find_if(tables_.begin(), tables_.end(), [&](const Taken& each) { return !each.Overlaps(*slot); });
      if (table == tables_.end()) {
        slot = open_.erase(slot);  // Nothing is ever freed again.
        continue;
      }
      for (Taken* each : {&first, &second, &*table}) each->Add(*slot);
      placed_.push_back({*slot, static_cast<int>(table - tables_.begin()) + 1, &pair});
      break;
    }
    return !open_.empty();
  }
  std::vector<Placed>& placed() { return placed_; }

 private:
  std::list<Slot> open_;  // In their order, without those known to have no table left.
  std::vector<Taken> tables_;
  std::unordered_map<const SignUp*, Taken> taken_;
  std::vector<Placed> placed_;
};

Event::Meeting MeetingOf(const Placed& placed, size_t number) {
  Event::Meeting meeting;
  meeting.set_id(absl::StrCat("m", number));
  *meeting.mutable_start_time() = ToTimestamp(placed.slot.start);
  *meeting.mutable_end_time() = ToTimestamp(placed.slot.end);
  meeting.set_table(placed.table);
  meeting.set_first(placed.pair->first->name());
  meeting.set_second(placed.pair->second->name());
  meeting.set_first_title(placed.pair->first->unit_title());
  meeting.set_second_title(placed.pair->second->unit_title());
  return meeting;
}

}  // namespace

std::vector<Event::Meeting> LayOut(const Event& event, const std::vector<SignUp>& sign_ups) {
  const std::vector<Pair> pairs = PairsOf(sign_ups);
  Layout layout(SlotsOf(event), event.tables());
  std::vector<Placed>& placed = layout.placed();
  for (const Pair& pair : pairs) {
    if (!layout.Place(pair) || placed.size() == kMaxMeetings) break;
  }
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    return std::tie(a.slot.start, a.table) < std::tie(b.slot.start, b.table);
  });
  std::vector<Event::Meeting> meetings;
  for (const Placed& each : placed) meetings.push_back(MeetingOf(each, meetings.size() + 1));
  return meetings;
}

}  // namespace duikou::techtransfer::rules
