// The directory's units and cities as it runs, on both engines: whose units they are, what becomes of them, and what no
// unit, city or partnership may be.
#include <string>
#include <vector>

#include "services/directory/cities.h"
#include "services/directory/rules/unit_succession.h"
#include "tests/integration/directory_fixture.h"
#include "tests/integration/holidays.h"

namespace duikou::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_P(DirectoryTest, ACityMergesAndSplitsItsOwnUnitsAlone) {
  const std::string own = AddUnit(kYingkou, "shangwuju", "营口市商务局");
  const std::string theirs = AddUnit(kLianyungang, "shangwuju", "连云港市商务局");
  const absl::Status merged = Merge(own, theirs);
  EXPECT_THAT(merged, Fails(kBad, "SUCCESSOR_INVALID"));
  EXPECT_THAT(BadFields(merged), ElementsAre("merged"));
  GetUnitRequest get;
  get.set_name(theirs);
  EXPECT_EQ(Call<Unit>(get, Admin(kLianyungang))->state(), Unit::ACTIVE);
  SplitUnitRequest split;
  split.set_name(own);
  split.add_successors(AddUnit(kYingkou, "maoyiju", "营口市贸易局"));
  split.add_successors(theirs);
  *split.mutable_date() = directory::rules::ToDate(absl::CivilDay(2026, 3, 1));
  EXPECT_THAT(Call<Unit>(split, Admin(kYingkou)), Fails(kBad, "SUCCESSOR_INVALID"));
}

TEST_P(DirectoryTest, NoUnitIsSplitIntoOneThatHasEnded) {
  const std::string b = AddUnit(kYingkou, "b", "乙局"), c = AddUnit(kYingkou, "c", "丙局"),
                    d = AddUnit(kYingkou, "d", "丁局");
  ASSERT_THAT(Merge(c, d), IsOk());
  SplitUnitRequest split;
  split.set_name(c);
  split.add_successors(d);
  split.add_successors(b);
  *split.mutable_date() = directory::rules::ToDate(absl::CivilDay(2026, 3, 1));
  EXPECT_THAT(Call<Unit>(split, Admin(kYingkou)), Fails(kForbidden, "UNIT_NOT_ACTIVE")) << "丙 and 丁 in a circle";
  EXPECT_THAT(Resolve("丁局"), ElementsAre("c"));
  EXPECT_THAT(Merge(d, b), Fails(kForbidden, "UNIT_NOT_ACTIVE"));
}

TEST_P(DirectoryTest, AGroupHasUnitsAsMembersAlone) {
  const std::string bureau = AddUnit(kYingkou, "fagaiwei", "市发改委");
  const auto group = [&](const std::string& id, const std::string& member) {
    CreateUnitRequest request;
    request.set_parent(kYingkou);
    request.set_unit_id(id);
    request.mutable_unit()->set_title(id);
    request.mutable_unit()->set_kind(Unit::GROUP);
    request.mutable_unit()->add_members()->set_unit(member);
    return Call<Unit>(request, Admin(kYingkou));
  };
  const auto inner = group("g1", bureau);
  ASSERT_THAT(inner, IsOk());
  const auto nested = group("g2", inner->name()).status();
  EXPECT_THAT(nested, Fails(kBad, "GROUP_IN_GROUP"));
  EXPECT_THAT(BadFields(nested), ElementsAre("unit.members[0].unit"));
  const auto outer = group("g2", AddUnit(kYingkou, "gongxinju", "市工信局"));
  ASSERT_THAT(outer, IsOk());
  UpdateUnitRequest update;
  *update.mutable_unit() = *outer;
  update.mutable_unit()->add_members()->set_unit(inner->name());
  update.mutable_update_mask()->add_paths("members");
  EXPECT_THAT(Call<Unit>(update, Admin(kYingkou)), Fails(kBad, "GROUP_IN_GROUP"));
  // Nor does one that is a member become a group.
  UpdateUnitRequest turn;
  turn.mutable_unit()->set_name(bureau);
  turn.mutable_unit()->set_kind(Unit::GROUP);
  turn.mutable_unit()->add_members()->set_unit(absl::StrCat(kYingkou, "/units/gongxinju"));
  turn.mutable_update_mask()->add_paths("kind");
  turn.mutable_update_mask()->add_paths("members");
  const auto turned = Call<Unit>(turn, Admin(kYingkou)).status();
  EXPECT_THAT(turned, Fails(kBad, "GROUP_IN_GROUP"));
  EXPECT_THAT(BadFields(turned), ElementsAre("unit.kind"));
}

TEST_P(DirectoryTest, NoUnitStandsAboveItself) {
  const std::string top = AddUnit(kYingkou, "gongxinju", "市工信局");
  const std::string middle = AddUnit(kYingkou, "gaizhou", "盖州市政府");
  const std::string bottom = AddUnit(kYingkou, "xiangzhen", "某镇政府");
  const auto put = [&](const std::string& unit, const std::string& parent) {
    UpdateUnitRequest request;
    request.mutable_unit()->set_name(unit);
    request.mutable_unit()->set_parent_unit(parent);
    request.mutable_update_mask()->add_paths("parent_unit");
    return Call<Unit>(request, Admin(kYingkou)).status();
  };
  EXPECT_THAT(put(middle, top), IsOk());
  EXPECT_THAT(put(bottom, middle), IsOk());
  for (const std::string& below : {top, middle, bottom}) {
    EXPECT_THAT(put(top, below), Fails(kBad, "PARENT_BELOW_UNIT")) << below;
    EXPECT_THAT(BadFields(put(top, below)), ElementsAre("unit.parent_unit"));
  }
  EXPECT_THAT(put(bottom, top), IsOk());
  EXPECT_THAT(put(middle, bottom), IsOk());
  EXPECT_THAT(put(middle, ""), IsOk());
}

TEST_P(DirectoryTest, ACityAbroadHasItsCodeInLowerCase) {
  const auto create = [&](const std::string& id) {
    return Take(service_->store(), [id](Txn& txn) -> absl::Status {
      City city;
      city.set_name(absl::StrCat("cities/", id));
      city.set_code("JP-27100");
      city.set_title("大阪市");
      RETURN_IF_ERROR(directory::OnCreateCity(txn, txn.caller(), city));
      return txn.Insert(std::move(city)).status();
    });
  };
  EXPECT_THAT(BadFields(create("jp-27101")), ElementsAre("city_id"));
  ASSERT_THAT(create("jp-27100"), IsOk());
  GetCityRequest get;
  get.set_name("cities/jp-27100");
  EXPECT_EQ(Call<City>(get, Admin(kYingkou))->code(), "JP-27100");
}

TEST_P(DirectoryTest, AMembershipEndsAfterItBegan) {
  for (const char* code : {"210800", "320700"}) {
    ASSERT_THAT(Take(service_->store(),
                     [&](Txn& txn) {
                       City city;
                       city.set_name(absl::StrCat("cities/", code));
                       city.set_code(code);
                       city.set_title(code);
                       return txn.Insert(std::move(city)).status();
                     }),
                IsOk());
  }
  CreatePartnershipRequest request;
  request.set_parent(kYingkou);
  request.mutable_partnership()->set_kind(Partnership::PAIR);
  request.mutable_partnership()->set_title("营口–连云港");
  for (const char* city : {kYingkou, kLianyungang}) {
    Partnership::Member* member = request.mutable_partnership()->add_members();
    member->set_city(city);
    *member->mutable_from() = directory::rules::ToDate(absl::CivilDay(2022, 3, 1));
  }
  Partnership::Member& second = *request.mutable_partnership()->mutable_members(1);
  *second.mutable_until() = directory::rules::ToDate(absl::CivilDay(2022, 2, 28));
  const auto coordinator = SignedIn(kYingkou, "chen", "duikouban", {type::v1::COORDINATOR}, Locale::kEn);
  const auto refused = Call<Partnership>(request, coordinator).status();
  EXPECT_EQ(refused.code(), kBad) << refused;
  EXPECT_THAT(BadFields(refused), ElementsAre("partnership.members[1].until"));
  *second.mutable_until() = second.from();
  EXPECT_THAT(Call<Partnership>(request, coordinator), IsOk()) << "of one day";
}

TEST_P(DirectoryTest, NamesLeadToWhatBecameOfTheirUnitsInTheEnd) {
  const std::string a = AddUnit(kYingkou, "a", "甲局"), b = AddUnit(kYingkou, "b", "乙局"),
                    c = AddUnit(kYingkou, "c", "丙局");
  ASSERT_THAT(Merge(b, a, absl::CivilDay(2026, 2, 1)), IsOk());
  EXPECT_THAT(Resolve("甲局"), ElementsAre("b"));
  ASSERT_THAT(Merge(c, b, absl::CivilDay(2026, 3, 1)), IsOk());
  EXPECT_THAT(Resolve("甲局"), ElementsAre("c"));
  EXPECT_THAT(Resolve("甲局", absl::CivilDay(2026, 2, 15)), ElementsAre("b")) << "as it was on that day";
  EXPECT_THAT(Resolve("甲局", absl::CivilDay(2026, 1, 15)), ElementsAre("a"));
  ResolveUnitRequest one;
  one.set_parent(kYingkou);
  one.set_text("甲局");
  EXPECT_EQ(Call<Unit>(one, Admin(kYingkou))->name(), c);
  // Who came after another stays as long as that is recorded.
  EXPECT_THAT(Delete(c), Fails(kForbidden, "RECORD_REFERRED"));
  EXPECT_THAT(Delete(b), Fails(kForbidden, "RECORD_REFERRED"));
  ASSERT_THAT(Delete(a), IsOk());
  EXPECT_THAT(Delete(b), IsOk());
  EXPECT_THAT(Resolve("乙局"), IsEmpty());
}

}  // namespace
}  // namespace duikou::testing
