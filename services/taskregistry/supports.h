#ifndef DUIKOU_SERVICES_TASKREGISTRY_SUPPORTS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_SUPPORTS_H_

#include "common/store/txn.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::taskregistry {

absl::Status OnCreateSupport(Txn& txn, const Caller& caller, v1::SupportRequest& support);
// Where a unit that is to decide does not see its RESTRICTED task any more, COORDINATOR decides; `task` as it is now.
absl::Status LeaveUnseenToCoordinator(Txn& txn, const v1::Task& task);
absl::Status OnDeleteSupport(Txn& txn, const Caller& caller, const v1::SupportRequest& support);
absl::StatusOr<v1::SupportRequest> GrantSupportRequest(Txn& txn, const Caller& caller,
                                                       const v1::GrantSupportRequestRequest& request);
absl::StatusOr<v1::SupportRequest> RefuseSupportRequest(Txn& txn, const Caller& caller,
                                                        const v1::RefuseSupportRequestRequest& request);
absl::StatusOr<v1::CountSupportRequestsResponse> CountSupportRequests(const View& view, const Caller& caller,
                                                                      const v1::CountSupportRequestsRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_SUPPORTS_H_
