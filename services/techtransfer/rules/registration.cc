#include "services/techtransfer/rules/registration.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/techtransfer/rules/contract_parties.h"
#include "services/techtransfer/rules/contract_state.h"
#include "services/techtransfer/rules/dates.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Contract;
using v1::TransferSettings;

absl::Status CheckDate(const Contract& contract, const Recorded& step) {
  const absl::CivilDay today = DayOf(step.time);
  if (step.date > today) {
    return BadField("date",
                    {absl::StrCat("不能晚于今天(", FormatDay(today), ")。"),
                     absl::StrCat("must not lie after today, ", FormatDay(today), ".")},
                    "DATE_INVALID");
  }
  absl::CivilDay earliest = ToCivil(contract.sign_date());
  if (!contract.steps().empty()) earliest = std::max(earliest, ToCivil(contract.steps().rbegin()->date()));
  if (step.date >= earliest) return absl::OkStatus();
  const Text state = NameOf(contract.state());
  return BadField("date",
                  {absl::StrCat("不能早于 ", FormatDay(earliest), ",当日“", state.zh, "”。"),
                   absl::StrCat("must not lie before ", FormatDay(earliest), ", when it became ", state.en, ".")},
                  "DATE_INVALID");
}

void AddStep(Contract& contract, Contract::State state, const Recorded& recorded) {
  contract.set_state(state);
  Contract::Step& step = *contract.add_steps();
  step.set_state(state);
  *step.mutable_date() = ToDate(recorded.date);
  step.set_account(recorded.account);
  *step.mutable_time() = ToTimestamp(recorded.time);
  step.set_note(recorded.note);
}

// The steps that all actions share.
absl::Status Record(Contract& contract, ContractAction action, Contract::State state, const Recorded& step) {
  RETURN_IF_ERROR(CheckAllowed(contract, action));
  RETURN_IF_ERROR(CheckDate(contract, step));
  AddStep(contract, state, step);
  return absl::OkStatus();
}

void StopClock(Contract& contract) {
  contract.clear_due_date();
  contract.clear_due_is_tentative();
}

WorkdayCalendar::Result DueOf(const Contract& contract, const TransferSettings& settings,
                              const WorkdayCalendar& calendar) {
  return calendar.Add(ToCivil(contract.accept_date()), WorkdaysFor(contract, settings));
}

absl::Status TakeAmounts(Contract& contract, const FoundAmounts& found) {
  if (found.amount) *contract.mutable_amount() = *found.amount;
  if (found.technology_amount) *contract.mutable_technology_amount() = *found.technology_amount;
  return CheckAmounts(contract, "");
}

}  // namespace

void Sign(Contract& contract, const std::string& account, absl::Time time) {
  contract.clear_steps();
  AddStep(contract, Contract::SIGNED, {.date = ToCivil(contract.sign_date()), .account = account, .time = time});
}

void DateSigning(Contract& contract) {
  if (!contract.steps().empty()) *contract.mutable_steps(0)->mutable_date() = contract.sign_date();
}

int WorkdaysFor(const Contract& contract, const TransferSettings& settings) {
  const auto& amount = contract.technology_amount();
  const bool large = IsCny(amount) && amount.fen() >= settings.large_amount_fen();
  return large || contract.disputed() ? settings.long_registration_workdays() : settings.registration_workdays();
}

absl::Status Submit(Contract& contract, const std::string& office, const Recorded& step) {
  RETURN_IF_ERROR(Record(contract, ContractAction::kSubmit, Contract::SUBMITTED, step));
  if (!office.empty()) contract.set_office(office);
  return absl::OkStatus();
}

absl::Status Accept(Contract& contract, const TransferSettings& settings, const WorkdayCalendar& calendar,
                    const Recorded& step) {
  RETURN_IF_ERROR(Record(contract, ContractAction::kAccept, Contract::ACCEPTED, step));
  *contract.mutable_accept_date() = ToDate(step.date);
  const WorkdayCalendar::Result due = DueOf(contract, settings, calendar);
  *contract.mutable_due_date() = ToDate(due.day);
  contract.set_due_is_tentative(due.tentative);
  return absl::OkStatus();
}

absl::Status RequestSupplement(Contract& contract, const Recorded& step) {
  RETURN_IF_ERROR(Record(contract, ContractAction::kRequestSupplement, Contract::SUPPLEMENT, step));
  StopClock(contract);
  return absl::OkStatus();
}

absl::Status StartExpertReview(Contract& contract, const Recorded& step) {
  return Record(contract, ContractAction::kStartExpertReview, Contract::EXPERT_REVIEW, step);
}

absl::Status Register(Contract& contract, const std::string& registration_number, const FoundAmounts& found,
                      const Recorded& step) {
  Contract registered = contract;
  RETURN_IF_ERROR(Record(registered, ContractAction::kRegister, Contract::REGISTERED, step));
  RETURN_IF_ERROR(TakeAmounts(registered, found));
  StopClock(registered);
  *registered.mutable_register_date() = ToDate(step.date);
  registered.set_registration_number(registration_number);
  contract = std::move(registered);
  return absl::OkStatus();
}

absl::Status Refuse(Contract& contract, const Recorded& step) {
  RETURN_IF_ERROR(Record(contract, ContractAction::kRefuse, Contract::REFUSED, step));
  StopClock(contract);
  return absl::OkStatus();
}

absl::Status Amend(Contract& contract, const FoundAmounts& found, const Recorded& step) {
  Contract amended = contract;
  RETURN_IF_ERROR(Record(amended, ContractAction::kAmend, Contract::AMENDED, step));
  RETURN_IF_ERROR(TakeAmounts(amended, found));
  contract = std::move(amended);
  return absl::OkStatus();
}

absl::Status Cancel(Contract& contract, const Recorded& step) {
  return Record(contract, ContractAction::kCancel, Contract::CANCELLED, step);
}

bool RecomputeDue(Contract& contract, const TransferSettings& settings, const WorkdayCalendar& calendar) {
  if (!Allows(contract.state(), ContractAction::kRecomputeDue) || !contract.has_accept_date()) return false;
  const WorkdayCalendar::Result due = DueOf(contract, settings, calendar);
  if (ToCivil(contract.due_date()) == due.day && contract.due_is_tentative() == due.tentative) return false;
  *contract.mutable_due_date() = ToDate(due.day);
  contract.set_due_is_tentative(due.tentative);
  return true;
}

}  // namespace duikou::techtransfer::rules
