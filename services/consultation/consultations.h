#ifndef DUIKOU_SERVICES_CONSULTATION_CONSULTATIONS_H_
#define DUIKOU_SERVICES_CONSULTATION_CONSULTATIONS_H_

#include <string>

#include "common/store/txn.h"
#include "duikou/consultation/v1/consultations.pb.h"

// What a consultation is about and who comes: drafts, participants, attendance, the end. When it is: scheduling.h.
namespace duikou::consultation {

absl::Status OnCreateConsultation(Txn& txn, const Caller& caller, v1::Consultation& consultation);
absl::Status OnUpdateConsultation(Txn& txn, const Caller& caller, const v1::Consultation& before,
                                  v1::Consultation& after);
absl::Status OnDeleteConsultation(Txn& txn, const Caller& caller, const v1::Consultation& consultation);

// A draft under its name, with participants of any of its parties: fills in what it leaves out, and its number.
absl::Status StartDraft(Txn& txn, v1::Consultation& consultation);

absl::StatusOr<v1::Consultation> NameParticipants(Txn& txn, const Caller& caller,
                                                  const v1::NameParticipantsRequest& request);
absl::StatusOr<v1::Consultation> RecordAttendance(Txn& txn, const Caller& caller,
                                                  const v1::RecordAttendanceRequest& request);
absl::StatusOr<v1::Consultation> CloseConsultation(Txn& txn, const Caller& caller,
                                                   const v1::CloseConsultationRequest& request);

// Lets the series that it is a turn of know what became of it, and who may see it.
absl::Status SettleSeries(Txn& txn, const v1::Consultation& consultation);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_CONSULTATIONS_H_
