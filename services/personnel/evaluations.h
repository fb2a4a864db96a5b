#ifndef DUIKOU_SERVICES_PERSONNEL_EVALUATIONS_H_
#define DUIKOU_SERVICES_PERSONNEL_EVALUATIONS_H_

#include "common/store/txn.h"
#include "duikou/personnel/v1/exchange.pb.h"

namespace duikou::personnel {

absl::Status OnCreateEvaluation(Txn& txn, const Caller& caller, v1::Evaluation& evaluation);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_EVALUATIONS_H_
