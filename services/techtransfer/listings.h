#ifndef DUIKOU_SERVICES_TECHTRANSFER_LISTINGS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_LISTINGS_H_

#include <string>

#include "common/schedule/daily.h"
#include "common/store/find_stored.h"
#include "duikou/techtransfer/v1/listings.pb.h"

namespace duikou::techtransfer {

absl::Status OnCreateListing(Txn& txn, const Caller& caller, v1::Listing& listing);
absl::Status OnUpdateListing(Txn& txn, const Caller& caller, const v1::Listing& before, v1::Listing& after);
absl::Status OnDeleteListing(Txn& txn, const Caller& caller, const v1::Listing& listing);

absl::StatusOr<v1::Listing> PublishListing(Txn& txn, const Caller& caller, const v1::PublishListingRequest& request);
absl::StatusOr<v1::Listing> ReturnListing(Txn& txn, const Caller& caller, const v1::ReturnListingRequest& request);
absl::StatusOr<v1::Listing> WithdrawListing(Txn& txn, const Caller& caller, const v1::WithdrawListingRequest& request);
absl::StatusOr<v1::Listing> CloseListing(Txn& txn, const Caller& caller, const v1::CloseListingRequest& request);
absl::StatusOr<v1::Listing> PubliciseListing(Txn& txn, const Caller& caller,
                                             const v1::PubliciseListingRequest& request);
absl::StatusOr<v1::Listing> ObjectToListing(Txn& txn, const Caller& caller, const v1::ObjectToListingRequest& request);
absl::StatusOr<v1::Listing> SettleObjection(Txn& txn, const Caller& caller, const v1::SettleObjectionRequest& request);

// Daily: what is PUBLISHED and past its last day is EXPIRED, and open negotiations are told.
inline constexpr char kExpiry[] = "listing_expiry";
absl::StatusOr<schedule::Batch> RunExpiry(Txn& txn, const std::string& city, absl::CivilDay day,
                                          const std::string& cursor);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_LISTINGS_H_
