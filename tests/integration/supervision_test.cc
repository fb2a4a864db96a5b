// Supervision as it runs: lights shown, the daily run and its reminders, orders and their replies, what the inbox says.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "duikou/pending/v1/pending.pb.h"
#include "duikou/schedule/v1/daily_run.pb.h"
#include "duikou/taskregistry/v1/supervision.pb.h"
#include "services/taskregistry/holidays_flow.h"
#include "tests/integration/holidays.h"
#include "tests/integration/service_fixture.h"

namespace duikou::testing {
namespace {

using absl::CivilDay;
using pending::v1::ListPendingResponse;
using pending::v1::PendingItem;
using taskregistry::rules::ToDate;
using taskregistry::v1::Light;
using taskregistry::v1::Reminder;
using taskregistry::v1::SupervisionOrder;
using taskregistry::v1::Task;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class SupervisionServiceTest : public ServiceTest {
 protected:
  // A task of one lead, start 2026-03-02, under way.
  std::string TaskDue(CivilDay due) {
    EXPECT_THAT(Call<taskregistry::v1::Plan>(PlanRequest(), Coordinator()), IsOk());
    auto request = TaskRequest();
    request.mutable_task()->mutable_duties()->DeleteSubrange(1, 1);
    request.mutable_task()->set_report_frequency(Task::QUARTERLY);
    *request.mutable_task()->mutable_due_date() = ToDate(due);
    *request.mutable_task()->mutable_start_date() = ToDate(CivilDay(2026, 3, 2));
    EXPECT_THAT(Call<Task>(request, Coordinator()), IsOk());
    EXPECT_THAT(Issue(kTask), IsOk());
    taskregistry::v1::AcknowledgeTaskRequest acknowledge;
    acknowledge.set_name(kTask);
    EXPECT_THAT(Call<Task>(acknowledge, Officer("gongxinju")), IsOk());
    return kTask;
  }
  rpc::CallOptions Supervisor() const { return As(ClaimsOf(kCity, Unit("duikouban"), {type::v1::SUPERVISOR})); }

  void MoveTo(CivilDay day) { clock_.Set(StartOf(day) + absl::Hours(9)); }
  absl::StatusOr<taskregistry::v1::SuperviseTasksResponse> Supervise(std::optional<CivilDay> rehearsed = std::nullopt) {
    taskregistry::v1::SuperviseTasksRequest request;
    request.set_parent(kCity);
    request.set_validate_only(rehearsed.has_value());
    if (rehearsed) *request.mutable_date() = ToDate(*rehearsed);
    return Call<taskregistry::v1::SuperviseTasksResponse>(request, Supervisor());
  }
  // The ids of the reminders so far, and the run of the day is over.
  std::vector<std::string> RemindersOn(CivilDay day) {
    MoveTo(day);
    EXPECT_THAT(Supervise(), IsOk());
    return Reminders();
  }
  std::vector<std::string> Reminders() {
    taskregistry::v1::ListRemindersRequest request;
    request.set_parent(kCity);
    const auto found = Call<taskregistry::v1::ListRemindersResponse>(request, Coordinator());
    EXPECT_THAT(found, IsOk());
    std::vector<std::string> ids;
    for (const Reminder& reminder : found->reminders())
      ids.push_back(reminder.name().substr(reminder.name().rfind('/') + 1));
    return ids;
  }
  std::vector<SupervisionOrder> Orders() {
    taskregistry::v1::ListSupervisionOrdersRequest request;
    request.set_parent(kTask);
    const auto found = Call<taskregistry::v1::ListSupervisionOrdersResponse>(request, Coordinator());
    EXPECT_THAT(found, IsOk());
    return {found->orders().begin(), found->orders().end()};
  }
  std::vector<PendingItem::Work> Pending(const rpc::CallOptions& who) {
    pending::v1::ListPendingRequest request;
    request.set_parent(kCity);
    const auto found = Call<ListPendingResponse>(request, who);
    EXPECT_THAT(found, IsOk());
    std::vector<PendingItem::Work> works;
    for (const auto& item : found->items()) works.push_back(item.work());
    return works;
  }
  Light LightNow(Locale locale = Locale::kZhCn) { return GetTask(kTask, Coordinator(locale))->light(); }

  static constexpr char kTask[] = "cities/210800/tasks/t1";
};

TEST_F(SupervisionServiceTest, LightsAreTodaysEverywhereAndSayWhy) {
  TaskDue(CivilDay(2026, 3, 31));
  EXPECT_EQ(LightNow().colour(), Light::GREEN);
  MoveTo(CivilDay(2026, 3, 6));
  EXPECT_EQ(LightNow().colour(), Light::YELLOW) << "4 of 21 workdays have gone";
  EXPECT_EQ(LightNow().cause(), Light::BEHIND);
  EXPECT_NE(LightNow().reason().find("19"), std::string::npos) << LightNow().reason();
  EXPECT_NE(LightNow(Locale::kEn).reason().find("behind"), std::string::npos);
  MoveTo(CivilDay(2026, 4, 1));
  EXPECT_EQ(LightNow().colour(), Light::RED);
  taskregistry::v1::ListTasksRequest list;
  list.set_parent(kCity);
  const auto tasks = Call<taskregistry::v1::ListTasksResponse>(list, Coordinator());
  ASSERT_THAT(tasks, IsOk());
  EXPECT_EQ(tasks->tasks(0).light().SerializeAsString(), LightNow().SerializeAsString());
  ASSERT_EQ(tasks->tasks(0).duty_lights_size(), 1);
  EXPECT_EQ(tasks->tasks(0).duty_lights(0).light().colour(), Light::RED);
}

TEST_F(SupervisionServiceTest, ThresholdsAndHolidaysCountFromTheNextAnswerOn) {
  TaskDue(CivilDay(2026, 3, 31));
  MoveTo(CivilDay(2026, 3, 6));
  EXPECT_EQ(LightNow().colour(), Light::YELLOW);
  taskregistry::v1::CreateSettingsRequest settings;
  settings.set_parent(kCity);
  settings.set_settings_id("default");
  settings.mutable_settings()->mutable_lights()->set_behind_percent(25);
  settings.mutable_settings()->mutable_lights()->set_notice("营督发〔2026〕1号");
  ASSERT_THAT(Call<taskregistry::v1::Settings>(settings, Coordinator()), IsOk());
  EXPECT_EQ(LightNow().colour(), Light::GREEN);
  std::vector<CivilDay> off;
  for (int day = 9; day < 28; ++day) {
    if (day % 7 != 0 && day % 7 != 1) off.emplace_back(2026, 3, day);
  }
  ASSERT_THAT(Take(service_->store(), taskregistry::HolidaysChanged(HolidaysCreated(kCity, 2026, off))), IsOk());
  EXPECT_EQ(LightNow().colour(), Light::YELLOW) << "4 of 6 workdays have gone";
}

TEST_F(SupervisionServiceTest, HolidaysMoveWhatIsDueAndEndItsTentativeness) {
  MoveTo(CivilDay(2026, 10, 12));
  TaskDue(CivilDay(2027, 3, 31));
  taskregistry::v1::UpdateTaskRequest monthly;
  monthly.mutable_task()->set_name(kTask);
  monthly.mutable_task()->set_report_frequency(Task::MONTHLY);
  monthly.mutable_update_mask()->add_paths("report_frequency");
  ASSERT_THAT(Call<Task>(monthly, Coordinator()), IsOk());
  MoveTo(CivilDay(2026, 11, 30));
  taskregistry::v1::CreateProgressReportRequest report;
  report.set_parent(kTask);
  report.set_report_id("r1");
  report.mutable_report()->set_period("2026-11");
  report.mutable_report()->set_done("已完成主体工程");
  const auto made = Call<taskregistry::v1::ProgressReport>(report, Officer("gongxinju"));
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(taskregistry::rules::ToCivil(made->due_date()), CivilDay(2026, 12, 3));
  EXPECT_TRUE(made->tentative());
  ASSERT_THAT(Call<Task>(TaskRequest("t2"), Coordinator()), IsOk());
  const auto issued = Issue("cities/210800/tasks/t2");
  ASSERT_THAT(issued, IsOk());
  EXPECT_EQ(taskregistry::rules::ToCivil(issued->duties(0).acknowledge_due_date()), CivilDay(2026, 12, 2));
  EXPECT_TRUE(issued->duties(0).acknowledge_tentative());

  ASSERT_THAT(Take(service_->store(), taskregistry::HolidaysChanged(HolidaysCreated(
                                          kCity, 2026, {CivilDay(2026, 12, 1), CivilDay(2026, 12, 2)}))),
              IsOk());
  taskregistry::v1::GetProgressReportRequest get;
  get.set_name(made->name());
  const auto moved = Call<taskregistry::v1::ProgressReport>(get, Coordinator());
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(taskregistry::rules::ToCivil(moved->due_date()), CivilDay(2026, 12, 7));
  EXPECT_FALSE(moved->tentative());
  const auto waiting = GetTask("cities/210800/tasks/t2", Coordinator());
  ASSERT_THAT(waiting, IsOk());
  for (const Task::Duty& duty : waiting->duties()) {
    EXPECT_EQ(taskregistry::rules::ToCivil(duty.acknowledge_due_date()), CivilDay(2026, 12, 4)) << duty.unit();
    EXPECT_FALSE(duty.acknowledge_tentative()) << duty.unit();
  }
  const auto answered = GetTask(kTask, Coordinator());
  ASSERT_THAT(answered, IsOk());
  EXPECT_EQ(taskregistry::rules::ToCivil(answered->duties(0).acknowledge_due_date()), CivilDay(2026, 10, 14));
}

TEST_F(SupervisionServiceTest, TheDailyRunRemindsOnceASpell) {
  TaskDue(CivilDay(2026, 3, 31));
  taskregistry::v1::CreateSettingsRequest settings;
  settings.set_parent(kCity);
  settings.set_settings_id("default");
  settings.mutable_settings()->mutable_lights()->set_behind_percent(80);
  ASSERT_THAT(Call<taskregistry::v1::Settings>(settings, Coordinator()), IsOk());
  EXPECT_THAT(RemindersOn(CivilDay(2026, 3, 16)), IsEmpty());
  EXPECT_THAT(RemindersOn(CivilDay(2026, 3, 17)), ElementsAre("notice-20260317-d1"));
  EXPECT_THAT(RemindersOn(CivilDay(2026, 3, 18)), ElementsAre("notice-20260317-d1"));
  EXPECT_THAT(RemindersOn(CivilDay(2026, 3, 26)), UnorderedElementsAre("notice-20260317-d1", "urge-20260325-d1"));
  EXPECT_THAT(Orders(), IsEmpty());
  RemindersOn(CivilDay(2026, 4, 1));
  ASSERT_EQ(Orders().size(), 1U);
  EXPECT_EQ(Orders()[0].state(), SupervisionOrder::DRAFT);
  EXPECT_NE(Orders()[0].basis().find("2026-03-31"), std::string::npos);
  EXPECT_THAT(Pending(Officer("gongxinju")), Contains(PendingItem::READ_REMINDER).Times(2));
  taskregistry::v1::ConfirmReminderRequest confirm;
  confirm.set_name(absl::StrCat(kTask, "/reminders/notice-20260317-d1"));
  EXPECT_THAT(Call<Reminder>(confirm, Officer("shangwuju")),
              Fails(absl::StatusCode::kPermissionDenied, "NOT_ADDRESSEE"));
  EXPECT_THAT(Call<Reminder>(confirm, Officer("gongxinju")), IsOk());
  EXPECT_THAT(Pending(Officer("gongxinju")), Contains(PendingItem::READ_REMINDER).Times(1));
  // Ten workdays on (no holidays are loaded): the leader, in the inbox of the city.
  RemindersOn(CivilDay(2026, 4, 15));
  EXPECT_THAT(Reminders(), Contains("escalation-20260401-1"));
  EXPECT_THAT(Pending(Supervisor()), Contains(PendingItem::READ_REMINDER));
}

TEST_F(SupervisionServiceTest, ARehearsalWritesNothing) {
  TaskDue(CivilDay(2026, 3, 31));
  ASSERT_THAT(Supervise(), IsOk());
  const auto rehearsal = Supervise(CivilDay(2026, 4, 1));
  ASSERT_THAT(rehearsal, IsOk());
  EXPECT_EQ(rehearsal->tasks(), 1);
  EXPECT_EQ(rehearsal->orders(), 1);
  ASSERT_EQ(rehearsal->acts_size(), 1);
  EXPECT_TRUE(rehearsal->has_bulletin()) << "1 April is a month's first workday";
  EXPECT_THAT(Reminders(), IsEmpty());
  EXPECT_THAT(Orders(), IsEmpty());
  EXPECT_FALSE(GetTask(kTask, Coordinator())->has_spells());
  taskregistry::v1::SuperviseTasksRequest other_day;
  other_day.set_parent(kCity);
  *other_day.mutable_date() = ToDate(CivilDay(2026, 4, 1));
  EXPECT_THAT(Call<taskregistry::v1::SuperviseTasksResponse>(other_day, Supervisor()),
              Fails(absl::StatusCode::kInvalidArgument, "DATE_NOT_TODAY"));
  EXPECT_THAT(Call<taskregistry::v1::SuperviseTasksResponse>(other_day, Officer("gongxinju")),
              Fails(absl::StatusCode::kPermissionDenied, "ROLE_MISSING"));
}

TEST_F(SupervisionServiceTest, AnOrderIsIssuedRepliedReturnedAndClosed) {
  TaskDue(CivilDay(2026, 3, 31));
  RemindersOn(CivilDay(2026, 4, 1));
  ASSERT_EQ(Orders().size(), 1U);
  SupervisionOrder order = Orders()[0];
  EXPECT_THAT(Pending(Supervisor()), Contains(PendingItem::ISSUE_ORDER));
  taskregistry::v1::UpdateSupervisionOrderRequest update;
  update.mutable_order()->set_name(order.name());
  update.mutable_order()->set_instruction("请于一周内整改。");
  *update.mutable_order()->mutable_deadline() = ToDate(CivilDay(2026, 4, 8));
  ASSERT_THAT(Call<SupervisionOrder>(update, Supervisor()), IsOk());
  taskregistry::v1::IssueSupervisionOrderRequest issue;
  issue.set_name(order.name());
  ASSERT_THAT(Call<SupervisionOrder>(issue, Supervisor()), IsOk());
  EXPECT_THAT(Call<SupervisionOrder>(update, Supervisor()),
              Fails(absl::StatusCode::kFailedPrecondition, "ORDER_STATE_FORBIDS"));
  EXPECT_THAT(Pending(Officer("gongxinju")), Contains(PendingItem::REPLY_ORDER));
  taskregistry::v1::ReplySupervisionOrderRequest reply;
  reply.set_name(order.name());
  reply.set_reply("正在整改。");
  EXPECT_THAT(Call<SupervisionOrder>(reply, Officer("shangwuju")),
              Fails(absl::StatusCode::kPermissionDenied, "NOT_ADDRESSEE"));
  ASSERT_THAT(Call<SupervisionOrder>(reply, Officer("gongxinju")), IsOk());
  EXPECT_THAT(Pending(Supervisor()), Contains(PendingItem::DECIDE_REPLY));
  taskregistry::v1::ReturnSupervisionOrderRequest back;
  back.set_name(order.name());
  back.set_reason("请说明完成时间");
  ASSERT_THAT(Call<SupervisionOrder>(back, Supervisor()), IsOk());
  ASSERT_THAT(Call<SupervisionOrder>(reply, Officer("gongxinju")), IsOk());
  taskregistry::v1::CloseSupervisionOrderRequest close;
  close.set_name(order.name());
  const auto closed = Call<SupervisionOrder>(close, Supervisor());
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(closed->state(), SupervisionOrder::CLOSED);
  EXPECT_EQ(closed->return_count(), 1);
}

TEST_F(SupervisionServiceTest, DowntimeIsCaughtUpDayByDay) {
  TaskDue(CivilDay(2026, 3, 31));
  ASSERT_THAT(Supervise(), IsOk());
  // From 2 March to 4 May at once: the service itself finds out.
  MoveTo(CivilDay(2026, 5, 4));
  const absl::Time give_up = absl::Now() + absl::Seconds(60);
  taskregistry::v1::GetBulletinRequest last;
  last.set_name(absl::StrCat(kCity, "/bulletins/2026-04"));
  while (!Call<taskregistry::v1::Bulletin>(last, Coordinator()).ok() && absl::Now() < give_up)
    absl::SleepFor(absl::Milliseconds(20));
  EXPECT_THAT(Reminders(), UnorderedElementsAre("urge-20260306-d1", "escalation-20260401-1", "escalation-20260401-2"));
  taskregistry::v1::ListBulletinsRequest list;
  list.set_parent(kCity);
  const auto bulletins = Call<taskregistry::v1::ListBulletinsResponse>(list, Coordinator());
  ASSERT_THAT(bulletins, IsOk());
  std::vector<std::string> names;
  for (const auto& bulletin : bulletins->bulletins()) names.push_back(bulletin.name());
  EXPECT_THAT(names, ElementsAre("cities/210800/bulletins/2026-02", "cities/210800/bulletins/2026-03",
                                 "cities/210800/bulletins/2026-04"));
  taskregistry::v1::PublishBulletinRequest publish;
  publish.set_name(names[0]);
  EXPECT_THAT(Call<taskregistry::v1::Bulletin>(publish, Supervisor()), IsOk());
  EXPECT_THAT(Call<taskregistry::v1::Bulletin>(publish, Supervisor()),
              Fails(absl::StatusCode::kFailedPrecondition, "BULLETIN_PUBLISHED"));
}

TEST_F(SupervisionServiceTest, ACityWhoseRunFailsKeepsNoOtherFromItsOwn) {
  TaskDue(CivilDay(2026, 12, 31));
  // Its run goes on from a place that cannot be read.
  ASSERT_THAT(Take(service_->store(),
                   [](Txn& txn) {
                     schedule::v1::DailyRun run;
                     run.set_name("cities/320700/dailyRuns/supervision");
                     *run.mutable_date() = ToDate(CivilDay(2026, 3, 2));
                     run.set_cursor("\x08");
                     return txn.Insert(std::move(run)).status();
                   }),
              IsOk());
  MoveTo(CivilDay(2026, 3, 3));
  EXPECT_THAT(Supervise(), IsOk());
  taskregistry::v1::SuperviseTasksRequest theirs;
  theirs.set_parent("cities/320700");
  EXPECT_THAT(Call<taskregistry::v1::SuperviseTasksResponse>(
                  theirs, As(ClaimsOf("cities/320700", "cities/320700/units/ducha", {type::v1::SUPERVISOR}))),
              Fails(absl::StatusCode::kUnavailable, "DAY_NOT_REACHED"));
}

TEST_F(SupervisionServiceTest, ReportsAreAskedForWhileALeadHasNotAcknowledged) {
  ASSERT_THAT(Call<taskregistry::v1::Plan>(PlanRequest(), Coordinator()), IsOk());
  auto request = TaskRequest();
  AddDuty(*request.mutable_task(), Task::Duty::LEAD, Unit("shangwuju"), "市商务局");
  ASSERT_THAT(Call<Task>(request, Coordinator()), IsOk());
  ASSERT_THAT(Issue(kTask), IsOk());
  taskregistry::v1::AcknowledgeTaskRequest acknowledge;
  acknowledge.set_name(kTask);
  ASSERT_THAT(Call<Task>(acknowledge, Officer("gongxinju")), IsOk());
  MoveTo(CivilDay(2026, 5, 6));
  const auto task = GetTask(kTask, Coordinator());
  ASSERT_THAT(task, IsOk());
  EXPECT_EQ(task->state(), Task::ISSUED);
  EXPECT_EQ(task->duties(0).owed_period(), "2026-04");
  EXPECT_THAT(Pending(Officer("gongxinju")), Contains(PendingItem::REPORT_PROGRESS));
  EXPECT_THAT(Pending(Officer("shangwuju")), Contains(PendingItem::REPORT_PROGRESS));
}

TEST_F(SupervisionServiceTest, ReportsStopTheirOwnLateness) {
  TaskDue(CivilDay(2026, 12, 31));
  EXPECT_EQ(GetTask(kTask, Coordinator())->duties(0).owed_period(), "2026-Q2");
  MoveTo(CivilDay(2026, 7, 6));  // The fourth workday after the quarter.
  EXPECT_EQ(LightNow().cause(), Light::BEHIND);
  EXPECT_THAT(RemindersOn(CivilDay(2026, 7, 6)), Contains("report-d1-20260630"));
  taskregistry::v1::CreateProgressReportRequest report;
  report.set_parent(kTask);
  report.set_report_id("r1");
  report.mutable_report()->set_period("2026-Q2");
  report.mutable_report()->set_percent(60);
  report.mutable_report()->set_done("已完成主体工程");
  ASSERT_THAT(Call<taskregistry::v1::ProgressReport>(report, Officer("gongxinju")), IsOk());
  EXPECT_EQ(GetTask(kTask, Coordinator())->duties(0).owed_period(), "2026-Q3");
  taskregistry::v1::AcceptProgressReportRequest accept;
  accept.set_name(absl::StrCat(kTask, "/reports/r1"));
  ASSERT_THAT(Call<taskregistry::v1::ProgressReport>(accept, Coordinator()), IsOk());
  EXPECT_EQ(LightNow().colour(), Light::GREEN);
}

}  // namespace
}  // namespace duikou::testing
