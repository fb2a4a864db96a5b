#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_RANKING_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_RANKING_H_

#include <vector>

#include "duikou/consultation/v1/slot.pb.h"
#include "services/consultation/rules/slot_rows.h"

namespace duikou::consultation::rules {

// The feasible beginnings: bits of the rows.
BitRow FeasibleStarts(const SlotRows& rows, const SlotRows::Starts& starts);

// The best of them as slots, at most as many as asked for.
std::vector<v1::Slot> BestSlots(const SlotRows& rows, const SlotRows::Starts& starts, const BitRow& feasible);

// The room of a slot: the smallest that fits and is free; empty without one.
std::string RoomAt(const SlotRows& rows, size_t start, uint32_t relaxed);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_RANKING_H_
