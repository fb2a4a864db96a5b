#include "services/taskregistry/ledger.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/localized.h"
#include "common/base/workday.h"
#include "common/crypto/digest.h"
#include "common/workdays/holiday_years.h"
#include "duikou/taskregistry/v1/plan.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/rules/task_state.h"
#include "services/taskregistry/settings.h"

namespace duikou::taskregistry {
namespace {

using rules::LedgerColumn;
using tabular::TableColumn;
using v1::ProgressReport;
using v1::Task;

constexpr size_t kMaxRows = 20000;
constexpr size_t kDigestBytes = 8;
constexpr int kReportsLookedAt = 3;

// Plans in the order of their numbers, tasks as in the document: "YK-2022-01-10" behind "YK-2022-01-9".
std::tuple<std::string, int64_t, std::string> OrderOf(const Task& task) {
  const size_t dash = task.number().rfind('-');
  int64_t place = 0;
  if (dash == std::string::npos || !absl::SimpleAtoi(task.number().substr(dash + 1), &place))
    return {task.number(), 0, task.name()};
  return {task.number().substr(0, dash), place, task.name()};
}

// Where a milestone stands in a task; one that is gone, before all.
int PlaceOf(const Task& task, const std::string& milestone) {
  for (int i = 0; i < task.milestones_size(); ++i) {
    if (task.milestones(i).id() == milestone) return i;
  }
  return -1;
}

// The last reports of a unit, by their periods.
absl::StatusOr<std::vector<ProgressReport>> LatestFirst(const View& view, const Task& task, const std::string& unit) {
  store::ListQuery query{.parent = task.name(), .order_by = "period desc", .where = {{"unit", store::Value(unit)}}};
  if (task.report_frequency() != Task::STAGE) {
    query.page_size = kReportsLookedAt;
    ASSIGN_OR_RETURN(auto page, view.List<ProgressReport>(query));
    return std::move(page.items);
  }
  // The ids of milestones say nothing of their order: "m9" comes behind "m10".
  ASSIGN_OR_RETURN(std::vector<ProgressReport> reports, view.ListAll<ProgressReport>(std::move(query)));
  std::stable_sort(reports.begin(), reports.end(), [&](const ProgressReport& a, const ProgressReport& b) {
    return PlaceOf(task, a.period()) > PlaceOf(task, b.period());
  });
  return reports;
}

// The report on the last period. In a ledger of first leads one that was returned does not count; a unit sees its own,
// to correct it.
absl::StatusOr<std::optional<ProgressReport>> LatestReport(const View& view, const Task& task,
                                                           const std::string& unit) {
  const std::string whose = unit.empty() ? rules::FirstLead(task) : unit;
  if (whose.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(std::vector<ProgressReport> reports, LatestFirst(view, task, whose));
  for (ProgressReport& report : reports) {
    if (!unit.empty() || report.state() != ProgressReport::RETURNED) return std::move(report);
  }
  return std::nullopt;
}

struct Layout {
  LedgerColumn column;
  double width;
  TableColumn::Kind kind;
};

constexpr Layout kLayout[] = {{LedgerColumn::kSerial, 5, TableColumn::Kind::kNumber},
                              {LedgerColumn::kNumber, 16, TableColumn::Kind::kCentered},
                              {LedgerColumn::kTask, 34, TableColumn::Kind::kText},
                              {LedgerColumn::kLead, 16, TableColumn::Kind::kText},
                              {LedgerColumn::kResponsible, 20, TableColumn::Kind::kText},
                              {LedgerColumn::kDue, 12, TableColumn::Kind::kDate},
                              {LedgerColumn::kProgress, 40, TableColumn::Kind::kText},
                              {LedgerColumn::kLight, 7, TableColumn::Kind::kCentered},
                              {LedgerColumn::kProblems, 26, TableColumn::Kind::kText},
                              {LedgerColumn::kNext, 26, TableColumn::Kind::kText},
                              {LedgerColumn::kVersion, 20, TableColumn::Kind::kHidden}};

tabular::Tone ToneOf(v1::Light::Colour colour) {
  switch (colour) {
    case v1::Light::GREEN:
      return tabular::Tone::kGreen;
    case v1::Light::BLUE:
      return tabular::Tone::kBlue;
    case v1::Light::YELLOW:
      return tabular::Tone::kYellow;
    case v1::Light::RED:
      return tabular::Tone::kRed;
    default:
      return tabular::Tone::kGrey;
  }
}

}  // namespace

std::string LedgerUnit(const Caller& caller, const std::string& asked) {
  if (!asked.empty()) return asked;
  const bool oversees = caller.Has(duikou::type::v1::COORDINATOR) || caller.Has(duikou::type::v1::SUPERVISOR);
  return oversees ? "" : caller.unit;
}

absl::StatusOr<LightBasis> LightBasisOf(const View& view, const std::string& city) {
  LightBasis basis{.today = DayNumber(DayOf(view.now()))};
  ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(view, city));
  ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(view, "cities/" + city));
  basis.limits = rules::LimitsOf(settings);
  basis.workdays = WorkdayIndex(calendar);
  return basis;
}

absl::StatusOr<LedgerLine> ReadLedgerLine(const View& view, Task task, const std::string& unit,
                                          const LightBasis& lights) {
  LedgerLine line{.task = std::move(task)};
  ASSIGN_OR_RETURN(const std::optional<ProgressReport> report, LatestReport(view, line.task, unit));
  line.row = rules::MakeLedgerRow(line.task, report ? &*report : nullptr);
  const rules::LightFound light =
      rules::LightOf(rules::LightFactsOf(line.task, lights.workdays), lights.limits, lights.workdays, lights.today);
  line.row[LedgerColumn::kLight] = rules::LedgerLight(light.colour);
  line.tone = ToneOf(light.colour);
  return line;
}

absl::StatusOr<std::vector<LedgerLine>> ReadLedger(const View& view, const v1::ExportLedgerRequest& request,
                                                   const std::string& unit) {
  store::ListQuery query{.parent = request.parent(), .filter = request.filter()};
  if (!request.plan().empty()) {
    ASSIGN_OR_RETURN(const v1::Plan plan, view.Get<v1::Plan>(request.plan()));
    query.where.emplace_back("plan", store::Value(plan.name()));
  }
  if (!unit.empty()) query.where.emplace_back("duties.unit", store::Value(unit));
  auto tasks = view.ListAll<Task>(std::move(query), kMaxRows);
  if (absl::IsResourceExhausted(tasks.status())) {
    return MakeError(absl::StatusCode::kResourceExhausted,
                     {.reason = "LEDGER_TOO_LARGE",
                      .text = {absl::StrCat("任务超过 ", kMaxRows, " 项,请按方案或条件分别导出。"),
                               absl::StrCat("There are more than ", kMaxRows, " tasks: export by plan or filter.")}});
  }
  RETURN_IF_ERROR(tasks.status());
  std::erase_if(*tasks, [](const Task& t) { return t.state() == Task::DRAFT || t.state() == Task::CANCELLED; });
  std::sort(tasks->begin(), tasks->end(), [](const Task& a, const Task& b) { return OrderOf(a) < OrderOf(b); });
  ASSIGN_OR_RETURN(const LightBasis lights, LightBasisOf(view, std::string(schema::CityOf(request.parent()))));
  std::vector<LedgerLine> lines;
  for (Task& task : *tasks) {
    ASSIGN_OR_RETURN(LedgerLine line, ReadLedgerLine(view, std::move(task), unit, lights));
    line.row[LedgerColumn::kSerial] = absl::StrCat(lines.size() + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string LedgerVersion(const rules::LedgerRow& row) {
  std::string content;
  for (const Layout& layout : kLayout) {
    const LedgerColumn column = layout.column;
    if (column == LedgerColumn::kSerial || column == LedgerColumn::kLight || column == LedgerColumn::kVersion) continue;
    absl::StrAppend(&content, row[column].size(), ":", row[column]);
  }
  return absl::StrCat(row[LedgerColumn::kLight], ":",
                      absl::BytesToHexString(crypto::Sha256({content}).substr(0, kDigestBytes)));
}

tabular::Table MakeLedger(const std::vector<LedgerLine>& lines, const std::string& title, const std::string& unit_title,
                          absl::CivilDay day, Locale locale) {
  const Text whose = {unit_title.empty() ? "" : absl::StrCat("承办单位:", unit_title, "  "),
                      unit_title.empty() ? "" : absl::StrCat("Unit: ", unit_title, "  ")};
  tabular::Table table{
      .name = In(locale, {"督办台账", "Ledger"}),
      .title = title,
      .subtitle = In(locale, {absl::StrCat(whose.zh, "截至", day.year(), "年", day.month(), "月", day.day(), "日，共 ",
                                           lines.size(), " 项"),
                              absl::StrCat(whose.en, "As of ", FormatDay(day), ", ", lines.size(), " tasks")})};
  for (const Layout& layout : kLayout)
    table.columns.push_back({In(locale, rules::HeadingOf(layout.column)), layout.width, layout.kind});
  for (const LedgerLine& line : lines) {
    std::vector<tabular::TableCell>& cells = table.rows.emplace_back();
    for (const Layout& layout : kLayout) {
      const bool light = layout.column == LedgerColumn::kLight;
      const bool version = layout.column == LedgerColumn::kVersion;
      cells.push_back(
          {version ? LedgerVersion(line.row) : line.row[layout.column], light ? line.tone : tabular::Tone::kNone});
    }
  }
  return table;
}

}  // namespace duikou::taskregistry
