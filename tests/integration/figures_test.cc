// Figures as they are asked for over gRPC: of today, of past days, and for whom.
#include <map>
#include <random>
#include <string>
#include <vector>

#include "common/tabular/read_table.h"
#include "common/workdays/keep_holidays.h"
#include "duikou/taskregistry/v1/overview.pb.h"
#include "tests/integration/holidays.h"
#include "tests/integration/service_fixture.h"

namespace duikou::testing {
namespace {

using namespace taskregistry::v1;  // NOLINT(google-build-using-namespace): the messages of one package, in one file
using taskregistry::rules::ToDate;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class FiguresTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  }

  absl::StatusOr<GetFiguresResponse> Figures(const rpc::CallOptions& options, absl::CivilDay day = {},
                                             GetFiguresRequest::GroupBy by = GetFiguresRequest::GROUP_BY_UNSPECIFIED,
                                             int trend_months = 0) {
    GetFiguresRequest request;
    request.set_parent(kCity);
    if (day != absl::CivilDay()) *request.mutable_date() = ToDate(day);
    request.set_group_by(by);
    request.set_trend_months(trend_months);
    return Call<GetFiguresResponse>(request, options);
  }
  rpc::CallOptions Supervisor() const { return As(ClaimsOf(kCity, Unit("duikouban"), {type::v1::SUPERVISOR})); }

  Task Create(const std::string& id, absl::CivilDay due, const std::string& lead = "gongxinju") {
    CreateTaskRequest request = TaskRequest(id);
    *request.mutable_task()->mutable_due_date() = ToDate(due);
    request.mutable_task()->mutable_duties(0)->set_unit(Unit(lead));
    const auto task = Call<Task>(request, Coordinator());
    EXPECT_THAT(task, IsOk());
    return *task;
  }
  template <class Request>
  absl::Status Act(const std::string& name, const rpc::CallOptions& options, Request request = {}) {
    request.set_name(name);
    return Call<Task>(request, options).status();
  }
  // From draft to closed on the clock's day.
  void Close(const std::string& name, const std::string& lead) {
    ASSERT_THAT(Issue(name), IsOk());
    ASSERT_THAT(Act<AcknowledgeTaskRequest>(name, Officer(lead)), IsOk());
    ReportTaskCompletionRequest request;
    request.set_summary("完成");
    ASSERT_THAT(Act(name, Officer(lead), request), IsOk());
    ASSERT_THAT(Act<CloseTaskRequest>(name, Supervisor()), IsOk());
  }
};

TEST_F(FiguresTest, CountsTheCommitBeforeTheQuestion) {
  EXPECT_EQ(Figures(Coordinator())->figures().total(), 0);
  for (int i = 1; i <= 20; ++i) {
    Create(absl::StrCat("t", i), absl::CivilDay(2026, 12, 31));
    EXPECT_EQ(Figures(Coordinator())->figures().total(), i);
  }
}

TEST_F(FiguresTest, OnTimeAndRanks) {
  const absl::CivilDay due(2026, 3, 6);
  Close(Create("a1", due).name(), "gongxinju");
  ASSERT_THAT(Issue(Create("a2", due).name()), IsOk());
  Close(Create("b1", due, "shangwuju").name(), "shangwuju");
  ASSERT_THAT(Issue(Create("c1", absl::CivilDay(2027, 3, 6), "duikouban").name()), IsOk());
  clock_.Set(StartOf(absl::CivilDay(2026, 3, 10)));
  const auto figures = Figures(Coordinator(), {}, GetFiguresRequest::UNIT);
  ASSERT_THAT(figures, IsOk());
  EXPECT_EQ(figures->figures().total(), 4);
  EXPECT_EQ(figures->figures().owed(), 3);
  EXPECT_EQ(figures->figures().on_time(), 2);
  EXPECT_EQ(figures->figures().overdue(), 1);
  EXPECT_DOUBLE_EQ(figures->figures().on_time_rate(), 2.0 / 3);
  ASSERT_EQ(figures->groups_size(), 3);
  EXPECT_EQ(figures->groups(0).title(), "市商务局");
  EXPECT_EQ(figures->groups(1).title(), "市工业和信息化局");
  EXPECT_DOUBLE_EQ(figures->groups(1).figures().on_time_rate(), 0.5);
  EXPECT_EQ(figures->groups(2).rank(), 3);
  EXPECT_FALSE(figures->groups(2).figures().has_on_time_rate()) << "nothing owed yet";
  // As of the day before the work was due.
  const auto before = Figures(Coordinator(), due - 1);
  EXPECT_EQ(before->figures().owed(), 2);
  EXPECT_EQ(before->figures().overdue(), 0);
  EXPECT_EQ(Figures(Coordinator(), absl::CivilDay(2026, 3, 1))->figures().total(), 0);
  const auto months = Figures(Coordinator(), {}, GetFiguresRequest::MONTH);
  ASSERT_EQ(months->groups_size(), 2);
  EXPECT_EQ(months->groups(0).key(), "2026-03");
  EXPECT_EQ(months->groups(1).key(), "2027-03");
  const auto trend = Figures(Coordinator(), {}, GetFiguresRequest::GROUP_BY_UNSPECIFIED, 2);
  ASSERT_EQ(trend->trend_size(), 3);
  EXPECT_EQ(trend->trend(0).date().month(), 1);
  EXPECT_EQ(trend->trend(1).figures().total(), 0) << "the end of February";
  EXPECT_EQ(trend->trend(2).figures().total(), 4);
}

TEST_F(FiguresTest, NobodyCountsWhatHeMayNotSee) {
  const Task hidden = Create("t1", absl::CivilDay(2026, 12, 31));
  const auto other = As(ClaimsOf("cities/320700", "cities/320700/units/fagaiwei", {type::v1::COORDINATOR}));
  EXPECT_EQ(Figures(other)->figures().total(), 0);
  UpdateTaskRequest share;
  share.mutable_task()->set_name(hidden.name());
  share.mutable_task()->mutable_access()->set_sharing(type::v1::Access::UNCONDITIONAL);
  ASSERT_THAT(Call<Task>(share, Coordinator()), IsOk());
  EXPECT_EQ(Figures(other)->figures().total(), 1);
  EXPECT_EQ(Figures(other, {}, GetFiguresRequest::CITY)->groups(0).key(), kCity);
  GetFiguresRequest plan;
  plan.set_parent(kCity);
  plan.set_plan(absl::StrCat(kCity, "/plans/p1"));
  EXPECT_THAT(Call<GetFiguresResponse>(plan, other), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Call<GetFiguresResponse>(plan, Coordinator()), IsOk());
}

TEST_F(FiguresTest, RefusesWhatItCannotKnow) {
  EXPECT_THAT(BadFields(Figures(Coordinator(), absl::CivilDay(2026, 3, 3)).status()), ElementsAre("date"));
  GetFiguresRequest request;
  request.set_parent("cities/210800/plans/p1");
  EXPECT_THAT(BadFields(Call<GetFiguresResponse>(request, Coordinator()).status()), ElementsAre("parent"));
}

TEST_F(FiguresTest, ComesAsAFile) {
  Create("t1", absl::CivilDay(2026, 12, 31));
  for (const TableFormat format : {XLSX, CSV}) {
    ExportFiguresRequest request;
    request.mutable_figures()->set_parent(kCity);
    request.mutable_figures()->set_group_by(GetFiguresRequest::UNIT);
    request.set_format(format);
    const auto response = Call<ExportFiguresResponse>(request, Coordinator());
    ASSERT_THAT(response, IsOk());
    const auto sheet = tabular::ReadTable(response->content());
    ASSERT_THAT(sheet, IsOk());
    EXPECT_EQ(sheet->At(sheet->rows.size() - 1, 0), "市工业和信息化局");
    EXPECT_EQ(sheet->At(sheet->rows.size() - 1, 2), "1");
  }
}

// Plays days of work at random and notes the figures at the end of each; then asks for all of them again, also of a
// service that reads the log anew.
TEST_F(FiguresTest, PastDaysAreAsTheyWere) {
  std::mt19937 random(20260302);
  const GetFiguresRequest::GroupBy groupings[] = {GetFiguresRequest::UNIT, GetFiguresRequest::MONTH,
                                                  GetFiguresRequest::SECTION, GetFiguresRequest::PLAN};
  const char* leads[] = {"gongxinju", "shangwuju", "duikouban"};
  std::map<absl::CivilDay, std::string> noted;
  std::string reached;
  std::vector<std::pair<std::string, std::string>> tasks;
  absl::CivilDay day(2026, 3, 2);
  const auto ask = [&](absl::CivilDay of) {
    std::string all;
    for (const auto by : groupings) {
      const auto figures = Figures(Coordinator(), of, by);
      EXPECT_THAT(figures, IsOk());
      all += figures->SerializeAsString();
    }
    return all;
  };
  SuspendTaskRequest suspend;
  suspend.set_reason("等待");
  CancelTaskRequest cancel;
  cancel.set_reason("并入");
  ReportTaskCompletionRequest report;
  report.set_summary("完成");
  ReturnTaskRequest give_back;
  give_back.set_reason("补充");
  ReopenTaskRequest reopen;
  reopen.set_reason("复查");
  for (int round = 0; round < 60; ++round, day += 1 + static_cast<int>(random() % 4)) {
    clock_.Set(StartOf(day) + absl::Hours(10));
    if (round == 20 || round == 40) {
      const int year = round == 20 ? 2026 : 2027;
      std::vector<absl::CivilDay> off;
      for (int d = 1; d <= 7; ++d) {
        if (WorkdayCalendar().IsWorkday(absl::CivilDay(year, 5, d))) off.emplace_back(year, 5, d);
      }
      ASSERT_THAT(Take(service_->store(), workdays::KeepHolidays(HolidaysCreated(kCity, year, off))), IsOk());
    }
    if (random() % 2 == 0) {
      const std::string lead = leads[random() % std::size(leads)];
      const std::string id = absl::StrCat("t", round);
      tasks.emplace_back(Create(id, day + static_cast<int>(random() % 60), lead).name(), lead);
    }
    for (int n = 0; n < 12 && !tasks.empty(); ++n) {
      const auto& [name, lead] = tasks[random() % tasks.size()];
      // Many of these are refused by the task's state: that is part of the play.
      switch (random() % 9) {
        case 0:
        case 1:
          Issue(name).IgnoreError();
          break;
        case 2:
        case 3:
          Act<AcknowledgeTaskRequest>(name, Officer(lead)).IgnoreError();
          break;
        case 4:
          Act(name, Officer(lead), report).IgnoreError();
          break;
        case 5:
          (random() % 5 == 0 ? Act(name, Coordinator(), give_back) : Act<CloseTaskRequest>(name, Supervisor()))
              .IgnoreError();
          break;
        case 6:
          (random() % 2 == 0 ? Act(name, Coordinator(), suspend) : Act<ResumeTaskRequest>(name, Coordinator()))
              .IgnoreError();
          break;
        case 7:
          (random() % 2 == 0 ? Act(name, Supervisor(), reopen) : Act<RecallTaskRequest>(name, Coordinator()))
              .IgnoreError();
          break;
        default:
          if (random() % 4 == 0) Act(name, Coordinator(), cancel).IgnoreError();
      }
    }
    noted[day] = ask({});
    reached += Figures(Coordinator())->figures().ShortDebugString();
  }
  // Titles are those of now in either: the units did not change theirs.
  for (const auto& [then, figures] : noted) EXPECT_EQ(ask(then), figures) << FormatDay(then);
  for (const char* state : {"CLOSED", "SUSPENDED", "CANCELLED", "IN_PROGRESS", "ISSUED", "RED"})
    EXPECT_NE(reached.find(state), std::string::npos) << state << " was never reached";
  Restart();
  for (const auto& [then, figures] : noted) EXPECT_EQ(ask(then), figures) << FormatDay(then) << " after a restart";
}

TEST_F(FiguresTest, TheAnnualReportTellsOfProjectsAsTheyStood) {
  const Task task = Create("t1", absl::CivilDay(2027, 12, 31));
  ASSERT_THAT(Issue(task.name()), IsOk());
  const auto begin = [&](const std::string& title) {
    CreateProjectRequest create;
    create.set_parent(task.name());
    create.mutable_project()->set_title(title);
    create.mutable_project()->mutable_investment()->set_fen(1'250'000'000);
    create.mutable_project()->add_our_parties()->set_title("营口忠旺");
    create.mutable_project()->add_their_parties()->set_title("苏州工业园区");
    const auto project = Call<Project>(create, Coordinator());
    EXPECT_THAT(project, IsOk());
    return project->name();
  };
  const auto report = [&](int year) {
    DraftAnnualReportRequest request;
    request.set_parent(kCity);
    request.set_year(year);
    request.set_format(DraftAnnualReportRequest::MARKDOWN);
    const auto drafted = Call<DraftAnnualReportResponse>(request, Coordinator());
    EXPECT_THAT(drafted, IsOk());
    return drafted->content();
  };
  EXPECT_THAT(report(2026), HasSubstr("没有登记合作项目"));

  const std::string extrusion = begin("铝型材项目"), dropped = begin("冷链项目");
  clock_.Set(StartOf(absl::CivilDay(2026, 6, 1)) + absl::Hours(9));
  SignProjectRequest sign;
  sign.set_name(extrusion);
  ASSERT_THAT(Call<Project>(sign, Coordinator()), IsOk());
  AbandonProjectRequest abandon;
  abandon.set_name(dropped);
  abandon.set_reason("对方撤资");
  ASSERT_THAT(Call<Project>(abandon, Coordinator()), IsOk());
  clock_.Set(StartOf(absl::CivilDay(2027, 2, 1)) + absl::Hours(9));
  StartProjectRequest start;
  start.set_name(extrusion);
  ASSERT_THAT(Call<Project>(start, Coordinator()), IsOk());

  EXPECT_THAT(report(2026),
              AllOf(HasSubstr("共有合作项目 2 个，计划总投资 1250万元；本年度签约 1 个、开工 0 个"),
                    HasSubstr("铝型材项目 | 营口忠旺、苏州工业园区 | 1250万元 | 签约 | 3月2日洽谈，6月1日签约"),
                    HasSubstr("冷链项目")));
  EXPECT_THAT(report(2027), AllOf(HasSubstr("1250万元 | 开工 | 2月1日开工"), Not(HasSubstr("冷链项目"))));
  EXPECT_THAT(report(2025), HasSubstr("没有登记合作项目"));
}

}  // namespace
}  // namespace duikou::testing
