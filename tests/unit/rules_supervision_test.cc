// The daily run: which spells act, once each; escalation; late reports and acknowledgements; bulletins.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/supervision.h"
#include "services/taskregistry/rules/task_state.h"
#include "tests/unit/holidays_2022_2026.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using absl::CivilDay;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using v1::Light;
using v1::Reminder;

class SupervisionTest : public ::testing::Test {
 protected:
  SupervisionTest() : task_(TaskIn(Task::IN_PROGRESS)) {
    task_.mutable_duties(0)->set_leader("王副市长");
    task_.mutable_duties(0)->set_unit_title("市工信局");
  }

  // The acts of a day on which the light has a colour: "URGE", "order", "ESCALATION 2".
  std::vector<std::string> On(CivilDay day, Light::Colour colour) {
    return ActsOf(rules::Supervise(task_, {colour, Light::OVERDUE, 1}, {day, workdays_, limits_}));
  }
  // The acts of a day by the light that the task has on it.
  std::vector<std::string> On(CivilDay day) {
    const LightFound light = LightOf(LightFactsOf(task_, workdays_), limits_, workdays_, DayNumber(day));
    return ActsOf(rules::Supervise(task_, light, {day, workdays_, limits_}));
  }
  std::vector<std::string> ActsOf(const SupervisionActs& acts) {
    std::vector<std::string> names;
    if (acts.order) names.emplace_back("order");
    for (const Reminder& reminder : acts.reminders) {
      EXPECT_TRUE(ids_.insert(reminder.name()).second) << reminder.name() << " twice";
      EXPECT_FALSE(reminder.reason().empty() || reminder.reason_en().empty());
      EXPECT_EQ(reminder.state(), Reminder::UNREAD);
      names.push_back(Reminder::Kind_Name(reminder.kind()) +
                      (reminder.tier() == 0 ? "" : " " + Reminder::Tier_Name(reminder.tier())));
      last_ = reminder;
    }
    EXPECT_TRUE(names.empty() || acts.changed) << "what was done must leave a mark";
    return names;
  }

  const WorkdayCalendar calendar_ = Calendar2022To2026();
  const WorkdayIndex workdays_{calendar_};
  LightLimits limits_;
  Task task_;
  std::set<std::string> ids_;
  Reminder last_;
};

TEST_F(SupervisionTest, FirstDaysOfSpellsActOnceTheGravestAlone) {
  // From a colour on one day to another on the next: what the second day does.
  const std::map<Light::Colour, std::string> acts = {
      {Light::GREY, ""}, {Light::GREEN, ""}, {Light::BLUE, "NOTICE"}, {Light::YELLOW, "URGE"}, {Light::RED, "order"}};
  for (const auto& [before, unused] : acts) {
    for (const auto& [after, act] : acts) {
      task_.clear_spells();
      ids_.clear();
      On(CivilDay(2026, 3, 2), before);
      const auto found = On(CivilDay(2026, 3, 3), after);
      // What was as grave yesterday goes on.
      if (after <= before || act.empty()) {
        EXPECT_THAT(found, IsEmpty()) << before << " to " << after;
      } else {
        EXPECT_THAT(found, ElementsAre(act)) << before << " to " << after;
      }
      EXPECT_THAT(On(CivilDay(2026, 3, 3), after), IsEmpty()) << "the same day again";
      EXPECT_THAT(On(CivilDay(2026, 3, 4), after), IsEmpty()) << "the next day";
    }
  }
}

TEST_F(SupervisionTest, ASpellBeginsAnewAfterALessGraveDay) {
  EXPECT_THAT(On(CivilDay(2026, 3, 2), Light::BLUE), ElementsAre("NOTICE"));
  EXPECT_THAT(On(CivilDay(2026, 3, 3), Light::YELLOW), ElementsAre("URGE"));
  EXPECT_THAT(On(CivilDay(2026, 3, 4), Light::BLUE), IsEmpty()) << "BLUE has gone on";
  EXPECT_THAT(On(CivilDay(2026, 3, 5), Light::YELLOW), ElementsAre("URGE")) << "YELLOW has not";
  EXPECT_THAT(On(CivilDay(2026, 3, 6), Light::GREEN), IsEmpty());
  EXPECT_FALSE(task_.spells().has_blue() || task_.spells().has_yellow() || task_.spells().has_red());
  EXPECT_THAT(On(CivilDay(2026, 3, 9), Light::BLUE), ElementsAre("NOTICE"));
}

TEST_F(SupervisionTest, StatesThatStopATaskEndItsSpells) {
  On(CivilDay(2026, 3, 2), Light::RED);
  Task suspended = task_;
  ASSERT_THAT(Suspend(suspended, kNow), IsOk());
  EXPECT_FALSE(suspended.has_spells());
  Task cancelled = task_;
  ASSERT_THAT(Cancel(cancelled), IsOk());
  EXPECT_FALSE(cancelled.has_spells());
  Task closed = task_;
  closed.set_state(Task::COMPLETION_REPORTED);
  ASSERT_THAT(Close(closed, OfficerOf(kOther), kNow), IsOk());
  EXPECT_FALSE(closed.has_spells());
}

TEST_F(SupervisionTest, EveryLeadTakenOnIsReminded) {
  AddDuty(task_, Task::Duty::LEAD, kOther, "")->set_state(Task::Duty::ACKNOWLEDGED);
  AddDuty(task_, Task::Duty::LEAD, kCountyA, "")->set_state(Task::Duty::DECLINE_REQUESTED);
  task_.mutable_duties(2)->set_id("d8");
  EXPECT_THAT(On(CivilDay(2026, 3, 2), Light::BLUE), ElementsAre("NOTICE", "NOTICE"));
  EXPECT_EQ(last_.unit(), kOther);
  EXPECT_EQ(last_.name(), "cities/210800/tasks/t1/reminders/notice-20260302-d8");
}

TEST_F(SupervisionTest, ALeadThatOwesNothingIsNotTheFirst) {
  task_.mutable_duties(0)->set_state(Task::Duty::CITY_DECLINED);
  Task::Duty* second = AddDuty(task_, Task::Duty::LEAD, kOther, "");
  second->set_id("d3");
  second->set_unit_title("市发改委");
  second->set_leader("李副市长");
  second->set_state(Task::Duty::ACKNOWLEDGED);
  const SupervisionActs acts =
      rules::Supervise(task_, {Light::RED, Light::OVERDUE, 1}, {CivilDay(2026, 3, 2), workdays_, limits_});
  ASSERT_TRUE(acts.order.has_value());
  EXPECT_EQ(acts.order->unit(), kOther);
  EXPECT_EQ(acts.order->unit_title(), "市发改委");
  EXPECT_THAT(On(CivilDay(2026, 3, 16), Light::RED), ElementsAre("ESCALATION LEADER"));
  EXPECT_EQ(last_.unit(), kOther);
  EXPECT_EQ(last_.leader(), "李副市长");
  v1::Bulletin bulletin;
  Count(bulletin, task_, {Light::RED, Light::OVERDUE, 1});
  EXPECT_EQ(bulletin.red_items(0).unit_title(), "市发改委");
  second->set_state(Task::Duty::TAKEN_ON);
  Count(bulletin, task_, {Light::RED, Light::OVERDUE, 1});
  EXPECT_EQ(bulletin.red_items(1).unit_title(), "");
}

TEST_F(SupervisionTest, RedEscalatesATierEachTenWorkdays) {
  // From Friday 2026-02-06 on, over the Spring Festival and its make-up days.
  std::map<std::string, std::vector<std::string>> acts;
  for (CivilDay day(2026, 2, 6); day < CivilDay(2026, 6, 1); ++day) {
    if (auto found = On(day, Light::RED); !found.empty()) acts[FormatDay(day)] = found;
  }
  std::map<std::string, std::vector<std::string>> counted = {{"2026-02-06", {"order"}}};
  const char* tiers[] = {"ESCALATION LEADER", "ESCALATION COORDINATION", "ESCALATION DECISION"};
  for (int i = 0; i < 3; ++i) counted[FormatDay(calendar_.Add(CivilDay(2026, 2, 6), 10 * (i + 1)).day)] = {tiers[i]};
  EXPECT_EQ(acts, counted);
  EXPECT_EQ(task_.spells().escalations(), 3);
}

TEST_F(SupervisionTest, TheLeaderIsNamedAndANewSpellOfRedStartsAgain) {
  On(CivilDay(2026, 3, 2), Light::RED);
  EXPECT_THAT(On(CivilDay(2026, 3, 16), Light::RED), ElementsAre("ESCALATION LEADER"));
  EXPECT_EQ(last_.leader(), "王副市长");
  EXPECT_NE(last_.reason().find("10"), std::string::npos);
  EXPECT_THAT(On(CivilDay(2026, 3, 17), Light::YELLOW), IsEmpty());
  EXPECT_THAT(On(CivilDay(2026, 3, 18), Light::RED), ElementsAre("order"));
  EXPECT_THAT(On(CivilDay(2026, 3, 30), Light::RED), IsEmpty()) << "ten workdays from the new spell on";
  EXPECT_THAT(On(CivilDay(2026, 4, 1), Light::RED), ElementsAre("ESCALATION LEADER"));
}

TEST_F(SupervisionTest, AfterDowntimeEscalationGoesUpOneTierADay) {
  On(CivilDay(2026, 3, 2), Light::RED);
  EXPECT_THAT(On(CivilDay(2026, 5, 25), Light::RED), ElementsAre("ESCALATION LEADER"));
  EXPECT_THAT(On(CivilDay(2026, 5, 26), Light::RED), ElementsAre("ESCALATION COORDINATION"));
}

TEST_F(SupervisionTest, ALateReportIsRemindedOfOnce) {
  *task_.mutable_duties(1)->mutable_owed_from() = ToDate(CivilDay(2026, 2, 28));
  task_.mutable_duties(1)->set_owed_period("2026-02");
  task_.set_percent(100);
  EXPECT_THAT(On(CivilDay(2026, 3, 4)), IsEmpty()) << "the third workday is the last";
  EXPECT_THAT(On(CivilDay(2026, 3, 5)), ElementsAre("URGE", "LATE_REPORT"));
  EXPECT_EQ(last_.unit(), kResponsible);
  EXPECT_EQ(last_.name(), "cities/210800/tasks/t1/reminders/report-d2-20260228");
  EXPECT_THAT(On(CivilDay(2026, 3, 6)), IsEmpty());
  // Returned after it was made: owed again from that day.
  *task_.mutable_duties(1)->mutable_owed_from() = ToDate(CivilDay(2026, 3, 13));
  EXPECT_THAT(On(CivilDay(2026, 3, 18)), IsEmpty());
  EXPECT_THAT(On(CivilDay(2026, 3, 19)), ElementsAre("URGE", "LATE_REPORT"));
}

TEST_F(SupervisionTest, ALateAcknowledgementIsRemindedOfOnce) {
  task_ = TaskIn(Task::ISSUED);  // Due on 2026-03-04.
  task_.set_percent(100);
  EXPECT_THAT(On(CivilDay(2026, 3, 4)), IsEmpty());
  EXPECT_THAT(On(CivilDay(2026, 3, 5)), ElementsAre("LATE_ACKNOWLEDGE", "LATE_ACKNOWLEDGE"));
  EXPECT_THAT(On(CivilDay(2026, 3, 6)), IsEmpty());
  ASSERT_THAT(Reassign(task_, task_.duties(1).id(), {kOther}, Units(), duikou::testing::Now(CivilDay(2026, 3, 9))),
              IsOk());
  EXPECT_THAT(On(CivilDay(2026, 3, 12)), ElementsAre("LATE_ACKNOWLEDGE")) << "of the unit that came in";
}

TEST_F(SupervisionTest, NothingIsLateWhileCompletionIsDecided) {
  *task_.mutable_duties(1)->mutable_owed_from() = ToDate(CivilDay(2026, 2, 28));
  task_.set_percent(100);
  ASSERT_THAT(ReportCompletion(task_, OfficerOf(kLead), StartOf(CivilDay(2026, 3, 3))), IsOk());
  EXPECT_THAT(On(CivilDay(2026, 3, 20)), IsEmpty());
}

TEST(BulletinTest, OnTheFirstWorkdayOfTheMonth) {
  const WorkdayIndex workdays(Calendar2022To2026());
  std::vector<std::string> days;
  for (CivilDay day(2026, 1, 1); day < CivilDay(2027, 1, 1); ++day) {
    if (IsBulletinDay(workdays, day)) days.push_back(FormatDay(day));
  }
  EXPECT_THAT(days, ElementsAre("2026-01-04", "2026-02-02", "2026-03-02", "2026-04-01", "2026-05-06", "2026-06-01",
                                "2026-07-01", "2026-08-03", "2026-09-01", "2026-10-08", "2026-11-02", "2026-12-01"));
}

TEST(BulletinTest, CountsAndNamesWhatIsRed) {
  v1::Bulletin bulletin;
  Task task = TaskIn(Task::IN_PROGRESS);
  task.set_number("YK-2026-01-01");
  for (const Light::Colour colour : {Light::GREY, Light::GREEN, Light::BLUE, Light::BLUE, Light::YELLOW, Light::RED})
    Count(bulletin, task, {colour, Light::OVERDUE, 3});
  Draft(bulletin, "210800", CivilDay(2026, 3, 2));
  EXPECT_EQ(bulletin.name(), "cities/210800/bulletins/2026-02");
  EXPECT_EQ(bulletin.title(), "2026年2月督办通报");
  EXPECT_NE(bulletin.text().find("在办任务 5 项:绿灯 1 项,蓝灯 2 项,黄灯 1 项,红灯 1 项"), std::string::npos)
      << bulletin.text();
  EXPECT_NE(bulletin.text().find("YK-2026-01-01"), std::string::npos);
  for (int i = 0; i < 150; ++i) Count(bulletin, task, {Light::RED, Light::OVERDUE, 3});
  EXPECT_EQ(bulletin.red(), 151);
  EXPECT_EQ(bulletin.red_items_size(), 100);
}

TEST(BulletinTest, ARestrictedTaskIsNeitherCountedNorNamed) {
  v1::Bulletin bulletin;
  Task task = TaskIn(Task::IN_PROGRESS);
  task.mutable_access()->set_disclosure(duikou::type::v1::Access::RESTRICTED);
  for (const Light::Colour colour : {Light::GREEN, Light::BLUE, Light::YELLOW, Light::RED})
    Count(bulletin, task, {colour, Light::OVERDUE, 3});
  EXPECT_EQ(bulletin.SerializeAsString(), "");
}

}  // namespace
}  // namespace duikou::taskregistry::rules
