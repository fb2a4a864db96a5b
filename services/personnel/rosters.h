#ifndef DUIKOU_SERVICES_PERSONNEL_ROSTERS_H_
#define DUIKOU_SERVICES_PERSONNEL_ROSTERS_H_

#include "common/store/txn.h"
#include "duikou/personnel/v1/exchange_planning.pb.h"

namespace duikou::personnel {

absl::StatusOr<v1::ExportRosterResponse> ExportRoster(const View& view, const Caller& caller,
                                                      const v1::ExportRosterRequest& request);
absl::StatusOr<v1::DraftApprovalFormResponse> DraftApprovalForm(const View& view, const Caller& caller,
                                                                const v1::DraftApprovalFormRequest& request);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_ROSTERS_H_
