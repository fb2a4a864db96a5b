#include "services/consultation/documents.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/localized.h"
#include "common/document/docx.h"
#include "common/tabular/write_table.h"
#include "duikou/consultation/v1/proceeding.pb.h"
#include "services/consultation/rules/attendance_list.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/moments.h"

namespace duikou::consultation {
namespace {

using tabular::TableColumn;
using v1::AgendaItem;
using v1::Consultation;
using Participant = v1::Consultation::Participant;

Text NameOf(Participant::Role role) {
  switch (role) {
    case Participant::PRINCIPAL:
      return {"主要领导", "principal"};
    case Participant::ALTERNATE:
      return {"候补", "alternate"};
    case Participant::OPTIONAL:
      return {"可选", "optional"};
    default:
      return {"列席", "observer"};
  }
}

Text NameOf(const Consultation& consultation, const Consultation::Answer& answer) {
  switch (answer.kind()) {
    case Consultation::Answer::ACCEPT:
      return {"参加", "attends"};
    case Consultation::Answer::DECLINE:
      return {"不参加", "declines"};
    case Consultation::Answer::DELEGATE: {
      const Participant* delegate = rules::FindParticipant(consultation, answer.delegate());
      const std::string title = delegate == nullptr ? answer.delegate() : delegate->title();
      return {absl::StrCat("委托“", title, "”"), absl::StrCat("delegates to \"", title, "\"")};
    }
    default:
      return {"未答复", "has not answered"};
  }
}

std::string CityTitle(const Consultation& consultation, const std::string& city) {
  const auto party = std::find_if(consultation.parties().begin(), consultation.parties().end(),
                                  [&](const auto& each) { return each.city() == city; });
  return party == consultation.parties().end() || party->city_title().empty() ? city : party->city_title();
}

std::string TimeText(const Consultation& consultation) {
  const std::string start = rules::FormatMoment(rules::ToTime(consultation.start_time()));
  const std::string end = rules::FormatMoment(rules::ToTime(consultation.end_time()));
  const bool one_day = start.substr(0, 10) == end.substr(0, 10);
  return absl::StrCat(start, " 至 ", one_day ? end.substr(11) : end, "(北京时间)");
}

absl::Status CheckNotified(const Consultation& consultation) {
  if (consultation.state() == Consultation::CONFIRMED || consultation.state() == Consultation::HELD)
    return absl::OkStatus();
  const Text state = rules::NameOf(consultation.state());
  return StateForbids("CONSULTATION_STATE_FORBIDS",
                      {absl::StrCat("会商为“", state.zh, "”,确认后才有会议通知。"),
                       absl::StrCat("It is ", state.en, ": there is a notice once it is confirmed.")},
                      {{"consultation", consultation.name()}});
}

absl::StatusOr<std::vector<AgendaItem>> AgendaOf(const View& view, const Consultation& consultation) {
  return view.ListAll<AgendaItem>({.parent = consultation.name(), .order_by = "position"});
}

}  // namespace

absl::StatusOr<v1::DraftMeetingNoticeResponse> DraftMeetingNotice(const View& view, const Caller&,
                                                                  const v1::DraftMeetingNoticeRequest& request) {
  ASSIGN_OR_RETURN(const Consultation consultation, view.Get<Consultation>(request.name()));
  RETURN_IF_ERROR(CheckNotified(consultation));
  ASSIGN_OR_RETURN(const std::vector<AgendaItem> agenda, AgendaOf(view, consultation));
  using Kind = document::Block::Kind;
  document::Document notice;
  notice.Add(Kind::kTitle, absl::StrCat("关于召开“", consultation.topic(), "”的通知"));
  notice.Add(Kind::kSubtitle, absl::StrCat("编号 ", consultation.number()));
  notice.Add(Kind::kHeading, "一、时间").Add(Kind::kParagraph, TimeText(consultation));
  const std::string place = consultation.mode() == Consultation::VIDEO ? "视频会议" : consultation.room_title();
  notice.Add(Kind::kHeading, "二、地点");
  notice.Add(Kind::kParagraph,
             absl::StrCat(CityTitle(consultation, consultation.host_city()), place.empty() ? "" : ",", place));
  notice.Add(Kind::kHeading, "三、议题");
  if (agenda.empty()) notice.Add(Kind::kItem, consultation.topic());
  for (const AgendaItem& item : agenda) {
    notice.Add(Kind::kItem, absl::StrCat(item.title(), item.unit_title().empty() ? "" : "(", item.unit_title(),
                                         item.unit_title().empty() ? "" : ")"));
  }
  notice.Add(Kind::kHeading, "四、参会人员");
  std::vector<std::vector<std::string>> rows = {{"序号", "城市", "姓名", "职务", "备注"}};
  for (const rules::AttendanceRow& row : rules::AttendanceList(consultation)) {
    const std::string note =
        row.stands_in_for.empty() ? NameOf(row.participant->role()).zh : absl::StrCat("代 ", row.stands_in_for);
    rows.push_back({absl::StrCat(row.number), CityTitle(consultation, row.participant->city()),
                    row.participant->title(), row.participant->position(), note});
  }
  notice.AddTable(std::move(rows), {1, 2, 2, 3, 2});
  notice.Add(Kind::kParagraph, "请按时参加。");
  v1::DraftMeetingNoticeResponse response;
  response.set_title(notice.title());
  ASSIGN_OR_RETURN(*response.mutable_content(), document::ToDocx(notice));
  return response;
}

absl::StatusOr<v1::ExportReceiptsResponse> ExportReceipts(const View& view, const Caller& caller,
                                                          const v1::ExportReceiptsRequest& request) {
  ASSIGN_OR_RETURN(const Consultation consultation, view.Get<Consultation>(request.name()));
  const Locale locale = caller.locale;
  tabular::Table table{.name = In(locale, {"回执", "Answers"}),
                       .title = absl::StrCat(consultation.number(), " ", consultation.topic()),
                       .columns = {{In(locale, {"城市", "City"}), 14},
                                   {In(locale, {"姓名", "Name"}), 12},
                                   {In(locale, {"职务", "Position"}), 24},
                                   {In(locale, {"身份", "Role"}), 12},
                                   {In(locale, {"答复", "Answer"}), 20},
                                   {In(locale, {"说明", "Comment"}), 30}}};
  for (const Participant& participant : consultation.participants()) {
    table.rows.push_back({{CityTitle(consultation, participant.city())},
                          {participant.title()},
                          {participant.position()},
                          {In(locale, NameOf(participant.role()))},
                          {In(locale, NameOf(consultation, participant.answer()))},
                          {participant.answer().comment()}});
  }
  v1::ExportReceiptsResponse response;
  response.set_title(absl::StrCat(In(locale, {"回执", "Answers"}), " ", consultation.number()));
  ASSIGN_OR_RETURN(*response.mutable_content(), tabular::WriteTable(table, /*csv=*/false));
  return response;
}

absl::StatusOr<v1::ExportAttendanceListResponse> ExportAttendanceList(const View& view, const Caller& caller,
                                                                      const v1::ExportAttendanceListRequest& request) {
  ASSIGN_OR_RETURN(const Consultation consultation, view.Get<Consultation>(request.name()));
  const Locale locale = caller.locale;
  tabular::Table table{.name = In(locale, {"参会名单", "Attendance"}),
                       .title = absl::StrCat(consultation.number(), " ", consultation.topic()),
                       .columns = {{In(locale, {"序号", "No."}), 6, TableColumn::Kind::kCentered},
                                   {In(locale, {"城市", "City"}), 14},
                                   {In(locale, {"姓名", "Name"}), 12},
                                   {In(locale, {"职务", "Position"}), 24},
                                   {In(locale, {"身份", "Role"}), 12},
                                   {In(locale, {"代", "Stands in for"}), 12}}};
  for (const rules::AttendanceRow& row : rules::AttendanceList(consultation)) {
    table.rows.push_back({{absl::StrCat(row.number)},
                          {CityTitle(consultation, row.participant->city())},
                          {row.participant->title()},
                          {row.participant->position()},
                          {In(locale, NameOf(row.participant->role()))},
                          {row.stands_in_for}});
  }
  v1::ExportAttendanceListResponse response;
  response.set_title(absl::StrCat(In(locale, {"参会名单", "Attendance"}), " ", consultation.number()));
  ASSIGN_OR_RETURN(*response.mutable_content(), tabular::WriteTable(table, /*csv=*/false));
  return response;
}

}  // namespace duikou::consultation
