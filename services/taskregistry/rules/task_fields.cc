#include "services/taskregistry/rules/task_fields.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/duties.h"
#include "services/taskregistry/rules/owed_reports.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::Task;

int64_t WeightOf(const Task::Milestone& milestone) { return milestone.weight() == 0 ? 1 : milestone.weight(); }

// Equal as far as people set them.
std::string DutiesAsGiven(const Task& task) {
  std::string given;
  for (const Task::Duty& duty : task.duties()) {
    absl::StrAppend(&given, duty.kind(), "|", duty.unit(), "|", duty.written(), ";");
  }
  return given;
}

// The duties as they stand, with the people that are named now. Those given are of the same units in the same order.
void KeepDuties(const Task& before, Task& after) {
  for (int i = 0; i < before.duties_size(); ++i) {
    Task::Duty duty = before.duties(i);
    const Task::Duty& given = after.duties(i);
    duty.set_leader(given.leader());
    duty.set_responsible(given.responsible());
    duty.set_contact(given.contact());
    *after.mutable_duties(i) = std::move(duty);
  }
}

std::string DatesAsGiven(const Task& task) {
  return absl::StrCat(task.start_date().SerializeAsString(), "|", task.due_date().SerializeAsString(), "|",
                      task.long_term());
}

// Reports go on after issue, so what says when they are due cannot be taken away any more.
absl::Status CheckReportable(const Task& task) {
  if (task.report_frequency() == Task::FREQUENCY_UNSPECIFIED) {
    return BadField("task.report_frequency",
                    {"交办后的任务须有进展报送频次。", "must say how often reports are due once the task is issued."},
                    "REPORT_FREQUENCY_MISSING");
  }
  if (task.report_frequency() == Task::STAGE && task.milestones().empty()) {
    return BadField("task.milestones",
                    {"按节点报送的任务,交办后至少须有一个节点;或改用其他报送频次。",
                     "must have at least one, as the issued task reports at milestones: or set another frequency."},
                    "MILESTONES_MISSING");
  }
  return absl::OkStatus();
}

void CheckMilestones(const Task& task, FieldViolations& violations) {
  std::set<std::string> ids;
  for (int i = 0; i < task.milestones_size(); ++i) {
    const Task::Milestone& milestone = task.milestones(i);
    const std::string path = absl::StrCat("task.milestones[", i, "]");
    if (!ids.insert(milestone.id()).second)
      violations.Add(path + ".id", {"与另一节点重复。", "is another milestone's id."});
    if (milestone.has_due_date() && task.has_due_date() && ToCivil(task.due_date()) < ToCivil(milestone.due_date())) {
      violations.Add(path + ".due_date", {"不能晚于任务时限。", "must not lie after the task's due date."});
    }
  }
}

// A field that was proposed and now says something else was confirmed by whoever changed it.
void ForgetProposals(const Task& before, Task& after) {
  auto& proposed = *after.mutable_proposed();
  const auto changed = [&](const std::string& field) {
    const auto* descriptor = Task::descriptor()->FindFieldByName(field);
    if (descriptor == nullptr) return true;
    Task only_before, only_after;
    only_before.CopyFrom(before);
    only_after.CopyFrom(after);
    for (int i = 0; i < Task::descriptor()->field_count(); ++i) {
      if (Task::descriptor()->field(i) == descriptor) continue;
      Task::GetReflection()->ClearField(&only_before, Task::descriptor()->field(i));
      Task::GetReflection()->ClearField(&only_after, Task::descriptor()->field(i));
    }
    return only_before.SerializeAsString() != only_after.SerializeAsString();
  };
  proposed.erase(std::remove_if(proposed.begin(), proposed.end(), changed), proposed.end());
}

}  // namespace

absl::Status CheckFields(const Task& task) {
  FieldViolations violations;
  std::string reason = "FIELD_INVALID";
  if (task.has_due_date() && task.has_start_date() && ToCivil(task.due_date()) < ToCivil(task.start_date())) {
    reason = "DUE_BEFORE_START";
    violations.Add("task.due_date", {"完成时限不能早于开始日期。", "must not lie before the start date."});
  }
  if (task.has_due_date() && task.long_term()) {
    violations.Add("task.long_term",
                   {"长期任务没有完成时限,请二选一。", "a long-term task has no due date: set one of the two."});
  }
  std::set<std::string> units;
  for (int i = 0; i < task.duties_size(); ++i) {
    const Task::Duty& duty = task.duties(i);
    if (duty.unit().empty() && duty.written().empty()) {
      violations.Add(absl::StrCat("task.duties[", i, "].unit"),
                     {"请填写单位,或文件中的单位名称(written)。", "name a unit, or the name as written."});
    }
    if (!duty.unit().empty() && duty.kind() != Task::Duty::SUPERVISING && !units.insert(duty.unit()).second) {
      reason = "DUTY_TWICE";
      violations.Add(absl::StrCat("task.duties[", i, "].unit"),
                     {"该单位在此任务中已有职责。", "has a duty in this task already."});
    }
  }
  CheckMilestones(task, violations);
  return violations.ToStatus(reason);
}

absl::Status Edit(const Task& before, Task& after, absl::CivilDay today) {
  RETURN_IF_ERROR(CheckAllowed(before, Action::kEdit));
  if (before.state() == Task::DRAFT) {
    PrepareDuties(after);
  } else {
    const bool duties = DutiesAsGiven(before) != DutiesAsGiven(after);
    if (duties || DatesAsGiven(before) != DatesAsGiven(after)) {
      return StateForbids("FIELD_FIXED_AFTER_ISSUE",
                          {duties ? "交办后职责只能通过改派调整。" : "交办后时限只能通过延期申请调整。",
                           duties ? "After issue duties change by ReassignTask alone."
                                  : "After issue dates change by an ExtensionRequest alone."},
                          {{"state", Task::State_Name(before.state())}});
    }
    RETURN_IF_ERROR(CheckReportable(after));
    KeepDuties(before, after);
    for (Task::Duty& duty : *after.mutable_duties()) {
      if (before.report_frequency() != after.report_frequency()) OweFrom(duty, today);
    }
  }
  std::map<std::string, const Task::Milestone*> done;
  for (const Task::Milestone& milestone : before.milestones()) done[milestone.id()] = &milestone;
  for (Task::Milestone& milestone : *after.mutable_milestones()) {
    const auto known = done.find(milestone.id());
    milestone.set_done(known != done.end() && known->second->done());
    if (milestone.done()) *milestone.mutable_done_time() = known->second->done_time();
  }
  after.set_percent(PercentOf(after, before.milestones().empty() ? before.percent() : 0));
  ForgetProposals(before, after);
  return CheckFields(after);
}

absl::Status CompleteMilestone(Task& task, const std::string& id, bool done, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kCompleteMilestone));
  if (by.unit.empty() || by.unit != FirstLead(task)) {
    return PermissionDenied("NOT_FIRST_LEAD", {"只有第一牵头单位可以办理。", "Only the first lead unit may do this."});
  }
  for (Task::Milestone& milestone : *task.mutable_milestones()) {
    if (milestone.id() != id) continue;
    milestone.set_done(done);
    if (done) {
      milestone.mutable_done_time()->set_seconds(absl::ToUnixSeconds(now));
    } else {
      milestone.clear_done_time();
    }
    task.set_percent(PercentOf(task, 0));
    return absl::OkStatus();
  }
  return BadField("milestone",
                  {absl::StrCat("没有编号为“", id, "”的节点。"), absl::StrCat("there is no milestone \"", id, "\".")},
                  "MILESTONE_UNKNOWN");
}

int PercentOf(const Task& task, int otherwise) {
  int64_t total = 0, done = 0;
  for (const Task::Milestone& milestone : task.milestones()) {
    total += WeightOf(milestone);
    if (milestone.done()) done += WeightOf(milestone);
  }
  return total == 0 ? otherwise : static_cast<int>(done * 100 / total);
}

}  // namespace duikou::taskregistry::rules
