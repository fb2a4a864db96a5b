#include "services/personnel/rules/subsidy.h"

#include <algorithm>

namespace duikou::personnel::rules {
namespace {

// amount × part ÷ whole, half up. amount >= 0, 0 <= part <= whole.
int64_t Share(int64_t amount, int64_t part, int64_t whole) { return (2 * amount * part + whole) / (2 * whole); }

const SubsidyMonth* Find(const std::vector<SubsidyMonth>& months, absl::CivilMonth month) {
  const auto found =
      std::find_if(months.begin(), months.end(), [&](const SubsidyMonth& one) { return one.month == month; });
  return found == months.end() ? nullptr : &*found;
}

}  // namespace

std::vector<SubsidyMonth> SubsidyOf(const SubsidyPolicy& policy, DayRange served) {
  std::vector<SubsidyMonth> months;
  if (policy.months <= 0) return months;
  const DayRange covered = Common(served, {served.first, LastDayOfMonths(served.first, policy.months)});
  int64_t left = policy.monthly_fen * policy.months;
  for (absl::CivilMonth month(covered.first); absl::CivilDay(month) <= covered.last; ++month) {
    const DayRange whole = DaysOf(month);
    const int64_t days = Common(covered, whole).Days();
    if (days == 0) continue;
    const int64_t fen = std::min(left, Share(policy.monthly_fen, days, whole.Days()));
    left -= fen;
    months.push_back({month, days, fen});
  }
  return months;
}

SubsidyRecovery RecoveryOf(const SubsidyPolicy& policy, DayRange term, absl::CivilDay end, bool own_reasons,
                           const std::vector<SubsidyMonth>& paid) {
  const DayRange served = Common(term, {term.first, end});
  const std::vector<SubsidyMonth> due = SubsidyOf(policy, served);
  SubsidyRecovery recovery;
  int64_t rightly_paid = 0;
  for (const SubsidyMonth& month : paid) {
    const SubsidyMonth* kept = Find(due, month.month);
    const int64_t fen = std::max<int64_t>(0, month.fen - (kept ? kept->fen : 0));
    rightly_paid += month.fen - fen;
    if (fen == 0) continue;
    recovery.after_end.push_back({month.month, std::max<int64_t>(0, month.days - (kept ? kept->days : 0)), fen});
    recovery.total_fen += fen;
  }
  if (own_reasons && 2 * served.Days() < term.Days()) {
    recovery.share_fen = Share(rightly_paid, policy.returned_percent, 100);
    recovery.total_fen += recovery.share_fen;
  }
  return recovery;
}

}  // namespace duikou::personnel::rules
