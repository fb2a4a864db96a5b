#ifndef DUIKOU_SERVICES_TECHTRANSFER_CONTRACT_FIGURES_H_
#define DUIKOU_SERVICES_TECHTRANSFER_CONTRACT_FIGURES_H_

#include "common/store/txn.h"
#include "duikou/techtransfer/v1/contracts.pb.h"

namespace duikou::techtransfer {

// Of what the caller sees.
absl::StatusOr<v1::CountContractsResponse> CountContracts(const View& view, const Caller& caller,
                                                          const v1::CountContractsRequest& request);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_CONTRACT_FIGURES_H_
