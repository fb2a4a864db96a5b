#include "services/personnel/rosters.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/localized.h"
#include "common/document/docx.h"
#include "common/tabular/write_table.h"
#include "duikou/type/v1/role.pb.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/rules/engagement_state.h"
#include "services/personnel/rules/limits.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using tabular::TableCell;
using tabular::TableColumn;
using v1::Engagement;

constexpr size_t kMaxRows = 20000;
constexpr char kMasked[] = "***";

std::string DayText(bool given, const duikou::type::v1::Date& date) {
  return given ? FormatDay(rules::ToCivil(date)) : "";
}

// A file is masked as an answer is.
std::string PersonTitle(const Caller& caller, const Engagement& engagement) {
  return caller.Has(duikou::type::v1::PERSONNEL_OFFICER) ? engagement.person_title() : kMasked;
}

std::vector<TableColumn> Columns(Locale locale) {
  using Kind = TableColumn::Kind;
  return {{In(locale, {"编号", "Number"}), 16, Kind::kCentered},
          {In(locale, {"姓名", "Name"}), 12, Kind::kCentered},
          {In(locale, {"类别", "Kind"}), 12, Kind::kCentered},
          {In(locale, {"派出单位", "Home unit"}), 28},
          {In(locale, {"接收单位", "Host unit"}), 28},
          {In(locale, {"拟任职务", "Position"}), 20},
          {In(locale, {"开始日期", "Start"}), 12, Kind::kDate},
          {In(locale, {"结束日期", "End"}), 12, Kind::kDate},
          {In(locale, {"报到日期", "Arrival"}), 12, Kind::kDate},
          {In(locale, {"状态", "State"}), 12, Kind::kCentered},
          {In(locale, {"考核结果", "Assessment"}), 12}};
}

std::vector<TableCell> RowOf(const Caller& caller, const Engagement& engagement) {
  const auto& terms = engagement.terms();
  return {{engagement.number()},
          {PersonTitle(caller, engagement)},
          {In(caller.locale, rules::NameOf(engagement.kind()))},
          {engagement.home_unit_title()},
          {engagement.host_unit_title()},
          {terms.position()},
          {DayText(true, terms.start_date())},
          {DayText(true, engagement.end_date())},
          {DayText(engagement.has_arrival_date(), engagement.arrival_date())},
          {In(caller.locale, rules::NameOf(engagement.state()))},
          {engagement.assessment()}};
}

std::string TrackName(int track) {
  switch (track) {
    case Engagement::HOME:
      return "派出方意见";
    case Engagement::HOST:
      return "接收方意见";
    default:
      return "原单位意见";
  }
}

// What a track said about the terms in the form, or room for it.
std::string OpinionOf(const Engagement& engagement, int track) {
  const int version = rules::WaitingTerms(engagement).version();
  for (const auto& approval : engagement.approvals()) {
    if (approval.track() != track || approval.terms_version() != version) continue;
    const std::string day = FormatDay(DayOf(absl::FromUnixSeconds(approval.time().seconds())));
    return absl::StrCat("同意(第 ", version, " 版条件)。", approval.comment(), "\n", approval.account(), " ", day);
  }
  return "\n(盖章)\n    年  月  日";
}

}  // namespace

absl::StatusOr<v1::ExportRosterResponse> ExportRoster(const View& view, const Caller& caller,
                                                      const v1::ExportRosterRequest& request) {
  const std::string city = CityNameOf(request.parent());
  ASSIGN_OR_RETURN(const std::vector<Engagement> seen,
                   view.ListAll<Engagement>({.parent = "cities/-", .filter = request.filter()}, kMaxRows));
  tabular::Table table{.name = In(caller.locale, {"花名册", "Roster"}),
                       .title = In(caller.locale, {"人员交流花名册", "Roster of personnel exchange"}),
                       .subtitle = FormatDay(DayOf(view.now())),
                       .columns = Columns(caller.locale)};
  for (const Engagement& engagement : seen) {
    if (CityNameOf(engagement.name()) == city || engagement.host_city() == city)
      table.rows.push_back(RowOf(caller, engagement));
  }
  v1::ExportRosterResponse response;
  response.set_title(table.title);
  response.set_rows(static_cast<int>(table.rows.size()));
  ASSIGN_OR_RETURN(*response.mutable_content(), tabular::WriteTable(table, request.csv()));
  return response;
}

absl::StatusOr<v1::DraftApprovalFormResponse> DraftApprovalForm(const View& view, const Caller& caller,
                                                                const v1::DraftApprovalFormRequest& request) {
  ASSIGN_OR_RETURN(const Engagement engagement, view.Get<Engagement>(request.name()));
  const Engagement::Terms& terms = rules::WaitingTerms(engagement);
  const bool extension = engagement.has_extension();
  document::Document form;
  form.Add(document::Block::Kind::kTitle, extension ? "人员交流延期审批表" : "人员交流审批表");
  form.Add(document::Block::Kind::kSubtitle, absl::StrCat("编号 ", engagement.number()));
  std::vector<std::vector<std::string>> rows = {
      {"项目", "内容"},
      {"姓名", PersonTitle(caller, engagement)},
      {"类别", rules::NameOf(engagement.kind()).zh},
      {"派出单位", engagement.home_unit_title()},
      {"接收单位", engagement.host_unit_title()},
      {"拟任职务", terms.position()},
      {"分工", terms.duties()},
      {"期限", absl::StrCat(DayText(true, terms.start_date()), " 至 ", DayText(true, terms.end_date()))},
      {"工作时间占比", absl::StrCat(terms.share(), "%")}};
  for (const int track : engagement.tracks()) rows.push_back({TrackName(track), OpinionOf(engagement, track)});
  form.AddTable(std::move(rows), {1, 3});
  v1::DraftApprovalFormResponse response;
  response.set_title(form.title());
  ASSIGN_OR_RETURN(*response.mutable_content(), document::ToDocx(form));
  return response;
}

}  // namespace duikou::personnel
