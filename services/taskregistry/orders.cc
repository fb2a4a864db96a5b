#include "services/taskregistry/orders.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/base/workday.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/orders.h"

namespace duikou::taskregistry {
namespace {

using v1::SupervisionOrder;

// The steps that all actions on an order share.
template <class Request>
absl::StatusOr<SupervisionOrder> Change(Txn& txn, const Request& request, const std::string& note,
                                        absl::FunctionRef<absl::Status(SupervisionOrder&)> rule) {
  ASSIGN_OR_RETURN(SupervisionOrder order, txn.Get<SupervisionOrder>(request.name()));
  RETURN_IF_ERROR(rule(order));
  txn.Note(note);
  return txn.Update(std::move(order), request.etag());
}

}  // namespace

absl::Status OnCreateOrder(Txn& txn, const Caller&, SupervisionOrder& order) {
  const std::string& name = order.name();
  ASSIGN_OR_RETURN(const v1::Task task, txn.Get<v1::Task>(name.substr(0, name.find("/orders/"))));
  return rules::DraftOrder(task, order);
}

absl::Status OnUpdateOrder(Txn&, const Caller&, const SupervisionOrder& before, SupervisionOrder&) {
  return rules::CheckAllowed(before, rules::OrderAction::kEdit);
}

absl::Status OnDeleteOrder(Txn&, const Caller&, const SupervisionOrder& order) {
  return rules::CheckAllowed(order, rules::OrderAction::kDelete);
}

absl::Status PassOrdersOn(Txn& txn, const v1::Task& task) {
  ASSIGN_OR_RETURN(std::vector<SupervisionOrder> orders,
                   txn.ListAll<SupervisionOrder>(
                       {.parent = task.name(), .where = {{"state", store::Value(int64_t{SupervisionOrder::ISSUED})}}}));
  for (SupervisionOrder& order : orders) {
    if (rules::FollowFirstLead(task, order)) RETURN_IF_ERROR(txn.Update(std::move(order)).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<SupervisionOrder> IssueSupervisionOrder(Txn& txn, const Caller& caller,
                                                       const v1::IssueSupervisionOrderRequest& request) {
  return Change(txn, request, "", [&](SupervisionOrder& order) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Task task, txn.Get<v1::Task>(order.task()));
    return rules::IssueOrder(order, task, caller, txn.now());
  });
}

absl::StatusOr<SupervisionOrder> ReplySupervisionOrder(Txn& txn, const Caller& caller,
                                                       const v1::ReplySupervisionOrderRequest& request) {
  return Change(txn, request, "",
                [&](SupervisionOrder& order) { return rules::ReplyOrder(order, request.reply(), caller, txn.now()); });
}

absl::StatusOr<SupervisionOrder> ReturnSupervisionOrder(Txn& txn, const Caller&,
                                                        const v1::ReturnSupervisionOrderRequest& request) {
  const auto deadline = request.has_deadline() ? std::optional(rules::ToCivil(request.deadline())) : std::nullopt;
  return Change(txn, request, request.reason(), [&](SupervisionOrder& order) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Task task, txn.Get<v1::Task>(order.task()));
    return rules::ReturnOrder(order, task, request.reason(), deadline, DayOf(txn.now()));
  });
}

absl::StatusOr<SupervisionOrder> CloseSupervisionOrder(Txn& txn, const Caller& caller,
                                                       const v1::CloseSupervisionOrderRequest& request) {
  return Change(txn, request, request.comment(),
                [&](SupervisionOrder& order) { return rules::CloseOrder(order, caller, txn.now()); });
}

absl::StatusOr<v1::Reminder> ConfirmReminder(Txn& txn, const Caller& caller,
                                             const v1::ConfirmReminderRequest& request) {
  ASSIGN_OR_RETURN(v1::Reminder reminder, txn.Get<v1::Reminder>(request.name()));
  RETURN_IF_ERROR(rules::Confirm(reminder, std::string(schema::CityOf(reminder.name())), caller, txn.now()));
  return txn.Update(std::move(reminder), request.etag());
}

absl::Status OnUpdateBulletin(Txn&, const Caller&, const v1::Bulletin& before, v1::Bulletin&) {
  return rules::CheckDraft(before);
}

absl::StatusOr<v1::Bulletin> PublishBulletin(Txn& txn, const Caller& caller,
                                             const v1::PublishBulletinRequest& request) {
  ASSIGN_OR_RETURN(v1::Bulletin bulletin, txn.Get<v1::Bulletin>(request.name()));
  RETURN_IF_ERROR(rules::CheckDraft(bulletin));
  bulletin.set_state(v1::Bulletin::PUBLISHED);
  bulletin.mutable_publish_time()->set_seconds(absl::ToUnixSeconds(txn.now()));
  bulletin.set_published_by(caller.name);
  return txn.Update(std::move(bulletin), request.etag());
}

}  // namespace duikou::taskregistry
