#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_LIGHTS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_LIGHTS_H_

#include <cstdint>
#include <limits>

#include "common/base/error.h"
#include "common/base/workday_index.h"
#include "duikou/taskregistry/v1/light.pb.h"
#include "duikou/taskregistry/v1/settings.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

// The light 亮灯 of a task (domain.md, taskregistry). The first that matches:
//   GREY    DRAFT, SUSPENDED, CLOSED, CANCELLED, or before the start
//   RED     after the due date, or a report 5 workdays late
//   YELLOW  percent < elapsed - 15, or a report 1 workday late
//   BLUE    due within 10 workdays
//   GREEN
// Elapsed is the share of workdays from the start (which does not count) to today in those to the due date, less those
// suspended in both. It says nothing where there are none, and of a long-term task, which also is never overdue or due
// soon. A report is due report_workdays after owed_from (see Task.Duty) and late by the workdays after that. In
// COMPLETION_REPORTED the light is that of the day on which completion was reported, by the facts of that day.
//
// A duty's light is made by the same rule of the task's dates and the duty's own report; being behind concerns the LEAD
// duties alone, as the percent is the leads'. GREY: a duty that is not taken on (no unit yet, declined), and
// SUPERVISING ones, which owe nothing. The task's light counts the report owed longest of all its duties, so that it is
// the worst of its duties' lights, whichever city they are in; where no LEAD is taken on, the task's own dates and
// percent still count.
namespace duikou::taskregistry::rules {

constexpr int32_t kNoDay = std::numeric_limits<int32_t>::min();

// What a light is made of. Days are numbers (DayNumber), kNoDay when absent. Holds for the record that it was made from
// and every day from then on; `suspended` rests on the index it was made with.
struct LightFacts {
  int32_t start = kNoDay;
  int32_t due = kNoDay;        // kNoDay: long-term.
  int32_t owed_from = kNoDay;  // Of the report owed longest; kNoDay: none is owed.
  int32_t frozen = kNoDay;     // The day on which completion was reported, in COMPLETION_REPORTED.
  int32_t suspended = 0;       // Workdays, between start and due.
  int8_t percent = 0;
  bool running = false;  // Neither DRAFT, SUSPENDED, CLOSED nor CANCELLED; of a duty: and taken on.
  bool lags = true;      // Being behind counts.
};

struct LightLimits {
  int32_t red_report_workdays = 5;
  int32_t yellow_report_workdays = 1;
  int32_t behind_percent = 15;
  int32_t due_soon_workdays = 10;
  int32_t escalate_workdays = 10;
  int32_t report_workdays = 3;
};
// With the defaults where the settings have 0.
LightLimits LimitsOf(const v1::Settings& settings);

struct LightFound {
  v1::Light::Colour colour = v1::Light::GREY;
  v1::Light::Cause cause = v1::Light::NOT_RUNNING;
  int32_t amount = 0;  // As Light.amount.

  friend bool operator==(const LightFound&, const LightFound&) = default;
};

LightFacts LightFactsOf(const v1::Task& task, const WorkdayIndex& workdays);
LightFacts LightFactsOf(const v1::Task& task, const v1::Task::Duty& duty, const WorkdayIndex& workdays);

LightFound LightOf(const LightFacts& facts, const LightLimits& limits, const WorkdayIndex& workdays, int32_t today);

// Why, in a sentence. `task` is the one that the light was found of; `duty` the one, nullptr for the task's own light.
Text ReasonOf(const LightFound& light, const v1::Task& task, const v1::Task::Duty* duty = nullptr);
Text NameOf(v1::Light::Colour colour);

// Whether a duty is its unit's to do: it owes reports, and its light counts.
bool IsTakenOn(const v1::Task::Duty& duty);
// The duty whose report has been owed longest, nullptr when none is owed.
const v1::Task::Duty* OwingLongest(const v1::Task& task);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_LIGHTS_H_
