#include "services/consultation/scheduling.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/consultation/consultations.h"
#include "services/consultation/known_calendars.h"
#include "services/consultation/notices.h"
#include "services/consultation/rules/answers.h"
#include "services/consultation/rules/consultation_actions.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/holds.h"
#include "services/consultation/rules/moments.h"
#include "services/consultation/rules/slot_question.h"
#include "services/consultation/rules/slots.h"
#include "services/consultation/rules/travel.h"
#include "services/consultation/settings.h"

namespace duikou::consultation {
namespace {

using v1::Calendar;
using v1::Consultation;
using v1::ConsultationNotice;

absl::StatusOr<Calendar> CalendarAt(const View& view, const std::string& name) {
  ASSIGN_OR_RETURN(std::optional<Calendar> calendar, FindStored<Calendar>(view, name));
  if (!calendar) return UnknownReference("calendar", name);
  return *std::move(calendar);
}

// Takes and releases what a change of the slot asks for. The consultation is as it will be stored.
absl::Status Settle(Txn& txn, const Caller& caller, const Consultation& consultation, const rules::HoldChange& change) {
  for (const rules::Claim& claim : change.take) {
    ASSIGN_OR_RETURN(Calendar calendar, CalendarAt(txn, claim.calendar));
    RETURN_IF_ERROR(rules::Take(calendar, consultation, claim, caller, txn.now()));
    RETURN_IF_ERROR(txn.Update(std::move(calendar)).status());
  }
  for (const std::string& name : change.release) {
    ASSIGN_OR_RETURN(std::optional<Calendar> calendar, FindStored<Calendar>(txn, name));
    if (!calendar) continue;  // A room that was deleted when its last hold was over.
    rules::Release(*calendar, consultation);
    RETURN_IF_ERROR(txn.Update(*std::move(calendar)).status());
  }
  return absl::OkStatus();
}

std::string RoomTitle(const Calendar& room) {
  return absl::StrCat(room.title(), room.place().empty() ? "" : " ", room.place());
}

// The slot that begins at a moment, with the room asked for, or the smallest that fits.
absl::StatusOr<v1::Slot> SlotAt(const View& view, const Consultation& consultation,
                                const google::protobuf::Timestamp& start, const std::string& room) {
  BusyGrids grids;
  ASSIGN_OR_RETURN(const std::unique_ptr<KnownCalendars> known, KnownCalendars::For(view, consultation, grids));
  return rules::SlotAt(consultation, rules::ToTime(start), room, known->sources());
}

absl::Status SetRoomTitle(const View& view, Consultation& consultation) {
  consultation.clear_room_title();
  if (consultation.slot().room().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Calendar room, CalendarAt(view, consultation.slot().room()));
  consultation.set_room_title(RoomTitle(room));
  return absl::OkStatus();
}

absl::StatusOr<absl::Duration> HoldLengthOf(const View& view, const Consultation& consultation) {
  ASSIGN_OR_RETURN(const v1::ConsultationSettings settings, SettingsOf(view, rules::CityOf(consultation.name())));
  return rules::HoldLength(settings);
}

}  // namespace

absl::StatusOr<v1::FindSlotsResponse> FindSlots(const View& view, const Caller&, BusyGrids& grids,
                                                const v1::FindSlotsRequest& request) {
  ASSIGN_OR_RETURN(const Consultation consultation, view.Get<Consultation>(request.name()));
  ASSIGN_OR_RETURN(const std::unique_ptr<KnownCalendars> known, KnownCalendars::For(view, consultation, grids));
  ASSIGN_OR_RETURN(const rules::SlotQuery query, rules::QuestionOf(consultation, request, known->sources()));
  return rules::FindSlots(query);
}

absl::StatusOr<Consultation> ProposeConsultation(Txn& txn, const Caller& caller,
                                                 const v1::ProposeConsultationRequest& request) {
  ASSIGN_OR_RETURN(Consultation consultation, txn.Get<Consultation>(request.name()));
  RETURN_IF_ERROR(rules::CheckAllowed(consultation, rules::Action::kPropose));
  ASSIGN_OR_RETURN(v1::Slot slot, SlotAt(txn, consultation, request.start_time(), request.room()));
  ASSIGN_OR_RETURN(const absl::Duration hold, HoldLengthOf(txn, consultation));
  ASSIGN_OR_RETURN(const rules::HoldChange change, rules::Propose(consultation, std::move(slot), hold, txn.now()));
  RETURN_IF_ERROR(SetRoomTitle(txn, consultation));
  RETURN_IF_ERROR(Settle(txn, caller, consultation, change));
  ASSIGN_OR_RETURN(consultation, txn.Update(std::move(consultation), request.etag()));
  RETURN_IF_ERROR(TellParties(txn, consultation, ConsultationNotice::PROPOSED, ""));
  return consultation;
}

absl::StatusOr<Consultation> RescheduleConsultation(Txn& txn, const Caller& caller,
                                                    const v1::RescheduleConsultationRequest& request) {
  ASSIGN_OR_RETURN(Consultation consultation, txn.Get<Consultation>(request.name()));
  RETURN_IF_ERROR(rules::CheckAllowed(consultation, rules::Action::kReschedule));
  txn.Note(request.reason());
  ASSIGN_OR_RETURN(v1::Slot slot, SlotAt(txn, consultation, request.start_time(), request.room()));
  ASSIGN_OR_RETURN(const absl::Duration hold, HoldLengthOf(txn, consultation));
  ASSIGN_OR_RETURN(const rules::HoldChange change,
                   rules::Reschedule(consultation, std::move(slot), request.reason(), hold, txn.now()));
  RETURN_IF_ERROR(SetRoomTitle(txn, consultation));
  RETURN_IF_ERROR(Settle(txn, caller, consultation, change));
  ASSIGN_OR_RETURN(consultation, txn.Update(std::move(consultation), request.etag()));
  RETURN_IF_ERROR(TellParties(txn, consultation, ConsultationNotice::RESCHEDULED, request.reason()));
  return consultation;
}

namespace {

// Those who may come in by an answer for a participant, and whose calendar leaves them the time.
absl::StatusOr<std::set<std::string>> WhoCanBeHeld(const View& view, const Caller& caller,
                                                   const Consultation& consultation, const std::string& calendar) {
  BusyGrids grids;
  std::set<std::string> free;
  for (const rules::Claim& claim : rules::MayComeIn(consultation, calendar)) {
    ASSIGN_OR_RETURN(const Calendar kept, CalendarAt(view, claim.calendar));
    ASSIGN_OR_RETURN(const std::shared_ptr<const rules::BusyGrid> busy, grids.Of(view, kept));
    bool can = rules::CheckFree(kept, consultation, claim, caller, view.now()).ok();
    const rules::Span span = rules::Outward({absl::ToUnixSeconds(claim.start), absl::ToUnixSeconds(claim.end)});
    for (int64_t quantum = span.begin; can && quantum < span.end; ++quantum) can = !busy->IsBusy(quantum);
    for (const Calendar::Availability& each : kept.availability()) {
      const bool touches = rules::ToTime(each.start_time()) < claim.end && claim.start < rules::ToTime(each.end_time());
      can = can && (each.available() || !touches);
    }
    if (can) free.insert(claim.calendar);
  }
  return free;
}

std::string TitleOf(const Consultation& consultation, const std::string& calendar) {
  const auto* participant = rules::FindParticipant(consultation, calendar);
  return participant == nullptr ? calendar : participant->title();
}

}  // namespace

absl::StatusOr<Consultation> AnswerConsultation(Txn& txn, const Caller& caller,
                                                const v1::AnswerConsultationRequest& request) {
  ASSIGN_OR_RETURN(Consultation consultation, txn.Get<Consultation>(request.name()));
  // Before any calendar is read: the parties know the participants, but not who else keeps a calendar.
  RETURN_IF_ERROR(rules::CheckParticipant(consultation, request.calendar()));
  ASSIGN_OR_RETURN(const Calendar calendar, CalendarAt(txn, request.calendar()));
  RETURN_IF_ERROR(rules::CheckAnswers(calendar, caller));
  txn.Note(request.answer().comment());
  rules::Reply reply{.calendar = calendar.name(), .answer = request.answer()};
  ASSIGN_OR_RETURN(reply.can_be_held, WhoCanBeHeld(txn, caller, consultation, calendar.name()));
  ASSIGN_OR_RETURN(const absl::Duration hold, HoldLengthOf(txn, consultation));
  ASSIGN_OR_RETURN(const rules::ReplyEffect effect, rules::Answer(consultation, reply, caller, hold, txn.now()));
  RETURN_IF_ERROR(Settle(txn, caller, consultation, effect.holds));
  ASSIGN_OR_RETURN(consultation, txn.Update(std::move(consultation), request.etag()));
  if (!effect.stood_in.empty()) {
    RETURN_IF_ERROR(
        TellParties(txn, consultation, ConsultationNotice::STOOD_IN, TitleOf(consultation, effect.stood_in)));
  }
  if (effect.reopened) RETURN_IF_ERROR(TellParties(txn, consultation, ConsultationNotice::DECLINED, calendar.title()));
  return consultation;
}

absl::StatusOr<Consultation> ConfirmConsultation(Txn& txn, const Caller&,
                                                 const v1::ConfirmConsultationRequest& request) {
  ASSIGN_OR_RETURN(Consultation consultation, txn.Get<Consultation>(request.name()));
  RETURN_IF_ERROR(rules::Confirm(consultation, txn.now()));
  for (const rules::Claim& claim : rules::ClaimsOf(consultation.slot())) {
    ASSIGN_OR_RETURN(Calendar calendar, CalendarAt(txn, claim.calendar));
    RETURN_IF_ERROR(rules::MakeFirm(calendar, consultation));
    RETURN_IF_ERROR(txn.Update(std::move(calendar)).status());
  }
  ASSIGN_OR_RETURN(consultation, txn.Update(std::move(consultation), request.etag()));
  RETURN_IF_ERROR(TellParties(txn, consultation, ConsultationNotice::CONFIRMED, ""));
  return consultation;
}

absl::StatusOr<Consultation> CancelConsultation(Txn& txn, const Caller& caller,
                                                const v1::CancelConsultationRequest& request) {
  ASSIGN_OR_RETURN(Consultation consultation, txn.Get<Consultation>(request.name()));
  txn.Note(request.reason());
  ASSIGN_OR_RETURN(const rules::HoldChange change, rules::Cancel(consultation, request.reason()));
  RETURN_IF_ERROR(Settle(txn, caller, consultation, change));
  RETURN_IF_ERROR(SettleSeries(txn, consultation));
  ASSIGN_OR_RETURN(consultation, txn.Update(std::move(consultation), request.etag()));
  RETURN_IF_ERROR(TellParties(txn, consultation, ConsultationNotice::CANCELLED, request.reason()));
  return consultation;
}

absl::StatusOr<bool> ExpireHolds(Txn& txn, Consultation consultation) {
  rules::HoldChange change;
  if (!rules::ExpireHolds(consultation, txn.now(), change)) return false;
  RETURN_IF_ERROR(Settle(txn, txn.caller(), consultation, change));
  ASSIGN_OR_RETURN(consultation, txn.Update(std::move(consultation)));
  RETURN_IF_ERROR(TellParties(txn, consultation, ConsultationNotice::HOLDS_EXPIRED, ""));
  return true;
}

}  // namespace duikou::consultation
