#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_EVENT_STATE_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_EVENT_STATE_H_

#include "absl/status/status.h"
#include "common/base/error.h"
#include "duikou/techtransfer/v1/event.pb.h"

// The state machines of an event and of a unit's sign-up for it.
namespace duikou::techtransfer::rules {

enum class EventAction {
  kEdit,
  kDelete,
  kOpen,
  kSignUp,
  kSchedule,
  kMarkHeld,
  kCancel,
  kRecordOutcome,
  kExportTimetable,
};
constexpr int kEventActions = static_cast<int>(EventAction::kExportTimetable) + 1;

enum class SignUpAction {
  kEdit,
  kWithdraw,
};
constexpr int kSignUpActions = static_cast<int>(SignUpAction::kWithdraw) + 1;

Text NameOf(v1::Event::State state);
Text NameOf(v1::Event::Meeting::Outcome outcome);
Text NameOf(EventAction action);
Text NameOf(v1::SignUp::State state);
Text NameOf(SignUpAction action);

bool Allows(v1::Event::State state, EventAction action);
bool Allows(v1::SignUp::State state, SignUpAction action);
// Reasons: EVENT_STATE_FORBIDS, which names the state and what can be done in it.
absl::Status CheckAllowed(const v1::Event& event, EventAction action);
// Reasons: SIGN_UP_STATE_FORBIDS, likewise.
absl::Status CheckAllowed(const v1::SignUp& sign_up, SignUpAction action);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_EVENT_STATE_H_
