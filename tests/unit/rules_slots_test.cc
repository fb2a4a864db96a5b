// FindSlots: each complaint about the calendars of today by name, and what domain.md asks for besides.
#include <algorithm>
#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/consultation/rules/bit_row.h"
#include "services/consultation/rules/kept_grids.h"
#include "services/consultation/rules/slots.h"
#include "tests/unit/slot_samples.h"

namespace duikou::consultation::rules {
namespace {

using duikou::testing::At;
using duikou::testing::Attending;
using duikou::testing::Best;
using duikou::testing::Sets;
using duikou::testing::Shown;
using duikou::testing::SlotQuestion;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// --------------------------------------------------------------------------------------------------- the complaints

TEST(SlotComplaintsTest, MoreThanTwentyPeople) {
  SlotQuestion question("2026-03-02 00:00", "2026-03-07 00:00");
  // 200 people, of whom each but the last is busy until an hour of his own on Thursday, the last until 15:30.
  for (int i = 0; i < 200; ++i) {
    question.Principal(
        absl::StrCat("p", i), static_cast<size_t>(i % 2),
        {"2026-03-02 00:00", i == 199 ? "2026-03-05 15:30" : absl::StrCat("2026-03-05 ", 10 + i % 5, ":00"),
         "2026-03-05 16:30", "2026-03-08 00:00"});
  }
  const auto response = FindSlots(question.query);
  EXPECT_EQ(response.feasible_starts(), 1);
  EXPECT_EQ(Best(response), "2026-03-05 15:30");
  EXPECT_EQ(response.slots(0).attendees_size(), 200);
}

TEST(SlotComplaintsTest, MoreThanSixtyTwoDays) {
  SlotQuestion question("2026-01-01 00:00", "2027-01-02 00:00");
  question.Principal("wang", 0, {"2026-01-01 00:00", "2026-12-30 14:00"});
  question.Principal("li", 1, {"2026-12-30 15:15", "2027-02-01 00:00"});
  const auto response = FindSlots(question.query);
  EXPECT_EQ(response.feasible_starts(), 2) << "14:00 and 14:15, 364 days after the first moment asked for";
  EXPECT_EQ(Best(response), "2026-12-30 14:15");
}

TEST(SlotComplaintsTest, QuorumPerParty) {
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 12:00");
  question.query.parties = {{"cities/210800", 1}, {"cities/320700", 2}};
  question.Principal("wang", 0);
  const size_t li = question.Principal("li", 1);
  question.Alternate("zhao", li, {"2026-03-02 09:00", "2026-03-02 10:30"});
  const auto response = FindSlots(question.query);
  EXPECT_EQ(Best(response), "2026-03-02 10:30") << "before, one of two attends for Lianyungang";
  EXPECT_THAT(Attending(response.slots(0)), ElementsAre("wang", "li", "zhao"));
  question.query.parties[1].quorum = 3;
  EXPECT_THAT(Sets(FindSlots(question.query)), ElementsAre("cities/320700 2026-03-02 09:00"));
}

TEST(SlotComplaintsTest, Alternates) {
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 12:00");
  const size_t wang = question.Principal("wang", 0, {"2026-03-02 08:00", "2026-03-02 18:00"});
  question.Alternate("sun", wang, {"2026-03-02 08:00", "2026-03-02 10:00"});
  question.Alternate("qian", wang, {"2026-03-02 08:00", "2026-03-02 11:00"});
  const size_t li = question.Principal("li", 1);
  question.Alternate("zhao", li);
  auto response = FindSlots(question.query);
  EXPECT_EQ(Best(response), "2026-03-02 10:00");
  EXPECT_THAT(Attending(response.slots(0)), ElementsAre("sun for wang", "li")) << "nobody stands in for who is there";
  // An alternate of the one is no help to the other.
  question.query.attendees[li].time.busy = question.Grid({"2026-03-02 08:00", "2026-03-02 18:00"});
  question.query.attendees.pop_back();
  EXPECT_THAT(Sets(FindSlots(question.query)), ElementsAre("li 2026-03-02 10:00"));
}

TEST(SlotComplaintsTest, TravelBetweenCities) {
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 17:00");
  question.Principal("wang", 0, {"2026-03-02 13:30", "2026-03-02 17:00"});
  const size_t li =
      question.Principal("li", 1, {"2026-03-02 08:00", "2026-03-02 09:00", "2026-03-02 12:45", "2026-03-02 13:00"});
  EXPECT_EQ(FindSlots(question.query).feasible_starts(), 9) << "each beginning from 9:00 to 11:00";
  question.query.attendees[li].before = 6;  // 90 minutes from Lianyungang,
  question.query.attendees[li].after = 5;   // 75 back.
  const auto response = FindSlots(question.query);
  EXPECT_EQ(response.feasible_starts(), 1);
  EXPECT_EQ(Best(response), "2026-03-02 10:30");
  const auto& held = response.slots(0).attendees(1);
  EXPECT_EQ(Shown(held.hold_start_time()), "2026-03-02 09:00");
  EXPECT_EQ(Shown(held.hold_end_time()), "2026-03-02 12:45");
  question.query.attendees[li].after = 6;
  EXPECT_THAT(Sets(FindSlots(question.query)),
              ElementsAre("li 2026-03-02 09:00", "TRAVEL 2026-03-02 09:00", "wang 2026-03-02 14:30"));
}

TEST(SlotComplaintsTest, WhoBlocks) {
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 11:00");
  question.Principal("wang", 0, {"2026-03-02 09:00", "2026-03-02 10:00"});
  question.Principal("li", 1, {"2026-03-02 10:00", "2026-03-02 11:00"});
  question.Principal("zhao", 1, {"2026-03-02 09:30", "2026-03-02 10:30"});
  question.Add("watcher", Attendee::Part::kOptional, 1, {"2026-03-02 08:00", "2026-03-02 18:00"});
  const auto response = FindSlots(question.query);
  EXPECT_EQ(response.feasible_starts(), 0);
  EXPECT_THAT(Sets(response), ElementsAre("wang+zhao 2026-03-02 09:00", "li+zhao 2026-03-02 10:00"))
      << "who is OPTIONAL never blocks, and wang and li at 9:15 need zhao as well";
}

TEST(SlotComplaintsTest, ATenOClockEndStaysTenOClock) {
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 11:00");
  const size_t wang = question.Principal("wang", 0, {"2026-03-02 09:00", "2026-03-02 10:00"});
  auto response = FindSlots(question.query);
  EXPECT_EQ(Best(response), "2026-03-02 10:00") << "and not 10:15";
  EXPECT_EQ(Shown(response.slots(0).end_time()), "2026-03-02 11:00");
  // A minute more is a minute more: then the next quarter of an hour is it.
  question.query.windows = {{At("2026-03-02 09:00"), At("2026-03-02 11:15")}};
  question.query.attendees[wang].time.busy = question.Grid({"2026-03-02 09:00", "2026-03-02 10:01"});
  EXPECT_EQ(Best(FindSlots(question.query)), "2026-03-02 10:15");
  // What begins at 10:00 lets a meeting end at 10:00.
  question.query.windows = {{At("2026-03-02 09:00"), At("2026-03-02 11:00")}};
  question.query.attendees[wang].time.busy = question.Grid({"2026-03-02 10:00", "2026-03-02 11:00"});
  EXPECT_EQ(Best(FindSlots(question.query)), "2026-03-02 09:00");
}

// ------------------------------------------------------------------------------------------------------ the others

TEST(SlotsTest, RoomsByCapacityAndEquipment) {
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 12:00");
  question.Principal("wang", 0);
  question.query.room = {.seats = 30, .equipment = {"video"}};
  question.AddRoom("hall", 200, {"video", "stage"});
  question.AddRoom("small", 20, {"video"});
  question.AddRoom("plain", 40, {});
  question.AddRoom("fitting", 40, {"whiteboard", "video"}, {"2026-03-02 09:00", "2026-03-02 10:30"});
  const auto response = FindSlots(question.query);
  EXPECT_EQ(Best(response), "2026-03-02 09:00");
  EXPECT_EQ(response.slots(0).room(), "hall");
  question.query.windows = {{At("2026-03-02 10:30"), At("2026-03-02 12:00")}};
  EXPECT_EQ(FindSlots(question.query).slots(0).room(), "fitting") << "the smallest that does";
  question.query.room->equipment = {"interpreter"};
  EXPECT_THAT(Sets(FindSlots(question.query)), ElementsAre("ROOM 2026-03-02 10:30"));
}

TEST(SlotsTest, SeveralWindows) {
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 09:45");
  question.query.windows.push_back({At("2026-03-03 14:10"), At("2026-03-03 15:20")});
  question.query.windows.push_back({At("2026-03-04 10:00"), At("2026-03-04 11:00")});
  question.query.overlapping = true;
  question.Principal("wang", 0);
  const auto response = FindSlots(question.query);
  ASSERT_EQ(response.slots_size(), 2) << "the first is too short, and a slot begins on the grid";
  EXPECT_EQ(Shown(response.slots(0).start_time()), "2026-03-03 14:15");
  EXPECT_EQ(Shown(response.slots(1).start_time()), "2026-03-04 10:00");
  question.query.attendees[0].time.busy =
      question.Grid({"2026-03-03 00:00", "2026-03-03 15:30", "2026-03-04 00:00", "2026-03-04 11:30"});
  EXPECT_THAT(Sets(FindSlots(question.query)), ElementsAre("wang 2026-03-03 14:15", "WINDOWS 2026-03-03 15:30"));
}

TEST(SlotsTest, HolidaysAndMakeUpWorkdays) {
  // 清明节, Monday 2026-04-06.
  SlotQuestion question("2026-04-04 00:00", "2026-04-08 00:00");
  question.Principal("wang", 0);
  EXPECT_EQ(Best(FindSlots(question.query)), "2026-04-07 09:15");
  // Saturday 2026-02-28 is worked for 春节.
  question.query.windows = {{At("2026-02-28 00:00"), At("2026-03-02 00:00")}};
  auto response = FindSlots(question.query);
  EXPECT_EQ(Best(response), "2026-02-28 09:15");
  EXPECT_FALSE(response.slots(0).tentative());
  question.query.windows = {{At("2026-03-07 09:00"), At("2026-03-07 11:00")}};
  EXPECT_THAT(Sets(FindSlots(question.query)), ElementsAre("wang 2026-03-07 09:00", "WORKDAYS 2026-03-07 09:00"));
  // A year without a notice counts Monday to Friday.
  question.query.windows = {{At("2027-10-04 09:00"), At("2027-10-04 11:00")}};
  response = FindSlots(question.query);
  ASSERT_EQ(Best(response), "2027-10-04 09:00");
  EXPECT_TRUE(response.slots(0).tentative());
}

TEST(SlotsTest, IsTentativeByWhoAttendsAndByItsEnd) {
  const auto tentative = [](SlotQuestion& question) {
    const auto response = FindSlots(question.query);
    EXPECT_FALSE(response.slots().empty());
    return !response.slots().empty() && response.slots(0).tentative();
  };
  WorkdayCalendar none;
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 12:00");
  question.query.hours.push_back(question.query.hours[0]);
  question.query.hours[1].workdays = &none;
  question.Principal("wang", 0);
  EXPECT_FALSE(tentative(question));
  question.query.attendees[question.Add("zhao", Attendee::Part::kOptional, 1)].time.hours = 1;
  EXPECT_FALSE(tentative(question)) << "who is told of it alone holds nothing";
  question.query.attendees[question.Principal("li", 1)].time.hours = 1;
  EXPECT_TRUE(tentative(question)) << "the guest city's holidays are not known";
  question.query.hours[1].every_day = true;
  EXPECT_FALSE(tentative(question)) << "holidays are nothing to him";
  question.query.host_hours = 1;
  EXPECT_TRUE(tentative(question)) << "the host's count";

  SlotQuestion night("2026-12-31 23:00", "2027-01-01 01:00", 120);
  night.query.hours[0].periods.clear();
  night.query.hours.push_back(night.query.hours[0]);
  night.query.hours[1].every_day = true;
  night.query.attendees[night.Principal("wang", 0)].time.hours = 1;
  EXPECT_TRUE(tentative(night)) << "its end lies in a year that is not known";
  night.query.windows = {{At("2026-12-31 22:00"), At("2027-01-01 00:00")}};
  EXPECT_FALSE(tentative(night)) << "at midnight it is over";
}

TEST(SlotsTest, LunchIsKept) {
  SlotQuestion question("2026-03-02 11:00", "2026-03-02 14:30", 90);
  question.query.hours[0].periods = {{540, 1020}};
  question.query.hours[0].lunch = DayPeriod{720, 780};
  question.Principal("wang", 0);
  EXPECT_EQ(Best(FindSlots(question.query)), "2026-03-02 13:00");
  question.query.windows = {{At("2026-03-02 11:00"), At("2026-03-02 14:15")}};
  EXPECT_THAT(Sets(FindSlots(question.query)), ElementsAre("wang 2026-03-02 11:00", "LUNCH 2026-03-02 11:00"));
}

TEST(SlotsTest, WorkingHoursAreLocal) {
  SlotQuestion question("2026-03-02 00:00", "2026-03-03 00:00");
  absl::TimeZone kolkata, berlin;
  ASSERT_TRUE(absl::LoadTimeZone("Asia/Kolkata", &kolkata) && absl::LoadTimeZone("Europe/Berlin", &berlin));
  question.query.hours.push_back({.zone = kolkata, .periods = {{570, 1080}}});
  question.query.hours.push_back({.zone = berlin, .periods = {{480, 1080}}});
  question.Principal("wang", 0);
  question.query.attendees[question.Principal("singh", 1)].time.hours = 1;
  auto response = FindSlots(question.query);
  EXPECT_EQ(response.feasible_starts(), 11) << "from 13:30 on for an hour, 17:00 at the latest; 9:30 in India is 12:00";
  question.query.attendees[question.Principal("weber", 1)].time.hours = 2;
  response = FindSlots(question.query);
  EXPECT_EQ(response.feasible_starts(), 5) << "8:00 in Berlin is 15:00";
  // In summer time it is 14:00.
  question.query.windows = {{At("2026-03-30 00:00"), At("2026-03-31 00:00")}};
  EXPECT_EQ(FindSlots(question.query).feasible_starts(), 9);
}

TEST(SlotsTest, AvailabilityGoesBeyondTheHours) {
  SlotQuestion question("2026-03-07 08:00", "2026-03-07 18:00");
  const size_t wang = question.Principal("wang", 0, {"2026-03-07 10:00", "2026-03-07 10:30"});
  question.query.attendees[wang].time.available = {{At("2026-03-07 09:00"), At("2026-03-07 12:00")}};
  const auto response = FindSlots(question.query);
  EXPECT_EQ(response.feasible_starts(), 4) << "9:00, and 10:30 to 11:00 on a Saturday";
}

TEST(SlotsTest, TheScoreIsTakenApart) {
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 17:00");
  question.query.overlapping = true;
  question.query.most_slots = 50;
  const size_t wang = question.Principal("wang", 0, {"2026-03-02 09:00", "2026-03-02 10:00"});
  question.Alternate("sun", wang);
  question.Principal("li", 1);
  question.Add("zhou", Attendee::Part::kOptional, 1, {"2026-03-02 13:00", "2026-03-02 18:00"});
  question.Add("wu", Attendee::Part::kOptional, 1);
  question.Add("zheng", Attendee::Part::kObserver, 0, {"2026-03-02 10:15", "2026-03-02 10:45"});
  const auto response = FindSlots(question.query);
  ASSERT_EQ(response.slots_size(), response.feasible_starts());
  for (const v1::Slot& slot : response.slots()) {
    int sum = 0, most = 0;
    for (const auto& part : slot.parts()) sum += part.points(), most += part.most();
    EXPECT_EQ(slot.score(), sum);
    EXPECT_EQ(most, 100);
  }
  const v1::Slot& best = response.slots(0);
  EXPECT_EQ(Shown(best.start_time()), "2026-03-02 10:45");
  EXPECT_THAT(Attending(best), ElementsAre("wang", "li"));
  EXPECT_THAT(best.absent(), IsEmpty());
  const auto nine = std::find_if(response.slots().begin(), response.slots().end(),
                                 [](const v1::Slot& slot) { return Shown(slot.start_time()) == "2026-03-02 09:00"; });
  ASSERT_NE(nine, response.slots().end());
  EXPECT_EQ(nine->parts(0).count(), 1);
  EXPECT_EQ(nine->parts(0).total(), 2);
  EXPECT_EQ(nine->parts(0).points(), 20);
  const auto two = std::find_if(response.slots().begin(), response.slots().end(),
                                [](const v1::Slot& slot) { return Shown(slot.start_time()) == "2026-03-02 14:30"; });
  ASSERT_NE(two, response.slots().end());
  EXPECT_THAT(two->absent(), ElementsAre("zhou"));
  EXPECT_EQ(two->parts(1).points(), 10);
  EXPECT_EQ(two->parts(4).points(), 10) << "14:30 is a good time of day";
}

TEST(SlotsTest, BetterSlotsKeepOverlappingOnesAway) {
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 12:00");
  question.Principal("wang", 0);
  const auto response = FindSlots(question.query);
  ASSERT_EQ(response.slots_size(), 3);
  EXPECT_EQ(Shown(response.slots(0).start_time()), "2026-03-02 09:00");
  EXPECT_EQ(Shown(response.slots(1).start_time()), "2026-03-02 10:00");
  EXPECT_EQ(Shown(response.slots(2).start_time()), "2026-03-02 11:00");
  question.query.overlapping = true;
  EXPECT_EQ(FindSlots(question.query).slots_size(), 9);
}

TEST(SlotsTest, NothingIsFoundWhereNothingIsAsked) {
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 09:30");
  const auto response = FindSlots(question.query);
  EXPECT_EQ(response.slots_size(), 0) << "the window is shorter than the slot";
  EXPECT_THAT(Sets(response), IsEmpty());
}

TEST(SlotsTest, ThreeInTheWayAreMoreThanIsNamed) {
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 10:00");
  for (const char* who : {"wang", "li", "zhao"}) question.Principal(who, 0, {"2026-03-02 09:00", "2026-03-02 10:00"});
  EXPECT_THAT(Sets(FindSlots(question.query)), IsEmpty());
}

TEST(SlotsTest, BlockingSetsAreCutWhereMoreThanAskedFor) {
  SlotQuestion question("2026-03-02 09:00", "2026-03-02 10:00");
  const size_t wang = question.Principal("wang", 0, {"2026-03-02 09:00", "2026-03-02 10:00"});
  for (int i = 0; i < 9; ++i) question.Alternate(absl::StrCat("a", i), wang, {"2026-03-02 09:00", "2026-03-02 10:00"});
  auto response = FindSlots(question.query);
  EXPECT_EQ(response.blocking_sets_size(), 10);
  EXPECT_FALSE(response.more_blocking_sets());
  question.query.most_blocking_sets = 4;
  response = FindSlots(question.query);
  EXPECT_EQ(response.blocking_sets_size(), 4);
  EXPECT_TRUE(response.more_blocking_sets());
}

// ---------------------------------------------------------------------------------------------------- rows of bits

TEST(BitRowTest, RunsAcrossWords) {
  for (const size_t length : {1, 2, 3, 8, 63, 64, 65, 100, 128, 191}) {
    BitRow row(4);
    row.Set(10, 10 + 192);
    row.KeepRuns(length);
    BitRow expected(4);
    expected.Set(10, 10 + 192 - static_cast<int64_t>(length) + 1);
    EXPECT_EQ(row, expected) << length;
  }
  BitRow row(2, true);
  row.KeepRuns(65);
  EXPECT_EQ(row.Count(), 64U) << "nothing is set beyond the row";
  row.KeepRuns(500);
  EXPECT_FALSE(row.Any());
}

TEST(BitRowTest, ShiftsAcrossWords) {
  for (const size_t shift : {0, 1, 63, 64, 65, 130, 191, 300}) {
    BitRow row(3), expected(3);
    row.Set(0, 1);
    row.Set(61, 67);
    row.ShiftUp(shift);
    const auto by = static_cast<int64_t>(shift);
    expected.Set(by, by + 1);
    expected.Set(61 + by, 67 + by);
    EXPECT_EQ(row, expected) << shift;
  }
}

TEST(BitCounterTest, CountsAndCompares) {
  const BitRow needed(2, true);
  BitCounter counts(needed);
  for (int i = 1; i <= 100; ++i) {
    BitRow row(2);
    row.Set(0, i);
    counts.Add(row);
  }
  EXPECT_EQ(counts.CountAt(0), 100);
  EXPECT_EQ(counts.CountAt(70), 30);
  EXPECT_EQ(counts.CountAt(120), 0);
  for (const int least : {0, 1, 30, 31, 64, 100, 101, 5000})
    EXPECT_EQ(counts.AtLeast(least).Count(), least == 0 ? 128U : static_cast<size_t>(std::max(0, 101 - least)))
        << least;
}

TEST(KeptGridsTest, AreBoundedByTheirSize) {
  const absl::Time made = absl::FromUnixSeconds(0);
  // A century, with a block at each end: 438 kB.
  const auto century = std::make_shared<const BusyGrid>(Outward({0, int64_t{36525} * 24 * 3600}));
  const auto empty = std::make_shared<const BusyGrid>();
  consultation::rules::KeptGrids kept(5'000'000);
  for (int i = 0; i < 1000; ++i) {
    const std::string name = absl::StrCat("cities/210800/calendars/", i);
    kept.Keep(name, {made, 1}, century);
    ASSERT_LE(kept.bytes(), 5'000'000U);
    ASSERT_EQ(kept.Find(name, {made, 1}), century);
  }
  const size_t before = kept.bytes();
  kept.Keep("cities/210800/calendars/999", {made, 2}, empty);
  EXPECT_EQ(before - kept.bytes(), century->bytes()) << "in place of the older one";
  kept.Keep("cities/210800/calendars/999", {made, 1}, century);
  EXPECT_EQ(kept.Find("cities/210800/calendars/999", {made, 2}), empty) << "an older one takes no newer one's place";
  EXPECT_EQ(kept.Find("cities/210800/calendars/999", {made, 1}), nullptr);
  for (int i = 0; i < 100'000; ++i) kept.Keep(absl::StrCat("c", i), {made, 1}, empty);
  EXPECT_LE(kept.bytes(), 5'000'000U) << "those without a block take their place, too";
}

TEST(TimeGridTest, RoundsOutwardAlsoBefore1970) {
  EXPECT_EQ(Outward({0, 900}), (Span{0, 1}));
  EXPECT_EQ(Outward({1, 901}), (Span{0, 2}));
  EXPECT_EQ(Outward({-1, 1}), (Span{-1, 1}));
  EXPECT_EQ(Inward({-1, 1799}), (Span{0, 1}));
  BusyGrid grid(Outward({-100 * 900, 100 * 900}), {{-900, 900}, {99 * 900, 1000 * 900}});
  EXPECT_TRUE(grid.IsBusy(-1) && grid.IsBusy(0) && grid.IsBusy(99));
  EXPECT_FALSE(grid.IsBusy(-2) || grid.IsBusy(1) || grid.IsBusy(5000) || grid.IsBusy(-5000));
}

}  // namespace
}  // namespace duikou::consultation::rules
