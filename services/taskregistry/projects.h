#ifndef DUIKOU_SERVICES_TASKREGISTRY_PROJECTS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_PROJECTS_H_

#include "common/store/txn.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::taskregistry {

absl::Status OnCreateProject(Txn& txn, const Caller& caller, v1::Project& project);
absl::Status OnUpdateProject(Txn& txn, const Caller& caller, const v1::Project& before, v1::Project& after);
absl::Status OnDeleteProject(Txn& txn, const Caller& caller, const v1::Project& project);

absl::StatusOr<v1::Project> SignProject(Txn& txn, const Caller& caller, const v1::SignProjectRequest& request);
absl::StatusOr<v1::Project> StartProject(Txn& txn, const Caller& caller, const v1::StartProjectRequest& request);
absl::StatusOr<v1::Project> CommissionProject(Txn& txn, const Caller& caller,
                                              const v1::CommissionProjectRequest& request);
absl::StatusOr<v1::Project> AbandonProject(Txn& txn, const Caller& caller, const v1::AbandonProjectRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_PROJECTS_H_
