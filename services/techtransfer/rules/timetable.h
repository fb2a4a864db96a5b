#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_TIMETABLE_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_TIMETABLE_H_

#include <vector>

#include "duikou/techtransfer/v1/event.pb.h"

namespace duikou::techtransfer::rules {

constexpr int kMaxMeetings = 2000;
constexpr int kDefaultMeetingMinutes = 20;

// The one-to-one meetings of an event, by the wishes of its sign-ups, of which a unit has one: in the order of time and
// table, with the ids "m1", "m2" and so on. They are held in the sessions marked for them, one after the other from
// each one's start.
//
// Each pair of whom one wishes to meet the other gets the first time at which both and a table are free; at one time
// nobody sits at two tables, nor two pairs at one. Who comes first in this: mutual wishes, then those whose ranks make
// the smaller sum, then the titles. What finds no time is left out, and all beyond kMaxMeetings. The same sign-ups give
// the same meetings, in whatever order they come.
std::vector<v1::Event::Meeting> LayOut(const v1::Event& event, const std::vector<v1::SignUp>& sign_ups);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_TIMETABLE_H_
