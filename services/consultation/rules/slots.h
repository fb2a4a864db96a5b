#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_SLOTS_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_SLOTS_H_

#include "duikou/consultation/v1/slot.pb.h"
#include "services/consultation/rules/slot_query.h"

namespace duikou::consultation::rules {

// FindSlots 找时间. A slot is feasible when it lies in a window, each principal or one of his alternates can take part,
// each party's principals and alternates who can reach its quorum, and a room that fits is free where one is needed.
// Who can take part is free from the way there to the way back, and the slot itself lies in his working hours, on a day
// that he works, and not over lunch. Those OPTIONAL and OBSERVER never block.
//
// Of feasible slots the best of each time are given: one that overlaps a better one is left out, unless asked for.
// Without any, the smallest sets of one or two people or constraints whose release gives one. The same question always
// has the same answer.
v1::FindSlotsResponse FindSlots(const SlotQuery& query);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_SLOTS_H_
