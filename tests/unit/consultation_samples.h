#ifndef DUIKOU_TESTS_UNIT_CONSULTATION_SAMPLES_H_
#define DUIKOU_TESTS_UNIT_CONSULTATION_SAMPLES_H_

#include <array>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/caller.h"
#include "common/base/workday.h"
#include "duikou/consultation/v1/calendar.pb.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/consultation/rules/consultation_actions.h"
#include "services/consultation/rules/moments.h"
#include "services/consultation/rules/slot_question.h"

namespace duikou::testing {

using consultation::v1::Calendar;
using consultation::v1::Consultation;

inline constexpr std::array<Consultation::State, 7> kConsultationStates = {
    Consultation::DRAFT,   Consultation::PROPOSED, Consultation::CONFIRMED, Consultation::HELD,
    Consultation::MINUTED, Consultation::CLOSED,   Consultation::CANCELLED};

// "2026-03-04 10:00" in Shanghai.
inline absl::Time MomentAt(const std::string& text) {
  absl::Time time;
  absl::ParseTime("%Y-%m-%d %H:%M", text, ShanghaiTime(), &time, nullptr);
  return time;
}
inline const absl::Time kNow = MomentAt("2026-03-02 08:00");

// Of Yingkou, the host, and Lianyungang.
inline const char kWang[] = "cities/210800/calendars/wang", kSun[] = "cities/210800/calendars/sun";
inline const char kLi[] = "cities/320700/calendars/li", kZhao[] = "cities/320700/calendars/zhao";
inline const char kQian[] = "cities/320700/calendars/qian", kRoom[] = "cities/210800/calendars/hall";

inline Caller SchedulerOf(const std::string& city, const std::string& account = "zhou",
                          int role = duikou::type::v1::SCHEDULER) {
  return {.kind = Caller::Kind::kPerson,
          .name = "cities/" + city + "/accounts/" + account,
          .city = city,
          .unit = "cities/" + city + "/units/zhengfuban",
          .roles = 1U << role};
}
inline Caller HostScheduler() { return SchedulerOf("210800"); }
inline Caller GuestScheduler() { return SchedulerOf("320700"); }

inline Consultation::Participant ParticipantOf(const std::string& calendar, Consultation::Participant::Role role,
                                               const std::string& alternate_for = "") {
  Consultation::Participant participant;
  participant.set_calendar(calendar);
  participant.set_title(calendar.substr(calendar.rfind('/') + 1));
  participant.set_role(role);
  participant.set_alternate_for(alternate_for);
  return participant;
}

// Wang for Yingkou, and Sun if he cannot; Li for Lianyungang, and Zhao or Qian; two hours' travel each way.
inline Consultation Draft() {
  Consultation consultation;
  consultation.set_name("cities/210800/consultations/c1");
  consultation.set_kind(Consultation::MEETING);
  consultation.set_tier(Consultation::DECISION);
  consultation.set_topic("港口合作");
  consultation.set_state(Consultation::DRAFT);
  consultation.set_length_minutes(120);
  consultation.add_parties()->set_city("cities/210800");
  auto& guest = *consultation.add_parties();
  guest.set_city("cities/320700");
  guest.set_travel_before_minutes(120);
  guest.set_travel_after_minutes(120);
  using Participant = Consultation::Participant;
  *consultation.add_participants() = ParticipantOf(kWang, Participant::PRINCIPAL);
  *consultation.add_participants() = ParticipantOf(kSun, Participant::ALTERNATE, kWang);
  *consultation.add_participants() = ParticipantOf(kLi, Participant::PRINCIPAL);
  *consultation.add_participants() = ParticipantOf(kZhao, Participant::ALTERNATE, kLi);
  *consultation.add_participants() = ParticipantOf(kQian, Participant::ALTERNATE, kLi);
  *consultation.add_participants() = ParticipantOf("cities/210800/calendars/wu", Participant::OBSERVER);
  consultation.mutable_room_need()->set_seats(10);
  auto& window = *consultation.add_windows();
  *window.mutable_start_time() = consultation::rules::ToTimestamp(MomentAt("2026-03-03 00:00"));
  *window.mutable_end_time() = consultation::rules::ToTimestamp(MomentAt("2026-03-07 00:00"));
  return consultation;
}

// The calendars of all who are named in a consultation, and of a room with 30 seats.
class CalendarsOf {
 public:
  explicit CalendarsOf(const Consultation& consultation) {
    for (const auto& participant : consultation.participants()) {
      Calendar& calendar = calendars[participant.calendar()];
      calendar.set_name(participant.calendar());
      calendar.set_kind(Calendar::PERSON);
      calendar.set_title(participant.title());
      calendar.add_liaisons(absl::StrCat(participant.calendar().substr(0, 13), "/accounts/", participant.title()));
    }
    Calendar& room = calendars[kRoom];
    room.set_name(kRoom);
    room.set_kind(Calendar::ROOM);
    room.set_title("第一会议室");
    room.set_seats(30);
  }
  consultation::rules::SlotSources Sources() {
    return {
        .calendar = [this](const std::string& name) -> consultation::rules::KnownCalendar {
          const auto found = calendars.find(name);
          const auto grid = grids.find(name);
          return {found == calendars.end() ? nullptr : &found->second, grid == grids.end() ? nullptr : &grid->second};
        },
        .rooms = {kRoom},
        .workdays = [](const std::string&) { return nullptr; },
        .now = kNow};
  }
  void SetBusy(const std::string& name, const std::string& from, const std::string& until) {
    const consultation::rules::Seconds range{absl::ToUnixSeconds(MomentAt(from)), absl::ToUnixSeconds(MomentAt(until))};
    grids[name] = consultation::rules::BusyGrid(consultation::rules::Outward(range), {range});
  }

  std::map<std::string, Calendar> calendars;
  std::map<std::string, consultation::rules::BusyGrid> grids;
};

// In a state that it has come to: on Wednesday 2026-03-04, 10:00 to 12:00.
inline Consultation ConsultationIn(Consultation::State state) {
  namespace rules = consultation::rules;
  Consultation consultation = Draft();
  if (state == Consultation::DRAFT) return consultation;
  CalendarsOf calendars(consultation);
  auto slot = rules::SlotAt(consultation, MomentAt("2026-03-04 10:00"), kRoom, calendars.Sources());
  if (!slot.ok() || !rules::Propose(consultation, *slot, absl::Hours(24), kNow).ok()) std::abort();
  consultation.set_state(state);
  if (state != Consultation::PROPOSED) consultation.clear_hold_expire_time();
  return consultation;
}

inline std::string Seats(const Consultation& consultation) {
  std::string seats;
  for (const auto& attendee : consultation.slot().attendees()) {
    const auto title = [](const std::string& name) { return name.substr(name.rfind('/') + 1); };
    absl::StrAppend(&seats, seats.empty() ? "" : ", ", title(attendee.calendar()),
                    attendee.stands_in_for().empty() ? "" : absl::StrCat(" for ", title(attendee.stands_in_for())));
  }
  return seats;
}

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_UNIT_CONSULTATION_SAMPLES_H_
