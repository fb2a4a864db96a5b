#include "services/taskregistry/rules/due_days.h"

#include <optional>
#include <string>

#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/reporting.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::ProgressReport;
using v1::Task;
using Duty = Task::Duty;

bool IsOpen(const Duty& duty) {
  return duty.state() == Duty::AWAITING || duty.state() == Duty::AWAITING_CITY || duty.state() == Duty::TAKEN_ON ||
         duty.state() == Duty::DECLINE_REQUESTED;
}

// The last day of what a report was made for, in whatever form: the task's frequency may be another by now.
std::optional<absl::CivilDay> EndOf(const Task& task, const ProgressReport& report) {
  for (const Task::Milestone& milestone : task.milestones()) {
    if (milestone.id() != report.period()) continue;
    if (milestone.has_due_date()) return ToCivil(milestone.due_date());
    return DayOf(absl::FromUnixSeconds(report.create_time().seconds()));
  }
  for (const Task::Frequency frequency : {Task::WEEKLY, Task::MONTHLY, Task::QUARTERLY}) {
    if (const auto period = ParsePeriod(frequency, report.period())) return period->last;
  }
  return std::nullopt;
}

}  // namespace

bool MoveAcknowledgeDue(Task& task, const WorkdayCalendar& calendar, int workdays, int64_t year, absl::CivilDay today) {
  bool moved = false;
  for (Duty& duty : *task.mutable_duties()) {
    if (!IsOpen(duty) || !duty.has_acknowledge_from()) continue;
    const absl::CivilDay from = ToCivil(duty.acknowledge_from()), before = ToCivil(duty.acknowledge_due_date());
    if (!duty.acknowledge_tentative() && (year < from.year() || before.year() < year)) continue;
    const WorkdayCalendar::Result due = calendar.Add(from, workdays);
    if (before == due.day && duty.acknowledge_tentative() == due.tentative) continue;
    const bool reminded = duty.has_acknowledge_reminded() && ToCivil(duty.acknowledge_reminded()) == before;
    if (reminded && due.day < today) *duty.mutable_acknowledge_reminded() = ToDate(due.day);
    *duty.mutable_acknowledge_due_date() = ToDate(due.day);
    duty.set_acknowledge_tentative(due.tentative);
    moved = true;
  }
  return moved;
}

bool MoveReportDue(const Task& task, ProgressReport& report, const WorkdayCalendar& calendar, int workdays) {
  const std::optional<absl::CivilDay> end = EndOf(task, report);
  if (!end) return false;
  const WorkdayCalendar::Result due = calendar.Add(*end, workdays);
  if (ToCivil(report.due_date()) == due.day && report.tentative() == due.tentative) return false;
  *report.mutable_due_date() = ToDate(due.day);
  report.set_tentative(due.tentative);
  return true;
}

}  // namespace duikou::taskregistry::rules
