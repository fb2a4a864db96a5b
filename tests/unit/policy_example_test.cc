// The example of the repository, and the document that it follows where that is at hand.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/taskregistry/policy/policy_importer.h"

namespace duikou::policy {
namespace {

using taskregistry::v1::PolicyDuty;
using taskregistry::v1::PolicyPreview;

std::string Read(const std::string& path) {
  const char* root = std::getenv("DUIKOU_SOURCE_DIR");
  std::ifstream in(std::string(root == nullptr ? "." : root) + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::pair<std::string, std::string>> TitlesAndLeads(const PolicyPreview& preview) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& task : preview.tasks()) {
    std::string leads;
    for (const auto& duty : task.duties()) {
      if (duty.kind() == PolicyDuty::LEAD) leads += (leads.empty() ? "" : ",") + duty.unit();
    }
    rows.emplace_back(task.title(), leads);
  }
  return rows;
}

const std::vector<std::pair<std::string, std::string>>& Expected() {
  static const auto* rows = new std::vector<std::pair<std::string, std::string>>{
      {"推进传统制造业合作", "市工信局"},
      {"加强战略新兴产业合作", "市工信局"},
      {"深化现代服务业合作", "市发改委"},
      {"加快康养文旅产业合作", "市委宣传部,市民政局,市文旅广电局"},
      {"推动农业产业合作", "市农业农村局"},
      {"推进非公经济对接", "市发改委,市商务局"},
      {"推进国有企业改革对接", "市国资委"},
      {"推进自由贸易试验区改革成果对接", "自贸区营口片区管委会,市自贸办(市商务局)"},
      {"推进生态环境建设对接合作", "市农业农村局,市林草局"},
      {"建立产学研协同创新机制", "市科技局"},
      {"加快科研成果转移转化", "市科技局"},
      {"加快科技创新平台建设", "市科技局"},
      {"推动教育交流合作", "市教育局,营口理工学院,营口职业技术学院"},
      {"加强人才交流合作", "市委组织部,市人社局"},
      {"强化金融创新合作", "市金融发展局,市国资委"},
      {"加强交通衔接合作", "市发改委,市交通运输局"},
      {"加强双向投资合作", "市商务局"},
  };
  return *rows;
}

TEST(PolicyExample, HasTheTasksOfThePlan) {
  const auto preview = ParsePolicy(Read("examples/yingkou/plan.txt"));
  EXPECT_EQ(TitlesAndLeads(preview), Expected());
  EXPECT_EQ(preview.issue_date().year(), 2022);
  ASSERT_EQ(preview.goals_size(), 2);
  EXPECT_EQ(preview.goals(0).year(), 2025);
  EXPECT_EQ(preview.goals(1).year(), 2035);
  EXPECT_EQ(preview.tasks(0).clause(), "三/(一)/1");
  EXPECT_THAT(preview.tasks(0).section_headings(), testing::ElementsAre("主要任务", "强化产业对接合作"));
  ASSERT_EQ(preview.tasks(0).projects_size(), 3);
  EXPECT_EQ(preview.tasks(0).projects(0).capacity(), "年产40台(套)");
  EXPECT_EQ(preview.tasks(0).projects(2).capacity(), "年产6万吨");
}

// Every unit that the example names is a record of its directory, so that no name stays unresolved.
TEST(PolicyExample, NamesOnlyUnitsOfItsDirectory) {
  const std::string units = Read("examples/yingkou/units.json");
  const auto preview = ParsePolicy(Read("examples/yingkou/plan.txt"));
  ASSERT_FALSE(preview.units().empty());
  for (const auto& unit : preview.units()) {
    EXPECT_THAT(units, testing::HasSubstr("\"" + unit.name() + "\""));
  }
}

TEST(PolicyExample, TheRealPlan) {
  const std::string text = Read("../shared/data/policy/00.txt");
  if (text.empty()) GTEST_SKIP() << "the real document is not at hand";
  const auto preview = ParsePolicy(text);
  EXPECT_EQ(TitlesAndLeads(preview), Expected());
  EXPECT_EQ(preview.document_number(), "营政办发〔2022〕1号");
  EXPECT_EQ(preview.issuer(), "营口市人民政府办公室");
}

}  // namespace
}  // namespace duikou::policy
