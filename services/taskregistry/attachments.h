#ifndef DUIKOU_SERVICES_TASKREGISTRY_ATTACHMENTS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_ATTACHMENTS_H_

#include "common/store/txn.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::taskregistry {

// Removes on the way what the city's people announced and did not finish within a day.
absl::Status OnCreateAttachment(Txn& txn, const Caller& caller, v1::Attachment& attachment);
absl::Status OnDeleteAttachment(Txn& txn, const Caller& caller, const v1::Attachment& attachment);
// Those of a record that is about to be deleted; their content goes with the next sweep.
absl::Status DeleteAttachmentsOf(Txn& txn, const std::string& record);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_ATTACHMENTS_H_
