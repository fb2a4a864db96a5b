#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_PROJECT_STATE_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_PROJECT_STATE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "common/base/caller.h"
#include "common/base/error.h"
#include "duikou/taskregistry/v1/project.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::taskregistry::rules {

// What can be done to a project besides the state changes, which are told by the state that they lead to.
enum class ProjectAction { kEdit, kDelete, kSign, kStart, kCommission, kAbandon };
constexpr int kProjectActions = static_cast<int>(ProjectAction::kAbandon) + 1;

// Who keeps the records under a task: COORDINATOR of its city, and the units that owe a duty in it. NO_DUTY.
absl::Status CheckKeeps(const v1::Task& task, const Caller& by);

Text NameOf(v1::Project::State state);
bool Allows(v1::Project::State state, ProjectAction action);
// PROJECT_STATE_FORBIDS, naming the state and what it allows.
absl::Status CheckAllowed(const v1::Project& project, ProjectAction action);

// A new project: NEGOTIATING from today on.
void Begin(v1::Project& project, const v1::Task& task, const Caller& by, absl::CivilDay today);

// The state that the action leads to, from the day it happened (today when not given): neither in the future nor before
// the step before it. Reasons: PROJECT_STATE_FORBIDS, DATE_IN_FUTURE, DATE_BEFORE_STEP.
absl::Status Advance(v1::Project& project, ProjectAction action, std::optional<absl::CivilDay> date,
                     const std::string& note, const Caller& by, absl::CivilDay today);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_PROJECT_STATE_H_
