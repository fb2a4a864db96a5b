#ifndef DUIKOU_SERVICES_TECHTRANSFER_SUBMIT_FLOW_H_
#define DUIKOU_SERVICES_TECHTRANSFER_SUBMIT_FLOW_H_

#include "common/rpc/context.h"
#include "duikou/techtransfer/v1/listings.pb.h"

namespace duikou::techtransfer {

// Asks the directory what kind of unit the owner is, on which 公示 rests.
absl::StatusOr<v1::Listing> SubmitListing(rpc::Context& context, const Caller& caller,
                                          const v1::SubmitListingRequest& request);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_SUBMIT_FLOW_H_
