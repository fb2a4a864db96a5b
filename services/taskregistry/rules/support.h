#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_SUPPORT_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_SUPPORT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/taskregistry/v1/project.pb.h"
#include "duikou/taskregistry/v1/support_request.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::taskregistry::rules {

// Amounts are compared and added in hundredths: "120.5" is 12050. nullopt for another form.
std::optional<int64_t> ToHundredths(const std::string& amount);
std::string FromHundredths(int64_t hundredths);
// The sum of two amounts, neither negative; where it would be more than an int64 holds, the most that one holds.
int64_t AddAmounts(int64_t sum, int64_t amount);
// What is asked for or granted, in hundredths of the measure; for FUNDS in fen.
int64_t AskedOf(const v1::SupportRequest& request);
int64_t GrantedOf(const v1::SupportRequest& request);

// A unit that is to decide is of the task's city and sees it; empty: COORDINATOR decides. Reasons: OTHER_CITY,
// DECIDER_CANNOT_SEE, in the field "support_request.decider".
absl::Status CheckDecider(const std::string& decider, const v1::Task& task);

// Completes what a unit with a duty asks for. `project` is the one that it names. Reasons: TASK_STATE_FORBIDS, NO_DUTY,
// AMOUNT_MISSING (FUNDS have funds, LAND and ENERGY an amount, and not the other), PROJECT_OF_OTHER_TASK,
// PROJECT_ABANDONED, OTHER_CITY (the decider's), DECIDER_CANNOT_SEE (the decider is no party of a RESTRICTED task).
absl::Status Request(const v1::Task& task, const std::optional<v1::Project>& project, v1::SupportRequest& request,
                     const Caller& by);

// Taking back what is undecided. Reasons: SUPPORT_DECIDED, OTHER_UNIT.
absl::Status CheckMayTakeBack(const v1::SupportRequest& request, const Caller& by);

// 落实 when all that was asked is granted, or more is not said; 部分落实 for less. Reasons: SUPPORT_DECIDED,
// NOT_DECIDER, GRANT_OUT_OF_RANGE (nothing, or more than asked; refuse instead of granting nothing).
absl::Status Grant(v1::SupportRequest& request, const std::string& amount, const duikou::type::v1::Money* funds,
                   const std::string& comment, const Caller& by, absl::Time now);
// 不予支持. Reasons: SUPPORT_DECIDED, NOT_DECIDER.
absl::Status Refuse(v1::SupportRequest& request, const std::string& comment, const Caller& by, absl::Time now);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_SUPPORT_H_
