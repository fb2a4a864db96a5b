#ifndef DUIKOU_TESTS_UNIT_SLOT_SAMPLES_H_
#define DUIKOU_TESTS_UNIT_SLOT_SAMPLES_H_

#include <deque>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "duikou/consultation/v1/slot.pb.h"
#include "services/consultation/rules/slot_query.h"
#include "tests/unit/holidays_2026.h"

namespace duikou::testing {

using consultation::rules::Attendee;
using consultation::rules::BusyGrid;
using consultation::rules::DayPeriod;
using consultation::rules::Outward;
using consultation::rules::Seconds;
using consultation::rules::SlotQuery;

// "2026-03-04 10:00" in Shanghai, in seconds.
inline int64_t At(const std::string& text) {
  absl::Time time;
  absl::ParseTime("%Y-%m-%d %H:%M", text, ShanghaiTime(), &time, nullptr);
  return absl::ToUnixSeconds(time);
}
inline std::string Shown(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()), ShanghaiTime());
}

inline const WorkdayCalendar& Workdays() {
  static const auto* calendar = [] {
    auto* made = new WorkdayCalendar;
    made->SetYear(2026, Holidays2026());
    return made;
  }();
  return *calendar;
}

// A question about Yingkou (210800, the host) and Lianyungang (320700), in office hours of 9:00 to 12:00 and 13:30 to
// 17:00.
class SlotQuestion {
 public:
  SlotQuestion(const std::string& from, const std::string& to, int minutes = 60) {
    query.windows = {{At(from), At(to)}};
    query.length = minutes / 15;
    query.hours = {{.zone = ShanghaiTime(), .workdays = &Workdays(), .periods = {{540, 720}, {810, 1020}}}};
    query.parties = {{"cities/210800", 0}, {"cities/320700", 0}};
  }

  // Busy from and to, in pairs. The index of the attendee.
  size_t Add(const std::string& who, Attendee::Part part, size_t party, const std::vector<std::string>& busy = {},
             size_t principal = 0) {
    Attendee attendee{.calendar = who, .party = party, .part = part, .principal = principal};
    attendee.time.busy = Grid(busy);
    query.attendees.push_back(attendee);
    return query.attendees.size() - 1;
  }
  size_t Principal(const std::string& who, size_t party, const std::vector<std::string>& busy = {}) {
    return Add(who, Attendee::Part::kPrincipal, party, busy);
  }
  size_t Alternate(const std::string& who, size_t principal, const std::vector<std::string>& busy = {}) {
    return Add(who, Attendee::Part::kAlternate, query.attendees[principal].party, busy, principal);
  }
  void AddRoom(const std::string& room, int seats, const std::vector<std::string>& equipment,
               const std::vector<std::string>& busy = {}) {
    query.rooms.push_back({.calendar = room, .seats = seats, .equipment = equipment, .time = {.busy = Grid(busy)}});
  }
  const BusyGrid* Grid(const std::vector<std::string>& busy) {
    std::vector<Seconds> blocks;
    for (size_t i = 0; i + 1 < busy.size(); i += 2) blocks.push_back({At(busy[i]), At(busy[i + 1])});
    if (blocks.empty()) return nullptr;
    grids_.emplace_back(Outward({At("2026-01-01 00:00"), At("2027-12-31 00:00")}), blocks);
    return &grids_.back();
  }

  SlotQuery query;

 private:
  std::deque<BusyGrid> grids_;
};

// "2026-03-04 10:00" of the best slot; empty without one.
inline std::string Best(const consultation::v1::FindSlotsResponse& response) {
  return response.slots().empty() ? "" : Shown(response.slots(0).start_time());
}
// "wang 2026-03-04 10:00", "TRAVEL+cities/320700 …": what each set releases, and the slot that it gives.
inline std::vector<std::string> Sets(const consultation::v1::FindSlotsResponse& response) {
  std::vector<std::string> sets;
  for (const auto& set : response.blocking_sets()) {
    std::string line;
    for (const auto& release : set.releases()) {
      absl::StrAppend(&line, line.empty() ? "" : "+",
                      !release.calendar().empty() ? release.calendar()
                      : !release.city().empty()   ? release.city()
                                                  : consultation::v1::Release::Kind_Name(release.kind()));
    }
    sets.push_back(absl::StrCat(line, " ", Shown(set.start_time())));
  }
  return sets;
}
// "wang", "li for wang": who attends.
inline std::vector<std::string> Attending(const consultation::v1::Slot& slot) {
  std::vector<std::string> people;
  for (const auto& attendee : slot.attendees()) {
    people.push_back(attendee.stands_in_for().empty() ? attendee.calendar()
                                                      : attendee.calendar() + " for " + attendee.stands_in_for());
  }
  return people;
}

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_UNIT_SLOT_SAMPLES_H_
