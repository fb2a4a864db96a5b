#include "services/consultation/rules/slot_question.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/time_zone.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/drafts.h"
#include "services/consultation/rules/moments.h"
#include "services/consultation/rules/slots.h"
#include "services/consultation/rules/travel.h"

namespace duikou::consultation::rules {
namespace {

using v1::Calendar;
using v1::Consultation;
using Participant = v1::Consultation::Participant;

constexpr size_t kDefaultSlots = 10, kDefaultBlockingSets = 100;
constexpr DayPeriod kOfficeHours{9 * 60, 17 * 60}, kLunchBreak{12 * 60, 13 * 60 + 30};
constexpr int kLongestBeforeLunch = 4 * 60, kLongestOfADay = 12 * 60;

Seconds RangeOf(const google::protobuf::Timestamp& start, const google::protobuf::Timestamp& end) {
  return {start.seconds(), end.seconds() + (end.nanos() > 0 ? 1 : 0)};
}

Attendee::Part PartOf(Participant::Role role) {
  switch (role) {
    case Participant::PRINCIPAL:
      return Attendee::Part::kPrincipal;
    case Participant::ALTERNATE:
      return Attendee::Part::kAlternate;
    case Participant::OPTIONAL:
      return Attendee::Part::kOptional;
    default:
      return Attendee::Part::kObserver;
  }
}

// Gathers a query: hours that are alike are there once.
class Question {
 public:
  Question(const Consultation& consultation, int minutes, const SlotSources& sources)
      : consultation_(consultation), minutes_(minutes), sources_(sources) {
    query_.length = QuantaOf(minutes);
    Calendar host;
    host.set_name(absl::StrCat(CityOf(consultation.name()), "/calendars/host"));
    query_.host_hours = HoursIndex(host);
  }

  void AddParties() {
    for (const auto& party : consultation_.parties()) {
      party_of_[party.city()] = query_.parties.size();
      query_.parties.push_back({party.city(), party.quorum()});
    }
  }
  void AddParticipants() {
    std::map<std::string, size_t> index;
    for (const Participant& participant : consultation_.participants())
      index.emplace(participant.calendar(), index.size());
    for (const Participant& participant : consultation_.participants()) {
      const Travel travel = TravelOf(consultation_, participant);
      Attendee attendee{.calendar = participant.calendar(),
                        .party = party_of_[CityOf(participant.calendar())],
                        .part = PartOf(participant.role()),
                        .time = TimeOf(participant.calendar()),
                        .before = travel.before,
                        .after = travel.after};
      if (attendee.part == Attendee::Part::kAlternate) attendee.principal = index[participant.alternate_for()];
      query_.attendees.push_back(std::move(attendee));
    }
  }
  // Seats for who comes: each seat of a principal once, and those who need not be there as well.
  void AddRooms() {
    if (!consultation_.has_room_need()) return;
    RoomNeed need{.seats = consultation_.room_need().seats()};
    const bool video = consultation_.mode() == Consultation::VIDEO;
    for (const Participant& participant : consultation_.participants()) {
      const bool there =
          !participant.by_video() && (!video || CityOf(participant.calendar()) == CityOf(consultation_.name()));
      if (consultation_.room_need().seats() == 0 && participant.role() != Participant::ALTERNATE && there) ++need.seats;
    }
    need.equipment.assign(consultation_.room_need().equipment().begin(), consultation_.room_need().equipment().end());
    query_.room = std::move(need);
    for (const std::string& name : sources_.rooms) {
      const KnownCalendar known = sources_.calendar(name);
      if (known.calendar == nullptr) continue;
      query_.rooms.push_back({.calendar = name,
                              .seats = known.calendar->seats(),
                              .equipment = {known.calendar->equipment().begin(), known.calendar->equipment().end()},
                              .time = TimeOf(name)});
    }
  }

  SlotQuery Take() { return std::move(query_); }

 private:
  size_t HoursIndex(const Calendar& calendar) {
    Hours hours = HoursOf(calendar, sources_.workdays(CityOf(calendar.name())), minutes_);
    const auto known = std::find(query_.hours.begin(), query_.hours.end(), hours);
    if (known != query_.hours.end()) return static_cast<size_t>(known - query_.hours.begin());
    query_.hours.push_back(std::move(hours));
    return query_.hours.size() - 1;
  }
  Timetable TimeOf(const std::string& name) {
    const KnownCalendar known = sources_.calendar(name);
    Timetable time{.busy = known.busy};
    Calendar unknown;
    unknown.set_name(name);
    const Calendar& calendar = known.calendar != nullptr ? *known.calendar : unknown;
    time.hours = HoursIndex(calendar);
    for (const Calendar::Hold& hold : calendar.holds()) {
      const bool live = !hold.has_expire_time() || sources_.now < ToTime(hold.expire_time());
      if (live && hold.consultation() != consultation_.name())
        time.also_busy.push_back(RangeOf(hold.start_time(), hold.end_time()));
    }
    for (const Calendar::Availability& exception : calendar.availability()) {
      auto& list = exception.available() ? time.available : time.also_busy;
      list.push_back(RangeOf(exception.start_time(), exception.end_time()));
    }
    return time;
  }

  const Consultation& consultation_;
  const int minutes_;
  const SlotSources& sources_;
  SlotQuery query_;
  std::map<std::string, size_t> party_of_;
};

absl::Status CheckAsked(const Consultation& consultation) {
  const auto& participants = consultation.participants();
  const bool any = std::any_of(participants.begin(), participants.end(),
                               [](const auto& participant) { return participant.role() == Participant::PRINCIPAL; });
  if (any) return absl::OkStatus();
  return StateForbids(
      "PRINCIPALS_MISSING",
      {"尚未提出主要领导,请先提出参会人员。", "No PRINCIPAL is named yet: name the participants first."},
      {{"consultation", consultation.name()}});
}

// For machines: names and kinds as they stand in FindSlotsResponse.
std::string CodeOf(const v1::Release& release) {
  if (!release.calendar().empty()) return release.calendar();
  const std::string kind = v1::Release::Kind_Name(release.kind());
  return release.city().empty() ? kind : absl::StrCat(kind, " ", release.city());
}

Text NameOf(const Consultation& consultation, const v1::Release& release) {
  using v1::Release;
  switch (release.kind()) {
    case Release::PERSON: {
      const Participant* who = FindParticipant(consultation, release.calendar());
      const std::string& name = who == nullptr || who->title().empty() ? release.calendar() : who->title();
      return {absl::StrCat("“", name, "”没有空"), absl::StrCat("\"", name, "\" is not free")};
    }
    case Release::QUORUM:
      return {absl::StrCat("“", release.city(), "”人数不足"), absl::StrCat("\"", release.city(), "\" has no quorum")};
    case Release::ROOM:
      return {"没有合适的会议室", "no room fits"};
    case Release::WINDOWS:
      return {"不在可选时间内", "it is outside of the windows"};
    case Release::TRAVEL:
      return {"路途时间不够", "there is no time for the way"};
    case Release::WORKING_HOURS:
      return {"不在工作时间内", "it is outside of working hours"};
    case Release::WORKDAYS:
      return {"当天不上班", "the day is not worked"};
    default:
      return {"占用午休", "it takes the lunch break"};
  }
}

absl::Status NotFeasible(const Consultation& consultation, absl::Time start, const v1::FindSlotsResponse& response) {
  std::vector<std::string> zh, en, codes;
  for (const auto& set : response.blocking_sets()) {
    std::vector<std::string> both_zh, both_en, both_codes;
    for (const v1::Release& release : set.releases()) {
      const Text name = NameOf(consultation, release);
      both_zh.push_back(name.zh);
      both_en.push_back(name.en);
      both_codes.push_back(CodeOf(release));
    }
    zh.push_back(absl::StrJoin(both_zh, "且"));
    en.push_back(absl::StrJoin(both_en, " and "));
    codes.push_back(absl::StrJoin(both_codes, " + "));
  }
  Text why{absl::StrCat(absl::StrJoin(zh, ";或"), "。解决其中一项即可。"),
           absl::StrCat(absl::StrJoin(en, "; or "), ". To mend one of these is enough.")};
  if (zh.empty())
    why = {"妨碍者多于两个,请用 find-slots 另找时间。", "More than two things stand in the way: find another time."};
  return StateForbids("SLOT_NOT_FEASIBLE",
                      {absl::StrCat(FormatMoment(start), " 不可行:", why.zh),
                       absl::StrCat(FormatMoment(start), " is not feasible: ", why.en)},
                      {{"consultation", consultation.name()}, {"blocking", absl::StrJoin(codes, "; ")}});
}

}  // namespace

Hours HoursOf(const Calendar& calendar, const WorkdayCalendar* workdays, int minutes) {
  Hours hours{.zone = ShanghaiTime(), .workdays = workdays, .every_day = calendar.every_day()};
  absl::TimeZone zone;
  if (!calendar.time_zone().empty() && LoadIanaZone(calendar.time_zone(), zone)) hours.zone = zone;
  if (minutes > kLongestOfADay) return hours;
  for (const auto& period : calendar.working_hours())
    hours.periods.push_back({period.begin_minute(), period.end_minute()});
  if (calendar.has_lunch()) hours.lunch = DayPeriod{calendar.lunch().begin_minute(), calendar.lunch().end_minute()};
  if (hours.periods.empty() && calendar.kind() != Calendar::ROOM) {
    hours.periods = {kOfficeHours};
    if (!hours.lunch) hours.lunch = kLunchBreak;
  }
  if (minutes <= kLongestBeforeLunch) return hours;
  hours.lunch.reset();
  if (hours.periods.empty()) return hours;
  DayPeriod whole = hours.periods.front();
  for (const DayPeriod& period : hours.periods)
    whole = {std::min(whole.begin, period.begin), std::max(whole.end, period.end)};
  hours.periods = {whole};
  return hours;
}

absl::StatusOr<SlotQuery> QuestionOf(const Consultation& consultation, const v1::FindSlotsRequest& request,
                                     const SlotSources& sources) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kFindSlots));
  RETURN_IF_ERROR(CheckAsked(consultation));
  const auto& windows = request.windows().empty() ? consultation.windows() : request.windows();
  if (windows.empty()) {
    return BadField("windows", {"请填写可选的时间范围。", "fill in when it may be."}, "WINDOWS_MISSING");
  }
  RETURN_IF_ERROR(CheckWindows(windows, "windows"));
  const int minutes = request.length_minutes() > 0 ? request.length_minutes() : consultation.length_minutes();
  RETURN_IF_ERROR(CheckLength(minutes, "length_minutes"));
  Question question(consultation, minutes, sources);
  question.AddParties();
  question.AddParticipants();
  question.AddRooms();
  SlotQuery query = question.Take();
  const int64_t now = absl::ToUnixSeconds(sources.now);
  for (const auto& window : windows) {
    // What begins a moment after its quarter of an hour begins at the next; and ends inward as well.
    const Seconds range{window.start_time().seconds() + (window.start_time().nanos() > 0 ? 1 : 0),
                        window.end_time().seconds()};
    if (range.end > now) query.windows.push_back({std::max(range.begin, now), range.end});
  }
  query.most_slots = request.max_slots() > 0 ? static_cast<size_t>(request.max_slots()) : kDefaultSlots;
  query.most_blocking_sets =
      request.max_blocking_sets() > 0 ? static_cast<size_t>(request.max_blocking_sets()) : kDefaultBlockingSets;
  query.overlapping = request.overlapping();
  return query;
}

absl::StatusOr<v1::Slot> SlotAt(const Consultation& consultation, absl::Time start, const std::string& room,
                                const SlotSources& sources) {
  const int64_t second = absl::ToUnixSeconds(start);
  if (second % kQuantumSeconds != 0 || absl::FromUnixSeconds(second) != start) {
    return BadField("start_time", {"须为整刻钟。", "must lie on the grid of 15 minutes."}, "SLOT_OFF_GRID");
  }
  if (start < sources.now) {
    return BadField("start_time", {"已经过去。", "has passed."}, "SLOT_PAST");
  }
  v1::FindSlotsRequest request;
  auto& window = *request.add_windows();
  *window.mutable_start_time() = ToTimestamp(start);
  *window.mutable_end_time() = ToTimestamp(start + absl::Minutes(consultation.length_minutes()));
  ASSIGN_OR_RETURN(SlotQuery query, QuestionOf(consultation, request, sources));
  if (!room.empty()) {
    std::erase_if(query.rooms, [&](const Room& other) { return other.calendar != room; });
    if (query.rooms.empty()) {
      return BadField("room",
                      {absl::StrCat("“", room, "”不是主办城市的会议室,或该会商不需要会议室。"),
                       absl::StrCat("\"", room, "\" is not a room of the host city, or no room is needed.")},
                      "ROOM_UNKNOWN");
    }
  }
  const v1::FindSlotsResponse response = FindSlots(query);
  if (response.slots().empty()) return NotFeasible(consultation, start, response);
  return response.slots(0);
}

}  // namespace duikou::consultation::rules
