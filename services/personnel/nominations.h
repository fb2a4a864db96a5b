#ifndef DUIKOU_SERVICES_PERSONNEL_NOMINATIONS_H_
#define DUIKOU_SERVICES_PERSONNEL_NOMINATIONS_H_

#include "common/store/txn.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/people.pb.h"

namespace duikou::personnel {

absl::Status OnCreateNomination(Txn& txn, const Caller& caller, v1::Nomination& nomination);
absl::StatusOr<v1::Nomination> WithdrawNomination(Txn& txn, const Caller& caller,
                                                  const v1::WithdrawNominationRequest& request);
absl::StatusOr<v1::Nomination> DeclineNomination(Txn& txn, const Caller& caller,
                                                 const v1::DeclineNominationRequest& request);
absl::StatusOr<v1::Nomination> RankNomination(Txn& txn, const Caller& caller, const v1::RankNominationRequest& request);

// The nomination that a proposed engagement stands on: of the same person, to the same unit, and SUBMITTED.
absl::StatusOr<v1::Nomination> NominationFor(const View& view, const v1::Engagement& engagement);
// Of an engagement that came to nothing: it is SUBMITTED again.
absl::Status FreeNomination(Txn& txn, const v1::Engagement& engagement);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_NOMINATIONS_H_
