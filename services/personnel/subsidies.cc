#include "services/personnel/subsidies.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "services/personnel/people.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/settings.h"
#include "services/personnel/workdays.h"

namespace duikou::personnel {
namespace {

using v1::Engagement;
using v1::Person;
using v1::SubsidyEntry;

// Holds the claim's months on the person, and stores that.
absl::Status HoldMonths(Txn& txn, const Caller& caller, const SubsidyClaim& claim, const Engagement& engagement) {
  ASSIGN_OR_RETURN(std::optional<Person> person, FindStored<Person>(txn, claim.person()));
  if (!person) return UnknownReference("engagement.person", claim.person());
  Person held = *person;
  RETURN_IF_ERROR(AddHeldElsewhere(txn, held));
  RETURN_IF_ERROR(rules::HoldMonths(held, claim, engagement, caller));
  DropHeldElsewhere(held);
  // Neither has a map, so that equal records have equal bytes.
  if (person->SerializeAsString() == held.SerializeAsString()) return absl::OkStatus();
  return txn.Update(std::move(held)).status();
}

// The steps that all actions on a claim share.
template <class Request>
absl::StatusOr<SubsidyClaim> Change(Txn& txn, const Request& request, const std::string& note,
                                    absl::FunctionRef<absl::Status(SubsidyClaim&)> rule) {
  ASSIGN_OR_RETURN(SubsidyClaim claim, txn.Get<SubsidyClaim>(request.name()));
  txn.Note(note);
  RETURN_IF_ERROR(rule(claim));
  return txn.Update(std::move(claim), request.etag());
}

// One for each step of a claim at most, so that the step numbers it.
absl::Status AddEntry(Txn& txn, const Caller& caller, const SubsidyClaim& claim, SubsidyEntry::Kind kind, int64_t fen,
                      absl::CivilDay day, const std::string& voucher) {
  const std::string id = claim.name().substr(claim.name().rfind('/') + 1);
  SubsidyEntry entry;
  entry.set_name(absl::StrCat(claim.engagement(), "/subsidyEntries/", id, "-", claim.steps_size()));
  entry.set_engagement(claim.engagement());
  entry.set_claim(claim.name());
  entry.set_payer(claim.payer());
  entry.set_kind(kind);
  entry.set_fen(fen);
  *entry.mutable_date() = rules::ToDate(day);
  entry.set_voucher(voucher);
  entry.set_recorded_by(caller.name);
  return txn.Insert(std::move(entry)).status();
}

template <class Request>
absl::CivilDay DayOfMoney(const Txn& txn, const Request& request) {
  return request.has_date() ? rules::ToCivil(request.date()) : DayOf(txn.now());
}

}  // namespace

absl::Status OnCreateSubsidyClaim(Txn& txn, const Caller& caller, SubsidyClaim& claim) {
  const std::string& name = claim.name();
  ASSIGN_OR_RETURN(const Engagement engagement, txn.Get<Engagement>(name.substr(0, name.find("/subsidyClaims/"))));
  ASSIGN_OR_RETURN(const std::optional<Person> person, FindStored<Person>(txn, engagement.person()));
  if (!person) return UnknownReference("engagement.person", engagement.person());
  auto policy = txn.Get<v1::SubsidyPolicy>(claim.policy());
  if (!policy.ok()) return UnknownReference("subsidy_claim.policy", claim.policy());
  RETURN_IF_ERROR(rules::Apply(claim, engagement, *policy, *person, caller, txn.now()));
  return HoldMonths(txn, caller, claim, engagement);
}

absl::StatusOr<SubsidyClaim> ReviewSubsidyClaim(Txn& txn, const Caller& caller,
                                                const v1::ReviewSubsidyClaimRequest& request) {
  return Change(txn, request, request.comment(),
                [&](SubsidyClaim& claim) { return rules::Review(claim, request.comment(), caller, txn.now()); });
}

absl::StatusOr<SubsidyClaim> PubliciseSubsidyClaim(Txn& txn, const Caller& caller,
                                                   const v1::PubliciseSubsidyClaimRequest& request) {
  return Change(txn, request, "", [&](SubsidyClaim& claim) -> absl::Status {
    ASSIGN_OR_RETURN(const absl::CivilDay end, PublicityEnd(txn, claim.payer(), DayOf(txn.now())));
    return rules::Publicise(claim, end, caller, txn.now());
  });
}

absl::StatusOr<SubsidyClaim> ApproveSubsidyClaim(Txn& txn, const Caller& caller,
                                                 const v1::ApproveSubsidyClaimRequest& request) {
  return Change(txn, request, request.comment(),
                [&](SubsidyClaim& claim) { return rules::ApproveClaim(claim, request.comment(), caller, txn.now()); });
}

absl::StatusOr<SubsidyClaim> RefuseSubsidyClaim(Txn& txn, const Caller& caller,
                                                const v1::RefuseSubsidyClaimRequest& request) {
  return Change(txn, request, request.reason(), [&](SubsidyClaim& claim) -> absl::Status {
    RETURN_IF_ERROR(rules::Refuse(claim, request.reason(), caller, txn.now()));
    ASSIGN_OR_RETURN(const Engagement engagement, txn.Get<Engagement>(claim.engagement()));
    return HoldMonths(txn, caller, claim, engagement);
  });
}

absl::StatusOr<SubsidyClaim> PaySubsidyClaim(Txn& txn, const Caller& caller,
                                             const v1::PaySubsidyClaimRequest& request) {
  return Change(txn, request, "", [&](SubsidyClaim& claim) -> absl::Status {
    const absl::CivilDay day = DayOfMoney(txn, request);
    RETURN_IF_ERROR(rules::Pay(claim, day, caller, txn.now()));
    RETURN_IF_ERROR(AddEntry(txn, caller, claim, SubsidyEntry::PAYMENT, claim.paid_fen(), day, request.voucher()));
    // An end before the payment, for the person's own reasons, asks for a share of it back.
    ASSIGN_OR_RETURN(const Engagement engagement, txn.Get<Engagement>(claim.engagement()));
    rules::Readjust(claim, engagement, caller, txn.now());
    return absl::OkStatus();
  });
}

absl::StatusOr<SubsidyClaim> RecordSubsidyRecovery(Txn& txn, const Caller& caller,
                                                   const v1::RecordSubsidyRecoveryRequest& request) {
  return Change(txn, request, "", [&](SubsidyClaim& claim) -> absl::Status {
    const absl::CivilDay day = DayOfMoney(txn, request);
    ASSIGN_OR_RETURN(const int64_t fen, rules::RecordRecovery(claim, request.fen(), day, caller, txn.now()));
    return AddEntry(txn, caller, claim, SubsidyEntry::RECOVERY, fen, day, request.voucher());
  });
}

absl::Status ReadjustSubsidies(Txn& txn, const Caller& caller, const Engagement& engagement) {
  if (!engagement.has_arrival_date()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<SubsidyClaim> claims, txn.ListAll<SubsidyClaim>({.parent = engagement.name()}));
  for (SubsidyClaim& claim : claims) {
    if (!rules::Readjust(claim, engagement, caller, txn.now())) continue;
    RETURN_IF_ERROR(HoldMonths(txn, caller, claim, engagement));
    RETURN_IF_ERROR(txn.Update(std::move(claim)).status());
  }
  return absl::OkStatus();
}

}  // namespace duikou::personnel
