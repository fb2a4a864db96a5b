#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_HOLDS_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_HOLDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/consultation/v1/calendar.pb.h"
#include "duikou/consultation/v1/consultation.pb.h"

// Holds of time stand on the calendars that they take. Taking and releasing rewrite the calendar's record, so that of
// two transactions that take from one calendar one always sees the other; a question to a list would not do.
namespace duikou::consultation::rules {

// What a consultation takes of one calendar.
struct Claim {
  std::string calendar;
  absl::Time start;
  absl::Time end;
  friend bool operator==(const Claim&, const Claim&) = default;
};

// What a slot takes: of those who attend, with their travel, and of the room. By calendar.
std::vector<Claim> ClaimsOf(const v1::Slot& slot);

// What must be taken, what must be released, to come from one slot to another. A calendar in both is in `take` alone:
// its new hold stands in place of the old one.
struct HoldChange {
  std::vector<Claim> take;
  std::vector<std::string> release;  // Calendars.
};
HoldChange ChangeOf(const std::vector<Claim>& before, const std::vector<Claim>& after);

// Whether the calendar's time is taken by nothing but the consultation itself; holds that have expired do not count.
// Reasons: HOLD_CONFLICT, naming the consultation in conflict to who may know of it.
absl::Status CheckFree(const v1::Calendar& calendar, const v1::Consultation& consultation, const Claim& claim,
                       const Caller& by, absl::Time now);

// Puts a hold in place of the one that the consultation had on the calendar, and drops those that have expired or were
// over a month ago. It expires as the consultation says. Reasons: HOLD_CONFLICT.
absl::Status Take(v1::Calendar& calendar, const v1::Consultation& consultation, const Claim& claim, const Caller& by,
                  absl::Time now);

// Without effect where it has none.
void Release(v1::Calendar& calendar, const v1::Consultation& consultation);

// Of a consultation that was confirmed: its hold no longer expires. Reasons: HOLD_LOST.
absl::Status MakeFirm(v1::Calendar& calendar, const v1::Consultation& consultation);

// A calendar is deleted with no live holds on it alone. Reasons: CALENDAR_HELD, naming the consultation to who may know
// of it.
absl::Status CheckUnheld(const v1::Calendar& calendar, const Caller& by, absl::Time now);

// Which consultation holds time is told to who may know it (disclosure.h). For others the time is held, and nothing
// else. It may be edited as a DRAFT alone, which holds nothing: so it says of a hold what it said when it took it.
void ConcealConsultations(const Caller& by, v1::Calendar& calendar);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_HOLDS_H_
