#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_DUTIES_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_DUTIES_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::taskregistry::rules {

// What the directory says of a unit on the day of an action.
struct UnitFacts {
  std::string title;
  bool active = true;
  bool group = false;
  std::vector<std::pair<std::string, std::string>> members;  // Of a group: name and title.
  std::vector<std::string> above;                            // The units that it stands below, the nearest first.
};
using UnitBook = std::map<std::string, UnitFacts>;

// When something is done, and until when it must be acknowledged.
struct Moment {
  absl::Time now;
  absl::CivilDay today;
  absl::CivilDay acknowledge_due;
  bool tentative = false;  // acknowledge_due rests on a year whose holidays are not loaded.
};

// 交办: checks that the draft is complete, turns each GROUP into its members of the day, and has every unit await
// acknowledgement; a unit of another city, that its city takes the duty on. All that is missing is told at once, each
// with its reason in the violation's field. Reasons: LEAD_UNIT_MISSING, UNIT_UNRESOLVED, GROUP_NOT_NARROWED (a group
// written with 有关), GROUP_EMPTY, GROUP_CANNOT_LEAD, UNIT_NOT_ACTIVE, DUE_DATE_MISSING, REPORT_FREQUENCY_MISSING,
// MILESTONES_MISSING, PROPOSAL_UNCONFIRMED (推定).
absl::Status Issue(v1::Task& task, const UnitBook& units, const Moment& moment);

// 签收 by a unit. Withdraws its own 申请退办 too. Reasons: NO_DUTY, ALREADY_ACKNOWLEDGED.
absl::Status Acknowledge(v1::Task& task, const Caller& by, const Moment& moment);

// 申请退办 by a unit that has not acknowledged, up to and with the day its acknowledgement is due. Reasons: NO_DUTY,
// ALREADY_ACKNOWLEDGED, DECLINE_TOO_LATE, DECLINE_ALREADY_REQUESTED.
absl::Status Decline(v1::Task& task, const Caller& by, const std::string& reason, const Moment& moment);

// 改派 of one duty to other units, which acknowledge anew (a unit of another city: once that city has taken it on); to
// the same unit alone it refuses a decline. A unit that only supervises may take another duty, and the reverse. What
// the units owe is to be counted anew, with their reports.
// Reasons: DUTY_UNKNOWN, DUTY_TWICE, UNIT_NOT_ACTIVE, GROUP_CANNOT_LEAD, GROUP_EMPTY.
absl::Status Reassign(v1::Task& task, const std::string& duty, const std::vector<std::string>& to,
                      const UnitBook& units, const Moment& moment);

// 撤回: back to DRAFT, groups and dates as they were before issue. Reasons: ALREADY_ACKNOWLEDGED, DUTY_TAKEN_ON.
absl::Status Recall(v1::Task& task);

// Gives ids to duties of a draft that have none, and the state NOT_ISSUED to all.
void PrepareDuties(v1::Task& task);

// Written names: the units that their duties become, by name and title. More than one where a name was narrowed.
using UnitLinks = std::map<std::string, std::vector<std::pair<std::string, std::string>>>;
// A draft's duties without a unit get those that their names are linked to. Of a unit that has a duty already the
// weightier of the two stays, and one that supervises may have another beside. True when something changed.
bool LinkUnits(const UnitLinks& links, v1::Task& draft);

// Written with 有关, a group means some of its members; which, a person must say.
bool NeedsNarrowing(const std::string& written);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_DUTIES_H_
