#include "services/taskregistry/figures_table.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/error.h"
#include "common/base/localized.h"
#include "common/base/workday.h"
#include "services/taskregistry/rules/dates.h"

namespace duikou::taskregistry {
namespace {

using tabular::TableCell;
using tabular::TableColumn;
using tabular::Tone;
using v1::GetFiguresRequest;
using v1::Light;
using v1::TaskFigures;

Text NameOfGroup(GetFiguresRequest::GroupBy by) {
  switch (by) {
    case GetFiguresRequest::SECTION:
      return {"章节", "Section"};
    case GetFiguresRequest::UNIT:
      return {"牵头单位", "Lead unit"};
    case GetFiguresRequest::CITY:
      return {"城市", "City"};
    case GetFiguresRequest::MONTH:
      return {"时限月份", "Month due"};
    case GetFiguresRequest::PLAN:
      return {"方案", "Plan"};
    default:
      return {"范围", "Scope"};
  }
}

Text NameOfNoGroup(GetFiguresRequest::GroupBy by) {
  if (by == GetFiguresRequest::UNIT) return {"(未明确)", "(none)"};
  if (by == GetFiguresRequest::MONTH) return {"(长期)", "(long term)"};
  return {"(其他)", "(others)"};
}

int CountOf(const TaskFigures& figures, Light::Colour colour) {
  for (const auto& light : figures.lights()) {
    if (light.colour() == colour) return light.count();
  }
  return 0;
}

constexpr std::pair<Light::Colour, Tone> kLights[] = {{Light::GREEN, Tone::kGreen},
                                                      {Light::BLUE, Tone::kBlue},
                                                      {Light::YELLOW, Tone::kYellow},
                                                      {Light::RED, Tone::kRed},
                                                      {Light::GREY, Tone::kGrey}};

std::vector<TableCell> RowOf(const std::string& what, const std::string& rank, const TaskFigures& figures) {
  std::vector<TableCell> row = {{what}, {rank}, {absl::StrCat(figures.total())}};
  for (const auto& [colour, tone] : kLights) {
    const int count = CountOf(figures, colour);
    row.push_back({absl::StrCat(count), count == 0 ? Tone::kNone : tone});
  }
  for (const int count : {figures.owed(), figures.on_time(), figures.overdue()}) row.push_back({absl::StrCat(count)});
  row.push_back({OnTimeText(figures)});
  return row;
}

}  // namespace

std::string OnTimeText(const TaskFigures& figures) {
  return figures.has_on_time_rate() ? absl::StrFormat("%.1f%%", 100 * figures.on_time_rate()) : "—";
}

tabular::Table MakeFiguresTable(const v1::GetFiguresResponse& figures, GetFiguresRequest::GroupBy by,
                                const std::string& title, Locale locale) {
  const absl::CivilDay day = rules::ToCivil(figures.date());
  tabular::Table table{
      .name = In(locale, {"统计", "Figures"}),
      .title = title,
      .subtitle = In(locale, {absl::StrCat("截至", day.year(), "年", day.month(), "月", day.day(), "日"),
                              absl::StrCat("As of ", FormatDay(day))}),
      .columns = {{In(locale, NameOfGroup(by)), 36}}};
  const Text headings[] = {{"排名", "Rank"},        {"任务", "Tasks"},  {"绿灯", "Green"}, {"蓝灯", "Blue"},
                           {"黄灯", "Yellow"},      {"红灯", "Red"},    {"灰灯", "Grey"},  {"应办结", "Owed"},
                           {"按期办结", "On time"}, {"逾期", "Overdue"}};
  for (const Text& heading : headings) table.columns.push_back({In(locale, heading), 10, TableColumn::Kind::kNumber});
  table.columns.push_back({In(locale, {"按期办结率", "On-time rate"}), 12, TableColumn::Kind::kCentered});
  table.rows.push_back(RowOf(In(locale, {"合计", "All"}), "", figures.figures()));
  for (const auto& group : figures.groups()) {
    const std::string name = group.title().empty() ? group.key() : group.title();
    table.rows.push_back(RowOf(name.empty() ? In(locale, NameOfNoGroup(by)) : name,
                               group.rank() == 0 ? "" : absl::StrCat(group.rank()), group.figures()));
  }
  for (const auto& point : figures.trend()) {
    table.rows.push_back(RowOf(absl::StrCat(In(locale, {"截至 ", "as of "}), FormatDay(rules::ToCivil(point.date()))),
                               "", point.figures()));
  }
  return table;
}

}  // namespace duikou::taskregistry
