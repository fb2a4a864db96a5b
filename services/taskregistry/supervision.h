#ifndef DUIKOU_SERVICES_TASKREGISTRY_SUPERVISION_H_
#define DUIKOU_SERVICES_TASKREGISTRY_SUPERVISION_H_

#include <string>

#include "common/schedule/daily.h"
#include "common/store/txn.h"

namespace duikou::taskregistry {

inline constexpr char kSupervision[] = "supervision";

// A batch of the daily supervision 督办 of a city: some of its tasks under way, in the order of their names, each with
// its reminders, its drafted order and its marks in this transaction; with the last batch of a month's first workday
// the bulletin. The report is a SuperviseTasksResponse.
absl::StatusOr<schedule::Batch> SuperviseBatch(Txn& txn, const std::string& city, absl::CivilDay day,
                                               const std::string& cursor);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_SUPERVISION_H_
