#include "services/taskregistry/annual_report.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/workday.h"
#include "duikou/taskregistry/v1/light.pb.h"
#include "services/taskregistry/annual_projects.h"
#include "services/taskregistry/figures_table.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/lights.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry {
namespace {

using document::Block;
using document::Document;
using v1::GetFiguresResponse;
using v1::Plan;
using v1::ProgressReport;
using v1::Task;

constexpr size_t kMaxReports = 200000;

// The year that a report is about: of its period, or of its acceptance where the period is a milestone.
int YearOf(const ProgressReport& report) {
  int year = 0;
  if (report.period().size() >= 7 && report.period()[4] == '-' && absl::SimpleAtoi(report.period().substr(0, 4), &year))
    return year;
  return static_cast<int>(DayOf(absl::FromUnixSeconds(report.decide_time().seconds())).year());
}

// Whether a plan asks for work in a year: an annual plan in its own, others until the year of their last goal.
bool InForce(const Plan& plan, int year) {
  int last = plan.year();
  for (const Plan::Goal& goal : plan.goals()) last = std::max(last, goal.year());
  return plan.kind() == Plan::ANNUAL ? plan.year() == year : plan.year() <= year && year <= last;
}

std::tuple<std::string, int64_t> PlaceOf(const Task& task) {
  const size_t dash = task.number().rfind('-');
  int64_t place = 0;
  if (dash == std::string::npos || !absl::SimpleAtoi(task.number().substr(dash + 1), &place)) return {task.number(), 0};
  return {task.number().substr(0, dash), place};
}

bool SaysNothing(const std::string& text) { return text.empty() || text == "无" || text == "无。" || text == "暂无"; }

// Ends a text of somebody else's as a sentence.
std::string Sentence(const std::string& text) {
  std::string joined = absl::StrJoin(document::LinesOf(text), "；");
  for (const char* end : {"。", "！", "？", "…"}) {
    if (absl::EndsWith(joined, end)) return joined;
  }
  return joined.empty() ? joined : absl::StrCat(joined, "。");
}

absl::string_view KindOf(const Plan& plan) {
  switch (plan.kind()) {
    case Plan::ANNUAL:
      return "年度工作计划";
    case Plan::CONSULTATION:
      return "会商议定事项";
    default:
      return "实施方案";
  }
}

void AddPlans(const YearRecords& records, Document& document) {
  document.Add(Block::Kind::kHeading, "一、年度工作计划");
  bool annual = false;
  for (const Plan& plan : records.plans) {
    annual = annual || plan.kind() == Plan::ANNUAL;
    const std::string number = plan.document_number().empty() ? plan.number() : plan.document_number();
    document.Add(Block::Kind::kParagraph, absl::StrCat(KindOf(plan), "：《", plan.title(), "》（", number, "）。"));
    for (const Plan::Goal& goal : plan.goals()) {
      if (goal.year() < records.year) continue;
      document.Add(Block::Kind::kItem, absl::StrCat("到", goal.year(), "年：", Sentence(goal.text())));
    }
  }
  if (!annual)
    document.Add(Block::Kind::kNote,
                 absl::StrCat("〔", records.year, "年度工作计划未录入，请在此补充计划名称、文号和主要目标。〕"));
}

std::string FiguresSentence(const GetFiguresResponse& figures) {
  const absl::CivilDay day = rules::ToCivil(figures.date());
  const v1::TaskFigures& all = figures.figures();
  std::vector<std::string> states, lights;
  for (const auto& state : all.states())
    states.push_back(absl::StrCat(rules::NameOf(state.state()).zh, " ", state.count(), " 项"));
  for (const auto& light : all.lights())
    lights.push_back(absl::StrCat(rules::NameOf(light.colour()).zh, " ", light.count(), " 项"));
  if (all.total() == 0) return absl::StrCat("截至", day.year(), "年", day.month(), "月", day.day(), "日，没有任务。");
  return absl::StrCat("截至", day.year(), "年", day.month(), "月", day.day(), "日，共有任务 ", all.total(), " 项，其中",
                      absl::StrJoin(states, "、"), "；", absl::StrJoin(lights, "、"), "。应办结 ", all.owed(),
                      " 项，按期办结 ", all.on_time(), " 项，按期办结率 ", OnTimeText(all), "，逾期未办结 ",
                      all.overdue(), " 项。");
}

std::vector<std::vector<std::string>> FiguresRows(const char* what, const GetFiguresResponse& figures) {
  std::vector<std::vector<std::string>> rows = {{what, "任务", "应办结", "按期办结", "逾期", "按期办结率"}};
  for (const auto& group : figures.groups()) {
    const v1::TaskFigures& counts = group.figures();
    const std::string title = group.title().empty() ? "（其他）" : group.title();
    rows.push_back({title, absl::StrCat(counts.total()), absl::StrCat(counts.owed()), absl::StrCat(counts.on_time()),
                    absl::StrCat(counts.overdue()), OnTimeText(counts)});
  }
  return rows;
}

void AddProgress(const YearRecords& records, Document& document) {
  document.Add(Block::Kind::kHeading, "二、工作进展情况")
      .Add(Block::Kind::kSubheading, "（一）总体情况")
      .Add(Block::Kind::kParagraph, FiguresSentence(records.by_section));
  if (!records.by_section.groups().empty())
    document.AddTable(FiguresRows("章节", records.by_section), {6, 2, 2, 2, 2, 3});
  if (!records.by_unit.groups().empty())
    document.AddTable(FiguresRows("牵头单位", records.by_unit), {6, 2, 2, 2, 2, 3});
  document.Add(Block::Kind::kSubheading, "（二）各项任务进展");
  if (records.progress.empty()) {
    document.Add(Block::Kind::kNote, "〔本年度没有已采纳的进展报告。〕");
    return;
  }
  std::vector<std::vector<std::string>> rows = {{"编号", "任务", "进度", "进展"}};
  for (const YearRecords::Progress& progress : records.progress) {
    rows.push_back({progress.task.number(), progress.task.title(), absl::StrCat(progress.report.percent(), "%"),
                    progress.report.done()});
  }
  document.AddTable(std::move(rows), {5, 5, 2, 8});
}

// What the reports say in one of their fields, an item for each task.
void AddFromReports(const YearRecords& records, const std::string& (ProgressReport::*field)() const,
                    const std::string& none, Document& document) {
  bool any = false;
  for (const YearRecords::Progress& progress : records.progress) {
    const std::string& text = (progress.report.*field)();
    if (SaysNothing(text)) continue;
    any = true;
    document.Add(Block::Kind::kItem,
                 absl::StrCat(progress.task.title(), "（", progress.task.number(), "）：", Sentence(text)));
  }
  if (!any) document.Add(Block::Kind::kNote, none);
}

}  // namespace

absl::Status ReadYear(const View& view, const std::string& parent, absl::CivilDay day, YearRecords& records) {
  ASSIGN_OR_RETURN(records.projects, ProjectsAt(view, parent, day));
  ASSIGN_OR_RETURN(records.plans, view.ListAll<Plan>({.parent = parent, .order_by = "number"}));
  ASSIGN_OR_RETURN(const std::vector<ProgressReport> reports,
                   view.ListAll<ProgressReport>({.parent = parent,
                                                 .where = {{"state", store::Value(int64_t{ProgressReport::ACCEPTED})},
                                                           {"recipient", store::Value(std::string())}}},
                                                kMaxReports));
  std::map<std::string, const ProgressReport*> last;
  for (const ProgressReport& report : reports) {
    if (YearOf(report) != records.year) continue;
    const ProgressReport*& kept = last[report.task()];
    if (kept == nullptr || kept->decide_time().seconds() <= report.decide_time().seconds()) kept = &report;
  }
  std::erase_if(records.plans, [&](const Plan& plan) { return !InForce(plan, records.year); });
  for (const auto& [name, report] : last) {
    auto task = view.Get<Task>(name);
    if (absl::IsNotFound(task.status())) continue;
    RETURN_IF_ERROR(task.status());
    records.progress.push_back({*std::move(task), *report});
  }
  std::sort(records.progress.begin(), records.progress.end(),
            [](const auto& a, const auto& b) { return PlaceOf(a.task) < PlaceOf(b.task); });
  return absl::OkStatus();
}

Document MakeAnnualReport(const YearRecords& records) {
  Document document;
  const absl::CivilDay day = rules::ToCivil(records.by_section.date());
  document.Add(Block::Kind::kTitle, absl::StrCat(records.city, records.year, "年度对口合作工作报告"))
      .Add(Block::Kind::kSubtitle, absl::StrCat("（", day.year(), "年", day.month(), "月", day.day(), "日）"));
  AddPlans(records, document);
  AddProgress(records, document);
  AddProjects(records.projects, records.year, document);
  document.Add(Block::Kind::kHeading, "三、互访交流情况")
      .Add(Block::Kind::kNote,
           "〔互访、会商记录不在任务系统中，请在此据实填写：本年度互访批次和人数、高层会商、签约事项。〕")
      .Add(Block::Kind::kHeading, "四、存在的问题");
  AddFromReports(records, &ProgressReport::problems, "〔已采纳的进展报告中没有反映问题，请核实后填写。〕", document);
  document.Add(Block::Kind::kHeading, "五、下一步工作打算");
  AddFromReports(records, &ProgressReport::next, "〔已采纳的进展报告中没有下步打算，请核实后填写。〕", document);
  return document;
}

}  // namespace duikou::taskregistry
