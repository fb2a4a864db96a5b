#include "services/consultation/invitations.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/ical/reply.h"
#include "common/ical/write.h"
#include "services/consultation/calendars.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/moments.h"
#include "services/consultation/scheduling.h"
#include "services/consultation/settings.h"

namespace duikou::consultation {
namespace {

using v1::Calendar;
using v1::Consultation;
using Participant = v1::Consultation::Participant;

constexpr char kDomain[] = "duikou.invalid";

std::string LastSegment(const std::string& name) { return name.substr(name.rfind('/') + 1); }

ical::EventPerson PersonOf(const Participant& participant) {
  using Answer = Consultation::Answer;
  ical::EventPerson person{.address = AddressOf(participant.calendar()), .name = participant.title()};
  switch (participant.answer().kind()) {
    case Answer::ACCEPT:
      person.status = ical::ParticipationStatus::kAccepted;
      break;
    case Answer::DECLINE:
      person.status = ical::ParticipationStatus::kDeclined;
      break;
    case Answer::DELEGATE:
      person.status = ical::ParticipationStatus::kDelegated;
      person.delegated_to = AddressOf(participant.answer().delegate());
      break;
    default:
      break;
  }
  if (participant.role() == Participant::OBSERVER) person.role = ical::ParticipationRole::kNonParticipant;
  if (participant.role() == Participant::ALTERNATE || participant.role() == Participant::OPTIONAL)
    person.role = ical::ParticipationRole::kOptional;
  return person;
}

ical::EventStatus StatusOf(const Consultation& consultation) {
  if (consultation.state() == Consultation::CANCELLED) return ical::EventStatus::kCancelled;
  return consultation.state() == Consultation::PROPOSED ? ical::EventStatus::kTentative : ical::EventStatus::kConfirmed;
}

// Whether there is an invitation to take back: its time is given up, by cancelling or as its holds expired.
bool TakesBack(const Consultation& consultation) {
  return (consultation.state() == Consultation::CANCELLED || consultation.state() == Consultation::DRAFT) &&
         consultation.sequence() > 0;
}

absl::Status CheckInvites(const Consultation& consultation) {
  const bool open = consultation.state() == Consultation::PROPOSED || consultation.state() == Consultation::CONFIRMED;
  if (open || TakesBack(consultation)) return absl::OkStatus();
  const Text state = rules::NameOf(consultation.state());
  return StateForbids("CONSULTATION_STATE_FORBIDS",
                      {absl::StrCat("会商为“", state.zh, "”,没有可发出的邀请。"),
                       absl::StrCat("It is ", state.en, ": there is no invitation to send.")},
                      {{"consultation", consultation.name()}});
}

// Whose answer it is, by the address that our invitation gave him.
absl::StatusOr<const Participant*> Replier(const Consultation& consultation, const ical::Reply& reply) {
  if (reply.uid != EventOf(consultation, absl::Time()).uid) {
    return BadField("content", {"这是对其他会商的答复。", "answers another consultation."}, "REPLY_TO_OTHERS");
  }
  if (reply.sequence < consultation.sequence()) {
    return StateForbids(
        "REPLY_OUTDATED",
        {"会商已改期,这是对此前邀请的答复。", "It was rescheduled since; this answers the earlier invitation."},
        {{"consultation", consultation.name()}});
  }
  for (const Participant& participant : consultation.participants()) {
    if (absl::AsciiStrToLower(AddressOf(participant.calendar())) == reply.attendee.address) return &participant;
  }
  return BadField("content",
                  {absl::StrCat("答复人“", reply.attendee.address, "”不是参会人员。"),
                   absl::StrCat("is of \"", reply.attendee.address, "\", who is not one of the participants.")},
                  "NOT_A_PARTICIPANT");
}

absl::StatusOr<Consultation::Answer> AnswerIn(const Consultation& consultation, const ical::Reply& reply) {
  using ical::ParticipationStatus;
  Consultation::Answer answer;
  answer.set_comment(reply.comment);
  if (reply.attendee.status == ParticipationStatus::kDeclined) {
    answer.set_kind(Consultation::Answer::DECLINE);
  } else if (reply.attendee.status == ParticipationStatus::kDelegated) {
    answer.set_kind(Consultation::Answer::DELEGATE);
    for (const Participant& participant : consultation.participants()) {
      if (AddressOf(participant.calendar()) == absl::AsciiStrToLower(reply.attendee.delegated_to))
        answer.set_delegate(participant.calendar());
    }
  } else if (reply.attendee.status == ParticipationStatus::kAccepted) {
    answer.set_kind(Consultation::Answer::ACCEPT);
  } else {
    return BadField("content", {"没有表明是否参加。", "says neither yes nor no."}, "REPLY_UNDECIDED");
  }
  return answer;
}

}  // namespace

std::string AddressOf(const std::string& calendar) {
  return absl::AsciiStrToLower(
      absl::StrCat("mailto:", LastSegment(calendar), ".", std::string(schema::CityOf(calendar)), "@", kDomain));
}

std::string UidOf(const std::string& name) {
  return absl::StrCat(LastSegment(name), ".", std::string(schema::CityOf(name)), "@", kDomain);
}

ical::Event EventOf(const Consultation& consultation, absl::Time stamp) {
  ical::Event event{.uid = UidOf(consultation.name()),
                    .sequence = consultation.sequence(),
                    .stamp = stamp,
                    .last_modified = rules::ToTime(consultation.update_time()),
                    .start = consultation.has_slot() ? rules::ToTime(consultation.start_time()) : absl::Time(),
                    .end = consultation.has_slot() ? rules::ToTime(consultation.end_time()) : absl::Time(),
                    .summary = consultation.topic(),
                    .description = absl::StrCat(consultation.number(), consultation.description().empty() ? "" : "\n",
                                                consultation.description()),
                    .location = consultation.mode() == Consultation::VIDEO ? "视频会议" : consultation.room_title(),
                    .status = StatusOf(consultation)};
  for (const auto& party : consultation.parties()) {
    if (party.city() == consultation.host_city()) event.organizer.name = party.city_title();
  }
  event.organizer.address = AddressOf(absl::StrCat(consultation.host_city(), "/calendars/consultations"));
  event.organizer.status = ical::ParticipationStatus::kAccepted;
  for (const Participant& participant : consultation.participants()) event.attendees.push_back(PersonOf(participant));
  return event;
}

absl::StatusOr<v1::ExportFreeBusyResponse> ExportFreeBusy(const View& view, const Caller& caller,
                                                          const v1::ExportFreeBusyRequest& request) {
  v1::QueryFreeBusyRequest query;
  query.add_calendars(request.name());
  *query.mutable_from_time() = request.from_time();
  *query.mutable_until_time() = request.until_time();
  ASSIGN_OR_RETURN(const v1::QueryFreeBusyResponse found, QueryFreeBusy(view, caller, query));
  ASSIGN_OR_RETURN(const std::optional<Calendar> calendar, FindStored<Calendar>(view, request.name()));
  std::vector<ical::BusyPeriod> periods;
  for (const v1::BusySpan& span : found.free_busy(0).spans())
    periods.push_back({rules::ToTime(span.start_time()), rules::ToTime(span.end_time())});
  // Whose it is stays in his city, as titles do.
  const bool named = calendar && (caller.IsService() || caller.city == schema::CityOf(request.name()));
  v1::ExportFreeBusyResponse response;
  response.set_content(
      ical::WriteFreeBusy({.address = AddressOf(request.name()), .name = named ? calendar->title() : ""},
                          absl::StrCat("free-busy.", UidOf(request.name())), view.now(),
                          rules::ToTime(request.from_time()), rules::ToTime(request.until_time()), periods));
  return response;
}

absl::StatusOr<v1::ExportInvitationResponse> ExportInvitation(const View& view, const Caller&,
                                                              const v1::ExportInvitationRequest& request) {
  ASSIGN_OR_RETURN(const Consultation consultation, view.Get<Consultation>(request.name()));
  RETURN_IF_ERROR(CheckInvites(consultation));
  ical::Event event = EventOf(consultation, view.now());
  if (!request.calendar().empty()) {
    RETURN_IF_ERROR(rules::CheckParticipant(consultation, request.calendar()));
    std::erase_if(event.attendees,
                  [&](const ical::EventPerson& each) { return each.address != AddressOf(request.calendar()); });
  }
  v1::ExportInvitationResponse response;
  response.set_content(TakesBack(consultation) ? ical::WriteCancel(std::move(event)) : ical::WriteRequest(event));
  return response;
}

absl::StatusOr<Consultation> ImportReply(Txn& txn, const Caller& caller, const v1::ImportReplyRequest& request) {
  ASSIGN_OR_RETURN(const Consultation consultation, txn.Get<Consultation>(request.name()));
  ASSIGN_OR_RETURN(const ical::Reply reply, ical::ReadReply(request.content()));
  ASSIGN_OR_RETURN(const Participant* const participant, Replier(consultation, reply));
  v1::AnswerConsultationRequest answer;
  answer.set_name(request.name());
  answer.set_etag(request.etag());
  answer.set_calendar(participant->calendar());
  ASSIGN_OR_RETURN(*answer.mutable_answer(), AnswerIn(consultation, reply));
  return AnswerConsultation(txn, caller, answer);
}

}  // namespace duikou::consultation
