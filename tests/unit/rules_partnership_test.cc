// Between which cities a partnership is.
#include <utility>

#include "services/personnel/rules/partnership.h"
#include "tests/unit/status_matchers.h"

namespace duikou::personnel::rules {
namespace {

using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr DayRange kYear{absl::CivilDay(2026, 1, 1), absl::CivilDay(2026, 12, 31)};

struct Case {
  std::vector<std::string> members;
  std::string home, host;
  bool between;
};

TEST(PartnershipTest, BothCitiesAreOrLieWithinMembers) {
  const std::string yingkou = "cities/210800", lianyungang = "cities/320700", fengtai = "cities/110106";
  const Case cases[] = {
      {{yingkou, lianyungang}, yingkou, lianyungang, true},
      {{yingkou, lianyungang}, lianyungang, yingkou, true},
      {{yingkou, lianyungang}, yingkou, fengtai, false},
      {{yingkou, lianyungang}, fengtai, lianyungang, false},
      {{}, yingkou, lianyungang, false},
      {{"cities/110000", "cities/210000"}, yingkou, fengtai, true},       // 京沈 and what lies in them.
      {{yingkou, lianyungang}, "cities/210881", lianyungang, true},       // A county-level city of Yingkou.
      {{"cities/210881", lianyungang}, yingkou, lianyungang, false},      // Not the other way round.
      {{"cities/110000", "cities/120000"}, fengtai, lianyungang, false},  // Of a region of others.
      {{yingkou, "cities/JP-27100"}, yingkou, "cities/JP-27100", true},
      {{yingkou, "cities/JP-27100"}, yingkou, "cities/JP-271001", false},
      {{yingkou, "cities/JP-100"}, yingkou, "cities/JP-1AB", false},  // Six characters, and no code of six digits.
      {{yingkou, "cities/000000"}, yingkou, lianyungang, false},
  };
  for (const Case& one : cases) {
    Partnership partnership{.title = "营口–连云港", .members = {}};
    for (const std::string& city : one.members) partnership.members.push_back({.city = city, .title = ""});
    const absl::Status status = CheckBetween(partnership, one.home, one.host, kYear, "quota.partnership");
    if (one.between) {
      EXPECT_THAT(status, IsOk()) << one.home << " " << one.host;
    } else {
      EXPECT_THAT(status, Fails(absl::StatusCode::kInvalidArgument, "PARTNERSHIP_OF_OTHERS"))
          << one.home << " " << one.host;
      EXPECT_THAT(BadFields(status), ElementsAre("quota.partnership"));
    }
  }
}

TEST(PartnershipTest, BothCitiesAreMembersThen) {
  const std::string yingkou = "cities/210800", lianyungang = "cities/320700";
  const absl::CivilDay open_first = absl::CivilDay::min(), open_last = absl::CivilDay::max();
  const auto day = [](int year, int month, int date) { return absl::CivilDay(year, month, date); };
  const auto on = [&](int year, int month, int date) {
    return DayRange{day(year, month, date), day(year, month, date)};
  };
  struct {
    std::vector<DayRange> host;  // Each time that it was a member.
    DayRange days;
    std::string period;  // The one that the refusal names; empty for none.
  } const cases[] = {
      {{{open_first, open_last}}, kYear, ""},
      {{{open_first, day(2025, 12, 31)}}, on(2025, 12, 31), ""},
      {{{open_first, day(2025, 12, 31)}}, on(2026, 1, 1), "until 2025-12-31, and not 2026-01-01"},
      {{{open_first, day(2025, 12, 31)}}, kYear, "until 2025-12-31, and not from 2026-01-01 to 2026-12-31"},
      {{{day(2026, 12, 31), open_last}}, kYear, ""},
      {{{day(2027, 1, 1), open_last}}, kYear, "from 2027-01-01 on, and not"},
      {{{day(2026, 3, 16), day(2026, 3, 16)}}, on(2026, 3, 16), ""},
      {{{day(2026, 3, 17), day(2026, 9, 1)}}, on(2026, 3, 16), "from 2026-03-17 to 2026-09-01, and not 2026-03-16"},
      {{{open_first, day(2020, 1, 1)}, {day(2026, 1, 1), open_last}}, kYear, ""},
      {{{day(2026, 1, 1), open_last}, {open_first, day(2020, 1, 1)}}, kYear, ""},
      {{{open_first, day(2020, 1, 1)}, {day(2022, 1, 1), day(2023, 1, 1)}}, kYear, "from 2022-01-01 to 2023-01-01"},
  };
  for (const auto& one : cases) {
    Partnership partnership{.title = "营口–连云港", .members = {{.city = yingkou, .title = "营口市"}}};
    for (const DayRange& period : one.host)
      partnership.members.push_back({.city = lianyungang, .title = "连云港市", .period = period});
    for (const auto& [home, host] : {std::pair(yingkou, lianyungang), {lianyungang, yingkou}}) {
      const absl::Status status = CheckBetween(partnership, home, host, one.days, "quota.partnership");
      if (one.period.empty()) {
        EXPECT_THAT(status, IsOk());
        continue;
      }
      EXPECT_THAT(status, Fails(absl::StatusCode::kInvalidArgument, "PARTNERSHIP_NOT_IN_FORCE"));
      EXPECT_THAT(BadFields(status), ElementsAre("quota.partnership"));
      EXPECT_THAT(FactsOf(status).text.en, HasSubstr("\"连云港市\" is in \"营口–连云港\" " + one.period));
    }
  }
}

}  // namespace
}  // namespace duikou::personnel::rules
