#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_RECURRENCE_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_RECURRENCE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "duikou/consultation/v1/series.pb.h"

namespace duikou::consultation::rules {

// Reasons: RECURRENCE_UNCLEAR where not exactly one of by_month and rrule is given; RRULE_INVALID, naming the part.
absl::Status CheckRecurrence(const v1::Series::Recurrence& recurrence, const std::string& field);

// The days on which turns are due by a rule that begins with `first`, those from `from` on: at most `most`, and none
// where a rule of RFC 5545 gives none in 200 years. "By the end of March" is due on 31 March. Of an RRULE `first`
// counts as DTSTART, weeks begin on Monday, and FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY and BYSETPOS
// are known. Reasons: those of CheckRecurrence.
absl::StatusOr<std::vector<absl::CivilDay>> DueDates(const v1::Series::Recurrence& recurrence, absl::CivilDay first,
                                                     absl::CivilDay from, size_t most);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_RECURRENCE_H_
