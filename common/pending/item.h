#ifndef DUIKOU_COMMON_PENDING_ITEM_H_
#define DUIKOU_COMMON_PENDING_ITEM_H_

#include <tuple>

#include "absl/time/civil_time.h"
#include "duikou/pending/v1/pending.pb.h"

namespace duikou::pending {

using Item = duikou::pending::v1::PendingItem;

inline absl::CivilDay DueOf(const Item& item) {
  return absl::CivilDay(item.due_date().year(), item.due_date().month(), item.due_date().day());
}
inline void SetDue(Item& item, const duikou::type::v1::Date& due, absl::CivilDay today) {
  *item.mutable_due_date() = due;
  item.set_overdue(DueOf(item) < today);
}

// Less is more urgent: what is overdue, then by due date, what has none behind.
inline std::tuple<bool, bool, absl::CivilDay> UrgencyOf(const Item& item) {
  return {!item.overdue(), !item.has_due_date(), item.has_due_date() ? DueOf(item) : absl::CivilDay()};
}

}  // namespace duikou::pending

#endif  // DUIKOU_COMMON_PENDING_ITEM_H_
