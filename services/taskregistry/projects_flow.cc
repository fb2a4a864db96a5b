#include "services/taskregistry/projects_flow.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "services/taskregistry/policy/policy_importer.h"
#include "services/taskregistry/rules/project_state.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry {
namespace {

using v1::Project;
using v1::Task;

// What a document names, by the clause that it stands in.
struct NamedProject {
  std::string clause, title, capacity;
};

std::vector<NamedProject> NamedIn(const std::string& text, const v1::ImportProjectsRequest& request) {
  const std::set<std::string> wanted(request.titles().begin(), request.titles().end());
  std::vector<NamedProject> named;
  const v1::PolicyPreview preview = policy::ParsePolicy(text);
  for (const v1::PolicyTask& task : preview.tasks()) {
    for (const v1::PolicyProject& project : task.projects()) {
      if (wanted.empty() || wanted.contains(project.name()))
        named.push_back({task.clause(), project.name(), project.capacity()});
    }
  }
  return named;
}

// The tasks of a plan by their clause; of several the first, as the sub-tasks bear their parent's.
absl::StatusOr<std::map<std::string, Task>> TasksByClause(const View& view, const v1::Plan& plan) {
  ASSIGN_OR_RETURN(std::vector<Task> tasks,
                   view.ListAll<Task>({.parent = absl::StrCat("cities/", std::string(schema::CityOf(plan.name()))),
                                       .where = {{"plan", store::Value(plan.name())}}}));
  std::map<std::string, Task> by_clause;
  for (Task& task : tasks) {
    if (task.parent_task().empty()) by_clause.try_emplace(task.clause().path(), std::move(task));
  }
  return by_clause;
}

absl::StatusOr<std::set<std::string>> TitlesUnder(const View& view, const std::string& task) {
  ASSIGN_OR_RETURN(const std::vector<Project> projects, view.ListAll<Project>({.parent = task}));
  std::set<std::string> titles;
  for (const Project& project : projects) titles.insert(project.title());
  return titles;
}

}  // namespace

absl::StatusOr<v1::ImportProjectsResponse> ImportProjects(rpc::Context& context, const Caller& caller,
                                                          const v1::ImportProjectsRequest& request) {
  v1::Plan source;
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(source, view.Get<v1::Plan>(request.parent()));
    return absl::OkStatus();
  }));
  if (source.source_text().empty()) {
    return StateForbids("PLAN_WITHOUT_SOURCE",
                        {"方案不是由文件导入的,没有原文。", "The plan was not imported: it has no document."});
  }
  const std::vector<NamedProject> named = NamedIn(source.source_text(), request);
  return context.Commit<v1::ImportProjectsResponse>([&](Txn& txn) -> absl::StatusOr<v1::ImportProjectsResponse> {
    ASSIGN_OR_RETURN(const v1::Plan plan, txn.Get<v1::Plan>(request.parent()));
    ASSIGN_OR_RETURN(const auto tasks, TasksByClause(txn, plan));
    std::map<std::string, std::set<std::string>> titles;
    v1::ImportProjectsResponse response;
    for (const NamedProject& one : named) {
      const auto task = tasks.find(one.clause);
      // Its clause's task was removed, or is over or not issued yet: nothing goes on under it.
      if (task == tasks.end() || !rules::Allows(task->second.state(), rules::Action::kAddProject)) continue;
      const auto [known, unread] = titles.try_emplace(task->second.name());
      if (unread) {
        ASSIGN_OR_RETURN(known->second, TitlesUnder(txn, task->second.name()));
      }
      if (!known->second.insert(one.title).second) {
        response.add_known(one.title);
        continue;
      }
      Project project;
      project.set_name(absl::StrCat(task->second.name(), "/projects/", txn.NewId()));
      project.set_title(one.title);
      project.set_capacity(one.capacity);
      rules::Begin(project, task->second, caller, DayOf(txn.now()));
      ASSIGN_OR_RETURN(*response.add_projects(), txn.Insert(std::move(project)));
    }
    return response;
  });
}

}  // namespace duikou::taskregistry
