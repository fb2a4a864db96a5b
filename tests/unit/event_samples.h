#ifndef DUIKOU_TESTS_UNIT_EVENT_SAMPLES_H_
#define DUIKOU_TESTS_UNIT_EVENT_SAMPLES_H_

#include <string>

#include "common/base/caller.h"
#include "common/base/workday.h"
#include "duikou/techtransfer/v1/event.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/techtransfer/rules/dates.h"

namespace duikou::testing {

// In Shanghai, of 18 May 2026, on which the event of EventIn is from 9 to 17.
inline absl::Time EventTime(int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(2026, 5, 18, hour, minute), ShanghaiTime());
}
inline const absl::Time kDaysBefore = EventTime(0) - absl::Hours(100);

inline void AddSession(techtransfer::v1::Event& event, absl::Time start, absl::Time end, bool meetings = true) {
  techtransfer::v1::Event::Session& session = *event.add_sessions();
  *session.mutable_start_time() = techtransfer::rules::ToTimestamp(start);
  *session.mutable_end_time() = techtransfer::rules::ToTimestamp(end);
  session.set_meetings(meetings);
}

// At two tables, from 10 to 12.
inline techtransfer::v1::Event EventIn(techtransfer::v1::Event::State state) {
  techtransfer::v1::Event event;
  event.set_name("cities/210800/events/e1");
  event.set_state(state);
  *event.mutable_start_time() = techtransfer::rules::ToTimestamp(EventTime(9));
  *event.mutable_end_time() = techtransfer::rules::ToTimestamp(EventTime(17));
  AddSession(event, EventTime(9), EventTime(10), /*meetings=*/false);
  AddSession(event, EventTime(10), EventTime(12));
  event.set_tables(2);
  return event;
}

// Of the unit of Lianyungang with this id, which is its title as well.
inline techtransfer::v1::SignUp SignUpOf(const std::string& id,
                                         techtransfer::v1::SignUp::State state = techtransfer::v1::SignUp::SIGNED_UP) {
  techtransfer::v1::SignUp sign_up;
  sign_up.set_name("cities/320700/signUps/" + id);
  sign_up.set_event("cities/210800/events/e1");
  sign_up.set_unit("cities/320700/units/" + id);
  sign_up.set_unit_title(id);
  sign_up.set_state(state);
  return sign_up;
}

inline Caller OfficerOf(const std::string& unit) {
  return {.kind = Caller::Kind::kPerson,
          .name = "cities/320700/accounts/li",
          .city = "320700",
          .unit = "cities/320700/units/" + unit,
          .roles = 1U << duikou::type::v1::UNIT_OFFICER};
}

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_UNIT_EVENT_SAMPLES_H_
