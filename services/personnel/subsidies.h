#ifndef DUIKOU_SERVICES_PERSONNEL_SUBSIDIES_H_
#define DUIKOU_SERVICES_PERSONNEL_SUBSIDIES_H_

#include "common/store/txn.h"
#include "duikou/personnel/v1/subsidies.pb.h"
#include "services/personnel/rules/subsidy_claims.h"

namespace duikou::personnel {

using v1::SubsidyClaim;

absl::Status OnCreateSubsidyClaim(Txn& txn, const Caller& caller, SubsidyClaim& claim);
absl::StatusOr<SubsidyClaim> ReviewSubsidyClaim(Txn& txn, const Caller& caller,
                                                const v1::ReviewSubsidyClaimRequest& request);
absl::StatusOr<SubsidyClaim> PubliciseSubsidyClaim(Txn& txn, const Caller& caller,
                                                   const v1::PubliciseSubsidyClaimRequest& request);
absl::StatusOr<SubsidyClaim> ApproveSubsidyClaim(Txn& txn, const Caller& caller,
                                                 const v1::ApproveSubsidyClaimRequest& request);
absl::StatusOr<SubsidyClaim> RefuseSubsidyClaim(Txn& txn, const Caller& caller,
                                                const v1::RefuseSubsidyClaimRequest& request);
// With an entry in the ledger.
absl::StatusOr<SubsidyClaim> PaySubsidyClaim(Txn& txn, const Caller& caller, const v1::PaySubsidyClaimRequest& request);
absl::StatusOr<SubsidyClaim> RecordSubsidyRecovery(Txn& txn, const Caller& caller,
                                                   const v1::RecordSubsidyRecoveryRequest& request);

// Brings the claims of an engagement in step with its days, as they are stored in the same transaction.
absl::Status ReadjustSubsidies(Txn& txn, const Caller& caller, const v1::Engagement& engagement);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_SUBSIDIES_H_
