#include "services/consultation/rules/minutes.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/moments.h"

namespace duikou::consultation::rules {
namespace {

using v1::Decision;
using v1::Minutes;

// Each part with its length before it, so that no two versions have the same bytes.
void Append(std::string& bytes, absl::string_view part) { absl::StrAppend(&bytes, part.size(), ":", part, ";"); }

bool Signed(const Minutes& minutes, const std::string& city, const std::string& digest) {
  return std::any_of(minutes.signatures().begin(), minutes.signatures().end(),
                     [&](const auto& signature) { return signature.city() == city && signature.digest() == digest; });
}

void StampVersion(Minutes& minutes, const Caller& by, absl::Time now) {
  minutes.set_version(minutes.version() + 1);
  minutes.set_account(by.name);
  *minutes.mutable_version_time() = ToTimestamp(now);
}

}  // namespace

std::string SignedBytes(const Minutes& minutes, std::vector<Decision> decisions) {
  std::sort(decisions.begin(), decisions.end(), [](const Decision& a, const Decision& b) {
    return std::forward_as_tuple(a.position(), a.name()) < std::forward_as_tuple(b.position(), b.name());
  });
  std::string bytes = "duikou minutes 1;";
  Append(bytes, minutes.name());
  Append(bytes, absl::StrCat(minutes.version()));
  Append(bytes, minutes.title());
  Append(bytes, minutes.text());
  Append(bytes, absl::StrCat(decisions.size()));
  for (const Decision& decision : decisions) {
    Append(bytes, decision.name());
    Append(bytes, absl::StrCat(decision.position()));
    Append(bytes, decision.title());
    Append(bytes, decision.text());
    Append(bytes, decision.agenda_item());
    Append(bytes, FormatDay(ToCivil(decision.due_date())));
    Append(bytes, absl::StrCat(decision.lead_units_size()));
    for (const auto& lead : decision.lead_units()) Append(bytes, lead.unit());
  }
  return bytes;
}

absl::Status WriteMinutes(Minutes& minutes, const v1::Consultation& consultation, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kWriteMinutes));
  minutes.set_consultation(consultation.name());
  minutes.clear_cities();
  for (const auto& party : consultation.parties()) minutes.add_cities(party.city());
  if (minutes.title().empty()) minutes.set_title(absl::StrCat(consultation.topic(), "纪要"));
  minutes.set_version(0);
  StampVersion(minutes, by, now);
  return absl::OkStatus();
}

absl::Status CheckUnsigned(const Minutes& minutes) {
  if (!minutes.has_sign_time()) return absl::OkStatus();
  return StateForbids("MINUTES_SIGNED",
                      {"各方均已会签,议定事项已转任务,不能再修改。",
                       "All parties have signed and the decisions become tasks: it can no longer be changed."},
                      {{"minutes", minutes.name()}});
}

absl::Status ReviseMinutes(Minutes& minutes, const v1::Consultation& consultation, const Minutes& wanted,
                           const std::string& digest, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kWriteMinutes));
  RETURN_IF_ERROR(CheckUnsigned(minutes));
  const std::string& title = wanted.title().empty() ? minutes.title() : wanted.title();
  if (title == minutes.title() && wanted.text() == minutes.text()) {
    return BadField("text", {"与现有版本相同。", "is the same as the version that is there."}, "VERSION_UNCHANGED");
  }
  Minutes::PastVersion* past = minutes.add_past_versions();
  past->set_version(minutes.version());
  past->set_text(minutes.text());
  past->set_account(minutes.account());
  *past->mutable_time() = minutes.version_time();
  const bool was_signed = std::any_of(minutes.signatures().begin(), minutes.signatures().end(),
                                      [&](const auto& signature) { return signature.version() == minutes.version(); });
  if (was_signed) past->set_digest(digest);
  minutes.set_title(title);
  minutes.set_text(wanted.text());
  StampVersion(minutes, by, now);
  return absl::OkStatus();
}

absl::Status SignMinutes(Minutes& minutes, const v1::Consultation& consultation, const Signing& signing,
                         const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kWriteMinutes));
  ASSIGN_OR_RETURN(const std::string city, PartyOf(consultation, by));
  if (signing.read_digest != signing.digest) {
    return MakeError(absl::StatusCode::kAborted,
                     {.reason = "VERSION_CHANGED",
                      .text = {"纪要或议定事项已有变更,请重新阅读后再会签。",
                               "The minutes or a decision in them were changed: read them again before you sign."},
                      .metadata = {{"minutes", minutes.name()}, {"version", absl::StrCat(minutes.version())}}});
  }
  if (Signed(minutes, city, signing.digest)) {
    return StateForbids("SIGNED_ALREADY", {"本市已会签这一版本。", "Your city has signed this version already."},
                        {{"minutes", minutes.name()}, {"city", city}});
  }
  Minutes::Signature* signature = minutes.add_signatures();
  signature->set_city(city);
  signature->set_account(by.name);
  signature->set_on_behalf_of(by.on_behalf_of);
  signature->set_role(signing.role);
  *signature->mutable_time() = ToTimestamp(now);
  signature->set_version(minutes.version());
  signature->set_digest(signing.digest);
  signature->set_scan_digest(signing.scan_digest);
  if (Unsigned(minutes, signing.digest).empty()) *minutes.mutable_sign_time() = ToTimestamp(now);
  return absl::OkStatus();
}

std::vector<std::string> Unsigned(const Minutes& minutes, const std::string& digest) {
  std::vector<std::string> missing;
  for (const std::string& city : minutes.cities()) {
    if (!Signed(minutes, city, digest)) missing.push_back(city);
  }
  return missing;
}

absl::Status CheckSigned(const Minutes& minutes, const std::string& digest) {
  const std::vector<std::string> missing = Unsigned(minutes, digest);
  if (missing.empty()) return absl::OkStatus();
  const std::string named = absl::StrJoin(missing, ", ");
  return StateForbids("SIGNATURE_MISSING",
                      {absl::StrCat("尚未会签:", named, "。"), absl::StrCat("Not signed yet by ", named, ".")},
                      {{"minutes", minutes.name()}, {"cities", named}});
}

}  // namespace duikou::consultation::rules
