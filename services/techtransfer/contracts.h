#ifndef DUIKOU_SERVICES_TECHTRANSFER_CONTRACTS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_CONTRACTS_H_

#include "common/store/txn.h"
#include "duikou/techtransfer/v1/contracts.pb.h"

// 技术合同, before their registration (registration.h).
namespace duikou::techtransfer {

absl::Status OnCreateContract(Txn& txn, const Caller& caller, v1::Contract& contract);
absl::Status OnUpdateContract(Txn& txn, const Caller& caller, const v1::Contract& before, v1::Contract& after);
absl::Status OnDeleteContract(Txn& txn, const Caller& caller, const v1::Contract& contract);

// A contract that holds no more is no more counted on its offer and demand, and an offer that it closed is open again.
absl::Status ReleaseListings(Txn& txn, const v1::Contract& contract);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_CONTRACTS_H_
