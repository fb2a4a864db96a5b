#include "services/techtransfer/registration.h"

#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/base/workday.h"
#include "common/workdays/holiday_years.h"
#include "services/techtransfer/contracts.h"
#include "services/techtransfer/rules/contract_parties.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/ownership.h"
#include "services/techtransfer/rules/registration.h"
#include "services/techtransfer/settings.h"

namespace duikou::techtransfer {
namespace {

using rules::Recorded;
using v1::Contract;

// The steps that all recordings share; `note` is also the change log's.
template <class Request>
absl::StatusOr<Contract> Change(Txn& txn, const Caller& caller, const Request& request, const std::string& note,
                                absl::FunctionRef<absl::Status(Contract&, const Recorded&)> rule) {
  ASSIGN_OR_RETURN(Contract contract, txn.Get<Contract>(request.name()));
  RETURN_IF_ERROR(rules::CheckActsForContract(contract, caller));
  txn.Note(note);
  const absl::CivilDay date = request.has_date() ? rules::ToCivil(request.date()) : DayOf(txn.now());
  RETURN_IF_ERROR(rule(contract, {.date = date, .account = caller.name, .time = txn.now(), .note = note}));
  return txn.Update(std::move(contract), request.etag());
}

template <class Request>
rules::FoundAmounts FoundIn(const Request& request) {
  rules::FoundAmounts found;
  if (request.has_amount()) found.amount = request.amount();
  if (request.has_technology_amount()) found.technology_amount = request.technology_amount();
  return found;
}

}  // namespace

absl::StatusOr<Contract> SubmitRegistration(Txn& txn, const Caller& caller,
                                            const v1::SubmitRegistrationRequest& request) {
  return Change(txn, caller, request, "", [&](Contract& contract, const Recorded& step) {
    return rules::Submit(contract, request.office(), step);
  });
}

absl::StatusOr<Contract> AcceptRegistration(Txn& txn, const Caller& caller,
                                            const v1::AcceptRegistrationRequest& request) {
  return Change(txn, caller, request, "", [&](Contract& contract, const Recorded& step) -> absl::Status {
    const std::string city = rules::CityOf(contract.name());
    ASSIGN_OR_RETURN(const v1::TransferSettings settings, SettingsOf(txn, city));
    ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(txn, city));
    return rules::Accept(contract, settings, calendar, step);
  });
}

absl::StatusOr<Contract> RequestSupplement(Txn& txn, const Caller& caller,
                                           const v1::RequestSupplementRequest& request) {
  return Change(txn, caller, request, request.papers(), rules::RequestSupplement);
}

absl::StatusOr<Contract> StartExpertReview(Txn& txn, const Caller& caller,
                                           const v1::StartExpertReviewRequest& request) {
  return Change(txn, caller, request, "", rules::StartExpertReview);
}

absl::StatusOr<Contract> RegisterContract(Txn& txn, const Caller& caller, const v1::RegisterContractRequest& request) {
  return Change(txn, caller, request, "", [&](Contract& contract, const Recorded& step) {
    return rules::Register(contract, request.registration_number(), FoundIn(request), step);
  });
}

absl::StatusOr<Contract> RefuseRegistration(Txn& txn, const Caller& caller,
                                            const v1::RefuseRegistrationRequest& request) {
  return Change(txn, caller, request, request.reason(), rules::Refuse);
}

absl::StatusOr<Contract> AmendContract(Txn& txn, const Caller& caller, const v1::AmendContractRequest& request) {
  return Change(txn, caller, request, request.note(), [&](Contract& contract, const Recorded& step) {
    return rules::Amend(contract, FoundIn(request), step);
  });
}

absl::StatusOr<Contract> CancelContract(Txn& txn, const Caller& caller, const v1::CancelContractRequest& request) {
  return Change(txn, caller, request, request.reason(), [&](Contract& contract, const Recorded& step) -> absl::Status {
    RETURN_IF_ERROR(rules::Cancel(contract, step));
    return ReleaseListings(txn, contract);
  });
}

absl::Status RecomputeDueDates(Txn& txn, store::Portion& portion, const std::string& city) {
  ASSIGN_OR_RETURN(const v1::TransferSettings settings, SettingsOf(txn, city));
  ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(txn, city));
  return store::ChangeEach<Contract>(
      txn, portion, {.parent = city, .filter = "state = ACCEPTED OR state = EXPERT_REVIEW"},
      [&](Contract& contract) -> absl::StatusOr<bool> { return rules::RecomputeDue(contract, settings, calendar); });
}

}  // namespace duikou::techtransfer
