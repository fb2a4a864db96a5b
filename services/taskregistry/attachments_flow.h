#ifndef DUIKOU_SERVICES_TASKREGISTRY_ATTACHMENTS_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_ATTACHMENTS_FLOW_H_

#include <memory>

#include "absl/synchronization/mutex.h"
#include "common/blob/blob_store.h"
#include "common/rpc/context.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::taskregistry {

// The contents of attachments. Flows, as files are read and written, which is not done inside a transaction.
class AttachmentContents {
 public:
  explicit AttachmentContents(std::unique_ptr<blob::BlobStore> blobs) : blobs_(std::move(blobs)) {}

  // The last chunk stores the content, checked against its digest, and then the record says so.
  absl::StatusOr<v1::UploadChunkResponse> Upload(rpc::Context& context, const v1::UploadChunkRequest& request);
  absl::StatusOr<v1::DownloadChunkResponse> Download(rpc::Context& context, const v1::DownloadChunkRequest& request);

 private:
  absl::Status CheckNotClassified(const v1::Attachment& attachment) const;
  // At most once an hour: removes uploads given up, and contents that no record names any more.
  void SweepNowAndThen(rpc::Context& context);

  const std::unique_ptr<blob::BlobStore> blobs_;
  absl::Mutex mutex_;
  absl::Time next_sweep_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_ATTACHMENTS_FLOW_H_
