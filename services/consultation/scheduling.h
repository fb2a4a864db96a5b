#ifndef DUIKOU_SERVICES_CONSULTATION_SCHEDULING_H_
#define DUIKOU_SERVICES_CONSULTATION_SCHEDULING_H_

#include "common/store/txn.h"
#include "duikou/consultation/v1/consultations.pb.h"
#include "services/consultation/busy_grids.h"

// When a consultation is: slots sought and held, answered, confirmed, moved, let go. Whatever takes or releases time
// rewrites the calendars in the transaction that changes the consultation (rules/holds.h).
namespace duikou::consultation {

absl::StatusOr<v1::FindSlotsResponse> FindSlots(const View& view, const Caller& caller, BusyGrids& grids,
                                                const v1::FindSlotsRequest& request);
absl::StatusOr<v1::Consultation> ProposeConsultation(Txn& txn, const Caller& caller,
                                                     const v1::ProposeConsultationRequest& request);
absl::StatusOr<v1::Consultation> RescheduleConsultation(Txn& txn, const Caller& caller,
                                                        const v1::RescheduleConsultationRequest& request);
absl::StatusOr<v1::Consultation> AnswerConsultation(Txn& txn, const Caller& caller,
                                                    const v1::AnswerConsultationRequest& request);
absl::StatusOr<v1::Consultation> ConfirmConsultation(Txn& txn, const Caller& caller,
                                                     const v1::ConfirmConsultationRequest& request);
absl::StatusOr<v1::Consultation> CancelConsultation(Txn& txn, const Caller& caller,
                                                    const v1::CancelConsultationRequest& request);

// PROPOSED→DRAFT of what nobody confirmed in time, and all are told; false where there is nothing to do.
absl::StatusOr<bool> ExpireHolds(Txn& txn, v1::Consultation consultation);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_SCHEDULING_H_
