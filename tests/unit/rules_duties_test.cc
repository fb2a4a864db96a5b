// Issuing, acknowledging, declining, reassigning and recalling a task's duties.
#include <string>
#include <utility>
#include <vector>

#include "services/taskregistry/rules/duties.h"
#include "services/taskregistry/rules/owed_reports.h"
#include "services/taskregistry/rules/task_state.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using ::testing::ElementsAre;
using v1::Task;
using Duty = Task::Duty;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

std::vector<std::string> UnitsOf(const Task& task) {
  std::vector<std::string> units;
  for (const Duty& duty : task.duties()) units.push_back(duty.unit());
  return units;
}

TEST(IssueTest, EveryUnitAwaitsAcknowledgement) {
  Task task = CompleteDraft();
  task.clear_start_date();
  ASSERT_THAT(Issue(task, Units(), Now()), IsOk());
  EXPECT_EQ(task.state(), Task::ISSUED);
  EXPECT_EQ(task.issue_time().seconds(), absl::ToUnixSeconds(kNow));
  EXPECT_EQ(ToCivil(task.start_date()), kToday);
  ASSERT_EQ(task.duties_size(), 2);
  for (const Duty& duty : task.duties()) {
    EXPECT_EQ(duty.state(), Duty::AWAITING);
    EXPECT_EQ(ToCivil(duty.acknowledge_due_date()), kToday + 2);
  }
  EXPECT_EQ(task.duties(0).unit_title(), "市工业和信息化局");
  EXPECT_EQ(task.duties(0).written(), "市工信局");
}

TEST(IssueTest, AStartDateThatIsThereStays) {
  Task task = CompleteDraft();
  ASSERT_THAT(Issue(task, Units(), Now()), IsOk());
  EXPECT_EQ(ToCivil(task.start_date()), absl::CivilDay(2026, 1, 5));
}

TEST(IssueTest, AGroupBecomesItsMembers) {
  Task task = CompleteDraft();
  Duty* group = AddDuty(task, Duty::COOPERATING, kGroup, "各县(市)区政府");
  group->set_leader("王");
  PrepareDuties(task);
  ASSERT_THAT(Issue(task, Units(), Now()), IsOk());
  EXPECT_THAT(UnitsOf(task), ElementsAre(kLead, kResponsible, kCountyA, kCountyB));
  EXPECT_THAT((std::vector<std::string>{task.duties(2).id(), task.duties(3).id()}), ElementsAre("d4", "d5"));
  for (int i : {2, 3}) {
    EXPECT_EQ(task.duties(i).group(), kGroup);
    EXPECT_EQ(task.duties(i).written(), "各县(市)区政府");
    EXPECT_EQ(task.duties(i).kind(), Duty::COOPERATING);
    EXPECT_EQ(task.duties(i).state(), Duty::AWAITING);
    EXPECT_EQ(task.duties(i).leader(), "王");
  }
  EXPECT_EQ(task.duties(2).unit_title(), "盖州市政府");
}

TEST(IssueTest, AMemberNamedItselfKeepsItsOwnDuty) {
  Task task = CompleteDraft();
  AddDuty(task, Duty::COOPERATING, kGroup, "各县(市)区政府");
  AddDuty(task, Duty::RESPONSIBLE, kCountyB, "大石桥市政府");
  PrepareDuties(task);
  ASSERT_THAT(Issue(task, Units(), Now()), IsOk());
  EXPECT_THAT(UnitsOf(task), ElementsAre(kLead, kResponsible, kCountyA, kCountyB));
  EXPECT_EQ(task.duties(3).kind(), Duty::RESPONSIBLE);
  EXPECT_EQ(task.duties(3).group(), "");
}

TEST(RecallTest, GroupsCollapse) {
  Task task = CompleteDraft();
  AddDuty(task, Duty::COOPERATING, kGroup, "各县(市)区政府");
  PrepareDuties(task);
  ASSERT_THAT(Issue(task, Units(), Now()), IsOk());
  ASSERT_THAT(Decline(task, OfficerOf(kCountyA), "无此产业", Now()), IsOk());
  ASSERT_THAT(Recall(task), IsOk());
  EXPECT_EQ(task.state(), Task::DRAFT);
  EXPECT_FALSE(task.has_issue_time());
  EXPECT_THAT(UnitsOf(task), ElementsAre(kLead, kResponsible, kGroup));
  for (const Duty& duty : task.duties()) {
    EXPECT_EQ(duty.state(), Duty::NOT_ISSUED);
    EXPECT_FALSE(duty.has_acknowledge_due_date());
    EXPECT_EQ(duty.decline_reason(), "");
    EXPECT_EQ(duty.group(), "");
  }
  ASSERT_THAT(Issue(task, Units(), Now()), IsOk()) << "and it can be issued again";
  EXPECT_EQ(task.duties_size(), 4);
}

TEST(RecallTest, TheStartThatIssueSetGoesWithIt) {
  Task given = CompleteDraft(), unsaid = CompleteDraft();
  unsaid.clear_start_date();
  for (const absl::CivilDay day : {kToday, kToday + 79}) {
    ASSERT_THAT(Issue(unsaid, Units(), Now(day)), IsOk());
    EXPECT_EQ(ToCivil(unsaid.start_date()), day);
    ASSERT_THAT(Recall(unsaid), IsOk());
    EXPECT_FALSE(unsaid.has_start_date());
    EXPECT_FALSE(unsaid.start_date_from_issue());
    ASSERT_THAT(Issue(given, Units(), Now(day)), IsOk());
    ASSERT_THAT(Recall(given), IsOk());
    EXPECT_EQ(ToCivil(given.start_date()), absl::CivilDay(2026, 1, 5));
  }
}

TEST(RecallTest, AGroupWhoseMembersAllHadDutiesOfTheirOwnComesBack) {
  Task task = CompleteDraft();
  AddDuty(task, Duty::RESPONSIBLE, kCountyA, "盖州市政府");
  AddDuty(task, Duty::RESPONSIBLE, kCountyB, "大石桥市政府");
  AddDuty(task, Duty::COOPERATING, kGroup, "各县(市)区政府")->set_leader("王");
  PrepareDuties(task);
  ASSERT_THAT(Issue(task, Units(), Now()), IsOk());
  EXPECT_THAT(UnitsOf(task), ElementsAre(kLead, kResponsible, kCountyA, kCountyB));
  ASSERT_EQ(task.groups_size(), 1) << "it is shown all the same";
  EXPECT_EQ(task.groups(0).written(), "各县(市)区政府");
  ASSERT_THAT(Recall(task), IsOk());
  EXPECT_THAT(UnitsOf(task), ElementsAre(kLead, kResponsible, kCountyA, kCountyB, kGroup));
  EXPECT_EQ(task.duties(4).id(), "d5");
  EXPECT_EQ(task.duties(4).leader(), "王");
  EXPECT_EQ(task.duties(4).state(), Duty::NOT_ISSUED);
  EXPECT_EQ(task.groups_size(), 0);
}

TEST(IssueTest, AMemberThatOnlySupervisesHasItsGroupsDutyToo) {
  Task task = CompleteDraft();
  AddDuty(task, Duty::SUPERVISING, kCountyA, "盖州市政府");
  AddDuty(task, Duty::COOPERATING, kGroup, "各县(市)区政府");
  PrepareDuties(task);
  ASSERT_THAT(Issue(task, Units(), Now()), IsOk());
  EXPECT_THAT(UnitsOf(task), ElementsAre(kLead, kResponsible, kCountyA, kCountyA, kCountyB));
}

TEST(RecallTest, NotOnceSomebodyAcknowledged) {
  Task task = TaskIn(Task::ISSUED);
  ASSERT_THAT(Acknowledge(task, OfficerOf(kResponsible), Now()), IsOk());
  ASSERT_EQ(task.state(), Task::ISSUED);
  EXPECT_THAT(Recall(task), Fails(kForbidden, "ALREADY_ACKNOWLEDGED"));
  EXPECT_EQ(task.state(), Task::ISSUED);
}

struct Obstacle {
  const char* reason;
  const char* field;
  std::function<void(Task&, UnitBook&)> spoil;
};

TEST(IssueTest, EachObstacleHasItsReasonAndField) {
  const Obstacle obstacles[] = {
      {"LEAD_UNIT_MISSING", "task.duties",
       [](Task& task, UnitBook&) { task.mutable_duties(0)->set_kind(Duty::RESPONSIBLE); }},
      {"UNIT_UNRESOLVED", "task.duties[1].unit", [](Task& task, UnitBook&) { task.mutable_duties(1)->clear_unit(); }},
      {"GROUP_NOT_NARROWED", "task.duties[1].unit",
       [](Task& task, UnitBook&) {
         task.mutable_duties(1)->clear_unit();
         task.mutable_duties(1)->set_written("市有关部门");
       }},
      {"GROUP_NOT_NARROWED", "task.duties[1].unit",
       [](Task& task, UnitBook&) {
         task.mutable_duties(1)->set_unit(kGroup);
         task.mutable_duties(1)->set_written("有关县(市)区政府");
       }},
      {"GROUP_EMPTY", "task.duties[1].unit",
       [](Task& task, UnitBook& units) {
         task.mutable_duties(1)->set_unit(kGroup);
         units[kGroup].members.clear();
       }},
      {"GROUP_CANNOT_LEAD", "task.duties[0].unit",
       [](Task& task, UnitBook&) { task.mutable_duties(0)->set_unit(kGroup); }},
      {"UNIT_NOT_ACTIVE", "task.duties[0].unit", [](Task&, UnitBook& units) { units[kLead].active = false; }},
      {"UNIT_NOT_ACTIVE", "task.duties[1].unit", [](Task&, UnitBook& units) { units.erase(kResponsible); }},
      {"DUE_DATE_MISSING", "task.due_date", [](Task& task, UnitBook&) { task.clear_due_date(); }},
      {"REPORT_FREQUENCY_MISSING", "task.report_frequency",
       [](Task& task, UnitBook&) { task.clear_report_frequency(); }},
      {"MILESTONES_MISSING", "task.milestones", [](Task& task, UnitBook&) { task.set_report_frequency(Task::STAGE); }},
      {"PROPOSAL_UNCONFIRMED", "task.title", [](Task& task, UnitBook&) { task.add_proposed("title"); }},
  };
  for (const Obstacle& obstacle : obstacles) {
    SCOPED_TRACE(obstacle.reason);
    Task task = CompleteDraft();
    UnitBook units = Units();
    obstacle.spoil(task, units);
    const std::string before = task.SerializeAsString();
    const absl::Status status = Issue(task, units, Now());
    EXPECT_THAT(status, Fails(kForbidden, obstacle.reason));
    EXPECT_THAT(BadFields(status), ElementsAre(obstacle.field));
    EXPECT_EQ(task.SerializeAsString(), before) << "a refused task stays as it was";
  }
}

TEST(IssueTest, AllObstaclesAreToldAtOnce) {
  Task task = CompleteDraft();
  task.mutable_duties(1)->clear_unit();
  task.clear_due_date();
  task.clear_report_frequency();
  const absl::Status status = Issue(task, Units(), Now());
  EXPECT_THAT(BadFields(status), ElementsAre("task.duties[1].unit", "task.due_date", "task.report_frequency"));
  EXPECT_NE(FactsOf(status).text.zh.find("没有完成时限"), std::string::npos);
  EXPECT_NE(FactsOf(status).text.zh.find("市商务局"), std::string::npos);
}

TEST(IssueTest, LongTermNeedsNoDueDate) {
  Task task = CompleteDraft();
  task.clear_due_date();
  task.set_long_term(true);
  EXPECT_THAT(Issue(task, Units(), Now()), IsOk());
}

TEST(AcknowledgeTest, InProgressOnceEveryLeadHas) {
  Task task = CompleteDraft();
  AddDuty(task, Duty::LEAD, kOther, "市发改委");
  PrepareDuties(task);
  ASSERT_THAT(Issue(task, Units(), Now()), IsOk());
  ASSERT_THAT(Acknowledge(task, OfficerOf(kLead), Now()), IsOk());
  EXPECT_EQ(task.state(), Task::ISSUED);
  EXPECT_EQ(task.duties(0).state(), Duty::ACKNOWLEDGED);
  EXPECT_EQ(task.duties(0).acknowledged_by(), "cities/210800/accounts/li");
  ASSERT_THAT(Acknowledge(task, OfficerOf(kOther), Now()), IsOk());
  EXPECT_EQ(task.state(), Task::IN_PROGRESS) << "the responsible unit holds nobody up";
  ASSERT_THAT(Acknowledge(task, OfficerOf(kResponsible), Now(kToday + 30)), IsOk()) << "late, but it may";
}

TEST(AcknowledgeTest, Refusals) {
  Task task = TaskIn(Task::ISSUED);
  EXPECT_THAT(Acknowledge(task, OfficerOf(kOther), Now()), Fails(kDenied, "NO_DUTY"));
  EXPECT_THAT(Acknowledge(task, OfficerOf(""), Now()), Fails(kDenied, "NO_DUTY"));
  ASSERT_THAT(Acknowledge(task, OfficerOf(kResponsible), Now()), IsOk());
  EXPECT_THAT(Acknowledge(task, OfficerOf(kResponsible), Now()), Fails(kForbidden, "ALREADY_ACKNOWLEDGED"));
}

TEST(AcknowledgeTest, WithdrawsADecline) {
  Task task = TaskIn(Task::ISSUED);
  ASSERT_THAT(Decline(task, OfficerOf(kResponsible), "非我局职责", Now()), IsOk());
  EXPECT_EQ(task.duties(1).decline_reason(), "非我局职责");
  ASSERT_THAT(Acknowledge(task, OfficerOf(kResponsible), Now()), IsOk());
  EXPECT_EQ(task.duties(1).state(), Duty::ACKNOWLEDGED);
  EXPECT_EQ(task.duties(1).decline_reason(), "");
}

TEST(DeclineTest, UpToAndWithTheLastDay) {
  for (int day = 0; day <= 2; ++day) {
    Task task = TaskIn(Task::ISSUED);
    EXPECT_THAT(Decline(task, OfficerOf(kResponsible), "理由", Now(kToday + day)), IsOk()) << day;
    EXPECT_EQ(task.duties(1).state(), Duty::DECLINE_REQUESTED);
  }
  Task task = TaskIn(Task::ISSUED);
  const absl::Status late = Decline(task, OfficerOf(kResponsible), "理由", Now(kToday + 3));
  EXPECT_THAT(late, Fails(kForbidden, "DECLINE_TOO_LATE"));
  EXPECT_NE(FactsOf(late).text.en.find("2026-03-04"), std::string::npos) << "names the last day";
}

TEST(DeclineTest, Refusals) {
  Task task = TaskIn(Task::ISSUED);
  EXPECT_THAT(Decline(task, OfficerOf(kOther), "理由", Now()), Fails(kDenied, "NO_DUTY"));
  ASSERT_THAT(Decline(task, OfficerOf(kResponsible), "理由", Now()), IsOk());
  EXPECT_THAT(Decline(task, OfficerOf(kResponsible), "理由", Now()), Fails(kForbidden, "DECLINE_ALREADY_REQUESTED"));
  task = TaskIn(Task::IN_PROGRESS);
  EXPECT_THAT(Decline(task, OfficerOf(kResponsible), "理由", Now()), Fails(kForbidden, "ALREADY_ACKNOWLEDGED"));
}

TEST(ReassignTest, NewUnitsAcknowledgeAnewInTheOldPlace) {
  Task task = TaskIn(Task::IN_PROGRESS);
  const std::string old_id = task.duties(0).id();
  ASSERT_THAT(Reassign(task, old_id, {kOther, kCountyA}, Units(), Now()), IsOk());
  EXPECT_THAT(UnitsOf(task), ElementsAre(kOther, kCountyA, kResponsible));
  for (int i : {0, 1}) {
    EXPECT_EQ(task.duties(i).state(), Duty::AWAITING);
    EXPECT_EQ(task.duties(i).kind(), Duty::LEAD);
    EXPECT_NE(task.duties(i).id(), old_id);
    EXPECT_FALSE(task.duties(i).has_acknowledge_time());
  }
  EXPECT_EQ(task.duties(0).unit_title(), "市发展和改革委员会");
  EXPECT_EQ(task.state(), Task::IN_PROGRESS);
  EXPECT_EQ(FirstLead(task), kOther);
}

TEST(ReassignTest, WhatTheOthersOweStandsAndTheNewUnitOwesFromToday) {
  Task task = TaskIn(Task::IN_PROGRESS);
  for (Duty& duty : *task.mutable_duties()) OweFrom(duty, absl::CivilDay(2026, 1, 20));
  task.mutable_duties(0)->set_owed_period("2026-03");
  *task.mutable_duties(0)->mutable_owed_from() = ToDate(absl::CivilDay(2026, 3, 31));
  ASSERT_THAT(Reassign(task, task.duties(1).id(), {kOther}, Units(), Now()), IsOk());
  EXPECT_EQ(task.duties(0).owed_period(), "2026-03");
  EXPECT_EQ(ToCivil(task.duties(1).owed_since()), kToday);
  EXPECT_EQ(task.duties(1).owed_period(), "");
}

TEST(ReassignTest, ATaskBeginsOnceNoOtherLeadIsWaitedFor) {
  Task task = TaskIn(Task::ISSUED);
  Duty* second = AddDuty(task, Duty::LEAD, kOther, "");
  second->set_id("d9");
  second->set_state(Duty::AWAITING);
  ASSERT_THAT(Acknowledge(task, OfficerOf(kLead), Now()), IsOk());
  EXPECT_EQ(task.state(), Task::ISSUED);
  Task within = task;
  ASSERT_THAT(Reassign(within, "d9", {kCountyA}, Units(), Now()), IsOk());
  EXPECT_EQ(within.state(), Task::ISSUED) << "the new unit is waited for";
  ASSERT_THAT(Reassign(task, "d9", {kForeign}, Units(), Now()), IsOk());
  EXPECT_EQ(task.state(), Task::IN_PROGRESS) << "it leads nothing until its city takes it on";
}

TEST(ReassignTest, ToTheSameUnitRefusesItsDecline) {
  Task task = TaskIn(Task::ISSUED);
  ASSERT_THAT(Decline(task, OfficerOf(kResponsible), "理由", Now()), IsOk());
  const std::string id = task.duties(1).id();
  ASSERT_THAT(Reassign(task, id, {kResponsible}, Units(), Now(kToday + 1)), IsOk());
  EXPECT_EQ(task.duties(1).id(), id);
  EXPECT_EQ(task.duties(1).state(), Duty::AWAITING);
  EXPECT_EQ(task.duties(1).decline_reason(), "");
  EXPECT_EQ(ToCivil(task.duties(1).acknowledge_due_date()), kToday + 3);
}

TEST(ReassignTest, AnotherUnitHasPeopleOfItsOwn) {
  Task task = TaskIn(Task::ISSUED);
  Duty& duty = *task.mutable_duties(1);
  duty.set_leader("王副市长");
  duty.set_responsible("赵六");
  duty.set_contact("周七");
  Task same = task, group = task;
  ASSERT_THAT(Reassign(task, duty.id(), {kOther, kResponsible}, Units(), Now()), IsOk());
  for (const std::string& text :
       {task.duties(1).leader(), task.duties(1).responsible(), task.duties(1).contact(), task.duties(1).written()})
    EXPECT_EQ(text, "");
  EXPECT_EQ(task.duties(2).leader(), "王副市长") << "the unit that had it, beside another";
  ASSERT_THAT(Reassign(same, same.duties(1).id(), {kResponsible}, Units(), Now()), IsOk());
  EXPECT_EQ(same.duties(1).contact(), "周七");
  EXPECT_EQ(same.duties(1).written(), "市商务局");
  ASSERT_THAT(Reassign(group, group.duties(1).id(), {kGroup}, Units(), Now()), IsOk());
  EXPECT_EQ(group.duties(1).leader(), "");
}

TEST(ReassignTest, ToAGroupMakesItsMembers) {
  Task task = TaskIn(Task::ISSUED);
  ASSERT_THAT(Reassign(task, task.duties(1).id(), {kGroup}, Units(), Now()), IsOk());
  EXPECT_THAT(UnitsOf(task), ElementsAre(kLead, kCountyA, kCountyB));
  EXPECT_EQ(task.duties(2).group(), kGroup);
}

TEST(ReassignTest, AUnitThatOnlySupervisesMayTakeAnotherDuty) {
  Task task = TaskIn(Task::ISSUED);
  Duty* supervising = AddDuty(task, Duty::SUPERVISING, kOther, "市发改委");
  supervising->set_id("d9");
  supervising->set_state(Duty::AWAITING);
  ASSERT_THAT(Reassign(task, "d2", {kOther}, Units(), Now()), IsOk());
  EXPECT_THAT(UnitsOf(task), ElementsAre(kLead, kOther, kOther));
  ASSERT_THAT(Reassign(task, "d9", {kLead}, Units(), Now()), IsOk()) << "and the reverse";
  EXPECT_THAT(UnitsOf(task), ElementsAre(kLead, kOther, kLead));
}

TEST(ReassignTest, ToAGroupWithoutAnybodyLeft) {
  Task task = TaskIn(Task::ISSUED);
  AddDuty(task, Duty::RESPONSIBLE, kCountyA, "")->set_id("d8");
  AddDuty(task, Duty::RESPONSIBLE, kCountyB, "")->set_id("d9");
  EXPECT_THAT(Reassign(task, "d2", {kGroup}, Units(), Now()), Fails(kBad, "DUTY_TWICE"));
  EXPECT_THAT(UnitsOf(task), ElementsAre(kLead, kResponsible, kCountyA, kCountyB)) << "no duty is lost";
}

TEST(ReassignTest, Refusals) {
  const struct {
    const char* reason;
    const char* field;
    const char* duty;
    std::vector<std::string> to;
  } cases[] = {
      {"DUTY_UNKNOWN", "duty", "d99", {kOther}},
      {"DUTY_TWICE", "units[0]", "d2", {kLead}},
      {"DUTY_TWICE", "units[1]", "d2", {kOther, kOther}},
      {"UNIT_NOT_ACTIVE", "units[0]", "d2", {"cities/210800/units/unknown"}},
      {"GROUP_CANNOT_LEAD", "units[0]", "d1", {kGroup}},
      {"GROUP_EMPTY", "units[1]", "d2", {kOther, "cities/210800/units/empty"}},
  };
  UnitBook units = Units();
  units["cities/210800/units/empty"] = {.title = "空组", .group = true};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.reason);
    Task task = TaskIn(Task::ISSUED);
    const absl::Status status = Reassign(task, one.duty, one.to, units, Now());
    EXPECT_THAT(status, Fails(kBad, one.reason));
    EXPECT_THAT(BadFields(status), ElementsAre(one.field));
    EXPECT_THAT(UnitsOf(task), ElementsAre(kLead, kResponsible));
  }
}

TEST(LinkTest, DutiesWithoutAUnitGetTheOnesTheirNamesAreLinkedTo) {
  Task draft = CompleteDraft();
  draft.clear_duties();
  draft.clear_duties_numbered();
  AddDuty(draft, Duty::SUPERVISING, kLead, "市督查室");
  AddDuty(draft, Duty::RESPONSIBLE, kOther, "市商务局");  // Resolved by hand to another unit.
  AddDuty(draft, Duty::LEAD, "", "市工信局");
  AddDuty(draft, Duty::RESPONSIBLE, "", "有关县(市)区政府");
  AddDuty(draft, Duty::COOPERATING, "", "市商务局");
  AddDuty(draft, Duty::COOPERATING, "", "某局");
  PrepareDuties(draft);
  const UnitLinks links = {{"市工信局", {{kLead, "市工业和信息化局"}}},
                           {"市商务局", {{kOther, "市发展和改革委员会"}}},
                           {"有关县(市)区政府", {{kCountyA, "盖州市政府"}, {kCountyB, "大石桥市政府"}}}};
  EXPECT_TRUE(LinkUnits(links, draft));
  EXPECT_THAT(UnitsOf(draft), ElementsAre(kLead, kOther, kLead, kCountyA, kCountyB, ""))
      << "who supervises may lead, and a unit keeps the duty that it has";
  EXPECT_EQ(draft.duties(2).kind(), Duty::LEAD);
  EXPECT_EQ(draft.duties(3).id(), "d4");
  EXPECT_EQ(draft.duties(4).id(), "d7");
  EXPECT_FALSE(LinkUnits(links, draft)) << "once";
}

TEST(LinkTest, TheWeightierOfTwoDutiesStaysInThePlaceOfTheFirst) {
  const auto draft_of = [](const std::vector<std::pair<Duty::Kind, const char*>>& duties) {
    Task draft = CompleteDraft();
    draft.clear_duties();
    draft.clear_duties_numbered();
    for (const auto& [kind, unit] : duties) AddDuty(draft, kind, unit, *unit == '\0' ? "市工信局" : "市工业和信息化局");
    PrepareDuties(draft);
    return draft;
  };
  const UnitLinks links = {{"市工信局", {{kLead, "市工业和信息化局"}}}};

  Task before = draft_of({{Duty::LEAD, ""}, {Duty::LEAD, kOther}, {Duty::RESPONSIBLE, kLead}});
  before.mutable_duties(2)->set_contact("周七");
  ASSERT_TRUE(LinkUnits(links, before));
  EXPECT_THAT(UnitsOf(before), ElementsAre(kLead, kOther)) << "it leads, and first";
  EXPECT_EQ(before.duties(0).kind(), Duty::LEAD);
  EXPECT_EQ(before.duties(0).written(), "市工信局");
  EXPECT_EQ(before.duties(0).contact(), "周七");
  EXPECT_EQ(before.duties(0).id(), "d3");
  EXPECT_THAT(Issue(before, Units(), Now()), IsOk());

  Task after = draft_of({{Duty::RESPONSIBLE, kLead}, {Duty::COOPERATING, kOther}, {Duty::LEAD, ""}});
  ASSERT_TRUE(LinkUnits(links, after));
  EXPECT_THAT(UnitsOf(after), ElementsAre(kLead, kOther));
  EXPECT_EQ(after.duties(0).kind(), Duty::LEAD);
  EXPECT_EQ(after.duties(0).id(), "d1");

  Task twice = draft_of({{Duty::COOPERATING, ""}, {Duty::RESPONSIBLE, ""}, {Duty::RESPONSIBLE, kOther}});
  ASSERT_TRUE(LinkUnits(links, twice));
  EXPECT_THAT(UnitsOf(twice), ElementsAre(kLead, kOther)) << "both names are of one unit";
  EXPECT_EQ(twice.duties(0).kind(), Duty::RESPONSIBLE);

  Task lighter = draft_of({{Duty::COOPERATING, ""}, {Duty::LEAD, kLead}, {Duty::SUPERVISING, ""}});
  ASSERT_TRUE(LinkUnits(links, lighter));
  EXPECT_THAT(UnitsOf(lighter), ElementsAre(kLead, kLead)) << "it leads, and supervises beside";
  EXPECT_EQ(lighter.duties(0).kind(), Duty::LEAD);
  EXPECT_EQ(lighter.duties(0).written(), "市工业和信息化局");
}

TEST(DutiesTest, IdsAreNeverGivenTwice) {
  Task task = CompleteDraft();
  EXPECT_THAT(task.duties_numbered(), 2);
  task.mutable_duties()->DeleteSubrange(1, 1);
  AddDuty(task, Duty::RESPONSIBLE, kOther, "市发改委");
  PrepareDuties(task);
  EXPECT_EQ(task.duties(1).id(), "d3");
  EXPECT_EQ(task.duties(0).id(), "d1");
}

TEST(DutiesTest, NarrowingIsAskedForByTheWording) {
  EXPECT_TRUE(NeedsNarrowing("市有关部门"));
  EXPECT_TRUE(NeedsNarrowing("相关县(市)区政府"));
  EXPECT_FALSE(NeedsNarrowing("各县(市)区政府"));
  EXPECT_FALSE(NeedsNarrowing(""));
}

}  // namespace
}  // namespace duikou::taskregistry::rules
