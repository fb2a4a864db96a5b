#ifndef DUIKOU_SERVICES_PERSONNEL_WORKDAYS_H_
#define DUIKOU_SERVICES_PERSONNEL_WORKDAYS_H_

#include <string>

#include "absl/time/civil_time.h"
#include "common/store/change_each.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/exchange_settings.pb.h"

namespace duikou::personnel {

// The last day on which 报到 can be recorded, by the home city's workdays.
absl::StatusOr<absl::CivilDay> ArrivalDue(const View& view, const v1::Engagement& engagement,
                                          const v1::ExchangeSettings& settings);
// The last day of a 公示 that begins today, by the paying city's workdays.
absl::StatusOr<absl::CivilDay> PublicityEnd(const View& view, const std::string& payer, absl::CivilDay today);

// Reckons both anew for all that waits for them in a city, "cities/210800", after its holidays changed.
absl::Status RecountWorkdays(Txn& txn, store::Portion& portion, const std::string& city);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_WORKDAYS_H_
