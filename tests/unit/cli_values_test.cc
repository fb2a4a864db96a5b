#include "absl/strings/match.h"
#include "clients/cli/catalog.h"
#include "clients/cli/record_input.h"
#include "clients/cli/values.h"
#include "clients/cli/verbs.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/taskregistry/v1/project.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duikou::cli {
namespace {

using taskregistry::v1::Task;

TEST(SetField, ReadsDatesEnumsAndNestedFields) {
  Task task;
  ASSERT_TRUE(SetField(task, "due_date", "2026-03-01").ok());
  ASSERT_TRUE(SetField(task, "report_frequency", "quarterly").ok());
  ASSERT_TRUE(SetField(task, "duties[0].written", "市工信局").ok());
  ASSERT_TRUE(SetField(task, "duties[0].kind", "牵头").ok());
  EXPECT_EQ(FieldText(task, "due_date"), "2026-03-01");
  EXPECT_EQ(task.report_frequency(), Task::QUARTERLY);
  ASSERT_EQ(task.duties_size(), 1);
  EXPECT_EQ(task.duties(0).kind(), Task::Duty::LEAD);
}

TEST(SetField, RefusesWithTheFieldAndTheFix) {
  Task task;
  for (const auto& [path, text] : {std::pair{"due_date", "2026-02-30"},
                                   {"due_date", "2026/3/1"},
                                   {"report_frequency", "DAILY"},
                                   {"long_term", "maybe"},
                                   {"no_such", "x"},
                                   {"duties[3].kind", "LEAD"},
                                   {"title.x", "y"}}) {
    const absl::Status status = SetField(task, path, text);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << path;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(path));
  }
}

TEST(SetField, AnIndexNamesAnElementOfAnyList) {
  Task task;
  for (const char* text : {"盖州市", "大石桥市"}) ASSERT_TRUE(SetField(task, "regions", text).ok());
  ASSERT_TRUE(SetField(task, "regions[0]", "鲅鱼圈区").ok());
  EXPECT_THAT(task.regions(), testing::ElementsAre("鲅鱼圈区", "大石桥市"));
  ASSERT_TRUE(SetField(task, "regions[2]", "老边区").ok());
  EXPECT_THAT(task.regions(), testing::ElementsAre("鲅鱼圈区", "大石桥市", "老边区"));
  const absl::Status beyond = SetField(task, "regions[4]", "西市区");
  EXPECT_EQ(beyond.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(beyond.message()), testing::HasSubstr("3"));
  EXPECT_EQ(SetField(task, "title[0]", "甲").code(), absl::StatusCode::kInvalidArgument) << "no list";
  EXPECT_EQ(task.regions_size(), 3);
}

TEST(RecordsInJson, AListOfARecordIsNoListOfRecords) {
  const ResourceType& project = *Catalog::Get().Find("project");
  const struct {
    const char* json;
    std::vector<const char*> titles;  // Of the records found, with how many parties.
    int parties;
  } cases[] = {
      {R"({"our_parties":[{"title":"营口港集团"}]})", {""}, 1},
      {R"({"ourParties":[{"title":"营口港集团"}]})", {""}, 1},
      {R"({"our_parties":[]})", {""}, 0},
      {R"({"title":"甲"})", {"甲"}, 0},
      {R"([{"title":"甲"},{"title":"乙"}])", {"甲", "乙"}, 0},
      {R"({"projects":[{"title":"甲"},{"title":"乙"}]})", {"甲", "乙"}, 0},
      {R"({"rows":[{"title":"甲"}]})", {"甲"}, 0},
  };
  for (const auto& c : cases) {
    const auto records = RecordsInJson(c.json, "p.json", project);
    ASSERT_TRUE(records.ok()) << c.json;
    ASSERT_EQ(records->size(), c.titles.size()) << c.json;
    for (size_t i = 0; i < records->size(); ++i) {
      taskregistry::v1::Project record;
      ASSERT_TRUE(FromJson((*records)[i], "p.json", record).ok()) << c.json;
      EXPECT_EQ(record.title(), c.titles[i]) << c.json;
      EXPECT_EQ(record.our_parties_size(), c.parties) << c.json;
    }
  }
  EXPECT_FALSE(RecordsInJson("{", "p.json", project).ok());
}

TEST(TakeLists, KeepsTheElementsThatNobodyTyped) {
  Task current;
  for (const char* region : {"盖州市", "大石桥市"}) current.add_regions(region);
  current.set_title("题目");
  EXPECT_EQ(MaskPath("duties[0].kind"), "duties");
  EXPECT_EQ(MaskPath("access.disclosure"), "access.disclosure");
  Task record;
  ASSERT_TRUE(TakeLists(current, {"regions"}, record).ok());
  EXPECT_THAT(record.regions(), testing::ElementsAre("盖州市", "大石桥市"));
  EXPECT_EQ(record.title(), "") << "only what is named";
}

TEST(TakeLists, WritesNoMaskBack) {
  personnel::v1::Engagement current, record;
  current.mutable_terms()->add_ties()->set_relative("***");
  EXPECT_EQ(TakeLists(current, {"terms.ties"}, record).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(record.terms().ties_size(), 0);
  current.mutable_terms()->mutable_ties(0)->set_relative("张某");
  EXPECT_TRUE(TakeLists(current, {"terms.ties"}, record).ok());
}

TEST(SetField, ReadsMoneyInYuan) {
  taskregistry::v1::Project project;
  const struct {
    const char* text;
    int64_t fen;
    const char* shown;
  } good[] = {{"1200000.50", 120000050, "1200000.50 CNY"},
              {"0.5", 50, "0.50 CNY"},
              {"3 USD", 300, "3.00 USD"},
              {"{\"fen\": \"7\"}", 7, "0.07 CNY"}};
  for (const auto& one : good) {
    ASSERT_TRUE(SetField(project, "investment", one.text).ok()) << one.text;
    EXPECT_EQ(project.investment().fen(), one.fen);
    EXPECT_EQ(FieldText(project, "investment"), one.shown);
  }
  for (const char* text : {"", "-1", "1.234", "1.", "ten", "1 2 3", "1,000"})
    EXPECT_FALSE(SetField(project, "investment", text).ok()) << text;
}

TEST(FromJson, QuotesNothingOfABrokenInput) {
  Task task;
  const absl::Status status = FromJson("{\"title\": \x01\x02", "in.json", task);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::Not(testing::HasSubstr("\n")));
}

TEST(FullName, TakesShortAndFullNames) {
  const char* pattern = "cities/{city}/tasks/{task}";
  for (const char* typed : {"t7", "tasks/t7", "cities/210800/tasks/t7"})
    EXPECT_EQ(*FullName(pattern, "210800", typed), "cities/210800/tasks/t7");
  EXPECT_EQ(*FullName("cities/{city}/tasks/{task}/reports/{report}", "210800", "YK-2022-01-03/r1"),
            "cities/210800/tasks/YK-2022-01-03/reports/r1");
  EXPECT_FALSE(FullName(pattern, "", "t7").ok());
  EXPECT_FALSE(FullName(pattern, "210800", "").ok());
  EXPECT_FALSE(FullName(pattern, "210800", "a/b/c/d/e").ok());
}

TEST(Catalog, KnowsEveryResourceOfThePeople) {
  for (const char* type :
       {"city", "unit", "account", "partnership", "plan", "task", "progress-reports", "extension-requests", "settings",
        "holiday-years", "projects", "support-requests", "attachments"}) {
    EXPECT_NE(Catalog::Get().Find(type), nullptr) << type;
  }
  EXPECT_EQ(Catalog::Get().Find("credential"), nullptr);
}

TEST(Verbs, EachMethodHasAVerbOrACommand) {
  for (const google::protobuf::MethodDescriptor* method : Catalog::Get().actions()) {
    const Verb* verb = FindVerb(method->name());
    EXPECT_NE(verb != nullptr, HasItsOwnCommand(method->name())) << method->full_name();
    EXPECT_TRUE(verb == nullptr || absl::StrContains(verb->example, verb->verb)) << method->full_name();
  }
}

}  // namespace
}  // namespace duikou::cli
