// duikou find-slots, import-calendar, sign-minutes and the files of consultations.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/output_file.h"
#include "clients/cli/table.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "duikou/consultation/v1/calendars.pb.h"
#include "duikou/consultation/v1/consultations.pb.h"
#include "duikou/consultation/v1/proceedings.pb.h"

namespace duikou::cli {
namespace {

namespace v1 = consultation::v1;

constexpr char kConsultations[] = "duikou.consultation.v1.Consultations.";
constexpr char kCalendars[] = "duikou.consultation.v1.Calendars.";
constexpr char kProceedings[] = "duikou.consultation.v1.Proceedings.";
// What the service takes, and a little, so that it is the service that says no.
constexpr size_t kLargestCalendar = 4'000'000;

struct Typed {
  std::string name, file, source = "file", calendar, from, until;
  bool overlapping = false, validate_only = false;
};

absl::StatusOr<std::string> NameOf(Context& context, const char* type_name, const std::string& typed) {
  const ResourceType* type = Catalog::Get().Find(type_name);
  if (type == nullptr) return absl::InternalError(absl::StrCat("no type ", type_name));
  return context.suite().NameOf(*type, typed);
}

std::string ReleaseText(const v1::Release& release) {
  const std::string kind = FieldText(release, "kind");
  if (!release.calendar().empty()) return absl::StrCat(kind, " ", release.calendar());
  return release.city().empty() ? kind : absl::StrCat(kind, " ", release.city());
}

// One a line: who attends, who is away of those that need not, why it has its place.
void PrintSlots(Context& context, const v1::FindSlotsResponse& found) {
  Table table({FieldLabel("start_time"), FieldLabel("end_time"), FieldLabel("room"), FieldLabel("score"),
               std::string(Say("代为出席", "stand-ins")),
               std::string(Say("不能到的可选、列席", "absent, not blocking"))});
  for (const v1::Slot& slot : found.slots()) {
    std::vector<std::string> stand_ins;
    for (const auto& attendee : slot.attendees()) {
      if (!attendee.stands_in_for().empty())
        stand_ins.push_back(absl::StrCat(LastSegment(attendee.calendar()), Say(" 代 ", " for "),
                                         LastSegment(attendee.stands_in_for())));
    }
    std::vector<std::string> absent;
    for (const std::string& calendar : slot.absent()) absent.emplace_back(LastSegment(calendar));
    table.Add({FieldText(slot, "start_time"), FieldText(slot, "end_time"), std::string(LastSegment(slot.room())),
               absl::StrCat(slot.score(), slot.tentative() ? Say("(暂定)", " (tentative)") : ""),
               absl::StrJoin(stand_ins, ", "), absl::StrJoin(absent, ", ")});
  }
  context.Print(table);
}

void PrintBlocking(Context& context, const v1::FindSlotsResponse& found) {
  if (found.blocking_sets().empty()) {
    context.Print(absl::StrCat(
        Say("没有可行时间,妨碍者多于两个。", "No slot; more than two people or constraints stand in the way."), "\n"));
    return;
  }
  context.Print(
      absl::StrCat(Say("没有可行时间。以下任一组让开即可:", "No slot. Any one of these would give one:"), "\n"));
  Table table({std::string(Say("让开", "release")), FieldLabel("start_time"), FieldLabel("end_time")});
  for (const v1::BlockingSet& set : found.blocking_sets()) {
    std::vector<std::string> releases;
    for (const v1::Release& release : set.releases()) releases.push_back(ReleaseText(release));
    table.Add({absl::StrJoin(releases, " + "), FieldText(set, "start_time"), FieldText(set, "end_time")});
  }
  context.Print(table);
}

absl::Status FindSlots(Context& context, const Typed& typed) {
  v1::FindSlotsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(context, "consultation", typed.name));
  request.set_overlapping(typed.overlapping);
  ASSIGN_OR_RETURN(const auto found,
                   context.suite().Call<v1::FindSlotsResponse>(absl::StrCat(kConsultations, "FindSlots"), request));
  if (context.json()) {
    context.PrintJson(found);
  } else if (found.slots().empty()) {
    PrintBlocking(context, found);
  } else {
    PrintSlots(context, found);
  }
  return absl::OkStatus();
}

absl::Status ImportCalendar(Context& context, const Typed& typed) {
  v1::ImportBusyTimeRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), NameOf(context, "calendar", typed.name));
  ASSIGN_OR_RETURN(*request.mutable_content(), ReadInput(typed.file, kLargestCalendar));
  request.set_busy_source_id(typed.source);
  request.set_validate_only(typed.validate_only);
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<v1::ImportBusyTimeResponse>(
                                            absl::StrCat(kCalendars, "ImportBusyTime"), request));
  if (context.json()) {
    context.PrintJson(response);
    return absl::OkStatus();
  }
  for (const std::string& warning : response.warnings()) context.Print(absl::StrCat(warning, "\n"));
  context.Print(absl::StrCat(typed.validate_only ? Say("预览(未保存):", "Preview, nothing is stored: ") : "",
                             response.events(), Say(" 个日程,占用 ", " events, busy "), response.blocks(),
                             Say(" 段\n", response.blocks() == 1 ? " time\n" : " times\n")));
  return absl::OkStatus();
}

// Reads what is there, and signs just that.
absl::Status SignMinutes(Context& context, const Typed& typed) {
  v1::SignMinutesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(context, "minutes", typed.name));
  v1::GetMinutesDigestRequest read;
  read.set_name(request.name());
  ASSIGN_OR_RETURN(const auto digest, context.suite().Call<v1::GetMinutesDigestResponse>(
                                          absl::StrCat(kProceedings, "GetMinutesDigest"), read));
  request.set_digest(digest.digest());
  ASSIGN_OR_RETURN(const auto signed_minutes,
                   context.suite().Call<v1::Minutes>(absl::StrCat(kProceedings, "SignMinutes"), request));
  if (context.json()) {
    context.PrintJson(signed_minutes);
    return absl::OkStatus();
  }
  context.Print(absl::StrCat(Say("已会签第 ", "signed version "), digest.version(), Say(" 版", ""),
                             signed_minutes.has_sign_time() ? Say(",各方均已会签", ", as all parties have") : "",
                             "\n"));
  return absl::OkStatus();
}

template <class Request, class Response>
absl::Status Save(Context& context, const Typed& typed, const char* method) {
  Request request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(context, "consultation", typed.name));
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<Response>(absl::StrCat(kConsultations, method), request));
  RETURN_IF_ERROR(WriteOutput(typed.file, response.content()));
  context.Print(absl::StrCat(Say("已写入 ", "written to "), typed.file, "\n"));
  return absl::OkStatus();
}

absl::Status ImportReply(Context& context, const Typed& typed) {
  v1::ImportReplyRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(context, "consultation", typed.name));
  ASSIGN_OR_RETURN(*request.mutable_content(), ReadInput(typed.file, kLargestCalendar));
  ASSIGN_OR_RETURN(const auto answered,
                   context.suite().Call<v1::Consultation>(absl::StrCat(kConsultations, "ImportReply"), request));
  if (context.json()) context.PrintJson(answered);
  if (!context.json()) context.Print(absl::StrCat(answered.number(), " ", FieldText(answered, "state"), "\n"));
  return absl::OkStatus();
}

using Run = absl::Status (*)(Context&, const Typed&);

CLI::App* Add(CLI::App& app, Context& context, const std::shared_ptr<Typed>& typed, const char* verb,
              absl::string_view zh, absl::string_view en, const char* example, Run run, bool file) {
  CLI::App* command = AddCommand(app, verb, zh, en, example);
  command->add_option("NAME", typed->name, std::string(Say("名称、编号或标识", "name, number or id")))->required();
  if (file) command->add_option("FILE", typed->file, std::string(Say("文件", "the file")))->required();
  command->callback([&context, typed, run] { context.run = [&context, typed, run] { return run(context, *typed); }; });
  return command;
}

}  // namespace

void AddConsultationCommands(CLI::App& app, Context& context) {
  const auto typed = std::make_shared<Typed>();
  Add(app, context, typed, "find-slots", "找时间:可行时间,或谁妨碍了", "slots that do, or who stands in the way",
      "duikou find-slots YK-HS-2026-01", FindSlots, false)
      ->add_flag("--overlapping", typed->overlapping,
                 std::string(Say("也列出与更好时间重叠的", "those as well that overlap a better one")));
  CLI::App* import = Add(app, context, typed, "import-calendar", "导入日历文件(.ics)的忙时",
                         "read when a calendar is busy from an .ics file",
                         "duikou import-calendar wang 日历.ics --source outlook", ImportCalendar, true);
  import->add_option("--source", typed->source,
                     std::string(Say("来源标识:再次导入即替换", "id of the source: importing again replaces it")));
  import->add_flag("--validate-only", typed->validate_only,
                   std::string(Say("只预览,不保存", "preview, store nothing")));
  Add(app, context, typed, "sign-minutes", "会签纪要(代表本市)", "sign the minutes for your city",
      "duikou sign-minutes YK-HS-2026-01/m1", SignMinutes, false);
  Add(
      app, context, typed, "invitation", "导出邀请(.ics)", "write the invitation as .ics",
      "duikou invitation YK-HS-2026-01 邀请.ics",
      [](Context& c, const Typed& t) {
        return Save<v1::ExportInvitationRequest, v1::ExportInvitationResponse>(c, t, "ExportInvitation");
      },
      true);
  Add(app, context, typed, "import-reply", "导入答复(.ics)", "read an answer that came as .ics",
      "duikou import-reply YK-HS-2026-01 答复.ics", ImportReply, true);
  Add(
      app, context, typed, "meeting-notice", "会议通知(.docx)", "write the notice as DOCX",
      "duikou meeting-notice YK-HS-2026-01 会议通知.docx",
      [](Context& c, const Typed& t) {
        return Save<v1::DraftMeetingNoticeRequest, v1::DraftMeetingNoticeResponse>(c, t, "DraftMeetingNotice");
      },
      true);
  Add(
      app, context, typed, "receipts", "回执汇总(.xlsx)", "write who answered what as XLSX",
      "duikou receipts YK-HS-2026-01 回执.xlsx",
      [](Context& c, const Typed& t) {
        return Save<v1::ExportReceiptsRequest, v1::ExportReceiptsResponse>(c, t, "ExportReceipts");
      },
      true);
  Add(
      app, context, typed, "attendance-list", "参会名单(.xlsx)", "write the list of participants as XLSX",
      "duikou attendance-list YK-HS-2026-01 名单.xlsx",
      [](Context& c, const Typed& t) {
        return Save<v1::ExportAttendanceListRequest, v1::ExportAttendanceListResponse>(c, t, "ExportAttendanceList");
      },
      true);
}

}  // namespace duikou::cli
