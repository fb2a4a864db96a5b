#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_CONTRACT_STATE_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_CONTRACT_STATE_H_

#include "absl/status/status.h"
#include "common/base/error.h"
#include "duikou/techtransfer/v1/contract.pb.h"

namespace duikou::techtransfer::rules {

// What is done to a contract, or recorded of its registration; kRecomputeDue is what new holidays bring.
enum class ContractAction {
  kEdit,
  kDelete,
  kSubmit,
  kAccept,
  kRequestSupplement,
  kStartExpertReview,
  kRegister,
  kRefuse,
  kAmend,
  kCancel,
  kRecomputeDue,
};
constexpr int kContractActions = static_cast<int>(ContractAction::kRecomputeDue) + 1;

Text NameOf(v1::ContractKind kind);
Text NameOf(v1::Contract::State state);
Text NameOf(ContractAction action);

bool Allows(v1::Contract::State state, ContractAction action);
// Reasons: CONTRACT_STATE_FORBIDS, which names the state and what can be done in it.
absl::Status CheckAllowed(const v1::Contract& contract, ContractAction action);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_CONTRACT_STATE_H_
