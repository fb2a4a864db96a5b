#ifndef DUIKOU_SERVICES_CONSULTATION_FEEDS_H_
#define DUIKOU_SERVICES_CONSULTATION_FEEDS_H_

#include "common/store/txn.h"
#include "duikou/consultation/v1/calendars.pb.h"

// Secret links by which calendar programs read consultations.
namespace duikou::consultation {

absl::StatusOr<v1::CreateFeedResponse> CreateFeed(Txn& txn, const Caller& caller, const v1::CreateFeedRequest& request);
absl::StatusOr<v1::Feed> RevokeFeed(Txn& txn, const Caller& caller, const v1::RevokeFeedRequest& request);
// Whoever has the secret. NOT_FOUND alike where there is no such feed, the secret is another, or the link was revoked.
absl::StatusOr<v1::ReadFeedResponse> ReadFeed(const View& view, const Caller& caller,
                                              const v1::ReadFeedRequest& request);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_FEEDS_H_
