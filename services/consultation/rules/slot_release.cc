#include "services/consultation/rules/slot_release.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "services/consultation/rules/slot_ranking.h"

namespace duikou::consultation::rules {
namespace {

using v1::BlockingSet;

// What can be released, numbered in the order of Release.Kind: attendees, quorums of parties, the room, the windows,
// and the constraints that bear on many calendars.
using Item = int;
using Pair = std::pair<Item, Item>;  // In ascending order; of a single one, twice the same.

struct Items {
  explicit Items(const SlotQuery& query)
      : quorum(static_cast<Item>(query.attendees.size())),
        room(quorum + static_cast<Item>(query.parties.size())),
        windows(room + 1),
        relaxed(room + 2) {}
  Item quorum, room, windows, relaxed;
};

constexpr std::array<Relaxed, 4> kRelaxed = {kTravel, kWorkingHours, kWorkdays, kLunch};

// Something that a slot needs.
struct Requirement {
  enum class Kind { kSeat, kQuorum, kRoom, kWindow };
  Kind kind;
  size_t index = 0;  // Of the seat or party.
  BitRow violated;   // The beginnings within the hull that lack it.
};

struct Found {
  std::vector<Item> items;
  size_t start = 0;
  uint32_t relaxed = kNothing;
};

// The sets with a given set of relaxed constraints: whoever is released besides is sought from what each beginning
// lacks.
class RelaxedSearch {
 public:
  explicit RelaxedSearch(const SlotRows& rows) : rows_(rows), items_(rows.query()) {
    for (size_t i = 0; i < rows.seats().size(); ++i) requirements_.push_back({Requirement::Kind::kSeat, i, {}});
    for (size_t party = 0; party < rows.query().parties.size(); ++party) {
      if (QuorumAsksMore(rows, party)) requirements_.push_back({Requirement::Kind::kQuorum, party, {}});
    }
    requirements_.push_back({Requirement::Kind::kRoom, 0, {}});
    requirements_.push_back({Requirement::Kind::kWindow, 0, {}});
  }

  // With other constraints relaxed; rows of the search before are used again, as there is much of them.
  void Relax(uint32_t relaxed) {
    rows_.EachBlocking(relaxed, starts_);
    present_.clear();
    for (size_t party = 0; party < rows_.query().parties.size(); ++party) present_.emplace_back(rows_.in_hull());
    for (Requirement& requirement : requirements_) FindViolated(requirement);
  }

  // The first beginning that lacks nothing; -1 without.
  int64_t FirstFeasible() const {
    BitRow all = rows_.in_hull();
    for (const Requirement& requirement : requirements_) all.Without(requirement.violated);
    int64_t first = -1;
    all.ForEach([&](size_t start) { return first = static_cast<int64_t>(start), false; });
    return first;
  }

  // Sets of exactly `size` items (1 or 2), none of which is in `useless`, with the first beginning of each. Ends after
  // the beginning at which there are more than `most`.
  std::map<Pair, size_t> Sets(int size, const std::set<Item>& useless, size_t most) {
    size_ = size;
    useless_ = &useless;
    found_.clear();
    const BitRow candidates = Candidates(size);
    for (size_t word = 0; word < candidates.words() && found_.size() <= most; ++word) {
      if (candidates.word(word) == 0) continue;
      std::vector<const Requirement*> here;
      for (const Requirement& requirement : requirements_) {
        if ((requirement.violated.word(word) & candidates.word(word)) != 0) here.push_back(&requirement);
      }
      for (uint64_t bits = candidates.word(word); bits != 0 && found_.size() <= most; bits &= bits - 1) {
        VisitStart(word * BitRow::kWordBits + static_cast<size_t>(std::countr_zero(bits)), here);
      }
    }
    return std::move(found_);
  }

 private:
  void FindViolated(Requirement& requirement) {
    const SlotQuery& query = rows_.query();
    requirement.violated = rows_.in_hull();
    switch (requirement.kind) {
      case Requirement::Kind::kSeat:
        for (const size_t member : rows_.seats()[requirement.index].members)
          requirement.violated.Without(starts_.attendees[member]);
        break;
      case Requirement::Kind::kQuorum: {
        BitCounter& present = present_[requirement.index];
        for (size_t i = 0; i < query.attendees.size(); ++i) {
          if (query.attendees[i].party == requirement.index && CountsForQuorum(query.attendees[i]))
            present.Add(starts_.attendees[i]);
        }
        requirement.violated.Without(present.AtLeast(query.parties[requirement.index].quorum));
        break;
      }
      case Requirement::Kind::kRoom:
        requirement.violated.Without(starts_.room);
        break;
      case Requirement::Kind::kWindow:
        requirement.violated.Without(rows_.in_windows());
        break;
    }
  }

  // Where few enough things lack for `size` releases to do. One person may fill a seat and help a quorum, so that
  // quorums are counted by themselves.
  BitRow Candidates(int size) const {
    BitRow result = rows_.in_hull();
    for (const bool quorums : {false, true}) {
      BitCounter lacking(rows_.in_hull());
      for (const Requirement& requirement : requirements_) {
        if ((requirement.kind == Requirement::Kind::kQuorum) == quorums) lacking.Add(requirement.violated);
      }
      result.Without(lacking.AtLeast(size + 1));
    }
    return result;
  }

  void VisitStart(size_t start, const std::vector<const Requirement*>& here) {
    start_ = start;
    lacking_.clear();
    for (const Requirement* requirement : here) {
      if (requirement->violated.Test(start)) lacking_.push_back(requirement);
    }
    if (lacking_.empty()) return;
    for (const Item first : Remedies(*lacking_.front())) {
      const Requirement* left = FirstLacking({first, first});
      if (size_ == 1) {
        if (left == nullptr) found_.emplace(Pair{first, first}, start);
        continue;
      }
      if (left == nullptr || useless_->contains(first)) continue;
      for (const Item second : Remedies(*left)) {
        const Pair pair = std::minmax(first, second);
        if (first == second || useless_->contains(second) || found_.contains(pair)) continue;
        if (FirstLacking(pair) == nullptr) found_.emplace(pair, start);
      }
    }
  }

  // What would help a requirement that is lacking.
  std::vector<Item> Remedies(const Requirement& requirement) const {
    const SlotQuery& query = rows_.query();
    std::vector<Item> remedies;
    switch (requirement.kind) {
      case Requirement::Kind::kSeat:
        for (const size_t member : rows_.seats()[requirement.index].members)
          remedies.push_back(static_cast<Item>(member));
        break;
      case Requirement::Kind::kQuorum:
        for (size_t i = 0; i < query.attendees.size(); ++i) {
          if (Helps(static_cast<Item>(i), requirement.index)) remedies.push_back(static_cast<Item>(i));
        }
        remedies.push_back(items_.quorum + static_cast<Item>(requirement.index));
        break;
      case Requirement::Kind::kRoom:
        remedies.push_back(items_.room);
        break;
      case Requirement::Kind::kWindow:
        remedies.push_back(items_.windows);
        break;
    }
    return remedies;
  }

  // Whether the item is one more person for the quorum of the party.
  bool Helps(Item item, size_t party) const {
    if (item >= items_.quorum) return false;
    const auto i = static_cast<size_t>(item);
    const Attendee& attendee = rows_.query().attendees[i];
    return attendee.party == party && CountsForQuorum(attendee) && !starts_.attendees[i].Test(start_);
  }

  const Requirement* FirstLacking(Pair released) const {
    for (const Requirement* requirement : lacking_) {
      if (!Satisfied(*requirement, released)) return requirement;
    }
    return nullptr;
  }

  bool Satisfied(const Requirement& requirement, Pair released) const {
    const auto has = [&](Item item) { return released.first == item || released.second == item; };
    switch (requirement.kind) {
      case Requirement::Kind::kSeat: {
        const std::vector<size_t>& members = rows_.seats()[requirement.index].members;
        return std::any_of(members.begin(), members.end(),
                           [&](size_t member) { return has(static_cast<Item>(member)); });
      }
      case Requirement::Kind::kQuorum: {
        if (has(items_.quorum + static_cast<Item>(requirement.index))) return true;
        int present = present_[requirement.index].CountAt(start_) + (Helps(released.first, requirement.index) ? 1 : 0);
        if (released.second != released.first && Helps(released.second, requirement.index)) ++present;
        return present >= rows_.query().parties[requirement.index].quorum;
      }
      case Requirement::Kind::kRoom:
        return has(items_.room);
      case Requirement::Kind::kWindow:
        return has(items_.windows);
    }
    return false;
  }

  const SlotRows& rows_;
  SlotRows::Starts starts_;
  const Items items_;
  std::vector<Requirement> requirements_;
  std::vector<BitCounter> present_;  // Of each party.
  int size_ = 1;
  const std::set<Item>* useless_ = nullptr;
  std::map<Pair, size_t> found_;
  size_t start_ = 0;
  std::vector<const Requirement*> lacking_;  // At start_.
};

class ReleaseSearch {
 public:
  ReleaseSearch(const SlotRows& rows, size_t most) : rows_(rows), items_(rows.query()), most_(most), search_(rows) {}

  std::vector<Found> Run() {
    search_.Relax(kNothing);
    for (const auto& [pair, start] : search_.Sets(1, singles_, static_cast<size_t>(items_.relaxed))) {
      Keep({pair.first}, start, kNothing);
      singles_.insert(pair.first);
    }
    AddPairs(search_.Sets(2, singles_, most_), -1, kNothing);
    // First each constraint alone: those that do are in no pair.
    for (size_t i = 0; i < kRelaxed.size(); ++i) RelaxOne(i);
    for (size_t i = 0; i < kRelaxed.size(); ++i) {
      for (size_t j = i + 1; j < kRelaxed.size(); ++j) RelaxTwo(i, j);
    }
    return std::move(found_);
  }

 private:
  Item ItemOf(size_t constraint) const { return items_.relaxed + static_cast<Item>(constraint); }
  bool Worth(size_t constraint) const {
    return rows_.Matters(kRelaxed[constraint]) && !singles_.contains(ItemOf(constraint));
  }
  void Keep(std::vector<Item> items, size_t start, uint32_t relaxed) {
    found_.push_back({std::move(items), start, relaxed});
  }
  void AddPairs(const std::map<Pair, size_t>& pairs, Item with, uint32_t relaxed) {
    for (const auto& [pair, start] : pairs) {
      Keep(with < 0 ? std::vector<Item>{pair.first, pair.second} : std::vector<Item>{pair.first, with}, start, relaxed);
    }
  }
  void RelaxOne(size_t i) {
    if (!Worth(i)) return;
    search_.Relax(kRelaxed[i]);
    if (const int64_t first = search_.FirstFeasible(); first >= 0) {
      Keep({ItemOf(i)}, static_cast<size_t>(first), kRelaxed[i]);
      singles_.insert(ItemOf(i));
      return;
    }
    std::map<Pair, size_t> sets = search_.Sets(1, singles_, static_cast<size_t>(items_.relaxed));
    std::erase_if(sets, [&](const auto& set) { return singles_.contains(set.first.first); });
    AddPairs(sets, ItemOf(i), kRelaxed[i]);
  }
  void RelaxTwo(size_t i, size_t j) {
    if (!Worth(i) || !Worth(j)) return;
    const uint32_t relaxed = kRelaxed[i] | kRelaxed[j];
    search_.Relax(relaxed);
    if (const int64_t first = search_.FirstFeasible(); first >= 0)
      Keep({ItemOf(i), ItemOf(j)}, static_cast<size_t>(first), relaxed);
  }

  const SlotRows& rows_;
  const Items items_;
  const size_t most_;
  RelaxedSearch search_;
  std::set<Item> singles_;  // Items that do alone.
  std::vector<Found> found_;
};

v1::Release ReleaseOf(const SlotQuery& query, Item item) {
  const Items items(query);
  v1::Release release;
  if (item < items.quorum) {
    release.set_kind(v1::Release::PERSON);
    release.set_calendar(query.attendees[static_cast<size_t>(item)].calendar);
  } else if (item < items.room) {
    release.set_kind(v1::Release::QUORUM);
    release.set_city(query.parties[static_cast<size_t>(item - items.quorum)].city);
  } else {
    release.set_kind(static_cast<v1::Release::Kind>(v1::Release::ROOM + (item - items.room)));
  }
  return release;
}

BlockingSet SetOf(const SlotRows& rows, const Found& found) {
  const SlotQuery& query = rows.query();
  BlockingSet set;
  for (const Item item : found.items) *set.add_releases() = ReleaseOf(query, item);
  const int64_t quantum = rows.first() + static_cast<int64_t>(found.start);
  set.mutable_start_time()->set_seconds(quantum * kQuantumSeconds);
  set.mutable_end_time()->set_seconds((quantum + query.length) * kQuantumSeconds);
  const Item room = Items(query).room;
  if (std::find(found.items.begin(), found.items.end(), room) == found.items.end())
    set.set_room(RoomAt(rows, found.start, found.relaxed));
  return set;
}

}  // namespace

std::vector<BlockingSet> BlockingSets(const SlotRows& rows, size_t most, bool& more) {
  std::vector<Found> found = ReleaseSearch(rows, most).Run();
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::forward_as_tuple(a.items.size(), a.start, a.items) <
           std::forward_as_tuple(b.items.size(), b.start, b.items);
  });
  more = found.size() > most;
  if (more) found.resize(most);
  std::vector<BlockingSet> sets;
  sets.reserve(found.size());
  for (const Found& each : found) sets.push_back(SetOf(rows, each));
  return sets;
}

}  // namespace duikou::consultation::rules
