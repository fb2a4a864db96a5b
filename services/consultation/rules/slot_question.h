#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_QUESTION_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_QUESTION_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/workday.h"
#include "duikou/consultation/v1/calendar.pb.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/consultation/v1/consultations.pb.h"
#include "services/consultation/rules/slot_query.h"

namespace duikou::consultation::rules {

// A calendar with its busy time, as the caller has prepared and keeps it for as long as the query lives.
struct KnownCalendar {
  const v1::Calendar* calendar = nullptr;
  const BusyGrid* busy = nullptr;  // Of its sources, without holds; null: never busy.
};

// What a search needs to know besides the consultation.
struct SlotSources {
  // The calendar of a participant or room; nothing is known of one that is not found, and it counts as free.
  std::function<KnownCalendar(const std::string& name)> calendar;
  std::vector<std::string> rooms;                                           // Names of the host city's rooms.
  std::function<const WorkdayCalendar*(const std::string& city)> workdays;  // Null: Monday to Friday.
  absl::Time now;                                                           // No slot begins before.
};

// The question about a consultation, with the request's windows and length in place of its own where it gives them.
// Holds of the consultation itself do not count as busy. Reasons: CONSULTATION_STATE_FORBIDS, WINDOWS_MISSING,
// WINDOW_INVALID, WINDOWS_TOO_WIDE, LENGTH_OFF_GRID, PRINCIPALS_MISSING.
absl::StatusOr<SlotQuery> QuestionOf(const v1::Consultation& consultation, const v1::FindSlotsRequest& request,
                                     const SlotSources& sources);

// The slot that begins at a moment, in a room if one is named: what ProposeConsultation and RescheduleConsultation
// hold. Reasons: as of QuestionOf; SLOT_OFF_GRID, SLOT_PAST, ROOM_UNKNOWN, and SLOT_NOT_FEASIBLE, which names who and
// what stands in the way.
absl::StatusOr<v1::Slot> SlotAt(const v1::Consultation& consultation, absl::Time start, const std::string& room,
                                const SlotSources& sources);

// Hours of a calendar as a search takes them, with the defaults of its kind, for something that lasts so many minutes:
// what takes more than 4 hours goes on over lunch, and what takes more than 12, as a visit of several days does, keeps
// to no hours at all, but to the days that are worked.
Hours HoursOf(const v1::Calendar& calendar, const WorkdayCalendar* workdays, int minutes);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_SLOT_QUESTION_H_
