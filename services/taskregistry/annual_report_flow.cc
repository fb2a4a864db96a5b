#include "services/taskregistry/annual_report_flow.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "common/document/docx.h"
#include "common/document/markdown.h"
#include "services/taskregistry/annual_report.h"
#include "services/taskregistry/figures_flow.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/titles_flow.h"

namespace duikou::taskregistry {

absl::StatusOr<v1::DraftAnnualReportResponse> DraftAnnualReport(rpc::Context& context, const TaskHistoryFeed& history,
                                                                const Caller& caller,
                                                                const v1::DraftAnnualReportRequest& request) {
  const absl::CivilDay today = DayOf(context.now());
  if (request.year() > today.year()) {
    return BadField("year", {absl::StrCat("不能晚于今年(", today.year(), ")。"),
                             absl::StrCat("must not be later than this year, ", today.year(), ".")});
  }
  YearRecords records{.year = request.year(), .city = TitleOf(context, request.parent())};
  const absl::CivilDay day = std::min(absl::CivilDay(request.year(), 12, 31), today);
  RETURN_IF_ERROR(context.Read([&](const View& view) { return ReadYear(view, request.parent(), day, records); }));
  v1::GetFiguresRequest figures;
  figures.set_parent(request.parent());
  *figures.mutable_date() = rules::ToDate(day);
  figures.set_group_by(v1::GetFiguresRequest::SECTION);
  ASSIGN_OR_RETURN(records.by_section, GetFigures(context, history, caller, figures));
  figures.set_group_by(v1::GetFiguresRequest::UNIT);
  ASSIGN_OR_RETURN(records.by_unit, GetFigures(context, history, caller, figures));
  const document::Document document = MakeAnnualReport(records);
  v1::DraftAnnualReportResponse response;
  response.set_title(document.title());
  if (request.format() == v1::DraftAnnualReportRequest::MARKDOWN) {
    response.set_content(document::ToMarkdown(document));
    return response;
  }
  ASSIGN_OR_RETURN(*response.mutable_content(), document::ToDocx(document));
  return response;
}

}  // namespace duikou::taskregistry
