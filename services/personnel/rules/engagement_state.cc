#include "services/personnel/rules/engagement_state.h"

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace duikou::personnel::rules {
namespace {

using v1::Engagement;

constexpr uint32_t In(std::initializer_list<Engagement::State> states) {
  uint32_t bits = 0;
  for (const Engagement::State state : states) bits |= 1U << state;
  return bits;
}

struct ActionRow {
  Action action;
  const char* zh;
  const char* en;
  uint32_t states;
};

// The state machine of domain.md, personnel: each action, its name, and the states that allow it. ACTIVE allows to
// approve and reject for the sake of its extension.
constexpr std::array<ActionRow, kActions> kTable = {{
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
    {Action::kLapse, "失效", "lapse", In({Engagement::PROPOSED, Engagement::APPROVED})},
    {Action::kComplete, "期满", "complete", In({Engagement::ACTIVE})},
}};

const ActionRow& Row(Action action) { return kTable[static_cast<size_t>(action)]; }

// Nobody asks for these: days bring them.
bool ByDays(Action action) { return action == Action::kLapse || action == Action::kComplete; }

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

Text NameOf(Action action) { return {Row(action).zh, Row(action).en}; }

Text NameOf(Engagement::Side side) {
  return side == Engagement::HOME_SIDE ? Text{"派出方", "home"} : Text{"接收方", "host"};
}

bool Allows(Engagement::State state, Action action) { return (Row(action).states >> state & 1U) != 0; }

absl::Status CheckAllowed(const Engagement& engagement, Action action) {
  if (Allows(engagement.state(), action)) return absl::OkStatus();
  Text allowed;
  for (const ActionRow& row : kTable) {
    if (!Allows(engagement.state(), row.action) || ByDays(row.action)) continue;
    absl::StrAppend(&allowed.zh, allowed.zh.empty() ? "" : "、", row.zh);
    absl::StrAppend(&allowed.en, allowed.en.empty() ? "" : ", ", row.en);
  }
  if (allowed.zh.empty()) allowed = {"无", "nothing"};
  const Text state = NameOf(engagement.state());
  return StateForbids("ENGAGEMENT_STATE_FORBIDS",
                      {absl::StrCat("该交流处于“", state.zh, "”状态,不能", Row(action).zh, ";可以:", allowed.zh, "。"),
                       absl::StrCat("The engagement is ", state.en, ", so you cannot ", Row(action).en,
                                    "; you can: ", allowed.en, ".")},
                      {{"state", state.en}, {"engagement", engagement.name()}});
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
