#include "services/taskregistry/rules/lights.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::Light;
using v1::Task;

int32_t NumberOf(const duikou::type::v1::Date& date) { return DayNumber(ToCivil(date)); }

// Its start date, else the day of issue; kNoDay before that.
int32_t StartOf(const Task& task) {
  if (task.has_start_date()) return NumberOf(task.start_date());
  return task.has_issue_time() ? DayNumber(DayOf(absl::FromUnixSeconds(task.issue_time().seconds()))) : kNoDay;
}

bool IsRunning(Task::State state) {
  return state == Task::ISSUED || state == Task::IN_PROGRESS || state == Task::COMPLETION_REPORTED;
}

// Workdays suspended between start and due.
int32_t SuspendedWorkdays(const Task& task, const LightFacts& facts, const WorkdayIndex& workdays) {
  int32_t count = 0;
  for (const Task::Pause& pause : task.pauses()) {
    if (pause.state() != Task::SUSPENDED || !pause.has_until()) continue;
    int32_t from = NumberOf(pause.from()), until = NumberOf(pause.until());
    if (facts.start != kNoDay) from = std::max(from, facts.start);
    if (facts.due != kNoDay) until = std::min(until, facts.due);
    if (facts.frozen != kNoDay) until = std::min(until, facts.frozen);
    if (from < until) count += workdays.Between(from, until);
  }
  return count;
}

// All but what concerns reports.
LightFacts DatesOf(const Task& task, const WorkdayIndex& workdays) {
  LightFacts facts;
  facts.running = IsRunning(task.state());
  facts.start = StartOf(task);
  if (task.has_due_date()) facts.due = NumberOf(task.due_date());
  facts.percent = static_cast<int8_t>(task.percent());
  if (task.state() == Task::COMPLETION_REPORTED && task.has_frozen()) {
    facts.frozen = NumberOf(task.frozen().date());
    facts.percent = static_cast<int8_t>(task.frozen().percent());
  }
  if (!task.pauses().empty()) facts.suspended = SuspendedWorkdays(task, facts, workdays);
  return facts;
}

// Whole points, at least 1, that the percent lies more than the allowed ones behind what has elapsed; 0 when it does
// not.
int32_t PointsBehind(const LightFacts& facts, const LightLimits& limits, const WorkdayIndex& workdays, int32_t today) {
  if (facts.start == kNoDay || facts.due == kNoDay) return 0;
  const int64_t all = workdays.Between(facts.start, facts.due) - facts.suspended;
  if (all <= 0) return 0;
  const int64_t elapsed = std::max(workdays.Between(facts.start, today) - facts.suspended, 0);
  const int64_t behind = 100 * elapsed - facts.percent * all;  // In points, times `all`.
  return behind > limits.behind_percent * all ? static_cast<int32_t>(std::max<int64_t>(behind / all, 1)) : 0;
}

int32_t OrDefault(int32_t value, int32_t otherwise) { return value == 0 ? otherwise : value; }

}  // namespace

LightLimits LimitsOf(const v1::Settings& settings) {
  const v1::LightThresholds& given = settings.lights();
  LightLimits limits;
  limits.red_report_workdays = OrDefault(given.red_report_workdays(), limits.red_report_workdays);
  limits.yellow_report_workdays = OrDefault(given.yellow_report_workdays(), limits.yellow_report_workdays);
  limits.behind_percent = OrDefault(given.behind_percent(), limits.behind_percent);
  limits.due_soon_workdays = OrDefault(given.due_soon_workdays(), limits.due_soon_workdays);
  limits.escalate_workdays = OrDefault(given.escalate_workdays(), limits.escalate_workdays);
  limits.report_workdays = OrDefault(settings.report_workdays(), limits.report_workdays);
  return limits;
}

bool IsTakenOn(const Task::Duty& duty) {
  return duty.kind() != Task::Duty::SUPERVISING && !duty.unit().empty() &&
         (duty.state() == Task::Duty::AWAITING || duty.state() == Task::Duty::ACKNOWLEDGED);
}

const Task::Duty* OwingLongest(const Task& task) {
  const Task::Duty* longest = nullptr;
  for (const Task::Duty& duty : task.duties()) {
    if (!duty.has_owed_from() || !IsTakenOn(duty)) continue;
    if (longest == nullptr || NumberOf(duty.owed_from()) < NumberOf(longest->owed_from())) longest = &duty;
  }
  return longest;
}

LightFacts LightFactsOf(const Task& task, const WorkdayIndex& workdays) {
  LightFacts facts = DatesOf(task, workdays);
  if (const Task::Duty* duty = OwingLongest(task)) facts.owed_from = NumberOf(duty->owed_from());
  return facts;
}

LightFacts LightFactsOf(const Task& task, const Task::Duty& duty, const WorkdayIndex& workdays) {
  LightFacts facts = DatesOf(task, workdays);
  facts.running = facts.running && IsTakenOn(duty);
  facts.lags = duty.kind() == Task::Duty::LEAD;
  if (duty.has_owed_from()) facts.owed_from = NumberOf(duty.owed_from());
  return facts;
}

LightFound LightOf(const LightFacts& facts, const LightLimits& limits, const WorkdayIndex& workdays, int32_t today) {
  if (facts.frozen != kNoDay) today = std::min(today, facts.frozen);
  if (!facts.running) return {Light::GREY, Light::NOT_RUNNING, 0};
  if (facts.start != kNoDay && today < facts.start)
    return {Light::GREY, Light::NOT_STARTED, workdays.Between(today, facts.start)};
  if (facts.due != kNoDay && today > facts.due) return {Light::RED, Light::OVERDUE, today - facts.due};
  const int32_t late =
      facts.owed_from == kNoDay ? 0 : workdays.Between(facts.owed_from, today) - limits.report_workdays;
  if (late >= limits.red_report_workdays) return {Light::RED, Light::REPORT_LATE, late};
  if (facts.lags) {
    const int32_t behind = PointsBehind(facts, limits, workdays, today);
    if (behind > 0) return {Light::YELLOW, Light::BEHIND, behind};
  }
  if (late >= limits.yellow_report_workdays) return {Light::YELLOW, Light::REPORT_LATE, late};
  if (facts.due != kNoDay) {
    const int32_t left = workdays.Between(today, facts.due);
    if (left <= limits.due_soon_workdays) return {Light::BLUE, Light::DUE_SOON, left};
  }
  return {Light::GREEN, Light::ON_COURSE, 0};
}

Text NameOf(Light::Colour colour) {
  switch (colour) {
    case Light::GREY:
      return {"灰灯", "GREY"};
    case Light::GREEN:
      return {"绿灯", "GREEN"};
    case Light::BLUE:
      return {"蓝灯", "BLUE"};
    case Light::YELLOW:
      return {"黄灯", "YELLOW"};
    case Light::RED:
      return {"红灯", "RED"};
    default:
      return {"未知", "COLOUR_UNSPECIFIED"};
  }
}

Text ReasonOf(const LightFound& light, const Task& task, const Task::Duty* duty) {
  const std::string amount = absl::StrCat(light.amount);
  const std::string due = task.has_due_date() ? FormatDay(ToCivil(task.due_date())) : "";
  switch (light.cause) {
    case Light::NOT_STARTED: {
      const std::string start = FormatDay(DayOfNumber(StartOf(task)));
      return {absl::StrCat("未到开始日期 ", start, "。"), absl::StrCat("It starts on ", start, ".")};
    }
    case Light::OVERDUE:
      return {absl::StrCat("已超过完成时限 ", due, ",逾期 ", amount, " 天。"),
              absl::StrCat("It was due on ", due, "; days overdue: ", amount, ".")};
    case Light::REPORT_LATE: {
      const Task::Duty* owing = duty == nullptr ? OwingLongest(task) : duty;
      const std::string period = owing == nullptr ? "" : owing->owed_period();
      const std::string unit = owing == nullptr ? "" : owing->unit_title();
      return {absl::StrCat(unit, " ", period, " 的进展报告逾期 ", amount, " 个工作日。"),
              absl::StrCat("The report of ", unit, " on ", period, " is late; workdays: ", amount, ".")};
    }
    case Light::BEHIND:
      return {absl::StrCat("进度落后于时间进度 ", amount, " 个百分点。"),
              absl::StrCat("Progress lies behind the time elapsed; points: ", amount, ".")};
    case Light::DUE_SOON:
      return {absl::StrCat("距完成时限 ", due, " 还有 ", amount, " 个工作日。"),
              absl::StrCat("It is due on ", due, "; workdays left: ", amount, ".")};
    case Light::ON_COURSE:
      return {"按计划推进。", "It is on course."};
    default: {
      if (IsRunning(task.state())) return {"职责尚未承接。", "The duty is not taken on."};
      const Text state = NameOf(task.state());
      return {absl::StrCat("任务处于“", state.zh, "”状态。"), absl::StrCat("The task is ", state.en, ".")};
    }
  }
}

}  // namespace duikou::taskregistry::rules
