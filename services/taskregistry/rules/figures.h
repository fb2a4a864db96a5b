#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_FIGURES_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_FIGURES_H_

#include <array>
#include <cstdint>

#include "duikou/taskregistry/v1/overview.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "services/taskregistry/rules/lights.h"

namespace duikou::taskregistry::rules {

// What figures need of a task on a day. Days are numbers.
struct FigureFacts {
  LightFacts light;
  int32_t due = kNoDay;        // kNoDay: long-term, or not set yet.
  int32_t completed = kNoDay;  // The day on which its completion was reported last, in COMPLETION_REPORTED and CLOSED.
  uint8_t state = 0;           // Task::State
};
FigureFacts FigureFactsOf(const v1::Task& task, const WorkdayIndex& workdays);

// Counts of tasks; what each means says TaskFigures.
struct FigureCounts {
  std::array<int32_t, v1::Task::State_ARRAYSIZE> states{};
  std::array<int32_t, v1::Light::Colour_ARRAYSIZE> lights{};
  int32_t owed = 0;
  int32_t on_time = 0;
  int32_t overdue = 0;

  int32_t total() const;
  void Add(const FigureFacts& facts, v1::Light::Colour light, int32_t day);

  friend bool operator==(const FigureCounts&, const FigureCounts&) = default;
};

v1::TaskFigures ToMessage(const FigureCounts& counts);

// Whether a unit with these counts stands before another in the ranking; neither way round: they share a rank.
bool RanksBefore(const FigureCounts& a, const FigureCounts& b);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_FIGURES_H_
