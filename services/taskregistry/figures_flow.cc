#include "services/taskregistry/figures_flow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "common/tabular/write_table.h"
#include "duikou/taskregistry/v1/plan.pb.h"
#include "services/taskregistry/figures_table.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/titles_flow.h"

namespace duikou::taskregistry {
namespace {

using v1::GetFiguresRequest;
using v1::GetFiguresResponse;

absl::StatusOr<std::string> CityOf(const std::string& parent) {
  if (parent == "cities/-") return std::string();
  const std::string city(schema::CityOf(parent));
  if (city.empty() || parent != "cities/" + city) {
    return BadField("parent", {"应为一个城市,如 cities/210800;所有城市为 cities/-。",
                               "must be a city like cities/210800, or cities/- for all."});
  }
  return city;
}

absl::StatusOr<absl::CivilDay> DateOf(const GetFiguresRequest& request, absl::CivilDay today) {
  if (!request.has_date()) return today;
  const absl::CivilDay day = rules::ToCivil(request.date());
  if (day > today) return BadField("date", {"不能晚于今天。", "must not be later than today."});
  return day;
}

// The last days of the months before a day's, the earliest first, and the day itself.
std::vector<absl::CivilDay> TrendDays(absl::CivilDay day, int months) {
  std::vector<absl::CivilDay> days;
  const absl::CivilMonth month(day);
  for (int back = months - 1; back >= 0; --back) days.push_back(absl::CivilDay(month - back) - 1);
  if (months > 0) days.push_back(day);
  return days;
}

// Units by rank, those of equal counts with the same one; other groups stay in the order of their kind.
void AddGroups(TaskHistory::Answer answer, bool ranked, GetFiguresResponse& response) {
  if (ranked) {
    std::stable_sort(answer.groups.begin(), answer.groups.end(),
                     [](const auto& a, const auto& b) { return rules::RanksBefore(a.counts, b.counts); });
  }
  for (size_t i = 0; i < answer.groups.size(); ++i) {
    GetFiguresResponse::Group* group = response.add_groups();
    group->set_key(answer.groups[i].key);
    group->set_title(answer.groups[i].title);
    *group->mutable_figures() = rules::ToMessage(answer.groups[i].counts);
    if (!ranked) continue;
    const bool shares = i > 0 && !rules::RanksBefore(answer.groups[i - 1].counts, answer.groups[i].counts);
    group->set_rank(shares ? response.groups(static_cast<int>(i) - 1).rank() : static_cast<int>(i) + 1);
  }
}

// Titles that the tasks themselves do not tell: of plans as the caller sees them, of cities by the directory.
absl::Status AddTitles(rpc::Context& context, GetFiguresRequest::GroupBy by, GetFiguresResponse& response) {
  if (by == GetFiguresRequest::CITY) {
    for (auto& group : *response.mutable_groups()) group.set_title(TitleOf(context, group.key()));
  }
  if (by != GetFiguresRequest::PLAN) return absl::OkStatus();
  return context.Read([&](const View& view) -> absl::Status {
    for (auto& group : *response.mutable_groups()) {
      const auto plan = view.Get<v1::Plan>(group.key());
      if (!plan.ok() && !absl::IsNotFound(plan.status())) return plan.status();
      group.set_title(plan.ok() ? plan->title() : group.key().substr(group.key().rfind('/') + 1));
    }
    return absl::OkStatus();
  });
}

// The full name of the plan asked for; NOT_FOUND for one that the caller may not see.
absl::StatusOr<std::string> PlanName(rpc::Context& context, const std::string& plan) {
  if (plan.empty()) return plan;
  std::string name;
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Plan found, view.Get<v1::Plan>(plan));
    name = found.name();
    return absl::OkStatus();
  }));
  return name;
}

}  // namespace

absl::StatusOr<GetFiguresResponse> GetFigures(rpc::Context& context, const TaskHistoryFeed& history,
                                              const Caller& caller, const GetFiguresRequest& request) {
  TaskHistory::Question question{.group_by = request.group_by(), .unit = request.unit()};
  ASSIGN_OR_RETURN(question.city, CityOf(request.parent()));
  ASSIGN_OR_RETURN(const absl::CivilDay day, DateOf(request, DayOf(context.now())));
  ASSIGN_OR_RETURN(question.plan, PlanName(context, request.plan()));
  GetFiguresResponse response;
  RETURN_IF_ERROR(history.Read([&](const TaskHistory& tasks) {
    question.day = DayNumber(day);
    TaskHistory::Answer answer = tasks.Count(question, caller);
    *response.mutable_date() = rules::ToDate(day);
    *response.mutable_figures() = rules::ToMessage(answer.all);
    AddGroups(std::move(answer), question.group_by == GetFiguresRequest::UNIT, response);
    question.group_by = GetFiguresRequest::GROUP_BY_UNSPECIFIED;
    for (const absl::CivilDay then : TrendDays(day, request.trend_months())) {
      question.day = DayNumber(then);
      GetFiguresResponse::Point* point = response.add_trend();
      *point->mutable_date() = rules::ToDate(then);
      *point->mutable_figures() = rules::ToMessage(tasks.Count(question, caller).all);
    }
  }));
  RETURN_IF_ERROR(AddTitles(context, request.group_by(), response));
  return response;
}

absl::StatusOr<v1::ExportFiguresResponse> ExportFigures(rpc::Context& context, const TaskHistoryFeed& history,
                                                        const Caller& caller, const v1::ExportFiguresRequest& request) {
  ASSIGN_OR_RETURN(const GetFiguresResponse figures, GetFigures(context, history, caller, request.figures()));
  const std::string city = request.figures().parent() == "cities/-" ? "" : TitleOf(context, request.figures().parent());
  v1::ExportFiguresResponse response;
  response.set_title(caller.locale == Locale::kEn ? absl::StrCat(city, city.empty() ? "" : ": ", "figures of tasks")
                                                  : absl::StrCat(city, "对口合作任务统计表"));
  const tabular::Table table = MakeFiguresTable(figures, request.figures().group_by(), response.title(), caller.locale);
  ASSIGN_OR_RETURN(*response.mutable_content(), tabular::WriteTable(table, request.format() == v1::CSV));
  return response;
}

}  // namespace duikou::taskregistry
