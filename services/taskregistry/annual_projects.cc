#include "services/taskregistry/annual_projects.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/project_state.h"
#include "services/taskregistry/rules/support.h"

namespace duikou::taskregistry {
namespace {

using document::Block;
using document::Document;
using v1::Project;

constexpr size_t kMaxProjects = 20000;
constexpr int64_t kFenOfTenThousand = 1'000'000;  // 万元

const Project::Step& Last(const Project& project) { return *project.steps().rbegin(); }

// Takes off the steps after `day`; whether any is left.
bool RewindTo(absl::CivilDay day, Project& project) {
  while (project.steps_size() > 0 && rules::ToCivil(Last(project).date()) > day) project.mutable_steps()->RemoveLast();
  if (project.steps_size() == 0) return false;
  project.set_state(Last(project).state());
  return true;
}

bool AbandonedBefore(const Project& project, int year) {
  return project.state() == Project::ABANDONED && Last(project).date().year() < year;
}

// In 万元, to two places at most: 12000, 3.5.
std::string TenThousands(int64_t fen) {
  std::string text =
      absl::StrFormat("%d.%02d", fen / kFenOfTenThousand, fen % kFenOfTenThousand / (kFenOfTenThousand / 100));
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string CurrencyOf(const duikou::type::v1::Money& money) {
  return money.currency().empty() || money.currency() == "CNY" ? "万元" : absl::StrCat("万", money.currency());
}

std::string InvestmentOf(const Project& project) {
  if (!project.has_investment()) return "";
  return TenThousands(project.investment().fen()) + CurrencyOf(project.investment());
}

// The sums by currency: 计划总投资 12000万元、500万USD.
std::string TotalOf(const std::vector<Project>& projects) {
  std::map<std::string, int64_t> fen;
  for (const Project& project : projects) {
    if (!project.has_investment() || project.state() == Project::ABANDONED) continue;
    int64_t& sum = fen[CurrencyOf(project.investment())];
    sum = rules::AddAmounts(sum, project.investment().fen());
  }
  std::vector<std::string> sums;
  for (const auto& [currency, sum] : fen) sums.push_back(TenThousands(sum) + currency);
  return absl::StrJoin(sums, "、");
}

std::string PartiesOf(const Project& project) {
  std::vector<std::string> titles;
  for (const auto* parties : {&project.our_parties(), &project.their_parties()}) {
    for (const Project::Party& party : *parties) titles.push_back(party.title());
  }
  return absl::StrJoin(titles, "、");
}

// What happened to it in the year: 3月5日签约，6月1日开工.
std::string StepsIn(int year, const Project& project) {
  std::vector<std::string> steps;
  for (const Project::Step& step : project.steps()) {
    if (step.date().year() != year) continue;
    steps.push_back(absl::StrCat(step.date().month(), "月", step.date().day(), "日", rules::NameOf(step.state()).zh));
  }
  return absl::StrJoin(steps, "，");
}

std::string Summary(const std::vector<Project>& projects, int year) {
  std::map<Project::State, int> reached;
  for (const Project& project : projects) {
    for (const Project::Step& step : project.steps()) {
      if (step.date().year() == year) ++reached[step.state()];
    }
  }
  std::vector<std::string> parts;
  for (const auto state : {Project::SIGNED, Project::STARTED, Project::OPERATING, Project::ABANDONED})
    parts.push_back(absl::StrCat(rules::NameOf(state).zh, " ", reached[state], " 个"));
  const std::string total = TotalOf(projects);
  return absl::StrCat("共有合作项目 ", projects.size(), " 个", total.empty() ? "" : "，计划总投资 ", total, "；本年度",
                      absl::StrJoin(parts, "、"), "。");
}

}  // namespace

absl::StatusOr<std::vector<Project>> ProjectsAt(const View& view, const std::string& parent, absl::CivilDay day) {
  ASSIGN_OR_RETURN(std::vector<Project> projects, view.ListAll<Project>({.parent = parent}, kMaxProjects));
  std::erase_if(projects, [&](Project& project) {
    return !RewindTo(day, project) || AbandonedBefore(project, static_cast<int>(day.year()));
  });
  std::sort(projects.begin(), projects.end(), [](const Project& a, const Project& b) {
    return std::tuple(rules::ToCivil(a.steps(0).date()), a.title()) <
           std::tuple(rules::ToCivil(b.steps(0).date()), b.title());
  });
  return projects;
}

void AddProjects(const std::vector<Project>& projects, int year, Document& document) {
  document.Add(Block::Kind::kSubheading, "（三）合作项目");
  if (projects.empty()) {
    document.Add(Block::Kind::kNote, "〔没有登记合作项目。〕");
    return;
  }
  document.Add(Block::Kind::kParagraph, Summary(projects, year));
  std::vector<std::vector<std::string>> rows = {{"项目", "合作方", "总投资", "状态", "本年度进展"}};
  for (const Project& project : projects) {
    rows.push_back({project.title(), PartiesOf(project), InvestmentOf(project), rules::NameOf(project.state()).zh,
                    StepsIn(year, project)});
  }
  document.AddTable(std::move(rows), {5, 5, 3, 2, 5});
}

}  // namespace duikou::taskregistry
