#ifndef DUIKOU_SERVICES_TECHTRANSFER_SEARCHING_H_
#define DUIKOU_SERVICES_TECHTRANSFER_SEARCHING_H_

#include "duikou/techtransfer/v1/listings.pb.h"
#include "services/techtransfer/listing_book.h"

namespace duikou::techtransfer {

absl::StatusOr<v1::SearchListingsResponse> SearchListings(const View& view, const Caller& caller,
                                                          const ListingBook& book,
                                                          const v1::SearchListingsRequest& request);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_SEARCHING_H_
