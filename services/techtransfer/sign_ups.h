#ifndef DUIKOU_SERVICES_TECHTRANSFER_SIGN_UPS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_SIGN_UPS_H_

#include "common/store/txn.h"
#include "duikou/techtransfer/v1/events.pb.h"

// 报名 for events. Each sign-up and withdrawal changes the event, so that the last seat is taken once.
namespace duikou::techtransfer {

absl::Status OnCreateSignUp(Txn& txn, const Caller& caller, v1::SignUp& sign_up);
absl::Status OnUpdateSignUp(Txn& txn, const Caller& caller, const v1::SignUp& before, v1::SignUp& after);
absl::StatusOr<v1::SignUp> WithdrawSignUp(Txn& txn, const Caller& caller, const v1::WithdrawSignUpRequest& request);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_SIGN_UPS_H_
