#ifndef DUIKOU_SERVICES_TASKREGISTRY_ANNUAL_PROJECTS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_ANNUAL_PROJECTS_H_

#include <vector>

#include "absl/time/civil_time.h"
#include "common/document/document.h"
#include "common/store/txn.h"
#include "duikou/taskregistry/v1/project.pb.h"

namespace duikou::taskregistry {

// The projects of a city that had begun by `day` and were not abandoned before its year, as the caller sees them, with
// the steps of later days taken off; by the day they began.
absl::StatusOr<std::vector<v1::Project>> ProjectsAt(const View& view, const std::string& parent, absl::CivilDay day);

// What the annual report says of them: how many, for how much, what the year brought, and each in a row of a table.
void AddProjects(const std::vector<v1::Project>& projects, int year, document::Document& document);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_ANNUAL_PROJECTS_H_
