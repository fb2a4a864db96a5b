#ifndef DUIKOU_SERVICES_PERSONNEL_PERSON_DAYS_H_
#define DUIKOU_SERVICES_PERSONNEL_PERSON_DAYS_H_

#include <functional>
#include <string>

#include "common/schedule/daily.h"

namespace duikou::personnel {

inline constexpr char kRetention[] = "retention";
inline constexpr char kIdentityRenewal[] = "identity-renewal";

// A batch of the daily run over the persons whose period of retention is over: erases them (个人信息保护法 arts. 19,
// 47), but for those whose engagements run, whose day comes when these have ended.
absl::StatusOr<schedule::Batch> RunRetention(Txn& txn, const std::string& city, absl::CivilDay day,
                                             const std::string& cursor);
// A batch of the daily run over all persons, when identity numbers have a new key: wraps the digests of older ones in
// it.
absl::StatusOr<schedule::Batch> RunIdentityRenewal(Txn& txn, const std::string& city, absl::CivilDay day,
                                                   const std::string& cursor);
// Whether a city has digests under older keys, at the start, with which a new key comes: until the renewal is through,
// a person whom two cities keep may be engaged by both. Once none is found in a city, it is not looked through again.
std::function<absl::StatusOr<bool>(const View&, const std::string&)> IdentityRenewalDue();

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_PERSON_DAYS_H_
