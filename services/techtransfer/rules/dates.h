#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_DATES_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_DATES_H_

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "duikou/type/v1/date.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace duikou::techtransfer::rules {

inline absl::Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}
inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(absl::ToUnixSeconds(time));
  timestamp.set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(timestamp.seconds()))));
  return timestamp;
}
inline absl::CivilDay ToCivil(const duikou::type::v1::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}
inline duikou::type::v1::Date ToDate(absl::CivilDay day) {
  duikou::type::v1::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_DATES_H_
