// duikou figures and duikou report: how it stands, drawn; and the annual report.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/bar_chart.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/output_file.h"
#include "clients/cli/plan_commands.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "duikou/taskregistry/v1/overview.pb.h"

namespace duikou::cli {
namespace {

using namespace taskregistry::v1;  // NOLINT(google-build-using-namespace): the messages of one package, in one file

constexpr char kOverview[] = "duikou.taskregistry.v1.TaskOverview.";
constexpr size_t kColumns = 100;

struct Typed {
  std::string date, by, plan, unit, file;
  int trend = 0, year = 0;
  bool all_cities = false;
};

absl::Status Fill(Context& context, const Typed& typed, GetFiguresRequest& request) {
  request.set_parent("cities/-");
  if (!typed.all_cities) {
    ASSIGN_OR_RETURN(const std::string city, context.suite().City());
    request.set_parent(absl::StrCat("cities/", city));
  }
  if (!typed.date.empty()) RETURN_IF_ERROR(SetField(request, "date", typed.date));
  if (!typed.by.empty()) RETURN_IF_ERROR(SetField(request, "group_by", absl::AsciiStrToUpper(typed.by)));
  if (!typed.plan.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_plan(), PlanName(context, typed.plan));
  }
  if (!typed.unit.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_unit(), context.suite().NameOf(*Catalog::Get().Find("unit"), typed.unit));
  }
  request.set_trend_months(typed.trend);
  return absl::OkStatus();
}

std::string Percent(double share) { return absl::StrFormat("%.1f%%", 100 * share); }

std::string OnTime(const TaskFigures& figures) {
  return figures.has_on_time_rate() ? Percent(figures.on_time_rate()) : "—";
}

// By state and by light, each a chart of its own.
std::string DrawWhole(const TaskFigures& figures, size_t columns) {
  std::vector<Bar> states, lights;
  for (const auto& state : figures.states()) {
    states.push_back({EnumLabel(*Task::State_descriptor()->FindValueByNumber(state.state())),
                      {{static_cast<double>(state.count()), "█"}},
                      absl::StrCat(state.count(), "  ", Percent(state.share()))});
  }
  for (const auto& light : figures.lights()) {
    lights.push_back({EnumLabel(*Light::Colour_descriptor()->FindValueByNumber(light.colour())),
                      {{static_cast<double>(light.count()), "█"}},
                      absl::StrCat(light.count(), "  ", Percent(light.share()))});
  }
  return absl::StrCat(Say("\n状态\n", "\nState\n"), DrawBars(states, columns), Say("\n亮灯\n", "\nLight\n"),
                      DrawBars(lights, columns));
}

int CountOf(const TaskFigures& figures, Light::Colour colour) {
  for (const auto& light : figures.lights()) {
    if (light.colour() == colour) return light.count();
  }
  return 0;
}

// A bar for its tasks: red, yellow, the rest.
Bar BarOf(std::string label, const TaskFigures& figures) {
  const int red = CountOf(figures, Light::RED), yellow = CountOf(figures, Light::YELLOW);
  return {std::move(label),
          {{static_cast<double>(red), "█"},
           {static_cast<double>(yellow), "▓"},
           {static_cast<double>(figures.total() - red - yellow), "░"}},
          absl::StrCat(figures.total(), Say("  按期 ", "  on time "), OnTime(figures), Say("  逾期 ", "  overdue "),
                       figures.overdue())};
}

std::string DrawGroups(const GetFiguresRequest& request, const GetFiguresResponse& response, size_t columns) {
  std::vector<Bar> bars;
  for (const auto& group : response.groups()) {
    std::string title = group.title().empty() ? group.key() : group.title();
    if (title.empty())
      title = std::string(request.group_by() == GetFiguresRequest::MONTH ? Say("长期", "long term")
                                                                         : Say("其他", "others"));
    if (group.rank() > 0) title = absl::StrCat(group.rank(), " ", title);
    bars.push_back(BarOf(OneLine(title), group.figures()));
  }
  if (bars.empty()) return "";
  return absl::StrCat("\n", FieldLabel(absl::AsciiStrToLower(GetFiguresRequest::GroupBy_Name(request.group_by()))),
                      Say("(█ 红灯 ▓ 黄灯 ░ 其余)\n", " (█ red ▓ yellow ░ others)\n"), DrawBars(bars, columns));
}

std::string DrawTrend(const GetFiguresResponse& response, size_t columns) {
  std::vector<Bar> bars;
  for (const auto& point : response.trend()) bars.push_back(BarOf(FieldText(point, "date"), point.figures()));
  if (bars.empty()) return "";
  return absl::StrCat(Say("\n走势(█ 红灯 ▓ 黄灯 ░ 其余)\n", "\nTrend (█ red ▓ yellow ░ others)\n"),
                      DrawBars(bars, columns));
}

absl::Status Export(Context& context, const GetFiguresRequest& figures, const std::string& file) {
  ExportFiguresRequest request;
  *request.mutable_figures() = figures;
  request.set_format(HasSuffix(file, ".csv") ? CSV : XLSX);
  ASSIGN_OR_RETURN(const auto response,
                   context.suite().Call<ExportFiguresResponse>(absl::StrCat(kOverview, "ExportFigures"), request));
  RETURN_IF_ERROR(WriteOutput(file, response.content()));
  context.Print(absl::StrCat(response.title(), ": ", file, "\n"));
  return absl::OkStatus();
}

absl::Status Show(Context& context, const Typed& typed) {
  GetFiguresRequest request;
  RETURN_IF_ERROR(Fill(context, typed, request));
  if (!typed.file.empty()) return Export(context, request, typed.file);
  ASSIGN_OR_RETURN(const auto response,
                   context.suite().Call<GetFiguresResponse>(absl::StrCat(kOverview, "GetFigures"), request));
  if (context.json()) {
    context.PrintJson(response);
    return absl::OkStatus();
  }
  const size_t width = TerminalWidth();
  const size_t columns = width == 0 ? kColumns : std::min(width, kColumns);
  const TaskFigures& all = response.figures();
  context.Print(absl::StrCat(Say("截至 ", "As of "), FieldText(response, "date"), Say(":任务 ", ": tasks "),
                             all.total(), Say(" 项,应办结 ", ", owed "), all.owed(), Say(",按期办结 ", ", on time "),
                             all.on_time(), Say(",按期办结率 ", ", on-time rate "), OnTime(all),
                             Say(",逾期未办结 ", ", overdue "), all.overdue(), "\n", DrawWhole(all, columns),
                             DrawGroups(request, response, columns), DrawTrend(response, columns)));
  return absl::OkStatus();
}

absl::Status DraftReport(Context& context, const Typed& typed) {
  DraftAnnualReportRequest request;
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  request.set_parent(absl::StrCat("cities/", city));
  request.set_year(typed.year);
  const bool markdown = HasSuffix(typed.file, ".md");
  request.set_format(markdown ? DraftAnnualReportRequest::MARKDOWN : DraftAnnualReportRequest::DOCX);
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<DraftAnnualReportResponse>(
                                            absl::StrCat(kOverview, "DraftAnnualReport"), request));
  RETURN_IF_ERROR(WriteOutput(typed.file, response.content()));
  context.Print(absl::StrCat(
      response.title(), Say("(初稿,〔〕内请补充): ", " (a draft: fill in what stands in 〔〕): "), typed.file, "\n"));
  return absl::OkStatus();
}

}  // namespace

void AddFiguresCommands(CLI::App& app, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* figures =
      AddCommand(app, "figures", "统计:状态、亮灯、按期办结率,可看任一天",
                 "figures: states, lights, on-time rate, of any day", "duikou figures --by unit --trend 6");
  figures->add_option("--date", typed->date,
                      std::string(Say("截至此日;缺省为今天", "as of this day; today by default")));
  figures
      ->add_option("--by", typed->by,
                   std::string(Say("分组:section 章节、unit 牵头单位、city 城市、month 时限月份、plan 方案",
                                   "groups: section, unit, city, month, plan")))
      ->check(CLI::IsMember({"section", "unit", "city", "month", "plan"}, CLI::ignore_case));
  figures->add_option("--trend", typed->trend, std::string(Say("走势的月数", "months of the trend")))
      ->check(CLI::Range(0, 60));
  figures->add_option("--plan", typed->plan, std::string(Say("只看此方案", "this plan alone")));
  figures->add_option("--unit", typed->unit,
                      std::string(Say("只看此单位第一牵头的任务", "tasks that this unit leads alone")));
  figures->add_flag("--all-cities", typed->all_cities,
                    std::string(Say("所有城市中可见的任务", "what may be seen of all cities")));
  figures->add_option("--out", typed->file,
                      std::string(Say("写入文件(.xlsx 或 .csv)", "write to a file (.xlsx or .csv)")));
  figures->callback([&context, typed] { context.run = [&context, typed] { return Show(context, *typed); }; });

  CLI::App* report = AddCommand(app, "report", "报告初稿", "drafts of reports");
  report->require_subcommand(1);
  CLI::App* annual = AddCommand(*report, "annual", "年度对口合作工作报告初稿(.docx 或 .md)",
                                "a draft of the annual report, in Chinese (.docx or .md)",
                                "duikou report annual --year 2025 --out 年度报告.docx");
  annual->add_option("--year", typed->year, std::string(Say("年份", "the year")))->required();
  annual->add_option("--out", typed->file, std::string(Say("写入的文件", "file to write")))->required();
  annual->callback([&context, typed] { context.run = [&context, typed] { return DraftReport(context, *typed); }; });
}

}  // namespace duikou::cli
