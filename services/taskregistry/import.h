#ifndef DUIKOU_SERVICES_TASKREGISTRY_IMPORT_H_
#define DUIKOU_SERVICES_TASKREGISTRY_IMPORT_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/store/txn.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::taskregistry {

// Units by the name that a document writes: name and title of the one unit that bears it.
using UnitsByWrittenName = std::map<std::string, std::pair<std::string, std::string>>;

// What a preview becomes: a plan, and its tasks as drafts, with what the document left out proposed and marked. Nothing
// is stored.
v1::Plan PlanOf(const v1::PolicyPreview& preview, const v1::ImportPlanRequest& request, const std::string& text,
                absl::CivilDay today);
v1::Task DraftOf(const v1::PolicyTask& read, const UnitsByWrittenName& units);

// Writes the plan and its drafts. Reasons: DOCUMENT_IMPORTED, ALREADY_EXISTS.
absl::StatusOr<v1::ImportPlanResponse> Store(Txn& txn, const Caller& caller, const v1::ImportPlanRequest& request,
                                             v1::PolicyPreview preview, v1::Plan plan, const UnitsByWrittenName& units);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_IMPORT_H_
