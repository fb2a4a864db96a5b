#ifndef DUIKOU_SERVICES_CONSULTATION_PROCEEDINGS_H_
#define DUIKOU_SERVICES_CONSULTATION_PROCEEDINGS_H_

#include "common/store/txn.h"
#include "duikou/consultation/v1/proceedings.pb.h"

// What a consultation is to talk about, and what came of it: agenda, minutes signed by all parties, decisions.
namespace duikou::consultation {

absl::Status OnCreateAgendaItem(Txn& txn, const Caller& caller, v1::AgendaItem& item);
absl::Status OnUpdateAgendaItem(Txn& txn, const Caller& caller, const v1::AgendaItem& before, v1::AgendaItem& after);
absl::Status OnDeleteAgendaItem(Txn& txn, const Caller& caller, const v1::AgendaItem& item);

// What a signature of the minutes as they are would name.
absl::StatusOr<std::string> DigestOf(const View& view, const v1::Minutes& minutes);
absl::Status OnCreateMinutes(Txn& txn, const Caller& caller, v1::Minutes& minutes);
absl::StatusOr<v1::Minutes> ReviseMinutes(Txn& txn, const Caller& caller, const v1::ReviseMinutesRequest& request);
absl::StatusOr<v1::Minutes> SignMinutes(Txn& txn, const Caller& caller, const v1::SignMinutesRequest& request);
absl::StatusOr<v1::GetMinutesDigestResponse> GetMinutesDigest(const View& view, const Caller& caller,
                                                              const v1::GetMinutesDigestRequest& request);
absl::StatusOr<v1::Minutes> IssueMinutes(Txn& txn, const Caller& caller, const v1::IssueMinutesRequest& request);

absl::Status OnCreateDecision(Txn& txn, const Caller& caller, v1::Decision& decision);
absl::Status OnUpdateDecision(Txn& txn, const Caller& caller, const v1::Decision& before, v1::Decision& after);
absl::Status OnDeleteDecision(Txn& txn, const Caller& caller, const v1::Decision& decision);
absl::StatusOr<v1::Decision> LinkDecisionTask(Txn& txn, const Caller& caller,
                                              const v1::LinkDecisionTaskRequest& request);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_PROCEEDINGS_H_
