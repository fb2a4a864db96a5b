#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_SIGN_UPS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_SIGN_UPS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/techtransfer/v1/event.pb.h"
#include "duikou/techtransfer/v1/listing.pb.h"

// 报名: who comes to an event. Seats are counted on the event, which each sign-up and withdrawal changes.
namespace duikou::techtransfer::rules {

// Whether an event takes sign-ups at a moment. Reasons: EVENT_STATE_FORBIDS, SIGN_UP_OVER.
absl::Status CheckTakesSignUps(const v1::Event& event, absl::Time now);

// Takes a seat; `earlier` are the unit's sign-ups for the event. Reasons: as of CheckTakesSignUps, SIGNED_UP_TWICE,
// EVENT_FULL.
absl::Status SignUpFor(v1::Event& event, v1::SignUp& sign_up, const std::vector<v1::SignUp>& earlier, absl::Time now);

// Whether it may still be changed. Reasons: as of CheckTakesSignUps, SIGN_UP_STATE_FORBIDS.
absl::Status CheckEdit(const v1::SignUp& sign_up, const v1::Event& event, absl::Time now);

// That a unit does not wish to meet itself. Reasons: WISH_OF_OWN.
absl::Status CheckWishes(const v1::SignUp& sign_up);

// That the listing at `index` of those that a unit brings is its own. Reasons: OFFER_OF_OTHERS.
absl::Status CheckBrings(const v1::SignUp& sign_up, int index, const v1::Listing& listing);

// SIGNED_UP→WITHDRAWN; gives the seat back and strikes the unit's meetings off the timetable, whose other meetings stay
// as they are. Reasons: UNIT_OF_OTHERS, SIGN_UP_STATE_FORBIDS, EVENT_BEGUN.
absl::Status Withdraw(v1::SignUp& sign_up, v1::Event& event, const Caller& by, absl::Time now);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_SIGN_UPS_H_
