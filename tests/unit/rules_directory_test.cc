// The directory's rules: separation of roles; a unit's fields, renaming and succession.
#include <string>
#include <vector>

#include "duikou/type/v1/role.pb.h"
#include "services/directory/rules/role_separation.h"
#include "services/directory/rules/unit_succession.h"
#include "tests/unit/status_matchers.h"

namespace duikou::directory::rules {
namespace {

using absl::CivilDay;
using duikou::directory::v1::Unit;
using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using ::testing::ElementsAre;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr int kBusiness[] = {type::v1::COORDINATOR,       type::v1::SUPERVISOR,  type::v1::UNIT_OFFICER,
                             type::v1::PERSONNEL_OFFICER, type::v1::TECH_BROKER, type::v1::SCHEDULER};
constexpr int kOfficers[] = {type::v1::ADMIN, type::v1::SECURITY_ADMIN, type::v1::AUDITOR};
const CivilDay kToday(2026, 3, 2);

TEST(RolesTest, TheThreeExcludeEachOtherAndAllElse) {
  for (const int officer : kOfficers) {
    EXPECT_THAT(CheckRoles({officer}), IsOk());
    for (const int other : kOfficers) {
      if (other != officer) {
        EXPECT_THAT(CheckRoles({officer, other}), Fails(kForbidden, "ROLES_EXCLUSIVE"));
      }
    }
    for (const int business : kBusiness) {
      EXPECT_THAT(CheckRoles({business, officer}), Fails(kForbidden, "ROLES_EXCLUSIVE"));
    }
  }
}

TEST(RolesTest, BusinessRolesCombine) {
  EXPECT_THAT(CheckRoles({}), IsOk());
  EXPECT_THAT(CheckRoles(std::vector<int>(std::begin(kBusiness), std::end(kBusiness))), IsOk());
  EXPECT_THAT(CheckRoles({type::v1::COORDINATOR, type::v1::COORDINATOR}), Fails(kBad, "FIELD_INVALID"));
  EXPECT_THAT(CheckRoles({type::v1::ROLE_UNSPECIFIED}), Fails(kBad, "FIELD_INVALID"));
}

Unit Bureau() {
  Unit unit;
  unit.set_name("cities/210800/units/gongxinju");
  unit.set_title("市工业和信息化委员会");
  unit.set_kind(Unit::GOVERNMENT);
  unit.set_state(Unit::ACTIVE);
  return unit;
}

TEST(UnitTest, OnlyGroupsHaveMembers) {
  Unit unit = Bureau();
  EXPECT_THAT(CheckUnit(unit), IsOk());
  unit.add_members()->set_unit("cities/210800/units/gaizhou");
  EXPECT_THAT(BadFields(CheckUnit(unit)), ElementsAre("unit.members"));
  unit.set_kind(Unit::GROUP);
  EXPECT_THAT(CheckUnit(unit), IsOk());
  unit.add_members()->set_unit(unit.name());
  EXPECT_THAT(BadFields(CheckUnit(unit)), ElementsAre("unit.members[1].unit"));
  unit.clear_members();
  EXPECT_THAT(BadFields(CheckUnit(unit)), ElementsAre("unit.members"));
}

TEST(UnitTest, PeriodsEndAfterTheyBegin) {
  Unit unit = Bureau();
  Unit::Alias* alias = unit.add_aliases();
  alias->set_text("市工信局");
  *alias->mutable_from() = ToDate(CivilDay(2020, 1, 1));
  *alias->mutable_until() = ToDate(CivilDay(2020, 1, 1));
  EXPECT_THAT(CheckUnit(unit), IsOk());
  *alias->mutable_until() = ToDate(CivilDay(2019, 12, 31));
  EXPECT_THAT(BadFields(CheckUnit(unit)), ElementsAre("unit.aliases[0].until"));
}

TEST(RenameTest, TheOldTitleStaysAsAnAliasToTheDayBefore) {
  Unit unit = Bureau();
  const std::string old = unit.title();
  ASSERT_THAT(Rename(unit, "市工业和信息化局", CivilDay(2026, 3, 1), kToday), IsOk());
  EXPECT_EQ(unit.title(), "市工业和信息化局");
  ASSERT_EQ(unit.aliases_size(), 2);
  EXPECT_EQ(unit.aliases(0).text(), old);
  EXPECT_TRUE(HoldsOn(unit.aliases(0), CivilDay(2026, 2, 28)));
  EXPECT_FALSE(HoldsOn(unit.aliases(0), CivilDay(2026, 3, 1)));
  EXPECT_FALSE(HoldsOn(unit.aliases(1), CivilDay(2026, 2, 28)));
  EXPECT_TRUE(HoldsOn(unit.aliases(1), CivilDay(2026, 3, 1)));
  ASSERT_THAT(Rename(unit, "市工信局", kToday, kToday), IsOk());
  ASSERT_EQ(unit.aliases_size(), 3) << "the open alias of the old title is closed, not doubled";
  EXPECT_EQ(ToCivil(unit.aliases(1).until()), kToday - 1);
}

TEST(RenameTest, ATitleCorrectedOnItsFirstDayNeverHeld) {
  Unit unit = Bureau();
  const std::string old = unit.title();
  ASSERT_THAT(Rename(unit, "甲局错", kToday, kToday), IsOk());
  ASSERT_THAT(Rename(unit, "甲委", kToday, kToday), IsOk());
  EXPECT_THAT(CheckUnit(unit), IsOk()) << "it can be changed further";
  ASSERT_EQ(unit.aliases_size(), 2);
  EXPECT_EQ(unit.aliases(0).text(), old);
  EXPECT_EQ(ToCivil(unit.aliases(0).until()), kToday - 1);
  EXPECT_EQ(unit.aliases(1).text(), "甲委");
  EXPECT_EQ(ToCivil(unit.aliases(1).from()), kToday);
  EXPECT_FALSE(unit.aliases(1).has_until());
  EXPECT_THAT(Rename(unit, "乙委", kToday - 1, kToday), Fails(kBad, "DATE_BEFORE_RENAME"));
  EXPECT_EQ(unit.title(), "甲委");
}

TEST(RenameTest, Refusals) {
  Unit unit = Bureau();
  EXPECT_THAT(Rename(unit, unit.title(), kToday, kToday), Fails(kBad, "TITLE_UNCHANGED"));
  EXPECT_THAT(Rename(unit, "新名", kToday + 1, kToday), Fails(kBad, "DATE_IN_FUTURE"));
  unit.set_state(Unit::MERGED);
  EXPECT_THAT(Rename(unit, "新名", kToday, kToday), Fails(kForbidden, "UNIT_NOT_ACTIVE"));
}

TEST(SucceedTest, MergedIntoOneSplitIntoSeveral) {
  Unit merged = Bureau();
  ASSERT_THAT(Succeed(merged, {"cities/210800/units/a"}, true, kToday, kToday), IsOk());
  EXPECT_EQ(merged.state(), Unit::MERGED);
  EXPECT_EQ(ToCivil(merged.succession_date()), kToday);
  Unit split = Bureau();
  ASSERT_THAT(Succeed(split, {"cities/210800/units/a", "cities/210800/units/b"}, false, kToday, kToday), IsOk());
  EXPECT_EQ(split.state(), Unit::SPLIT);
  EXPECT_THAT(split.successors(), ElementsAre("cities/210800/units/a", "cities/210800/units/b"));
  EXPECT_THAT(Succeed(split, {"cities/210800/units/c"}, true, kToday, kToday), Fails(kForbidden, "UNIT_NOT_ACTIVE"));
}

TEST(SucceedTest, Refusals) {
  const Unit before = Bureau();
  const struct {
    std::vector<std::string> successors;
    bool merged;
  } cases[] = {{{}, true},
               {{}, false},
               {{"cities/210800/units/a"}, false},
               {{"cities/210800/units/a", "cities/210800/units/a"}, false},
               {{before.name()}, true},
               {{"cities/210800/units/a", before.name()}, false}};
  for (const auto& one : cases) {
    Unit unit = before;
    EXPECT_THAT(Succeed(unit, one.successors, one.merged, kToday, kToday), Fails(kBad, "SUCCESSOR_INVALID"));
    EXPECT_EQ(unit.state(), Unit::ACTIVE);
  }
  Unit unit = before;
  EXPECT_THAT(Succeed(unit, {"cities/210800/units/a"}, true, kToday + 1, kToday), Fails(kBad, "DATE_IN_FUTURE"));
}

TEST(SucceedTest, UnitsOfAnotherCityAreNeitherMergedNorSuccessors) {
  const Unit before = Bureau();
  Unit unit = before;
  absl::Status status = Succeed(unit, {"cities/320700/units/a"}, true, kToday, kToday);
  EXPECT_THAT(status, Fails(kBad, "SUCCESSOR_INVALID"));
  EXPECT_THAT(BadFields(status), ElementsAre("merged"));
  status = Succeed(unit, {"cities/210800/units/a", "cities/320700/units/a"}, false, kToday, kToday);
  EXPECT_THAT(status, Fails(kBad, "SUCCESSOR_INVALID"));
  EXPECT_THAT(BadFields(status), ElementsAre("successors"));
  EXPECT_EQ(unit.SerializeAsString(), before.SerializeAsString());
}

TEST(SucceedTest, AMergerHasOneSuccessor) {
  Unit unit = Bureau();
  EXPECT_THAT(Succeed(unit, {"cities/210800/units/a", "cities/210800/units/b"}, true, kToday, kToday),
              Fails(kBad, "SUCCESSOR_INVALID"));
}

TEST(HoldsOnTest, BothEndsCountAndAbsentOnesAreOpen) {
  Unit::Member member;
  EXPECT_TRUE(HoldsOn(member, CivilDay(1990, 1, 1)));
  *member.mutable_from() = ToDate(kToday);
  *member.mutable_until() = ToDate(kToday);
  EXPECT_TRUE(HoldsOn(member, kToday));
  EXPECT_FALSE(HoldsOn(member, kToday - 1));
  EXPECT_FALSE(HoldsOn(member, kToday + 1));
}

}  // namespace
}  // namespace duikou::directory::rules
