// What a document leaves out of a task and the importer proposes 推定.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_PROPOSALS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_PROPOSALS_H_

#include <optional>

#include "duikou/taskregistry/v1/policy.pb.h"

namespace duikou::policy {

// Titles proposed are cut here, in characters.
inline constexpr size_t kProposedTitleLength = 40;

// Fills `proposal` of every task of `preview`: the title is the first sentence of the description; the lead the first
// responsible unit that is no collective, else the first responsible one; the due date `given`, else 31 December of the
// nearest goal year that is not before the year of issue; the frequency QUARTERLY. What is written is never proposed.
void Propose(const std::optional<type::v1::Date>& given, taskregistry::v1::PolicyPreview& preview);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_PROPOSALS_H_
