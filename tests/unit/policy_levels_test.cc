#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/taskregistry/policy/clauses.h"
#include "services/taskregistry/policy/levels.h"

namespace duikou::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Markers(const std::string& utf8) {
  const SourceText text(utf8);
  std::vector<std::string> out;
  for (const auto& marker : FindMarkers(text)) out.push_back(text.Compact(marker.span));
  return out;
}

TEST(PolicyLevels, ReadsAllForms) {
  EXPECT_THAT(Markers("第一章 总则\n第一条 甲\n一、乙\n（一）丙\n1.丁\n（1）戊\n1）己\n①庚"),
              ElementsAre("第一章", "第一条", "一、", "（一）", "1.", "（1）", "1）", "①"));
}

TEST(PolicyLevels, ReadsFullWidthAndInline) {
  EXPECT_THAT(Markers("一、抓落实。（一）甲事。（二）乙事。1．丙事。２、丁事。"),
              ElementsAre("一、", "（一）", "（二）", "1．", "２、"));
}

TEST(PolicyLevels, FindsNumberAfterHeadingThatLostItsLineBreak) {
  EXPECT_THAT(Markers("一、增强政策的针对性（一）研究甲。（二）研究乙。"), ElementsAre("一、", "（一）", "（二）"));
}

TEST(PolicyLevels, NumbersWithinSentencesBeginNothing) {
  EXPECT_THAT(Markers("增长 1.5%，共9.3亿元，按第二条（一）项办理，详见附件 1.名单"), IsEmpty());
}

TEST(PolicyLevels, TitleMayBeginWithDigits) {
  EXPECT_THAT(Markers("10.甲项目。\n11.121人才项目。\n12.2025年前建成乙。"), ElementsAre("10.", "11.", "12."));
}

TEST(PolicyClauses, PathsFollowTheLevels) {
  const SourceText text("一、甲\n（一）乙\n1.丙丙丙\n（责任单位：市财政局）\n（二）丁丁。（责任单位：市教育局）");
  const auto tree = ReadClauses(text);
  ASSERT_EQ(tree.tasks.size(), 2u);
  EXPECT_EQ(TaskPath(text, tree, tree.tasks[0]), "一/（一）/1");
  EXPECT_EQ(TaskPath(text, tree, tree.tasks[1]), "一/（二）");
  EXPECT_THAT(TaskHeadings(text, tree, tree.tasks[0]), ElementsAre("甲", "乙"));
}

TEST(PolicyClauses, LostNumberGivesTaskOfItsOwn) {
  const SourceText text(
      "1.甲甲甲甲。（责任单位：市财政局） 乙乙乙乙乙乙乙乙。（责任单位：市教育局） 3.丙丙丙丙。（责任单位：市公安局）");
  const auto tree = ReadClauses(text);
  ASSERT_EQ(tree.tasks.size(), 3u);
  EXPECT_FALSE(tree.tasks[1].numbered);
  EXPECT_EQ(tree.gaps.size(), 1u);
}

TEST(PolicyClauses, SeveralAssignmentsOfOneClauseAreMerged) {
  const SourceText text(
      "（一）甲甲。做这件事情。（市财政局负责）再做那件事情。（市教育局负责）\n（二）乙乙。（市公安局负责）");
  const auto tree = ReadClauses(text);
  ASSERT_EQ(tree.tasks.size(), 2u);
  EXPECT_EQ(tree.tasks[0].assignments.size(), 2u);
}

}  // namespace
}  // namespace duikou::policy
