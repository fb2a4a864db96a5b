#include "services/taskregistry/rules/duties.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/duty_list.h"
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

// The duties of the caller's unit, for what it may do itself.
std::vector<Duty*> DutiesOf(Task& task, const std::string& unit) {
  std::vector<Duty*> own;
  for (Duty& duty : *task.mutable_duties()) {
    if (!unit.empty() && duty.unit() == unit && IsOwed(duty)) own.push_back(&duty);
  }
  return own;
}

// Which units have a duty. One that supervises may have another beside.
class TakenUnits {
 public:
  // False where the unit has a duty like this one.
  bool Take(const Duty& like, const std::string& unit) {
    return (like.kind() == Duty::SUPERVISING ? supervising_ : others_).insert(unit).second;
  }

 private:
  std::set<std::string> supervising_, others_;
};

// A duty of a draft while names are linked to units.
struct DraftedDuty {
  Duty duty;
  bool linked = false;  // Its unit has only now been found by its name.
  bool dropped = false;
};

// A unit has one duty, and one that supervises beside. Of the name just linked and the duty that its unit has already
// the weightier kind stays, in the place of the first of the two, with the people named for the unit.
void KeepWeightier(std::vector<DraftedDuty>& duties, size_t linked) {
  DraftedDuty& fresh = duties[linked];
  for (size_t i = 0; i < duties.size(); ++i) {
    DraftedDuty& known = duties[i];
    const bool alike = (known.duty.kind() == Duty::SUPERVISING) == (fresh.duty.kind() == Duty::SUPERVISING);
    if (known.dropped || known.duty.unit() != fresh.duty.unit() || !alike) continue;
    if (i >= linked && known.linked) continue;  // Itself, or one whose turn comes.
    const bool weightier = fresh.duty.kind() < known.duty.kind();
    if (weightier) {
      known.duty.set_kind(fresh.duty.kind());
      known.duty.set_written(fresh.duty.written());
    }
    if (weightier && i > linked) std::swap(known.duty, fresh.duty);
    (weightier && i > linked ? known : fresh).dropped = true;
    return;
  }
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
    if (duty.id().empty()) duty.set_id(NextDutyId(task));
    duty.set_state(Duty::NOT_ISSUED);
  }
}

bool LinkUnits(const UnitLinks& links, Task& draft) {
  std::vector<DraftedDuty> duties;
  bool changed = false;
  for (const Duty& duty : draft.duties()) {
    const auto link = duty.unit().empty() ? links.find(duty.written()) : links.end();
    if (link == links.end()) {
      duties.push_back({.duty = duty});
      continue;
    }
    changed = true;
    bool first = true;
    for (const auto& [unit, title] : link->second) {
      DraftedDuty& linked = duties.emplace_back(DraftedDuty{.duty = duty, .linked = true});
      if (!std::exchange(first, false)) linked.duty.clear_id();
      linked.duty.set_unit(unit);
      linked.duty.set_unit_title(title);
    }
  }
  for (size_t i = 0; i < duties.size(); ++i) {
    if (duties[i].linked) KeepWeightier(duties, i);
  }
  draft.clear_duties();
  for (DraftedDuty& drafted : duties) {
    if (!drafted.dropped) *draft.add_duties() = std::move(drafted.duty);
  }
  PrepareDuties(draft);
  return changed;
}

absl::Status Issue(Task& task, const UnitBook& units, const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kIssue));
  RETURN_IF_ERROR(CheckComplete(task, units));
  std::vector<Duty> duties;
  TakenUnits taken;
  for (const Duty& duty : task.duties()) taken.Take(duty, duty.unit());
  for (Duty duty : task.duties()) {
    const UnitFacts& facts = units.at(duty.unit());
    if (!facts.group) {
      duty.set_unit_title(facts.title);
      Await(task, duty, moment);
      duties.push_back(std::move(duty));
      continue;
    }
    for (const auto& [member, title] : facts.members) {
      // A member that the task names itself keeps that duty.
      if (taken.Take(duty, member)) duties.push_back(MakeDuty(task, duty, member, title, duty.unit(), moment));
    }
    KeepGroup(duty, *task.add_groups());
  }
  SetDuties(task, std::move(duties));
  if (task.has_due_date()) *task.mutable_issued_due_date() = task.due_date();
  task.set_state(Task::ISSUED);
  task.mutable_issue_time()->set_seconds(absl::ToUnixSeconds(moment.now));
  if (!task.has_start_date()) {
    *task.mutable_start_date() = ToDate(moment.today);
    task.set_start_date_from_issue(true);
  }
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
    duty->set_acknowledged_on_behalf_of(by.on_behalf_of);
    duty->clear_decline_reason();
  }
  BeginOnceAcknowledged(task);
  SetAskedCities(task);
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
  SetAskedCities(task);
  return absl::OkStatus();
}

absl::Status Reassign(Task& task, const std::string& duty_id, const std::vector<std::string>& to, const UnitBook& units,
                      const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kReassign));
  ASSIGN_OR_RETURN(const Duty replaced, FindDuty(task, duty_id));
  ASSIGN_OR_RETURN(std::vector<Duty> fresh, DutiesOfUnits(task, replaced, to, units, moment));
  for (Duty& duty : fresh) {
    duty.clear_taken_on_time();
    duty.clear_taken_on_by();
    Await(task, duty, moment);
  }
  PutInPlace(task, duty_id, std::move(fresh));
  return absl::OkStatus();
}

absl::Status Recall(Task& task) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kRecall));
  for (const Duty& duty : task.duties()) {
    if (duty.state() == Duty::ACKNOWLEDGED) return AlreadyAcknowledged();
    if (duty.has_taken_on_time()) {
      return StateForbids("DUTY_TAKEN_ON",
                          {absl::StrCat("“", duty.unit_title(), "”的职责对方城市已接办,不能撤回。"),
                           absl::StrCat("The duty of \"", duty.unit_title(),
                                        "\" was taken on by its city, so the task cannot be recalled.")});
    }
  }
  std::vector<Duty> duties;
  std::set<std::string> back;
  const auto restore = [&](const Task::GroupDuty& group) {
    if (back.insert(group.id()).second) duties.push_back(DutyOfGroup(group));
  };
  for (Duty duty : task.duties()) {
    if (!duty.group().empty()) {
      for (const Task::GroupDuty& group : task.groups()) {
        if (group.unit() == duty.group() && group.kind() == duty.kind()) restore(group);
      }
      // Members of a group that a duty was reassigned to have no draft to go back to, and stay.
      const bool drafted = std::any_of(task.groups().begin(), task.groups().end(),
                                       [&](const auto& group) { return group.unit() == duty.group(); });
      if (drafted) continue;
      duty.clear_group();
    }
    duty.set_state(Duty::NOT_ISSUED);
    duty.clear_acknowledge_due_date();
    duty.clear_acknowledge_from();
    duty.clear_acknowledge_tentative();
    duty.clear_decline_reason();
    duty.clear_owed_since();
    OweNothing(duty);
    duties.push_back(std::move(duty));
  }
  for (const Task::GroupDuty& group : task.groups()) restore(group);
  task.clear_groups();
  SetDuties(task, std::move(duties));
  task.clear_issued_due_date();
  if (task.start_date_from_issue()) task.clear_start_date();
  task.clear_start_date_from_issue();
  task.set_state(Task::DRAFT);
  task.clear_issue_time();
  task.clear_spells();
  return absl::OkStatus();
}

}  // namespace duikou::taskregistry::rules
