#include "services/personnel/workdays.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/workdays/holiday_years.h"
#include "duikou/personnel/v1/subsidy_claim.pb.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/rules/engagement_actions.h"
#include "services/personnel/rules/subsidy_claims.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using v1::Engagement;
using v1::SubsidyClaim;

absl::Status RecountArrivals(Txn& txn, const std::string& city) {
  ASSIGN_OR_RETURN(const v1::ExchangeSettings settings, SettingsOf(txn, city));
  ASSIGN_OR_RETURN(
      std::vector<Engagement> approved,
      txn.ListAll<Engagement>({.parent = city, .where = {{"state", store::Value(int64_t{Engagement::APPROVED})}}}));
  for (Engagement& engagement : approved) {
    ASSIGN_OR_RETURN(const absl::CivilDay due, ArrivalDue(txn, engagement, settings));
    if (rules::MoveArrivalDue(engagement, due)) RETURN_IF_ERROR(txn.Update(std::move(engagement)).status());
  }
  return absl::OkStatus();
}

absl::Status RecountPublicity(Txn& txn, const std::string& payer) {
  ASSIGN_OR_RETURN(std::vector<SubsidyClaim> claims,
                   txn.ListAll<SubsidyClaim>({.parent = "cities/-",
                                              .where = {{"payer", store::Value(payer)},
                                                        {"state", store::Value(int64_t{SubsidyClaim::PUBLICISED})}}}));
  for (SubsidyClaim& claim : claims) {
    ASSIGN_OR_RETURN(const absl::CivilDay end, PublicityEnd(txn, payer, rules::PublicisedOn(claim)));
    if (rules::MovePublicityEnd(claim, end)) RETURN_IF_ERROR(txn.Update(std::move(claim)).status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<absl::CivilDay> ArrivalDue(const View& view, const Engagement& engagement,
                                          const v1::ExchangeSettings& settings) {
  ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(view, CityNameOf(engagement.name())));
  return calendar.Add(rules::ToCivil(engagement.terms().start_date()), settings.arrival_workdays()).day;
}

absl::StatusOr<absl::CivilDay> PublicityEnd(const View& view, const std::string& payer, absl::CivilDay today) {
  ASSIGN_OR_RETURN(const v1::ExchangeSettings settings, SettingsOf(view, payer));
  ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(view, payer));
  return calendar.Add(today, settings.publicity_workdays()).day;
}

absl::Status RecountWorkdays(Txn& txn, const std::string& city) {
  RETURN_IF_ERROR(RecountArrivals(txn, city));
  return RecountPublicity(txn, city);
}

}  // namespace duikou::personnel
