#include "services/taskregistry/extensions.h"

#include <utility>

#include "common/base/error.h"
#include "common/store/find_stored.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/rules/reporting.h"
#include "services/taskregistry/rules/subtasks.h"
#include "services/taskregistry/subtasks.h"
#include "services/taskregistry/tasks.h"

namespace duikou::taskregistry {
namespace {

using v1::ExtensionRequest;
using v1::Task;

// Whoever asks: with a task's end they lapse, also where a parent's took a sub-task along that its steerer does not
// see.
absl::StatusOr<std::vector<ExtensionRequest>> OpenRequests(const View& view, const std::string& task) {
  return WholeView(view)->ListAll<ExtensionRequest>(
      {.parent = task, .where = {{"state", store::Value(int64_t{ExtensionRequest::REQUESTED})}}});
}

// The day asked for, as the due date that a sub-task would have.
absl::Status CheckExtendedDue(Txn& txn, const Task& task, const ExtensionRequest& extension) {
  Task extended;
  extended.set_parent_task(task.parent_task());
  *extended.mutable_due_date() = extension.due_date();
  return CheckParentDue(txn, extended, "extension.due_date");
}

absl::StatusOr<ExtensionRequest> Decide(Txn& txn, const Caller& caller, const std::string& name,
                                        const std::string& etag, bool approve, const std::string& comment) {
  ASSIGN_OR_RETURN(ExtensionRequest extension, txn.Get<ExtensionRequest>(name));
  ASSIGN_OR_RETURN(Task task, txn.Get<Task>(extension.task()));
  RETURN_IF_ERROR(rules::CheckSteers(task, caller, {duikou::type::v1::COORDINATOR}));
  RETURN_IF_ERROR(rules::DecideExtension(task, extension, approve, comment, caller, txn.now()));
  if (approve) RETURN_IF_ERROR(CheckExtendedDue(txn, task, extension));
  txn.Note(comment);
  if (approve) RETURN_IF_ERROR(txn.Update(std::move(task)).status());
  return txn.Update(std::move(extension), etag);
}

}  // namespace

absl::Status OnCreateExtension(Txn& txn, const Caller& caller, ExtensionRequest& extension) {
  ASSIGN_OR_RETURN(const Task task, txn.Get<Task>(TaskAbove(extension.name())));
  RETURN_IF_ERROR(rules::RequestExtension(task, extension, caller));
  RETURN_IF_ERROR(CheckExtendedDue(txn, task, extension));
  ASSIGN_OR_RETURN(const std::vector<ExtensionRequest> open, OpenRequests(txn, task.name()));
  if (open.empty()) return absl::OkStatus();
  return StateForbids("EXTENSION_PENDING",
                      {"已有一份延期申请待审批。", "Another request to extend it waits for its decision."},
                      {{"extension", open[0].name()}});
}

absl::StatusOr<ExtensionRequest> ApproveExtensionRequest(Txn& txn, const Caller& caller,
                                                         const v1::ApproveExtensionRequestRequest& request) {
  return Decide(txn, caller, request.name(), request.etag(), true, request.comment());
}

absl::StatusOr<ExtensionRequest> RefuseExtensionRequest(Txn& txn, const Caller& caller,
                                                        const v1::RefuseExtensionRequestRequest& request) {
  return Decide(txn, caller, request.name(), request.etag(), false, request.comment());
}

absl::StatusOr<ExtensionRequest> WithdrawExtensionRequest(Txn& txn, const Caller& caller,
                                                          const v1::WithdrawExtensionRequestRequest& request) {
  ASSIGN_OR_RETURN(ExtensionRequest extension, txn.Get<ExtensionRequest>(request.name()));
  RETURN_IF_ERROR(rules::WithdrawExtension(extension, request.reason(), caller, txn.now()));
  txn.Note(request.reason());
  return txn.Update(std::move(extension), request.etag());
}

absl::Status LapseExtensions(Txn& txn, const Caller& caller, const std::string& task) {
  ASSIGN_OR_RETURN(std::vector<ExtensionRequest> open, OpenRequests(txn, task));
  for (ExtensionRequest& extension : open) {
    rules::EndExtension(extension, ExtensionRequest::LAPSED, "", caller, txn.now());
    RETURN_IF_ERROR(txn.Update(std::move(extension)).status());
  }
  return absl::OkStatus();
}

}  // namespace duikou::taskregistry
