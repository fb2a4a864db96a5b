#include "services/taskregistry/rules/owed_reports.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "common/base/workday.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/reporting.h"

namespace duikou::taskregistry::rules {
namespace {

using absl::CivilDay;
using v1::ProgressReport;
using v1::Task;

struct Owed {
  std::string period;
  CivilDay from;
};

bool EndsInPause(const Task& task, CivilDay day) {
  return std::any_of(task.pauses().begin(), task.pauses().end(), [&](const Task::Pause& pause) {
    return pause.has_until() && ToCivil(pause.from()) < day && day <= ToCivil(pause.until());
  });
}

void KeepLonger(std::optional<Owed>& longest, Owed owed) {
  if (!longest || owed.from < longest->from) longest = std::move(owed);
}

// The first period that is owed and not among those submitted.
std::optional<Owed> FirstMissing(const Task& task, CivilDay since, const std::set<std::string>& submitted) {
  std::optional<Owed> first;
  if (task.report_frequency() == Task::STAGE) {
    for (const Task::Milestone& milestone : task.milestones()) {
      if (!milestone.has_due_date() || submitted.contains(milestone.id())) continue;
      const CivilDay due = ToCivil(milestone.due_date());
      if (due > since && !EndsInPause(task, due)) KeepLonger(first, {milestone.id(), due});
    }
    return first;
  }
  if (task.has_start_date()) since = std::max(since, ToCivil(task.start_date()) - 1);
  auto period = ParsePeriod(task.report_frequency(), PeriodOf(task.report_frequency(), since));
  while (period) {
    const std::string text = PeriodOf(task.report_frequency(), period->last + 1);
    period = ParsePeriod(task.report_frequency(), text);
    if (period && !submitted.contains(text) && !EndsInPause(task, period->last)) return Owed{text, period->last};
  }
  return first;
}

// The last day of a report's period; nullopt for one of another frequency or of a milestone that is gone.
std::optional<CivilDay> EndOf(const Task& task, const std::string& text) {
  if (task.report_frequency() != Task::STAGE) {
    const auto period = ParsePeriod(task.report_frequency(), text);
    return period ? std::optional(period->last) : std::nullopt;
  }
  for (const Task::Milestone& milestone : task.milestones()) {
    if (milestone.id() == text && milestone.has_due_date()) return ToCivil(milestone.due_date());
  }
  return std::nullopt;
}

std::optional<Owed> OwedLongest(const Task& task, const Task::Duty& duty, const std::vector<ProgressReport>& reports) {
  std::set<std::string> submitted;
  std::optional<Owed> longest;
  for (const ProgressReport& report : reports) {
    if (report.unit() != duty.unit()) continue;
    submitted.insert(report.period());
    const auto end = EndOf(task, report.period());
    if (report.state() != ProgressReport::RETURNED || !end) continue;
    const CivilDay returned = DayOf(absl::FromUnixSeconds(report.decide_time().seconds()));
    KeepLonger(longest, {report.period(), std::max(*end, returned)});
  }
  if (auto missing = FirstMissing(task, ToCivil(duty.owed_since()), submitted))
    KeepLonger(longest, *std::move(missing));
  return longest;
}

Task::Pause* OpenPause(Task& task, Task::State state) {
  for (Task::Pause& pause : *task.mutable_pauses()) {
    if (pause.state() == state && !pause.has_until()) return &pause;
  }
  return nullptr;
}

}  // namespace

void OweNothing(Task::Duty& duty) {
  duty.clear_owed_period();
  duty.clear_owed_from();
}

void OweFrom(Task::Duty& duty, CivilDay today) {
  OweNothing(duty);
  *duty.mutable_owed_since() = ToDate(today);
}

void OweOn(const Task& task, Task::Duty& duty, CivilDay today) {
  if (!duty.has_owed_since()) return;
  CivilDay since = today;
  if (const auto period = ParsePeriod(task.report_frequency(), duty.owed_period())) {
    since = period->first - 1;
  } else if (const auto due = EndOf(task, duty.owed_period())) {
    since = *due - 1;
  }
  *duty.mutable_owed_since() = ToDate(since);
}

void CountOwed(Task& task, const std::string& unit, const std::vector<ProgressReport>& reports) {
  if (task.state() != Task::ISSUED && task.state() != Task::IN_PROGRESS) return;
  for (Task::Duty& duty : *task.mutable_duties()) {
    if (!unit.empty() && duty.unit() != unit) continue;
    OweNothing(duty);
    if (!duty.has_owed_since() || duty.kind() == Task::Duty::SUPERVISING) continue;
    std::optional<Owed> owed = OwedLongest(task, duty, reports);
    if (!owed) continue;
    for (const Task::Pause& pause : task.pauses()) {
      if (pause.has_until()) owed->from = std::max(owed->from, ToCivil(pause.until()));
    }
    duty.set_owed_period(owed->period);
    *duty.mutable_owed_from() = ToDate(owed->from);
  }
}

void BeginPause(Task& task, Task::State state, CivilDay today) {
  Task::Pause* pause = task.add_pauses();
  pause->set_state(state);
  *pause->mutable_from() = ToDate(today);
}

void EndPause(Task& task, Task::State state, CivilDay today) {
  Task::Pause* pause = OpenPause(task, state);
  if (pause == nullptr) return;
  *pause->mutable_until() = ToDate(today);
  if (ToCivil(pause->from()) == today) DropPause(task, state);
}

void DropPause(Task& task, Task::State state) {
  auto& pauses = *task.mutable_pauses();
  for (int i = pauses.size() - 1; i >= 0; --i) {
    if (pauses[i].state() != state) continue;
    pauses.DeleteSubrange(i, 1);
    return;
  }
}

}  // namespace duikou::taskregistry::rules
