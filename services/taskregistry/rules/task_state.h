#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_TASK_STATE_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_TASK_STATE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "common/base/error.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::taskregistry::rules {

// What can be done to a task.
enum class Action {
  kEdit,
  kDelete,
  kIssue,
  kAcknowledge,
  kDecline,
  kReassign,
  kRecall,
  kReportCompletion,
  kWithdrawCompletion,
  kReturn,
  kClose,
  kReopen,
  kSuspend,
  kResume,
  kCancel,
  kCompleteMilestone,
  kReportProgress,
  kDecideReport,
  kRequestExtension,
  kTakeOnDuty,
  kAssignDuty,
  kDeclineDuty,
  kSplit,
  kAddProject,
  kRequestSupport,
};
constexpr int kActions = static_cast<int>(Action::kRequestSupport) + 1;

Text NameOf(v1::Task::State state);
Text NameOf(Action action);

// Whether the state allows the action; else TASK_STATE_FORBIDS, naming the state and what it allows.
absl::Status CheckAllowed(const v1::Task& task, Action action);
bool Allows(v1::Task::State state, Action action);

// The city in a name: "210800".
std::string CityOf(const std::string& name);
// Whether a duty is one: those meant for another city's unit are not until that city has assigned them.
bool IsOwed(const v1::Task::Duty& duty);
// The unit of 第一牵头, of the duties that are owed; empty while there is none.
std::string FirstLead(const v1::Task& task);
const v1::Task::Duty* FirstLeadDuty(const v1::Task& task);  // nullptr while there is none.
// Whether the unit owes a duty; a lead.
bool HasDuty(const v1::Task& task, const std::string& unit);
bool Leads(const v1::Task& task, const std::string& unit);

// Four eyes: whoever closes a task has no duty in it, and neither he nor whom he acts for reported it complete, or had
// it reported. Reasons: CLOSER_HAS_DUTY, CLOSER_REPORTED.
absl::Status CheckCloser(const v1::Task& task, const Caller& by);

// The state changes that concern no single duty. Each checks the state first, then who does it.
absl::Status ReportCompletion(v1::Task& task, const Caller& by, absl::Time now);  // NOT_FIRST_LEAD
absl::Status WithdrawCompletion(v1::Task& task, const Caller& by);                // NOT_FIRST_LEAD
absl::Status Return(v1::Task& task, absl::Time now);
absl::Status Close(v1::Task& task, const Caller& by, absl::Time now);  // As CheckCloser.
absl::Status Reopen(v1::Task& task, absl::Time now);
absl::Status Suspend(v1::Task& task, absl::Time now);
absl::Status Resume(v1::Task& task, absl::Time now);  // Begins it where no lead is waited for any more.
absl::Status Cancel(v1::Task& task);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_TASK_STATE_H_
