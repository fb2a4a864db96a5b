#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_LISTING_ACTIONS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_LISTING_ACTIONS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/techtransfer/v1/listing.pb.h"

// What is done to a listing. Each that people do also gives LISTING_STATE_FORBIDS.
namespace duikou::techtransfer::rules {

// DRAFT, RETURNED or EXPIRED→UNDER_REVIEW. `owner_is_public`: a public institution, institute or university by the
// directory. Reasons: as of CheckComplete.
absl::Status Submit(v1::Listing& listing, bool owner_is_public, const Caller& by, absl::CivilDay today);

// Whether the caller, or whom he acts for, submitted it, or had it submitted: then another reviews it.
bool HasSubmitted(const v1::Listing& listing, const Caller& by);

// UNDER_REVIEW→PUBLISHED: from now on those see it whom `publication` names. `days`: how long, where it names no last
// day. Reasons: REVIEW_OF_OWN, EXPIRE_DATE_PAST.
absl::Status Publish(v1::Listing& listing, const std::string& comment, int days, const Caller& by, absl::Time now);

// UNDER_REVIEW→RETURNED. Reasons: REVIEW_OF_OWN.
absl::Status Return(v1::Listing& listing, const std::string& reason, const Caller& by);

// PUBLISHED→WITHDRAWN; with a reason where negotiations are open in which either side has it. Reasons: REASON_MISSING,
// PUBLICITY_RUNS, PUBLICITY_OBJECTED.
absl::Status Withdraw(v1::Listing& listing, int open_negotiations, const std::string& reason, absl::CivilDay today);

// A PUBLISHED demand→CLOSED. Reasons: CLOSED_BY_CONTRACT_ALONE.
absl::Status Close(v1::Listing& listing, const std::string& reason);

// PUBLISHED→EXPIRED once its last day is over, and a 公示 that an objection has prolonged; false where it is not.
bool Expire(v1::Listing& listing, absl::CivilDay today);

// Who submitted it and what its reviewers wrote is its own city's business, wherever else it is published; who objected
// to its price that of the city's COORDINATORs and SUPERVISORs.
void ConcealReview(const Caller& by, v1::Listing& listing);

// DRAFT alone, and never submitted.
absl::Status CheckDelete(const v1::Listing& listing);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_LISTING_ACTIONS_H_
