#include "services/techtransfer/rules/events.h"

#include <algorithm>
#include <functional>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/event_state.h"
#include "services/techtransfer/rules/ownership.h"
#include "services/techtransfer/rules/timetable.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Event;

absl::Status CheckTimes(const Event& event) {
  const absl::Time start = ToTime(event.start_time());
  if (ToTime(event.end_time()) <= start)
    return BadField("event.end_time", {"须晚于开始时间。", "must be after its start."}, "TIMES_INVALID");
  if (event.has_sign_up_until() && ToTime(event.sign_up_until()) > start) {
    return BadField("event.sign_up_until", {"不得晚于开始时间。", "must not be after its start."}, "TIMES_INVALID");
  }
  return absl::OkStatus();
}

absl::Status CheckSessions(const Event& event) {
  FieldViolations violations;
  for (int i = 0; i < event.sessions_size(); ++i) {
    const std::string field = absl::StrCat("event.sessions[", i, "]");
    const absl::Time start = ToTime(event.sessions(i).start_time()), end = ToTime(event.sessions(i).end_time());
    if (end <= start) violations.Add(field + ".end_time", {"须晚于该环节开始时间。", "must be after its start."});
    if (start < ToTime(event.start_time()) || end > ToTime(event.end_time()))
      violations.Add(field, {"超出对接会的时间。", "lies outside the time of the event."});
  }
  return violations.ToStatus("SESSION_OUTSIDE");
}

absl::Status CheckTables(const Event& event) {
  const bool meets = std::any_of(event.sessions().begin(), event.sessions().end(),
                                 [](const Event::Session& session) { return session.meetings(); });
  if (!meets || event.tables() > 0) return absl::OkStatus();
  return BadField("event.tables",
                  {"有一对一洽谈环节时须填写桌数。", "must be given where a session is for one-to-one meetings."},
                  "TABLES_MISSING");
}

// What its city says of who sees it is so from now on; silence takes back what was said.
void PutInForce(Event& event) {
  if (event.has_publication()) {
    *event.mutable_access() = event.publication();
  } else {
    event.clear_access();
  }
}

}  // namespace

std::string FormatMoment(absl::Time time) { return absl::FormatTime("%Y-%m-%d %H:%M", time, ShanghaiTime()); }

absl::Status CheckEvent(const Event& event) {
  RETURN_IF_ERROR(CheckTimes(event));
  RETURN_IF_ERROR(CheckSessions(event));
  return CheckTables(event);
}

absl::Status Edit(const Event& before, Event& after) {
  RETURN_IF_ERROR(CheckAllowed(before, EventAction::kEdit));
  RETURN_IF_ERROR(CheckEvent(after));
  if (before.state() == Event::OPEN) PutInForce(after);
  if (after.capacity() == 0 || after.capacity() >= before.signed_up()) return absl::OkStatus();
  return BadField("event.capacity",
                  {absl::StrCat("已有 ", before.signed_up(), " 家单位报名,不得少于此数。"),
                   absl::StrCat("must not be below the ", before.signed_up(), " units that have signed up.")},
                  "CAPACITY_BELOW_SIGN_UPS");
}

void ConcealMeetings(const Caller& by, Event& event) {
  const std::string city = CityOf(by);
  if (city == CityOf(event.name())) return;
  auto& meetings = *event.mutable_meetings();
  const auto seen = [&](const Event::Meeting& meeting) {
    return !city.empty() && (CityOf(meeting.first()) == city || CityOf(meeting.second()) == city);
  };
  meetings.erase(std::remove_if(meetings.begin(), meetings.end(), std::not_fn(seen)), meetings.end());
}

absl::Status CheckNotBegun(const Event& event, absl::Time now) {
  if (now < ToTime(event.start_time())) return absl::OkStatus();
  const std::string start = FormatMoment(ToTime(event.start_time()));
  return StateForbids("EVENT_BEGUN",
                      {absl::StrCat("对接会已于 ", start, " 开始,不能再办理此事。"),
                       absl::StrCat("The event began at ", start, ": this is done before.")},
                      {{"event", event.name()}, {"start_time", start}});
}

absl::Status Open(Event& event, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(event, EventAction::kOpen));
  RETURN_IF_ERROR(CheckNotBegun(event, now));
  event.set_state(Event::OPEN);
  PutInForce(event);
  return absl::OkStatus();
}

absl::Status Schedule(Event& event, const std::vector<v1::SignUp>& sign_ups, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(event, EventAction::kSchedule));
  RETURN_IF_ERROR(CheckNotBegun(event, now));
  const std::vector<Event::Meeting> meetings = LayOut(event, sign_ups);
  event.mutable_meetings()->Assign(meetings.begin(), meetings.end());
  event.set_state(Event::SCHEDULED);
  return absl::OkStatus();
}

absl::Status MarkHeld(Event& event, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(event, EventAction::kMarkHeld));
  if (now < ToTime(event.start_time())) {
    const std::string start = FormatMoment(ToTime(event.start_time()));
    return StateForbids("EVENT_NOT_BEGUN",
                        {absl::StrCat("对接会 ", start, " 开始,此前不能标为已举办。"),
                         absl::StrCat("It begins at ", start, " and cannot be marked held before.")},
                        {{"event", event.name()}, {"start_time", start}});
  }
  event.set_state(Event::HELD);
  return absl::OkStatus();
}

absl::Status Cancel(Event& event, const std::string& reason) {
  RETURN_IF_ERROR(CheckAllowed(event, EventAction::kCancel));
  event.set_state(Event::CANCELLED);
  event.set_reason(reason);
  return absl::OkStatus();
}

absl::Status RecordOutcome(Event& event, const Event::Meeting& result) {
  RETURN_IF_ERROR(CheckAllowed(event, EventAction::kRecordOutcome));
  auto& meetings = *event.mutable_meetings();
  const auto found =
      std::find_if(meetings.begin(), meetings.end(), [&](const auto& each) { return each.id() == result.id(); });
  if (found == meetings.end()) {
    return BadField("meeting",
                    {absl::StrCat("日程中没有“", result.id(), "”;请填日程中的编号,如 m1。"),
                     absl::StrCat("there is no \"", result.id(), "\" in the timetable: give an id of it, as m1.")},
                    "MEETING_UNKNOWN");
  }
  found->set_outcome(result.outcome());
  found->set_note(result.note());
  found->set_listing(result.listing());
  found->set_negotiation(result.negotiation());
  return absl::OkStatus();
}

}  // namespace duikou::techtransfer::rules
