#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_LISTING_FIELDS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_LISTING_FIELDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "duikou/techtransfer/v1/listing.pb.h"

namespace duikou::techtransfer::rules {

// Checks what a listing says, and writes patents' numbers as they are to be written, with their kinds. `field` is where
// the listing stands in the request. Reasons: PATENT_NUMBER_INVALID, FIELD_OF_OTHER_KIND, WEIGHTS_NOT_100,
// EXPIRE_DATE_PAST, DEADLINE_PAST, EXPIRES_BEFORE_DEADLINE.
absl::Status ArrangeFields(v1::Listing& listing, const std::string& field, absl::CivilDay today);

// What a changed challenge keeps of its bids and award; one with bids stays, with its criteria. Reasons:
// CHALLENGE_HAS_BIDS.
absl::Status KeepBids(const v1::Listing& before, v1::Listing& after);

// What must be there before a review. Reasons: MODES_MISSING, PRICING_MISSING, EXPIRE_DATE_PAST, DEADLINE_PAST,
// EXPIRES_BEFORE_DEADLINE.
absl::Status CheckComplete(const v1::Listing& listing, absl::CivilDay today);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_LISTING_FIELDS_H_
