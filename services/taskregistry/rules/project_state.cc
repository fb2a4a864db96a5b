#include "services/taskregistry/rules/project_state.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/state_table.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::Project;

// The state machine of domain.md, Project.
constexpr StateTable<Project::State, ProjectAction, kProjectActions> kTable({{
    {ProjectAction::kEdit, "修改", "edit",
     In({Project::NEGOTIATING, Project::SIGNED, Project::STARTED, Project::OPERATING})},
    {ProjectAction::kDelete, "删除", "delete", In({Project::NEGOTIATING})},
    {ProjectAction::kSign, "签约", "sign", In({Project::NEGOTIATING})},
    {ProjectAction::kStart, "开工", "start", In({Project::SIGNED})},
    {ProjectAction::kCommission, "投产", "commission", In({Project::STARTED})},
    {ProjectAction::kAbandon, "终止", "abandon", In({Project::NEGOTIATING, Project::SIGNED, Project::STARTED})},
}});

// Where a step leads. STATE_UNSPECIFIED for what leaves the state as it is.
Project::State StateAfter(ProjectAction action) {
  switch (action) {
    case ProjectAction::kSign:
      return Project::SIGNED;
    case ProjectAction::kStart:
      return Project::STARTED;
    case ProjectAction::kCommission:
      return Project::OPERATING;
    case ProjectAction::kAbandon:
      return Project::ABANDONED;
    default:
      return Project::STATE_UNSPECIFIED;
  }
}

void AddStep(Project& project, Project::State state, absl::CivilDay date, const std::string& note, const Caller& by) {
  project.set_state(state);
  Project::Step* step = project.add_steps();
  step->set_state(state);
  *step->mutable_date() = ToDate(date);
  step->set_recorded_by(by.name);
  step->set_note(note);
}

}  // namespace

Text NameOf(Project::State state) {
  switch (state) {
    case Project::NEGOTIATING:
      return {"洽谈", "NEGOTIATING"};
    case Project::SIGNED:
      return {"签约", "SIGNED"};
    case Project::STARTED:
      return {"开工", "STARTED"};
    case Project::OPERATING:
      return {"投产", "OPERATING"};
    case Project::ABANDONED:
      return {"终止", "ABANDONED"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

absl::Status CheckKeeps(const v1::Task& task, const Caller& by) {
  if (by.IsService() || HasDuty(task, by.unit)) return absl::OkStatus();
  if (by.Has(duikou::type::v1::COORDINATOR) && by.city == CityOf(task.name())) return absl::OkStatus();
  return PermissionDenied("NO_DUTY", {"只有本任务的承担单位和对口办可以办理。",
                                      "Only units with a duty in the task and its city's COORDINATOR may do this."});
}

bool Allows(Project::State state, ProjectAction action) { return kTable.Allows(state, action); }

absl::Status CheckAllowed(const Project& project, ProjectAction action) {
  return kTable.Check(project.state(), action,
                      {.reason = "PROJECT_STATE_FORBIDS",
                       .type = "project",
                       .noun = {"项目", "The project"},
                       .state = NameOf(project.state()),
                       .name = project.name()});
}

void Begin(Project& project, const v1::Task& task, const Caller& by, absl::CivilDay today) {
  project.set_task(task.name());
  project.set_unit(by.unit);
  project.clear_steps();
  AddStep(project, Project::NEGOTIATING, today, "", by);
}

absl::Status Advance(Project& project, ProjectAction action, std::optional<absl::CivilDay> date,
                     const std::string& note, const Caller& by, absl::CivilDay today) {
  RETURN_IF_ERROR(CheckAllowed(project, action));
  const absl::CivilDay day = date.value_or(today);
  if (day > today) return BadField("date", {"不能在今天之后。", "must not lie in the future."}, "DATE_IN_FUTURE");
  // Talks are entered late as a rule: only the steps after them are in order.
  const auto& last = *project.steps().rbegin();
  if (last.state() != Project::NEGOTIATING && day < ToCivil(last.date())) {
    const Text step = NameOf(last.state());
    const std::string since = FormatDay(ToCivil(last.date()));
    return BadField("date",
                    {absl::StrCat("不能早于", step.zh, "日期 ", since, "。"),
                     absl::StrCat("must not lie before it was ", step.en, ", ", since, ".")},
                    "DATE_BEFORE_STEP");
  }
  AddStep(project, StateAfter(action), day, note, by);
  return absl::OkStatus();
}

}  // namespace duikou::taskregistry::rules
