#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_SUPERVISION_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_SUPERVISION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "duikou/taskregistry/v1/bulletin.pb.h"
#include "duikou/taskregistry/v1/reminder.pb.h"
#include "duikou/taskregistry/v1/supervision_order.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "services/taskregistry/rules/lights.h"

// What the daily run does about a task. Pure: the same task on the same day gives the same acts, and once the task is
// stored with the marks that they leave, none.
namespace duikou::taskregistry::rules {

// A day, with what lights rest on.
struct SupervisionDay {
  absl::CivilDay day;
  const WorkdayIndex& workdays;
  const LightLimits& limits;
};

struct SupervisionActs {
  std::vector<v1::Reminder> reminders;        // With their names.
  std::optional<v1::SupervisionOrder> order;  // To be drafted unless the task has an open one; with its name.
  bool changed = false;                       // The task's spells or marks.
};

// Looks at a task that is under way, moves its spells to the day, and says what is due (see Task.Spells and
// Reminder.Kind): of spells that begin on one day only the gravest acts; RED escalates after each escalate_workdays, a
// tier a time and at most one a day; reports past their due day and acknowledgements past theirs are reminded of once.
SupervisionActs Supervise(v1::Task& task, const LightFound& light, const SupervisionDay& day);

// Whether a bulletin is due: the day is the first workday of its month.
bool IsBulletinDay(const WorkdayIndex& workdays, absl::CivilDay day);
// Adds a task to the counts of a bulletin.
void Count(v1::Bulletin& bulletin, const v1::Task& task, const LightFound& light);
// Gives a bulletin its name, title and text, from its counts.
void Draft(v1::Bulletin& bulletin, const std::string& city, absl::CivilDay day);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_SUPERVISION_H_
