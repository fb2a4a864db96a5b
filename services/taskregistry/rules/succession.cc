#include "services/taskregistry/rules/succession.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/taskregistry/rules/duty_list.h"
#include "services/taskregistry/rules/owed_reports.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::Task;
using Duty = Task::Duty;

bool Alike(const Duty& a, const Duty& b) { return (a.kind() == Duty::SUPERVISING) == (b.kind() == Duty::SUPERVISING); }

// Gives the duties to the one successor.
void Move(Task& task, const std::string& unit, const std::pair<std::string, std::string>& successor,
          absl::CivilDay today) {
  std::vector<Duty> duties;
  for (Duty duty : task.duties()) {
    if (duty.unit() == unit) {
      duty.set_unit(successor.first);
      duty.set_unit_title(successor.second);
      // The reports that its unit made are none of the successor's.
      OweOn(task, duty, today);
    }
    const auto known = std::find_if(duties.begin(), duties.end(), [&](const Duty& other) {
      return duty.unit() == successor.first && other.unit() == duty.unit() && Alike(other, duty);
    });
    if (known == duties.end()) {
      duties.push_back(std::move(duty));
    } else if (duty.kind() < known->kind()) {
      duty.set_id(known->id());
      *known = std::move(duty);
    }
  }
  SetDuties(task, std::move(duties));
  BeginOnceAcknowledged(task);
}

void AskToReassign(Task& task, const std::string& unit, const Successors& successors) {
  std::string names;
  for (const auto& [name, title] : successors) absl::StrAppend(&names, names.empty() ? "" : "、", title);
  const std::string reason = successors.empty() ? "单位已从名录中删除,请改派(deleted: reassign)"
                                                : absl::StrCat("单位已拆分为", names, ",请改派(split: reassign)");
  for (Duty& duty : *task.mutable_duties()) {
    if (duty.unit() != unit || !IsOwed(duty)) continue;
    duty.set_state(Duty::DECLINE_REQUESTED);
    duty.set_decline_reason(reason);
  }
  SetAskedCities(task);
}

}  // namespace

bool Succeed(Task& task, const std::string& unit, const Successors& successors, absl::CivilDay today) {
  if (task.state() == Task::CLOSED || task.state() == Task::CANCELLED) return false;
  const std::string before = task.SerializeAsString();
  if (successors.size() == 1) {
    Move(task, unit, successors.front(), today);
    if (task.split_by() == unit) task.set_split_by(successors.front().first);
  } else {
    if (task.state() != Task::DRAFT) AskToReassign(task, unit, successors);
    if (task.split_by() == unit) task.clear_split_by();
  }
  return task.SerializeAsString() != before;
}

}  // namespace duikou::taskregistry::rules
