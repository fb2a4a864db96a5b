#include "services/taskregistry/rules/figures.h"

#include <numeric>

#include "common/base/workday.h"
#include "services/taskregistry/rules/dates.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::Task;

int32_t DayNumberOf(const google::protobuf::Timestamp& time) {
  return DayNumber(DayOf(absl::FromUnixSeconds(time.seconds())));
}

// The day on which the units were done, as far as it is known.
int32_t CompletedOn(const Task& task) {
  if (task.state() != Task::CLOSED && task.state() != Task::COMPLETION_REPORTED) return kNoDay;
  if (task.has_completion_report_time()) return DayNumberOf(task.completion_report_time());
  return task.has_close_time() ? DayNumberOf(task.close_time()) : kNoDay;
}

bool IsRunning(uint8_t state) {
  return state == Task::ISSUED || state == Task::IN_PROGRESS || state == Task::COMPLETION_REPORTED;
}

}  // namespace

FigureFacts FigureFactsOf(const Task& task, const WorkdayIndex& workdays) {
  return {.light = LightFactsOf(task, workdays),
          .due = task.has_due_date() ? DayNumber(ToCivil(task.due_date())) : kNoDay,
          .completed = CompletedOn(task),
          .state = static_cast<uint8_t>(task.state())};
}

int32_t FigureCounts::total() const { return std::accumulate(states.begin(), states.end(), 0); }

void FigureCounts::Add(const FigureFacts& facts, v1::Light::Colour light, int32_t day) {
  ++states[facts.state];
  ++lights[light];
  if (facts.due == kNoDay) return;
  const bool in_time = facts.completed != kNoDay && facts.completed <= facts.due;
  if (facts.state == Task::CLOSED) {
    ++owed;
    if (in_time) ++on_time;
  } else if (IsRunning(facts.state) && facts.due < day && !in_time) {
    ++overdue;
    ++owed;
  } else if (IsRunning(facts.state) && facts.due == day && !in_time) {
    ++owed;
  }
}

v1::TaskFigures ToMessage(const FigureCounts& counts) {
  v1::TaskFigures figures;
  const int32_t total = counts.total();
  const auto share = [total](int32_t count) { return static_cast<double>(count) / total; };
  figures.set_total(total);
  for (int state = 0; state < v1::Task::State_ARRAYSIZE; ++state) {
    const int32_t count = counts.states[static_cast<size_t>(state)];
    if (count == 0) continue;
    auto* told = figures.add_states();
    told->set_state(static_cast<Task::State>(state));
    told->set_count(count);
    told->set_share(share(count));
  }
  for (int colour = 0; colour < v1::Light::Colour_ARRAYSIZE; ++colour) {
    const int32_t count = counts.lights[static_cast<size_t>(colour)];
    if (count == 0) continue;
    auto* told = figures.add_lights();
    told->set_colour(static_cast<v1::Light::Colour>(colour));
    told->set_count(count);
    told->set_share(share(count));
  }
  figures.set_owed(counts.owed);
  figures.set_on_time(counts.on_time);
  if (counts.owed > 0) figures.set_on_time_rate(static_cast<double>(counts.on_time) / counts.owed);
  figures.set_overdue(counts.overdue);
  return figures;
}

bool RanksBefore(const FigureCounts& a, const FigureCounts& b) {
  if ((a.owed > 0) != (b.owed > 0)) return a.owed > 0;
  // Compared as fractions, so that 1/3 and 2/6 are the same.
  const int64_t left = int64_t{a.on_time} * b.owed, right = int64_t{b.on_time} * a.owed;
  if (left != right) return left > right;
  if (a.overdue != b.overdue) return a.overdue < b.overdue;
  return a.total() > b.total();
}

}  // namespace duikou::taskregistry::rules
