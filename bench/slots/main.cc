// How long FindSlots takes, and how long merging intervals takes for the same question: prints the median of many runs
// as one line of JSON.
//
//   slots_benchmark find64     64 people, 28 days, calendars prepared as bits: every beginning that does
//   slots_benchmark merge64    the same from calendars prepared as sorted blocks: sorted together, merged, and the gaps
//   searched slots_benchmark rank64     the whole of FindSlots for the same slots_benchmark find500    500 people of 8
//   cities with travel, alternates and rooms, 366 days, calendars prepared as bits slots_benchmark block500   the same
//   when nothing fits: the blocking sets
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "services/consultation/rules/slot_ranking.h"
#include "services/consultation/rules/slots.h"

namespace duikou::consultation::rules {
namespace {

constexpr int64_t kMinute = 60, kHour = 3600, kDay = 24 * kHour;
const absl::CivilDay kFirstDay(2026, 3, 2);  // A Monday.
int64_t Begin() { return absl::ToUnixSeconds(StartOf(kFirstDay)); }

// Each person's days, in order and without overlap: some three blocks a day, and every second Thursday nothing from an
// hour on.
std::vector<std::vector<Seconds>> DrawBlocks(int people, int days, int64_t free_from) {
  std::mt19937_64 random(64);
  std::vector<std::vector<Seconds>> blocks(static_cast<size_t>(people));
  for (auto& person : blocks) {
    for (int day = 0; day < days; ++day) {
      const bool kept = day % 14 == 3;
      for (int64_t at = Begin() + day * kDay + 8 * kHour;;) {
        at += static_cast<int64_t>(random() % 36) * 5 * kMinute;
        const int64_t end = at + static_cast<int64_t>(3 + random() % 22) * 5 * kMinute;
        if (end > Begin() + day * kDay + (kept ? free_from : 18) * kHour) break;
        person.push_back({at, end});
        at = end;
      }
    }
  }
  return blocks;
}

const std::vector<DayPeriod> kOffice = {{9 * 60, 12 * 60}, {13 * 60 + 30, 17 * 60}};

SlotQuery Question(int days, int length) {
  static WorkdayCalendar workdays;
  workdays.SetYear(2026, {});
  SlotQuery query;
  query.windows = {{Begin(), Begin() + days * kDay}};
  query.length = length;
  query.hours = {{.zone = ShanghaiTime(), .workdays = &workdays, .periods = kOffice}};
  return query;
}

SlotQuery Question64(const std::vector<BusyGrid>& grids) {
  SlotQuery query = Question(28, 8);
  query.parties = {{"cities/210800", 32}, {"cities/320700", 32}};
  for (size_t i = 0; i < grids.size(); ++i)
    query.attendees.push_back({.calendar = absl::StrCat("c", i), .party = i % 2, .time = {.busy = &grids[i]}});
  return query;
}

int Find64(const SlotQuery& query) {
  const SlotRows rows(query);
  return static_cast<int>(FeasibleStarts(rows, rows.Together()).Count());
}

// How many beginnings on the grid have two hours free in office hours.
int Merge64(const std::vector<std::vector<Seconds>>& blocks) {
  std::vector<Seconds> busy;
  for (const auto& person : blocks) busy.insert(busy.end(), person.begin(), person.end());
  std::sort(busy.begin(), busy.end(), [](const Seconds& a, const Seconds& b) { return a.begin < b.begin; });
  size_t merged = 0;
  for (const Seconds& block : busy) {
    if (merged > 0 && block.begin <= busy[merged - 1].end) {
      busy[merged - 1].end = std::max(busy[merged - 1].end, block.end);
    } else {
      busy[merged++] = block;
    }
  }
  busy.resize(merged);
  int starts = 0;
  size_t next = 0;
  const auto gap = [&](int64_t begin, int64_t end) {
    const int64_t last = FloorDiv(end, kQuantumSeconds) - 8;
    for (int64_t start = CeilDiv(begin, kQuantumSeconds); start <= last; ++start) ++starts;
  };
  for (int day = 0; day < 28; ++day) {
    if (day % 7 >= 5) continue;
    for (const DayPeriod& period : kOffice) {
      int64_t free = Begin() + day * kDay + period.begin * kMinute;
      const int64_t end = Begin() + day * kDay + period.end * kMinute;
      while (next < busy.size() && busy[next].end <= free) ++next;
      for (; next < busy.size() && busy[next].begin < end; ++next) {
        gap(free, busy[next].begin);
        free = busy[next].end;
        if (free > end) break;
      }
      gap(free, end);
    }
  }
  return starts;
}

// 8 cities; every fourth a principal, those after him his alternate, OPTIONAL and OBSERVER.
SlotQuery Question500(const std::vector<BusyGrid>& grids, const std::vector<BusyGrid>& rooms) {
  SlotQuery query = Question(366, 8);
  query.hours.front().lunch = DayPeriod{12 * 60, 13 * 60 + 30};
  for (int city = 0; city < 8; ++city) query.parties.push_back({absl::StrCat("cities/", 320100 + city * 100), 16});
  constexpr Attendee::Part kParts[] = {Attendee::Part::kPrincipal, Attendee::Part::kAlternate,
                                       Attendee::Part::kOptional, Attendee::Part::kObserver};
  for (size_t i = 0; i < grids.size(); ++i) {
    Attendee attendee{
        .calendar = absl::StrCat("c", i), .party = i / 4 % 8, .part = kParts[i % 4], .principal = i - i % 4};
    attendee.time.busy = &grids[i];
    if (attendee.party != 0) attendee.before = attendee.after = static_cast<int64_t>(2 + attendee.party);
    query.attendees.push_back(std::move(attendee));
  }
  query.room = {.seats = 200, .equipment = {"video"}};
  for (size_t i = 0; i < rooms.size(); ++i)
    query.rooms.push_back(
        {.calendar = absl::StrCat("r", i), .seats = 300, .equipment = {"video"}, .time = {.busy = &rooms[i]}});
  return query;
}

std::vector<BusyGrid> Grids(const std::vector<std::vector<Seconds>>& blocks, int days) {
  std::vector<BusyGrid> grids;
  for (const auto& person : blocks) grids.emplace_back(Outward({Begin() - kDay, Begin() + (days + 1) * kDay}), person);
  return grids;
}

int Measure(int runs, const std::function<int()>& run) {
  std::vector<double> microseconds;
  int result = 0;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    result = run();
    microseconds.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(microseconds.begin(), microseconds.end());
  std::printf("{\"result\":%d,\"median_us\":%.2f,\"low_us\":%.2f,\"high_us\":%.2f}\n", result,
              microseconds[microseconds.size() / 2], microseconds.front(), microseconds.back());
  return result > 0 ? 0 : 1;
}

int Run64(const std::string& what) {
  const auto blocks = DrawBlocks(64, 28, 15);
  const std::vector<BusyGrid> grids = Grids(blocks, 28);
  const SlotQuery query = Question64(grids);
  const int found = Find64(query), merged = Merge64(blocks);
  if (found != merged) return std::cerr << "FindSlots found " << found << ", merging " << merged << "\n", 1;
  if (what == "merge64") return Measure(301, [&] { return Merge64(blocks); });
  if (what == "find64") return Measure(301, [&] { return Find64(query); });
  return Measure(301, [&] { return FindSlots(query).feasible_starts(); });
}

int Run500(bool blocked) {
  const std::vector<BusyGrid> people = Grids(DrawBlocks(500, 366, 10), 366),
                              rooms = Grids(DrawBlocks(20, 366, 10), 366);
  SlotQuery query = Question500(people, rooms);
  // One whose year is full, and whose alternate's is.
  const BusyGrid full(Outward({Begin() - kDay, Begin() + 367 * kDay}), {{Begin() - kDay, Begin() + 367 * kDay}});
  if (blocked) query.attendees[0].time.busy = query.attendees[1].time.busy = &full;
  return Measure(31, [&] {
    const v1::FindSlotsResponse response = FindSlots(query);
    return blocked ? response.blocking_sets_size() : response.feasible_starts();
  });
}

int Run(const std::string& what) {
  if (what == "find64" || what == "merge64" || what == "rank64") return Run64(what);
  if (what == "find500" || what == "block500") return Run500(what == "block500");
  std::cerr << "Usage: slots_benchmark find64|merge64|rank64|find500|block500\n";
  return 2;
}

}  // namespace
}  // namespace duikou::consultation::rules

int main(int argc, char** argv) { return duikou::consultation::rules::Run(argc == 2 ? argv[1] : ""); }
