#include "services/consultation/consultations.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/workday.h"
#include "common/store/find_stored.h"
#include "duikou/consultation/v1/proceeding.pb.h"
#include "duikou/consultation/v1/series.pb.h"
#include "services/consultation/rules/consultation_actions.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/drafts.h"
#include "services/consultation/rules/series.h"
#include "services/consultation/rules/travel.h"
#include "services/consultation/settings.h"

namespace duikou::consultation {
namespace {

using v1::Calendar;
using v1::Consultation;

// What the draft leaves to the calendars and the settings of the host city. `naming` is the city whose participants the
// request names; empty where it holds the whole record.
absl::Status Fill(Txn& txn, Consultation& consultation, const std::string& naming = "") {
  for (int i = 0; i < consultation.participants_size(); ++i) {
    Consultation::Participant& participant = *consultation.mutable_participants(i);
    const std::string place = rules::PlaceOf(consultation, i, "consultation", naming);
    ASSIGN_OR_RETURN(const std::optional<Calendar> calendar, FindStored<Calendar>(txn, participant.calendar()));
    if (!calendar) return UnknownReference(absl::StrCat(place, ".calendar"), participant.calendar());
    RETURN_IF_ERROR(rules::FillParticipant(participant, *calendar, place));
  }
  ASSIGN_OR_RETURN(const v1::ConsultationSettings settings, SettingsOf(txn, rules::CityOf(consultation.name())));
  rules::FillTravel(consultation, settings);
  return absl::OkStatus();
}

absl::Status Number(Txn& txn, Consultation& consultation) {
  const std::string city(schema::CityOf(consultation.name()));
  ASSIGN_OR_RETURN(const v1::ConsultationSettings settings, SettingsOf(txn, "cities/" + city));
  const auto year = DayOf(txn.now()).year();
  ASSIGN_OR_RETURN(const int64_t count, txn.NextNumber(city, absl::StrCat("consultation/", year)));
  consultation.set_number(absl::StrFormat(
      "%s-HS-%d-%02d", settings.number_prefix().empty() ? city : settings.number_prefix(), year, count));
  return absl::OkStatus();
}

// A decision that has not become tasks yet, by name; empty without one.
absl::StatusOr<std::string> OpenDecision(const View& view, const Consultation& consultation) {
  ASSIGN_OR_RETURN(const std::vector<v1::Decision> decisions,
                   view.ListAll<v1::Decision>({.parent = consultation.name()}));
  for (const v1::Decision& decision : decisions) {
    if (decision.state() != v1::Decision::TASKED) return decision.name();
  }
  return std::string();
}

}  // namespace

absl::Status OnCreateConsultation(Txn& txn, const Caller& caller, Consultation& consultation) {
  RETURN_IF_ERROR(rules::CheckHostsParticipants(consultation, "consultation", caller));
  if (!consultation.series().empty()) {
    RETURN_IF_ERROR(SeenReference<v1::Series>(txn, "consultation.series", consultation.series()).status());
  }
  return StartDraft(txn, consultation);
}

absl::Status StartDraft(Txn& txn, Consultation& consultation) {
  consultation.set_state(Consultation::DRAFT);
  RETURN_IF_ERROR(rules::CheckDraft(consultation, "consultation"));
  RETURN_IF_ERROR(Fill(txn, consultation));
  return Number(txn, consultation);
}

absl::Status OnUpdateConsultation(Txn& txn, const Caller&, const Consultation& before, Consultation& after) {
  RETURN_IF_ERROR(rules::CheckAllowed(before, rules::Action::kEdit));
  RETURN_IF_ERROR(rules::KeepOthersParticipants(before, after));
  RETURN_IF_ERROR(rules::CheckDraft(after, "consultation"));
  RETURN_IF_ERROR(Fill(txn, after));
  return SettleSeries(txn, after);
}

absl::Status OnDeleteConsultation(Txn& txn, const Caller&, const Consultation& consultation) {
  RETURN_IF_ERROR(rules::CheckDelete(consultation));
  // Its turn is given back, as that of one that is cancelled.
  Consultation gone = consultation;
  gone.set_state(Consultation::CANCELLED);
  return SettleSeries(txn, gone);
}

absl::StatusOr<Consultation> NameParticipants(Txn& txn, const Caller& caller,
                                              const v1::NameParticipantsRequest& request) {
  ASSIGN_OR_RETURN(Consultation consultation, txn.Get<Consultation>(request.name()));
  ASSIGN_OR_RETURN(const std::string city, rules::PartyOf(consultation, caller));
  RETURN_IF_ERROR(rules::NameParticipants(
      consultation, city, {request.participants().begin(), request.participants().end()}, request.quorum()));
  RETURN_IF_ERROR(Fill(txn, consultation, city));
  return txn.Update(std::move(consultation), request.etag());
}

absl::StatusOr<Consultation> RecordAttendance(Txn& txn, const Caller&, const v1::RecordAttendanceRequest& request) {
  ASSIGN_OR_RETURN(Consultation consultation, txn.Get<Consultation>(request.name()));
  const std::set<std::string> attended(request.attended().begin(), request.attended().end());
  RETURN_IF_ERROR(rules::RecordAttendance(consultation, attended, txn.now()));
  RETURN_IF_ERROR(SettleSeries(txn, consultation));
  return txn.Update(std::move(consultation), request.etag());
}

absl::StatusOr<Consultation> CloseConsultation(Txn& txn, const Caller&, const v1::CloseConsultationRequest& request) {
  ASSIGN_OR_RETURN(Consultation consultation, txn.Get<Consultation>(request.name()));
  ASSIGN_OR_RETURN(const std::string open, OpenDecision(txn, consultation));
  RETURN_IF_ERROR(rules::Close(consultation, open));
  return txn.Update(std::move(consultation), request.etag());
}

absl::Status SettleSeries(Txn& txn, const Consultation& consultation) {
  if (consultation.series().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::optional<v1::Series> series, FindStored<v1::Series>(txn, consultation.series()));
  if (!series || !rules::SettleTurn(*series, consultation)) return absl::OkStatus();
  return txn.Update(*std::move(series)).status();
}

}  // namespace duikou::consultation
