#include "services/consultation/rules/holds.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "services/consultation/rules/disclosure.h"
#include "services/consultation/rules/moments.h"

namespace duikou::consultation::rules {
namespace {

using v1::Calendar;
using v1::Consultation;

// How long a hold that is over still tells others when the calendar was busy. Each new hold rewrites all of them.
constexpr absl::Duration kKeptAfter = absl::Hours(24 * 31);

bool Live(const Calendar::Hold& hold, absl::Time now) {
  return !hold.has_expire_time() || now < ToTime(hold.expire_time());
}

bool Overlaps(const Calendar::Hold& hold, const Claim& claim) {
  return ToTime(hold.start_time()) < claim.end && claim.start < ToTime(hold.end_time());
}

absl::Status Conflict(const Calendar& calendar, const Calendar::Hold& hold, const Caller& by) {
  const std::string range =
      absl::StrCat(FormatMoment(ToTime(hold.start_time())), " – ", FormatMoment(ToTime(hold.end_time())));
  ErrorMetadata metadata = {{"calendar", calendar.name()}};
  Text named{"另一项会商", "another consultation"};
  if (MayKnow(hold, by)) {
    metadata.emplace_back("consultation", hold.consultation());
    named = {absl::StrCat("“", hold.consultation(), "”"), absl::StrCat("\"", hold.consultation(), "\"")};
  }
  return StateForbids("HOLD_CONFLICT",
                      {absl::StrCat("“", calendar.title(), "”的时间 ", range, " 已为", named.zh, "预留。"),
                       absl::StrCat("The time of \"", calendar.title(), "\" is held for ", named.en, ", ", range, ".")},
                      std::move(metadata));
}

template <class Condition>
void Drop(Calendar& calendar, Condition condition) {
  auto& holds = *calendar.mutable_holds();
  holds.erase(std::remove_if(holds.begin(), holds.end(), condition), holds.end());
}

}  // namespace

std::vector<Claim> ClaimsOf(const v1::Slot& slot) {
  std::vector<Claim> claims;
  for (const auto& attendee : slot.attendees())
    claims.push_back({attendee.calendar(), ToTime(attendee.hold_start_time()), ToTime(attendee.hold_end_time())});
  if (!slot.room().empty()) claims.push_back({slot.room(), ToTime(slot.start_time()), ToTime(slot.end_time())});
  std::sort(claims.begin(), claims.end(), [](const Claim& a, const Claim& b) { return a.calendar < b.calendar; });
  return claims;
}

HoldChange ChangeOf(const std::vector<Claim>& before, const std::vector<Claim>& after) {
  HoldChange change;
  std::map<std::string, Claim> old;
  for (const Claim& claim : before) old.emplace(claim.calendar, claim);
  for (const Claim& claim : after) {
    const auto had = old.find(claim.calendar);
    if (had == old.end() || !(had->second == claim)) change.take.push_back(claim);
    if (had != old.end()) old.erase(had);
  }
  for (const auto& [calendar, claim] : old) change.release.push_back(calendar);
  return change;
}

absl::Status CheckFree(const Calendar& calendar, const Consultation& consultation, const Claim& claim, const Caller& by,
                       absl::Time now) {
  for (const Calendar::Hold& hold : calendar.holds()) {
    if (hold.consultation() != consultation.name() && Live(hold, now) && Overlaps(hold, claim))
      return Conflict(calendar, hold, by);
  }
  return absl::OkStatus();
}

absl::Status Take(Calendar& calendar, const Consultation& consultation, const Claim& claim, const Caller& by,
                  absl::Time now) {
  RETURN_IF_ERROR(CheckFree(calendar, consultation, claim, by, now));
  Drop(calendar, [&](const Calendar::Hold& hold) {
    return hold.consultation() == consultation.name() || !Live(hold, now) || ToTime(hold.end_time()) < now - kKeptAfter;
  });
  Calendar::Hold hold;
  hold.set_consultation(consultation.name());
  *hold.mutable_start_time() = ToTimestamp(claim.start);
  *hold.mutable_end_time() = ToTimestamp(claim.end);
  if (consultation.has_hold_expire_time()) *hold.mutable_expire_time() = consultation.hold_expire_time();
  for (const auto& party : consultation.parties()) hold.add_cities(party.city());
  hold.set_restricted(IsRestricted(consultation));
  auto& holds = *calendar.mutable_holds();
  *holds.Add() = std::move(hold);
  std::sort(holds.begin(), holds.end(), [](const Calendar::Hold& a, const Calendar::Hold& b) {
    return ToTime(a.start_time()) < ToTime(b.start_time());
  });
  return absl::OkStatus();
}

void Release(Calendar& calendar, const Consultation& consultation) {
  Drop(calendar, [&](const Calendar::Hold& hold) { return hold.consultation() == consultation.name(); });
}

absl::Status MakeFirm(Calendar& calendar, const Consultation& consultation) {
  for (Calendar::Hold& hold : *calendar.mutable_holds()) {
    if (hold.consultation() != consultation.name()) continue;
    hold.clear_expire_time();
    return absl::OkStatus();
  }
  return StateForbids(
      "HOLD_LOST",
      {absl::StrCat("“", calendar.title(), "”的时间已不再为该会商预留,请改期。"),
       absl::StrCat("The time of \"", calendar.title(), "\" is no longer held for this consultation: reschedule it.")},
      {{"calendar", calendar.name()}, {"consultation", consultation.name()}});
}

absl::Status CheckUnheld(const Calendar& calendar, const Caller& by, absl::Time now) {
  for (const Calendar::Hold& hold : calendar.holds()) {
    if (!Live(hold, now) || ToTime(hold.end_time()) <= now) continue;
    ErrorMetadata metadata = {{"calendar", calendar.name()}};
    if (MayKnow(hold, by)) metadata.emplace_back("consultation", hold.consultation());
    return StateForbids(
        "CALENDAR_HELD",
        {absl::StrCat("该日历 ", FormatMoment(ToTime(hold.start_time())), " 起的时间已为会商预留,不能删除。"),
         absl::StrCat("A consultation holds time of this calendar from ", FormatMoment(ToTime(hold.start_time())),
                      " on, so it cannot be deleted.")},
        std::move(metadata));
  }
  return absl::OkStatus();
}

void ConcealConsultations(const Caller& by, Calendar& calendar) {
  for (Calendar::Hold& hold : *calendar.mutable_holds()) ConcealMention(by, hold);
}

}  // namespace duikou::consultation::rules
