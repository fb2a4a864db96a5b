// duikou plan: from a document to tasks.
#include "clients/cli/plan_commands.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/change_text.h"
#include "clients/cli/language.h"
#include "clients/cli/outcome.h"
#include "clients/cli/plan_parse.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::cli {
namespace {

using taskregistry::v1::ImportPlanRequest;
using taskregistry::v1::ImportPlanResponse;
using taskregistry::v1::IssuePlanRequest;
using taskregistry::v1::PlanTasksResponse;
using taskregistry::v1::SetPlanDefaultsRequest;

constexpr char kRegistry[] = "duikou.taskregistry.v1.TaskRegistry.";
// What the service takes (ImportPlanRequest.content). Of much more the transport would say no, in its own words.
constexpr size_t kLargestDocument = 3'000'000;

struct Typed {
  std::string file, plan, plan_id, issue_date, kind, disclosure, due, frequency;
  bool json = false, validate_only = false, first_responsible_leads = false, accept = false;
};

absl::Status Parse(Context& context, const Typed& typed) {
  ASSIGN_OR_RETURN(const std::string text, ParsePlanFile(typed.file, typed.json || context.json(), CurrentLanguage()));
  context.Print(text);
  return absl::OkStatus();
}

absl::Status SetIfGiven(google::protobuf::Message& request, const char* field, const std::string& text) {
  return text.empty() ? absl::OkStatus() : SetField(request, field, text);
}

absl::Status Import(Context& context, const Typed& typed) {
  ImportPlanRequest request;
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  request.set_parent(absl::StrCat("cities/", city));
  ASSIGN_OR_RETURN(*request.mutable_content(), ReadInput(typed.file, kLargestDocument));
  request.set_plan_id(typed.plan_id);
  request.set_validate_only(typed.validate_only);
  RETURN_IF_ERROR(SetIfGiven(request, "issue_date", typed.issue_date));
  RETURN_IF_ERROR(SetIfGiven(request, "kind", typed.kind));
  RETURN_IF_ERROR(SetIfGiven(request, "access.disclosure", typed.disclosure));
  ASSIGN_OR_RETURN(const auto response,
                   context.suite().Call<ImportPlanResponse>(absl::StrCat(kRegistry, "ImportPlan"), request));
  if (context.json()) {
    context.PrintJson(response);
    return absl::OkStatus();
  }
  context.Print(PreviewText(response.preview(), CurrentLanguage()));
  if (typed.validate_only) {
    context.Print(absl::StrCat("\n", PreviewLine()));
    return absl::OkStatus();
  }
  const std::string& number = response.plan().number();
  context.Print(absl::StrCat("\n", Say("已导入方案 ", "imported plan "), number, "  ", response.plan().name(),
                             Say(",任务草稿 ", ", draft tasks: "), response.tasks_size(),
                             Say(" 项\n下一步:\n", "\nNext:\n"), "  duikou plan units ", number,
                             "\n  duikou plan set-defaults ", number, " --accept-proposals\n  duikou board --plan ",
                             number, "\n"));
  return absl::OkStatus();
}

std::string ResultText(const PlanTasksResponse::Result& result, bool checked_only) {
  if (!result.has_status() || result.status().code() == 0)
    return std::string(checked_only ? Say("可以办理", "can be done") : Say("成功", "done"));
  absl::Status status(static_cast<absl::StatusCode>(result.status().code()), result.status().message());
  for (const auto& detail : result.status().details()) status.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  return ErrorMessage(status);
}

// A line for each draft; FailedPrecondition when one did not go well, after all are shown.
absl::Status ShowResults(Context& context, const PlanTasksResponse& response, bool checked_only) {
  if (context.json()) {
    context.PrintJson(response);
  } else {
    Table table({FieldLabel("number"), FieldLabel("title"), FieldLabel("result")});
    for (const auto& result : response.results()) {
      table.Add({result.number().empty() ? std::string(LastSegment(result.task())) : result.number(),
                 FitInto(OneLine(result.title()), 40), ResultText(result, checked_only)});
    }
    context.Print(table.Render(0));
    const absl::string_view good = checked_only ? Say("可以办理 ", "can be done: ") : Say("成功 ", "done: ");
    const absl::string_view bad =
        checked_only ? Say(" 项,不能办理 ", ", cannot: ") : Say(" 项,未成功 ", ", not done: ");
    context.Print(absl::StrCat(good, response.succeeded(), bad, response.failed(), Say(" 项\n", "\n"),
                               checked_only ? PreviewLine() : ""));
  }
  if (response.failed() == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      response.failed(), Say(" 项草稿未成功,理由见上;改正后可再次运行。",
                             " drafts were not done for the reasons above: mend these and run it again.")));
}

absl::Status SetDefaults(Context& context, const Typed& typed) {
  SetPlanDefaultsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), PlanName(context, typed.plan));
  RETURN_IF_ERROR(SetIfGiven(request, "due_date", typed.due));
  RETURN_IF_ERROR(SetIfGiven(request, "report_frequency", typed.frequency));
  request.set_first_responsible_leads(typed.first_responsible_leads);
  request.set_accept_proposals(typed.accept);
  request.set_validate_only(typed.validate_only);
  ASSIGN_OR_RETURN(const auto response,
                   context.suite().Call<PlanTasksResponse>(absl::StrCat(kRegistry, "SetPlanDefaults"), request));
  return ShowResults(context, response, typed.validate_only);
}

absl::Status Issue(Context& context, const Typed& typed) {
  IssuePlanRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), PlanName(context, typed.plan));
  request.set_validate_only(typed.validate_only);
  ASSIGN_OR_RETURN(const auto response,
                   context.suite().Call<PlanTasksResponse>(absl::StrCat(kRegistry, "IssuePlan"), request));
  absl::Status shown = ShowResults(context, response, typed.validate_only);
  if (!shown.ok() && !context.json()) {
    context.Print(absl::StrCat(
        Say("下一步:\n", "Next:\n"), "  duikou plan units ", typed.plan,
        Say("                            # 尚待明确的单位\n", "                            # units not known yet\n"),
        "  duikou plan set-defaults ", typed.plan,
        Say(" --accept-proposals  # 确认推定值;--due、--frequency 另行指定\n",
            " --accept-proposals  # confirms what is proposed; --due, --frequency set others\n")));
  }
  return shown;
}

using Command = absl::Status (*)(Context&, const Typed&);

void Bind(CLI::App& command, Context& context, const std::shared_ptr<Typed>& typed, Command run) {
  command.callback([&context, typed, run] { context.run = [&context, typed, run] { return run(context, *typed); }; });
}

void Option(CLI::App& command, const char* name, std::string& into, absl::string_view zh, absl::string_view en) {
  command.add_option(name, into, std::string(Say(zh, en)));
}

void Flag(CLI::App& command, const char* name, bool& into, absl::string_view zh, absl::string_view en) {
  command.add_flag(name, into, std::string(Say(zh, en)));
}

void AddParse(CLI::App& plan, Context& context, const std::shared_ptr<Typed>& typed) {
  CLI::App* parse = AddCommand(plan, "parse", "解析文件(不需要服务)", "parse a document (no server needed)",
                               "duikou plan parse examples/yingkou/plan.txt --json");
  parse
      ->add_option(
          "FILE", typed->file,
          std::string(Say("文件(UTF-8、UTF-16 或 GB18030 文本)", "the document (text in UTF-8, UTF-16 or GB18030)")))
      ->required();
  Flag(*parse, "--json", typed->json, "只输出原文写明的内容(JSON)", "only what is written, as JSON");
  Bind(*parse, context, typed, Parse);
}

void AddImport(CLI::App& plan, Context& context, const std::shared_ptr<Typed>& typed) {
  CLI::App* import = AddCommand(plan, "import", "导入文件:生成方案和任务草稿,并显示识别结果",
                                "import a document: a plan and its draft tasks, with what was understood",
                                "duikou plan import plan.txt --plan-id 2022 --validate-only");
  import->add_option("FILE", typed->file, std::string(Say("文件,- 为标准输入", "the document, - for standard input")))
      ->required();
  Option(*import, "--plan-id", typed->plan_id, "方案标识;缺省由服务生成",
         "the id of the plan; made by the service by default");
  Option(*import, "--issue-date", typed->issue_date, "成文日期,如 2022-03-01;用于文件未写明时",
         "day of issue such as 2022-03-01, where the document does not say");
  Option(*import, "--kind", typed->kind, "IMPLEMENTATION(实施方案)或 ANNUAL(年度工作计划)", "IMPLEMENTATION or ANNUAL");
  Option(*import, "--disclosure", typed->disclosure, "公开属性:INTERNAL、PUBLIC 或 RESTRICTED",
         "who may see it: INTERNAL, PUBLIC or RESTRICTED");
  Flag(*import, "--validate-only", typed->validate_only, "只预览,不保存", "a preview: store nothing");
  Bind(*import, context, typed, Import);
}

void AddOnDrafts(CLI::App& plan, Context& context, const std::shared_ptr<Typed>& typed) {
  CLI::App* defaults = AddCommand(plan, "set-defaults", "为全部草稿补上文件未写明的内容,逐项给出结果",
                                  "set what the document left out on all drafts, with a result for each",
                                  "duikou plan set-defaults YK-2022-01 --due 2025-12-31 --frequency QUARTERLY "
                                  "--first-responsible-leads --accept-proposals");
  AddPlanName(*defaults, typed->plan);
  Option(*defaults, "--due", typed->due, "时限,如 2025-12-31", "due date such as 2025-12-31");
  Option(*defaults, "--frequency", typed->frequency, "报送频次:WEEKLY、MONTHLY、QUARTERLY 或 STAGE",
         "how often reports are due: WEEKLY, MONTHLY, QUARTERLY or STAGE");
  Flag(*defaults, "--first-responsible-leads", typed->first_responsible_leads, "无牵头单位的,由第一责任单位牵头",
       "where nobody leads, the first responsible unit does");
  Flag(*defaults, "--accept-proposals", typed->accept, "确认推定内容", "confirm what was proposed");
  Flag(*defaults, "--validate-only", typed->validate_only, "只检查,不保存", "check only, store nothing");
  Bind(*defaults, context, typed, SetDefaults);

  CLI::App* issue = AddCommand(plan, "issue", "交办方案的全部草稿,逐项给出结果",
                               "issue all drafts of a plan, with a result for each", "duikou plan issue YK-2022-01");
  AddPlanName(*issue, typed->plan);
  Flag(*issue, "--validate-only", typed->validate_only, "只检查,不交办", "check only, issue nothing");
  Bind(*issue, context, typed, Issue);
}

}  // namespace

absl::StatusOr<std::string> PlanName(Context& context, const std::string& typed) {
  return context.suite().NameOf(*Catalog::Get().Find("plan"), typed);
}

void AddPlanName(CLI::App& command, std::string& into) {
  command
      .add_option("PLAN", into,
                  std::string(Say("方案:标识、编号(YK-2022-01)或全名", "the plan: id, number (YK-2022-01) or name")))
      ->required();
}

void AddPlanCommands(CLI::App& app, Context& context) {
  CLI::App* plan = AddCommand(app, "plan", "从文件到任务:解析、导入、关联单位、补全、交办",
                              "from a document to tasks: parse, import, units, link, set-defaults, issue");
  plan->require_subcommand(1);
  auto typed = std::make_shared<Typed>();
  AddParse(*plan, context, typed);
  AddImport(*plan, context, typed);
  AddPlanUnitCommands(*plan, context);
  AddPlanProjectCommand(*plan, context);
  AddOnDrafts(*plan, context, typed);
}

}  // namespace duikou::cli
