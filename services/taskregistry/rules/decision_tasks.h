#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_DECISION_TASKS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_DECISION_TASKS_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "duikou/taskregistry/v1/plan.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "duikou/type/v1/access.pb.h"
#include "duikou/type/v1/date.pb.h"

// The task that a consultation's decision 议定事项 becomes in the city of each lead unit, and the plan that it stands
// under there. Names are made of the decision's, so that there can be no second task of one decision.
namespace duikou::taskregistry::rules {

// What the parties of a consultation signed.
struct AgreedDecision {
  std::string name;  // "cities/210800/consultations/c1/decisions/d1"
  std::string title, text;
  std::vector<std::pair<std::string, std::string>> lead_units;  // Name and title; of all cities, in their order.
  duikou::type::v1::Date due_date;
  absl::CivilDay signed_on;
  // Of the consultation.
  std::string consultation, topic;
  std::vector<std::string> cities;  // The parties: "cities/210800".
  std::optional<duikou::type::v1::Access> access;
};

// The name of a decision's task in a city ("cities/320700"), whether it exists or not.
std::string TaskNameOf(const std::string& decision, const std::string& city);
// The one that it has where another decision's task has that name: d1 of c-1 is called as 1-d1 of c.
std::string SecondTaskNameOf(const std::string& decision, const std::string& city);

// Ids of such names are nobody else's. Reasons: FIELD_INVALID.
absl::Status CheckIdIsFree(const std::string& name, const std::string& field);

// The city's plan of the consultation; without its number.
v1::Plan PlanFor(const AgreedDecision& decision, const std::string& city);

// The city's draft task under that plan: its own lead units lead, the other cities are partners.
v1::Task TaskFor(const AgreedDecision& decision, const std::string& city);

// What all parties agreed to does not go by a deletion that nobody hears of: cancelled with a reason, it does. Reasons:
// DECISION_BINDS.
absl::Status CheckDeletable(const v1::Task& task);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_DECISION_TASKS_H_
