#ifndef DUIKOU_SERVICES_TASKREGISTRY_ORDERS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_ORDERS_H_

#include "common/store/txn.h"
#include "duikou/taskregistry/v1/supervision.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::taskregistry {

absl::Status OnCreateOrder(Txn& txn, const Caller& caller, v1::SupervisionOrder& order);
absl::Status OnUpdateOrder(Txn& txn, const Caller& caller, const v1::SupervisionOrder& before,
                           v1::SupervisionOrder& after);
absl::Status OnDeleteOrder(Txn& txn, const Caller& caller, const v1::SupervisionOrder& order);

// The task's orders that wait for a reply wait for whoever leads it now.
absl::Status PassOrdersOn(Txn& txn, const v1::Task& task);

absl::StatusOr<v1::SupervisionOrder> IssueSupervisionOrder(Txn& txn, const Caller& caller,
                                                           const v1::IssueSupervisionOrderRequest& request);
absl::StatusOr<v1::SupervisionOrder> ReplySupervisionOrder(Txn& txn, const Caller& caller,
                                                           const v1::ReplySupervisionOrderRequest& request);
absl::StatusOr<v1::SupervisionOrder> ReturnSupervisionOrder(Txn& txn, const Caller& caller,
                                                            const v1::ReturnSupervisionOrderRequest& request);
absl::StatusOr<v1::SupervisionOrder> CloseSupervisionOrder(Txn& txn, const Caller& caller,
                                                           const v1::CloseSupervisionOrderRequest& request);

absl::StatusOr<v1::Reminder> ConfirmReminder(Txn& txn, const Caller& caller, const v1::ConfirmReminderRequest& request);

absl::Status OnUpdateBulletin(Txn& txn, const Caller& caller, const v1::Bulletin& before, v1::Bulletin& after);
absl::StatusOr<v1::Bulletin> PublishBulletin(Txn& txn, const Caller& caller, const v1::PublishBulletinRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_ORDERS_H_
