#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_RELEASE_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_RELEASE_H_

#include <vector>

#include "duikou/consultation/v1/slot.pb.h"
#include "services/consultation/rules/slot_rows.h"

namespace duikou::consultation::rules {

// All smallest sets of one or two people or constraints whose release gives a slot, where there is none: by size, then
// by the first slot that each gives, then by their members. At most `most`; `more` says whether there are others.
std::vector<v1::BlockingSet> BlockingSets(const SlotRows& rows, size_t most, bool& more);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_RELEASE_H_
