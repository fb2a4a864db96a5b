#include "services/techtransfer/rules/event_state.h"

#include "common/base/state_table.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Event;
using v1::SignUp;

// Each action, its name, and the states that allow it.
constexpr StateTable<Event::State, EventAction, kEventActions> kEvents({{
    {EventAction::kEdit, "修改", "change it", In({Event::DRAFT, Event::OPEN})},
    {EventAction::kDelete, "删除", "delete it", In({Event::DRAFT})},
    {EventAction::kOpen, "开放报名", "open it", In({Event::DRAFT})},
    {EventAction::kSignUp, "报名", "sign up", In({Event::OPEN})},
    {EventAction::kSchedule, "排定", "schedule it", In({Event::OPEN, Event::SCHEDULED})},
    {EventAction::kMarkHeld, "标为已举办", "mark it held", In({Event::OPEN, Event::SCHEDULED})},
    {EventAction::kCancel, "取消", "cancel it", In({Event::DRAFT, Event::OPEN, Event::SCHEDULED})},
    {EventAction::kRecordOutcome, "登记洽谈结果", "record outcomes", In({Event::HELD})},
    {EventAction::kExportTimetable, "导出日程", "export the timetable", In({Event::SCHEDULED, Event::HELD})},
}});

constexpr StateTable<SignUp::State, SignUpAction, kSignUpActions> kSignUps({{
    {SignUpAction::kEdit, "修改", "change it", In({SignUp::SIGNED_UP})},
    {SignUpAction::kWithdraw, "退出", "withdraw it", In({SignUp::SIGNED_UP})},
}});

}  // namespace

Text NameOf(Event::State state) {
  switch (state) {
    case Event::DRAFT:
      return {"草稿", "DRAFT"};
    case Event::OPEN:
      return {"报名中", "OPEN"};
    case Event::SCHEDULED:
      return {"已排定", "SCHEDULED"};
    case Event::HELD:
      return {"已举办", "HELD"};
    case Event::CANCELLED:
      return {"已取消", "CANCELLED"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

Text NameOf(Event::Meeting::Outcome outcome) {
  switch (outcome) {
    case Event::Meeting::NEGOTIATING:
      return {"进入洽谈", "negotiating"};
    case Event::Meeting::INTERESTED:
      return {"有意向", "interested"};
    case Event::Meeting::NO_INTEREST:
      return {"无意向", "no interest"};
    case Event::Meeting::NOT_HELD:
      return {"未进行", "not held"};
    default:
      return {"", ""};
  }
}

Text NameOf(SignUp::State state) {
  switch (state) {
    case SignUp::SIGNED_UP:
      return {"已报名", "SIGNED_UP"};
    case SignUp::WITHDRAWN:
      return {"已退出", "WITHDRAWN"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

Text NameOf(EventAction action) { return kEvents.NameOf(action); }
Text NameOf(SignUpAction action) { return kSignUps.NameOf(action); }

bool Allows(Event::State state, EventAction action) { return kEvents.Allows(state, action); }
bool Allows(SignUp::State state, SignUpAction action) { return kSignUps.Allows(state, action); }

absl::Status CheckAllowed(const Event& event, EventAction action) {
  return kEvents.Check(event.state(), action,
                       {.reason = "EVENT_STATE_FORBIDS",
                        .type = "event",
                        .noun = {"该对接会", "The event"},
                        .state = NameOf(event.state()),
                        .name = event.name()});
}

absl::Status CheckAllowed(const SignUp& sign_up, SignUpAction action) {
  return kSignUps.Check(sign_up.state(), action,
                        {.reason = "SIGN_UP_STATE_FORBIDS",
                         .type = "sign_up",
                         .noun = {"该报名", "The sign-up"},
                         .state = NameOf(sign_up.state()),
                         .name = sign_up.name()});
}

}  // namespace duikou::techtransfer::rules
