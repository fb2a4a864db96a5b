#include "services/taskregistry/projects.h"

#include <optional>
#include <string>
#include <utility>

#include "common/base/workday.h"
#include "services/taskregistry/attachments.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/project_state.h"
#include "services/taskregistry/rules/task_state.h"
#include "services/taskregistry/tasks.h"

namespace duikou::taskregistry {
namespace {

using v1::Project;
using v1::Task;

absl::Status CheckKeeps(Txn& txn, const Caller& caller, const Project& project) {
  ASSIGN_OR_RETURN(const Task task, txn.Get<Task>(project.task()));
  return rules::CheckKeeps(task, caller);
}

// The steps that all state changes share: load, check who, change by the rule, store.
template <class Request>
absl::StatusOr<Project> Advance(Txn& txn, const Caller& caller, const Request& request, rules::ProjectAction action,
                                const std::string& note = "") {
  ASSIGN_OR_RETURN(Project project, txn.Get<Project>(request.name()));
  RETURN_IF_ERROR(CheckKeeps(txn, caller, project));
  std::optional<absl::CivilDay> date;
  if (request.has_date()) date = rules::ToCivil(request.date());
  RETURN_IF_ERROR(rules::Advance(project, action, date, note, caller, DayOf(txn.now())));
  txn.Note(note);
  return txn.Update(std::move(project), request.etag());
}

}  // namespace

absl::Status OnCreateProject(Txn& txn, const Caller& caller, Project& project) {
  ASSIGN_OR_RETURN(const Task task, txn.Get<Task>(TaskAbove(project.name())));
  RETURN_IF_ERROR(rules::CheckKeeps(task, caller));
  RETURN_IF_ERROR(rules::CheckAllowed(task, rules::Action::kAddProject));
  rules::Begin(project, task, caller, DayOf(txn.now()));
  return absl::OkStatus();
}

absl::Status OnUpdateProject(Txn& txn, const Caller& caller, const Project& before, Project&) {
  RETURN_IF_ERROR(CheckKeeps(txn, caller, before));
  return rules::CheckAllowed(before, rules::ProjectAction::kEdit);
}

absl::Status OnDeleteProject(Txn& txn, const Caller& caller, const Project& project) {
  RETURN_IF_ERROR(CheckKeeps(txn, caller, project));
  RETURN_IF_ERROR(rules::CheckAllowed(project, rules::ProjectAction::kDelete));
  return DeleteAttachmentsOf(txn, project.name());
}

absl::StatusOr<Project> SignProject(Txn& txn, const Caller& caller, const v1::SignProjectRequest& request) {
  return Advance(txn, caller, request, rules::ProjectAction::kSign);
}

absl::StatusOr<Project> StartProject(Txn& txn, const Caller& caller, const v1::StartProjectRequest& request) {
  return Advance(txn, caller, request, rules::ProjectAction::kStart);
}

absl::StatusOr<Project> CommissionProject(Txn& txn, const Caller& caller, const v1::CommissionProjectRequest& request) {
  return Advance(txn, caller, request, rules::ProjectAction::kCommission);
}

absl::StatusOr<Project> AbandonProject(Txn& txn, const Caller& caller, const v1::AbandonProjectRequest& request) {
  return Advance(txn, caller, request, rules::ProjectAction::kAbandon, request.reason());
}

}  // namespace duikou::taskregistry
