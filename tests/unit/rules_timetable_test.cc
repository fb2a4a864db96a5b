// Timetables: cases laid out by hand, and random ones against what must hold of each.
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/timetable.h"
#include "tests/unit/event_samples.h"

namespace duikou::techtransfer::rules {
namespace {

using duikou::testing::AddSession;
using duikou::testing::EventTime;
using duikou::testing::SignUpOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using v1::Event;
using v1::SignUp;

Event EventWith(int tables, int minutes) {
  Event event;
  event.set_name("cities/210800/events/e1");
  event.set_tables(tables);
  event.set_meeting_minutes(minutes);
  return event;
}

SignUp Wishing(const std::string& id, const std::vector<std::string>& wishes) {
  SignUp sign_up = SignUpOf(id);
  for (const std::string& wish : wishes) sign_up.add_wishes(SignUpOf(wish).unit());
  return sign_up;
}

// "m1 10:00-10:20 t1 a+b"
std::vector<std::string> Shown(const std::vector<Event::Meeting>& meetings) {
  std::vector<std::string> shown;
  const auto time = [](const google::protobuf::Timestamp& stamp) {
    return absl::FormatTime("%H:%M", ToTime(stamp), ShanghaiTime());
  };
  for (const Event::Meeting& meeting : meetings) {
    shown.push_back(absl::StrCat(meeting.id(), " ", time(meeting.start_time()), "-", time(meeting.end_time()), " t",
                                 meeting.table(), " ", meeting.first_title(), "+", meeting.second_title()));
  }
  return shown;
}

TEST(TimetableTest, MutualWishesThenRanksThenTitles) {
  Event event = EventWith(1, 0);
  AddSession(event, EventTime(9), EventTime(10), false);
  AddSession(event, EventTime(10), EventTime(11, 59));
  // a and d wish for one another last; b's first wish is c, c's second is a, d's first is b.
  const std::vector<SignUp> sign_ups = {Wishing("d", {"b", "a"}), Wishing("a", {"x", "y", "d"}),
                                        Wishing("c", {"y", "a"}), Wishing("b", {"c"})};
  EXPECT_THAT(Shown(LayOut(event, sign_ups)), ElementsAre("m1 10:00-10:20 t1 a+d", "m2 10:20-10:40 t1 b+c",
                                                          "m3 10:40-11:00 t1 b+d", "m4 11:00-11:20 t1 a+c"));
}

TEST(TimetableTest, TablesAreFilledTimeByTime) {
  Event event = EventWith(2, 30);
  AddSession(event, EventTime(10), EventTime(11));
  const std::vector<SignUp> sign_ups = {Wishing("a", {"b", "c", "d"}), Wishing("c", {"d"}), Wishing("b", {}),
                                        Wishing("d", {})};
  const auto meetings = LayOut(event, sign_ups);
  EXPECT_THAT(Shown(meetings), ElementsAre("m1 10:00-10:30 t1 a+b", "m2 10:00-10:30 t2 c+d", "m3 10:30-11:00 t1 a+c"))
      << "a+d finds no time";
  EXPECT_EQ(meetings[0].first(), "cities/320700/signUps/a");
  EXPECT_EQ(meetings[0].second(), "cities/320700/signUps/b");
}

TEST(TimetableTest, OverlappingSessionsShareTablesAndUnits) {
  Event event = EventWith(1, 20);
  AddSession(event, EventTime(10), EventTime(10, 40));
  AddSession(event, EventTime(10, 10), EventTime(11, 10));
  const std::vector<SignUp> sign_ups = {Wishing("a", {"b", "c", "d", "e"}), Wishing("b", {}), Wishing("c", {}),
                                        Wishing("d", {}), Wishing("e", {})};
  EXPECT_THAT(Shown(LayOut(event, sign_ups)),
              ElementsAre("m1 10:00-10:20 t1 a+b", "m2 10:20-10:40 t1 a+c", "m3 10:50-11:10 t1 a+d"));
}

TEST(TimetableTest, NothingToMeetFor) {
  Event event = EventWith(3, 20);
  const std::vector<SignUp> two = {Wishing("a", {"b"}), Wishing("b", {})};
  EXPECT_THAT(LayOut(event, two), IsEmpty()) << "no session";
  AddSession(event, EventTime(10), EventTime(11), false);
  AddSession(event, EventTime(11), EventTime(11, 19));
  EXPECT_THAT(LayOut(event, two), IsEmpty()) << "none is for meetings and long enough";
  AddSession(event, EventTime(11, 20), EventTime(11, 40));
  EXPECT_THAT(LayOut(event, two), SizeIs(1));
  EXPECT_THAT(LayOut(event, {}), IsEmpty());
  EXPECT_THAT(LayOut(event, {Wishing("a", {"a", "nobody"})}), IsEmpty());
  event.set_tables(0);
  EXPECT_THAT(LayOut(event, two), IsEmpty());
}

TEST(TimetableTest, NoMoreThanCanBeShownHoweverLongASession) {
  Event event = EventWith(1, 1);
  AddSession(event, EventTime(0), EventTime(0) + absl::Hours(24 * 365 * 1000));
  std::vector<SignUp> sign_ups;
  for (int i = 0; i < 100; ++i) {
    std::vector<std::string> wishes;
    for (int j = 1; j <= 30; ++j) wishes.push_back(absl::StrCat("u", (i + j) % 100));
    sign_ups.push_back(Wishing(absl::StrCat("u", i), wishes));
  }
  const auto meetings = LayOut(event, sign_ups);
  ASSERT_THAT(meetings, SizeIs(kMaxMeetings));
  EXPECT_EQ(meetings.back().id(), "m2000");
  EXPECT_EQ(ToTime(meetings.back().end_time()), EventTime(0) + absl::Minutes(2000)) << "one after the other";
}

// A random event of some hours, its sessions overlapping now and then, and units with random wishes.
struct Case {
  Event event;
  std::vector<SignUp> sign_ups;
};
Case RandomCase(std::mt19937& random) {
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  Case made{.event = EventWith(below(5), below(4) == 0 ? 0 : 5 + below(40)), .sign_ups = {}};
  for (int i = below(4); i >= 0; --i) {
    const absl::Time start = EventTime(9) + absl::Minutes(5 * below(60));
    AddSession(made.event, start, start + absl::Minutes(1 + below(150)), below(4) != 0);
  }
  const int units = 2 + below(14);
  for (int i = 0; i < units; ++i) {
    std::vector<std::string> wishes;
    for (int j = below(8); j > 0; --j) {
      const int wish = below(units + 2);  // The last two do not come.
      if (wish != i) wishes.push_back(absl::StrCat("u", wish));
    }
    made.sign_ups.push_back(Wishing(absl::StrCat("u", i), wishes));
  }
  return made;
}

using Span = std::pair<absl::Time, absl::Time>;
bool Overlap(const Span& a, const Span& b) { return a.first < b.second && b.first < a.second; }
Span SpanOf(const Event::Meeting& meeting) { return {ToTime(meeting.start_time()), ToTime(meeting.end_time())}; }

// Every time at which a meeting may be held, worked out anew.
std::set<Span> TimesOf(const Event& event) {
  const absl::Duration length = absl::Minutes(event.meeting_minutes() == 0 ? 20 : event.meeting_minutes());
  std::set<Span> times;
  for (const Event::Session& session : event.sessions()) {
    if (!session.meetings()) continue;
    for (absl::Time at = ToTime(session.start_time()); at + length <= ToTime(session.end_time()); at += length)
      times.emplace(at, at + length);
  }
  return times;
}

using Names = std::pair<std::string, std::string>;
Names NamesOf(std::string a, std::string b) { return a < b ? Names(a, b) : Names(b, a); }

// (not mutual, sum of the ranks) of each pair that is wanted: what comes first is smaller.
std::map<Names, std::pair<bool, int>> WantedIn(const std::vector<SignUp>& sign_ups) {
  std::map<std::string, const SignUp*> by_unit;
  for (const SignUp& sign_up : sign_ups) by_unit[sign_up.unit()] = &sign_up;
  std::map<Names, std::map<std::string, int>> ranks;  // By who wishes.
  for (const SignUp& sign_up : sign_ups) {
    for (int i = 0; i < sign_up.wishes_size(); ++i) {
      const auto other = by_unit.find(sign_up.wishes(i));
      if (other == by_unit.end()) continue;
      ranks[NamesOf(sign_up.name(), other->second->name())].emplace(sign_up.name(), i + 1);
    }
  }
  std::map<Names, std::pair<bool, int>> wanted;
  for (const auto& [names, of_pair] : ranks) {
    int sum = 0;
    for (const auto& [wisher, rank] : of_pair) sum += rank;
    wanted[names] = {of_pair.size() < 2, sum};
  }
  return wanted;
}

void ExpectNoConflicts(const Event& event, const std::vector<Event::Meeting>& meetings) {
  const std::set<Span> times = TimesOf(event);
  for (size_t i = 0; i < meetings.size(); ++i) {
    const Event::Meeting& a = meetings[i];
    EXPECT_EQ(a.id(), absl::StrCat("m", i + 1));
    EXPECT_TRUE(times.contains(SpanOf(a)));
    EXPECT_TRUE(a.table() >= 1 && a.table() <= event.tables()) << a.table();
    for (size_t j = 0; j < i; ++j) {
      const Event::Meeting& b = meetings[j];
      EXPECT_LT(std::pair(SpanOf(b).first, b.table()), std::pair(SpanOf(a).first, a.table()));
      EXPECT_NE(NamesOf(a.first(), a.second()), NamesOf(b.first(), b.second())) << "each pair once";
      if (!Overlap(SpanOf(a), SpanOf(b))) continue;
      EXPECT_NE(a.table(), b.table());
      EXPECT_EQ(std::set<std::string>({a.first(), a.second(), b.first(), b.second()}).size(), 4U);
    }
  }
}

// Whether a pair could meet at a time if only those meetings were held which `counted` says.
template <class Counted>
bool Fits(const Event& event, const std::vector<Event::Meeting>& meetings, const Names& pair, const Span& time,
          Counted counted) {
  std::set<int> tables;
  for (const Event::Meeting& meeting : meetings) {
    if (!Overlap(SpanOf(meeting), time) || !counted(meeting)) continue;
    tables.insert(meeting.table());
    for (const std::string& name : {meeting.first(), meeting.second()}) {
      if (name == pair.first || name == pair.second) return false;
    }
  }
  return static_cast<int>(tables.size()) < event.tables();
}

TEST(TimetableTest, WhatHoldsOfEveryTimetable) {
  std::mt19937 random(20260518);
  size_t placed = 0, left_out = 0;
  for (int round = 0; round < 1500; ++round) {
    SCOPED_TRACE(round);
    Case made = RandomCase(random);
    const auto meetings = LayOut(made.event, made.sign_ups);
    ExpectNoConflicts(made.event, meetings);
    const auto wanted = WantedIn(made.sign_ups);
    std::map<Names, Span> held;
    for (const Event::Meeting& meeting : meetings) {
      held[NamesOf(meeting.first(), meeting.second())] = SpanOf(meeting);
      ASSERT_TRUE(wanted.contains(NamesOf(meeting.first(), meeting.second()))) << "nobody wished for it";
    }
    // No pair could meet, or meet earlier, but for those that come before it or as early: nothing that fits is left
    // out, and a mutual wish yields to none that is one-sided, nor a dear one to one less dear.
    for (const auto& [pair, order] : wanted) {
      const auto own = held.find(pair);
      own == held.end() ? ++left_out : ++placed;
      for (const Span& time : TimesOf(made.event)) {
        if (own != held.end() && time >= own->second) break;
        EXPECT_FALSE(Fits(made.event, meetings, pair, time,
                          [&](const Event::Meeting& meeting) {
                            const Names names = NamesOf(meeting.first(), meeting.second());
                            return names != pair && wanted.at(names) <= order;
                          }))
            << pair.first << " and " << pair.second << " at " << time.first;
      }
    }
    std::shuffle(made.sign_ups.begin(), made.sign_ups.end(), random);
    EXPECT_EQ(Shown(LayOut(made.event, made.sign_ups)), Shown(meetings)) << "the order of sign-ups does not count";
    if (HasFailure()) return;
  }
  EXPECT_GT(placed, 1000U);
  EXPECT_GT(left_out, 1000U);
}

}  // namespace
}  // namespace duikou::techtransfer::rules
