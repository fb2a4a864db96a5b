#include "services/personnel/rules/engagement_actions.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "duikou/type/v1/role.pb.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/rules/engagement_state.h"
#include "services/personnel/rules/ties.h"

namespace duikou::personnel::rules {
namespace {

using v1::Engagement;

// Approvals and decisions name the version that they are of: a new one begins without any.
void NumberTerms(Engagement& engagement, Engagement::Terms& terms) {
  engagement.set_terms_versions(engagement.terms_versions() + 1);
  terms.set_version(engagement.terms_versions());
}

// Until all have approved: 30 days (ExchangeSettings), or the start.
void AwaitApproval(Engagement& engagement, const Moment& moment) {
  engagement.set_state(Engagement::PROPOSED);
  const absl::CivilDay start = ToCivil(engagement.terms().start_date());
  *engagement.mutable_lapse_date() = ToDate(std::min(moment.today + moment.settings.lapse_days(), start));
  *engagement.mutable_end_date() = engagement.terms().end_date();
}

bool SpeaksFor(const Engagement& engagement, Engagement::Track track, const Caller& by) {
  if (track == Engagement::FORMER_UNIT) return !by.unit.empty() && by.unit == engagement.home_unit();
  if (!by.Has(duikou::type::v1::PERSONNEL_OFFICER)) return false;
  const auto side = SideOf(engagement, by);
  return side.ok() && *side == (track == Engagement::HOME ? Engagement::HOME_SIDE : Engagement::HOST_SIDE);
}

// Of the waiting version.
bool Approved(const Engagement& engagement, Engagement::Track track) {
  const int waiting = WaitingTerms(engagement).version();
  return std::any_of(engagement.approvals().begin(), engagement.approvals().end(), [&](const auto& approval) {
    return approval.track() == track && approval.terms_version() == waiting;
  });
}

// The tracks that the caller can speak for. Reasons: TRACK_NOT_YOURS.
absl::StatusOr<std::vector<Engagement::Track>> OwnTracks(const Engagement& engagement, const Caller& by) {
  std::vector<Engagement::Track> own;
  for (const int track : engagement.tracks()) {
    if (SpeaksFor(engagement, static_cast<Engagement::Track>(track), by))
      own.push_back(static_cast<Engagement::Track>(track));
  }
  if (!own.empty()) return own;
  return PermissionDenied("TRACK_NOT_YOURS", {"此项交流不需要您所代表的一方批准。",
                                              "This engagement asks for no approval that you could give."});
}

// Of an ACTIVE engagement it is the extension that is decided about.
absl::Status CheckWaits(const Engagement& engagement) {
  if (engagement.state() != Engagement::ACTIVE || engagement.has_extension()) return absl::OkStatus();
  return StateForbids(
      "EXTENSION_MISSING",
      {"该交流已在岗,没有待批准的延期。", "The engagement is ACTIVE and no extension waits for approval."},
      {{"engagement", engagement.name()}});
}

absl::Status CheckVersion(const Engagement& engagement, int version) {
  const int waiting = WaitingTerms(engagement).version();
  if (version == waiting) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted,
                   {.reason = "TERMS_CHANGED",
                    .text = {absl::StrCat("条件已变更为第 ", waiting, " 版,请重新查看后再批准。"),
                             absl::StrCat("The terms are now version ", waiting, ": read them before you approve.")},
                    .metadata = {{"engagement", engagement.name()}, {"terms_version", absl::StrCat(waiting)}}});
}

// Between its last day and the next daily run, too, nothing that has lapsed takes effect.
absl::Status CheckInTime(const Engagement& engagement, absl::CivilDay today) {
  const bool extension = engagement.state() == Engagement::ACTIVE;
  const absl::CivilDay last = ToCivil(extension ? engagement.terms().end_date() : engagement.lapse_date());
  if (today <= last) return absl::OkStatus();
  return StateForbids("PROPOSAL_LAPSED",
                      {absl::StrCat("批准期限到 ", FormatDay(last), ",现已失效。"),
                       absl::StrCat("It could be approved until ", FormatDay(last), " and has lapsed.")},
                      {{"engagement", engagement.name()}});
}

void DropExtension(Engagement& engagement) {
  if (engagement.has_extension()) *engagement.add_past_terms() = engagement.extension();
  engagement.clear_extension();
}

void PutInForce(Engagement& engagement, absl::CivilDay arrival_due) {
  if (engagement.state() == Engagement::PROPOSED) {
    engagement.set_state(Engagement::APPROVED);
    *engagement.mutable_lapse_date() = ToDate(arrival_due);
    return;
  }
  *engagement.add_past_terms() = engagement.terms();
  *engagement.mutable_terms() = engagement.extension();
  engagement.clear_extension();
  *engagement.mutable_end_date() = engagement.terms().end_date();
}

void End(Engagement& engagement, Engagement::State state, Engagement::Side side, const std::string& reason) {
  engagement.set_state(state);
  engagement.set_ended_by(side);
  engagement.set_end_reason(reason);
  engagement.clear_lapse_date();
}

absl::Status CheckArrival(const Engagement& engagement, absl::CivilDay day, const char* field) {
  const absl::CivilDay start = ToCivil(engagement.terms().start_date());
  if (day >= start) return absl::OkStatus();
  return BadField(field,
                  {absl::StrCat("报到不能早于开始日期 ", FormatDay(start), "。"),
                   absl::StrCat("must not be before the start, ", FormatDay(start), ".")},
                  "ARRIVAL_BEFORE_START");
}

absl::Status CheckEnd(const Engagement& engagement, absl::CivilDay day, const char* field) {
  const absl::CivilDay arrival = ToCivil(engagement.arrival_date());
  if (day >= arrival) return absl::OkStatus();
  return BadField(field,
                  {absl::StrCat("不能早于报到日期 ", FormatDay(arrival), "。"),
                   absl::StrCat("must not be before the arrival, ", FormatDay(arrival), ".")},
                  "END_BEFORE_ARRIVAL");
}

}  // namespace

std::vector<Engagement::Track> TracksOf(v1::ExchangeKind kind, const v1::Person& person) {
  const bool employed = !person.home_unit().empty() && !person.retired();
  switch (kind) {
    case v1::RETIREE_REHIRE:
      if (person.cadre()) return {Engagement::HOST, Engagement::FORMER_UNIT};
      return {Engagement::HOST};
    case v1::CONSULTANT:
    case v1::PROJECT_COOPERATION:
      if (!employed) return {Engagement::HOST};
      return {Engagement::HOME, Engagement::HOST};
    default:
      return {Engagement::HOME, Engagement::HOST};
  }
}

void Propose(Engagement& engagement, const v1::Person& person, const Moment& moment) {
  for (const Engagement::Track track : TracksOf(engagement.kind(), person)) engagement.add_tracks(track);
  NumberTerms(engagement, *engagement.mutable_terms());
  engagement.mutable_propose_time()->set_seconds(absl::ToUnixSeconds(moment.now));
  AwaitApproval(engagement, moment);
}

absl::Status AmendTerms(Engagement& engagement, Engagement::Terms terms, const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(engagement, Action::kAmendTerms));
  *engagement.add_past_terms() = engagement.terms();
  *engagement.mutable_terms() = std::move(terms);
  NumberTerms(engagement, *engagement.mutable_terms());
  AwaitApproval(engagement, moment);
  return absl::OkStatus();
}

absl::Status Approve(Engagement& engagement, int terms_version, const std::string& comment, const Caller& by,
                     absl::CivilDay arrival_due, const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(engagement, Action::kApprove));
  RETURN_IF_ERROR(CheckWaits(engagement));
  ASSIGN_OR_RETURN(std::vector<Engagement::Track> own, OwnTracks(engagement, by));
  RETURN_IF_ERROR(CheckVersion(engagement, terms_version));
  RETURN_IF_ERROR(CheckInTime(engagement, moment.today));
  std::erase_if(own, [&](Engagement::Track track) { return Approved(engagement, track); });
  if (own.empty()) {
    return StateForbids("APPROVED_ALREADY",
                        {"您所代表的一方已经批准。", "Your side has approved this version already."},
                        {{"engagement", engagement.name()}});
  }
  RETURN_IF_ERROR(CheckTiesDecided(engagement, WaitingTerms(engagement)));
  for (const Engagement::Track track : own) {
    Engagement::Approval* approval = engagement.add_approvals();
    approval->set_track(track);
    approval->set_terms_version(terms_version);
    approval->set_account(by.name);
    approval->set_on_behalf_of(by.on_behalf_of);
    approval->mutable_time()->set_seconds(absl::ToUnixSeconds(moment.now));
    approval->set_comment(comment);
  }
  const bool all = std::all_of(engagement.tracks().begin(), engagement.tracks().end(),
                               [&](int track) { return Approved(engagement, static_cast<Engagement::Track>(track)); });
  if (all) PutInForce(engagement, arrival_due);
  return absl::OkStatus();
}

bool AwaitsApprovalOf(const Engagement& engagement, const Caller& by) {
  return std::any_of(engagement.tracks().begin(), engagement.tracks().end(), [&](int number) {
    const auto track = static_cast<Engagement::Track>(number);
    return SpeaksFor(engagement, track, by) && !Approved(engagement, track);
  });
}

bool MoveArrivalDue(Engagement& engagement, absl::CivilDay arrival_due) {
  if (engagement.state() != Engagement::APPROVED || ToCivil(engagement.lapse_date()) == arrival_due) return false;
  *engagement.mutable_lapse_date() = ToDate(arrival_due);
  return true;
}

absl::Status Reject(Engagement& engagement, const std::string& reason, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(engagement, Action::kReject));
  RETURN_IF_ERROR(CheckWaits(engagement));
  RETURN_IF_ERROR(OwnTracks(engagement, by).status());
  if (engagement.state() == Engagement::ACTIVE) {
    DropExtension(engagement);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Engagement::Side side, SideOf(engagement, by));
  End(engagement, Engagement::REJECTED, side, reason);
  return absl::OkStatus();
}

absl::Status Withdraw(Engagement& engagement, const std::string& reason, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(engagement, Action::kWithdraw));
  RETURN_IF_ERROR(CheckSide(engagement, Engagement::HOME_SIDE, by));
  End(engagement, Engagement::WITHDRAWN, Engagement::HOME_SIDE, reason);
  return absl::OkStatus();
}

absl::Status Cancel(Engagement& engagement, const std::string& reason, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(engagement, Action::kCancel));
  ASSIGN_OR_RETURN(const Engagement::Side side, SideOf(engagement, by));
  End(engagement, Engagement::CANCELLED, side, reason);
  return absl::OkStatus();
}

absl::Status RecordArrival(Engagement& engagement, absl::CivilDay day, const Caller& by, const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(engagement, Action::kRecordArrival));
  RETURN_IF_ERROR(CheckSide(engagement, Engagement::HOST_SIDE, by));
  RETURN_IF_ERROR(CheckArrival(engagement, day, "date"));
  RETURN_IF_ERROR(CheckPast(day, "date", moment.today));
  if (const absl::CivilDay end = ToCivil(engagement.terms().end_date()); day > end) {
    return BadField("date",
                    {absl::StrCat("报到不能晚于结束日期 ", FormatDay(end), "。"),
                     absl::StrCat("must not be after the end, ", FormatDay(end), ".")},
                    "ARRIVAL_AFTER_END");
  }
  const absl::CivilDay last = ToCivil(engagement.lapse_date());
  if (moment.today > last) {
    return StateForbids(
        "ARRIVAL_LATE",
        {absl::StrCat("报到期限到 ", FormatDay(last), ",现已失效,请重新提出。"),
         absl::StrCat("The arrival could be recorded until ", FormatDay(last), "; it has lapsed: propose it anew.")},
        {{"engagement", engagement.name()}});
  }
  engagement.set_state(Engagement::ACTIVE);
  *engagement.mutable_arrival_date() = ToDate(day);
  engagement.clear_lapse_date();
  return absl::OkStatus();
}

absl::Status Extend(Engagement& engagement, Engagement::Terms terms, const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(engagement, Action::kExtend));
  if (engagement.has_extension()) {
    return StateForbids("EXTENSION_PENDING", {"已有一份延期待批准。", "Another extension waits for approval."},
                        {{"engagement", engagement.name()}});
  }
  RETURN_IF_ERROR(CheckInTime(engagement, moment.today));
  const absl::CivilDay end = ToCivil(engagement.terms().end_date());
  if (ToCivil(terms.end_date()) <= end) {
    return BadField("end_date",
                    {absl::StrCat("应晚于现在的结束日期 ", FormatDay(end), "。"),
                     absl::StrCat("must be after the present end, ", FormatDay(end), ".")},
                    "EXTENSION_NOT_LATER");
  }
  *engagement.mutable_extension() = std::move(terms);
  NumberTerms(engagement, *engagement.mutable_extension());
  return absl::OkStatus();
}

absl::Status EndEarly(Engagement& engagement, absl::CivilDay day, const std::string& reason, bool own_reasons,
                      const Caller& by, const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(engagement, Action::kEndEarly));
  ASSIGN_OR_RETURN(const Engagement::Side side, SideOf(engagement, by));
  RETURN_IF_ERROR(CheckPast(day, "date", moment.today));
  RETURN_IF_ERROR(CheckEnd(engagement, day, "date"));
  const absl::CivilDay end = ToCivil(engagement.terms().end_date());
  if (day >= end) {
    return BadField(
        "date",
        {absl::StrCat("应早于约定的结束日期 ", FormatDay(end), ";到期将自动期满。"),
         absl::StrCat("must be before the agreed end, ", FormatDay(end), ", at which it completes by itself.")},
        "END_NOT_EARLY");
  }
  DropExtension(engagement);
  End(engagement, Engagement::ENDED_EARLY, side, reason);
  engagement.set_own_reasons(own_reasons);
  *engagement.mutable_end_date() = ToDate(day);
  return absl::OkStatus();
}

absl::Status Assess(Engagement& engagement, const std::string& assessment, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(engagement, Action::kAssess));
  RETURN_IF_ERROR(CheckSide(engagement, Engagement::HOME_SIDE, by));
  engagement.set_state(Engagement::ASSESSED);
  engagement.set_assessment(assessment);
  return absl::OkStatus();
}

absl::Status Correct(Engagement& engagement, const Corrected& corrected, const std::string& reason, const Caller& by,
                     const Moment& moment) {
  RETURN_IF_ERROR(CheckAllowed(engagement, Action::kCorrect));
  ASSIGN_OR_RETURN(const Engagement::Side side, SideOf(engagement, by));
  if (!corrected.arrival && !corrected.end) {
    return BadField("arrival_date", {"请填写更正后的报到日期或结束日期。", "fill in the right arrival or end date."},
                    "CORRECTION_EMPTY");
  }
  if (corrected.end && engagement.state() == Engagement::ACTIVE) {
    return StateForbids("NOT_ENDED",
                        {"该交流尚未结束,没有可更正的结束日期。", "It has not ended, so there is no end to correct."},
                        {{"engagement", engagement.name()}});
  }
  Engagement::Correction correction;
  *correction.mutable_arrival_before() = engagement.arrival_date();
  *correction.mutable_end_before() = engagement.end_date();
  if (corrected.arrival) {
    RETURN_IF_ERROR(CheckArrival(engagement, *corrected.arrival, "arrival_date"));
    RETURN_IF_ERROR(CheckPast(*corrected.arrival, "arrival_date", moment.today));
    *engagement.mutable_arrival_date() = ToDate(*corrected.arrival);
  }
  if (corrected.end) {
    RETURN_IF_ERROR(CheckPast(*corrected.end, "end_date", moment.today));
    const absl::CivilDay agreed = ToCivil(engagement.terms().end_date());
    if (*corrected.end > agreed) {
      return BadField("end_date",
                      {absl::StrCat("不能晚于约定的结束日期 ", FormatDay(agreed), "。"),
                       absl::StrCat("must not be after the agreed end, ", FormatDay(agreed), ".")},
                      "END_AFTER_TERM");
    }
    *engagement.mutable_end_date() = ToDate(*corrected.end);
  }
  RETURN_IF_ERROR(CheckEnd(engagement, ToCivil(engagement.end_date()), corrected.end ? "end_date" : "arrival_date"));
  correction.set_side(side);
  correction.set_account(by.name);
  correction.mutable_time()->set_seconds(absl::ToUnixSeconds(moment.now));
  correction.set_reason(reason);
  *engagement.add_corrections() = std::move(correction);
  return absl::OkStatus();
}

bool RunDay(Engagement& engagement, absl::CivilDay day) {
  if (Allows(engagement.state(), Action::kLapse) && day > ToCivil(engagement.lapse_date())) {
    engagement.set_state(Engagement::LAPSED);
    engagement.clear_lapse_date();
    return true;
  }
  if (Allows(engagement.state(), Action::kComplete) && day > ToCivil(engagement.terms().end_date())) {
    DropExtension(engagement);
    engagement.set_state(Engagement::COMPLETED);
    return true;
  }
  return false;
}

}  // namespace duikou::personnel::rules
