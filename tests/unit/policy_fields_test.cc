// Deadlines, titles, head, goals, projects, proposals, and what is refused or warned of.
#include <algorithm>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/taskregistry/policy/deadlines.h"
#include "services/taskregistry/policy/policy_importer.h"
#include "services/taskregistry/policy/projects.h"

namespace duikou::policy {
namespace {

using taskregistry::v1::PolicyPreview;
using taskregistry::v1::PolicyProposal;
using taskregistry::v1::PolicyRefusal;
using taskregistry::v1::PolicyWarning;

// The deadline read from a sentence and its last day, with 2021 as the year of issue.
std::string Deadline(const std::string& utf8) {
  const SourceText text(utf8);
  const auto date = FindDeadline(text, {0, text.size()});
  if (!date) return "";
  const auto day = ResolveDate(*date, 2021);
  return text.Compact({date->begin, date->end}) + "=" +
         (day ? std::to_string(day->year()) + "-" + std::to_string(day->month()) + "-" + std::to_string(day->day())
              : "?");
}

TEST(PolicyDeadlines, StatedTimesOfCompletion) {
  EXPECT_EQ(Deadline("2022年底前建成三个平台。"), "2022年底前=2022-12-31");
  EXPECT_EQ(Deadline("制定方案，6月底前出台。"), "6月底前=2021-6-30");
  EXPECT_EQ(Deadline("今年2月底前，各区完成拨付。"), "今年2月底前=2021-2-28");
  EXPECT_EQ(Deadline("力争2023年3月15日前完成。"), "2023年3月15日前=2023-3-15");
  EXPECT_EQ(Deadline("明年上半年前完成编制。"), "明年上半年前=2022-6-30");
}

TEST(PolicyDeadlines, GoalsPeriodsAndBoundsAreNone) {
  for (const char* text :
       {"到2025年，规模翻一番。", "5年内培训一万人。", "2021年5月1日前到期的贷款予以展期。", "自2021年1月1日起施行。",
        "缴费期延长至3月底。", "每年12月底前报送。", "至2021年末降低成本。", "有效期至2024年12月31日。"}) {
    EXPECT_EQ(Deadline(text), "") << text;
  }
}

TEST(PolicyDeadlines, PeriodsEndWithTheirLastDate) {
  const std::pair<const char*, const char*> cases[] = {
      {"2023年至2025年", "2025-12-31"},
      {"2023年1月至2025年12月", "2025-12-31"},
      {"2023年1月1日到2024年6月15日", "2024-6-15"},
      {"2023年3月-2024年9月", "2024-9-30"},
      {"2023年3月－2024年9月", "2024-9-30"},
      {"2023年3月—2024年9月底前", "2024-9-30"},
      {"2023年3月——2024年9月", "2024-9-30"},
      {"2023年3月–2024年9月", "2024-9-30"},
      {"2023年3月~2024年9月", "2024-9-30"},
      {"2023年3月～2024年9月", "2024-9-30"},
      {"2023年1月起至2025年", "2025-12-31"},
      {"2023-2025年", "2025-12-31"},
      {"2023年3月至9月", "2023-9-30"},
      {"2023年1—6月", "2023-6-30"},
      {"2023年至2024年，2026年验收", "2024-12-31"},
      {"2023年6月，2025年验收", "2023-6-30"},
      {"2023年6月至验收", "2023-6-30"},
  };
  for (const auto& [written, day] : cases) {
    const auto preview = ParsePolicy(std::string("1.甲甲甲。（责任单位：市发改委；完成时限：") + written +
                                     "）\n2.乙乙。（责任单位：市财政局）");
    ASSERT_EQ(preview.tasks_size(), 2) << written;
    const auto& due = preview.tasks(0).due_date();
    EXPECT_EQ(std::to_string(due.year()) + "-" + std::to_string(due.month()) + "-" + std::to_string(due.day()), day)
        << written;
  }
}

TEST(PolicyDeadlines, ImpossibleDaysResolveToNothing) {
  const SourceText text("2月30日前");
  const auto date = ReadDeadlineAt(text, 0, text.size());
  ASSERT_TRUE(date);
  EXPECT_FALSE(ResolveDate(*date, 2021));
  EXPECT_EQ(LastDayOfMonth(2024, 2), 29);
  EXPECT_EQ(LastDayOfMonth(1900, 2), 28);
}

constexpr char kNotice[] =
    "某市人民政府关于印发某市文旅融合工作方案的通知\n某政发〔2021〕7号\n各县区人民政府：\n一、目标\n到2024年，游客增长"
    "一倍。到2030年，成为名城。\n二、任务\n"
    "（一）打造线路。与连云港市和长三角合作，推进海韵公司总投资3."
    "5亿元温泉项目、港湾集团年产2万吨海产品加工项目等项目建设。（责任单位：市文旅局、有关县区政府）\n"
    "（二）做好宣传。拍摄短片并在各大平台播放。（责任单位：市委宣传部；完成时限：2021年9月）\n某市人民政府\n2021年3月1"
    "日\n（此件依申请公开）\n";

TEST(PolicyImporter, ReadsTheHead) {
  const auto preview = ParsePolicy(kNotice);
  EXPECT_EQ(preview.title(), "某市人民政府关于印发某市文旅融合工作方案的通知");
  EXPECT_EQ(preview.document_number(), "某政发〔2021〕7号");
  EXPECT_EQ(preview.issuer(), "某市人民政府");
  EXPECT_EQ(preview.issue_date().month(), 3);
  EXPECT_EQ(preview.disclosure(), taskregistry::v1::POLICY_DISCLOSURE_ON_REQUEST);
  ASSERT_EQ(preview.goals_size(), 2);
  EXPECT_EQ(preview.goals(0).text(), "到2024年，游客增长一倍。");
}

TEST(PolicyImporter, ProposalsStandApartFromWhatIsWritten) {
  const auto preview = ParsePolicy(kNotice);
  ASSERT_EQ(preview.tasks_size(), 2);
  const auto& first = preview.tasks(0);
  EXPECT_EQ(first.title(), "打造线路");
  EXPECT_EQ(first.deadline(), "");
  EXPECT_FALSE(first.has_due_date());
  EXPECT_EQ(first.proposal().title(), "");
  EXPECT_EQ(first.proposal().lead(), "市文旅局");
  EXPECT_EQ(first.proposal().due_date().year(), 2024);
  EXPECT_EQ(first.proposal().due_date().day(), 31);
  EXPECT_EQ(first.proposal().frequency(), PolicyProposal::QUARTERLY);
  EXPECT_TRUE(first.duties(1).needs_narrowing());
  EXPECT_EQ(preview.tasks(1).due_date().day(), 30);
  EXPECT_FALSE(preview.tasks(1).proposal().has_due_date());
}

TEST(PolicyImporter, ProposedTitleIsTheFirstSentenceCut) {
  std::string sentence;
  for (int i = 0; i < 60; ++i) sentence += "长";
  const auto preview = ParsePolicy("1." + sentence + "，然后再做别的事。接着做。（责任单位：市财政局）");
  ASSERT_EQ(preview.tasks_size(), 1);
  EXPECT_EQ(preview.tasks(0).title(), "");
  EXPECT_EQ(preview.tasks(0).proposal().title(), sentence.substr(0, 40 * 3));
}

TEST(PolicyImporter, GivenDateIsProposedInstead) {
  ImportOptions options;
  options.due_date.emplace().set_year(2029);
  EXPECT_EQ(ParsePolicy(kNotice, options).tasks(0).proposal().due_date().year(), 2029);
}

TEST(PolicyImporter, AGivenDayOfIssueStandsInForOneThatIsNotWritten) {
  const std::string undated =
      "某市文旅融合工作方案\n一、目标\n到2025年，游客增长一倍。到2030年，成为名城。\n二、任务\n"
      "（一）打造线路。制定方案，6月底前出台。（责任单位：市文旅局）\n"
      "（二）做好宣传。今年2月底前，各区完成拨付。（责任单位：市委宣传部）\n"
      "（三）建好场馆。选址建设。（责任单位：市体育局）\n";
  ImportOptions options;
  options.issue_date.emplace();
  options.issue_date->set_year(2026);
  options.issue_date->set_month(1);
  options.issue_date->set_day(10);
  const auto given = ParsePolicy(undated, options);
  EXPECT_EQ(given.issue_date().day(), 10);
  ASSERT_EQ(given.tasks_size(), 3);
  EXPECT_EQ(given.tasks(0).due_date().year(), 2026);
  EXPECT_EQ(given.tasks(0).due_date().month(), 6);
  EXPECT_EQ(given.tasks(1).due_date().year(), 2026);
  EXPECT_EQ(given.tasks(1).due_date().month(), 2);
  EXPECT_EQ(given.tasks(2).proposal().due_date().year(), 2030) << "the goal before it is over";
  const auto not_resolved = [](const PolicyPreview& preview) {
    return std::count_if(preview.warnings().begin(), preview.warnings().end(),
                         [](const auto& w) { return w.code() == PolicyWarning::DEADLINE_NOT_RESOLVED; });
  };
  EXPECT_EQ(not_resolved(given), 0);
  EXPECT_EQ(not_resolved(ParsePolicy(undated)), 2);
  EXPECT_EQ(ParsePolicy(kNotice, options).issue_date().year(), 2021) << "what is written holds";
}

TEST(PolicyImporter, NamesProjectsAndRegions) {
  const auto preview = ParsePolicy(kNotice);
  ASSERT_EQ(preview.tasks(0).projects_size(), 2);
  EXPECT_EQ(preview.tasks(0).projects(0).name(), "海韵公司总投资3.5亿元温泉项目");
  EXPECT_EQ(preview.tasks(0).projects(0).capacity(), "总投资3.5亿元");
  EXPECT_EQ(preview.tasks(0).projects(1).capacity(), "年产2万吨");
  ASSERT_EQ(preview.regions_size(), 2);
  EXPECT_EQ(preview.regions(0).name(), "连云港");
  EXPECT_EQ(preview.regions(1).name(), "长三角");
}

TEST(PolicyImporter, CountsUnitsOnceEach) {
  const auto preview = ParsePolicy("1.甲甲甲。（市财政局、市教育局负责）\n2.乙乙乙。（市财政局负责）");
  ASSERT_EQ(preview.units_size(), 2);
  EXPECT_EQ(preview.units(0).name(), "市财政局");
  EXPECT_EQ(preview.units(0).tasks(), 2);
}

TEST(PolicyImporter, RefusesMarksOfClassification) {
  for (const char* head : {"机密★1年\n", "000123\n秘 密\n", "密级：绝密\n", "★长期\n", "000001 机密★3年 特急\n",
                           "★机密\n", "★ 秘密\n", "★绝密级★10年\n", "密级：★机密\n", "000001 ★机密 特急\n"}) {
    const auto preview = ParsePolicy(std::string(head) + kNotice);
    EXPECT_EQ(preview.refusal().code(), PolicyRefusal::CLASSIFIED) << head;
    EXPECT_TRUE(preview.tasks().empty()) << head;
    EXPECT_TRUE(preview.title().empty()) << head;
  }
}

TEST(PolicyImporter, WordsAboutSecretsAreNoMarks) {
  for (const char* head : {"关于加强保密工作的通知\n", "保护商业秘密。\n", "★★★\n点赞\n", "★★\n点赞\n", "★秘密花园\n",
                           "★保密工作\n", "密级：公开\n"}) {
    EXPECT_FALSE(ParsePolicy(std::string(head) + kNotice).has_refusal()) << head;
  }
}

TEST(PolicyImporter, WarnsOfWhatAnOfficerShouldCheck) {
  const auto has = [](const PolicyPreview& preview, PolicyWarning::Code code) {
    return std::any_of(preview.warnings().begin(), preview.warnings().end(),
                       [&](const auto& w) { return w.code() == code; });
  };
  EXPECT_TRUE(has(ParsePolicy("没有任务。"), PolicyWarning::NO_TASKS));
  EXPECT_TRUE(has(ParsePolicy("1.甲甲甲。（责任单位：市财政局\n2.乙乙乙。（责任单位：市教育局）"),
                  PolicyWarning::BRACKET_NOT_CLOSED));
  EXPECT_TRUE(has(ParsePolicy("一、头\n1.甲甲。（责任单位：市财政局）\n2.乙乙乙乙。\n3.丙丙。（责任单位：市教育局）"),
                  PolicyWarning::CLAUSE_WITHOUT_UNIT));
  EXPECT_TRUE(has(ParsePolicy("1.甲甲。（责任单位：市财政局）\n3.丙丙。（责任单位：市教育局）"),
                  PolicyWarning::NUMBER_MISSING));
}

TEST(PolicyImporter, PagesLoseTheirTags) {
  const auto preview = ParsePolicy(
      "<html><script>1.x（责任单位：市假局）</script><p>1.甲甲&nbsp;</p><p>乙乙。<b>（责任单位：市财政局）</b></p></"
      "html>");
  ASSERT_EQ(preview.tasks_size(), 1);
  EXPECT_EQ(preview.tasks(0).duties(0).unit(), "市财政局");
  EXPECT_EQ(preview.tasks(0).description(), "乙乙。");
}

// Tags are written in capitals, small letters or both.
TEST(PolicyImporter, ScriptsAreNoText) {
  for (const char* script :
       {"<script>1.x。（责任单位：市假局）</script>", "<SCRIPT>1.x。（责任单位：市假局）</SCRIPT>",
        "<Script>1.x。（责任单位：市假局）</sCRIPT >", "<script>1.x。（责任单位：市假局）</SCRIPT>",
        "<STYLE>1.x。（责任单位：市假局）</style>"}) {
    const auto preview = ParsePolicy(std::string(script) + "<P>1.甲甲甲。（责任单位：市财政局）</P>");
    ASSERT_EQ(preview.tasks_size(), 1) << script;
    EXPECT_EQ(preview.tasks(0).duties(0).unit(), "市财政局") << script;
  }
}

TEST(PolicyImporter, SpansAreBytesOfTheText) {
  const std::string text = kNotice;
  const auto preview = ParsePolicy(text);
  for (const auto& duty : preview.tasks(0).duties()) {
    EXPECT_EQ(text.substr(duty.span().begin(), duty.span().end() - duty.span().begin()), duty.unit());
  }
}

TEST(PolicyImporter, AnyBytesGiveAPreview) {
  for (const std::string& bytes : {std::string(), std::string("\xff\xfe\x80"), std::string("\xe5\xb8", 2),
                                   std::string(3, '\0'), std::string(100000, '(')}) {
    EXPECT_TRUE(ParsePolicy(bytes).tasks().empty());
  }
}

}  // namespace
}  // namespace duikou::policy
