#ifndef DUIKOU_SERVICES_CONSULTATION_NOTICES_H_
#define DUIKOU_SERVICES_CONSULTATION_NOTICES_H_

#include <string>

#include "common/store/txn.h"
#include "duikou/consultation/v1/consultations.pb.h"

namespace duikou::consultation {

// Tells the parties of a consultation, as it was just stored, what was done to it; but for the city that did it.
// `detail` is what people wrote, or the participant's title.
absl::Status TellParties(Txn& txn, const v1::Consultation& consultation, v1::ConsultationNotice::Kind kind,
                         const std::string& detail);
absl::StatusOr<v1::ConsultationNotice> ConfirmConsultationNotice(Txn& txn, const Caller& caller,
                                                                 const v1::ConfirmConsultationNoticeRequest& request);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_NOTICES_H_
