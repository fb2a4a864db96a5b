#include "services/techtransfer/timetable_documents.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/localized.h"
#include "common/tabular/write_table.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/event_state.h"
#include "services/techtransfer/rules/events.h"

namespace duikou::techtransfer {
namespace {

using tabular::TableCell;
using tabular::TableColumn;
using v1::Event;

std::vector<TableColumn> Columns(Locale locale) {
  using Kind = TableColumn::Kind;
  return {{In(locale, {"编号", "Meeting"}), 8, Kind::kCentered},
          {In(locale, {"日期", "Date"}), 12, Kind::kDate},
          {In(locale, {"开始", "From"}), 8, Kind::kCentered},
          {In(locale, {"结束", "To"}), 8, Kind::kCentered},
          {In(locale, {"桌号", "Table"}), 8, Kind::kNumber},
          {In(locale, {"单位", "Unit"}), 28},
          {In(locale, {"对方单位", "Meets"}), 28},
          {In(locale, {"结果", "Outcome"}), 14, Kind::kCentered},
          {In(locale, {"备注", "Note"}), 30}};
}

std::vector<TableCell> RowOf(Locale locale, const Event::Meeting& meeting) {
  const std::string start = rules::FormatMoment(rules::ToTime(meeting.start_time()));
  const std::string end = rules::FormatMoment(rules::ToTime(meeting.end_time()));
  const size_t day = std::string("2026-03-01").size();
  return {{meeting.id()},
          {start.substr(0, day)},
          {start.substr(day + 1)},
          {end.substr(day + 1)},
          {absl::StrCat(meeting.table())},
          {meeting.first_title()},
          {meeting.second_title()},
          {In(locale, rules::NameOf(meeting.outcome()))},
          {meeting.note()}};
}

}  // namespace

absl::StatusOr<v1::ExportTimetableResponse> ExportTimetable(const View& view, const Caller& caller,
                                                            const v1::ExportTimetableRequest& request) {
  ASSIGN_OR_RETURN(Event event, view.Get<Event>(request.name()));
  RETURN_IF_ERROR(rules::CheckAllowed(event, rules::EventAction::kExportTimetable));
  rules::ConcealMeetings(caller, event);
  const std::string what = In(caller.locale, {"一对一洽谈日程", "One-to-one meetings"});
  tabular::Table table{.name = what,
                       .title = absl::StrCat(event.title(), " ", what),
                       .subtitle = absl::StrCat(event.number(), " ", event.place()),
                       .columns = Columns(caller.locale)};
  for (const Event::Meeting& meeting : event.meetings()) table.rows.push_back(RowOf(caller.locale, meeting));
  v1::ExportTimetableResponse response;
  response.set_title(table.title);
  response.set_rows(static_cast<int>(table.rows.size()));
  ASSIGN_OR_RETURN(*response.mutable_content(), tabular::WriteTable(table, request.csv()));
  return response;
}

}  // namespace duikou::techtransfer
