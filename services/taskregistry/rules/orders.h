#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_ORDERS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_ORDERS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/taskregistry/v1/bulletin.pb.h"
#include "duikou/taskregistry/v1/reminder.pb.h"
#include "duikou/taskregistry/v1/supervision_order.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

// The states of what supervision 督办 leaves for people to act on.
namespace duikou::taskregistry::rules {

enum class OrderAction { kEdit, kDelete, kIssue, kReply, kReturn, kClose };
constexpr int kOrderActions = static_cast<int>(OrderAction::kClose) + 1;

// Whether the order's state allows the action; else ORDER_STATE_FORBIDS, naming the state and what it allows.
absl::Status CheckAllowed(const v1::SupervisionOrder& order, OrderAction action);
bool Allows(v1::SupervisionOrder::State state, OrderAction action);

// Makes what somebody wrote a draft for the task's first lead. Reasons: TASK_NOT_RUNNING.
absl::Status DraftOrder(const v1::Task& task, v1::SupervisionOrder& order);
// An order that waits for a reply, or is returned for another, is for whoever leads the task now; while nobody does,
// for whom it was. True when it is another's than before.
bool FollowFirstLead(const v1::Task& task, v1::SupervisionOrder& order);
// Reasons beside ORDER_STATE_FORBIDS: ORDER_INCOMPLETE, TASK_NOT_RUNNING, LEAD_UNIT_MISSING.
absl::Status IssueOrder(v1::SupervisionOrder& order, const v1::Task& task, const Caller& by, absl::Time now);
// NOT_ADDRESSEE
absl::Status ReplyOrder(v1::SupervisionOrder& order, const std::string& reply, const Caller& by, absl::Time now);
// `deadline` replaces the former; FIELD_INVALID before today.
absl::Status ReturnOrder(v1::SupervisionOrder& order, const v1::Task& task, const std::string& reason,
                         std::optional<absl::CivilDay> deadline, absl::CivilDay today);
absl::Status CloseOrder(v1::SupervisionOrder& order, const Caller& by, absl::Time now);

// 已阅. Reasons: REMINDER_READ, NOT_ADDRESSEE.
absl::Status Confirm(v1::Reminder& reminder, const std::string& city, const Caller& by, absl::Time now);
// BULLETIN_PUBLISHED unless it is a draft.
absl::Status CheckDraft(const v1::Bulletin& bulletin);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_ORDERS_H_
