#include "services/taskregistry/import.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/crypto/digest.h"
#include "services/taskregistry/plans.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/tasks.h"

namespace duikou::taskregistry {
namespace {

using v1::Plan;
using v1::PolicyPreview;
using v1::PolicyTask;
using v1::Task;

constexpr size_t kMaxTitle = 200;
constexpr size_t kMaxDescription = 20000;
constexpr size_t kMaxName = 200;

// At most so many characters; the whole stands in the plan's source text.
std::string Cut(const std::string& utf8, size_t characters) {
  size_t count = 0;
  for (size_t i = 0; i < utf8.size(); ++i) {
    if ((static_cast<unsigned char>(utf8[i]) & 0xC0U) != 0x80U && ++count > characters) return utf8.substr(0, i);
  }
  return utf8;
}

void AddDuties(const PolicyTask& read, const UnitsByWrittenName& units, Task& task) {
  std::set<std::string> taken;
  for (const auto& duty : read.duties()) {
    const auto unit = units.find(duty.unit());
    if (unit != units.end() && !taken.insert(unit->second.first).second) continue;
    Task::Duty* added = task.add_duties();
    added->set_kind(static_cast<Task::Duty::Kind>(duty.kind()));
    added->set_written(Cut(duty.unit(), kMaxName));
    if (unit == units.end()) continue;
    added->set_unit(unit->second.first);
    added->set_unit_title(unit->second.second);
  }
}

void ApplyProposal(const v1::PolicyProposal& proposal, Task& task) {
  if (!proposal.title().empty() && task.title().empty()) {
    task.set_title(Cut(proposal.title(), kMaxTitle));
    task.add_proposed("title");
  }
  if (!proposal.lead().empty()) {
    for (Task::Duty& duty : *task.mutable_duties()) {
      if (duty.written() != proposal.lead()) continue;
      duty.set_kind(Task::Duty::LEAD);
      task.add_proposed("duties");
      break;
    }
  }
  if (proposal.has_due_date() && !task.has_due_date() && !task.long_term()) {
    *task.mutable_due_date() = proposal.due_date();
    task.add_proposed("due_date");
  }
  if (proposal.frequency() == v1::PolicyProposal::QUARTERLY) {
    task.set_report_frequency(Task::QUARTERLY);
    task.add_proposed("report_frequency");
  }
}

// The year of 发文字号 〔2022〕, else 0.
int YearOfNumber(const std::string& document_number) {
  const std::string bracket = "〔";
  const size_t at = document_number.find(bracket);
  return at == std::string::npos ? 0 : std::atoi(document_number.c_str() + at + bracket.size());
}

absl::Status CheckNotImported(const View& view, const std::string& parent, const Plan& plan) {
  const bool numbered = !plan.document_number().empty();
  ASSIGN_OR_RETURN(const std::vector<Plan> alike,
                   view.ListAll<Plan>({.parent = parent,
                                       .where = {{numbered ? "document_number" : "title",
                                                  store::Value(numbered ? plan.document_number() : plan.title())}}}));
  for (const Plan& other : alike) {
    if (other.source_digest() != plan.source_digest()) continue;
    return StateForbids(
        "DOCUMENT_IMPORTED",
        {absl::StrCat("同一文件已导入为方案 ", other.number(), "(", other.name(), ")。"),
         absl::StrCat("The same document was imported as plan ", other.number(), " (", other.name(), ").")},
        {{"plan", other.name()}});
  }
  return absl::OkStatus();
}

}  // namespace

Plan PlanOf(const PolicyPreview& preview, const v1::ImportPlanRequest& request, const std::string& text,
            absl::CivilDay today) {
  Plan plan;
  plan.set_kind(request.kind() == Plan::KIND_UNSPECIFIED ? Plan::IMPLEMENTATION : request.kind());
  plan.set_document_number(Cut(preview.document_number(), 60));
  plan.set_title(Cut(preview.title().empty() ? "未命名方案" : preview.title(), kMaxTitle));
  plan.set_issuer(Cut(preview.issuer(), 100));
  if (preview.has_issue_date()) *plan.mutable_issue_date() = preview.issue_date();
  const int numbered = YearOfNumber(preview.document_number());
  plan.set_year(numbered >= 1990 && numbered <= 2999 ? numbered
                : plan.has_issue_date()              ? plan.issue_date().year()
                                                     : static_cast<int>(today.year()));
  for (const auto& goal : preview.goals()) {
    if (plan.goals_size() == 50) break;
    Plan::Goal* added = plan.add_goals();
    added->set_year(goal.year());
    added->set_text(Cut(goal.text(), 2000));
  }
  for (const auto& region : preview.regions()) {
    if (plan.regions_size() < 50) plan.add_regions(Cut(region.name(), 60));
  }
  plan.set_source_text(text);
  plan.set_source_digest(crypto::Sha256({request.content()}));
  *plan.mutable_access() = request.access();
  return plan;
}

Task DraftOf(const PolicyTask& read, const UnitsByWrittenName& units) {
  Task task;
  task.mutable_clause()->set_path(Cut(read.clause(), 60));
  for (const std::string& heading : read.section_headings()) {
    if (task.clause().headings_size() < 8) task.mutable_clause()->add_headings(Cut(heading, kMaxTitle));
  }
  task.set_title(Cut(read.title(), kMaxTitle));
  task.set_description(Cut(read.description(), kMaxDescription));
  if (read.has_due_date()) *task.mutable_due_date() = read.due_date();
  task.set_long_term(read.open_ended());
  AddDuties(read, units, task);
  ApplyProposal(read.proposal(), task);
  return task;
}

absl::StatusOr<v1::ImportPlanResponse> Store(Txn& txn, const Caller& caller, const v1::ImportPlanRequest& request,
                                             PolicyPreview preview, Plan plan, const UnitsByWrittenName& units) {
  RETURN_IF_ERROR(CheckNotImported(txn, request.parent(), plan));
  v1::ImportPlanResponse response;
  plan.set_name(absl::StrCat(request.parent(), "/plans/", request.plan_id().empty() ? txn.NewId() : request.plan_id()));
  RETURN_IF_ERROR(OnCreatePlan(txn, caller, plan));
  ASSIGN_OR_RETURN(*response.mutable_plan(), txn.Insert(std::move(plan)));
  for (const PolicyTask& read : preview.tasks()) {
    Task task = DraftOf(read, units);
    task.set_name(absl::StrCat(request.parent(), "/tasks/", txn.NewId()));
    task.set_plan(response.plan().name());
    // A stated time before the document itself is no due date of a task; the text keeps it.
    if (task.has_due_date() && response.plan().has_issue_date() &&
        rules::ToCivil(task.due_date()) < rules::ToCivil(response.plan().issue_date())) {
      *task.mutable_start_date() = task.due_date();
    }
    RETURN_IF_ERROR(OnCreateTask(txn, caller, task));
    ASSIGN_OR_RETURN(*response.add_tasks(), txn.Insert(std::move(task)));
  }
  response.mutable_plan()->clear_source_text();  // The caller has it.
  *response.mutable_preview() = std::move(preview);
  return response;
}

}  // namespace duikou::taskregistry
