#ifndef DUIKOU_SERVICES_TASKREGISTRY_EXTENSIONS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_EXTENSIONS_H_

#include <string>

#include "common/store/txn.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::taskregistry {

absl::Status OnCreateExtension(Txn& txn, const Caller& caller, v1::ExtensionRequest& extension);
absl::StatusOr<v1::ExtensionRequest> ApproveExtensionRequest(Txn& txn, const Caller& caller,
                                                             const v1::ApproveExtensionRequestRequest& request);
absl::StatusOr<v1::ExtensionRequest> RefuseExtensionRequest(Txn& txn, const Caller& caller,
                                                            const v1::RefuseExtensionRequestRequest& request);
absl::StatusOr<v1::ExtensionRequest> WithdrawExtensionRequest(Txn& txn, const Caller& caller,
                                                              const v1::WithdrawExtensionRequestRequest& request);

// What was asked for and not decided lapses with the task that ends.
absl::Status LapseExtensions(Txn& txn, const Caller& caller, const std::string& task);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_EXTENSIONS_H_
