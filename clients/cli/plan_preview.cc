// The readable preview of a document.
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "clients/cli/plan_parse.h"

namespace duikou::cli {
namespace {

using taskregistry::v1::PolicyDuty;
using taskregistry::v1::PolicyPreview;
using taskregistry::v1::PolicyTask;
using taskregistry::v1::PolicyWarning;

std::string Part(int number) { return std::to_string(number); }
std::string Part(uint32_t number) { return std::to_string(number); }
std::string Part(std::string text) { return text; }

template <typename... Parts>
std::string Joined(const Parts&... parts) {
  std::string out;
  (out.append(Part(parts)), ...);
  return out;
}

template <typename List>
std::string Join(const List& list, const std::string& separator) {
  std::string out;
  for (const auto& part : list) {
    if (!out.empty()) out.append(separator);
    out.append(part);
  }
  return out;
}

class Writer {
 public:
  explicit Writer(Language language) : chinese_(language == Language::kChinese) {}

  std::string Write(const PolicyPreview& preview) {
    Document(preview);
    Tasks(preview);
    Units(preview);
    NotUnderstood(preview);
    Summary(preview);
    return std::move(out_);
  }

 private:
  template <typename... Parts>
  void Add(const Parts&... parts) {
    out_.append(Joined(parts...));
  }
  std::string Say(const char* zh, const char* en) const { return chinese_ ? zh : en; }
  std::string Colon() const { return Say("：", ": "); }
  void Line(const std::string& label, const std::string& value) {
    if (!value.empty()) Add(label, Colon(), value, "\n");
  }
  static std::string Day(const type::v1::Date& date) {
    char day[48];
    std::snprintf(day, sizeof(day), "%04d-%02d-%02d", date.year(), date.month(), date.day());
    return day;
  }

  void Document(const PolicyPreview& preview) {
    Line(Say("标题", "Title"), preview.title());
    Line(Say("发文字号", "Document number"), preview.document_number());
    Line(Say("发文机关", "Issuer"), preview.issuer());
    if (preview.has_issue_date()) Line(Say("成文日期", "Issue date"), Day(preview.issue_date()));
    Line(Say("公开属性", "Disclosure"), preview.disclosure_mark());
    for (const auto& goal : preview.goals()) Add(Say("目标 ", "Goal "), goal.year(), Colon(), goal.text(), "\n");
    std::vector<std::string> regions;
    for (const auto& region : preview.regions()) regions.push_back(region.name());
    Line(Say("涉及地区", "Regions"), Join(regions, Say("、", ", ")));
  }

  void Tasks(const PolicyPreview& preview) {
    std::string section;
    for (const auto& task : preview.tasks()) {
      const auto heading = Join(task.section_headings(), " › ");
      if (heading != section) Add("\n", heading, "\n");
      section = heading;
      Task(task);
    }
  }

  void Task(const PolicyTask& task) {
    const std::string title = task.title().empty() ? Joined(Proposed(), task.proposal().title()) : task.title();
    Add("  ", task.clause(), "  ", title, "\n");
    Duties(task, PolicyDuty::LEAD, Say("牵头", "Lead"));
    if (!task.proposal().lead().empty()) Field(Say("牵头", "Lead"), Joined(Proposed(), task.proposal().lead()));
    Duties(task, PolicyDuty::RESPONSIBLE, Say("责任", "Responsible"));
    Duties(task, PolicyDuty::COOPERATING, Say("配合", "Cooperating"));
    Duties(task, PolicyDuty::SUPERVISING, Say("督办", "Supervising"));
    std::string due = task.deadline();
    if (task.has_due_date()) due = Joined(due, Say("（", " ("), Day(task.due_date()), Say("）", ")"));
    if (due.empty() && task.proposal().has_due_date()) due = Joined(Proposed(), Day(task.proposal().due_date()));
    Field(Say("时限", "Due"), due);
    Field(Say("报送", "Reports"), Joined(Proposed(), Say("每季度", "quarterly")));
    for (const auto& project : task.projects()) Field(Say("项目", "Project"), project.name());
  }

  std::string Proposed() const { return Say("〔推定〕", "[proposed] "); }
  void Field(const std::string& label, const std::string& value) {
    if (!value.empty()) Add("      ", label, Colon(), value, "\n");
  }

  void Duties(const PolicyTask& task, PolicyDuty::Kind kind, const std::string& label) {
    std::vector<std::string> names;
    for (const auto& duty : task.duties()) {
      if (duty.kind() != kind) continue;
      names.push_back(Joined(duty.unit(), duty.and_others() ? Say("等", " and others") : "",
                             duty.needs_narrowing() ? Say("（须明确范围）", " (to be narrowed)") : "",
                             duty.lead_by_position() ? Say("（列第一位）", " (named first)") : ""));
    }
    Field(label, Join(names, Say("、", ", ")));
  }

  void Units(const PolicyPreview& preview) {
    if (preview.units().empty()) return;
    Add("\n", Say("单位（任务数）", "Units (tasks)"), Colon());
    std::vector<std::string> names;
    for (const auto& unit : preview.units()) names.push_back(Joined(unit.name(), " ", unit.tasks()));
    Add(Join(names, Say("、", ", ")), "\n");
  }

  // Warnings of one kind on one line, with the clauses that they concern.
  void NotUnderstood(const PolicyPreview& preview) {
    std::map<int, std::vector<std::string>> clauses;
    for (const auto& warning : preview.warnings()) clauses[warning.code()].push_back(warning.clause());
    if (!clauses.empty() || !preview.not_understood().empty()) Add("\n", Say("请核对", "Please check"), Colon(), "\n");
    for (const auto& [code, paths] : clauses) {
      const bool whole = paths.size() == 1 && paths.front().empty();
      Add("  ", Warning(static_cast<PolicyWarning::Code>(code)), whole ? "" : Colon(), Join(paths, Say("、", ", ")),
          "\n");
    }
    for (const auto& span : preview.not_understood()) {
      Add("  ", Say("未能识别（第", "Not understood (bytes "), span.begin(), "-", span.end(), Say("字节）", ")"),
          Colon(), span.text(), "\n");
    }
  }

  std::string Warning(PolicyWarning::Code code) const {
    switch (code) {
      case PolicyWarning::NO_TASKS:
        return Say("没有找到写明责任单位的条目", "No clause names a unit");
      case PolicyWarning::CLAUSE_WITHOUT_UNIT:
        return Say("条目未写明单位，未作为任务", "Clauses that name no unit and are no tasks");
      case PolicyWarning::NUMBER_MISSING:
        return Say("此条之后序号不连续", "Numbers are missing after");
      case PolicyWarning::BRACKET_NOT_CLOSED:
        return Say("括号未闭合", "A bracket is not closed in");
      case PolicyWarning::NO_LEAD:
        return Say("未写明牵头单位，已推定", "No lead is named; one is proposed for");
      case PolicyWarning::DEADLINE_NOT_RESOLVED:
        return Say("时限未能换算为日期", "The time of completion is no date in");
      case PolicyWarning::NO_TITLE:
        return Say("没有找到文件标题", "The document's title was not found");
      default:
        return "";
    }
  }

  void Summary(const PolicyPreview& preview) {
    if (chinese_) {
      Add("\n共识别任务 ", preview.tasks_size(), " 项、单位 ", preview.units_size(),
          " 个。标〔推定〕的内容原文没有写明，请确认或修改。\n");
    } else {
      Add("\n", preview.tasks_size(), " tasks and ", preview.units_size(),
          " units were understood. What is marked [proposed] is not in the document: confirm or change it.\n");
    }
  }

  const bool chinese_;
  std::string out_;
};

}  // namespace

std::string PreviewText(const PolicyPreview& preview, Language language) { return Writer(language).Write(preview); }

}  // namespace duikou::cli
