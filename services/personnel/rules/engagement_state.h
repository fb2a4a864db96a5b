#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_ENGAGEMENT_STATE_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_ENGAGEMENT_STATE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/caller.h"
#include "common/base/error.h"
#include "duikou/personnel/v1/engagement.pb.h"

namespace duikou::personnel::rules {

// What is done to an engagement, by people or by the daily run.
enum class Action {
  kAmendTerms,
  kApprove,
  kReject,
  kWithdraw,
  kCancel,
  kRecordArrival,
  kExtend,
  kEndEarly,
  kAssess,
  kCorrect,
  kDecideTies,
  kEvaluate,
  kLapse,
  kComplete,
};
constexpr int kActions = static_cast<int>(Action::kComplete) + 1;

Text NameOf(v1::Engagement::State state);
Text NameOf(Action action);
Text NameOf(v1::Engagement::Side side);

bool Allows(v1::Engagement::State state, Action action);
// Reasons: ENGAGEMENT_STATE_FORBIDS, which names the state and what can be done in it.
absl::Status CheckAllowed(const v1::Engagement& engagement, Action action);

// Which side a caller acts for. Reasons: NOT_A_PARTY.
absl::StatusOr<v1::Engagement::Side> SideOf(const v1::Engagement& engagement, const Caller& by);
// Reasons: OTHER_SIDE.
absl::Status CheckSide(const v1::Engagement& engagement, v1::Engagement::Side wanted, const Caller& by);

// The version of the terms that approval is asked for, or was asked for last.
const v1::Engagement::Terms& WaitingTerms(const v1::Engagement& engagement);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_ENGAGEMENT_STATE_H_
