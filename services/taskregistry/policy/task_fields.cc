#include "services/taskregistry/policy/task_fields.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "services/taskregistry/policy/deadlines.h"
#include "services/taskregistry/policy/goals.h"
#include "services/taskregistry/policy/projects.h"
#include "services/taskregistry/policy/unit_names.h"

namespace duikou::policy {
namespace {

using taskregistry::v1::PolicyDuty;
using taskregistry::v1::PolicyTask;

PolicyDuty::Kind KindOf(Role role) {
  switch (role) {
    case Role::kLead:
      return PolicyDuty::LEAD;
    case Role::kResponsible:
      return PolicyDuty::RESPONSIBLE;
    case Role::kCooperating:
      return PolicyDuty::COOPERATING;
    case Role::kSupervising:
      return PolicyDuty::SUPERVISING;
    default:
      return PolicyDuty::KIND_UNSPECIFIED;
  }
}

bool NamesLead(const TaskText& task) {
  for (const auto& assignment : task.assignments) {
    for (const auto& duty : assignment.list.duties) {
      if (duty.role == Role::kLead) return true;
    }
  }
  return false;
}

// The duties of all assignments. Where the document says that the first of each list leads and the task names no lead,
// the first of each list of responsible units does, unless it is a collective.
std::vector<Duty> MergedDuties(const SourceText& text, const ClauseTree& tree, const TaskText& task) {
  const bool by_position = tree.first_leads && !NamesLead(task);
  std::vector<Duty> merged;
  for (const auto& assignment : task.assignments) {
    size_t list = 0;
    bool first = true;
    for (Duty duty : assignment.list.duties) {
      if (duty.list != list) first = true;
      list = duty.list;
      if (by_position && first && duty.role == Role::kResponsible && !IsCollective(text.Folded(duty.span))) {
        duty.role = Role::kLead;
        duty.by_position = true;
      }
      first = false;
      merged.push_back(duty);
    }
  }
  return merged;
}

// One duty for each unit, the strongest it has: who leads one part of a clause is not also listed as cooperating in
// another.
void FillDuties(const SourceText& text, const std::vector<Duty>& duties, PolicyTask& out) {
  std::map<std::string, int> index;
  for (const Duty& duty : duties) {
    const auto kind = KindOf(duty.role);
    if (kind == PolicyDuty::KIND_UNSPECIFIED) continue;
    const auto name = text.Compact(duty.span);
    const auto [at, added] = index.try_emplace(name, out.duties_size());
    if (!added) {
      auto& known = *out.mutable_duties(at->second);
      if (kind < known.kind()) known.set_kind(kind);
      known.set_and_others(known.and_others() || duty.and_others);
      continue;
    }
    auto& written = *out.add_duties();
    written.set_kind(kind);
    written.set_unit(name);
    written.set_collective(IsCollective(text.Folded(duty.span)));
    written.set_needs_narrowing(NeedsNarrowing(text.Folded(duty.span)));
    written.set_and_others(duty.and_others);
    written.set_lead_by_position(duty.by_position);
    FillSpan(text, duty.span, *written.mutable_span());
  }
}

void FillDeadline(const SourceText& text, const TaskText& task, int issue_year, PolicyTask& out) {
  for (const auto& assignment : task.assignments) {
    for (const Span span : assignment.list.deadlines) {
      out.set_deadline(text.OneLine(span));
      out.set_open_ended(IsOpenEnded(text.Folded(span)));
      for (size_t i = span.begin; i < span.end; ++i) {
        if (i > span.begin && IsDigit(text.at(i - 1)) && IsDigit(text.at(i))) continue;
        const auto date = ReadPeriodAt(text, i, span.end);
        const auto resolved = date ? ResolveDate(*date, issue_year) : std::nullopt;
        if (!resolved) continue;
        *out.mutable_due_date() = *resolved;
        break;
      }
      return;
    }
  }
  size_t from = task.body.begin;
  for (size_t i = 0; i <= task.assignments.size(); ++i) {
    const size_t to = i < task.assignments.size() ? task.assignments[i].span.begin : task.body.end;
    if (const auto date = FindDeadline(text, {from, to})) {
      out.set_deadline(text.Compact({date->begin, date->end}));
      if (const auto resolved = ResolveDate(*date, issue_year)) *out.mutable_due_date() = *resolved;
      return;
    }
    if (i < task.assignments.size()) from = std::max(from, task.assignments[i].span.end);
  }
}

// The text without title and assignments.
std::string Description(const SourceText& text, const TaskText& task, Span title) {
  size_t from = task.body.begin;
  if (!title.empty()) {
    from = title.end;
    while (from < task.body.end && (IsClauseEnd(text.at(from)) || IsBlank(text.at(from)))) ++from;
  }
  std::string out;
  const auto add = [&](Span span) {
    const auto part = text.OneLine(span);
    if (part.empty() || part == "。") return;
    out += part;
  };
  for (const auto& assignment : task.assignments) {
    if (assignment.span.begin > from) add({from, assignment.span.begin});
    from = std::max(from, assignment.span.end);
  }
  add({from, task.body.end});
  return out;
}

}  // namespace

void FillTask(const SourceText& text, const ClauseTree& tree, const TaskText& task, int issue_year, PolicyTask& out) {
  out.set_clause(TaskPath(text, tree, task));
  for (auto& heading : TaskHeadings(text, tree, task)) out.add_section_headings(std::move(heading));
  size_t begin = task.body.begin;
  if (task.numbered && task.clause >= 0) {
    const auto& marker = tree.clauses[static_cast<size_t>(task.clause)].marker;
    out.set_number(text.Compact(marker.span));
    begin = marker.span.begin;
  }
  if (!task.number.empty()) out.set_number(text.Compact(task.number));
  const bool titled = tree.titles.IsTitle(task.title);
  if (titled) out.set_title(text.Compact(task.title.span));
  out.set_description(Description(text, task, titled ? task.title.span : Span{}));
  FillDuties(text, MergedDuties(text, tree, task), out);
  FillDeadline(text, task, issue_year, out);
  for (const auto& project : FindProjects(text, task.body)) {
    auto& named = *out.add_projects();
    named.set_name(text.Compact(project.name));
    named.set_capacity(text.Compact(project.capacity));
    FillSpan(text, project.name, *named.mutable_span());
  }
  FillSpan(text, text.Trim({begin, task.body.end}), *out.mutable_span());
}

}  // namespace duikou::policy
