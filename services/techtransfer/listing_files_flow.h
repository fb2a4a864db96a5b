#ifndef DUIKOU_SERVICES_TECHTRANSFER_LISTING_FILES_FLOW_H_
#define DUIKOU_SERVICES_TECHTRANSFER_LISTING_FILES_FLOW_H_

#include "common/rpc/context.h"
#include "duikou/techtransfer/v1/listings.pb.h"

namespace duikou::techtransfer {

// Asks the directory for the units that rows name.
absl::StatusOr<v1::ImportListingsResponse> ImportListings(rpc::Context& context, const Caller& caller,
                                                          const v1::ImportListingsRequest& request);
absl::StatusOr<v1::ExportListingsResponse> ExportListings(const View& view, const Caller& caller,
                                                          const v1::ExportListingsRequest& request);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_LISTING_FILES_FLOW_H_
