// Days, and workdays over holidays and make-up workdays.
#include "common/base/workday.h"
#include "gtest/gtest.h"
#include "tests/unit/holidays_2026.h"

namespace duikou {
namespace {

using absl::CivilDay;

WorkdayCalendar Calendar2026() {
  WorkdayCalendar calendar;
  calendar.SetYear(2026, testing::Holidays2026());
  return calendar;
}

TEST(DayTest, ADayBeginsAtMidnightInShanghai) {
  const absl::Time start = StartOf(CivilDay(2026, 3, 1));
  EXPECT_EQ(absl::FormatTime(start, absl::UTCTimeZone()), "2026-02-28T16:00:00+00:00");
  EXPECT_EQ(DayOf(start), CivilDay(2026, 3, 1));
  EXPECT_EQ(DayOf(start - absl::Nanoseconds(1)), CivilDay(2026, 2, 28));
}

TEST(DayTest, FormatsAndParses) {
  EXPECT_EQ(FormatDay(CivilDay(2026, 3, 1)), "2026-03-01");
  EXPECT_EQ(ParseDay("2024-02-29"), CivilDay(2024, 2, 29));
  for (const char* bad : {"", "2026-3-1", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026/01/01",
                          "2026-01-01 ", "+026-01-01", "2026-01-0a", "-026-01-01"}) {
    EXPECT_FALSE(ParseDay(bad).has_value()) << bad;
  }
}

TEST(WorkdayTest, AYearHas248) {
  EXPECT_EQ(Calendar2026().Between(CivilDay(2025, 12, 31), CivilDay(2026, 12, 31)), 248);
}

TEST(WorkdayTest, SpringFestival) {
  const WorkdayCalendar calendar = Calendar2026();
  EXPECT_TRUE(calendar.IsWorkday(CivilDay(2026, 2, 14))) << "a Saturday worked";
  for (CivilDay day(2026, 2, 15); day <= CivilDay(2026, 2, 23); ++day) EXPECT_FALSE(calendar.IsWorkday(day)) << day;
  EXPECT_TRUE(calendar.IsWorkday(CivilDay(2026, 2, 24)));
  EXPECT_TRUE(calendar.IsWorkday(CivilDay(2026, 2, 28))) << "a Saturday worked";
  EXPECT_FALSE(calendar.IsWorkday(CivilDay(2026, 3, 1)));

  EXPECT_EQ(calendar.Add(CivilDay(2026, 2, 13), 1).day, CivilDay(2026, 2, 14));
  EXPECT_EQ(calendar.Add(CivilDay(2026, 2, 13), 2).day, CivilDay(2026, 2, 24));
  EXPECT_EQ(calendar.Add(CivilDay(2026, 2, 26), 2).day, CivilDay(2026, 2, 28));
  EXPECT_EQ(calendar.Add(CivilDay(2026, 2, 26), 3).day, CivilDay(2026, 3, 2));
  EXPECT_FALSE(calendar.Add(CivilDay(2026, 2, 13), 2).tentative);
}

TEST(WorkdayTest, TheDayItStartsFromDoesNotCount) {
  const WorkdayCalendar calendar = Calendar2026();
  EXPECT_EQ(calendar.Add(CivilDay(2026, 3, 2), 0).day, CivilDay(2026, 3, 2));
  EXPECT_EQ(calendar.Add(CivilDay(2026, 3, 2), 1).day, CivilDay(2026, 3, 3));
  EXPECT_EQ(calendar.Add(CivilDay(2026, 3, 1), 0).day, CivilDay(2026, 3, 1)) << "also from a Sunday";
  EXPECT_EQ(calendar.Add(CivilDay(2026, 3, 6), 1).day, CivilDay(2026, 3, 9));
}

TEST(WorkdayTest, AYearWithoutNoticeIsTentative) {
  const WorkdayCalendar calendar = Calendar2026();
  const auto into_2027 = calendar.Add(CivilDay(2026, 12, 31), 1);
  EXPECT_EQ(into_2027.day, CivilDay(2027, 1, 1)) << "Monday to Friday, as no notice says otherwise";
  EXPECT_TRUE(into_2027.tentative);
  EXPECT_FALSE(calendar.Add(CivilDay(2026, 12, 30), 1).tentative);
  EXPECT_FALSE(calendar.Add(CivilDay(2025, 12, 31), 1).tentative) << "only days gone through count";
  EXPECT_TRUE(WorkdayCalendar().Add(CivilDay(2026, 2, 13), 1).tentative);
}

TEST(WorkdayTest, BetweenIsTheInverseOfAdd) {
  const WorkdayCalendar calendar = Calendar2026();
  for (CivilDay from(2026, 1, 1); from < CivilDay(2026, 3, 31); ++from) {
    for (int n : {1, 2, 3, 10}) {
      const CivilDay to = calendar.Add(from, n).day;
      EXPECT_EQ(calendar.Between(from, to), n) << from << " to " << to;
      EXPECT_TRUE(calendar.IsWorkday(to));
    }
    EXPECT_EQ(calendar.Between(from, from), 0);
  }
  EXPECT_EQ(calendar.Between(CivilDay(2026, 3, 6), CivilDay(2026, 3, 2)), -4);
}

}  // namespace
}  // namespace duikou
