// A verb for each method beyond the standard ones: `duikou acknowledge YK-2022-01-03`. The options of a verb are the
// fields of its request; a method that the table does not know gets a verb of its own name.
#include <memory>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/record_view.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "duikou/options/v1/options.pb.h"

namespace duikou::cli {
namespace {

namespace pb = google::protobuf;

struct Verb {
  absl::string_view method;
  absl::string_view verb;
  absl::string_view type;  // Of the record that the request names.
  absl::string_view zh, en;
  absl::string_view example;
};

constexpr Verb kVerbs[] = {
    {"IssueTask", "issue", "task", "交办:草稿→已交办", "issue a draft to its units", "duikou issue YK-2022-01-03"},
    {"AcknowledgeTask", "acknowledge", "task", "签收", "acknowledge a task for a unit",
     "duikou acknowledge YK-2022-01-03"},
    {"DeclineTask", "decline", "task", "申请退办", "ask to be relieved of a task",
     "duikou decline YK-2022-01-03 --reason 职能不在本单位"},
    {"ReassignTask", "reassign", "task", "改派", "give a duty to other units",
     "duikou reassign YK-2022-01-03 --duty d3 --units 市商务局"},
    {"TakeOnDuty", "take-on", "task", "接办:接下其他城市交给本市单位的职责",
     "take on a duty that another city means for a unit of yours",
     "duikou take-on cities/210800/tasks/YK-2022-01-03 --duty d3 --units 市商务局"},
    {"AssignDuty", "assign", "task", "转办:把接办的职责交给本市单位", "give a duty taken on to units of your city",
     "duikou assign cities/210800/tasks/YK-2022-01-03 --duty d3 --units 市商务局"},
    {"DeclineDuty", "decline-duty", "task", "不接办其他城市交来的职责", "do not take a duty of another city on",
     "duikou decline-duty cities/210800/tasks/YK-2022-01-03 --duty d3 --reason 我市无此业务"},
    {"RecallTask", "recall", "task", "撤回(无人签收时)", "recall an issued task that nobody has acknowledged",
     "duikou recall YK-2022-01-03"},
    {"ReportTaskCompletion", "report-completion", "task", "申请办结", "report a task as complete",
     "duikou report-completion YK-2022-01-03 --summary 全部完成"},
    {"WithdrawTaskCompletion", "withdraw-completion", "task", "撤回办结申请", "take a report of completion back",
     "duikou withdraw-completion YK-2022-01-03"},
    {"ReturnTask", "return", "task", "退回办结申请", "return a report of completion",
     "duikou return YK-2022-01-03 --reason 缺少佐证材料"},
    {"CloseTask", "close", "task", "办结销号", "close a completed task", "duikou close YK-2022-01-03"},
    {"ReopenTask", "reopen", "task", "重新办理", "reopen a closed task",
     "duikou reopen YK-2022-01-03 --reason 核查发现未完成"},
    {"SuspendTask", "suspend", "task", "中止", "suspend a task", "duikou suspend YK-2022-01-03 --reason 政策调整"},
    {"ResumeTask", "resume", "task", "恢复", "resume a suspended task", "duikou resume YK-2022-01-03"},
    {"CancelTask", "cancel", "task", "撤销", "cancel a task", "duikou cancel YK-2022-01-03 --reason 任务合并"},
    {"CompleteMilestone", "complete-milestone", "task", "完成节点", "mark a milestone as done",
     "duikou complete-milestone YK-2022-01-03 --milestone m1"},
    {"AcceptProgressReport", "accept-report", "progress_report", "采纳进展报告", "accept a progress report",
     "duikou accept-report YK-2022-01-03/r1"},
    {"ReturnProgressReport", "return-report", "progress_report", "退回进展报告", "return a progress report",
     "duikou return-report YK-2022-01-03/r1 --reason 请补充数据"},
    {"ApproveExtensionRequest", "approve-extension", "extension_request", "同意延期", "approve a later due date",
     "duikou approve-extension YK-2022-01-03/e1"},
    {"RefuseExtensionRequest", "refuse-extension", "extension_request", "不同意延期", "refuse a later due date",
     "duikou refuse-extension YK-2022-01-03/e1 --comment 须按期完成"},
    {"ConfirmReminder", "read-reminder", "reminder", "已阅提醒", "mark a reminder as read",
     "duikou read-reminder YK-2022-01-03/notice-20260302-d1"},
    {"IssueSupervisionOrder", "issue-order", "supervision_order", "下发督办单", "issue a supervision order",
     "duikou issue-order YK-2022-01-03/red-20260302"},
    {"ReplySupervisionOrder", "reply-order", "supervision_order", "回复督办单", "reply to a supervision order",
     "duikou reply-order YK-2022-01-03/red-20260302 --reply 已整改"},
    {"ReturnSupervisionOrder", "return-order", "supervision_order", "退回督办单的回复", "return the reply to an order",
     "duikou return-order YK-2022-01-03/red-20260302 --reason 请说明完成时间"},
    {"CloseSupervisionOrder", "close-order", "supervision_order", "办结督办单", "close a supervision order",
     "duikou close-order YK-2022-01-03/red-20260302"},
    {"PublishBulletin", "publish-bulletin", "bulletin", "印发通报", "publish a bulletin",
     "duikou publish-bulletin 2026-02"},
    {"WithdrawExtensionRequest", "withdraw-extension", "extension_request", "撤回延期申请",
     "take a request for a later due date back", "duikou withdraw-extension YK-2022-01-03/e1"},
    {"SignProject", "sign-project", "project", "项目签约", "record that a project was signed",
     "duikou sign-project YK-2022-01-03/j1 --date 2022-06-01"},
    {"StartProject", "start-project", "project", "项目开工", "record that a project was started",
     "duikou start-project YK-2022-01-03/j1 --date 2022-09-01"},
    {"CommissionProject", "commission-project", "project", "项目投产", "record that a project operates",
     "duikou commission-project YK-2022-01-03/j1"},
    {"AbandonProject", "abandon-project", "project", "项目终止", "record that a project was given up",
     "duikou abandon-project YK-2022-01-03/j1 --reason 资金未落实"},
    {"GrantSupportRequest", "grant-support", "support_request", "落实(或部分落实)要素保障",
     "grant a support request, or a part of it", "duikou grant-support YK-2022-01-03/s1 --amount 80"},
    {"RefuseSupportRequest", "refuse-support", "support_request", "不予支持", "refuse a support request",
     "duikou refuse-support YK-2022-01-03/s1 --comment 指标不足"},
    {"CountSupportRequests", "count-supports", "", "要素保障统计:申请与落实", "support requests: asked for and granted",
     "duikou count-supports"},
    {"ResolveUnits", "resolve-units", "", "按名称或别名批量查找单位", "find units by names or aliases",
     "duikou resolve-units --texts 市工信局 --texts 市商务局"},
    {"ResolveUnit", "resolve-unit", "", "按名称或别名查找单位", "find the unit that bears a name",
     "duikou resolve-unit --text 市工信局"},
    {"RenameUnit", "rename-unit", "unit", "单位更名", "rename a unit from a day on",
     "duikou rename-unit gxj --title 营口市数据和工业信息化局 --date 2026-01-01"},
    {"MergeUnits", "merge-units", "unit", "单位合并", "merge units into one",
     "duikou merge-units swj --merged zsj --date 2026-01-01"},
    {"SplitUnit", "split-unit", "unit", "单位拆分", "split a unit",
     "duikou split-unit wlj --successors wtj --successors lyj --date 2026-01-01"},
    {"GrantRoles", "grant-roles", "account", "设定账号的全部角色", "set all roles of an account",
     "duikou grant-roles wang --roles UNIT_OFFICER"},
    {"SetPassword", "set-password", "account", "重置密码(首次登录须修改)",
     "set a password that must change at the first sign-in", "duikou set-password wang --password @-"},
    {"DisableAccount", "disable-account", "account", "停用账号", "disable an account", "duikou disable-account wang"},
    {"EnableAccount", "enable-account", "account", "启用账号", "enable an account", "duikou enable-account wang"},
    {"ExportAccount", "export-account", "account", "导出账号的全部个人信息(JSON)",
     "write all that is kept of an account as JSON", "duikou export-account wang"},
    {"EraseAccount", "erase-account", "account", "按要求删除已停用账号的个人信息",
     "erase the personal fields of a disabled account by order",
     "duikou erase-account wang --reason '本人申请,2026-03-02'"},
    {"AmendEngagementTerms", "amend-terms", "engagement", "变更条件(已有批准作废)",
     "change the terms of an engagement, which voids all approvals",
     "duikou amend-terms YK-JL-2026-01 --terms '{\"startDate\": …}'"},
    {"ApproveEngagement", "approve-engagement", "engagement", "批准某一版条件(或延期)",
     "approve a version of the terms, or an extension", "duikou approve-engagement YK-JL-2026-01 --terms-version 1"},
    {"RejectEngagement", "reject-engagement", "engagement", "不同意交流(或延期)",
     "reject an engagement, or its extension", "duikou reject-engagement YK-JL-2026-01 --reason 岗位已满"},
    {"WithdrawEngagement", "withdraw-engagement", "engagement", "撤回已提出的交流", "take a proposed engagement back",
     "duikou withdraw-engagement YK-JL-2026-01"},
    {"CancelEngagement", "cancel-engagement", "engagement", "取消已批准、未报到的交流",
     "cancel an engagement before the arrival", "duikou cancel-engagement YK-JL-2026-01 --reason 另有任用"},
    {"RecordArrival", "record-arrival", "engagement", "登记报到", "record that the person has arrived",
     "duikou record-arrival cities/210800/engagements/YK-JL-2026-01"},
    {"ProposeExtension", "extend-engagement", "engagement", "申请延期", "propose an extension",
     "duikou extend-engagement YK-JL-2026-01 --end-date 2027-09-15"},
    {"EndEngagementEarly", "end-engagement", "engagement", "提前结束", "end an engagement early",
     "duikou end-engagement YK-JL-2026-01 --reason 工作需要"},
    {"AssessEngagement", "assess-engagement", "engagement", "考核", "assess an engagement that has ended",
     "duikou assess-engagement YK-JL-2026-01 --assessment 优秀"},
    {"CorrectEngagement", "correct-engagement", "engagement", "更正报到或结束日期",
     "correct the days of arrival and end",
     "duikou correct-engagement YK-JL-2026-01 --end-date 2026-07-31 --reason 以考勤为准"},
    {"DecideTies", "decide-ties", "engagement", "对申报的其他关系作出决定",
     "decide about the other ties that are declared", "duikou decide-ties YK-JL-2026-01 --decision 不影响任职"},
    {"ConfirmExchangeNotice", "read-notice", "exchange_notice", "已阅交流提醒", "mark a notice of exchange as read",
     "duikou read-notice YK-JL-2026-01/ended-early-home"},
    {"ClosePost", "close-post", "post", "关闭岗位", "take no more nominations for a post", "duikou close-post p1"},
    {"ReopenPost", "reopen-post", "post", "重开岗位", "open a post again", "duikou reopen-post p1"},
    {"WithdrawNomination", "withdraw-nomination", "nomination", "撤回推荐", "take a nomination back",
     "duikou withdraw-nomination n1"},
    {"DeclineNomination", "decline-nomination", "nomination", "接收方不考虑", "do not consider a nomination",
     "duikou decline-nomination cities/210800/nominations/n1 --reason 专业不符"},
    {"RankNomination", "rank-nomination", "nomination", "接收方排序", "set the host's order of a nomination",
     "duikou rank-nomination cities/210800/nominations/n1 --host-order 1"},
    {"GetBalance", "balance", "", "互派情况:双向对照", "both directions of a partnership side by side",
     "duikou balance --partnership fengtai --year 2026"},
    {"MatchNominations", "match", "", "匹配:推荐人员与岗位", "propose who of the nominees goes to which post",
     "duikou match --partnership fengtai"},
    {"SubmitBatch", "submit-batch", "", "报送批次", "propose the engagements of a batch",
     "duikou submit-batch --batch '{…}' --engagements '{…}'"},
    {"ApproveBatch", "approve-batch", "batch", "批准批次", "approve the engagements of a batch",
     "duikou approve-batch b1"},
};

// Methods that other commands are made for.
constexpr absl::string_view kElsewhere[] = {
    "WhoAmI",         "SignIn",       "RefreshSession",      "SignOut",        "ChangePassword",
    "GetTokenStatus", "ImportPlan",   "ListUnresolvedUnits", "LinkUnits",      "SetPlanDefaults",
    "IssuePlan",      "ListPending",  "SuperviseTasks",      "ImportProjects", "UploadChunk",
    "DownloadChunk",  "ExportRoster", "DraftApprovalForm",   "ImportPersons"};

// Fields that every request has and that the command line fills itself.
constexpr absl::string_view kCommon[] = {"name",          "parent",    "etag",      "request_id",
                                         "validate_only", "page_size", "page_token"};

struct Typed {
  std::string name, etag;
  bool validate_only = false;
  std::vector<std::pair<const pb::FieldDescriptor*, std::unique_ptr<std::vector<std::string>>>> fields;
};

// A text of a secret field may come from a file or standard input instead of the command line, where others can read
// it.
absl::StatusOr<std::string> TextOf(const pb::FieldDescriptor& field, const std::string& typed) {
  if (field.name() != "password" || typed.empty() || typed[0] != '@') return typed;
  ASSIGN_OR_RETURN(std::string text, ReadInput(typed.substr(1), 10'000));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

absl::Status Fill(Context& context, const Verb& verb, const Typed& typed, pb::Message& request) {
  const pb::Descriptor& descriptor = *request.GetDescriptor();
  if (descriptor.FindFieldByName("name") != nullptr) {
    const ResourceType* type = Catalog::Get().Find(verb.type);
    if (type == nullptr) return absl::InternalError(absl::StrCat("no type for ", verb.method));
    ASSIGN_OR_RETURN(const std::string name, context.suite().NameOf(*type, typed.name));
    RETURN_IF_ERROR(SetField(request, "name", name));
  }
  if (descriptor.FindFieldByName("parent") != nullptr) {
    ASSIGN_OR_RETURN(const std::string city, context.suite().City());
    RETURN_IF_ERROR(SetField(request, "parent", absl::StrCat("cities/", city)));
  }
  if (!typed.etag.empty()) RETURN_IF_ERROR(SetField(request, "etag", typed.etag));
  if (typed.validate_only) RETURN_IF_ERROR(SetField(request, "validate_only", "true"));
  for (const auto& [field, texts] : typed.fields) {
    for (const std::string& text : *texts) {
      ASSIGN_OR_RETURN(const std::string value, TextOf(*field, text));
      RETURN_IF_ERROR(SetField(request, field->name(), value));
    }
  }
  return context.suite().ExpandReferences(request);
}

absl::Status Act(Context& context, const pb::MethodDescriptor& method, const Verb& verb, const Typed& typed) {
  auto* factory = pb::MessageFactory::generated_factory();
  const std::unique_ptr<pb::Message> request(factory->GetPrototype(method.input_type())->New());
  const std::unique_ptr<pb::Message> response(factory->GetPrototype(method.output_type())->New());
  RETURN_IF_ERROR(Fill(context, verb, typed, *request));
  RETURN_IF_ERROR(context.suite().Call(method, *request, response.get()));
  if (context.json()) {
    context.PrintJson(*response);
    return absl::OkStatus();
  }
  if (!method.output_type()->options().HasExtension(options::v1::resource)) {
    const std::string detail = DetailOf(*response, TerminalWidth());
    context.Print(detail.empty() ? absl::StrCat(Say("完成", "done"), "\n") : detail);
    return absl::OkStatus();
  }
  const std::vector<std::string> columns = DefaultColumns(*method.output_type());
  Table table = TableOf(columns);
  table.Add(RowOf(*response, columns));
  context.Print(table);
  return absl::OkStatus();
}

void AddFieldOptions(CLI::App& app, const pb::Descriptor& request, Typed& typed) {
  for (int i = 0; i < request.field_count(); ++i) {
    const pb::FieldDescriptor& field = *request.field(i);
    if (absl::c_linear_search(kCommon, field.name())) continue;
    const auto& rule = field.options().GetExtension(options::v1::field);
    typed.fields.emplace_back(&field, std::make_unique<std::vector<std::string>>());
    std::string help = FieldLabel(field.name());
    if (field.enum_type() != nullptr) {
      absl::StrAppend(&help, ":");
      for (int v = 1; v < field.enum_type()->value_count(); ++v)
        absl::StrAppend(&help, " ", field.enum_type()->value(v)->name());
    }
    if (rule.max_length() > 0)
      absl::StrAppend(&help, Say("(至多 ", " (at most "), rule.max_length(), Say(" 字)", " characters)"));
    if (field.name() == "password")
      absl::StrAppend(&help,
                      Say(";@文件 或 @- 从文件或标准输入读取", "; @FILE or @- reads it from a file or standard input"));
    CLI::Option* option = app.add_option(absl::StrCat("--", absl::StrReplaceAll(field.name(), {{"_", "-"}})),
                                         *typed.fields.back().second, help);
    if (rule.required()) option->required();
    field.is_repeated() ? option->take_all()->expected(1) : option->expected(1);
    if (field.is_repeated()) option->delimiter(',');
  }
}

void AddVerb(CLI::App& app, Context& context, const pb::MethodDescriptor& method, const Verb& verb) {
  auto typed = std::make_shared<Typed>();
  CLI::App* command = AddCommand(app, std::string(verb.verb), verb.zh, verb.en, verb.example);
  const pb::Descriptor& request = *method.input_type();
  if (request.FindFieldByName("name") != nullptr) {
    command->add_option("NAME", typed->name, std::string(Say("名称、编号或标识", "name, number or id")))->required();
  }
  if (request.FindFieldByName("etag") != nullptr)
    command->add_option("--etag", typed->etag, std::string(Say("须为当前版本", "the version it must have")));
  if (request.FindFieldByName("validate_only") != nullptr)
    command->add_flag("--validate-only", typed->validate_only, std::string(Say("只检查,不执行", "check only")));
  AddFieldOptions(*command, request, *typed);
  command->callback([&context, &method, verb, typed] {
    context.run = [&context, &method, verb, typed] { return Act(context, method, verb, *typed); };
  });
}

}  // namespace

void AddActionCommands(CLI::App& app, Context& context) {
  for (const pb::MethodDescriptor* method : Catalog::Get().actions()) {
    if (absl::c_linear_search(kElsewhere, method->name())) continue;
    const Verb* known = absl::c_find_if(kVerbs, [&](const Verb& verb) { return verb.method == method->name(); });
    if (known != std::end(kVerbs)) {
      AddVerb(app, context, *method, *known);
      continue;
    }
    // Its names live as long as the program, as the descriptors do.
    const auto* name = new std::string(Kebab(method->name()));
    const ResourceType* type = Catalog::Get().Find(method->output_type()->name());
    AddVerb(app, context, *method,
            {method->name(), *name, type == nullptr ? "" : absl::string_view(type->type), method->name(),
             method->name(), ""});
  }
}

}  // namespace duikou::cli
