// Recurrence rules of files: what each means, and that old ones cost no more than new ones.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/workday.h"
#include "common/ical/busy_import.h"
#include "tests/unit/status_matchers.h"

namespace duikou::ical {
namespace {

using duikou::testing::BadFields;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Event(const std::string& content) {
  return absl::StrCat("BEGIN:VEVENT\nDTSTAMP:20260101T000000Z\nSUMMARY:x\n", content, "END:VEVENT\n");
}

// "03-04 10:00", as it is in China, within the days from 2026-03-`first` on, up to the end of `last`.
std::vector<std::string> Starts(const std::string& events, int first, int last) {
  const ImportRange range{.from = StartOf(absl::CivilDay(2026, 3, first)),
                          .until = StartOf(absl::CivilDay(2026, 3, last + 1)),
                          .zone = ShanghaiTime()};
  const auto busy = ReadBusyTime(
      absl::StrCat("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\n", events, "END:VCALENDAR\n"), range);
  if (!busy.ok()) return {absl::StrCat(ReasonOf(busy.status()), " ", absl::StrJoin(BadFields(busy.status()), ","))};
  std::vector<std::string> starts;
  for (const BusyBlock& block : busy->blocks)
    starts.push_back(absl::FormatTime("%m-%d %H:%M", block.start, ShanghaiTime()));
  return starts;
}

TEST(RulesTest, PositionsAreOfMonthsAndYears) {
  const auto with = [](const char* rule) {
    return Starts(Event(absl::StrCat("DTSTART:20260302T020000Z\nDURATION:PT1H\nRRULE:", rule, "\n")), 1, 31);
  };
  for (const char* rule : {"FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=1;COUNT=4", "FREQ=DAILY;BYHOUR=2,8;BYSETPOS=-1",
                           "freq=hourly;byminute=0,30;bysetpos=1;count=4"}) {
    EXPECT_THAT(with(rule), ElementsAre("ICALENDAR_INVALID line 9")) << rule;
  }
  EXPECT_THAT(with("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1;COUNT=2"), ElementsAre("03-02 10:00", "03-09 10:00"))
      << "of one there is no other";
  EXPECT_THAT(with("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1"), ElementsAre("03-02 10:00", "03-31 10:00"));
  EXPECT_THAT(with("FREQ=YEARLY;BYMONTH=3;BYDAY=MO;BYSETPOS=2"), ElementsAre("03-02 10:00", "03-09 10:00"));
}

// As a calendar looks that has been kept since 2010: its years past are gone through for no import.
TEST(RulesTest, OldEventsCostNoMoreThanNewOnes) {
  std::string events;
  for (const char* rule : {"FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"}) {
    for (int i = 0; i < 200; ++i) {
      absl::StrAppend(&events, Event(absl::StrCat("DTSTART:20100104T02", 10 + i % 40,
                                                  "00Z\nDURATION:PT10M\nRRULE:", rule, "\nUID:", rule, i, "\n")));
    }
  }
  EXPECT_EQ(Starts(events, 4, 4).size(), 600U);
  EXPECT_EQ(Starts(events, 7, 7).size(), 200U) << "a Saturday";
  events.clear();
  for (int i = 0; i < 200; ++i) {
    absl::StrAppend(&events, Event(absl::StrCat("DTSTART:20100104T020000Z\nDURATION:PT1H\nRRULE:FREQ=HOURLY\nTRANSP:"
                                                "TRANSPARENT\nUID:free",
                                                i, "\n")));
  }
  EXPECT_THAT(Starts(events, 1, 31), IsEmpty());
}

TEST(RulesTest, OldEventsAreWhereTheirIntervalsPutThem) {
  const std::string timed = "DTSTART:20100104T020000Z\nDURATION:PT1H\nRRULE:";
  const std::pair<std::string, std::vector<std::string>> rows[] = {
      {timed + "FREQ=DAILY;INTERVAL=3", {"03-02 10:00", "03-05 10:00", "03-08 10:00"}},  // 5,901 days after the first.
      {timed + "FREQ=WEEKLY;INTERVAL=2", {"03-09 10:00"}},                               // 844 weeks.
      {timed + "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO", {"03-08 10:00", "03-09 10:00"}},
      {timed + "FREQ=HOURLY;INTERVAL=100", {"03-01 10:00", "03-05 14:00", "03-09 18:00"}},
      {timed + "FREQ=MONTHLY;BYDAY=1TH", {"03-05 10:00"}},
      {timed + "FREQ=DAILY;UNTIL=20260303T020000Z", {"03-01 10:00", "03-02 10:00", "03-03 10:00"}},
      {timed + "FREQ=DAILY;UNTIL=20200303T020000Z", {}},
      {timed + "FREQ=DAILY;BYDAY=MO;UNTIL=20200303T020000Z", {}},
      {timed + "FREQ=DAILY;COUNT=5902", {"03-01 10:00", "03-02 10:00"}},
      {"DTSTART:20100104T020000Z\nDURATION:P10D\nRRULE:FREQ=WEEKLY", {"03-01 00:00", "03-02 10:00", "03-09 10:00"}},
      {"DTSTART;VALUE=DATE:20100104\nRRULE:FREQ=WEEKLY", {"03-02 00:00", "03-09 00:00"}},
      {"DTSTART;TZID=Europe/Berlin:20100104T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY", {"03-02 16:00", "03-09 16:00"}},
  };
  for (const auto& [event, starts] : rows) EXPECT_EQ(Starts(Event(event + "\n"), 1, 10), starts) << event;
}

}  // namespace
}  // namespace duikou::ical
