#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_REPORTING_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_REPORTING_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/base/caller.h"
#include "common/base/workday.h"
#include "duikou/taskregistry/v1/extension_request.pb.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::taskregistry::rules {

// The first and last day of a reporting period, both included.
struct Period {
  absl::CivilDay first, last;
};

// Reads a period in the form that the frequency asks for: "2026-W07" (ISO 8601 week), "2026-03", "2026-Q1". nullopt for
// another form, and for STAGE, whose periods are milestones.
std::optional<Period> ParsePeriod(v1::Task::Frequency frequency, const std::string& text);
// The period that a day lies in, as text; empty for STAGE.
std::string PeriodOf(v1::Task::Frequency frequency, absl::CivilDay day);

// Checks a period for a task, and gives the day that it ends (for a milestone its due date, else today).
// PERIOD_INVALID: of another form than the task's frequency, not begun yet, over before the task started, or no
// milestone.
absl::StatusOr<absl::CivilDay> CheckPeriod(const v1::Task& task, const std::string& period, absl::CivilDay today);

// Which unit decides about the reports of a unit: the first lead, and about its own who split the task; empty: the
// coordinator.
std::string RecipientOf(const v1::Task& task, const std::string& unit);
// Completes a report that a unit submits: who accepts it, when it was due. Reasons: TASK_STATE_FORBIDS, NO_DUTY,
// PERIOD_INVALID.
absl::Status Submit(const v1::Task& task, v1::ProgressReport& report, const Caller& by, const WorkdayCalendar& calendar,
                    int workdays, absl::CivilDay today);
// A correction, while the task takes reports and the unit has a duty in it: SUBMITTED again as the next revision, to
// whoever decides now. Reasons: TASK_STATE_FORBIDS, NO_DUTY, REPORT_ACCEPTED.
absl::Status Revise(const v1::Task& task, const v1::ProgressReport& before, v1::ProgressReport& after,
                    const Caller& by);
// Accepts or returns. Reasons: REPORT_NOT_SUBMITTED, NOT_RECIPIENT.
absl::Status Decide(v1::ProgressReport& report, bool accept, const std::string& reason, const Caller& by,
                    absl::Time now);

// A lead asks for a later due date. Reasons: TASK_STATE_FORBIDS, NOT_LEAD, TASK_LONG_TERM, DUE_DATE_NOT_LATER.
absl::Status RequestExtension(const v1::Task& task, v1::ExtensionRequest& request, const Caller& by);
// Approves (then the task's due date moves and the extension is counted) or refuses. Reasons: EXTENSION_DECIDED,
// TASK_STATE_FORBIDS, DUE_DATE_NOT_LATER.
absl::Status DecideExtension(v1::Task& task, v1::ExtensionRequest& request, bool approve, const std::string& comment,
                             const Caller& by, absl::Time now);
// By the unit that asked. Reasons: EXTENSION_DECIDED, OTHER_UNIT.
absl::Status WithdrawExtension(v1::ExtensionRequest& request, const std::string& reason, const Caller& by,
                               absl::Time now);
// Ends a request that is open, by whatever ended it.
void EndExtension(v1::ExtensionRequest& request, v1::ExtensionRequest::State state, const std::string& comment,
                  const Caller& by, absl::Time now);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_REPORTING_H_
