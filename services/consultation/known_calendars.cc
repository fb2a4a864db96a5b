#include "services/consultation/known_calendars.h"

#include <utility>
#include <vector>

#include "common/workdays/holiday_years.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/settings.h"

namespace duikou::consultation {

using v1::Calendar;
using v1::Consultation;

absl::StatusOr<std::unique_ptr<KnownCalendars>> KnownCalendars::For(const View& view, const Consultation& consultation,
                                                                    BusyGrids& grids) {
  auto known = std::make_unique<KnownCalendars>();
  known->now_ = view.now();
  for (const auto& participant : consultation.participants()) {
    ASSIGN_OR_RETURN(auto calendar, FindStored<Calendar>(view, participant.calendar()));
    if (calendar) RETURN_IF_ERROR(known->Add(view, grids, *std::move(calendar)));
  }
  const WholeView whole(view);
  const std::string host = rules::CityOf(consultation.name());
  ASSIGN_OR_RETURN(
      std::vector<Calendar> rooms,
      whole->ListAll<Calendar>({.parent = host, .where = {{"kind", store::Value(int64_t{Calendar::ROOM})}}}));
  for (Calendar& room : rooms) {
    known->rooms_.push_back(room.name());
    RETURN_IF_ERROR(known->Add(view, grids, std::move(room)));
  }
  for (const std::string& city : consultation.cities()) {
    ASSIGN_OR_RETURN(known->workdays_[city], workdays::CalendarOf(*whole, city));
  }
  return known;
}

rules::SlotSources KnownCalendars::sources() const {
  return {.calendar = [this](const std::string& name) -> rules::KnownCalendar {
            const auto known = calendars_.find(name);
            if (known == calendars_.end()) return {};
            return {.calendar = &known->second.calendar, .busy = known->second.busy.get()};
          },
          .rooms = rooms_,
          .workdays = [this](const std::string& city) -> const WorkdayCalendar* {
            const auto known = workdays_.find(city);
            return known == workdays_.end() ? nullptr : &known->second;
          },
          .now = now_};
}

absl::Status KnownCalendars::Add(const View& view, BusyGrids& grids, Calendar calendar) {
  ASSIGN_OR_RETURN(std::shared_ptr<const rules::BusyGrid> busy, grids.Of(view, calendar));
  const std::string name = calendar.name();
  calendars_[name] = {std::move(calendar), std::move(busy)};
  return absl::OkStatus();
}

}  // namespace duikou::consultation
