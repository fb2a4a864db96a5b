#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_EVENTS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_EVENTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/techtransfer/v1/event.pb.h"

// What is done to an event 对接会. Each action also gives EVENT_STATE_FORBIDS.
namespace duikou::techtransfer::rules {

// "2026-03-02 10:00", as it is in China.
std::string FormatMoment(absl::Time time);

// Its times, sessions and tables. Reasons: TIMES_INVALID, SESSION_OUTSIDE, TABLES_MISSING.
absl::Status CheckEvent(const v1::Event& event);

// Whether it may be changed so; what an OPEN one says of its publication is in force at once. Reasons: as of
// CheckEvent, CAPACITY_BELOW_SIGN_UPS.
absl::Status Edit(const v1::Event& before, v1::Event& after);

// DRAFT→OPEN: from now on those see it whom `publication` names. Reasons: EVENT_BEGUN.
absl::Status Open(v1::Event& event, absl::Time now);

// →SCHEDULED with the meetings of these sign-ups, which are all that are SIGNED_UP; laid out before, they are laid out
// anew. Reasons: EVENT_BEGUN.
absl::Status Schedule(v1::Event& event, const std::vector<v1::SignUp>& sign_ups, absl::Time now);

// →HELD once it has begun. Reasons: EVENT_NOT_BEGUN.
absl::Status MarkHeld(v1::Event& event, absl::Time now);

// →CANCELLED.
absl::Status Cancel(v1::Event& event, const std::string& reason);

// What came of the meeting with the id of `result`, in place of what was recorded before: its outcome, note, listing
// and negotiation. Reasons: MEETING_UNKNOWN.
absl::Status RecordOutcome(v1::Event& event, const v1::Event::Meeting& result);

// Who meets whom, and what came of it, is the business of those who meet: of an event that all may read, a city keeps
// the meetings in which its units take part, and nobody without login any. The event's city sees all.
void ConcealMeetings(const Caller& by, v1::Event& event);

// Whether it has not begun yet. Reasons: EVENT_BEGUN.
absl::Status CheckNotBegun(const v1::Event& event, absl::Time now);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_EVENTS_H_
