#ifndef DUIKOU_TESTS_UNIT_TASK_SAMPLES_H_
#define DUIKOU_TESTS_UNIT_TASK_SAMPLES_H_

#include <array>
#include <string>

#include "absl/time/civil_time.h"
#include "common/base/caller.h"
#include "common/base/workday.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/duties.h"

namespace duikou::testing {

using taskregistry::v1::Task;

inline constexpr std::array<Task::State, 7> kTaskStates = {
    Task::DRAFT,  Task::ISSUED,    Task::IN_PROGRESS, Task::COMPLETION_REPORTED,
    Task::CLOSED, Task::SUSPENDED, Task::CANCELLED};

inline const char kLead[] = "cities/210800/units/gongxinju";
inline const char kResponsible[] = "cities/210800/units/shangwuju";
inline const char kOther[] = "cities/210800/units/fagaiwei";
inline const char kGroup[] = "cities/210800/units/xianqu";
inline const char kCountyA[] = "cities/210800/units/gaizhou";
inline const char kCountyB[] = "cities/210800/units/dashiqiao";

inline const char kForeign[] = "cities/320700/units/fagaiwei";
inline const char kForeignOther[] = "cities/320700/units/gongxinju";

inline const absl::CivilDay kToday(2026, 3, 2);  // A Monday.
inline const absl::Time kNow = StartOf(kToday) + absl::Hours(9);

inline taskregistry::rules::Moment Now(absl::CivilDay today = kToday) {
  return {.now = StartOf(today) + absl::Hours(9), .today = today, .acknowledge_due = today + 2};
}

inline Caller OfficerOf(const std::string& unit) {
  return {.kind = Caller::Kind::kPerson,
          .name = "cities/210800/accounts/li",
          .city = "210800",
          .unit = unit,
          .roles = 1U << duikou::type::v1::UNIT_OFFICER};
}

inline Caller CoordinatorOf(const std::string& city) {
  return {.kind = Caller::Kind::kPerson,
          .name = "cities/" + city + "/accounts/chen",
          .city = city,
          .unit = "cities/" + city + "/units/duikouban",
          .roles = 1U << duikou::type::v1::COORDINATOR};
}

inline Task::Duty* AddDuty(Task& task, Task::Duty::Kind kind, const std::string& unit, const std::string& written) {
  Task::Duty* duty = task.add_duties();
  duty->set_kind(kind);
  duty->set_unit(unit);
  duty->set_written(written);
  return duty;
}

// A draft that lacks nothing: one lead, one responsible unit.
inline Task CompleteDraft() {
  Task task;
  task.set_name("cities/210800/tasks/t1");
  task.set_title("强化产业对接合作");
  task.set_state(Task::DRAFT);
  AddDuty(task, Task::Duty::LEAD, kLead, "市工信局");
  AddDuty(task, Task::Duty::RESPONSIBLE, kResponsible, "市商务局");
  *task.mutable_start_date() = taskregistry::rules::ToDate(absl::CivilDay(2026, 1, 5));
  *task.mutable_due_date() = taskregistry::rules::ToDate(absl::CivilDay(2026, 12, 31));
  task.set_report_frequency(Task::MONTHLY);
  taskregistry::rules::PrepareDuties(task);
  return task;
}

// A task in some state, its duties as that state has them.
inline Task TaskIn(Task::State state) {
  Task task = CompleteDraft();
  task.set_state(state);
  if (state == Task::DRAFT) return task;
  for (Task::Duty& duty : *task.mutable_duties()) {
    duty.set_state(state == Task::ISSUED ? Task::Duty::AWAITING : Task::Duty::ACKNOWLEDGED);
    *duty.mutable_acknowledge_due_date() = taskregistry::rules::ToDate(kToday + 2);
  }
  if (state == Task::SUSPENDED) task.set_suspended_from(Task::IN_PROGRESS);
  Task::Milestone* milestone = task.add_milestones();
  milestone->set_id("m1");
  milestone->set_title("签订协议");
  return task;
}

inline taskregistry::rules::UnitBook Units() {
  return {
      {kLead, {.title = "市工业和信息化局"}},
      {kResponsible, {.title = "市商务局"}},
      {kOther, {.title = "市发展和改革委员会"}},
      {kCountyA, {.title = "盖州市政府"}},
      {kCountyB, {.title = "大石桥市政府"}},
      {kForeign, {.title = "连云港市发展和改革委员会"}},
      {kForeignOther, {.title = "连云港市工业和信息化局"}},
      {kGroup,
       {.title = "各县(市)区政府", .group = true, .members = {{kCountyA, "盖州市政府"}, {kCountyB, "大石桥市政府"}}}}};
}

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_UNIT_TASK_SAMPLES_H_
