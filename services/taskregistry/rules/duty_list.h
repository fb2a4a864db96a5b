#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_DUTY_LIST_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_DUTY_LIST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/taskregistry/rules/duties.h"

namespace duikou::taskregistry::rules {

// What the rules about duties are made of. Each keeps the order of a task's duties.

std::string NextDutyId(v1::Task& task);
// The duty with the id. DUTY_UNKNOWN in the field "duty".
absl::StatusOr<v1::Task::Duty> FindDuty(const v1::Task& task, const std::string& id);

// Has the duty's unit await acknowledgement; a unit of another city than the task's, that its city takes the duty on.
void Await(const v1::Task& task, v1::Task::Duty& duty, const Moment& moment);
v1::Task::Duty MakeDuty(v1::Task& task, const v1::Task::Duty& model, const std::string& unit, const std::string& title,
                        const std::string& group, const Moment& moment);

// The duties that take one's place when it goes to these units, groups as their members. To the same unit alone it
// keeps its id; to another it does not keep leader, responsible, contact and the name as written. Reasons:
// UNIT_NOT_ACTIVE, GROUP_CANNOT_LEAD, GROUP_EMPTY, DUTY_TWICE.
absl::StatusOr<std::vector<v1::Task::Duty>> DutiesOfUnits(v1::Task& task, const v1::Task::Duty& replaced,
                                                          const std::vector<std::string>& to, const UnitBook& units,
                                                          const Moment& moment);
// ISSUED→IN_PROGRESS once every lead has acknowledged. Whatever takes a lead's duty away may be what that waited for;
// of a suspended task, once it is resumed.
void BeginOnceAcknowledged(v1::Task& task);
void PutInPlace(v1::Task& task, const std::string& duty, std::vector<v1::Task::Duty> fresh);
void SetDuties(v1::Task& task, std::vector<v1::Task::Duty> duties);
// Says anew which other cities' coordinators have something to do. SetDuties does as well.
void SetAskedCities(v1::Task& task);

void KeepGroup(const v1::Task::Duty& duty, v1::Task::GroupDuty& group);
v1::Task::Duty DutyOfGroup(const v1::Task::GroupDuty& group);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_DUTY_LIST_H_
