#ifndef DUIKOU_SERVICES_PERSONNEL_EXCHANGE_DAYS_H_
#define DUIKOU_SERVICES_PERSONNEL_EXCHANGE_DAYS_H_

#include <string>

#include "common/schedule/daily.h"

namespace duikou::personnel {

inline constexpr char kExchangeDays[] = "exchange";

// A batch of the daily run over the engagements that a city sends: what has lapsed, completed or comes near its end.
absl::StatusOr<schedule::Batch> RunExchangeDay(Txn& txn, const std::string& city, absl::CivilDay day,
                                               const std::string& cursor);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_EXCHANGE_DAYS_H_
