#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_NEGOTIATION_STATE_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_NEGOTIATION_STATE_H_

#include "absl/status/status.h"
#include "common/base/error.h"
#include "duikou/techtransfer/v1/negotiation.pb.h"

namespace duikou::techtransfer::rules {

// What is done to a negotiation by its sides.
enum class NegotiationAction {
  kProposeTerms,
  kAcceptTerms,
  kBreakOff,
  kPost,
  kContract,
};
constexpr int kNegotiationActions = static_cast<int>(NegotiationAction::kContract) + 1;

Text NameOf(v1::Negotiation::State state);
Text NameOf(NegotiationAction action);

bool Allows(v1::Negotiation::State state, NegotiationAction action);
// Reasons: NEGOTIATION_STATE_FORBIDS, which names the state and what can be done in it; of kContract
// NEGOTIATION_NOT_AGREED.
absl::Status CheckAllowed(const v1::Negotiation& negotiation, NegotiationAction action);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_NEGOTIATION_STATE_H_
