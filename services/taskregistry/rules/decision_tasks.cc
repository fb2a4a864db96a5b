#include "services/taskregistry/rules/decision_tasks.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

constexpr absl::string_view kPrefix = "decided-";
constexpr size_t kLongestId = 63;

// FNV-1a: keeps long ids apart. Names are not chosen by an adversary, who could at most have his own decisions collide.
uint64_t HashOf(absl::string_view text) {
  uint64_t hash = 14695981039346656037U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

// cities/210800/consultations/c1/decisions/d2: decided-210800-c1-d2; with a hash of the name where that is too long, or
// not apart from another's.
std::string IdOf(const std::string& name, bool with_hash = false) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  std::vector<std::string> ids;
  for (size_t i = 1; i < parts.size(); i += 2) ids.push_back(parts[i]);
  std::string id = absl::StrCat(kPrefix, absl::StrJoin(ids, "-"));
  if (id.size() <= kLongestId && !with_hash) return id;
  return absl::StrFormat("%s-%016x", id.substr(0, kLongestId - 17), HashOf(name));
}

std::string PlanNameOf(const AgreedDecision& decision, const std::string& city) {
  return absl::StrCat(city, "/plans/", IdOf(decision.consultation));
}

}  // namespace

std::string TaskNameOf(const std::string& decision, const std::string& city) {
  return absl::StrCat(city, "/tasks/", IdOf(decision));
}

std::string SecondTaskNameOf(const std::string& decision, const std::string& city) {
  return absl::StrCat(city, "/tasks/", IdOf(decision, true));
}

absl::Status CheckIdIsFree(const std::string& name, const std::string& field) {
  if (!absl::StartsWith(absl::string_view(name).substr(name.rfind('/') + 1), kPrefix)) return absl::OkStatus();
  return BadField(field, {absl::StrCat("“", kPrefix, "”开头的编号留给会商议定事项,请另取。"),
                          absl::StrCat("begins with \"", kPrefix,
                                       "\", which is kept for decisions of consultations: choose another.")});
}

v1::Plan PlanFor(const AgreedDecision& decision, const std::string& city) {
  v1::Plan plan;
  plan.set_name(PlanNameOf(decision, city));
  plan.set_kind(v1::Plan::CONSULTATION);
  plan.set_year(static_cast<int>(decision.signed_on.year()));
  plan.set_title(absl::StrCat(decision.topic, "议定事项"));
  *plan.mutable_issue_date() = ToDate(decision.signed_on);
  plan.set_consultation(decision.consultation);
  if (decision.access) *plan.mutable_access() = *decision.access;
  return plan;
}

v1::Task TaskFor(const AgreedDecision& decision, const std::string& city) {
  v1::Task task;
  task.set_name(TaskNameOf(decision.name, city));
  task.set_plan(PlanNameOf(decision, city));
  task.set_decision(decision.name);
  task.set_title(decision.title);
  task.set_description(decision.text);
  for (const auto& [unit, title] : decision.lead_units) {
    if ("cities/" + CityOf(unit) != city) continue;
    v1::Task::Duty* duty = task.add_duties();
    duty->set_kind(v1::Task::Duty::LEAD);
    duty->set_unit(unit);
    duty->set_unit_title(title);
    duty->set_written(title);
  }
  for (const std::string& party : decision.cities) {
    if (party != city) task.add_partner_cities(party);
  }
  *task.mutable_due_date() = decision.due_date;
  // Minutes may be signed only after it was due.
  *task.mutable_start_date() = ToDate(std::min(decision.signed_on, ToCivil(decision.due_date)));
  if (decision.access) *task.mutable_access() = *decision.access;
  return task;
}

absl::Status CheckDeletable(const v1::Task& task) {
  if (task.decision().empty()) return absl::OkStatus();
  return StateForbids("DECISION_BINDS",
                      {"该任务来自各方会签的议定事项,不能删除；确需取消的,请撤销并说明理由。",
                       "The task comes from a decision that all parties signed and cannot be deleted: cancel it with a "
                       "reason instead."},
                      {{"task", task.name()}, {"decision", task.decision()}});
}

}  // namespace duikou::taskregistry::rules
