#include "services/personnel/rules/engagement_state.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/state_table.h"
#include "common/base/status_macros.h"

namespace duikou::personnel::rules {
namespace {

using v1::Engagement;

// The state machine of domain.md, personnel: each action, its name, and the states that allow it. ACTIVE allows to
// approve and reject for the sake of its extension.
constexpr StateTable<Engagement::State, Action, kActions> kTable({{
    {Action::kAmendTerms, "变更条件", "change the terms", In({Engagement::PROPOSED, Engagement::APPROVED})},
    {Action::kApprove, "批准", "approve", In({Engagement::PROPOSED, Engagement::ACTIVE})},
    {Action::kReject, "不同意", "reject", In({Engagement::PROPOSED, Engagement::ACTIVE})},
    {Action::kWithdraw, "撤回", "withdraw", In({Engagement::PROPOSED})},
    {Action::kCancel, "取消", "cancel", In({Engagement::APPROVED})},
    {Action::kRecordArrival, "登记报到", "record the arrival", In({Engagement::APPROVED})},
    {Action::kExtend, "申请延期", "propose an extension", In({Engagement::ACTIVE})},
    {Action::kEndEarly, "提前结束", "end early", In({Engagement::ACTIVE})},
    {Action::kAssess, "考核", "assess", In({Engagement::COMPLETED, Engagement::ENDED_EARLY})},
    {Action::kCorrect, "更正", "correct",
     In({Engagement::ACTIVE, Engagement::COMPLETED, Engagement::ENDED_EARLY, Engagement::ASSESSED})},
    {Action::kDecideTies, "决定回避事项", "decide about ties", In({Engagement::PROPOSED, Engagement::ACTIVE})},
    {Action::kEvaluate, "鉴定", "evaluate", In({Engagement::ACTIVE, Engagement::COMPLETED, Engagement::ENDED_EARLY})},
    {Action::kLapse, "失效", "lapse", In({Engagement::PROPOSED, Engagement::APPROVED}), false},
    {Action::kComplete, "期满", "complete", In({Engagement::ACTIVE}), false},
}});

}  // namespace

Text NameOf(Engagement::State state) {
  switch (state) {
    case Engagement::PROPOSED:
      return {"待批准", "PROPOSED"};
    case Engagement::APPROVED:
      return {"已批准", "APPROVED"};
    case Engagement::ACTIVE:
      return {"在岗", "ACTIVE"};
    case Engagement::COMPLETED:
      return {"期满", "COMPLETED"};
    case Engagement::ENDED_EARLY:
      return {"提前结束", "ENDED_EARLY"};
    case Engagement::ASSESSED:
      return {"已考核", "ASSESSED"};
    case Engagement::REJECTED:
      return {"不同意", "REJECTED"};
    case Engagement::WITHDRAWN:
      return {"已撤回", "WITHDRAWN"};
    case Engagement::LAPSED:
      return {"已失效", "LAPSED"};
    case Engagement::CANCELLED:
      return {"已取消", "CANCELLED"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

Text NameOf(Action action) { return kTable.NameOf(action); }

Text NameOf(Engagement::Side side) {
  return side == Engagement::HOME_SIDE ? Text{"派出方", "home"} : Text{"接收方", "host"};
}

bool Allows(Engagement::State state, Action action) { return kTable.Allows(state, action); }

absl::Status CheckAllowed(const Engagement& engagement, Action action) {
  return kTable.Check(engagement.state(), action,
                      {.reason = "ENGAGEMENT_STATE_FORBIDS",
                       .type = "engagement",
                       .noun = {"该交流", "The engagement"},
                       .state = NameOf(engagement.state()),
                       .name = engagement.name()});
}

absl::StatusOr<Engagement::Side> SideOf(const Engagement& engagement, const Caller& by) {
  const std::string city = absl::StrCat("cities/", by.city);
  if (!by.city.empty() && absl::StartsWith(engagement.name(), city + "/")) return Engagement::HOME_SIDE;
  if (!by.city.empty() && engagement.host_city() == city) return Engagement::HOST_SIDE;
  return PermissionDenied("NOT_A_PARTY", {"只有参与方可以办理此事。", "Only a party of this record may do this."});
}

absl::Status CheckSide(const Engagement& engagement, Engagement::Side wanted, const Caller& by) {
  ASSIGN_OR_RETURN(const Engagement::Side side, SideOf(engagement, by));
  if (side == wanted) return absl::OkStatus();
  const Text name = NameOf(wanted);
  return PermissionDenied("OTHER_SIDE", {absl::StrCat("此事由", name.zh, "办理。"),
                                         absl::StrCat("This is for the ", name.en, " side to do.")});
}

const Engagement::Terms& WaitingTerms(const Engagement& engagement) {
  return engagement.has_extension() ? engagement.extension() : engagement.terms();
}

}  // namespace duikou::personnel::rules
