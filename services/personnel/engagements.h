#ifndef DUIKOU_SERVICES_PERSONNEL_ENGAGEMENTS_H_
#define DUIKOU_SERVICES_PERSONNEL_ENGAGEMENTS_H_

#include "common/store/txn.h"
#include "duikou/personnel/v1/exchange.pb.h"
#include "services/personnel/rules/engagement_actions.h"

namespace duikou::personnel {

using v1::Engagement;

// What proposing changes beside the engagement itself, found before anything is stored: a proposal that fails leaves
// nothing behind, also among others of a batch.
absl::Status OnCreateEngagement(Txn& txn, const Caller& caller, Engagement& engagement);

absl::StatusOr<Engagement> AmendEngagementTerms(Txn& txn, const Caller& caller,
                                                const v1::AmendEngagementTermsRequest& request);
absl::StatusOr<Engagement> ApproveEngagement(Txn& txn, const Caller& caller,
                                             const v1::ApproveEngagementRequest& request);
absl::StatusOr<Engagement> RejectEngagement(Txn& txn, const Caller& caller, const v1::RejectEngagementRequest& request);
absl::StatusOr<Engagement> WithdrawEngagement(Txn& txn, const Caller& caller,
                                              const v1::WithdrawEngagementRequest& request);
absl::StatusOr<Engagement> CancelEngagement(Txn& txn, const Caller& caller, const v1::CancelEngagementRequest& request);
absl::StatusOr<Engagement> RecordArrival(Txn& txn, const Caller& caller, const v1::RecordArrivalRequest& request);
absl::StatusOr<Engagement> ProposeExtension(Txn& txn, const Caller& caller, const v1::ProposeExtensionRequest& request);
absl::StatusOr<Engagement> EndEngagementEarly(Txn& txn, const Caller& caller,
                                              const v1::EndEngagementEarlyRequest& request);
absl::StatusOr<Engagement> AssessEngagement(Txn& txn, const Caller& caller, const v1::AssessEngagementRequest& request);
absl::StatusOr<Engagement> CorrectEngagement(Txn& txn, const Caller& caller,
                                             const v1::CorrectEngagementRequest& request);
absl::StatusOr<Engagement> DecideTies(Txn& txn, const Caller& caller, const v1::DecideTiesRequest& request);

// Stores a changed engagement with what follows from it: the time that it claims of its person, the seat of its quota,
// what is due of its subsidies.
absl::StatusOr<Engagement> Settle(Txn& txn, const Caller& caller, Engagement engagement,
                                  const v1::ExchangeSettings& settings, const std::string& etag);

// Approves the waiting version for the caller's side, and stores it.
absl::StatusOr<Engagement> Approve(Txn& txn, const Caller& caller, Engagement engagement, int terms_version,
                                   const std::string& comment, const std::string& etag);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_ENGAGEMENTS_H_
