#include "services/consultation/proceedings.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "common/crypto/digest.h"
#include "common/store/find_stored.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/consultation/notices.h"
#include "services/consultation/rules/consultation_actions.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/decisions.h"
#include "services/consultation/rules/minutes.h"
#include "services/consultation/settings.h"

namespace duikou::consultation {
namespace {

using v1::AgendaItem;
using v1::Consultation;
using v1::Decision;
using v1::Minutes;

absl::StatusOr<Consultation> ConsultationOf(const View& view, const std::string& below) {
  return view.Get<Consultation>(below.substr(0, below.find('/', below.find("/consultations/") + 15)));
}

absl::Status CheckAgenda(const View& view, const Caller& caller, const AgendaItem& item) {
  ASSIGN_OR_RETURN(const Consultation consultation, ConsultationOf(view, item.name()));
  RETURN_IF_ERROR(rules::CheckAllowed(consultation, rules::Action::kPutOnAgenda));
  ASSIGN_OR_RETURN(const std::string city, rules::PartyOf(consultation, caller));
  if (item.city() == city) return absl::OkStatus();
  return PermissionDenied("ITEM_OF_OTHERS", {"这是其他方提出的议题。", "Another party put this item on the agenda."});
}

// What all have signed takes no further decisions.
absl::Status CheckUnsigned(const View& view, const Consultation& consultation) {
  ASSIGN_OR_RETURN(const std::vector<Minutes> written, view.ListAll<Minutes>({.parent = consultation.name()}));
  for (const Minutes& minutes : written) RETURN_IF_ERROR(rules::CheckUnsigned(minutes));
  return absl::OkStatus();
}

// With the last signature.
absl::Status AgreeAll(Txn& txn, const Minutes& minutes) {
  ASSIGN_OR_RETURN(std::vector<Decision> decisions, txn.ListAll<Decision>({.parent = minutes.consultation()}));
  for (Decision& decision : decisions) {
    rules::Agree(decision);
    RETURN_IF_ERROR(txn.Update(std::move(decision)).status());
  }
  return absl::OkStatus();
}

// By its id, as its consultation may be named by its number.
absl::Status NameItem(const View& view, Decision& decision) {
  if (decision.agenda_item().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::AgendaItem item,
                   SeenReference<v1::AgendaItem>(view, "decision.agenda_item", decision.agenda_item()));
  decision.set_agenda_item(item.name());
  return absl::OkStatus();
}

}  // namespace

absl::Status OnCreateAgendaItem(Txn& txn, const Caller& caller, AgendaItem& item) {
  item.set_city(absl::StrCat("cities/", caller.city));
  RETURN_IF_ERROR(CheckAgenda(txn, caller, item));
  ASSIGN_OR_RETURN(const Consultation consultation, ConsultationOf(txn, item.name()));
  item.set_consultation(consultation.name());
  return absl::OkStatus();
}

absl::Status OnUpdateAgendaItem(Txn& txn, const Caller& caller, const AgendaItem& before, AgendaItem&) {
  return CheckAgenda(txn, caller, before);
}

absl::Status OnDeleteAgendaItem(Txn& txn, const Caller& caller, const AgendaItem& item) {
  return CheckAgenda(txn, caller, item);
}

absl::StatusOr<std::string> DigestOf(const View& view, const Minutes& minutes) {
  ASSIGN_OR_RETURN(std::vector<Decision> decisions, view.ListAll<Decision>({.parent = minutes.consultation()}));
  return crypto::Sha256({rules::SignedBytes(minutes, std::move(decisions))});
}

absl::Status OnCreateMinutes(Txn& txn, const Caller& caller, Minutes& minutes) {
  ASSIGN_OR_RETURN(const Consultation consultation, ConsultationOf(txn, minutes.name()));
  return rules::WriteMinutes(minutes, consultation, caller, txn.now());
}

absl::StatusOr<Minutes> ReviseMinutes(Txn& txn, const Caller& caller, const v1::ReviseMinutesRequest& request) {
  ASSIGN_OR_RETURN(Minutes minutes, txn.Get<Minutes>(request.name()));
  ASSIGN_OR_RETURN(const Consultation consultation, ConsultationOf(txn, minutes.name()));
  ASSIGN_OR_RETURN(const std::string digest, DigestOf(txn, minutes));
  Minutes wanted;
  wanted.set_title(request.title());
  wanted.set_text(request.text());
  RETURN_IF_ERROR(rules::ReviseMinutes(minutes, consultation, wanted, digest, caller, txn.now()));
  return txn.Update(std::move(minutes), request.etag());
}

absl::StatusOr<v1::GetMinutesDigestResponse> GetMinutesDigest(const View& view, const Caller&,
                                                              const v1::GetMinutesDigestRequest& request) {
  ASSIGN_OR_RETURN(const Minutes minutes, view.Get<Minutes>(request.name()));
  v1::GetMinutesDigestResponse response;
  ASSIGN_OR_RETURN(*response.mutable_digest(), DigestOf(view, minutes));
  response.set_version(minutes.version());
  return response;
}

absl::StatusOr<Minutes> SignMinutes(Txn& txn, const Caller& caller, const v1::SignMinutesRequest& request) {
  ASSIGN_OR_RETURN(Minutes minutes, txn.Get<Minutes>(request.name()));
  ASSIGN_OR_RETURN(const Consultation consultation, ConsultationOf(txn, minutes.name()));
  rules::Signing signing{
      .read_digest = request.digest(), .scan_digest = request.scan_digest(), .role = duikou::type::v1::COORDINATOR};
  ASSIGN_OR_RETURN(signing.digest, DigestOf(txn, minutes));
  RETURN_IF_ERROR(rules::SignMinutes(minutes, consultation, signing, caller, txn.now()));
  if (minutes.has_sign_time()) RETURN_IF_ERROR(AgreeAll(txn, minutes));
  return txn.Update(std::move(minutes), request.etag());
}

absl::StatusOr<Minutes> IssueMinutes(Txn& txn, const Caller&, const v1::IssueMinutesRequest& request) {
  ASSIGN_OR_RETURN(Minutes minutes, txn.Get<Minutes>(request.name()));
  ASSIGN_OR_RETURN(Consultation consultation, ConsultationOf(txn, minutes.name()));
  RETURN_IF_ERROR(rules::CheckAllowed(consultation, rules::Action::kIssueMinutes));
  ASSIGN_OR_RETURN(const std::string digest, DigestOf(txn, minutes));
  RETURN_IF_ERROR(rules::CheckSigned(minutes, digest));
  RETURN_IF_ERROR(rules::MarkMinuted(consultation));
  ASSIGN_OR_RETURN(consultation, txn.Update(std::move(consultation)));
  RETURN_IF_ERROR(TellParties(txn, consultation, v1::ConsultationNotice::MINUTES_ISSUED, ""));
  return txn.Update(std::move(minutes), request.etag());
}

absl::Status OnCreateDecision(Txn& txn, const Caller&, Decision& decision) {
  ASSIGN_OR_RETURN(const Consultation consultation, ConsultationOf(txn, decision.name()));
  decision.set_consultation(consultation.name());
  decision.set_state(Decision::DRAFTED);
  RETURN_IF_ERROR(rules::CheckOpen(decision, consultation));
  RETURN_IF_ERROR(CheckUnsigned(txn, consultation));
  RETURN_IF_ERROR(NameItem(txn, decision));
  return rules::CheckDecision(decision, consultation, DayOf(txn.now()));
}

absl::Status OnUpdateDecision(Txn& txn, const Caller&, const Decision& before, Decision& after) {
  ASSIGN_OR_RETURN(const Consultation consultation, ConsultationOf(txn, before.name()));
  RETURN_IF_ERROR(rules::CheckOpen(before, consultation));
  if (after.agenda_item() != before.agenda_item()) RETURN_IF_ERROR(NameItem(txn, after));
  return rules::CheckDecision(after, consultation, DayOf(txn.now()));
}

absl::Status OnDeleteDecision(Txn& txn, const Caller&, const Decision& decision) {
  ASSIGN_OR_RETURN(const Consultation consultation, ConsultationOf(txn, decision.name()));
  return rules::CheckOpen(decision, consultation);
}

absl::StatusOr<Decision> LinkDecisionTask(Txn& txn, const Caller&, const v1::LinkDecisionTaskRequest& request) {
  ASSIGN_OR_RETURN(std::optional<Decision> decision, FindStored<Decision>(txn, request.name()));
  if (!decision) return UnknownReference("name", request.name());
  Decision linked = *decision;
  RETURN_IF_ERROR(rules::LinkTask(linked, request.task()));
  // Told again after a kill, it is no change.
  if (linked.SerializeAsString() == decision->SerializeAsString()) return linked;
  return txn.Update(std::move(linked));
}

}  // namespace duikou::consultation
