// Between which cities a partnership is.
#include "services/personnel/rules/partnership.h"
#include "tests/unit/status_matchers.h"

namespace duikou::personnel::rules {
namespace {

using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using ::testing::ElementsAre;

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
    const absl::Status status =
        CheckBetween({.title = "营口–连云港", .members = one.members}, one.home, one.host, "quota.partnership");
    if (one.between) {
      EXPECT_THAT(status, IsOk()) << one.home << " " << one.host;
    } else {
      EXPECT_THAT(status, Fails(absl::StatusCode::kInvalidArgument, "PARTNERSHIP_OF_OTHERS"))
          << one.home << " " << one.host;
      EXPECT_THAT(BadFields(status), ElementsAre("quota.partnership"));
    }
  }
}

}  // namespace
}  // namespace duikou::personnel::rules
