// Names of units, lists of them, and the words that give them their roles.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/taskregistry/policy/list_tokens.h"
#include "services/taskregistry/policy/roles.h"
#include "services/taskregistry/policy/unit_list.h"
#include "services/taskregistry/policy/unit_names.h"

namespace duikou::policy {
namespace {

using taskregistry::v1::PolicyUnit;
using testing::ElementsAre;
using testing::IsEmpty;

bool Looks(const std::string& name) { return LooksLikeUnit(SourceText(name).folded()); }

TEST(PolicyUnitNames, TellsNamesFromWords) {
  for (const char* name :
       {"市财政局", "团市委", "省自然资源厅", "各区县", "市税务局（市社保中心）", "国网某市供电公司", "高新区管委会",
        "县（市、区）人民政府", "共青团中央", "某市海关", "市属企业", "中国人民银行某市分行"}) {
    EXPECT_TRUE(Looks(name)) << name;
  }
  for (const char* name :
       {"社会", "干部", "房东", "含省际交通", "加强市财政局", "推进工作", "机会", "全部", "一线人员的单位", "局"}) {
    EXPECT_FALSE(Looks(name)) << name;
  }
}

TEST(PolicyUnitNames, GuessesKinds) {
  const auto kind = [](const std::string& name) { return GuessKind(SourceText(name).folded()); };
  EXPECT_EQ(kind("市委组织部"), PolicyUnit::PARTY_ORGAN);
  EXPECT_EQ(kind("市财政局"), PolicyUnit::GOVERNMENT);
  EXPECT_EQ(kind("市税务局"), PolicyUnit::VERTICAL);
  EXPECT_EQ(kind("团市委"), PolicyUnit::MASS_ORGANISATION);
  EXPECT_EQ(kind("市政府驻上海联络处"), PolicyUnit::LIAISON);
  EXPECT_EQ(kind("高新区管委会"), PolicyUnit::PARK_COMMITTEE);
  EXPECT_EQ(kind("港务集团"), PolicyUnit::STATE_ENTERPRISE);
  EXPECT_EQ(kind("某某理工学院"), PolicyUnit::UNIVERSITY);
  EXPECT_EQ(kind("各县（市）区政府"), PolicyUnit::GROUP);
  EXPECT_EQ(kind("开发区（园区）管委会"), PolicyUnit::GROUP);
}

TEST(PolicyUnitNames, CollectivesToNarrow) {
  EXPECT_TRUE(NeedsNarrowing(U"有关县区政府"));
  EXPECT_FALSE(NeedsNarrowing(U"各县区政府"));
  EXPECT_TRUE(IsCollective(U"各县区政府"));
  EXPECT_FALSE(IsCollective(U"市财政局"));
}

std::vector<std::string> List(const std::string& utf8) {
  const SourceText text(utf8);
  std::vector<std::string> out;
  for (const auto& duty : ReadRoleList(text, {0, text.size()}, ListPlace::kBracket).duties) {
    const char* role = duty.role == Role::kLead          ? "L:"
                       : duty.role == Role::kResponsible ? "R:"
                       : duty.role == Role::kCooperating ? "C:"
                                                         : "S:";
    out.push_back(role + text.Compact(duty.span) + (duty.and_others ? "+" : ""));
  }
  return out;
}

TEST(PolicyUnitLists, Labels) {
  EXPECT_THAT(List("牵头单位：市民政局；责任单位：市财政局、市司法局；督办单位：市政府督查室"),
              ElementsAre("L:市民政局", "R:市财政局", "R:市司法局", "S:市政府督查室"));
  EXPECT_THAT(List("牵头单位：市民政局配合单位：市财政局"), ElementsAre("L:市民政局", "C:市财政局"));
  EXPECT_THAT(List("责任领导：张某某，责任单位：市财政局"), ElementsAre("R:市财政局"));
}

TEST(PolicyUnitLists, Verbs) {
  EXPECT_THAT(List("市民政局牵头，市财政局、市司法局按职责分工负责"),
              ElementsAre("L:市民政局", "R:市财政局", "R:市司法局"));
  EXPECT_THAT(List("市民政局牵头，市财政局，各区、县级市配合"),
              ElementsAre("L:市民政局", "C:市财政局", "C:各区、县级市"));
  EXPECT_THAT(List("由市民政局会同市财政局负责"), ElementsAre("R:市民政局", "R:市财政局"));
  EXPECT_THAT(List("市民政局负责统筹协调，市财政局负责资金保障"), ElementsAre("R:市民政局", "R:市财政局"));
  EXPECT_THAT(List("市民政局（牵头）、市财政局"), ElementsAre("L:市民政局", "R:市财政局"));
}

TEST(PolicyUnitLists, SeparatorsInsideNames) {
  EXPECT_THAT(List("各省、自治区、直辖市人民政府"), ElementsAre("R:各省、自治区、直辖市人民政府"));
  EXPECT_THAT(List("市文化和旅游局和市体育局及各镇（街道、园区）"),
              ElementsAre("R:市文化和旅游局", "R:市体育局", "R:各镇（街道、园区）"));
  EXPECT_THAT(List("市农业局 市林业局"), ElementsAre("R:市农业局", "R:市林业局"));
  EXPECT_THAT(List("市经济和信息\n化局、市林业局"), ElementsAre("R:市经济和信息化局", "R:市林业局"));
}

TEST(PolicyUnitLists, OpenLists) {
  EXPECT_THAT(List("教育部、科技部等部门和各地区负责"), ElementsAre("R:教育部", "R:科技部+", "R:各地区"));
  EXPECT_THAT(List("高等院校、市财政局等"), ElementsAre("R:高等院校", "R:市财政局+"));
}

TEST(PolicyUnitLists, TimesInTheList) {
  const SourceText text("责任单位：市财政局；完成时限：2030年6月底");
  const auto list = ReadRoleList(text, {0, text.size()}, ListPlace::kBracket);
  ASSERT_EQ(list.deadlines.size(), 1u);
  EXPECT_EQ(text.Compact(list.deadlines[0]), "2030年6月底");
}

TEST(PolicyRoles, FirstOfTheListLeads) {
  EXPECT_TRUE(SaysFirstLeads(U"列第一位者为牵头单位"));
  EXPECT_TRUE(SaysFirstLeads(U"排名首位的部门牵头"));
  EXPECT_FALSE(SaysFirstLeads(U"第一牵头单位"));
  EXPECT_FALSE(SaysFirstLeads(U"市财政局牵头"));
}

TEST(PolicyRoles, LabelsEndWhereOtherWordsBegin) {
  const std::u32string_view text = U"促进增长责任单位";
  const auto label = LabelEndingAt(text, 0, text.size());
  ASSERT_TRUE(label);
  EXPECT_EQ(label->begin, 4u);
  EXPECT_EQ(label->role, Role::kResponsible);
  EXPECT_FALSE(LabelEndingAt(U"有关部门", 0, 4));
  EXPECT_EQ(LabelEndingAt(U"牵头责任单位", 0, 6)->role, Role::kLead);
  EXPECT_EQ(LabelEndingAt(U"责任领导", 0, 4)->role, Role::kPerson);
}

TEST(PolicyRoles, InterpretationIsNoDuty) { EXPECT_THAT(List("本办法由市财政局负责解释"), IsEmpty()); }

}  // namespace
}  // namespace duikou::policy
