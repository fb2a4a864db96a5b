#include "services/consultation/rules/awaited.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "duikou/type/v1/role.pb.h"
#include "services/consultation/rules/consultation_actions.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/minutes.h"
#include "services/consultation/rules/moments.h"

namespace duikou::consultation::rules {
namespace {

using duikou::pending::v1::PendingItem;
using v1::Consultation;
using Participant = v1::Consultation::Participant;

bool Answered(const Participant& participant) {
  return participant.answer().kind() != Consultation::Answer::KIND_UNSPECIFIED;
}

bool Asked(const Participant& participant) {
  return participant.role() == Participant::PRINCIPAL || participant.role() == Participant::ALTERNATE;
}

std::vector<Awaited> Answers(const Consultation& consultation, const std::vector<std::string>& answered_for,
                             bool office, const std::string& city) {
  std::vector<Awaited> awaited;
  for (const Participant& participant : consultation.participants()) {
    if (!Asked(participant) || Answered(participant) || CityOf(participant.calendar()) != city) continue;
    const bool liaison =
        std::find(answered_for.begin(), answered_for.end(), participant.calendar()) != answered_for.end();
    if (!office && !liaison) continue;
    const auto& until =
        consultation.has_hold_expire_time() ? consultation.hold_expire_time() : consultation.start_time();
    awaited.push_back({PendingItem::ANSWER_INVITATION, ToTime(until), participant.calendar()});
  }
  return awaited;
}

// Principals or who stands in for them.
bool AllAccepted(const Consultation& consultation) {
  const bool open =
      std::any_of(consultation.participants().begin(), consultation.participants().end(),
                  [](const Participant& each) { return each.role() == Participant::PRINCIPAL && !Answered(each); });
  return !open && CheckComplete(consultation).ok();
}

bool Signed(const WrittenMinutes& written, const std::string& city) {
  const std::vector<std::string> missing = Unsigned(*written.minutes, written.digest);
  return std::find(missing.begin(), missing.end(), city) == missing.end();
}

std::optional<Awaited> OfOffice(const Consultation& consultation, const WrittenMinutes& written, const Caller& by,
                                const std::string& city, absl::Time now) {
  const bool coordinator = by.Has(duikou::type::v1::COORDINATOR);
  const bool host = CityOf(consultation.name()) == city;
  switch (consultation.state()) {
    case Consultation::DRAFT: {
      const bool named = std::any_of(consultation.participants().begin(), consultation.participants().end(),
                                     [&](const Participant& each) { return CityOf(each.calendar()) == city; });
      if (!named) return Awaited{PendingItem::NAME_PARTICIPANTS, std::nullopt, ""};
      return std::nullopt;
    }
    case Consultation::PROPOSED:
      if (host && now < ToTime(consultation.hold_expire_time()) && AllAccepted(consultation))
        return Awaited{PendingItem::CONFIRM_CONSULTATION, ToTime(consultation.hold_expire_time()), ""};
      return std::nullopt;
    case Consultation::CONFIRMED:
      if (host && HasBegun(consultation, now)) return Awaited{PendingItem::RECORD_ATTENDANCE, std::nullopt, ""};
      return std::nullopt;
    case Consultation::HELD:
      if (written.minutes == nullptr)
        return host ? std::optional(Awaited{PendingItem::WRITE_MINUTES, std::nullopt, ""}) : std::nullopt;
      if (written.minutes->has_sign_time())
        return host ? std::optional(Awaited{PendingItem::ISSUE_MINUTES, std::nullopt, ""}) : std::nullopt;
      if (coordinator && !Signed(written, city)) return Awaited{PendingItem::SIGN_MINUTES, std::nullopt, ""};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::vector<Awaited> AwaitedOf(const Consultation& consultation, const WrittenMinutes& written,
                               const std::vector<std::string>& answered_for, const Caller& by, absl::Time now) {
  const auto party = PartyOf(consultation, by);
  if (!party.ok()) return {};
  const bool office = by.Has(duikou::type::v1::SCHEDULER) || by.Has(duikou::type::v1::COORDINATOR);
  std::vector<Awaited> awaited;
  const bool answers = Allows(consultation.state(), Action::kAnswer) && !HasBegun(consultation, now);
  if (answers) awaited = Answers(consultation, answered_for, office, *party);
  if (!office) return awaited;
  if (const auto own = OfOffice(consultation, written, by, *party, now)) awaited.push_back(*own);
  return awaited;
}

}  // namespace duikou::consultation::rules
