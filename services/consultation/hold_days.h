#ifndef DUIKOU_SERVICES_CONSULTATION_HOLD_DAYS_H_
#define DUIKOU_SERVICES_CONSULTATION_HOLD_DAYS_H_

#include <string>

#include "common/schedule/daily.h"

namespace duikou::consultation {

inline constexpr char kHolds[] = "holds";

// A batch of a run over the consultations that a city hosts: those PROPOSED whose holds have expired are drafts again,
// and all are told. From the moment of expiry on a hold keeps nobody out (rules/holds.h): this only tidies up.
absl::StatusOr<schedule::Batch> RunHolds(Txn& txn, const std::string& city, absl::CivilDay day,
                                         const std::string& cursor);

// Whether the city hosts one whose holds have expired.
absl::StatusOr<bool> HoldsAreDue(const View& view, const std::string& city);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_HOLD_DAYS_H_
