#ifndef DUIKOU_SERVICES_CONSULTATION_ROTATION_H_
#define DUIKOU_SERVICES_CONSULTATION_ROTATION_H_

#include "common/store/txn.h"
#include "duikou/consultation/v1/rotation.pb.h"

// 例会: whose turn it is to host, and how often cities met.
namespace duikou::consultation {

absl::Status OnCreateSeries(Txn& txn, const Caller& caller, v1::Series& series);
absl::Status OnUpdateSeries(Txn& txn, const Caller& caller, const v1::Series& before, v1::Series& after);
absl::StatusOr<v1::ListTurnsResponse> ListTurns(const View& view, const Caller& caller,
                                                const v1::ListTurnsRequest& request);
absl::StatusOr<v1::Series> SkipTurn(Txn& txn, const Caller& caller, const v1::SkipTurnRequest& request);
absl::StatusOr<v1::CountConsultationsResponse> CountConsultations(const View& view, const Caller& caller,
                                                                  const v1::CountConsultationsRequest& request);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_ROTATION_H_
