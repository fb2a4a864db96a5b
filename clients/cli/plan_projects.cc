// duikou plan projects: the projects that a document names, as records under their tasks.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/language.h"
#include "clients/cli/plan_commands.h"
#include "common/base/status_macros.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::cli {
namespace {

using taskregistry::v1::ImportProjectsRequest;
using taskregistry::v1::ImportProjectsResponse;

struct Typed {
  std::string plan;
  std::vector<std::string> titles;
  bool create = false;
};

absl::Status Projects(Context& context, const Typed& typed) {
  ImportProjectsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), PlanName(context, typed.plan));
  request.set_validate_only(!typed.create);
  for (const std::string& title : typed.titles) request.add_titles(title);
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<ImportProjectsResponse>(
                                            "duikou.taskregistry.v1.TaskRegistry.ImportProjects", request));
  if (context.json()) {
    context.PrintJson(response);
    return absl::OkStatus();
  }
  Table table({FieldLabel("task"), FieldLabel("title"), FieldLabel("capacity")});
  for (const auto& project : response.projects())
    table.Add({std::string(LastSegment(project.task())), project.title(), project.capacity()});
  context.Print(table);
  context.Print(absl::StrCat(typed.create ? Say("已登记 ", "created ") : Say("可登记 ", "can be created: "),
                             response.projects_size(), Say(" 个,已有 ", ", known "), response.known_size(),
                             Say(" 个", ""), "\n"));
  if (!typed.create && response.projects_size() > 0)
    context.Print(
        absl::StrCat(Say("下一步:duikou plan projects ", "Next: duikou plan projects "), typed.plan, " --create\n"));
  return absl::OkStatus();
}

}  // namespace

void AddPlanProjectCommand(CLI::App& plan, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* projects = AddCommand(plan, "projects", "文件中点名的项目:预览或登记到各任务下",
                                  "the projects that the document names: a preview, or records under their tasks",
                                  "duikou plan projects YK-2022-01 --create");
  AddPlanName(*projects, typed->plan);
  projects->add_flag("--create", typed->create,
                     std::string(Say("登记;缺省只预览", "create them; a preview by default")));
  projects
      ->add_option("--title", typed->titles,
                   std::string(Say("只登记这些,可重复;缺省全部", "only these, repeatable; all by default")))
      ->take_all()
      ->expected(1);
  projects->callback([&context, typed] { context.run = [&context, typed] { return Projects(context, *typed); }; });
}

}  // namespace duikou::cli
