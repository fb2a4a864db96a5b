#include "services/techtransfer/rules/sign_ups.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/event_state.h"
#include "services/techtransfer/rules/events.h"
#include "services/techtransfer/rules/ownership.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Event;
using v1::SignUp;

absl::Status CheckFirst(const std::vector<SignUp>& earlier) {
  for (const SignUp& other : earlier) {
    if (other.state() == SignUp::WITHDRAWN) continue;
    return StateForbids("SIGNED_UP_TWICE",
                        {absl::StrCat("该单位已报名:“", other.name(), "”;可以修改或退出它。"),
                         absl::StrCat("The unit has signed up: change or withdraw \"", other.name(), "\".")},
                        {{"sign_up", other.name()}});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckTakesSignUps(const Event& event, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(event, EventAction::kSignUp));
  const absl::Time until = ToTime(event.has_sign_up_until() ? event.sign_up_until() : event.start_time());
  if (now < until) return absl::OkStatus();
  const std::string when = FormatMoment(until);
  return StateForbids("SIGN_UP_OVER",
                      {absl::StrCat("报名已于 ", when, " 截止;请联系主办方。"),
                       absl::StrCat("Sign-ups were taken until ", when, ": ask the organiser.")},
                      {{"event", event.name()}, {"sign_up_until", when}});
}

absl::Status SignUpFor(Event& event, SignUp& sign_up, const std::vector<SignUp>& earlier, absl::Time now) {
  RETURN_IF_ERROR(CheckTakesSignUps(event, now));
  RETURN_IF_ERROR(CheckFirst(earlier));
  if (event.capacity() > 0 && event.signed_up() >= event.capacity()) {
    return StateForbids("EVENT_FULL",
                        {absl::StrCat("名额已满(", event.capacity(), " 家);有单位退出后可再报名。"),
                         absl::StrCat("All ", event.capacity(), " seats are taken: sign up when a unit withdraws.")},
                        {{"event", event.name()}});
  }
  event.set_signed_up(event.signed_up() + 1);
  sign_up.set_event_city(CityOf(event.name()));
  sign_up.set_state(SignUp::SIGNED_UP);
  return absl::OkStatus();
}

absl::Status CheckEdit(const SignUp& sign_up, const Event& event, absl::Time now) {
  RETURN_IF_ERROR(CheckAllowed(sign_up, SignUpAction::kEdit));
  return CheckTakesSignUps(event, now);
}

absl::Status CheckWishes(const SignUp& sign_up) {
  for (int i = 0; i < sign_up.wishes_size(); ++i) {
    if (sign_up.wishes(i) != sign_up.unit()) continue;
    return BadField(
        absl::StrCat("sign_up.wishes[", i, "]"),
        {"是报名单位自己;请填希望洽谈的其他单位。", "is the unit itself: name units that it wants to meet."},
        "WISH_OF_OWN");
  }
  return absl::OkStatus();
}

absl::Status CheckBrings(const SignUp& sign_up, int index, const v1::Listing& listing) {
  if (listing.owner_unit() == sign_up.unit()) return absl::OkStatus();
  return BadField(absl::StrCat("sign_up.listings[", index, "]"),
                  {"不是报名单位自己的供需信息。", "is no listing of the unit's own."}, "OFFER_OF_OTHERS");
}

absl::Status Withdraw(SignUp& sign_up, Event& event, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckActsFor(by, sign_up.unit()));
  RETURN_IF_ERROR(CheckAllowed(sign_up, SignUpAction::kWithdraw));
  RETURN_IF_ERROR(CheckNotBegun(event, now));
  sign_up.set_state(SignUp::WITHDRAWN);
  event.set_signed_up(std::max(0, event.signed_up() - 1));
  auto& meetings = *event.mutable_meetings();
  meetings.erase(std::remove_if(meetings.begin(), meetings.end(),
                                [&](const Event::Meeting& meeting) {
                                  return meeting.first() == sign_up.name() || meeting.second() == sign_up.name();
                                }),
                 meetings.end());
  return absl::OkStatus();
}

}  // namespace duikou::techtransfer::rules
