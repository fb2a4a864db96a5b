#ifndef DUIKOU_SERVICES_PERSONNEL_QUOTAS_H_
#define DUIKOU_SERVICES_PERSONNEL_QUOTAS_H_

#include <string>
#include <vector>

#include "common/store/txn.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/exchange_planning.pb.h"
#include "services/personnel/rules/term.h"

namespace duikou::personnel {

absl::Status OnCreateQuota(Txn& txn, const Caller& caller, v1::Quota& quota);
absl::Status OnUpdateQuota(Txn& txn, const Caller& caller, const v1::Quota& before, v1::Quota& after);
absl::Status OnDeleteQuota(Txn& txn, const Caller& caller, const v1::Quota& quota);

// The partnership that is named in `field` of the request must be between the two cities on one of these days
// (rules/partnership.h). Asked when a record is made: who amends terms names no partnership, and the transaction knows
// none; an engagement that runs on when its partnership ends is for people to end.
absl::Status CheckPartnership(const Txn& txn, const std::string& name, const std::string& home_city,
                              const std::string& host_city, const rules::DayRange& days, const char* field);

// What an engagement's seat comes to by its state, with the quotas to be stored with it. A seat is reserved for what is
// proposed, not stored yet, and for terms that come to be of another quota. A quota is read and written
// whenever a seat of it changes hands, so that of two claims made at once one sees the other.
absl::StatusOr<std::vector<v1::Quota>> TakeSeat(const View& view, v1::Engagement& engagement);

absl::StatusOr<v1::GetBalanceResponse> GetBalance(const View& view, const Caller& caller,
                                                  const v1::GetBalanceRequest& request);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_QUOTAS_H_
