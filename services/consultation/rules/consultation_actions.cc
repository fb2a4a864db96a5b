#include "services/consultation/rules/consultation_actions.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/moments.h"

namespace duikou::consultation::rules {
namespace {

using v1::Consultation;

constexpr int kDefaultHoldHours = 72;

void PutSlot(Consultation& consultation, v1::Slot slot) {
  *consultation.mutable_start_time() = slot.start_time();
  *consultation.mutable_end_time() = slot.end_time();
  *consultation.mutable_slot() = std::move(slot);
}

void DropSlot(Consultation& consultation) {
  consultation.clear_slot();
  consultation.clear_start_time();
  consultation.clear_end_time();
  consultation.clear_hold_expire_time();
  consultation.clear_room_title();
}

void ForgetAnswers(Consultation& consultation) {
  for (Consultation::Participant& participant : *consultation.mutable_participants()) participant.clear_answer();
}

// Holds that nobody confirms end at the slot's begin at the latest.
void AwaitConfirmation(Consultation& consultation, absl::Duration hold, absl::Time now) {
  consultation.set_state(Consultation::PROPOSED);
  *consultation.mutable_hold_expire_time() = ToTimestamp(std::min(now + hold, ToTime(consultation.start_time())));
}

bool HasSeat(const v1::Slot& slot, const std::string& principal) {
  return std::any_of(slot.attendees().begin(), slot.attendees().end(), [&](const auto& attendee) {
    return attendee.stands_in_for().empty() ? attendee.calendar() == principal : attendee.stands_in_for() == principal;
  });
}

}  // namespace

absl::Duration HoldLength(const v1::ConsultationSettings& settings) {
  return absl::Hours(settings.hold_hours() > 0 ? settings.hold_hours() : kDefaultHoldHours);
}

absl::StatusOr<HoldChange> Propose(Consultation& consultation, v1::Slot slot, absl::Duration hold, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kPropose));
  HoldChange change = ChangeOf({}, ClaimsOf(slot));
  PutSlot(consultation, std::move(slot));
  AwaitConfirmation(consultation, hold, now);
  return change;
}

absl::StatusOr<HoldChange> Reschedule(Consultation& consultation, v1::Slot slot, const std::string& reason,
                                      absl::Duration hold, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kReschedule));
  const std::vector<Claim> before = ClaimsOf(consultation.slot());
  HoldChange change{.take = ClaimsOf(slot), .release = ChangeOf(before, ClaimsOf(slot)).release};
  PutSlot(consultation, std::move(slot));
  ForgetAnswers(consultation);
  consultation.set_sequence(consultation.sequence() + 1);
  consultation.set_reason(reason);
  AwaitConfirmation(consultation, hold, now);
  return change;
}

absl::Status CheckComplete(const Consultation& consultation) {
  for (const Consultation::Participant& participant : consultation.participants()) {
    if (participant.role() != Consultation::Participant::PRINCIPAL ||
        HasSeat(consultation.slot(), participant.calendar()))
      continue;
    return StateForbids("PRINCIPAL_DECLINED",
                        {absl::StrCat("“", participant.title(), "”不参加,也没有候补人员代为出席;请改期或另派候补。"),
                         absl::StrCat("\"", participant.title(),
                                      "\" does not attend, nor an alternate for him: reschedule, or let one step in.")},
                        {{"consultation", consultation.name()}, {"calendar", participant.calendar()}});
  }
  for (const Consultation::Party& party : consultation.parties()) {
    const auto& attendees = consultation.slot().attendees();
    const auto present = std::count_if(attendees.begin(), attendees.end(), [&](const auto& attendee) {
      return CityOf(attendee.calendar()) == party.city();
    });
    if (present >= party.quorum()) continue;
    return StateForbids(
        "QUORUM_NOT_REACHED",
        {absl::StrCat("“", party.city(), "”至少 ", party.quorum(), " 人参加,现有 ", present, " 人。"),
         absl::StrCat("\"", party.city(), "\" needs ", party.quorum(), " attending and has ", present, ".")},
        {{"consultation", consultation.name()}, {"city", party.city()}});
  }
  return absl::OkStatus();
}

absl::Status CheckHoldsLive(const Consultation& consultation, absl::Time now) {
  if (!consultation.has_hold_expire_time() || now < ToTime(consultation.hold_expire_time())) return absl::OkStatus();
  const std::string when = FormatMoment(ToTime(consultation.hold_expire_time()));
  return StateForbids("HOLDS_EXPIRED",
                      {absl::StrCat("预留已于 ", when, " 到期,请重新征求意见。"),
                       absl::StrCat("Its holds expired at ", when, ": propose it again.")},
                      {{"consultation", consultation.name()}});
}

absl::Status Confirm(Consultation& consultation, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kConfirm));
  RETURN_IF_ERROR(CheckHoldsLive(consultation, now));
  RETURN_IF_ERROR(CheckComplete(consultation));
  consultation.set_state(Consultation::CONFIRMED);
  consultation.clear_hold_expire_time();
  return absl::OkStatus();
}

absl::StatusOr<HoldChange> Cancel(Consultation& consultation, const std::string& reason) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kCancel));
  HoldChange change = ChangeOf(ClaimsOf(consultation.slot()), {});
  // What was never proposed invites nobody, so that there is no invitation to take back. Its time stays on the record.
  if (consultation.has_slot() || consultation.sequence() > 0) consultation.set_sequence(consultation.sequence() + 1);
  consultation.clear_hold_expire_time();
  consultation.set_reason(reason);
  consultation.set_state(Consultation::CANCELLED);
  return change;
}

bool ExpireHolds(Consultation& consultation, absl::Time now, HoldChange& change) {
  if (!Allows(consultation.state(), Action::kExpireHolds) || now < ToTime(consultation.hold_expire_time()))
    return false;
  change = ChangeOf(ClaimsOf(consultation.slot()), {});
  DropSlot(consultation);
  ForgetAnswers(consultation);
  consultation.set_sequence(consultation.sequence() + 1);
  consultation.set_state(Consultation::DRAFT);
  return true;
}

absl::Status RecordAttendance(Consultation& consultation, const std::set<std::string>& attended, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kRecordAttendance));
  if (!HasBegun(consultation, now)) {
    const std::string when = FormatMoment(ToTime(consultation.start_time()));
    return StateForbids("NOT_BEGUN",
                        {absl::StrCat("会商 ", when, " 开始,此前不能登记出席。"),
                         absl::StrCat("It begins at ", when, "; who attends is not recorded before.")},
                        {{"consultation", consultation.name()}});
  }
  for (const std::string& calendar : attended) {
    if (FindParticipant(consultation, calendar) != nullptr) continue;
    return BadField("attended",
                    {absl::StrCat("“", calendar, "”不是参会人员。"),
                     absl::StrCat("\"", calendar, "\" is not one of the participants.")},
                    "NOT_A_PARTICIPANT");
  }
  for (Consultation::Participant& participant : *consultation.mutable_participants()) {
    participant.set_attendance(attended.contains(participant.calendar()) ? Consultation::Participant::ATTENDED
                                                                         : Consultation::Participant::ABSENT);
  }
  consultation.set_state(Consultation::HELD);
  return absl::OkStatus();
}

absl::Status MarkMinuted(Consultation& consultation) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kIssueMinutes));
  consultation.set_state(Consultation::MINUTED);
  return absl::OkStatus();
}

absl::Status Close(Consultation& consultation, const std::string& open_decision) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kClose));
  if (!open_decision.empty()) {
    return StateForbids("DECISION_WITHOUT_TASK",
                        {absl::StrCat("议定事项“", open_decision, "”尚未转为任务。"),
                         absl::StrCat("The decision \"", open_decision, "\" has not become a task yet.")},
                        {{"consultation", consultation.name()}, {"decision", open_decision}});
  }
  consultation.set_state(Consultation::CLOSED);
  return absl::OkStatus();
}

}  // namespace duikou::consultation::rules
