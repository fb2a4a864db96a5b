#ifndef DUIKOU_SERVICES_TECHTRANSFER_REGISTRATION_H_
#define DUIKOU_SERVICES_TECHTRANSFER_REGISTRATION_H_

#include <string>

#include "common/store/change_each.h"
#include "duikou/techtransfer/v1/contracts.pb.h"

// 认定登记, recorded as the office outside decides it.
namespace duikou::techtransfer {

absl::StatusOr<v1::Contract> SubmitRegistration(Txn& txn, const Caller& caller,
                                                const v1::SubmitRegistrationRequest& request);
absl::StatusOr<v1::Contract> AcceptRegistration(Txn& txn, const Caller& caller,
                                                const v1::AcceptRegistrationRequest& request);
absl::StatusOr<v1::Contract> RequestSupplement(Txn& txn, const Caller& caller,
                                               const v1::RequestSupplementRequest& request);
absl::StatusOr<v1::Contract> StartExpertReview(Txn& txn, const Caller& caller,
                                               const v1::StartExpertReviewRequest& request);
absl::StatusOr<v1::Contract> RegisterContract(Txn& txn, const Caller& caller,
                                              const v1::RegisterContractRequest& request);
absl::StatusOr<v1::Contract> RefuseRegistration(Txn& txn, const Caller& caller,
                                                const v1::RefuseRegistrationRequest& request);
absl::StatusOr<v1::Contract> AmendContract(Txn& txn, const Caller& caller, const v1::AmendContractRequest& request);
absl::StatusOr<v1::Contract> CancelContract(Txn& txn, const Caller& caller, const v1::CancelContractRequest& request);

// The days on which the office decides, by the holidays of a city, "cities/210800", as they are now: of every contract
// whose clock runs there.
absl::Status RecomputeDueDates(Txn& txn, store::Portion& portion, const std::string& city);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_REGISTRATION_H_
