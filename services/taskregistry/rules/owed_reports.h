#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_OWED_REPORTS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_OWED_REPORTS_H_

#include <vector>

#include "absl/time/civil_time.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

// What units owe: kept on the task's duties (owed_period, owed_from), so that a light needs no report. A duty owes a
// report for each period that begins after its owed_since and on or after the start, and for each milestone with a due
// date after owed_since where reports go by STAGE; not for what ends in a pause. A report is made once it is submitted;
// one that was returned is owed again from the day of its return. Nothing is due sooner than report_workdays after a
// pause ends.
namespace duikou::taskregistry::rules {

// Counts anew what the duties of `unit` owe (of all units when empty), from all their reports on the task. Leaves a
// task alone that is not ISSUED or IN_PROGRESS: what is owed stands still meanwhile.
void CountOwed(v1::Task& task, const std::string& unit, const std::vector<v1::ProgressReport>& reports);

// A duty that begins now owes what begins after today.
void OweFrom(v1::Task::Duty& duty, absl::CivilDay today);
void OweNothing(v1::Task::Duty& duty);
// A duty that another unit goes on with owes what is owed now and what comes after it, from today where nothing is.
void OweOn(const v1::Task& task, v1::Task::Duty& duty, absl::CivilDay today);

// Days that pause the task; see Task.Pause.
void BeginPause(v1::Task& task, v1::Task::State state, absl::CivilDay today);
void EndPause(v1::Task& task, v1::Task::State state, absl::CivilDay today);
// As if it had not been.
void DropPause(v1::Task& task, v1::Task::State state);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_OWED_REPORTS_H_
