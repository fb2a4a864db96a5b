#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_DUE_DAYS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_DUE_DAYS_H_

#include "common/base/workday.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

// Due days that are kept, and rest on workdays: reckoned anew when the city's calendar has become another. True where
// something changed.
namespace duikou::taskregistry::rules {

// Until when units must acknowledge, of the duties that are not answered for good.
bool MoveAcknowledgeDue(v1::Task& task, const WorkdayCalendar& calendar, int workdays);
// When a report was due. One on a milestone that is no more stays as it is.
bool MoveReportDue(const v1::Task& task, v1::ProgressReport& report, const WorkdayCalendar& calendar, int workdays);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_DUE_DAYS_H_
