#include "services/taskregistry/policy/policy_importer.h"

#include <map>
#include <string>

#include "services/taskregistry/policy/clauses.h"
#include "services/taskregistry/policy/front_matter.h"
#include "services/taskregistry/policy/goals.h"
#include "services/taskregistry/policy/proposals.h"
#include "services/taskregistry/policy/source_text.h"
#include "services/taskregistry/policy/task_fields.h"
#include "services/taskregistry/policy/unit_names.h"

namespace duikou::policy {
namespace {

using taskregistry::v1::PolicyDuty;
using taskregistry::v1::PolicyPreview;
using taskregistry::v1::PolicyTask;
using taskregistry::v1::PolicyWarning;

constexpr int kMostNotes = 500;  // Warnings and spans listed; a document with more needs another look anyway.

void Warn(const SourceText& text, PolicyWarning::Code code, const std::string& clause, Span span,
          PolicyPreview& preview) {
  if (preview.warnings_size() >= kMostNotes) return;
  auto& warning = *preview.add_warnings();
  warning.set_code(code);
  warning.set_clause(clause);
  if (!span.empty()) FillSpan(text, span, *warning.mutable_span());
}

std::string PathOf(const SourceText& text, const ClauseTree& tree, int clause) {
  return TaskPath(text, tree, TaskText{.clause = clause});
}

bool HasDuties(const PolicyTask& task) {
  for (const auto& duty : task.duties()) {
    if (duty.kind() != PolicyDuty::SUPERVISING) return true;
  }
  return false;
}

bool HasLead(const PolicyTask& task) {
  for (const auto& duty : task.duties()) {
    if (duty.kind() == PolicyDuty::LEAD) return true;
  }
  return false;
}

void AddTasks(const SourceText& text, const ClauseTree& tree, PolicyPreview& preview) {
  for (const auto& task : tree.tasks) {
    auto& out = *preview.add_tasks();
    FillTask(text, tree, task, preview.issue_date().year(), out);
    if (!HasDuties(out)) {
      preview.mutable_tasks()->RemoveLast();
      continue;
    }
    if (!HasLead(out)) Warn(text, PolicyWarning::NO_LEAD, out.clause(), {}, preview);
    if (!out.deadline().empty() && !out.has_due_date() && !out.open_ended()) {
      Warn(text, PolicyWarning::DEADLINE_NOT_RESOLVED, out.clause(), {}, preview);
    }
  }
}

void AddNotes(const SourceText& text, const ClauseTree& tree, PolicyPreview& preview) {
  for (size_t i = 0; i < tree.clauses.size(); ++i) {
    const auto& assignments = tree.clauses[i].assignments;
    for (const Span span : assignments.not_understood) {
      if (preview.not_understood_size() < kMostNotes) FillSpan(text, span, *preview.add_not_understood());
    }
    if (assignments.bracket_open) {
      const Span span = assignments.found.empty() ? tree.clauses[i].body : assignments.found.front().span;
      Warn(text, PolicyWarning::BRACKET_NOT_CLOSED, PathOf(text, tree, static_cast<int>(i)), span, preview);
    }
  }
  for (const int clause : tree.without_unit) {
    const Span body = text.Trim(tree.clauses[static_cast<size_t>(clause)].body);
    Warn(text, PolicyWarning::CLAUSE_WITHOUT_UNIT, PathOf(text, tree, clause), body, preview);
  }
  for (const int clause : tree.gaps) {
    Warn(text, PolicyWarning::NUMBER_MISSING, PathOf(text, tree, clause),
         tree.clauses[static_cast<size_t>(clause)].marker.span, preview);
  }
  if (preview.tasks().empty()) Warn(text, PolicyWarning::NO_TASKS, "", {}, preview);
  if (preview.title().empty()) Warn(text, PolicyWarning::NO_TITLE, "", {}, preview);
}

void AddUnits(PolicyPreview& preview) {
  std::map<std::string, int> index;
  for (const auto& task : preview.tasks()) {
    for (const auto& duty : task.duties()) {
      const auto [at, added] = index.try_emplace(duty.unit(), preview.units_size());
      if (added) {
        auto& unit = *preview.add_units();
        unit.set_name(duty.unit());
        unit.set_collective(duty.collective());
        unit.set_needs_narrowing(duty.needs_narrowing());
        unit.set_kind(GuessKind(SourceText(duty.unit()).folded()));
      }
      auto& unit = *preview.mutable_units(at->second);
      unit.set_tasks(unit.tasks() + 1);
    }
  }
}

}  // namespace

std::optional<std::string> ClassificationMark(std::string_view utf8) { return FindClassification(SourceText(utf8)); }

PolicyPreview ParsePolicy(std::string_view utf8, const ImportOptions& options) {
  PolicyPreview preview;
  const SourceText text(utf8);
  if (const auto mark = FindClassification(text)) {
    preview.mutable_refusal()->set_code(taskregistry::v1::PolicyRefusal::CLASSIFIED);
    preview.mutable_refusal()->set_mark(*mark);
    return preview;
  }
  const ClauseTree tree = ReadClauses(text);
  ReadFrontMatter(text, tree.header, preview);
  if (!preview.has_issue_date() && options.issue_date) *preview.mutable_issue_date() = *options.issue_date;
  ReadGoals(text, preview);
  ReadRegions(text, preview);
  AddTasks(text, tree, preview);
  AddNotes(text, tree, preview);
  AddUnits(preview);
  Propose(options.due_date, preview);
  return preview;
}

}  // namespace duikou::policy
