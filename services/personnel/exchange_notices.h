#ifndef DUIKOU_SERVICES_PERSONNEL_EXCHANGE_NOTICES_H_
#define DUIKOU_SERVICES_PERSONNEL_EXCHANGE_NOTICES_H_

#include <string>

#include "common/store/txn.h"
#include "duikou/personnel/v1/exchange.pb.h"

namespace duikou::personnel {

// Tells a side, on a day; `detail` is the reason given, or what makes the notice one of its own: the days before an
// end. What has been told is not told again.
absl::Status Tell(Txn& txn, const v1::Engagement& engagement, v1::ExchangeNotice::Kind kind, v1::Engagement::Side side,
                  absl::CivilDay day, const std::string& detail);

absl::StatusOr<v1::ExchangeNotice> ConfirmExchangeNotice(Txn& txn, const Caller& caller,
                                                         const v1::ConfirmExchangeNoticeRequest& request);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_EXCHANGE_NOTICES_H_
