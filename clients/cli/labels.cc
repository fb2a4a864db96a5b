// The words of the trade for what the protos name in English. What is not listed is shown in the words of the proto.
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "clients/cli/language.h"

namespace duikou::cli {
namespace {

using Labels = absl::flat_hash_map<absl::string_view, absl::string_view>;

// By the enum's full name without "duikou.", a dot and the value.
const Labels& EnumLabels() {
  static const auto* labels = new Labels({
      {"taskregistry.v1.Task.State.DRAFT", "草稿"},
      {"taskregistry.v1.Task.State.ISSUED", "已交办"},
      {"taskregistry.v1.Task.State.IN_PROGRESS", "办理中"},
      {"taskregistry.v1.Task.State.COMPLETION_REPORTED", "申请办结"},
      {"taskregistry.v1.Task.State.CLOSED", "办结销号"},
      {"taskregistry.v1.Task.State.SUSPENDED", "中止"},
      {"taskregistry.v1.Task.State.CANCELLED", "撤销"},
      {"taskregistry.v1.Task.Frequency.WEEKLY", "每周"},
      {"taskregistry.v1.Task.Frequency.MONTHLY", "每月"},
      {"taskregistry.v1.Task.Frequency.QUARTERLY", "每季度"},
      {"taskregistry.v1.Task.Frequency.STAGE", "按节点"},
      {"taskregistry.v1.Task.Duty.Kind.LEAD", "牵头"},
      {"taskregistry.v1.Task.Duty.Kind.RESPONSIBLE", "责任"},
      {"taskregistry.v1.Task.Duty.Kind.COOPERATING", "配合"},
      {"taskregistry.v1.Task.Duty.Kind.SUPERVISING", "督办"},
      {"taskregistry.v1.Task.Duty.State.NOT_ISSUED", "未交办"},
      {"taskregistry.v1.Task.Duty.State.AWAITING", "待签收"},
      {"taskregistry.v1.Task.Duty.State.ACKNOWLEDGED", "已签收"},
      {"taskregistry.v1.Task.Duty.State.DECLINE_REQUESTED", "申请退办"},
      {"taskregistry.v1.Plan.Kind.IMPLEMENTATION", "实施方案"},
      {"taskregistry.v1.Plan.Kind.ANNUAL", "年度工作计划"},
      {"taskregistry.v1.ProgressReport.State.SUBMITTED", "已报送"},
      {"taskregistry.v1.ProgressReport.State.ACCEPTED", "已采纳"},
      {"taskregistry.v1.ProgressReport.State.RETURNED", "已退回"},
      {"taskregistry.v1.ExtensionRequest.State.REQUESTED", "待审批"},
      {"taskregistry.v1.ExtensionRequest.State.APPROVED", "已同意"},
      {"taskregistry.v1.ExtensionRequest.State.REFUSED", "不同意"},
      {"taskregistry.v1.ListPendingResponse.Work.ACKNOWLEDGE", "待签收"},
      {"taskregistry.v1.ListPendingResponse.Work.REPORT_PROGRESS", "待报进展"},
      {"taskregistry.v1.ListPendingResponse.Work.CORRECT_REPORT", "待修改"},
      {"taskregistry.v1.ListPendingResponse.Work.ACCEPT_REPORT", "待审核进展"},
      {"taskregistry.v1.ListPendingResponse.Work.REASSIGN", "待改派"},
      {"taskregistry.v1.ListPendingResponse.Work.DECIDE_COMPLETION", "待审核办结"},
      {"taskregistry.v1.ListPendingResponse.Work.DECIDE_EXTENSION", "待审批延期"},
      {"taskregistry.v1.ListPendingResponse.Work.ISSUE", "待交办"},
      {"directory.v1.Unit.Kind.PARTY_ORGAN", "党委部门"},
      {"directory.v1.Unit.Kind.GOVERNMENT", "政府部门"},
      {"directory.v1.Unit.Kind.VERTICAL", "中省直单位"},
      {"directory.v1.Unit.Kind.PUBLIC_INSTITUTION", "事业单位"},
      {"directory.v1.Unit.Kind.MASS_ORGANISATION", "群团"},
      {"directory.v1.Unit.Kind.LIAISON", "驻外机构"},
      {"directory.v1.Unit.Kind.PARK_COMMITTEE", "管委会"},
      {"directory.v1.Unit.Kind.STATE_ENTERPRISE", "国有企业"},
      {"directory.v1.Unit.Kind.ENTERPRISE", "企业"},
      {"directory.v1.Unit.Kind.UNIVERSITY", "高校"},
      {"directory.v1.Unit.Kind.INSTITUTE", "科研院所"},
      {"directory.v1.Unit.Kind.CHAMBER", "商会协会"},
      {"directory.v1.Unit.Kind.GROUP", "单位组"},
      {"directory.v1.Unit.State.ACTIVE", "在用"},
      {"directory.v1.Unit.State.MERGED", "已合并"},
      {"directory.v1.Unit.State.SPLIT", "已拆分"},
      {"directory.v1.Account.State.ACTIVE", "在用"},
      {"directory.v1.Account.State.DISABLED", "停用"},
      {"directory.v1.Partnership.Kind.PAIR", "结对"},
      {"directory.v1.Partnership.Kind.REGION", "区域"},
      {"type.v1.Role.COORDINATOR", "对口办"},
      {"type.v1.Role.SUPERVISOR", "督查室"},
      {"type.v1.Role.UNIT_OFFICER", "单位联络员"},
      {"type.v1.Role.PERSONNEL_OFFICER", "组织人事"},
      {"type.v1.Role.TECH_BROKER", "技术经理人"},
      {"type.v1.Role.SCHEDULER", "会务"},
      {"type.v1.Role.ADMIN", "系统管理员"},
      {"type.v1.Role.SECURITY_ADMIN", "安全管理员"},
      {"type.v1.Role.AUDITOR", "审计管理员"},
      {"type.v1.Access.Disclosure.INTERNAL", "内部"},
      {"type.v1.Access.Disclosure.PUBLIC", "主动公开"},
      {"type.v1.Access.Disclosure.RESTRICTED", "限定范围"},
      {"type.v1.Access.Sharing.NOT_SHARED", "不予共享"},
      {"type.v1.Access.Sharing.CONDITIONAL", "有条件共享"},
      {"type.v1.Access.Sharing.UNCONDITIONAL", "无条件共享"},
  });
  return *labels;
}

const Labels& FieldLabels() {
  static const auto* labels = new Labels({
      {"id", "标识"},
      {"name", "名称"},
      {"number", "编号"},
      {"title", "标题"},
      {"state", "状态"},
      {"kind", "类别"},
      {"percent", "进度"},
      {"due_date", "时限"},
      {"unit", "单位"},
      {"unit_title", "单位名称"},
      {"period", "报告期"},
      {"done", "进展"},
      {"problems", "问题"},
      {"next", "下步"},
      {"year", "年度"},
      {"plan", "方案"},
      {"code", "代码"},
      {"province", "省份"},
      {"roles", "角色"},
      {"written", "原文写法"},
      {"reason", "理由"},
      {"time", "时间"},
      {"actor", "经办"},
      {"action", "动作"},
      {"note", "说明"},
      {"work", "待办"},
      {"lead", "牵头单位"},
      {"responsible", "责任单位"},
      {"duties", "分工"},
      {"document_number", "发文字号"},
      {"detail", "详情"},
      {"issue_date", "印发日期"},
      {"number_prefix", "编号前缀"},
      {"notice", "依据"},
      {"tier", "层级"},
      {"revision", "修订"},
      {"aliases", "别名"},
      {"members", "成员"},
      {"issuer", "印发机关"},
      {"description", "内容"},
      {"result", "结果"},
      {"proposal", "建议"},
      {"status", "状态"},
      {"service", "服务"},
      {"address", "地址"},
      {"goals", "目标"},
      {"regions", "区域"},
      {"former_due_date", "原时限"},
      {"account", "账号"},
      {"agreement_number", "协议编号"},
      {"report_frequency", "报送频次"},
      {"etag", "版本"},
      {"create_time", "创建时间"},
      {"update_time", "更新时间"},
      {"access", "公开与共享"},
      {"clause", "条款"},
      {"start_date", "开始日期"},
      {"long_term", "长期"},
      {"milestones", "节点"},
      {"partner_cities", "对口城市"},
      {"proposed", "推定"},
      {"issue_time", "交办时间"},
      {"close_time", "办结时间"},
      {"source_text", "原文"},
      {"source_digest", "原文摘要"},
      {"acknowledge_time", "签收时间"},
      {"acknowledged_by", "签收人"},
      {"acknowledge_due_date", "签收时限"},
      {"return_count", "退回次数"},
      {"extension_count", "延期次数"},
      {"reopen_count", "重办次数"},
      {"text", "文本"},
      {"task", "任务"},
      {"summary", "总结"},
      {"recipient", "接收单位"},
      {"submitted_by", "报送人"},
      {"decided_by", "审核人"},
      {"decide_time", "审核时间"},
      {"return_reason", "退回理由"},
      {"decline_reason", "退办理由"},
      {"group", "单位组"},
      {"parent_unit", "上级单位"},
      {"credit_code", "统一社会信用代码"},
      {"language", "语言"},
      {"phone", "电话"},
      {"email", "邮箱"},
      {"comment", "意见"},
      {"headings", "标题层级"},
      {"path", "条款号"},
      {"folded", "比对写法"},
      {"from", "自"},
      {"until", "至"},
      {"leader", "分管领导"},
      {"contact", "联系人"},
      {"completion_report_time", "申请办结时间"},
      {"disclosure", "公开属性"},
      {"sharing", "共享属性"},
      {"title_en", "英文名"},
      {"time_zone", "时区"},
      {"code_edition", "代码版本"},
      {"requested_by", "申请人"},
      {"holidays", "放假日"},
      {"makeup_workdays", "调休上班日"},
      {"successors", "承接单位"},
      {"succession_date", "承接日期"},
      {"review_date", "年度评估日"},
      {"external_id", "外部标识"},
      {"duties_numbered", "已编分工数"},
      {"suspended_from", "中止前状态"},
      {"weight", "权重"},
      {"done_time", "完成时间"},
      {"parent_plan", "上级方案"},
      {"tentative", "暂定"},
      {"acknowledge_workdays", "签收工作日"},
      {"report_workdays", "报送工作日"},
      {"city_title", "城市名称"},
      {"agreement_date", "协议日期"},
      {"deputies", "代理人"},
      {"locked_until", "锁定至"},
      {"oidc_subject", "统一认证标识"},
      {"shared_with", "共享对象"},
      {"texts", "名称或别名"},
      {"date", "日期"},
      {"merged", "被合并单位"},
      {"password", "密码"},
      {"duty", "分工标识"},
      {"units", "单位"},
      {"milestone", "节点标识"},
      {"undone", "改回未完成"},
  });
  return *labels;
}

const Labels& TypeLabels() {
  static const auto* labels = new Labels({
      {"city", "城市"},
      {"partnership", "合作关系"},
      {"unit", "单位"},
      {"account", "账号"},
      {"plan", "方案"},
      {"task", "任务"},
      {"progress_report", "进展报告"},
      {"extension_request", "延期申请"},
      {"settings", "设置"},
      {"holiday_year", "节假日安排"},
  });
  return *labels;
}

const Labels& ActionLabels() {
  static const auto* labels = new Labels({
      {"CreateTask", "创建任务"},
      {"UpdateTask", "修改任务"},
      {"DeleteTask", "删除任务"},
      {"IssueTask", "交办"},
      {"IssuePlan", "交办"},
      {"AcknowledgeTask", "签收"},
      {"DeclineTask", "申请退办"},
      {"ReassignTask", "改派"},
      {"RecallTask", "撤回"},
      {"ReportTaskCompletion", "申请办结"},
      {"WithdrawTaskCompletion", "撤回办结申请"},
      {"ReturnTask", "退回"},
      {"CloseTask", "办结销号"},
      {"ReopenTask", "重新办理"},
      {"SuspendTask", "中止"},
      {"ResumeTask", "恢复"},
      {"CancelTask", "撤销"},
      {"CompleteMilestone", "完成节点"},
      {"CreateProgressReport", "报送进展"},
      {"UpdateProgressReport", "修改进展"},
      {"AcceptProgressReport", "采纳进展"},
      {"ReturnProgressReport", "退回进展"},
      {"CreateExtensionRequest", "申请延期"},
      {"ApproveExtensionRequest", "同意延期"},
      {"RefuseExtensionRequest", "不同意延期"},
      {"ImportPlan", "导入方案"},
      {"LinkUnits", "关联单位"},
      {"SetPlanDefaults", "补全推定"},
      {"CreatePlan", "创建方案"},
      {"UpdatePlan", "修改方案"},
      {"DeletePlan", "删除方案"},
      {"CreateUnit", "创建单位"},
      {"UpdateUnit", "修改单位"},
      {"DeleteUnit", "删除单位"},
      {"RenameUnit", "单位更名"},
      {"MergeUnits", "单位合并"},
      {"SplitUnit", "单位拆分"},
      {"CreateCity", "创建城市"},
      {"UpdateCity", "修改城市"},
      {"CreateAccount", "创建账号"},
      {"UpdateAccount", "修改账号"},
      {"GrantRoles", "授予角色"},
      {"SetPassword", "重置密码"},
      {"DisableAccount", "停用账号"},
      {"EnableAccount", "启用账号"},
      {"SignIn", "登录"},
      {"SignOut", "退出"},
      {"ChangePassword", "修改密码"},
      {"CreatePartnership", "创建合作关系"},
      {"UpdatePartnership", "修改合作关系"},
      {"DeletePartnership", "删除合作关系"},
      {"CreateSettings", "创建设置"},
      {"UpdateSettings", "修改设置"},
      {"CreateHolidayYear", "录入节假日"},
      {"UpdateHolidayYear", "修改节假日"},
      {"DeleteHolidayYear", "删除节假日"},
      {"RefreshSession", "续期会话"},
  });
  return *labels;
}

// "IN_PROGRESS", "due_date" and "IssueTask" in words.
std::string InWords(absl::string_view name) {
  std::string words;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool starts_word = i > 0 && absl::ascii_isupper(name[i]) && absl::ascii_islower(name[i - 1]);
    if (starts_word) words.push_back(' ');
    words.push_back(name[i] == '_' ? ' ' : absl::ascii_tolower(name[i]));
  }
  return words;
}

std::string Look(const Labels& labels, absl::string_view key, absl::string_view fallback) {
  if (CurrentLanguage() == Language::kChinese) {
    if (auto it = labels.find(key); it != labels.end()) return std::string(it->second);
  }
  return InWords(fallback);
}

}  // namespace

std::string EnumLabel(const google::protobuf::EnumValueDescriptor& value) {
  if (value.number() == 0) return "";
  absl::string_view type = value.type()->full_name();
  if (type.substr(0, 7) == "duikou.") type.remove_prefix(7);
  return Look(EnumLabels(), absl::StrCat(type, ".", value.name()), value.name());
}

std::string FieldLabel(absl::string_view field) { return Look(FieldLabels(), field, field); }

std::string TypeLabel(absl::string_view type) { return Look(TypeLabels(), type, type); }

std::string ActionLabel(absl::string_view action) { return Look(ActionLabels(), action, action); }

}  // namespace duikou::cli
