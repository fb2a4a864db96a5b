// Periods, progress reports and extensions.
#include <string>

#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/reporting.h"
#include "tests/unit/holidays_2026.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using absl::CivilDay;
using ::testing::ElementsAre;
using v1::ExtensionRequest;
using v1::ProgressReport;
using v1::Task;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

WorkdayCalendar Calendar() {
  WorkdayCalendar calendar;
  calendar.SetYear(2026, Holidays2026());
  return calendar;
}

TEST(PeriodTest, FormsThatHold) {
  const struct {
    Task::Frequency frequency;
    const char* text;
    CivilDay first, last;
  } cases[] = {
      {Task::WEEKLY, "2026-W01", CivilDay(2025, 12, 29), CivilDay(2026, 1, 4)},
      {Task::WEEKLY, "2026-W07", CivilDay(2026, 2, 9), CivilDay(2026, 2, 15)},
      {Task::WEEKLY, "2026-W53", CivilDay(2026, 12, 28), CivilDay(2027, 1, 3)},
      {Task::WEEKLY, "2020-W53", CivilDay(2020, 12, 28), CivilDay(2021, 1, 3)},
      {Task::WEEKLY, "2025-W01", CivilDay(2024, 12, 30), CivilDay(2025, 1, 5)},
      {Task::WEEKLY, "2022-W52", CivilDay(2022, 12, 26), CivilDay(2023, 1, 1)},
      {Task::MONTHLY, "2026-02", CivilDay(2026, 2, 1), CivilDay(2026, 2, 28)},
      {Task::MONTHLY, "2024-02", CivilDay(2024, 2, 1), CivilDay(2024, 2, 29)},
      {Task::MONTHLY, "2026-12", CivilDay(2026, 12, 1), CivilDay(2026, 12, 31)},
      {Task::QUARTERLY, "2026-Q1", CivilDay(2026, 1, 1), CivilDay(2026, 3, 31)},
      {Task::QUARTERLY, "2026-Q4", CivilDay(2026, 10, 1), CivilDay(2026, 12, 31)},
  };
  for (const auto& one : cases) {
    const auto period = ParsePeriod(one.frequency, one.text);
    ASSERT_TRUE(period.has_value()) << one.text;
    EXPECT_EQ(period->first, one.first) << one.text;
    EXPECT_EQ(period->last, one.last) << one.text;
  }
}

TEST(PeriodTest, FormsThatDoNot) {
  const struct {
    Task::Frequency frequency;
    const char* text;
  } cases[] = {
      {Task::WEEKLY, "2025-W53"},   {Task::WEEKLY, "2026-W00"},    {Task::WEEKLY, "2026-W54"},
      {Task::WEEKLY, "2026-W7"},    {Task::WEEKLY, "2026W07"},     {Task::WEEKLY, "2026-w07"},
      {Task::WEEKLY, "2026-W-1"},   {Task::WEEKLY, "2026-02"},     {Task::MONTHLY, "2026-13"},
      {Task::MONTHLY, "2026-00"},   {Task::MONTHLY, "2026-2"},     {Task::MONTHLY, "2026-021"},
      {Task::MONTHLY, "2026-W07"},  {Task::MONTHLY, "2026/02"},    {Task::MONTHLY, "0026-02"},
      {Task::MONTHLY, "3026-02"},   {Task::MONTHLY, "2026-+2"},    {Task::QUARTERLY, "2026-Q0"},
      {Task::QUARTERLY, "2026-Q5"}, {Task::QUARTERLY, "2026-Q11"}, {Task::QUARTERLY, "2026-q1"},
      {Task::QUARTERLY, ""},        {Task::STAGE, "2026-Q1"},      {Task::FREQUENCY_UNSPECIFIED, "2026-02"},
      {Task::MONTHLY, "2026-0２"},  {Task::WEEKLY, "20 6-W07"},
  };
  for (const auto& one : cases) EXPECT_FALSE(ParsePeriod(one.frequency, one.text).has_value()) << one.text;
}

TEST(PeriodTest, EveryDayLiesInItsPeriod) {
  for (const Task::Frequency frequency : {Task::WEEKLY, Task::MONTHLY, Task::QUARTERLY}) {
    std::string previous;
    for (CivilDay day(2019, 12, 1); day < CivilDay(2028, 2, 1); ++day) {
      const std::string text = PeriodOf(frequency, day);
      const auto period = ParsePeriod(frequency, text);
      ASSERT_TRUE(period.has_value()) << text;
      EXPECT_TRUE(period->first <= day && day <= period->last) << text << " " << day;
      EXPECT_GE(text, previous) << "periods sort as time does";
      previous = text;
    }
  }
  EXPECT_EQ(PeriodOf(Task::WEEKLY, CivilDay(2027, 1, 3)), "2026-W53");
  EXPECT_EQ(PeriodOf(Task::WEEKLY, CivilDay(2024, 12, 30)), "2025-W01");
  EXPECT_EQ(PeriodOf(Task::STAGE, CivilDay(2026, 1, 1)), "");
}

TEST(PeriodTest, MustHaveBegunAndNotBeOverBeforeTheStart) {
  Task task = TaskIn(Task::IN_PROGRESS);  // Starts 2026-01-05.
  *task.mutable_start_date() = ToDate(CivilDay(2026, 1, 31));
  EXPECT_THAT(CheckPeriod(task, "2026-01", kToday), IsOk());
  EXPECT_THAT(CheckPeriod(task, "2025-12", kToday), Fails(kBad, "PERIOD_INVALID"));
  EXPECT_THAT(CheckPeriod(task, "2026-03", CivilDay(2026, 3, 1)), IsOk());
  EXPECT_THAT(CheckPeriod(task, "2026-03", CivilDay(2026, 2, 28)), Fails(kBad, "PERIOD_INVALID"));
  const auto wrong_form = CheckPeriod(task, "2026-W07", kToday);
  EXPECT_THAT(wrong_form, Fails(kBad, "PERIOD_INVALID"));
  EXPECT_THAT(BadFields(wrong_form.status()), ElementsAre("report.period"));
  EXPECT_NE(FactsOf(wrong_form.status()).violations[0].description.zh.find("2026-03"), std::string::npos)
      << "shows the form";
}

TEST(PeriodTest, AtStagesAMilestone) {
  Task task = TaskIn(Task::IN_PROGRESS);
  task.set_report_frequency(Task::STAGE);
  EXPECT_EQ(*CheckPeriod(task, "m1", kToday), kToday);
  *task.mutable_milestones(0)->mutable_due_date() = ToDate(CivilDay(2026, 6, 30));
  EXPECT_EQ(*CheckPeriod(task, "m1", kToday), CivilDay(2026, 6, 30));
  EXPECT_THAT(CheckPeriod(task, "m2", kToday), Fails(kBad, "PERIOD_INVALID"));
  EXPECT_THAT(CheckPeriod(task, "2026-02", kToday), Fails(kBad, "PERIOD_INVALID"));
}

ProgressReport ReportFor(const std::string& period) {
  ProgressReport report;
  report.set_name("cities/210800/tasks/t1/reports/r1");
  report.set_period(period);
  report.set_done("已签订框架协议");
  return report;
}

TEST(SubmitTest, DueWorkdaysAfterThePeriodOverHolidays) {
  const struct {
    Task::Frequency frequency;
    const char* period;
    CivilDay due;
    bool tentative;
  } cases[] = {
      {Task::MONTHLY, "2026-01", CivilDay(2026, 2, 4), false},      // Ends on a Saturday.
      {Task::WEEKLY, "2026-W07", CivilDay(2026, 2, 26), false},     // Spring Festival follows.
      {Task::MONTHLY, "2026-04", CivilDay(2026, 5, 8), false},      // 1, 4, 5 May off.
      {Task::QUARTERLY, "2026-Q3", CivilDay(2026, 10, 10), false},  // National Day; 10 October is worked.
      {Task::MONTHLY, "2026-12", CivilDay(2027, 1, 5), true},
  };
  for (const auto& one : cases) {
    Task task = TaskIn(Task::IN_PROGRESS);
    task.set_report_frequency(one.frequency);
    ProgressReport report = ReportFor(one.period);
    ASSERT_THAT(Submit(task, report, OfficerOf(kResponsible), Calendar(), 3, CivilDay(2027, 1, 4)), IsOk())
        << one.period;
    EXPECT_EQ(ToCivil(report.due_date()), one.due) << one.period;
    EXPECT_EQ(report.tentative(), one.tentative) << one.period;
  }
}

TEST(SubmitTest, UnitsReportToTheFirstLeadAndItToTheCoordinator) {
  Task task = TaskIn(Task::IN_PROGRESS);
  task.mutable_duties(1)->set_unit_title("市商务局");
  ProgressReport report = ReportFor("2026-02");
  ASSERT_THAT(Submit(task, report, OfficerOf(kResponsible), Calendar(), 3, kToday), IsOk());
  EXPECT_EQ(report.recipient(), kLead);
  EXPECT_EQ(report.unit(), kResponsible);
  EXPECT_EQ(report.unit_title(), "市商务局");
  EXPECT_EQ(report.task(), task.name());
  EXPECT_EQ(report.state(), ProgressReport::SUBMITTED);
  EXPECT_EQ(report.revision(), 1);
  ProgressReport leads = ReportFor("2026-02");
  ASSERT_THAT(Submit(task, leads, OfficerOf(kLead), Calendar(), 3, kToday), IsOk());
  EXPECT_EQ(leads.recipient(), "");
  task.set_split_by(kOther);
  EXPECT_EQ(RecipientOf(task, kLead), kOther);
  EXPECT_EQ(RecipientOf(task, kResponsible), kLead);
}

TEST(SubmitTest, OnOnesOwnDutiesAlone) {
  const Task task = TaskIn(Task::IN_PROGRESS);
  ProgressReport report = ReportFor("2026-02");
  EXPECT_THAT(Submit(task, report, OfficerOf(kOther), Calendar(), 3, kToday), Fails(kDenied, "NO_DUTY"));
  report = ReportFor("2026-02");
  report.set_unit(kLead);
  EXPECT_THAT(Submit(task, report, OfficerOf(kResponsible), Calendar(), 3, kToday), Fails(kDenied, "NO_DUTY"));
  report = ReportFor("2026-02");
  EXPECT_THAT(Submit(task, report, OfficerOf(""), Calendar(), 3, kToday), Fails(kDenied, "NO_DUTY"));
}

ProgressReport Submitted(const std::string& unit) {
  const Task task = TaskIn(Task::IN_PROGRESS);
  ProgressReport report = ReportFor("2026-02");
  EXPECT_THAT(Submit(task, report, OfficerOf(unit), Calendar(), 3, kToday), IsOk());
  return report;
}

Caller Coordinator() {
  Caller caller = OfficerOf(kOther);
  caller.roles = 1U << duikou::type::v1::COORDINATOR;
  return caller;
}

TEST(DecideTest, OnlyTheRecipientDecides) {
  ProgressReport report = Submitted(kResponsible);
  EXPECT_THAT(Decide(report, true, "", OfficerOf(kResponsible), kNow), Fails(kDenied, "NOT_RECIPIENT"));
  EXPECT_THAT(Decide(report, true, "", Coordinator(), kNow), Fails(kDenied, "NOT_RECIPIENT"));
  ASSERT_THAT(Decide(report, true, "", OfficerOf(kLead), kNow), IsOk());
  EXPECT_EQ(report.state(), ProgressReport::ACCEPTED);
  EXPECT_EQ(report.decide_time().seconds(), absl::ToUnixSeconds(kNow));
  ProgressReport leads = Submitted(kLead);
  EXPECT_THAT(Decide(leads, true, "", OfficerOf(kLead), kNow), Fails(kDenied, "NOT_RECIPIENT"));
  EXPECT_THAT(Decide(leads, true, "", Coordinator(), kNow), IsOk());
  EXPECT_THAT(Decide(leads, false, "x", Coordinator(), kNow), Fails(kForbidden, "REPORT_NOT_SUBMITTED"));
}

TEST(DecideTest, AReturnedReportIsCorrectedAsARevision) {
  ProgressReport report = Submitted(kResponsible);
  ASSERT_THAT(Decide(report, false, "缺少数据", OfficerOf(kLead), kNow), IsOk());
  EXPECT_EQ(report.state(), ProgressReport::RETURNED);
  EXPECT_EQ(report.return_reason(), "缺少数据");
  EXPECT_THAT(Decide(report, true, "", OfficerOf(kLead), kNow), Fails(kForbidden, "REPORT_NOT_SUBMITTED"));
  const Task task = TaskIn(Task::IN_PROGRESS);
  ProgressReport corrected = report;
  EXPECT_THAT(Revise(task, report, corrected, OfficerOf(kLead)), Fails(kDenied, "NO_DUTY"));
  ASSERT_THAT(Revise(task, report, corrected, OfficerOf(kResponsible)), IsOk());
  EXPECT_EQ(corrected.state(), ProgressReport::SUBMITTED);
  EXPECT_EQ(corrected.revision(), 2);
  EXPECT_EQ(corrected.return_reason(), "");
  EXPECT_FALSE(corrected.has_decide_time());
  ASSERT_THAT(Decide(corrected, true, "", OfficerOf(kLead), kNow), IsOk());
  ProgressReport again = corrected;
  EXPECT_THAT(Revise(task, corrected, again, OfficerOf(kResponsible)), Fails(kForbidden, "REPORT_ACCEPTED"));
}

TEST(DecideTest, AReportIsCorrectedWhileItsTaskTakesReports) {
  const ProgressReport report = Submitted(kResponsible);
  for (const Task::State state : kTaskStates) {
    SCOPED_TRACE(Task::State_Name(state));
    const bool takes = state == Task::ISSUED || state == Task::IN_PROGRESS || state == Task::COMPLETION_REPORTED;
    ProgressReport corrected = report;
    const absl::Status revised = Revise(TaskIn(state), report, corrected, OfficerOf(kResponsible));
    if (takes) {
      EXPECT_THAT(revised, IsOk());
    } else {
      EXPECT_THAT(revised, Fails(kForbidden, "TASK_STATE_FORBIDS"));
    }
  }
  Task task = TaskIn(Task::IN_PROGRESS);
  task.mutable_duties(0)->set_unit(kOther);
  ProgressReport corrected = report;
  ASSERT_THAT(Revise(task, report, corrected, OfficerOf(kResponsible)), IsOk());
  EXPECT_EQ(corrected.recipient(), kOther) << "the first lead of now";
  task.mutable_duties()->RemoveLast();
  EXPECT_THAT(Revise(task, report, corrected, OfficerOf(kResponsible)), Fails(kDenied, "NO_DUTY"));
}

ExtensionRequest AskFor(CivilDay day) {
  ExtensionRequest request;
  *request.mutable_due_date() = ToDate(day);
  request.set_reason("项目用地尚未批复");
  return request;
}

TEST(ExtensionTest, ALeadAsksForALaterDay) {
  const Task task = TaskIn(Task::IN_PROGRESS);  // Due 2026-12-31.
  ExtensionRequest request = AskFor(CivilDay(2027, 1, 1));
  EXPECT_THAT(RequestExtension(task, request, OfficerOf(kResponsible)), Fails(kDenied, "NOT_LEAD"));
  EXPECT_THAT(RequestExtension(task, request, OfficerOf("")), Fails(kDenied, "NOT_LEAD"));
  ASSERT_THAT(RequestExtension(task, request, OfficerOf(kLead)), IsOk());
  EXPECT_EQ(request.state(), ExtensionRequest::REQUESTED);
  EXPECT_EQ(ToCivil(request.former_due_date()), CivilDay(2026, 12, 31));
  EXPECT_EQ(request.unit(), kLead);
  EXPECT_EQ(request.task(), task.name());
  for (const CivilDay day : {CivilDay(2026, 12, 31), CivilDay(2026, 6, 30)}) {
    ExtensionRequest early = AskFor(day);
    const absl::Status status = RequestExtension(task, early, OfficerOf(kLead));
    EXPECT_THAT(status, Fails(kBad, "DUE_DATE_NOT_LATER"));
    EXPECT_THAT(BadFields(status), ElementsAre("extension.due_date"));
  }
}

TEST(ExtensionTest, AnotherLeadThanTheFirstMayAskToo) {
  Task task = TaskIn(Task::IN_PROGRESS);
  task.mutable_duties(1)->set_kind(Task::Duty::LEAD);
  ExtensionRequest request = AskFor(CivilDay(2027, 1, 1));
  EXPECT_THAT(RequestExtension(task, request, OfficerOf(kResponsible)), IsOk());
}

TEST(ExtensionTest, NotOfALongTermTask) {
  Task task = TaskIn(Task::IN_PROGRESS);
  task.clear_due_date();
  task.set_long_term(true);
  ExtensionRequest request = AskFor(CivilDay(2027, 1, 1));
  EXPECT_THAT(RequestExtension(task, request, OfficerOf(kLead)), Fails(kForbidden, "TASK_LONG_TERM"));
}

TEST(ExtensionTest, ApprovalMovesTheDueDateAndIsCounted) {
  Task task = TaskIn(Task::IN_PROGRESS);
  ExtensionRequest request = AskFor(CivilDay(2027, 3, 31));
  ASSERT_THAT(RequestExtension(task, request, OfficerOf(kLead)), IsOk());
  ExtensionRequest second = AskFor(CivilDay(2027, 2, 28));
  ASSERT_THAT(RequestExtension(task, second, OfficerOf(kLead)), IsOk());
  ASSERT_THAT(DecideExtension(task, request, true, "同意", Coordinator(), kNow), IsOk());
  EXPECT_EQ(ToCivil(task.due_date()), CivilDay(2027, 3, 31));
  EXPECT_EQ(task.extension_count(), 1);
  EXPECT_EQ(request.state(), ExtensionRequest::APPROVED);
  EXPECT_THAT(DecideExtension(task, request, false, "", Coordinator(), kNow), Fails(kForbidden, "EXTENSION_DECIDED"));
  EXPECT_THAT(DecideExtension(task, second, true, "", Coordinator(), kNow), Fails(kForbidden, "DUE_DATE_NOT_LATER"))
      << "by now the task is due later than that";
  EXPECT_EQ(second.state(), ExtensionRequest::REQUESTED);
  EXPECT_THAT(DecideExtension(task, second, false, "已另行延期", Coordinator(), kNow), IsOk());
  EXPECT_EQ(second.state(), ExtensionRequest::REFUSED);
  EXPECT_EQ(second.comment(), "已另行延期");
  EXPECT_EQ(task.extension_count(), 1);
}

TEST(ExtensionTest, TheUnitThatAskedWithdrawsIt) {
  Task task = TaskIn(Task::IN_PROGRESS);
  ExtensionRequest request = AskFor(CivilDay(2027, 3, 31));
  ASSERT_THAT(RequestExtension(task, request, OfficerOf(kLead)), IsOk());
  EXPECT_THAT(WithdrawExtension(request, "", OfficerOf(kResponsible), kNow), Fails(kDenied, "OTHER_UNIT"));
  EXPECT_THAT(WithdrawExtension(request, "", OfficerOf(""), kNow), Fails(kDenied, "OTHER_UNIT"));
  ASSERT_THAT(WithdrawExtension(request, "已可按期完成", OfficerOf(kLead), kNow), IsOk());
  EXPECT_EQ(request.state(), ExtensionRequest::WITHDRAWN);
  EXPECT_EQ(request.comment(), "已可按期完成");
}

TEST(ExtensionTest, EveryStateTimesEveryAction) {
  for (const auto state : {ExtensionRequest::REQUESTED, ExtensionRequest::APPROVED, ExtensionRequest::REFUSED,
                           ExtensionRequest::WITHDRAWN, ExtensionRequest::LAPSED}) {
    SCOPED_TRACE(ExtensionRequest::State_Name(state));
    for (int action = 0; action < 3; ++action) {
      Task task = TaskIn(Task::IN_PROGRESS);
      ExtensionRequest request = AskFor(CivilDay(2027, 3, 31));
      ASSERT_THAT(RequestExtension(task, request, OfficerOf(kLead)), IsOk());
      request.set_state(state);
      const absl::Status status = action == 2 ? WithdrawExtension(request, "", OfficerOf(kLead), kNow)
                                              : DecideExtension(task, request, action == 0, "", Coordinator(), kNow);
      if (state == ExtensionRequest::REQUESTED) {
        EXPECT_THAT(status, IsOk());
        continue;
      }
      EXPECT_THAT(status, Fails(kForbidden, "EXTENSION_DECIDED"));
      EXPECT_EQ(request.state(), state);
      EXPECT_EQ(task.extension_count(), 0);
    }
  }
}

TEST(DecideTest, TheCoordinatorOfTheTasksCityAlone) {
  ProgressReport report = Submitted(kLead);
  EXPECT_THAT(Decide(report, true, "", CoordinatorOf("320700"), kNow), Fails(kDenied, "NOT_RECIPIENT"));
  EXPECT_THAT(Decide(report, true, "", CoordinatorOf("210800"), kNow), IsOk());
}

TEST(ExtensionTest, ATaskThatIsOverIsNotExtendedButMayBeRefused) {
  for (const Task::State state : {Task::CLOSED, Task::CANCELLED, Task::SUSPENDED, Task::COMPLETION_REPORTED}) {
    Task task = TaskIn(Task::IN_PROGRESS);
    ExtensionRequest request = AskFor(CivilDay(2027, 3, 31));
    ASSERT_THAT(RequestExtension(task, request, OfficerOf(kLead)), IsOk());
    task.set_state(state);
    EXPECT_THAT(DecideExtension(task, request, true, "", Coordinator(), kNow), Fails(kForbidden, "TASK_STATE_FORBIDS"));
    EXPECT_THAT(DecideExtension(task, request, false, "任务已结束", Coordinator(), kNow), IsOk());
  }
}

}  // namespace
}  // namespace duikou::taskregistry::rules
