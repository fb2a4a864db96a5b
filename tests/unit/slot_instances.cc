#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/unit/holidays_2026.h"
#include "tests/unit/slot_oracle.h"

namespace duikou::testing {
namespace {

using consultation::rules::Attendee;
using consultation::rules::BusyGrid;
using consultation::rules::DayPeriod;
using consultation::rules::Hours;
using consultation::rules::Outward;
using consultation::rules::Room;
using consultation::rules::Span;
using consultation::rules::Timetable;

constexpr int64_t kMinute = 60, kDay = 24 * 3600;

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  absl::LoadTimeZone(name, &zone);
  return zone;
}

const WorkdayCalendar& Workdays2026() {
  static const auto* calendar = [] {
    auto* made = new WorkdayCalendar;
    made->SetYear(2026, Holidays2026());
    return made;
  }();
  return *calendar;
}

// Offices, one that begins off the grid, others by their zones, one that is always open, and rooms.
const std::vector<Hours>& AllHours() {
  static const auto* all = new std::vector<Hours>{
      {Zone("Asia/Shanghai"), &Workdays2026(), {{540, 720}, {810, 1020}}, std::nullopt},
      {Zone("Asia/Shanghai"), &Workdays2026(), {{530, 1030}}, DayPeriod{720, 780}},
      {Zone("Asia/Shanghai"), &Workdays2026(), {}, DayPeriod{705, 795}},
      {Zone("Asia/Tokyo"), nullptr, {{540, 1080}}, DayPeriod{725, 790}},
      {Zone("Asia/Kolkata"), nullptr, {{600, 1110}}, std::nullopt},
      {Zone("Europe/Berlin"), nullptr, {{480, 1080}}, DayPeriod{720, 750}},
      {Zone("Asia/Shanghai"), &Workdays2026(), {}, std::nullopt, true},
      {Zone("Asia/Shanghai"), nullptr, {{420, 1320}}, std::nullopt, true},
  };
  return *all;
}

// Around the national holidays of 2026, with days made up on 20 September and 10 October.
int64_t FirstDay() { return absl::ToUnixSeconds(StartOf(absl::CivilDay(2026, 9, 18))); }
constexpr int kDays = 24;

}  // namespace

SlotInstances::SlotInstances(uint64_t seed) : random_(seed) {}

SlotInstance SlotInstances::Next() {
  SlotInstance instance;
  SlotQuery& query = instance.query;
  query.hours = AllHours();
  query.length = 1 + Below(8);
  query.most_slots = static_cast<size_t>(1 + Below(6));
  query.most_blocking_sets = 1000;
  query.overlapping = Below(3) == 0;
  query.host_hours = Below(4) == 0 ? 5 : static_cast<size_t>(Below(3));
  DrawWindows(instance);
  DrawAttendees(instance);
  DrawRooms(instance);
  return instance;
}

void SlotInstances::DrawWindows(SlotInstance& instance) {
  const int64_t day = FirstDay() + Below(kDays) * kDay;
  for (int left = 1 + Below(3); left > 0; --left) {
    const int64_t begin = day + (84 + Below(192)) * 5 * kMinute;
    instance.query.windows.push_back({begin, begin + (6 + Below(56)) * 5 * kMinute});
  }
}

Seconds SlotInstances::DrawRange(const SlotQuery& query, int most_minutes) {
  const Seconds& near = query.windows[static_cast<size_t>(Below(static_cast<int>(query.windows.size())))];
  const auto steps = static_cast<int>((near.end - near.begin) / (5 * kMinute));
  const int64_t begin = near.begin + (Below(steps + 48) - 24) * 5 * kMinute;
  return {begin, begin + (1 + Below(most_minutes / 5)) * 5 * kMinute};
}

Timetable SlotInstances::DrawTime(SlotInstance& instance, std::vector<Seconds>& busy) {
  Timetable time{.hours = static_cast<size_t>(Below(5) < 3 ? Below(3) : Below(8))};
  for (int left = Below(5); left > 0; --left) busy.push_back(DrawRange(instance.query, 240));
  std::vector<Seconds> in_grid;
  for (const Seconds& block : busy) (Below(3) == 0 ? time.also_busy : in_grid).push_back(block);
  if (Below(4) == 0) time.available.push_back(DrawRange(instance.query, 480));
  if (in_grid.empty()) return time;
  Span range = Outward(in_grid.front());
  for (const Seconds& block : in_grid) {
    range = {std::min(range.begin, Outward(block).begin), std::max(range.end, Outward(block).end)};
  }
  instance.grids.emplace_back(range, in_grid);
  time.busy = &instance.grids.back();
  return time;
}

void SlotInstances::DrawAttendees(SlotInstance& instance) {
  SlotQuery& query = instance.query;
  const int parties = 1 + Below(3);
  for (int i = 0; i < parties; ++i) query.parties.push_back({absl::StrCat("cities/", i), 0});
  const auto add = [&](Attendee::Part part, size_t party, size_t principal) {
    instance.attendee_busy.emplace_back();
    Attendee attendee{
        .calendar = absl::StrCat("c", query.attendees.size()), .party = party, .part = part, .principal = principal};
    attendee.time = DrawTime(instance, instance.attendee_busy.back());
    if (party > 0 && Below(2) == 0) attendee.before = Below(8), attendee.after = Below(8);
    query.attendees.push_back(std::move(attendee));
  };
  for (int left = Below(4); left > 0; --left) {
    const auto party = static_cast<size_t>(Below(parties));
    const size_t principal = query.attendees.size();
    add(Attendee::Part::kPrincipal, party, 0);
    for (int alternates = std::max(0, Below(4) - 1); alternates > 0; --alternates)
      add(Attendee::Part::kAlternate, party, principal);
    query.parties[party].quorum += Below(2);
  }
  for (auto& party : query.parties) party.quorum += Below(4) == 0 ? 1 : 0;
  for (int left = Below(3); left > 0; --left)
    add(Below(2) == 0 ? Attendee::Part::kOptional : Attendee::Part::kObserver, static_cast<size_t>(Below(parties)), 0);
}

void SlotInstances::DrawRooms(SlotInstance& instance) {
  SlotQuery& query = instance.query;
  if (Below(2) == 0) return;
  query.room.emplace();
  query.room->seats = Below(4) * 10;
  if (Below(3) == 0) query.room->equipment = {"video"};
  for (int left = 1 + Below(3); left > 0; --left) {
    instance.room_busy.emplace_back();
    Room room{.calendar = absl::StrCat("r", query.rooms.size()), .seats = 10 + Below(3) * 10};
    if (Below(2) == 0) room.equipment = {"whiteboard", "video"};
    room.time = DrawTime(instance, instance.room_busy.back());
    room.time.hours = static_cast<size_t>(Below(3) == 0 ? Below(8) : 6);
    query.rooms.push_back(std::move(room));
  }
}

}  // namespace duikou::testing
