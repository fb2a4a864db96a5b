#ifndef DUIKOU_SERVICES_TECHTRANSFER_MATCHES_FLOW_H_
#define DUIKOU_SERVICES_TECHTRANSFER_MATCHES_FLOW_H_

#include "common/rpc/context.h"
#include "duikou/techtransfer/v1/matching.pb.h"
#include "services/techtransfer/listing_book.h"

namespace duikou::techtransfer {

absl::StatusOr<v1::MatchListingResponse> MatchListing(const View& view, const Caller& caller, const ListingBook& book,
                                                      const v1::MatchListingRequest& request);

// A flow, as the writer must not wait for the index.
absl::StatusOr<v1::MatchFeedback> GiveMatchFeedback(rpc::Context& context, const Caller& caller,
                                                    const ListingBook& book,
                                                    const v1::GiveMatchFeedbackRequest& request);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_MATCHES_FLOW_H_
