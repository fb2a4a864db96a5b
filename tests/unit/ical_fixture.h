#ifndef DUIKOU_TESTS_UNIT_ICAL_FIXTURE_H_
#define DUIKOU_TESTS_UNIT_ICAL_FIXTURE_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/workday.h"
#include "common/ical/busy_import.h"
#include "tests/unit/status_matchers.h"

// Calendar files, and what their busy time looks like.
namespace duikou::ical {

// The spring of 2026, for a calendar in China.
inline ImportRange Spring() {
  return {.from = StartOf(absl::CivilDay(2026, 3, 1)),
          .until = StartOf(absl::CivilDay(2026, 5, 1)),
          .zone = ShanghaiTime()};
}

inline std::string Calendar(const std::string& content) {
  return absl::StrCat("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\n", content, "END:VCALENDAR\n");
}
inline std::string Event(const std::string& content) {
  return Calendar(absl::StrCat("BEGIN:VEVENT\nUID:e1\nDTSTAMP:20260101T000000Z\nSUMMARY:x\n", content, "END:VEVENT\n"));
}

// "03-04 10:00/11:00 title", as it is in China; the end with its day where that is another.
inline std::vector<std::string> Shown(const absl::StatusOr<BusyTime>& busy) {
  if (!busy.ok())
    return {absl::StrCat(ReasonOf(busy.status()), " ", absl::StrJoin(duikou::testing::BadFields(busy.status()), ","))};
  std::vector<std::string> shown;
  for (const BusyBlock& block : busy->blocks) {
    const bool same_day = DayOf(block.start) == DayOf(block.end);
    shown.push_back(absl::StrCat(absl::FormatTime("%m-%d %H:%M", block.start, ShanghaiTime()), "/",
                                 absl::FormatTime(same_day ? "%H:%M" : "%m-%d %H:%M", block.end, ShanghaiTime()),
                                 block.title.empty() || block.title == "x" ? "" : " ",
                                 block.title == "x" ? "" : block.title));
  }
  return shown;
}
inline std::vector<std::string> Read(const std::string& bytes) { return Shown(ReadBusyTime(bytes, Spring())); }

}  // namespace duikou::ical

#endif  // DUIKOU_TESTS_UNIT_ICAL_FIXTURE_H_
