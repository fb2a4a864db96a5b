#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_REGISTRATION_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_REGISTRATION_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/workday.h"
#include "duikou/techtransfer/v1/contract.pb.h"
#include "duikou/techtransfer/v1/matching.pb.h"

// 认定登记 as the office outside decides it: what is recorded step by step, and the office's clock. Each step also
// gives CONTRACT_STATE_FORBIDS and DATE_INVALID: its day is not after today, and not before the step before or the
// signing.
namespace duikou::techtransfer::rules {

// A step as it is recorded.
struct Recorded {
  absl::CivilDay date;  // When the office did it.
  std::string account;  // Who records it, and when.
  absl::Time time;
  std::string note;
};

// What the office found; absent amounts stay as they are.
struct FoundAmounts {
  std::optional<duikou::type::v1::Money> amount;
  std::optional<duikou::type::v1::Money> technology_amount;
};

// The first step of a new contract: SIGNED.
void Sign(v1::Contract& contract, const std::string& account, absl::Time time);
// The first step stands for the day of signing, which may have been corrected.
void DateSigning(v1::Contract& contract);

// The workdays that the office has for it.
int WorkdaysFor(const v1::Contract& contract, const v1::TransferSettings& settings);

absl::Status Submit(v1::Contract& contract, const std::string& office, const Recorded& step);
// Starts the clock anew.
absl::Status Accept(v1::Contract& contract, const v1::TransferSettings& settings, const WorkdayCalendar& calendar,
                    const Recorded& step);
// Stops the clock.
absl::Status RequestSupplement(v1::Contract& contract, const Recorded& step);
absl::Status StartExpertReview(v1::Contract& contract, const Recorded& step);
// Reasons: AMOUNT_INVALID.
absl::Status Register(v1::Contract& contract, const std::string& registration_number, const FoundAmounts& found,
                      const Recorded& step);
absl::Status Refuse(v1::Contract& contract, const Recorded& step);
// Reasons: AMOUNT_INVALID.
absl::Status Amend(v1::Contract& contract, const FoundAmounts& found, const Recorded& step);
absl::Status Cancel(v1::Contract& contract, const Recorded& step);

// The day on which a running clock ends, by other holidays; true where that changes the contract.
bool RecomputeDue(v1::Contract& contract, const v1::TransferSettings& settings, const WorkdayCalendar& calendar);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_REGISTRATION_H_
