#include "services/taskregistry/supports.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "common/store/find_stored.h"
#include "services/taskregistry/attachments.h"
#include "services/taskregistry/rules/support.h"
#include "services/taskregistry/tasks.h"

namespace duikou::taskregistry {
namespace {

using v1::SupportRequest;
using Row = v1::CountSupportRequestsResponse::Row;

std::string MeasureOf(const SupportRequest& support) {
  return support.kind() == SupportRequest::FUNDS ? support.funds().currency() : support.measure();
}

void CountState(SupportRequest::State state, Row& row) {
  switch (state) {
    case SupportRequest::REQUESTED:
      return row.set_requested(row.requested() + 1);
    case SupportRequest::GRANTED:
      return row.set_granted(row.granted() + 1);
    case SupportRequest::PARTLY_GRANTED:
      return row.set_partly_granted(row.partly_granted() + 1);
    default:
      return row.set_refused(row.refused() + 1);
  }
}

}  // namespace

absl::Status OnCreateSupport(Txn& txn, const Caller& caller, SupportRequest& support) {
  ASSIGN_OR_RETURN(const v1::Task task, txn.Get<v1::Task>(TaskAbove(support.name())));
  std::optional<v1::Project> project;
  if (!support.project().empty()) {
    ASSIGN_OR_RETURN(project, SeenReference<v1::Project>(txn, "support_request.project", support.project()));
  }
  return rules::Request(task, project, support, caller);
}

absl::Status LeaveUnseenToCoordinator(Txn& txn, const v1::Task& task) {
  if (task.access().disclosure() != duikou::type::v1::Access::RESTRICTED) return absl::OkStatus();  // All units see it.
  ASSIGN_OR_RETURN(
      const std::vector<SupportRequest> requested,
      WholeView(txn)->ListAll<SupportRequest>(
          {.parent = task.name(), .where = {{"state", store::Value(int64_t{SupportRequest::REQUESTED})}}}));
  for (SupportRequest support : requested) {
    if (rules::CheckDecider(support.decider(), task).ok()) continue;
    support.clear_decider();
    support.clear_decider_title();
    RETURN_IF_ERROR(txn.Update(std::move(support)).status());
  }
  return absl::OkStatus();
}

absl::Status OnDeleteSupport(Txn& txn, const Caller& caller, const SupportRequest& support) {
  RETURN_IF_ERROR(rules::CheckMayTakeBack(support, caller));
  return DeleteAttachmentsOf(txn, support.name());
}

absl::StatusOr<SupportRequest> GrantSupportRequest(Txn& txn, const Caller& caller,
                                                   const v1::GrantSupportRequestRequest& request) {
  ASSIGN_OR_RETURN(SupportRequest support, txn.Get<SupportRequest>(request.name()));
  RETURN_IF_ERROR(rules::Grant(support, request.amount(), request.has_funds() ? &request.funds() : nullptr,
                               request.comment(), caller, txn.now()));
  txn.Note(request.comment());
  return txn.Update(std::move(support), request.etag());
}

absl::StatusOr<SupportRequest> RefuseSupportRequest(Txn& txn, const Caller& caller,
                                                    const v1::RefuseSupportRequestRequest& request) {
  ASSIGN_OR_RETURN(SupportRequest support, txn.Get<SupportRequest>(request.name()));
  RETURN_IF_ERROR(rules::Refuse(support, request.comment(), caller, txn.now()));
  txn.Note(request.comment());
  return txn.Update(std::move(support), request.etag());
}

absl::StatusOr<v1::CountSupportRequestsResponse> CountSupportRequests(const View& view, const Caller&,
                                                                      const v1::CountSupportRequestsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<SupportRequest> all, view.ListAll<SupportRequest>({.parent = request.parent()}));
  struct Sum {
    Row row;
    int64_t asked = 0, granted = 0;
  };
  std::map<std::pair<int, std::string>, Sum> sums;
  for (const SupportRequest& support : all) {
    Sum& sum = sums[{support.kind(), MeasureOf(support)}];
    CountState(support.state(), sum.row);
    sum.asked = rules::AddAmounts(sum.asked, rules::AskedOf(support));
    sum.granted = rules::AddAmounts(sum.granted, rules::GrantedOf(support));
  }
  v1::CountSupportRequestsResponse response;
  for (auto& [key, sum] : sums) {
    sum.row.set_kind(static_cast<SupportRequest::Kind>(key.first));
    sum.row.set_measure(key.second);
    sum.row.set_amount(rules::FromHundredths(sum.asked));
    sum.row.set_granted_amount(rules::FromHundredths(sum.granted));
    *response.add_rows() = std::move(sum.row);
  }
  return response;
}

}  // namespace duikou::taskregistry
