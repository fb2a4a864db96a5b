#ifndef DUIKOU_TESTS_UNIT_SLOT_ORACLE_H_
#define DUIKOU_TESTS_UNIT_SLOT_ORACLE_H_

#include <deque>
#include <random>
#include <vector>

#include "duikou/consultation/v1/slot.pb.h"
#include "services/consultation/rules/slot_query.h"

namespace duikou::testing {

using consultation::rules::Seconds;
using consultation::rules::SlotQuery;

// A question to FindSlots with all busy time as it was drawn; every moment in it is a multiple of 5 minutes.
struct SlotInstance {
  SlotQuery query;
  std::vector<std::vector<Seconds>> attendee_busy, room_busy;  // What is in the grids and besides.
  std::deque<consultation::rules::BusyGrid> grids;             // That the query points to.
};

// The same seed gives the same instances.
class SlotInstances {
 public:
  explicit SlotInstances(uint64_t seed);
  SlotInstance Next();

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  void DrawWindows(SlotInstance& instance);
  void DrawAttendees(SlotInstance& instance);
  void DrawRooms(SlotInstance& instance);
  consultation::rules::Timetable DrawTime(SlotInstance& instance, std::vector<Seconds>& busy);
  Seconds DrawRange(const SlotQuery& query, int most_minutes);

  std::mt19937_64 random_;
};

// What FindSlots must answer, found beginning by beginning, set by set, in steps of 5 minutes and by comparing ranges.
consultation::v1::FindSlotsResponse SlowFindSlots(const SlotInstance& instance);

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_UNIT_SLOT_ORACLE_H_
