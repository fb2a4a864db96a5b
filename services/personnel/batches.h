#ifndef DUIKOU_SERVICES_PERSONNEL_BATCHES_H_
#define DUIKOU_SERVICES_PERSONNEL_BATCHES_H_

#include "common/store/txn.h"
#include "duikou/personnel/v1/exchange_planning.pb.h"

namespace duikou::personnel {

absl::StatusOr<v1::SubmitBatchResponse> SubmitBatch(Txn& txn, const Caller& caller,
                                                    const v1::SubmitBatchRequest& request);
absl::StatusOr<v1::ApproveBatchResponse> ApproveBatch(Txn& txn, const Caller& caller,
                                                      const v1::ApproveBatchRequest& request);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_BATCHES_H_
