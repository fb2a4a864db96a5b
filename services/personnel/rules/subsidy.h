#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_SUBSIDY_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_SUBSIDY_H_

#include <cstdint>
#include <vector>

#include "absl/time/civil_time.h"
#include "services/personnel/rules/term.h"

// The subsidy 补贴 of one engagement, month by month, and what an early end recovers (domain.md, personnel). Integers
// of fen throughout; every division rounds half up to the fen.
namespace duikou::personnel::rules {

struct SubsidyPolicy {
  int64_t monthly_fen = 0;   // 0 to 10^12.
  int months = 0;            // 0 to 1200.
  int returned_percent = 0;  // 0 to 100: the share of PAID returned when under half the term was served.
};

struct SubsidyMonth {
  absl::CivilMonth month;
  int64_t days = 0;  // Served, of those the policy covers.
  int64_t fen = 0;

  friend bool operator==(const SubsidyMonth&, const SubsidyMonth&) = default;
};

// What is due for each month served, earliest first. A month is amount × days ÷ days of that month, a full one exactly
// the amount. The policy covers its number of months from the first day served, and never more than as many times the
// amount in all: days of short months weigh more, so that the last month may be cut to that.
std::vector<SubsidyMonth> SubsidyOf(const SubsidyPolicy& policy, DayRange served);

struct SubsidyRecovery {
  std::vector<SubsidyMonth> after_end;  // Months PAID beyond what was due up to the end, with those days and fen.
  int64_t share_fen = 0;                // Of what was rightly paid, by the policy's share.
  int64_t total_fen = 0;                // Never more than was paid.
};

// What is recovered of the months PAID when an engagement agreed for `term` ended on `end` (the last day served; the
// day before term.first when none was). The share is added when fewer than half the term's days were served and the
// reasons were the person's own.
SubsidyRecovery RecoveryOf(const SubsidyPolicy& policy, DayRange term, absl::CivilDay end, bool own_reasons,
                           const std::vector<SubsidyMonth>& paid);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_SUBSIDY_H_
