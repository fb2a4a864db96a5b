#ifndef DUIKOU_SERVICES_CONSULTATION_KNOWN_CALENDARS_H_
#define DUIKOU_SERVICES_CONSULTATION_KNOWN_CALENDARS_H_

#include <map>
#include <memory>
#include <string>

#include "common/base/workday.h"
#include "common/store/txn.h"
#include "duikou/consultation/v1/calendar.pb.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "services/consultation/busy_grids.h"
#include "services/consultation/rules/slot_question.h"

namespace duikou::consultation {

// What a search for a consultation's slots needs to know: the calendars of its participants, the rooms of its host city
// and the workdays of all of these, read whoever asks. What shows of them is when nobody can.
class KnownCalendars {
 public:
  static absl::StatusOr<std::unique_ptr<KnownCalendars>> For(const View& view, const v1::Consultation& consultation,
                                                             BusyGrids& grids);
  // Valid as long as this lives.
  rules::SlotSources sources() const;

 private:
  struct Known {
    v1::Calendar calendar;
    std::shared_ptr<const rules::BusyGrid> busy;
  };
  absl::Status Add(const View& view, BusyGrids& grids, v1::Calendar calendar);

  absl::Time now_;
  std::map<std::string, Known> calendars_;
  std::vector<std::string> rooms_;
  std::map<std::string, WorkdayCalendar> workdays_;
};

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_KNOWN_CALENDARS_H_
