#include "services/consultation/service.h"

#include <functional>
#include <memory>

#include "common/pending/serve.h"
#include "common/schedule/daily.h"
#include "duikou/consultation/v1/calendars.pb.h"
#include "duikou/consultation/v1/consultations.pb.h"
#include "duikou/consultation/v1/proceedings.pb.h"
#include "duikou/consultation/v1/rotation.pb.h"
#include "duikou/directory/v1/holiday_year.pb.h"
#include "duikou/follow/v1/follow_cursor.pb.h"
#include "services/consultation/busy_import_flow.h"
#include "services/consultation/calendars.h"
#include "services/consultation/consultations.h"
#include "services/consultation/documents.h"
#include "services/consultation/feeds.h"
#include "services/consultation/hold_days.h"
#include "services/consultation/holidays_flow.h"
#include "services/consultation/invitations.h"
#include "services/consultation/next_turn_flow.h"
#include "services/consultation/notices.h"
#include "services/consultation/pending.h"
#include "services/consultation/proceedings.h"
#include "services/consultation/rotation.h"
#include "services/consultation/rules/holds.h"
#include "services/consultation/rules/series.h"
#include "services/consultation/scheduling.h"
#include "services/consultation/settings.h"

namespace duikou::consultation {
namespace {

void InstallCalendars(rpc::Host& host) {
  host.Standard<v1::Calendar>({.create = OnCreateCalendar,
                               .update = OnUpdateCalendar,
                               .remove = OnDeleteCalendar,
                               .conceal = rules::ConcealConsultations});
  host.Standard<v1::BusySource>(
      {.create = OnCreateBusySource, .update = OnUpdateBusySource, .remove = OnDeleteBusySource});
  host.Flow(ImportBusyTime);
  host.Read(QueryFreeBusy);
  host.Read(ExportFreeBusy);
  host.Standard<v1::Feed>();
  host.Write(CreateFeed);
  host.Write(RevokeFeed);
  host.Read(ReadFeed);
}

void InstallScheduling(rpc::Host& host) {
  const auto grids = std::make_shared<BusyGrids>();
  host.Read(std::function([grids](const View& view, const Caller& caller, const v1::FindSlotsRequest& request) {
    return FindSlots(view, caller, *grids, request);
  }));
  host.Write(ProposeConsultation);
  host.Write(RescheduleConsultation);
  host.Write(AnswerConsultation);
  host.Write(ImportReply);
  host.Write(ConfirmConsultation);
  host.Write(CancelConsultation);
}

void InstallConsultations(rpc::Host& host) {
  host.Standard<v1::Consultation>(
      {.create = OnCreateConsultation, .update = OnUpdateConsultation, .remove = OnDeleteConsultation});
  host.Write(NameParticipants);
  host.Write(RecordAttendance);
  host.Write(CloseConsultation);
  host.Read(DraftMeetingNotice);
  host.Read(ExportReceipts);
  host.Read(ExportAttendanceList);
  host.Read(ExportInvitation);
  host.Standard<v1::ConsultationNotice>();
  host.Write(ConfirmConsultationNotice);
}

void InstallProceedings(rpc::Host& host) {
  host.Standard<v1::AgendaItem>(
      {.create = OnCreateAgendaItem, .update = OnUpdateAgendaItem, .remove = OnDeleteAgendaItem});
  host.Standard<v1::Minutes>({.create = OnCreateMinutes});
  host.Write(ReviseMinutes);
  host.Write(SignMinutes);
  host.Read(GetMinutesDigest);
  host.Write(IssueMinutes);
  host.Standard<v1::Decision>({.create = OnCreateDecision, .update = OnUpdateDecision, .remove = OnDeleteDecision});
  host.Write(LinkDecisionTask);
}

void InstallRotation(rpc::Host& host) {
  host.Standard<v1::Series>({.create = OnCreateSeries, .update = OnUpdateSeries, .conceal = rules::ConcealTurns});
  host.Read(ListTurns);
  host.Flow(ProposeNextTurn);
  host.Write(SkipTurn);
  host.Read(CountConsultations);
  host.Standard<v1::ConsultationSettings>({.create = OnCreateSettings, .update = OnUpdateSettings});
}

absl::Status Install(rpc::Host& host, const rpc::Surroundings& surroundings) {
  InstallCalendars(host);
  InstallScheduling(host);
  InstallConsultations(host);
  InstallProceedings(host);
  InstallRotation(host);
  // The directory is followed as long as the service serves: until its functions go.
  const std::shared_ptr<follow::Follower> directory = FollowHolidays(surroundings.store, *surroundings.peers);
  pending::Serve(host, surroundings.tokens,
                 [directory](const View& view, const Caller& caller, const std::string& city) {
                   return GatherPending(view, caller, city);
                 });
  surroundings.daily.Add({.name = kHolds, .action = "ExpireHolds", .run = RunHolds, .due = HoldsAreDue});
  return absl::OkStatus();
}

}  // namespace

rpc::ServiceDefinition Definition() {
  return {
      .name = "consultation",
      .services = {v1::GetCalendarRequest::descriptor()->file()->FindServiceByName("Calendars"),
                   v1::GetConsultationRequest::descriptor()->file()->FindServiceByName("Consultations"),
                   v1::GetMinutesRequest::descriptor()->file()->FindServiceByName("Proceedings"),
                   v1::GetSeriesRequest::descriptor()->file()->FindServiceByName("Rotation"), pending::Descriptor()},
      .resources = {v1::Calendar::descriptor(), v1::BusySource::descriptor(), v1::Feed::descriptor(),
                    v1::Consultation::descriptor(), v1::ConsultationNotice::descriptor(), v1::AgendaItem::descriptor(),
                    v1::Minutes::descriptor(), v1::Decision::descriptor(), v1::Series::descriptor(),
                    v1::ConsultationSettings::descriptor(), duikou::directory::v1::HolidayYear::descriptor(),
                    duikou::follow::v1::FollowCursor::descriptor()},
      .needs_directory = true,
      .install = Install};
}

}  // namespace duikou::consultation
