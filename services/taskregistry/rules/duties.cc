#include "services/taskregistry/rules/duties.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/owed_reports.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::Task;
using Duty = Task::Duty;

// Gathers what keeps a draft from being issued; the first reason stands for all.
class Obstacles {
 public:
  void Add(const char* reason, std::string field, Text text) {
    if (reason_.empty()) reason_ = reason;
    violations_.push_back({std::move(field), std::move(text)});
  }
  absl::Status ToStatus(const Task& task) && {
    if (violations_.empty()) return absl::OkStatus();
    Text text;
    for (const FieldViolation& violation : violations_) {
      absl::StrAppend(&text.zh, violation.description.zh);
      absl::StrAppend(&text.en, text.en.empty() ? "" : " ", violation.description.en);
    }
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     {.reason = reason_,
                      .text = std::move(text),
                      .metadata = {{"state", Task::State_Name(task.state())}, {"task", task.name()}},
                      .violations = std::move(violations_)});
  }

 private:
  std::string reason_;
  std::vector<FieldViolation> violations_;
};

std::string PathOf(int i) { return absl::StrCat("task.duties[", i, "].unit"); }

void CheckUnit(const Duty& duty, int i, const UnitBook& units, Obstacles& obstacles) {
  const std::string shown = duty.written().empty() ? duty.unit_title() : duty.written();
  if (duty.unit().empty() && NeedsNarrowing(duty.written())) {
    obstacles.Add("GROUP_NOT_NARROWED", PathOf(i),
                  {absl::StrCat("“", shown, "”须先明确具体单位。"),
                   absl::StrCat("\"", shown, "\": say first which units are meant.")});
    return;
  }
  if (duty.unit().empty()) {
    obstacles.Add("UNIT_UNRESOLVED", PathOf(i),
                  {absl::StrCat("“", shown, "”尚未对应到单位,请先关联。"),
                   absl::StrCat("\"", shown, "\" is linked to no unit yet.")});
    return;
  }
  const auto unit = units.find(duty.unit());
  if (unit == units.end() || !unit->second.active) {
    obstacles.Add("UNIT_NOT_ACTIVE", PathOf(i),
                  {absl::StrCat("“", shown, "”已不存续,请改为其后继单位。"),
                   absl::StrCat("\"", shown, "\" has ended: name its successor.")});
  } else if (unit->second.group && duty.kind() == Duty::LEAD) {
    obstacles.Add("GROUP_CANNOT_LEAD", PathOf(i),
                  {absl::StrCat("“", shown, "”是单位组,不能牵头,请指定单位。"),
                   absl::StrCat("\"", shown, "\" is a group, which cannot lead: name a unit.")});
  } else if (unit->second.group && NeedsNarrowing(duty.written())) {
    obstacles.Add("GROUP_NOT_NARROWED", PathOf(i),
                  {absl::StrCat("“", shown, "”须先明确具体单位。"),
                   absl::StrCat("\"", shown, "\": say first which members are meant.")});
  } else if (unit->second.group && unit->second.members.empty()) {
    obstacles.Add("GROUP_EMPTY", PathOf(i),
                  {absl::StrCat("单位组“", shown, "”今天没有成员。"),
                   absl::StrCat("The group \"", shown, "\" has no members today.")});
  }
}

absl::Status CheckComplete(const Task& task, const UnitBook& units) {
  Obstacles obstacles;
  const bool leads = std::any_of(task.duties().begin(), task.duties().end(),
                                 [](const Duty& duty) { return duty.kind() == Duty::LEAD; });
  if (!leads) obstacles.Add("LEAD_UNIT_MISSING", "task.duties", {"没有牵头单位。", "There is no lead unit."});
  for (int i = 0; i < task.duties_size(); ++i) CheckUnit(task.duties(i), i, units, obstacles);
  if (!task.has_due_date() && !task.long_term()) {
    obstacles.Add("DUE_DATE_MISSING", "task.due_date",
                  {"没有完成时限,也不是长期任务。", "It has no due date and is not long-term."});
  }
  if (task.report_frequency() == Task::FREQUENCY_UNSPECIFIED) {
    obstacles.Add("REPORT_FREQUENCY_MISSING", "task.report_frequency",
                  {"没有进展报送频次。", "It has no report frequency."});
  }
  if (task.report_frequency() == Task::STAGE && task.milestones().empty()) {
    obstacles.Add("MILESTONES_MISSING", "task.milestones",
                  {"按节点报送,但没有节点。", "It reports at milestones, but has none."});
  }
  for (const std::string& field : task.proposed()) {
    obstacles.Add("PROPOSAL_UNCONFIRMED", absl::StrCat("task.", field),
                  {absl::StrCat(field, " 为推定值,须先确认。"),
                   absl::StrCat(field, " was proposed by the importer: confirm it first.")});
  }
  return std::move(obstacles).ToStatus(task);
}

void Await(Duty& duty, const Moment& moment) {
  duty.set_state(Duty::AWAITING);
  *duty.mutable_acknowledge_due_date() = ToDate(moment.acknowledge_due);
  duty.clear_acknowledge_time();
  duty.clear_acknowledged_by();
  duty.clear_decline_reason();
  OweFrom(duty, moment.today);
}

std::string NextId(Task& task) {
  task.set_duties_numbered(task.duties_numbered() + 1);
  return absl::StrCat("d", task.duties_numbered());
}

Duty MakeDuty(Task& task, const Duty& model, const std::string& unit, const std::string& title,
              const std::string& group, const Moment& moment) {
  Duty duty = model;
  duty.set_id(NextId(task));
  duty.set_unit(unit);
  duty.set_unit_title(title);
  duty.set_group(group);
  Await(duty, moment);
  return duty;
}

void ReplaceDuties(Task& task, std::vector<Duty> duties) {
  task.clear_duties();
  for (Duty& duty : duties) *task.add_duties() = std::move(duty);
}

// The duties of the caller's unit, for what it may do itself.
std::vector<Duty*> DutiesOf(Task& task, const std::string& unit) {
  std::vector<Duty*> own;
  for (Duty& duty : *task.mutable_duties()) {
    if (!unit.empty() && duty.unit() == unit) own.push_back(&duty);
  }
  return own;
}

absl::Status NoDuty() {
  return PermissionDenied("NO_DUTY", {"您的单位在此任务中没有职责。", "Your unit has no duty in this task."});
}

absl::Status AlreadyAcknowledged() {
  return StateForbids("ALREADY_ACKNOWLEDGED", {"已经签收。", "It has been acknowledged already."});
}

}  // namespace

bool NeedsNarrowing(const std::string& written) {
  return written.find("有关") != std::string::npos || written.find("相关") != std::string::npos;
}

void PrepareDuties(Task& task) {
  for (Duty& duty : *task.mutable_duties()) {
    if (duty.id().empty()) duty.set_id(NextId(task));
    duty.set_state(Duty::NOT_ISSUED);
  }
}

absl::Status Issue(Task& task, const UnitBook& units, const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kIssue));
  RETURN_IF_ERROR(CheckComplete(task, units));
  std::set<std::string> taken;
  for (const Duty& duty : task.duties()) taken.insert(duty.unit());
  std::vector<Duty> duties;
  for (Duty duty : task.duties()) {
    const UnitFacts& facts = units.at(duty.unit());
    if (!facts.group) {
      duty.set_unit_title(facts.title);
      Await(duty, moment);
      duties.push_back(std::move(duty));
      continue;
    }
    for (const auto& [member, title] : facts.members) {
      // A member that the task names itself keeps that duty.
      if (taken.insert(member).second) duties.push_back(MakeDuty(task, duty, member, title, duty.unit(), moment));
    }
  }
  ReplaceDuties(task, std::move(duties));
  task.set_state(Task::ISSUED);
  task.mutable_issue_time()->set_seconds(absl::ToUnixSeconds(moment.now));
  if (!task.has_start_date()) *task.mutable_start_date() = ToDate(moment.today);
  CountOwed(task, "", {});
  return absl::OkStatus();
}

absl::Status Acknowledge(Task& task, const Caller& by, const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kAcknowledge));
  const std::vector<Duty*> own = DutiesOf(task, by.unit);
  if (own.empty()) return NoDuty();
  const bool open =
      std::any_of(own.begin(), own.end(), [](const Duty* duty) { return duty->state() != Duty::ACKNOWLEDGED; });
  if (!open) return AlreadyAcknowledged();
  for (Duty* duty : own) {
    if (duty->state() == Duty::ACKNOWLEDGED) continue;
    duty->set_state(Duty::ACKNOWLEDGED);
    duty->mutable_acknowledge_time()->set_seconds(absl::ToUnixSeconds(moment.now));
    duty->set_acknowledged_by(by.name);
    duty->clear_decline_reason();
  }
  const bool all_leads = std::all_of(task.duties().begin(), task.duties().end(), [](const Duty& duty) {
    return duty.kind() != Duty::LEAD || duty.state() == Duty::ACKNOWLEDGED;
  });
  if (task.state() == Task::ISSUED && all_leads) task.set_state(Task::IN_PROGRESS);
  return absl::OkStatus();
}

absl::Status Decline(Task& task, const Caller& by, const std::string& reason, const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kDecline));
  const std::vector<Duty*> own = DutiesOf(task, by.unit);
  if (own.empty()) return NoDuty();
  for (const Duty* duty : own) {
    if (duty->state() == Duty::ACKNOWLEDGED) return AlreadyAcknowledged();
    if (duty->state() == Duty::DECLINE_REQUESTED) {
      return StateForbids("DECLINE_ALREADY_REQUESTED",
                          {"已申请退办,等待改派。", "It has been declined already and waits to be reassigned."});
    }
    if (ToCivil(duty->acknowledge_due_date()) < moment.today) {
      return StateForbids(
          "DECLINE_TOO_LATE",
          {absl::StrCat("申请退办的期限(", FormatDay(ToCivil(duty->acknowledge_due_date())), ")已过,请签收。"),
           absl::StrCat("It could be declined until ", FormatDay(ToCivil(duty->acknowledge_due_date())),
                        ": acknowledge it.")});
    }
  }
  for (Duty* duty : own) {
    duty->set_state(Duty::DECLINE_REQUESTED);
    duty->set_decline_reason(reason);
  }
  return absl::OkStatus();
}

absl::Status Reassign(Task& task, const std::string& duty_id, const std::vector<std::string>& to, const UnitBook& units,
                      const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kReassign));
  const auto& all = task.duties();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Duty& duty) { return duty.id() == duty_id; });
  if (found == all.end()) {
    return BadField(
        "duty",
        {absl::StrCat("没有编号为“", duty_id, "”的职责。"), absl::StrCat("there is no duty \"", duty_id, "\".")},
        "DUTY_UNKNOWN");
  }
  const Duty& replaced = *found;
  std::set<std::string> taken;
  for (const Duty& duty : all) {
    if (duty.id() != duty_id) taken.insert(duty.unit());
  }
  std::vector<Duty> fresh;
  for (size_t i = 0; i < to.size(); ++i) {
    const std::string field = absl::StrCat("units[", i, "]");
    const auto facts = units.find(to[i]);
    if (facts == units.end() || !facts->second.active)
      return BadField(field, {"单位不存在或已不存续。", "does not exist or has ended."}, "UNIT_NOT_ACTIVE");
    if (facts->second.group && replaced.kind() == Duty::LEAD)
      return BadField(field, {"单位组不能牵头。", "is a group, which cannot lead."}, "GROUP_CANNOT_LEAD");
    if (facts->second.group && facts->second.members.empty())
      return BadField(field, {"单位组今天没有成员。", "is a group without members today."}, "GROUP_EMPTY");
    if (!facts->second.group) {
      if (!taken.insert(to[i]).second)
        return BadField(field, {"该单位在此任务中已有职责。", "has a duty in this task already."}, "DUTY_TWICE");
      fresh.push_back(MakeDuty(task, replaced, to[i], facts->second.title, "", moment));
    }
    for (const auto& [member, title] : facts->second.members) {
      if (facts->second.group && taken.insert(member).second)
        fresh.push_back(MakeDuty(task, replaced, member, title, to[i], moment));
    }
  }
  if (fresh.size() == 1 && fresh[0].unit() == replaced.unit()) fresh[0].set_id(replaced.id());
  std::vector<Duty> duties;
  for (const Duty& duty : task.duties()) {
    if (duty.id() != duty_id) {
      duties.push_back(duty);
    } else {
      for (Duty& one : fresh) duties.push_back(std::move(one));
    }
  }
  ReplaceDuties(task, std::move(duties));
  CountOwed(task, "", {});
  return absl::OkStatus();
}

absl::Status Recall(Task& task) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kRecall));
  std::vector<Duty> duties;
  std::set<std::string> groups;
  for (Duty duty : task.duties()) {
    if (duty.state() == Duty::ACKNOWLEDGED) return AlreadyAcknowledged();
    if (!duty.group().empty()) {
      if (!groups.insert(duty.group()).second) continue;
      duty.set_unit(duty.group());
      duty.set_unit_title(duty.written());
      duty.clear_group();
    }
    duty.set_state(Duty::NOT_ISSUED);
    duty.clear_acknowledge_due_date();
    duty.clear_decline_reason();
    duty.clear_owed_since();
    OweNothing(duty);
    duties.push_back(std::move(duty));
  }
  ReplaceDuties(task, std::move(duties));
  task.set_state(Task::DRAFT);
  task.clear_issue_time();
  task.clear_spells();
  return absl::OkStatus();
}

}  // namespace duikou::taskregistry::rules
