#include "services/taskregistry/city_duties_flow.h"

#include <string>
#include <utility>
#include <vector>

#include "services/taskregistry/orders.h"
#include "services/taskregistry/reports.h"
#include "services/taskregistry/rules/city_duties.h"
#include "services/taskregistry/rules/task_state.h"
#include "services/taskregistry/settings.h"
#include "services/taskregistry/supports.h"
#include "services/taskregistry/tasks_flow.h"

namespace duikou::taskregistry {

namespace {

using v1::Task;

// 转办, with what it does to reports and orders: whose they are to decide and to reply to, and which reports are owed.
absl::Status Assign(Txn& txn, Task& task, const std::string& duty, const std::vector<std::string>& to,
                    const rules::UnitBook& book, const Caller& caller, const rules::Moment& moment) {
  const std::string first_lead = rules::FirstLead(task);
  RETURN_IF_ERROR(rules::AssignDuty(task, duty, to, book, caller, moment));
  RETURN_IF_ERROR(PassReportsOn(txn, task, first_lead));
  RETURN_IF_ERROR(PassOrdersOn(txn, task));
  RETURN_IF_ERROR(LeaveUnseenToCoordinator(txn, task));
  return RecountOwed(txn, task);
}

}  // namespace

absl::StatusOr<Task> TakeOnDuty(rpc::Context& context, const Caller& caller, const v1::TakeOnDutyRequest& request) {
  const std::vector<std::string> to(request.units().begin(), request.units().end());
  ASSIGN_OR_RETURN(const rules::UnitBook book, AskDirectory(context, {to.begin(), to.end()}));
  return context.Commit<Task>([&](Txn& txn) -> absl::StatusOr<Task> {
    ASSIGN_OR_RETURN(Task task, txn.Get<Task>(request.name()));
    ASSIGN_OR_RETURN(const rules::Moment moment, MomentOf(txn, std::string(schema::CityOf(task.name()))));
    RETURN_IF_ERROR(rules::TakeOnDuty(task, request.duty(), caller, moment));
    if (!to.empty()) RETURN_IF_ERROR(Assign(txn, task, request.duty(), to, book, caller, moment));
    return txn.Update(std::move(task), request.etag());
  });
}

absl::StatusOr<Task> AssignDuty(rpc::Context& context, const Caller& caller, const v1::AssignDutyRequest& request) {
  const std::vector<std::string> to(request.units().begin(), request.units().end());
  ASSIGN_OR_RETURN(const rules::UnitBook book, AskDirectory(context, {to.begin(), to.end()}));
  return context.Commit<Task>([&](Txn& txn) -> absl::StatusOr<Task> {
    ASSIGN_OR_RETURN(Task task, txn.Get<Task>(request.name()));
    ASSIGN_OR_RETURN(const rules::Moment moment, MomentOf(txn, std::string(schema::CityOf(task.name()))));
    RETURN_IF_ERROR(Assign(txn, task, request.duty(), to, book, caller, moment));
    txn.Note(request.reason());
    return txn.Update(std::move(task), request.etag());
  });
}

absl::StatusOr<Task> DeclineDuty(Txn& txn, const Caller& caller, const v1::DeclineDutyRequest& request) {
  ASSIGN_OR_RETURN(Task task, txn.Get<Task>(request.name()));
  RETURN_IF_ERROR(rules::DeclineDuty(task, request.duty(), request.reason(), caller));
  txn.Note(request.reason());
  return txn.Update(std::move(task), request.etag());
}

}  // namespace duikou::taskregistry
