#ifndef DUIKOU_SERVICES_DIRECTORY_RULES_UNIT_SUCCESSION_H_
#define DUIKOU_SERVICES_DIRECTORY_RULES_UNIT_SUCCESSION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "duikou/directory/v1/unit.pb.h"
#include "duikou/type/v1/date.pb.h"

namespace duikou::directory::rules {

// What a unit must be by itself: a GROUP has members, others have none; periods end after they begin. All violations at
// once.
absl::Status CheckUnit(const duikou::directory::v1::Unit& unit);

// Gives the unit a new title from `first` on; the old one stays as an alias to the day before, unless it began on
// `first` itself and so never held. Reasons: UNIT_NOT_ACTIVE, TITLE_UNCHANGED, DATE_IN_FUTURE, DATE_BEFORE_RENAME.
absl::Status Rename(duikou::directory::v1::Unit& unit, const std::string& title, absl::CivilDay first,
                    absl::CivilDay today);

// Ends the unit in favour of its successors: MERGED with one, SPLIT with several. Reasons: UNIT_NOT_ACTIVE,
// SUCCESSOR_INVALID, DATE_IN_FUTURE.
absl::Status Succeed(duikou::directory::v1::Unit& unit, const std::vector<std::string>& successors, bool merged,
                     absl::CivilDay first, absl::CivilDay today);

// Whether a dated alias or membership holds on a day; both ends count, an absent end is open.
template <class Dated>
bool HoldsOn(const Dated& dated, absl::CivilDay day);

absl::CivilDay ToCivil(const duikou::type::v1::Date& date);
duikou::type::v1::Date ToDate(absl::CivilDay day);

template <class Dated>
bool HoldsOn(const Dated& dated, absl::CivilDay day) {
  return (!dated.has_from() || ToCivil(dated.from()) <= day) && (!dated.has_until() || day <= ToCivil(dated.until()));
}

}  // namespace duikou::directory::rules

#endif  // DUIKOU_SERVICES_DIRECTORY_RULES_UNIT_SUCCESSION_H_
