#include "services/techtransfer/rules/contract_state.h"

#include "common/base/state_table.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Contract;

// The state machine of domain.md, techtransfer: each action, its name, and the states that allow it.
constexpr StateTable<Contract::State, ContractAction, kContractActions> kTable({{
    {ContractAction::kEdit, "修改", "change it", In({Contract::SIGNED, Contract::SUPPLEMENT})},
    {ContractAction::kDelete, "删除", "delete it", In({Contract::SIGNED})},
    {ContractAction::kSubmit, "申请认定登记", "submit it", In({Contract::SIGNED})},
    {ContractAction::kAccept, "登记受理", "record its acceptance", In({Contract::SUBMITTED, Contract::SUPPLEMENT})},
    {ContractAction::kRequestSupplement, "登记补正", "record a request for papers",
     In({Contract::SUBMITTED, Contract::ACCEPTED})},
    {ContractAction::kStartExpertReview, "转专家审核", "record the experts' review", In({Contract::ACCEPTED})},
    {ContractAction::kRegister, "予以登记", "record its registration",
     In({Contract::ACCEPTED, Contract::EXPERT_REVIEW})},
    {ContractAction::kRefuse, "不予登记", "record the refusal", In({Contract::ACCEPTED, Contract::EXPERT_REVIEW})},
    {ContractAction::kAmend, "变更", "amend it", In({Contract::REGISTERED, Contract::AMENDED})},
    {ContractAction::kCancel, "注销", "cancel it", In({Contract::REGISTERED, Contract::AMENDED})},
    {ContractAction::kRecomputeDue, "重算期限", "compute anew when it is due",
     In({Contract::ACCEPTED, Contract::EXPERT_REVIEW}), false},
}});

}  // namespace

Text NameOf(v1::ContractKind kind) {
  switch (kind) {
    case v1::COMMISSIONED_DEVELOPMENT:
      return {"委托开发", "COMMISSIONED_DEVELOPMENT"};
    case v1::COOPERATIVE_DEVELOPMENT:
      return {"合作开发", "COOPERATIVE_DEVELOPMENT"};
    case v1::TRANSFER:
      return {"技术转让", "TRANSFER"};
    case v1::LICENCE:
      return {"技术许可", "LICENCE"};
    case v1::CONSULTING:
      return {"技术咨询", "CONSULTING"};
    case v1::SERVICE:
      return {"技术服务", "SERVICE"};
    default:
      return {"未知", "CONTRACT_KIND_UNSPECIFIED"};
  }
}

Text NameOf(Contract::State state) {
  switch (state) {
    case Contract::SIGNED:
      return {"已签订", "SIGNED"};
    case Contract::SUBMITTED:
      return {"已申请", "SUBMITTED"};
    case Contract::ACCEPTED:
      return {"已受理", "ACCEPTED"};
    case Contract::SUPPLEMENT:
      return {"待补正", "SUPPLEMENT"};
    case Contract::EXPERT_REVIEW:
      return {"专家审核", "EXPERT_REVIEW"};
    case Contract::REGISTERED:
      return {"已登记", "REGISTERED"};
    case Contract::REFUSED:
      return {"未予登记", "REFUSED"};
    case Contract::AMENDED:
      return {"已变更", "AMENDED"};
    case Contract::CANCELLED:
      return {"已注销", "CANCELLED"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

Text NameOf(ContractAction action) { return kTable.NameOf(action); }

bool Allows(Contract::State state, ContractAction action) { return kTable.Allows(state, action); }

absl::Status CheckAllowed(const Contract& contract, ContractAction action) {
  return kTable.Check(contract.state(), action,
                      {.reason = "CONTRACT_STATE_FORBIDS",
                       .type = "contract",
                       .noun = {"该合同", "The contract"},
                       .state = NameOf(contract.state()),
                       .name = contract.name()});
}

}  // namespace duikou::techtransfer::rules
