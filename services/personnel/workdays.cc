#include "services/personnel/workdays.h"

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

absl::CivilDay ArrivalDue(const Engagement& engagement, const WorkdayCalendar& calendar,
                          const v1::ExchangeSettings& settings) {
  return calendar.Add(rules::ToCivil(engagement.terms().start_date()), settings.arrival_workdays()).day;
}

absl::CivilDay PublicityEnd(absl::CivilDay begin, const WorkdayCalendar& calendar,
                            const v1::ExchangeSettings& settings) {
  return calendar.Add(begin, settings.publicity_workdays()).day;
}

absl::Status RecountArrivals(Txn& txn, store::Portion& portion, const std::string& city,
                             const WorkdayCalendar& calendar, const v1::ExchangeSettings& settings) {
  return store::ChangeEach<Engagement>(
      txn, portion, {.parent = city, .where = {{"state", store::Value(int64_t{Engagement::APPROVED})}}},
      [&](Engagement& engagement) -> absl::StatusOr<bool> {
        return rules::MoveArrivalDue(engagement, ArrivalDue(engagement, calendar, settings));
      });
}

absl::Status RecountPublicity(Txn& txn, store::Portion& portion, const std::string& payer,
                              const WorkdayCalendar& calendar, const v1::ExchangeSettings& settings) {
  return store::ChangeEach<SubsidyClaim>(
      txn, portion,
      {.parent = "cities/-",
       .where = {{"payer", store::Value(payer)}, {"state", store::Value(int64_t{SubsidyClaim::PUBLICISED})}}},
      [&](SubsidyClaim& claim) -> absl::StatusOr<bool> {
        return rules::MovePublicityEnd(claim, PublicityEnd(rules::PublicisedOn(claim), calendar, settings));
      });
}

}  // namespace

absl::StatusOr<absl::CivilDay> ArrivalDue(const View& view, const Engagement& engagement,
                                          const v1::ExchangeSettings& settings) {
  ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(view, CityNameOf(engagement.name())));
  return ArrivalDue(engagement, calendar, settings);
}

absl::StatusOr<absl::CivilDay> PublicityEnd(const View& view, const std::string& payer, absl::CivilDay today) {
  ASSIGN_OR_RETURN(const v1::ExchangeSettings settings, SettingsOf(view, payer));
  ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(view, payer));
  return PublicityEnd(today, calendar, settings);
}

absl::Status RecountWorkdays(Txn& txn, store::Portion& portion, const std::string& city) {
  ASSIGN_OR_RETURN(const v1::ExchangeSettings settings, SettingsOf(txn, city));
  ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(txn, city));
  RETURN_IF_ERROR(RecountArrivals(txn, portion, city, calendar, settings));
  return RecountPublicity(txn, portion, city, calendar, settings);
}

}  // namespace duikou::personnel
