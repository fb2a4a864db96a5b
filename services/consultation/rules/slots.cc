#include "services/consultation/rules/slots.h"

#include <utility>

#include "services/consultation/rules/slot_ranking.h"
#include "services/consultation/rules/slot_release.h"
#include "services/consultation/rules/slot_rows.h"

namespace duikou::consultation::rules {

v1::FindSlotsResponse FindSlots(const SlotQuery& query) {
  v1::FindSlotsResponse response;
  const SlotRows rows(query);
  if (!rows.in_hull().Any()) return response;
  const SlotRows::Starts starts = rows.Together();
  const BitRow feasible = FeasibleStarts(rows, starts);
  response.set_feasible_starts(static_cast<int32_t>(feasible.Count()));
  if (feasible.Any()) {
    for (v1::Slot& slot : BestSlots(rows, starts, feasible)) *response.add_slots() = std::move(slot);
    return response;
  }
  bool more = false;
  for (v1::BlockingSet& set : BlockingSets(rows, query.most_blocking_sets, more))
    *response.add_blocking_sets() = std::move(set);
  response.set_more_blocking_sets(more);
  return response;
}

}  // namespace duikou::consultation::rules
