#include "services/techtransfer/rules/negotiation_state.h"

#include "common/base/state_table.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Negotiation;

// The state machine of domain.md, techtransfer: each action, its name, and the states that allow it.
constexpr StateTable<Negotiation::State, NegotiationAction, kNegotiationActions> kTable({{
    {NegotiationAction::kProposeTerms, "提出条款", "propose terms", In({Negotiation::OPEN})},
    {NegotiationAction::kAcceptTerms, "接受条款", "accept its terms", In({Negotiation::OPEN})},
    {NegotiationAction::kBreakOff, "终止洽谈", "break it off", In({Negotiation::OPEN, Negotiation::AGREED})},
    {NegotiationAction::kPost, "留言", "post a message", In({Negotiation::OPEN, Negotiation::AGREED})},
    {NegotiationAction::kContract, "据以签订合同", "conclude a contract on it", In({Negotiation::AGREED})},
}});

}  // namespace

Text NameOf(Negotiation::State state) {
  switch (state) {
    case Negotiation::OPEN:
      return {"洽谈中", "OPEN"};
    case Negotiation::AGREED:
      return {"已达成一致", "AGREED"};
    case Negotiation::BROKEN_OFF:
      return {"已终止", "BROKEN_OFF"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

Text NameOf(NegotiationAction action) { return kTable.NameOf(action); }

bool Allows(Negotiation::State state, NegotiationAction action) { return kTable.Allows(state, action); }

absl::Status CheckAllowed(const Negotiation& negotiation, NegotiationAction action) {
  const bool contract = action == NegotiationAction::kContract;
  return kTable.Check(negotiation.state(), action,
                      {.reason = contract ? "NEGOTIATION_NOT_AGREED" : "NEGOTIATION_STATE_FORBIDS",
                       .type = "negotiation",
                       .noun = {"该洽谈", "The negotiation"},
                       .state = NameOf(negotiation.state()),
                       .name = negotiation.name()});
}

}  // namespace duikou::techtransfer::rules
