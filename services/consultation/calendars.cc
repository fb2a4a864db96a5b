#include "services/consultation/calendars.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/workdays/holiday_years.h"
#include "services/consultation/rules/calendars.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/holds.h"
#include "services/consultation/rules/moments.h"
#include "services/consultation/rules/slot_question.h"
#include "services/consultation/settings.h"

namespace duikou::consultation {
namespace {

using v1::BusySource;
using v1::Calendar;

constexpr int kMostDays = 366;

std::string CalendarOf(const BusySource& source) {
  return source.name().substr(0, source.name().find("/busySources/"));
}

// Grids made of its sources are of no use from now on.
absl::Status CountChange(Txn& txn, const BusySource& source) {
  ASSIGN_OR_RETURN(std::optional<Calendar> calendar, FindStored<Calendar>(txn, CalendarOf(source)));
  if (!calendar) return UnknownReference("parent", CalendarOf(source));
  calendar->set_busy_version(calendar->busy_version() + 1);
  return txn.Update(*std::move(calendar)).status();
}

}  // namespace

absl::Status OnCreateCalendar(Txn&, const Caller&, Calendar& calendar) { return rules::CheckCalendar(calendar); }

absl::Status OnUpdateCalendar(Txn&, const Caller&, const Calendar&, Calendar& after) {
  return rules::CheckCalendar(after);
}

absl::Status OnDeleteCalendar(Txn& txn, const Caller& caller, const Calendar& calendar) {
  return rules::CheckUnheld(calendar, caller, txn.now());
}

absl::Status OnCreateBusySource(Txn& txn, const Caller&, BusySource& source) {
  source.set_calendar(CalendarOf(source));
  RETURN_IF_ERROR(rules::ArrangeBlocks(source));
  return CountChange(txn, source);
}

absl::Status OnUpdateBusySource(Txn& txn, const Caller&, const BusySource&, BusySource& after) {
  RETURN_IF_ERROR(rules::ArrangeBlocks(after));
  return CountChange(txn, after);
}

absl::Status OnDeleteBusySource(Txn& txn, const Caller&, const BusySource& source) { return CountChange(txn, source); }

absl::StatusOr<v1::QueryFreeBusyResponse> QueryFreeBusy(const View& view, const Caller&,
                                                        const v1::QueryFreeBusyRequest& request) {
  const absl::Time from = rules::ToTime(request.from_time()), until = rules::ToTime(request.until_time());
  RETURN_IF_ERROR(rules::CheckRange(from, until, kMostDays));
  const rules::Seconds range{absl::ToUnixSeconds(from), absl::ToUnixSeconds(until)};
  const WholeView whole(view);
  std::map<std::string, WorkdayCalendar> workdays;
  v1::QueryFreeBusyResponse response;
  for (int i = 0; i < request.calendars_size(); ++i) {
    ASSIGN_OR_RETURN(const std::optional<Calendar> calendar, FindStored<Calendar>(view, request.calendars(i)));
    if (!calendar) return UnknownReference(absl::StrCat("calendars[", i, "]"), request.calendars(i));
    const std::string city = rules::CityOf(calendar->name());
    if (!workdays.contains(city)) {
      ASSIGN_OR_RETURN(workdays[city], workdays::CalendarOf(*whole, city));
    }
    ASSIGN_OR_RETURN(const std::vector<BusySource> sources, whole->ListAll<BusySource>({.parent = calendar->name()}));
    v1::FreeBusy& answer = *response.add_free_busy();
    answer.set_calendar(calendar->name());
    for (v1::BusySpan& span :
         rules::FreeBusyOf(*calendar, rules::BlocksOf(sources),
                           rules::HoursOf(*calendar, &workdays[city], rules::kQuantumMinutes), range, view.now()))
      *answer.add_spans() = std::move(span);
  }
  return response;
}

}  // namespace duikou::consultation
