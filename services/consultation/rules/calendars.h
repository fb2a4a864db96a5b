#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_CALENDARS_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_CALENDARS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "duikou/consultation/v1/calendar.pb.h"
#include "duikou/consultation/v1/calendars.pb.h"
#include "services/consultation/rules/slot_query.h"

namespace duikou::consultation::rules {

// What a calendar must be besides the limits of its fields. Reasons: SEATS_MISSING, TIME_ZONE_UNKNOWN, PERIOD_INVALID.
absl::Status CheckCalendar(const v1::Calendar& calendar);

// Puts blocks in order. Reasons: PERIOD_INVALID.
absl::Status ArrangeBlocks(v1::BusySource& source);

// A range asked for. Reasons: PERIOD_INVALID, RANGE_TOO_WIDE (more than `days`).
absl::Status CheckRange(absl::Time from, absl::Time until, int days);

// The busy blocks of sources, for a BusyGrid or FreeBusy.
std::vector<Seconds> BlocksOf(const std::vector<v1::BusySource>& sources);

// What others learn of a calendar: when it is busy by its sources, live holds and exceptions, and when it is outside of
// its hours, merged and in order, within a range.
std::vector<v1::BusySpan> FreeBusyOf(const v1::Calendar& calendar, const std::vector<Seconds>& blocks,
                                     const Hours& hours, Seconds range, absl::Time now);

// Since when a feed is of no use. Reasons: FEED_REVOKED, where it is so already.
absl::Status Revoke(v1::Feed& feed, absl::Time now);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_CALENDARS_H_
