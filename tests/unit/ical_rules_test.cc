// Recurrence rules of files: what each means, and that old ones cost no more than new ones.
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
  EXPECT_THAT(with("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1"), ElementsAre("03-02 10:00", "03-31 10:00"));
  EXPECT_THAT(with("FREQ=YEARLY;BYMONTH=3;BYDAY=MO;BYSETPOS=2"), ElementsAre("03-02 10:00", "03-09 10:00"));
}

}  // namespace
}  // namespace duikou::ical
