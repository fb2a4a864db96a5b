#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_SUBTASKS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_SUBTASKS_H_

#include <initializer_list>
#include <vector>

#include "services/taskregistry/rules/duties.h"

namespace duikou::taskregistry::rules {

// 分解: a lead unit splits a task into sub-tasks for units below it. Each is a task with duties, reports and states of
// its own, steered by that unit in the coordinator's place. A parent's percent stays what its milestones or its first
// lead's accepted report say: the lead reports on its sub-tasks' whole.
constexpr int kMaxDepth = 2;

// Whether the caller may do what these roles do with a task: he has one of them, or his unit split the task from its
// parent. ROLE_MISSING.
absl::Status CheckSteers(const v1::Task& task, const Caller& by, std::initializer_list<int> roles);

// Completes a new sub-task by its parent, for a lead that has acknowledged. Reasons: TASK_STATE_FORBIDS, NOT_LEAD,
// TOO_DEEP, PLAN_OF_PARENT.
absl::Status Split(const v1::Task& parent, v1::Task& task, const Caller& by);

// A sub-task's due date lies within the parent's, where that has one. DUE_AFTER_PARENT, in the given field.
absl::Status CheckWithinParent(const v1::Task& parent, const v1::Task& task, const std::string& field);

// A sub-task is issued, resumed and reopened under a parent that is under way alone. PARENT_NOT_OPEN.
absl::Status CheckParentOpen(const v1::Task& parent);

// Every unit of a sub-task, group members included, stands below the unit that split it. UNIT_NOT_BELOW, in the field
// of each that does not.
absl::Status CheckBelow(const v1::Task& task, const UnitBook& units);

// A parent is neither complete nor recalled while a sub-task is open: not closed, cancelled or still a draft. One
// without a number is not named. SUBTASKS_OPEN.
absl::Status CheckSubtasksEnded(const std::vector<v1::Task>& subtasks);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_SUBTASKS_H_
