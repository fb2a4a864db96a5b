#ifndef DUIKOU_SERVICES_PERSONNEL_MATCHES_H_
#define DUIKOU_SERVICES_PERSONNEL_MATCHES_H_

#include "common/store/txn.h"
#include "duikou/personnel/v1/exchange_planning.pb.h"

namespace duikou::personnel {

absl::StatusOr<v1::MatchNominationsResponse> MatchNominations(const View& view, const Caller& caller,
                                                              const v1::MatchNominationsRequest& request);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_MATCHES_H_
