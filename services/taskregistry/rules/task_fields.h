#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_TASK_FIELDS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_TASK_FIELDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::taskregistry::rules {

// What holds of a task's fields in every state: due not before start, no due date with 长期, no unit with two duties,
// milestones with ids of their own and due within the task. All violations at once. Reasons: DUE_BEFORE_START,
// DUTY_TWICE, FIELD_INVALID.
absl::Status CheckFields(const v1::Task& task);

// An update by people: after issue neither duties nor dates change (FIELD_FIXED_AFTER_ISSUE), and what reports go by
// stays: a frequency, and milestones where it is STAGE; milestones keep what was done under their ids; the fields
// changed are no longer 推定; with a new frequency reports are owed from today on. Reasons: TASK_STATE_FORBIDS,
// FIELD_FIXED_AFTER_ISSUE, REPORT_FREQUENCY_MISSING, MILESTONES_MISSING and those of CheckFields.
absl::Status Edit(const v1::Task& before, v1::Task& after, absl::CivilDay today);

// Marks a milestone done or not, by the first lead, and counts the percent anew. Reasons: MILESTONE_UNKNOWN,
// NOT_FIRST_LEAD.
absl::Status CompleteMilestone(v1::Task& task, const std::string& milestone, bool done, const Caller& by,
                               absl::Time now);

// The share of done milestones by weight, 0 to 100 rounded down; `otherwise` for a task without any.
int PercentOf(const v1::Task& task, int otherwise);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_TASK_FIELDS_H_
