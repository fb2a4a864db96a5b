#include "services/taskregistry/rules/city_duties.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/taskregistry/rules/duty_list.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::Task;
using Duty = Task::Duty;

Text StateName(Duty::State state) {
  switch (state) {
    case Duty::NOT_ISSUED:
      return {"未交办", "NOT_ISSUED"};
    case Duty::AWAITING:
      return {"待签收", "AWAITING"};
    case Duty::ACKNOWLEDGED:
      return {"已签收", "ACKNOWLEDGED"};
    case Duty::DECLINE_REQUESTED:
      return {"申请退办", "DECLINE_REQUESTED"};
    case Duty::AWAITING_CITY:
      return {"待接办", "AWAITING_CITY"};
    case Duty::TAKEN_ON:
      return {"已接办", "TAKEN_ON"};
    case Duty::CITY_DECLINED:
      return {"不接办", "CITY_DECLINED"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

absl::Status DutyForbids(const char* reason, const Duty& duty, Text action) {
  const Text state = StateName(duty.state());
  return StateForbids(reason,
                      {absl::StrCat("该职责处于“", state.zh, "”状态,不能", action.zh, "。"),
                       absl::StrCat("The duty is ", state.en, ", so you cannot ", action.en, ".")},
                      {{"state", state.en}, {"duty", duty.id()}});
}

// The duty, if it is one for the caller's city to handle and the task's own city is another.
absl::StatusOr<Duty> FindForCity(const Task& task, const std::string& id, const Caller& by) {
  ASSIGN_OR_RETURN(Duty duty, FindDuty(task, id));
  const std::string city = CityOf(duty.unit());
  if (!by.city.empty() && by.city == city && city != CityOf(task.name())) return duty;
  return PermissionDenied("OTHER_CITY",
                          {"只能办理其他城市交给本市单位的职责。",
                           "This can be done for duties that another city means for units of yours only."});
}

}  // namespace

absl::Status TakeOnDuty(Task& task, const std::string& id, const Caller& by, const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kTakeOnDuty));
  ASSIGN_OR_RETURN(Duty duty, FindForCity(task, id, by));
  if (duty.state() != Duty::AWAITING_CITY) return DutyForbids("DUTY_NOT_ASKED", duty, {"接办", "take it on"});
  duty.set_state(Duty::TAKEN_ON);
  duty.mutable_taken_on_time()->set_seconds(absl::ToUnixSeconds(moment.now));
  duty.set_taken_on_by(by.name);
  PutInPlace(task, id, {std::move(duty)});
  return absl::OkStatus();
}

absl::Status AssignDuty(Task& task, const std::string& id, const std::vector<std::string>& to, const UnitBook& units,
                        const Caller& by, const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kAssignDuty));
  ASSIGN_OR_RETURN(const Duty duty, FindForCity(task, id, by));
  if (!duty.has_taken_on_time() || duty.state() == Duty::CITY_DECLINED)
    return DutyForbids("DUTY_NOT_TAKEN_ON", duty, {"转办", "assign it: take it on first"});
  ASSIGN_OR_RETURN(std::vector<Duty> fresh, DutiesOfUnits(task, duty, to, units, moment));
  for (const Duty& one : fresh) {
    if (CityOf(one.unit()) == by.city) continue;
    return BadField("units",
                    {absl::StrCat("“", one.unit_title(), "”不是本市单位。"),
                     absl::StrCat("\"", one.unit_title(), "\" is no unit of your city.")},
                    "OTHER_CITY");
  }
  PutInPlace(task, id, std::move(fresh));
  return absl::OkStatus();
}

absl::Status DeclineDuty(Task& task, const std::string& id, const std::string& reason, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kDeclineDuty));
  ASSIGN_OR_RETURN(Duty duty, FindForCity(task, id, by));
  if (duty.state() != Duty::AWAITING_CITY && duty.state() != Duty::TAKEN_ON)
    return DutyForbids("DUTY_NOT_ASKED", duty, {"不接办", "decline it for your city"});
  duty.set_state(Duty::CITY_DECLINED);
  duty.set_decline_reason(reason);
  duty.clear_taken_on_time();
  duty.clear_taken_on_by();
  PutInPlace(task, id, {std::move(duty)});
  return absl::OkStatus();
}

}  // namespace duikou::taskregistry::rules
