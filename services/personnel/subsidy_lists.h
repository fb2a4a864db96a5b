#ifndef DUIKOU_SERVICES_PERSONNEL_SUBSIDY_LISTS_H_
#define DUIKOU_SERVICES_PERSONNEL_SUBSIDY_LISTS_H_

#include "common/store/txn.h"
#include "duikou/personnel/v1/subsidies.pb.h"

namespace duikou::personnel {

absl::StatusOr<v1::GetSubsidyBalanceResponse> GetSubsidyBalance(const View& view, const Caller& caller,
                                                                const v1::GetSubsidyBalanceRequest& request);
absl::StatusOr<v1::ExportSubsidyListResponse> ExportSubsidyList(const View& view, const Caller& caller,
                                                                const v1::ExportSubsidyListRequest& request);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_SUBSIDY_LISTS_H_
