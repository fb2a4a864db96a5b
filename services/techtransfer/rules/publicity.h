#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_PUBLICITY_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_PUBLICITY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "common/base/caller.h"
#include "duikou/techtransfer/v1/listing.pb.h"

// 公示 of an agreed price (促进科技成果转化法 art. 18): public institutes and universities that sell by 协议定价
// publicise name and price first. Each also gives LISTING_STATE_FORBIDS.
namespace duikou::techtransfer::rules {

// Whether an offer's price must be publicised before a contract.
bool NeedsPublicity(const v1::Listing& listing);

// That none is under way or stopped by an objection: until then it stays where the public sees it, or its days would
// not count. Reasons: PUBLICITY_RUNS, PUBLICITY_OBJECTED.
absl::Status CheckPublicityOver(const v1::Listing& listing, absl::CivilDay today);

// Begins today and lasts `days` days of the calendar, of which today does not count (民法典 art. 201). Reasons:
// PUBLICITY_NOT_DUE, PUBLICITY_RUNS, PUBLICITY_OBJECTED, EXPIRES_BEFORE_PUBLICITY_ENDS.
absl::Status Publicise(v1::Listing& listing, const duikou::type::v1::Money& price, const std::string& note, int days,
                       absl::CivilDay today);

// Reasons: PUBLICITY_NOT_RUNNING.
absl::Status ObjectTo(v1::Listing& listing, const std::string& objection, const std::string& objector,
                      absl::CivilDay today);

// Upheld: it must be publicised anew. Dismissed: it goes on, for as many days more as the objection was open. Reasons:
// OBJECTION_MISSING.
absl::Status SettleObjection(v1::Listing& listing, bool upheld, const std::string& settlement, absl::CivilDay today);

// Whether a contract on the offer may be signed on a day. Reasons: PUBLICITY_MISSING, PUBLICITY_RUNS,
// PUBLICITY_OBJECTED.
absl::Status CheckPublicised(const v1::Listing& listing, absl::CivilDay sign_date);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_PUBLICITY_H_
