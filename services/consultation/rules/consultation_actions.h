#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_CONSULTATION_ACTIONS_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_CONSULTATION_ACTIONS_H_

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/consultation/v1/calendar.pb.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/consultation/v1/series.pb.h"
#include "services/consultation/rules/holds.h"

// What is done to a consultation. Each also gives CONSULTATION_STATE_FORBIDS. What an action changes of the calendars'
// holds it answers: the caller takes and releases them in the same transaction, and the whole comes to nothing where a
// hold cannot be taken.
namespace duikou::consultation::rules {

// How long holds last that nobody confirms, by the host city's settings.
absl::Duration HoldLength(const v1::ConsultationSettings& settings);

// DRAFT→PROPOSED with a slot that FindSlots found feasible.
absl::StatusOr<HoldChange> Propose(v1::Consultation& consultation, v1::Slot slot, absl::Duration hold, absl::Time now);

// PROPOSED or CONFIRMED→PROPOSED with another slot; answers begin anew.
absl::StatusOr<HoldChange> Reschedule(v1::Consultation& consultation, v1::Slot slot, const std::string& reason,
                                      absl::Duration hold, absl::Time now);

// Whether the holds of what is PROPOSED still last, whether the run that lets them expire came or not. Reasons:
// HOLDS_EXPIRED.
absl::Status CheckHoldsLive(const v1::Consultation& consultation, absl::Time now);

// PROPOSED→CONFIRMED; each calendar of its slot is then made firm. Reasons: HOLDS_EXPIRED, PRINCIPAL_DECLINED,
// QUORUM_NOT_REACHED.
absl::Status Confirm(v1::Consultation& consultation, absl::Time now);

// →CANCELLED.
absl::StatusOr<HoldChange> Cancel(v1::Consultation& consultation, const std::string& reason);

// PROPOSED→DRAFT once its holds have expired; false where they have not, or there are none.
bool ExpireHolds(v1::Consultation& consultation, absl::Time now, HoldChange& change);

// CONFIRMED→HELD, or a correction of what was recorded. Reasons: NOT_BEGUN, NOT_A_PARTICIPANT.
absl::Status RecordAttendance(v1::Consultation& consultation, const std::set<std::string>& attended, absl::Time now);

// HELD→MINUTED, of minutes that all have signed (CheckSigned).
absl::Status MarkMinuted(v1::Consultation& consultation);

// MINUTED→CLOSED. `open_decision` is a decision that has not become tasks yet, empty without one. Reasons:
// DECISION_WITHOUT_TASK.
absl::Status Close(v1::Consultation& consultation, const std::string& open_decision);

// Whether every principal's seat is filled and every quorum reached, by those whom the slot takes. Reasons:
// PRINCIPAL_DECLINED, QUORUM_NOT_REACHED.
absl::Status CheckComplete(const v1::Consultation& consultation);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_CONSULTATION_ACTIONS_H_
