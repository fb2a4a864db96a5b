#include "services/taskregistry/rules/subtasks.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::Task;
using Duty = Task::Duty;

bool StandsBelow(const UnitBook& units, const std::string& unit, const std::string& superior) {
  const auto facts = units.find(unit);
  return facts != units.end() &&
         std::find(facts->second.above.begin(), facts->second.above.end(), superior) != facts->second.above.end();
}

}  // namespace

absl::Status CheckSteers(const Task& task, const Caller& by, std::initializer_list<int> roles) {
  if (by.IsService()) return absl::OkStatus();
  if (std::any_of(roles.begin(), roles.end(), [&](int role) { return by.Has(role); })) return absl::OkStatus();
  if (!task.split_by().empty() && task.split_by() == by.unit) return absl::OkStatus();
  return PermissionDenied("ROLE_MISSING", {"您的角色无权办理此事。", "None of your roles may do this."});
}

absl::Status Split(const Task& parent, Task& task, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(parent, Action::kSplit));
  const bool leads = std::any_of(parent.duties().begin(), parent.duties().end(), [&](const Duty& duty) {
    return duty.kind() == Duty::LEAD && !by.unit.empty() && duty.unit() == by.unit &&
           duty.state() == Duty::ACKNOWLEDGED;
  });
  if (!leads) {
    return PermissionDenied("NOT_LEAD", {"只有已签收的牵头单位可以分解任务。",
                                         "Only a lead unit that has acknowledged the task may split it."});
  }
  if (parent.depth() >= kMaxDepth) {
    return StateForbids("TOO_DEEP", {"任务至多分解两级。", "A task is split into two levels at most."});
  }
  if (task.plan() != parent.plan()) {
    return BadField("task.plan", {"须为上级任务的方案。", "must be the plan of the parent task."}, "PLAN_OF_PARENT");
  }
  task.set_parent_task(parent.name());
  task.set_split_by(by.unit);
  task.set_depth(parent.depth() + 1);
  if (!task.has_clause() && parent.has_clause()) *task.mutable_clause() = parent.clause();
  if (!task.has_access() && parent.has_access()) *task.mutable_access() = parent.access();
  if (!task.has_start_date() && parent.has_start_date()) *task.mutable_start_date() = parent.start_date();
  return absl::OkStatus();
}

absl::Status CheckWithinParent(const Task& parent, const Task& task, const std::string& field) {
  if (!parent.has_due_date()) return absl::OkStatus();
  const std::string day = FormatDay(ToCivil(parent.due_date()));
  const bool after = task.long_term() || (task.has_due_date() && ToCivil(parent.due_date()) < ToCivil(task.due_date()));
  if (!after) return absl::OkStatus();
  if (parent.name().empty())
    return BadField(field, {"不能晚于上级任务的时限。", "must not lie after the parent's due date."},
                    "DUE_AFTER_PARENT");
  return BadField(field,
                  {absl::StrCat("不能晚于上级任务的时限 ", day, "。"),
                   absl::StrCat("must not lie after the parent's due date, ", day, ".")},
                  "DUE_AFTER_PARENT");
}

absl::Status CheckParentOpen(const Task& parent) {
  if (Allows(parent.state(), Action::kSplit)) return absl::OkStatus();
  const Text state = NameOf(parent.state());
  return StateForbids(
      "PARENT_NOT_OPEN",
      {absl::StrCat("上级任务处于“", state.zh, "”状态。"), absl::StrCat("The parent task is ", state.en, ".")},
      {{"state", state.en}, {"task", parent.name()}});
}

absl::Status CheckBelow(const Task& task, const UnitBook& units) {
  if (task.split_by().empty()) return absl::OkStatus();
  FieldViolations violations;
  for (int i = 0; i < task.duties_size(); ++i) {
    const Duty& duty = task.duties(i);
    const auto facts = units.find(duty.unit());
    if (duty.unit().empty() || facts == units.end()) continue;  // Told elsewhere.
    const auto& members = facts->second.members;
    const bool below =
        facts->second.group
            ? std::all_of(members.begin(), members.end(),
                          [&](const auto& member) { return StandsBelow(units, member.first, task.split_by()); })
            : StandsBelow(units, duty.unit(), task.split_by());
    if (below) continue;
    violations.Add(absl::StrCat("task.duties[", i, "].unit"),
                   {absl::StrCat("“", duty.unit_title(), "”不是分解单位的下属单位。"),
                    absl::StrCat("\"", duty.unit_title(), "\" does not stand below the unit that split the task.")});
  }
  return violations.ToStatus("UNIT_NOT_BELOW");
}

absl::Status CheckSubtasksEnded(const std::vector<Task>& subtasks) {
  for (const Task& task : subtasks) {
    if (task.state() == Task::CLOSED || task.state() == Task::CANCELLED || task.state() == Task::DRAFT) continue;
    const Text state = NameOf(task.state());
    const Text named = task.number().empty() ? Text{"您无权查看的一项分解任务", "A sub-task that you may not see"}
                                             : Text{absl::StrCat("分解任务 ", task.number(), " "),
                                                    absl::StrCat("Its sub-task ", task.number())};
    return StateForbids("SUBTASKS_OPEN",
                        {absl::StrCat(named.zh, "处于“", state.zh, "”状态,须先办结或撤销。"),
                         absl::StrCat(named.en, " is ", state.en, ": close or cancel it first.")},
                        {{"task", task.name()}, {"state", state.en}});
  }
  return absl::OkStatus();
}

}  // namespace duikou::taskregistry::rules
