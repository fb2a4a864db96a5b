#include "clients/cli/board.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "clients/cli/language.h"
#include "clients/cli/table.h"
#include "clients/cli/text_lines.h"
#include "clients/cli/values.h"

namespace duikou::cli {
namespace {

using taskregistry::v1::Plan;
using taskregistry::v1::Task;

constexpr size_t kStateColumns = 14;
constexpr size_t kBarCells = 10;

// The numbers of "YK-2022-01-10", so that sub-tasks, with one more, stand below their task; one that is larger than all
// others for a task that has none.
std::vector<int64_t> PlaceOf(const Task& task) {
  std::vector<int64_t> place;
  for (const absl::string_view part : absl::StrSplit(task.number(), '-')) {
    int64_t number = 0;
    if (absl::SimpleAtoi(part, &number)) place.push_back(number);
  }
  if (place.empty()) place.push_back(INT64_MAX);
  return place;
}

std::string StateLabel(Task::State state) {
  const auto* value = Task::State_descriptor()->FindValueByNumber(state);
  return value == nullptr ? "" : EnumLabel(*value);
}

std::string UnitsOf(const Task& task, Task::Duty::Kind kind) {
  std::vector<std::string> names;
  for (const Task::Duty& duty : task.duties()) {
    if (duty.kind() != kind) continue;
    const std::string name = OneLine(!duty.written().empty()      ? duty.written()
                                     : !duty.unit_title().empty() ? duty.unit_title()
                                                                  : duty.unit());
    // The members of a group bear the same name in the document: once is enough.
    const bool known = std::find(names.begin(), names.end(), name) != names.end();
    if (!known) names.push_back(duty.unit().empty() ? absl::StrCat(name, "?") : name);
  }
  return absl::StrJoin(names, std::string(Say("、", ", ")));
}

std::string Bar(int percent) {
  const size_t full = static_cast<size_t>(std::clamp(percent, 0, 100)) * kBarCells / 100;
  std::string bar;
  for (size_t i = 0; i < kBarCells; ++i) absl::StrAppend(&bar, i < full ? "█" : "░");
  return bar;
}

std::string Due(const Task& task) {
  if (task.long_term()) return std::string(Say("长期", "long term"));
  const std::string day = FieldText(task, "due_date");
  const bool proposed = std::find(task.proposed().begin(), task.proposed().end(), "due_date") != task.proposed().end();
  return day.empty() ? std::string(Say("未定", "not set"))
                     : absl::StrCat(day, proposed ? Say(" 〔推定〕", " [proposed]") : "");
}

void AppendTask(const Task& task, size_t columns, std::string& out) {
  const std::string number = task.number().empty() ? task.name().substr(task.name().rfind('/') + 1) : task.number();
  const std::string right = absl::StrCat(PadTo(StateLabel(task.state()), kStateColumns), Bar(task.percent()), " ",
                                         absl::StrCat(task.percent(), "%"));
  absl::StrAppend(&out, Hanging(2, number, OneLine(task.title()), columns));
  absl::StrAppend(&out, std::string(6, ' '), PadTo(right, kStateColumns + kBarCells + 7), Say("时限 ", "due "),
                  Due(task), "\n");
  if (task.light().colour() > taskregistry::v1::Light::GREY) {
    const std::string colour = FieldText(task, "light.colour");
    absl::StrAppend(&out, Hanging(6, absl::StrCat("● ", colour), OneLine(task.light().reason()), columns));
  }
  const std::pair<Task::Duty::Kind, absl::string_view> kinds[] = {
      {Task::Duty::LEAD, Say("牵头", "lead       ")},
      {Task::Duty::RESPONSIBLE, Say("责任", "responsible")},
      {Task::Duty::COOPERATING, Say("配合", "cooperating")}};
  for (const auto& [kind, label] : kinds) absl::StrAppend(&out, Hanging(6, label, UnitsOf(task, kind), columns));
}

std::string Summary(const std::vector<Task>& tasks) {
  std::map<int, int> by_state;
  std::map<std::string, int> by_light;
  bool open = false;
  for (const Task& task : tasks) {
    ++by_state[task.state()];
    if (task.light().colour() > taskregistry::v1::Light::GREY) ++by_light[FieldText(task, "light.colour")];
    for (const Task::Duty& duty : task.duties()) open = open || duty.unit().empty();
  }
  std::string text = absl::StrCat(Say("任务 ", ""), tasks.size(), Say(" 项", tasks.size() == 1 ? " task" : " tasks"));
  for (const auto& [state, count] : by_state)
    absl::StrAppend(&text, Say(" · ", ", "), StateLabel(static_cast<Task::State>(state)), " ", count);
  for (const auto& [light, count] : by_light) absl::StrAppend(&text, Say(" · ", ", "), "● ", light, " ", count);
  if (open)
    absl::StrAppend(&text,
                    Say("  (?:单位尚未识别,见 duikou plan units)", "  (?: not resolved, see duikou plan units)"));
  return text;
}

}  // namespace

void SortAsWritten(std::vector<Task>& tasks) {
  std::sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) {
    return std::tuple(PlaceOf(a), a.name()) < std::tuple(PlaceOf(b), b.name());
  });
}

std::string BoardText(const Plan& plan, const std::vector<Task>& tasks, size_t columns) {
  std::string out = Hanging(0, plan.number(), OneLine(plan.title()), columns);
  absl::StrAppend(
      &out,
      Hanging(0, "", absl::StrCat(plan.document_number(), plan.document_number().empty() ? "" : "  ", Summary(tasks)),
              columns));
  std::string section = "\n";
  for (const Task& task : tasks) {
    const std::string heading = absl::StrJoin(task.clause().headings(), " › ");
    if (heading != section)
      absl::StrAppend(
          &out, "\n",
          Hanging(0, "■", OneLine(heading.empty() ? Say("其他", "Others") : absl::string_view(heading)), columns));
    section = heading;
    AppendTask(task, columns, out);
  }
  return out;
}

}  // namespace duikou::cli
