#include "services/taskregistry/plans.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/error.h"
#include "common/store/find_stored.h"
#include "services/taskregistry/rules/decision_tasks.h"
#include "services/taskregistry/rules/task_fields.h"
#include "services/taskregistry/settings.h"

namespace duikou::taskregistry {
namespace {

using v1::Task;

void Confirm(Task& task, const std::string& field) {
  auto& proposed = *task.mutable_proposed();
  proposed.erase(std::remove(proposed.begin(), proposed.end(), field), proposed.end());
}

bool IsProposed(const Task& task, const std::string& field) {
  return std::find(task.proposed().begin(), task.proposed().end(), field) != task.proposed().end();
}

// Fields that are set stay, but for those that were only proposed.
void ApplyDefaults(const v1::SetPlanDefaultsRequest& request, Task& task) {
  if (request.has_due_date() && !task.long_term() && (!task.has_due_date() || IsProposed(task, "due_date"))) {
    *task.mutable_due_date() = request.due_date();
    Confirm(task, "due_date");
  }
  if (request.report_frequency() != Task::FREQUENCY_UNSPECIFIED &&
      (task.report_frequency() == Task::FREQUENCY_UNSPECIFIED || IsProposed(task, "report_frequency"))) {
    task.set_report_frequency(request.report_frequency());
    Confirm(task, "report_frequency");
  }
  const bool leads = std::any_of(task.duties().begin(), task.duties().end(),
                                 [](const Task::Duty& duty) { return duty.kind() == Task::Duty::LEAD; });
  if (request.first_responsible_leads()) {
    const auto first = std::find_if(task.mutable_duties()->begin(), task.mutable_duties()->end(),
                                    [](const Task::Duty& duty) { return duty.kind() == Task::Duty::RESPONSIBLE; });
    if (!leads && first != task.mutable_duties()->end()) first->set_kind(Task::Duty::LEAD);
    Confirm(task, "duties");
  }
  if (request.accept_proposals()) task.clear_proposed();
}

absl::Status CheckAbove(const View& view, const v1::Plan& plan) {
  if (plan.parent_plan().empty()) return absl::OkStatus();
  return SeenReference<v1::Plan>(view, "plan.parent_plan", plan.parent_plan()).status();
}

}  // namespace

absl::Status OnCreatePlan(Txn& txn, const Caller&, v1::Plan& plan) {
  RETURN_IF_ERROR(rules::CheckIdIsFree(plan.name(), "plan_id"));
  RETURN_IF_ERROR(CheckAbove(txn, plan));
  return NumberPlan(txn, plan);
}

absl::Status OnUpdatePlan(Txn& txn, const Caller&, const v1::Plan& before, v1::Plan& after) {
  return before.parent_plan() == after.parent_plan() ? absl::OkStatus() : CheckAbove(txn, after);
}

absl::Status NumberPlan(Txn& txn, v1::Plan& plan) {
  const std::string city(schema::CityOf(plan.name()));
  ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(txn, city));
  ASSIGN_OR_RETURN(const int64_t count, txn.NextNumber(city, absl::StrCat("plan/", plan.year())));
  plan.set_number(absl::StrFormat("%s-%d-%02d", settings.number_prefix(), plan.year(), count));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Task>> DraftsOf(const View& view, const std::string& plan) {
  const std::string city = absl::StrCat("cities/", std::string(schema::CityOf(plan)));
  ASSIGN_OR_RETURN(
      std::vector<Task> drafts,
      view.ListAll<Task>({.parent = city,
                          .order_by = "number",
                          .where = {{"plan", store::Value(plan)}, {"state", store::Value(int64_t{Task::DRAFT})}}}));
  // Sub-tasks are issued by the units that split them.
  std::erase_if(drafts, [](const Task& draft) { return !draft.parent_task().empty(); });
  return drafts;
}

absl::StatusOr<v1::PlanTasksResponse> SetPlanDefaults(Txn& txn, const Caller&,
                                                      const v1::SetPlanDefaultsRequest& request) {
  ASSIGN_OR_RETURN(const v1::Plan plan, txn.Get<v1::Plan>(request.parent()));
  ASSIGN_OR_RETURN(std::vector<Task> drafts, DraftsOf(txn, plan.name()));
  v1::PlanTasksResponse response;
  for (Task& draft : drafts) {
    const std::string before = draft.SerializeAsString();
    ApplyDefaults(request, draft);
    v1::PlanTasksResponse::Result* result = response.add_results();
    result->set_task(draft.name());
    result->set_number(draft.number());
    result->set_title(draft.title());
    if (absl::Status status = rules::CheckFields(draft); !status.ok()) {
      result->mutable_status()->set_code(static_cast<int>(status.code()));
      const ErrorFacts facts = FactsOf(status);
      result->mutable_status()->set_message(txn.caller().locale == Locale::kEn ? facts.text.en : facts.text.zh);
      response.set_failed(response.failed() + 1);
      continue;
    }
    if (draft.SerializeAsString() != before) RETURN_IF_ERROR(txn.Update(std::move(draft)).status());
    response.set_succeeded(response.succeeded() + 1);
  }
  return response;
}

}  // namespace duikou::taskregistry
