#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_DUE_DAYS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_DUE_DAYS_H_

#include <cstdint>

#include "absl/time/civil_time.h"
#include "common/base/workday.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

// Due days that are kept, and rest on workdays: reckoned anew when the city's calendar has become another. True where
// something changed.
namespace duikou::taskregistry::rules {

// Until when units must acknowledge, of the duties that are not answered for good, and were tentative or are counted in
// the year that has been loaded. Who was reminded of a day that is over is not reminded again of another one that is.
bool MoveAcknowledgeDue(v1::Task& task, const WorkdayCalendar& calendar, int workdays, int64_t year,
                        absl::CivilDay today);
// When a report was due. One on a milestone that is no more stays as it is.
bool MoveReportDue(const v1::Task& task, v1::ProgressReport& report, const WorkdayCalendar& calendar, int workdays);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_DUE_DAYS_H_
