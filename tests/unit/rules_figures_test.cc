#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "common/base/workday_index.h"
#include "services/taskregistry/rules/figures.h"
#include "services/taskregistry/rules/ledger_row.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using ::duikou::testing::AddDuty;
using ::duikou::testing::Fails;
using ::duikou::testing::IsOk;
using ::duikou::testing::kLead;
using ::duikou::testing::kTaskStates;
using v1::Task;

constexpr int32_t kDay = 20000;

// Every state, with a due date before, on and after the day, completed in time, late or not at all.
TEST(Figures, OwedOnTimeAndOverdue) {
  using Expected = std::tuple<int, int, int>;  // owed, on time, overdue
  for (const Task::State state : kTaskStates) {
    for (const int32_t due : {kDay - 1, kDay, kDay + 1, kNoDay}) {
      for (const int32_t completed : {kNoDay, due, due + 1}) {
        FigureCounts counts;
        counts.Add({.due = due, .completed = due == kNoDay ? kNoDay : completed, .state = static_cast<uint8_t>(state)},
                   v1::Light::GREEN, kDay);
        EXPECT_EQ(counts.total(), 1);
        const bool in_time = completed != kNoDay && completed == due;
        Expected expected{0, 0, 0};
        switch (state) {
          case Task::CLOSED:
            if (due != kNoDay) expected = {1, in_time ? 1 : 0, 0};
            break;
          case Task::ISSUED:
          case Task::IN_PROGRESS:
          case Task::COMPLETION_REPORTED:
            if (due == kDay - 1 && !in_time) expected = {1, 0, 1};
            if (due == kDay && !in_time) expected = {1, 0, 0};
            break;
          default:
            break;
        }
        EXPECT_EQ((Expected{counts.owed, counts.on_time, counts.overdue}), expected)
            << Task::State_Name(state) << " due " << due - kDay << " completed " << completed - kDay;
      }
    }
  }
}

TEST(Figures, SharesMakeOne) {
  FigureCounts counts;
  for (const Task::State state : kTaskStates)
    counts.Add({.state = static_cast<uint8_t>(state)}, state == Task::DRAFT ? v1::Light::GREY : v1::Light::RED, kDay);
  const v1::TaskFigures figures = ToMessage(counts);
  EXPECT_EQ(figures.total(), 7);
  double states = 0, lights = 0;
  for (const auto& state : figures.states()) states += state.share();
  for (const auto& light : figures.lights()) lights += light.share();
  EXPECT_DOUBLE_EQ(states, 1);
  EXPECT_DOUBLE_EQ(lights, 1);
  EXPECT_FALSE(figures.has_on_time_rate());
  EXPECT_EQ(ToMessage({}).total(), 0);
}

TEST(Figures, UnitsAreRanked) {
  const auto unit = [](int owed, int on_time, int overdue, int total) {
    FigureCounts counts{.owed = owed, .on_time = on_time, .overdue = overdue};
    counts.states[Task::IN_PROGRESS] = total;
    return counts;
  };
  // In their order; each before all that follow.
  const std::vector<FigureCounts> units = {unit(2, 2, 0, 9), unit(1, 1, 0, 8), unit(4, 2, 0, 4), unit(4, 2, 1, 9),
                                           unit(3, 0, 1, 3), unit(0, 0, 0, 5), unit(0, 0, 0, 4)};
  for (size_t i = 0; i < units.size(); ++i) {
    for (size_t k = 0; k < units.size(); ++k) EXPECT_EQ(RanksBefore(units[i], units[k]), i < k) << i << " " << k;
  }
  EXPECT_FALSE(RanksBefore(unit(3, 1, 0, 6), unit(6, 2, 0, 6)));
  EXPECT_FALSE(RanksBefore(unit(6, 2, 0, 6), unit(3, 1, 0, 6)));
}

TEST(LedgerRow, SaysWhatTaskAndReportSay) {
  Task task;
  task.set_number("YK-2022-01-03");
  task.set_title(" 强化产业对接合作\n");
  AddDuty(task, Task::Duty::LEAD, kLead, "市工信局");
  for (const char* member : {"cities/210800/units/a", "cities/210800/units/b"})
    AddDuty(task, Task::Duty::RESPONSIBLE, member, "各县(市)区政府");
  AddDuty(task, Task::Duty::RESPONSIBLE, "cities/210800/units/c", "")->set_unit_title("市商务局");
  v1::ProgressReport report;
  report.set_percent(40);
  report.set_done("已对接\n两家");
  report.set_problems("无");
  LedgerRow row = MakeLedgerRow(task, &report);
  EXPECT_EQ(row[LedgerColumn::kTask], "强化产业对接合作");
  EXPECT_EQ(row[LedgerColumn::kResponsible], "各县(市)区政府、市商务局");
  EXPECT_EQ(row[LedgerColumn::kDue], "");
  EXPECT_EQ(row[LedgerColumn::kProgress], "40% 已对接\n两家");
  EXPECT_EQ(MakeLedgerRow(task, nullptr)[LedgerColumn::kProgress], "");
  task.set_long_term(true);
  EXPECT_EQ(MakeLedgerRow(task, nullptr)[LedgerColumn::kDue], "长期");
}

// Else a row that nobody touched would come back as another.
TEST(LedgerRow, EveryLineEndIsOneThatAFileCarries) {
  for (const char* end : {"\n", "\r\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"}) {
    Task task;
    task.set_title(absl::StrCat("强化产业对接合作", end));
    v1::ProgressReport report;
    report.set_percent(40);
    report.set_done(absl::StrCat("第一行", end, "第二行", end));
    report.set_next(absl::StrCat("甲", end, end, "乙"));
    const LedgerRow row = MakeLedgerRow(task, &report);
    EXPECT_EQ(row[LedgerColumn::kTask], "强化产业对接合作") << end;
    EXPECT_EQ(row[LedgerColumn::kProgress], "40% 第一行\n第二行") << end;
    EXPECT_EQ(row[LedgerColumn::kNext], "甲\n\n乙") << end;
  }
}

TEST(LedgerRow, ADayIsReadAsSpreadsheetsWriteIt) {
  const struct {
    const char *cell, *text;
  } cases[] = {{"2026-12-31", "2026-12-31"},
               {"2026/12/31", "2026-12-31"},
               {"2026/1/5", "2026-01-05"},
               {"2026-1-5", "2026-01-05"},
               {"2026/01/5", "2026-01-05"},
               {"长期", "长期"},
               {"", ""},
               {"26/1/5", "26/1/5"},
               {"2026/2/30", "2026/2/30"},
               {"2026/1", "2026/1"},
               {"2026/1/5/6", "2026/1/5/6"},
               {"年底/前/后", "年底/前/后"}};
  for (const auto& c : cases) EXPECT_EQ(DueText(c.cell), c.text);
}

TEST(LedgerRow, ProgressIsReadAsPeopleWriteIt) {
  const struct {
    const char* cell;
    int percent;
    const char* done;
  } good[] = {{"40% 已对接", 40, "已对接"},
              {"0%无", 0, "无"},
              {"100%\uFF0C\u3000完成", 100, "完成"},
              {" 40 %、已对接 ", 40, "已对接"},
              {"40\uFF05\uFF1A已 对接", 40, "已 对接"},
              {"40%", 40, ""},
              {"7%,30% 的设备到货", 7, "30% 的设备到货"}};
  for (const auto& c : good) {
    const auto progress = ParseProgress(c.cell);
    ASSERT_THAT(progress, IsOk()) << c.cell;
    EXPECT_EQ(progress->percent, c.percent) << c.cell;
    EXPECT_EQ(progress->done, c.done) << c.cell;
    EXPECT_EQ(ParseProgress(ProgressText(*progress))->done, c.done);
  }
  for (const char* bad : {"", "已对接", "%", "101% x", "1000% x", "-5% x", "40 已对接", "四十% x"})
    EXPECT_THAT(ParseProgress(bad), Fails(absl::StatusCode::kInvalidArgument, "PROGRESS_FORM")) << bad;
}

TEST(LedgerRow, OnlyProgressProblemsAndNextChange) {
  for (size_t c = 0; c < kLedgerColumns; ++c) {
    const auto column = static_cast<LedgerColumn>(c);
    EXPECT_NE(HeadingOf(column).zh, "");
    EXPECT_NE(HeadingOf(column).en, "");
    const absl::Status status = CheckChangeable(column);
    const bool changeable = column == LedgerColumn::kProgress || column == LedgerColumn::kProblems ||
                            column == LedgerColumn::kNext || column == LedgerColumn::kSerial ||
                            column == LedgerColumn::kVersion;
    EXPECT_EQ(status.ok(), changeable) << c;
    EXPECT_EQ(::duikou::ReasonOf(status) == "DUE_DATE_BY_EXTENSION", column == LedgerColumn::kDue);
  }
}

}  // namespace
}  // namespace duikou::taskregistry::rules
