#include "clients/cli/board.h"
#include "clients/cli/change_text.h"
#include "clients/cli/language.h"
#include "clients/cli/table.h"
#include "clients/cli/text_lines.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duikou::cli {
namespace {

using taskregistry::v1::Task;

TEST(DisplayWidth, CountsChineseTwice) {
  EXPECT_EQ(DisplayWidth("市工信局"), 8U);
  EXPECT_EQ(DisplayWidth("YK-1"), 4U);
  EXPECT_EQ(DisplayWidth("\xff"), 1U);
}

TEST(OneLine, TakesTerminalControlOut) { EXPECT_EQ(OneLine("a\x1b[31m\nb").find('\x1b'), std::string::npos); }

TEST(Table, FitsTheWidthAndLeavesEmptyColumnsOut) {
  Table table({"编号", "标题", "空"});
  table.Add({"YK-2022-01-01", "推进传统制造业合作推进传统制造业合作", ""});
  const std::string text = table.Render(30);
  EXPECT_EQ(text.find("空"), std::string::npos);
  EXPECT_NE(text.find("…"), std::string::npos);
  for (size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    EXPECT_LE(DisplayWidth(text.substr(at, end - at)), 30U);
}

TEST(WrapLines, KeepsEveryCharacterAndTheWidth) {
  const std::string units = "市发改委、市科技局、各县(市)区政府、开发区(园区)管委会、\xffx";
  for (size_t columns = 2; columns < 60; ++columns) {
    std::string joined;
    for (const std::string& line : WrapLines(units, columns)) {
      EXPECT_LE(DisplayWidth(line), columns);
      joined += line;
    }
    EXPECT_EQ(joined, units);
  }
  EXPECT_EQ(WrapLines("", 10).size(), 1U);
}

TEST(ChangeText, SaysNotThatItWasDoneWhenItWasOnlyChecked) {
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    SetLanguage(language);
    const bool chinese = language == Language::kChinese;
    for (const Change change : {Change::kCreate, Change::kUpdateKnown, Change::kUpdate, Change::kDelete}) {
      const std::string done(ChangeText(change, false)), checked(ChangeText(change, true));
      EXPECT_THAT(checked, ::testing::HasSubstr(chinese ? "可以" : "can be "));
      EXPECT_THAT(done, ::testing::Not(::testing::HasSubstr(chinese ? "可以" : "can be ")));
    }
    EXPECT_THAT(PreviewLine(), ::testing::HasSubstr(chinese ? "未保存" : "nothing is stored"));
  }
}

TEST(SortAsWritten, GoesByNumber) {
  std::vector<Task> tasks(3);
  tasks[0].set_number("YK-2022-01-100");
  tasks[1].set_number("YK-2022-01-09");
  tasks[2].set_name("cities/1/tasks/a");
  SortAsWritten(tasks);
  EXPECT_EQ(tasks[0].number(), "YK-2022-01-09");
  EXPECT_EQ(tasks[2].number(), "");
}

TEST(SortAsWritten, SubtasksStandBelowTheirTask) {
  std::vector<Task> tasks;
  for (const char* number : {"YK-2022-01-03-02", "YK-2022-01-04", "YK-2022-01-03-01", "YK-2022-01-03",
                             "YK-2022-01-03-01-01", "YK-2022-01-02"})
    tasks.emplace_back().set_number(number);
  SortAsWritten(tasks);
  std::vector<std::string> numbers;
  for (const Task& task : tasks) numbers.push_back(task.number());
  EXPECT_THAT(numbers, ::testing::ElementsAre("YK-2022-01-02", "YK-2022-01-03", "YK-2022-01-03-01",
                                              "YK-2022-01-03-01-01", "YK-2022-01-03-02", "YK-2022-01-04"));
}

TEST(Board, ShowsUnitsAsWrittenAndMarksUnresolvedOnes) {
  Task task;
  task.set_number("YK-2022-01-01");
  task.set_title("推进传统制造业合作");
  task.mutable_clause()->add_headings("主要任务");
  auto* lead = task.add_duties();
  lead->set_kind(Task::Duty::LEAD);
  lead->set_written("市工信局");
  const std::string text = BoardText({}, {task}, 100);
  EXPECT_THAT(text, testing::HasSubstr("■ 主要任务"));
  EXPECT_THAT(text, testing::HasSubstr("牵头 市工信局?"));
}

}  // namespace
}  // namespace duikou::cli
