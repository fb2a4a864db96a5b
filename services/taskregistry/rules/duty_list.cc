#include "services/taskregistry/rules/duty_list.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/owed_reports.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::Task;
using Duty = Task::Duty;

absl::Status CheckRecipient(const UnitBook& units, const std::string& unit, const Duty& replaced,
                            const std::string& field) {
  const auto facts = units.find(unit);
  if (facts == units.end() || !facts->second.active)
    return BadField(field, {"单位不存在或已不存续。", "does not exist or has ended."}, "UNIT_NOT_ACTIVE");
  if (facts->second.group && replaced.kind() == Duty::LEAD)
    return BadField(field, {"单位组不能牵头。", "is a group, which cannot lead."}, "GROUP_CANNOT_LEAD");
  if (facts->second.group && facts->second.members.empty())
    return BadField(field, {"单位组今天没有成员。", "is a group without members today."}, "GROUP_EMPTY");
  return absl::OkStatus();
}

// A duty as a model for one of this unit: whom the unit that it replaces had named, and how that one was written, is
// nothing of another.
Duty ModelFor(Duty replaced, const std::string& unit) {
  if (unit == replaced.unit()) return replaced;
  replaced.clear_written();
  replaced.clear_leader();
  replaced.clear_responsible();
  replaced.clear_contact();
  return replaced;
}

}  // namespace

std::string NextDutyId(Task& task) {
  task.set_duties_numbered(task.duties_numbered() + 1);
  return absl::StrCat("d", task.duties_numbered());
}

absl::StatusOr<Duty> FindDuty(const Task& task, const std::string& id) {
  for (const Duty& duty : task.duties()) {
    if (duty.id() == id) return duty;
  }
  return BadField("duty",
                  {absl::StrCat("没有编号为“", id, "”的职责。"), absl::StrCat("there is no duty \"", id, "\".")},
                  "DUTY_UNKNOWN");
}

void Await(const Task& task, Duty& duty, const Moment& moment) {
  const bool own = CityOf(duty.unit()) == CityOf(task.name()) || duty.has_taken_on_time();
  duty.set_state(own ? Duty::AWAITING : Duty::AWAITING_CITY);
  *duty.mutable_acknowledge_due_date() = ToDate(moment.acknowledge_due);
  *duty.mutable_acknowledge_from() = ToDate(moment.today);
  duty.set_acknowledge_tentative(moment.tentative);
  duty.clear_acknowledge_time();
  duty.clear_acknowledged_by();
  duty.clear_acknowledged_on_behalf_of();
  duty.clear_decline_reason();
  OweNothing(duty);
  duty.clear_owed_since();
  if (own) OweFrom(duty, moment.today);
}

Duty MakeDuty(Task& task, const Duty& model, const std::string& unit, const std::string& title,
              const std::string& group, const Moment& moment) {
  Duty duty = model;
  duty.set_id(NextDutyId(task));
  duty.set_unit(unit);
  duty.set_unit_title(title);
  duty.set_group(group);
  Await(task, duty, moment);
  return duty;
}

absl::StatusOr<std::vector<Duty>> DutiesOfUnits(Task& task, const Duty& replaced, const std::vector<std::string>& to,
                                                const UnitBook& units, const Moment& moment) {
  // A unit that supervises may have another duty beside.
  std::set<std::string> taken;
  for (const Duty& duty : task.duties()) {
    const bool alike = (duty.kind() == Duty::SUPERVISING) == (replaced.kind() == Duty::SUPERVISING);
    if (duty.id() != replaced.id() && alike) taken.insert(duty.unit());
  }
  std::vector<Duty> fresh;
  for (size_t i = 0; i < to.size(); ++i) {
    const std::string field = absl::StrCat("units[", i, "]");
    if (absl::Status status = CheckRecipient(units, to[i], replaced, field); !status.ok()) return status;
    const UnitFacts& facts = units.at(to[i]);
    const Duty model = ModelFor(replaced, to[i]);
    if (!facts.group) {
      if (!taken.insert(to[i]).second)
        return BadField(field, {"该单位在此任务中已有职责。", "has a duty in this task already."}, "DUTY_TWICE");
      fresh.push_back(MakeDuty(task, model, to[i], facts.title, "", moment));
    }
    for (const auto& [member, title] : facts.members) {
      if (facts.group && taken.insert(member).second)
        fresh.push_back(MakeDuty(task, model, member, title, to[i], moment));
    }
  }
  if (fresh.empty()) {
    return BadField("units",
                    {"单位组的成员在此任务中都已有职责。", "all members of the group have duties in this task."},
                    "DUTY_TWICE");
  }
  if (fresh.size() == 1 && fresh[0].unit() == replaced.unit()) fresh[0].set_id(replaced.id());
  return fresh;
}

void PutInPlace(Task& task, const std::string& id, std::vector<Duty> fresh) {
  std::vector<Duty> duties;
  for (const Duty& duty : task.duties()) {
    if (duty.id() != id) {
      duties.push_back(duty);
    } else {
      for (Duty& one : fresh) duties.push_back(std::move(one));
    }
  }
  SetDuties(task, std::move(duties));
  BeginOnceAcknowledged(task);
}

void BeginOnceAcknowledged(Task& task) {
  const bool all_leads = std::all_of(task.duties().begin(), task.duties().end(), [](const Duty& duty) {
    return duty.kind() != Duty::LEAD || !IsOwed(duty) || duty.state() == Duty::ACKNOWLEDGED;
  });
  if (task.state() == Task::ISSUED && all_leads && !FirstLead(task).empty()) task.set_state(Task::IN_PROGRESS);
}

void SetDuties(Task& task, std::vector<Duty> duties) {
  task.clear_duties();
  for (Duty& duty : duties) *task.add_duties() = std::move(duty);
  SetAskedCities(task);
}

void SetAskedCities(Task& task) {
  std::set<std::string> cities;
  for (const Duty& duty : task.duties()) {
    const bool asked = duty.state() == Duty::AWAITING_CITY || duty.state() == Duty::TAKEN_ON ||
                       (duty.state() == Duty::DECLINE_REQUESTED && duty.has_taken_on_time());
    if (asked) cities.insert(absl::StrCat("cities/", CityOf(duty.unit())));
  }
  task.clear_asked_cities();
  for (const std::string& city : cities) task.add_asked_cities(city);
}

void KeepGroup(const Duty& duty, Task::GroupDuty& group) {
  group.set_id(duty.id());
  group.set_kind(duty.kind());
  group.set_unit(duty.unit());
  group.set_unit_title(duty.unit_title());
  group.set_written(duty.written());
  group.set_leader(duty.leader());
  group.set_responsible(duty.responsible());
  group.set_contact(duty.contact());
}

Duty DutyOfGroup(const Task::GroupDuty& group) {
  Duty duty;
  duty.set_id(group.id());
  duty.set_kind(group.kind());
  duty.set_unit(group.unit());
  duty.set_unit_title(group.unit_title());
  duty.set_written(group.written());
  duty.set_leader(group.leader());
  duty.set_responsible(group.responsible());
  duty.set_contact(group.contact());
  duty.set_state(Duty::NOT_ISSUED);
  return duty;
}

}  // namespace duikou::taskregistry::rules
