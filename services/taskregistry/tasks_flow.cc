#include "services/taskregistry/tasks_flow.h"

#include <map>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/rpc/status_details.h"
#include "duikou/directory/v1/unit.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/orders.h"
#include "services/taskregistry/plans.h"
#include "services/taskregistry/reports.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/subtasks.h"
#include "services/taskregistry/rules/succession.h"
#include "services/taskregistry/rules/task_state.h"
#include "services/taskregistry/settings.h"
#include "services/taskregistry/subtasks.h"
#include "services/taskregistry/supports.h"

namespace duikou::taskregistry {
namespace {

using duikou::directory::v1::Unit;
using v1::Task;

absl::StatusOr<std::vector<std::pair<std::string, Unit>>> FindUnits(rpc::Context& context,
                                                                    const std::set<std::string>& names) {
  const std::vector<std::string> list(names.begin(), names.end());
  std::vector<std::pair<std::string, Unit>> units;
  if (list.empty()) return units;
  ASSIGN_OR_RETURN(const auto records, context.Find("directory", list));
  for (size_t i = 0; i < list.size(); ++i) {
    Unit unit;
    if (records[i] && records[i]->record.UnpackTo(&unit)) units.emplace_back(list[i], std::move(unit));
  }
  return units;
}

constexpr int kMaxTiers = 6;  // 国, 省, 市, 县, 乡, and one inside.

bool HoldsOn(const Unit::Member& member, absl::CivilDay day) {
  return (!member.has_from() || rules::ToCivil(member.from()) <= day) &&
         (!member.has_until() || day <= rules::ToCivil(member.until()));
}

std::set<std::string> UnitsOf(const Task& task) {
  std::set<std::string> units;
  for (const Task::Duty& duty : task.duties()) {
    if (!duty.unit().empty()) units.insert(duty.unit());
  }
  return units;
}

// The draft was changed between asking the directory and the transaction: the caller reads it again.
absl::Status CheckCovered(const Task& task, const std::set<std::string>& asked) {
  for (const std::string& unit : UnitsOf(task)) {
    if (!asked.contains(unit)) return EtagStale(task.name());
  }
  return absl::OkStatus();
}

// Fills in what each unit of the book stands below, the nearest first; `known` are those read already.
absl::Status AddSuperiors(rpc::Context& context, std::map<std::string, Unit> known, rules::UnitBook& book) {
  std::map<std::string, std::string> next;  // Of each unit in the book, the superior to go on from.
  for (const auto& [name, facts] : book) {
    const auto unit = known.find(name);
    if (unit != known.end()) next[name] = unit->second.parent_unit();
  }
  for (int tier = 0; tier < kMaxTiers; ++tier) {
    std::set<std::string> unread;
    for (const auto& [name, superior] : next) {
      if (superior.empty()) continue;
      book[name].above.push_back(superior);
      if (!known.contains(superior)) unread.insert(superior);
    }
    ASSIGN_OR_RETURN(const auto found, FindUnits(context, unread));
    known.insert(found.begin(), found.end());
    for (auto& [name, superior] : next) {
      const auto unit = known.find(superior);
      superior = unit == known.end() ? "" : unit->second.parent_unit();
    }
  }
  return absl::OkStatus();
}

// What a task's units must be besides: those of a sub-task stand below the unit that split it.
Superiors SuperiorsFor(const Task& task) { return task.split_by().empty() ? Superiors::kLeaveOut : Superiors::kAsk; }

// Who came after those of the units that have ended, and after these in turn where they have; after one that the
// directory does not have any more nobody.
absl::StatusOr<std::map<std::string, rules::Successors>> SuccessorsOf(rpc::Context& context,
                                                                      const std::set<std::string>& asked) {
  std::map<std::string, Unit> known;
  std::set<std::string> units = asked;
  while (!units.empty()) {
    ASSIGN_OR_RETURN(const auto found, FindUnits(context, units));
    known.insert(found.begin(), found.end());
    units.clear();
    for (const auto& [name, unit] : found) {
      for (const std::string& successor : unit.successors()) {
        if (!known.contains(successor)) units.insert(successor);
      }
    }
  }
  std::map<std::string, rules::Successors> ended;
  for (const std::string& name : asked) {
    if (!known.contains(name)) ended[name] = {};
  }
  for (const auto& [name, unit] : known) {
    for (const std::string& successor : unit.successors()) {
      const auto next = known.find(successor);
      ended[name].emplace_back(successor, next == known.end() ? successor : next->second.title());
    }
  }
  return ended;
}

std::set<std::string> UnitsAndSplitterOf(const Task& task) {
  std::set<std::string> units = UnitsOf(task);
  if (!task.split_by().empty()) units.insert(task.split_by());
  return units;
}

// Gives the duties of units that have ended to who came after them, to the last, and the reports that wait for such a
// unit to who decides now.
absl::Status SucceedUnits(Txn& txn, Task& task, const std::map<std::string, rules::Successors>& ended) {
  std::set<std::string> seen;
  for (std::set<std::string> units = UnitsAndSplitterOf(task); !units.empty();) {
    for (const std::string& unit : units) {
      const auto successors = ended.find(unit);
      if (!seen.insert(unit).second || successors == ended.end()) continue;
      if (rules::Succeed(task, unit, successors->second, DayOf(txn.now())))
        RETURN_IF_ERROR(PassReportsOn(txn, task, unit));
    }
    units = UnitsAndSplitterOf(task);
    std::erase_if(units, [&](const std::string& unit) { return seen.contains(unit); });
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<rules::UnitBook> AskDirectory(rpc::Context& context, const std::set<std::string>& units,
                                             Superiors superiors) {
  const absl::CivilDay today = DayOf(context.now());
  ASSIGN_OR_RETURN(const auto found, FindUnits(context, units));
  rules::UnitBook book;
  std::set<std::string> members;
  for (const auto& [name, unit] : found) {
    rules::UnitFacts& facts = book[name];
    facts.title = unit.title();
    facts.active = unit.state() == Unit::ACTIVE;
    facts.group = unit.kind() == Unit::GROUP;
    for (const Unit::Member& member : unit.members()) {
      if (!HoldsOn(member, today)) continue;
      facts.members.emplace_back(member.unit(), "");
      members.insert(member.unit());
    }
  }
  ASSIGN_OR_RETURN(const auto named, FindUnits(context, members));
  const std::map<std::string, Unit> titles(named.begin(), named.end());
  for (auto& [name, facts] : book) {
    std::erase_if(facts.members, [&](const auto& member) {
      const auto unit = titles.find(member.first);
      return unit == titles.end() || unit->second.state() != Unit::ACTIVE;
    });
    for (auto& [member, title] : facts.members) title = titles.at(member).title();
  }
  if (superiors == Superiors::kAsk) {
    std::map<std::string, Unit> known(found.begin(), found.end());
    known.insert(named.begin(), named.end());
    for (const auto& [name, unit] : named) book.try_emplace(name, rules::UnitFacts{.title = unit.title()});
    RETURN_IF_ERROR(AddSuperiors(context, std::move(known), book));
  }
  return book;
}

absl::StatusOr<Task> IssueTask(rpc::Context& context, const Caller& caller, const v1::IssueTaskRequest& request) {
  Task draft;
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(draft, view.Get<Task>(request.name()));
    return absl::OkStatus();
  }));
  const std::set<std::string> asked = UnitsOf(draft);
  ASSIGN_OR_RETURN(const rules::UnitBook book, AskDirectory(context, asked, SuperiorsFor(draft)));
  return context.Commit<Task>([&](Txn& txn) -> absl::StatusOr<Task> {
    ASSIGN_OR_RETURN(Task task, txn.Get<Task>(request.name()));
    RETURN_IF_ERROR(rules::CheckSteers(task, caller, {duikou::type::v1::COORDINATOR}));
    RETURN_IF_ERROR(CheckCovered(task, asked));
    RETURN_IF_ERROR(CheckParentOpen(txn, task));
    RETURN_IF_ERROR(CheckParentDue(txn, task));
    RETURN_IF_ERROR(rules::CheckBelow(task, book));
    ASSIGN_OR_RETURN(const rules::Moment moment, MomentOf(txn, std::string(schema::CityOf(task.name()))));
    RETURN_IF_ERROR(rules::Issue(task, book, moment));
    return txn.Update(std::move(task), request.etag());
  });
}

absl::StatusOr<Task> ReassignTask(rpc::Context& context, const Caller& caller, const v1::ReassignTaskRequest& request) {
  const std::vector<std::string> to(request.units().begin(), request.units().end());
  ASSIGN_OR_RETURN(const rules::UnitBook book, AskDirectory(context, {to.begin(), to.end()}, Superiors::kAsk));
  return context.Commit<Task>([&](Txn& txn) -> absl::StatusOr<Task> {
    ASSIGN_OR_RETURN(Task task, txn.Get<Task>(request.name()));
    RETURN_IF_ERROR(rules::CheckSteers(task, caller, {duikou::type::v1::COORDINATOR}));
    ASSIGN_OR_RETURN(const rules::Moment moment, MomentOf(txn, std::string(schema::CityOf(task.name()))));
    const std::string first_lead = rules::FirstLead(task);
    RETURN_IF_ERROR(rules::Reassign(task, request.duty(), to, book, moment));
    RETURN_IF_ERROR(rules::CheckBelow(task, book));
    RETURN_IF_ERROR(PassReportsOn(txn, task, first_lead));
    RETURN_IF_ERROR(PassOrdersOn(txn, task));
    RETURN_IF_ERROR(LeaveUnseenToCoordinator(txn, task));
    RETURN_IF_ERROR(RecountOwed(txn, task));
    txn.Note(request.reason());
    return txn.Update(std::move(task), request.etag());
  });
}

absl::StatusOr<Task> ReopenTask(rpc::Context& context, const Caller& caller, const v1::ReopenTaskRequest& request) {
  Task closed;
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(closed, view.Get<Task>(request.name()));
    return absl::OkStatus();
  }));
  const std::set<std::string> asked = UnitsAndSplitterOf(closed);
  ASSIGN_OR_RETURN(const auto ended, SuccessorsOf(context, asked));
  return context.Commit<Task>([&](Txn& txn) -> absl::StatusOr<Task> {
    ASSIGN_OR_RETURN(Task task, txn.Get<Task>(request.name()));
    RETURN_IF_ERROR(rules::CheckSteers(task, caller, {duikou::type::v1::SUPERVISOR}));
    RETURN_IF_ERROR(rules::Reopen(task, txn.now()));
    RETURN_IF_ERROR(CheckParentOpen(txn, task));
    RETURN_IF_ERROR(CheckCovered(task, asked));
    txn.Note(request.reason());
    RETURN_IF_ERROR(SucceedUnits(txn, task, ended));
    RETURN_IF_ERROR(RecountOwed(txn, task));
    return txn.Update(std::move(task), request.etag());
  });
}

absl::StatusOr<v1::PlanTasksResponse> IssuePlan(rpc::Context& context, const Caller& caller,
                                                const v1::IssuePlanRequest& request) {
  std::set<std::string> asked;
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Plan plan, view.Get<v1::Plan>(request.parent()));
    ASSIGN_OR_RETURN(const std::vector<Task> drafts, DraftsOf(view, plan.name()));
    for (const Task& draft : drafts) asked.merge(UnitsOf(draft));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(const rules::UnitBook book, AskDirectory(context, asked));
  return context.Commit<v1::PlanTasksResponse>([&](Txn& txn) -> absl::StatusOr<v1::PlanTasksResponse> {
    ASSIGN_OR_RETURN(const v1::Plan plan, txn.Get<v1::Plan>(request.parent()));
    ASSIGN_OR_RETURN(std::vector<Task> drafts, DraftsOf(txn, plan.name()));
    ASSIGN_OR_RETURN(const rules::Moment moment, MomentOf(txn, std::string(schema::CityOf(plan.name()))));
    v1::PlanTasksResponse response;
    for (Task& draft : drafts) {
      v1::PlanTasksResponse::Result* result = response.add_results();
      result->set_task(draft.name());
      result->set_number(draft.number());
      result->set_title(draft.title());
      absl::Status issued = CheckCovered(draft, asked);
      if (issued.ok()) issued = rules::Issue(draft, book, moment);
      if (!issued.ok()) {
        *result->mutable_status() = rpc::ToRpcStatus(issued, caller.locale, "");
        response.set_failed(response.failed() + 1);
        continue;
      }
      RETURN_IF_ERROR(txn.Update(std::move(draft)).status());
      response.set_succeeded(response.succeeded() + 1);
    }
    return response;
  });
}

}  // namespace duikou::taskregistry
