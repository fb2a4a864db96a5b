// A task of the preview from the text of its clause.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_TASK_FIELDS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_TASK_FIELDS_H_

#include "duikou/taskregistry/v1/policy.pb.h"
#include "services/taskregistry/policy/clauses.h"
#include "services/taskregistry/policy/source_text.h"

namespace duikou::policy {

// Fills every field of `out` but the proposal. `issue_year` resolves 今年 and 年底前; 0 where it is not known.
void FillTask(const SourceText& text, const ClauseTree& tree, const TaskText& task, int issue_year,
              taskregistry::v1::PolicyTask& out);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_TASK_FIELDS_H_
