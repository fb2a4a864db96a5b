// Zones of files that name them often.
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "common/ical/component.h"
#include "common/ical/zones.h"
#include "tests/unit/status_matchers.h"

namespace duikou::ical {
namespace {

using duikou::testing::Fails;

// Each part of such a name is looked for among the system's files: once, not for each time of the file.
TEST(ZonesTest, ANameIsLookedUpOnce) {
  std::string name;
  for (int i = 0; i < 90; ++i) name += "/a";
  name += "/Asia/Shanghai";
  const Zones zones(Component(), absl::UTCTimeZone());
  const LocalTime time{.civil = absl::CivilSecond(2026, 3, 10, 10, 0, 0), .zone = name};
  const absl::Time began = absl::Now();
  const absl::StatusOr<absl::Time> expected = StartOf(absl::CivilDay(2026, 3, 10)) + absl::Hours(10);
  int wrong = 0;
  for (int i = 0; i < 250'000; ++i) wrong += zones.Resolve(time, 1) == expected ? 0 : 1;
  EXPECT_EQ(wrong, 0);
  EXPECT_LT(absl::Now() - began, absl::Seconds(5));
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(zones.Resolve({.civil = time.civil, .zone = "Nowhere Standard Time"}, 7),
                Fails(absl::StatusCode::kInvalidArgument, "ICALENDAR_INVALID"));
  }
  EXPECT_EQ(*zones.Resolve({.civil = time.civil}, 1), StartOf(absl::CivilDay(2026, 3, 10)) + absl::Hours(18))
      << "floating";
}

}  // namespace
}  // namespace duikou::ical
