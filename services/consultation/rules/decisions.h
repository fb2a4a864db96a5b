#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_DECISIONS_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_DECISIONS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/consultation/v1/proceeding.pb.h"

// 议定事项, and the tasks that they become: one in the city of each lead unit, exactly once.
namespace duikou::consultation::rules {

// A decision may be written, changed or taken out while its consultation is HELD and it is not agreed. Reasons:
// CONSULTATION_STATE_FORBIDS, DECISION_AGREED.
absl::Status CheckOpen(const v1::Decision& decision, const v1::Consultation& consultation);

// What a decision must be besides the limits of its fields. Reasons: AGENDA_ITEM_OF_OTHERS (of another
// consultation), UNIT_OF_NO_PARTY, UNIT_TWICE, DUE_DATE_PAST.
absl::Status CheckDecision(const v1::Decision& decision, const v1::Consultation& consultation, absl::CivilDay today);

// DRAFTED→AGREED, with a place for the task of each city of a lead unit. Without effect on what is agreed.
void Agree(v1::Decision& decision);

// The task that it became in the city that its name says; with the last one →TASKED. What the
// registry says last counts, as it has told before it found the name taken. Reasons: DECISION_NOT_AGREED,
// CITY_WITHOUT_LEAD.
absl::Status LinkTask(v1::Decision& decision, const std::string& task);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_DECISIONS_H_
