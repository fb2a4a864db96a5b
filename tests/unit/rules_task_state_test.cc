// The state machine of a task: every action in every state, against a table written by hand from the specification.
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "duikou/taskregistry/v1/extension_request.pb.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "services/taskregistry/rules/city_duties.h"
#include "services/taskregistry/rules/reporting.h"
#include "services/taskregistry/rules/subtasks.h"
#include "services/taskregistry/rules/support.h"
#include "services/taskregistry/rules/task_fields.h"
#include "services/taskregistry/rules/task_state.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using duikou::testing::AddDuty;
using duikou::testing::BadFields;
using duikou::testing::CompleteDraft;
using duikou::testing::CoordinatorOf;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::kForeign;
using duikou::testing::kLead;
using duikou::testing::kNow;
using duikou::testing::kOther;
using duikou::testing::kResponsible;
using duikou::testing::kTaskStates;
using duikou::testing::kToday;
using duikou::testing::OfficerOf;
using duikou::testing::TaskIn;
using duikou::testing::Units;
using v1::Task;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

// A row of the table: D draft, I issued, P in progress, R completion reported, C closed, S suspended, X cancelled.
struct Row {
  Action action;
  const char* states;  // One column a state, in this order: '+' allowed.
};
constexpr Row kExpected[] = {
    //                             DIPRCSX
    {Action::kEdit, "++++.+."},
    {Action::kDelete, "+......"},
    {Action::kIssue, "+......"},
    {Action::kAcknowledge, ".++...."},
    {Action::kDecline, ".++...."},
    {Action::kReassign, ".++...."},
    {Action::kRecall, ".+....."},
    {Action::kReportCompletion, "..+...."},
    {Action::kWithdrawCompletion, "...+..."},
    {Action::kReturn, "...+..."},
    {Action::kClose, "...+..."},
    {Action::kReopen, "....+.."},
    {Action::kSuspend, ".+++..."},
    {Action::kResume, ".....+."},
    {Action::kCancel, "++++.+."},
    {Action::kCompleteMilestone, "..+...."},
    {Action::kReportProgress, ".+++..."},
    {Action::kDecideReport, ".+++..."},
    {Action::kRequestExtension, ".++...."},
    {Action::kTakeOnDuty, ".++...."},
    {Action::kAssignDuty, ".++...."},
    {Action::kDeclineDuty, ".++...."},
    {Action::kSplit, ".++...."},
    {Action::kAddProject, ".+++..."},
    {Action::kRequestSupport, ".++...."},
};

bool Expected(Action action, size_t state) {
  for (const Row& row : kExpected) {
    if (row.action == action) return row.states[state] == '+';
  }
  ADD_FAILURE() << "no row for action " << static_cast<int>(action);
  return false;
}

TEST(TaskStateTest, TableHasARowForEveryAction) {
  std::set<Action> rows;
  for (const Row& row : kExpected) rows.insert(row.action);
  EXPECT_EQ(rows.size(), static_cast<size_t>(kActions));
}

TEST(TaskStateTest, EveryCellIsAsSpecified) {
  for (int i = 0; i < kActions; ++i) {
    const Action action = static_cast<Action>(i);
    for (size_t s = 0; s < kTaskStates.size(); ++s) {
      EXPECT_EQ(Allows(kTaskStates[s], action), Expected(action, s))
          << NameOf(action).en << " in " << NameOf(kTaskStates[s]).en;
    }
    EXPECT_FALSE(Allows(Task::STATE_UNSPECIFIED, action)) << NameOf(action).en;
  }
}

TEST(TaskStateTest, RefusalNamesStateActionAndWhatIsAllowed) {
  for (int i = 0; i < kActions; ++i) {
    const Action action = static_cast<Action>(i);
    for (size_t s = 0; s < kTaskStates.size(); ++s) {
      const Task task = TaskIn(kTaskStates[s]);
      const absl::Status status = CheckAllowed(task, action);
      if (Expected(action, s)) {
        EXPECT_THAT(status, IsOk());
        continue;
      }
      ASSERT_THAT(status, Fails(kForbidden, "TASK_STATE_FORBIDS"));
      const ErrorFacts facts = FactsOf(status);
      EXPECT_NE(facts.text.zh.find(NameOf(kTaskStates[s]).zh), std::string::npos) << facts.text.zh;
      EXPECT_NE(facts.text.en.find(NameOf(kTaskStates[s]).en), std::string::npos) << facts.text.en;
      EXPECT_NE(facts.text.zh.find(NameOf(action).zh), std::string::npos) << facts.text.zh;
      EXPECT_NE(facts.text.en.find(NameOf(action).en), std::string::npos) << facts.text.en;
      EXPECT_THAT(facts.metadata,
                  ::testing::Contains(std::make_pair(std::string("state"), Task::State_Name(kTaskStates[s]))));
      for (int other = 0; other < kActions; ++other) {
        if (!Expected(static_cast<Action>(other), s)) continue;
        EXPECT_NE(facts.text.zh.find(NameOf(static_cast<Action>(other)).zh), std::string::npos) << facts.text.zh;
      }
    }
  }
}

TEST(TaskStateTest, NamesAreDistinctInBothLanguages) {
  std::set<std::string> zh, en;
  for (int i = 0; i < kActions; ++i) {
    zh.insert(NameOf(static_cast<Action>(i)).zh);
    en.insert(NameOf(static_cast<Action>(i)).en);
  }
  EXPECT_EQ(zh.size(), static_cast<size_t>(kActions));
  EXPECT_EQ(en.size(), static_cast<size_t>(kActions));
}

// Each action through its own function, by one who may do it, on a task for which nothing but the state can forbid it.
struct Door {
  Action action;
  std::function<absl::Status(Task&)> run;
  Task::State leads_to;  // STATE_UNSPECIFIED: stays.
};

Task::State StateWhereOnly(Action action, Task::State state) {
  return action == Action::kResume ? Task::IN_PROGRESS : state;
}

void MakeDutiesAwait(Task& task) {
  for (Task::Duty& duty : *task.mutable_duties()) {
    duty.set_state(Task::Duty::AWAITING);
    *duty.mutable_acknowledge_due_date() = ToDate(kToday + 2);
  }
}

void AddForeignDuty(Task& task, Task::Duty::State state) {
  Task::Duty* duty = AddDuty(task, Task::Duty::COOPERATING, kForeign, "连云港市发改委");
  duty->set_id("d9");
  duty->set_state(state);
  if (state == Task::Duty::TAKEN_ON) duty->mutable_taken_on_time()->set_seconds(1);
}

std::vector<Door> Doors() {
  const auto lead = OfficerOf(kLead);
  return {
      {Action::kEdit,
       [](Task& task) {
         Task after = task;
         after.set_title("新题目");
         absl::Status status = Edit(task, after, kToday);
         if (status.ok()) task = after;
         return status;
       },
       Task::STATE_UNSPECIFIED},
      {Action::kIssue, [](Task& task) { return Issue(task, Units(), duikou::testing::Now()); }, Task::ISSUED},
      {Action::kAcknowledge,
       [](Task& task) {
         MakeDutiesAwait(task);
         return Acknowledge(task, OfficerOf(kResponsible), duikou::testing::Now());
       },
       Task::STATE_UNSPECIFIED},
      {Action::kDecline,
       [](Task& task) {
         MakeDutiesAwait(task);
         return Decline(task, OfficerOf(kResponsible), "不属于我局职责", duikou::testing::Now());
       },
       Task::STATE_UNSPECIFIED},
      {Action::kReassign,
       [](Task& task) { return Reassign(task, task.duties(1).id(), {kOther}, Units(), duikou::testing::Now()); },
       Task::STATE_UNSPECIFIED},
      {Action::kRecall,
       [](Task& task) {
         MakeDutiesAwait(task);
         return Recall(task);
       },
       Task::DRAFT},
      {Action::kReportCompletion, [=](Task& task) { return ReportCompletion(task, lead, kNow); },
       Task::COMPLETION_REPORTED},
      {Action::kWithdrawCompletion, [=](Task& task) { return WithdrawCompletion(task, lead); }, Task::IN_PROGRESS},
      {Action::kReturn, [](Task& task) { return Return(task, kNow); }, Task::IN_PROGRESS},
      {Action::kClose, [](Task& task) { return Close(task, OfficerOf(kOther), kNow); }, Task::CLOSED},
      {Action::kReopen, [](Task& task) { return Reopen(task, kNow); }, Task::IN_PROGRESS},
      {Action::kSuspend, [](Task& task) { return Suspend(task, kNow); }, Task::SUSPENDED},
      {Action::kResume, [](Task& task) { return Resume(task, kNow); }, Task::IN_PROGRESS},
      {Action::kCancel, [](Task& task) { return Cancel(task); }, Task::CANCELLED},
      {Action::kCompleteMilestone, [=](Task& task) { return CompleteMilestone(task, "m1", true, lead, kNow); },
       Task::STATE_UNSPECIFIED},
      {Action::kReportProgress,
       [=](Task& task) {
         v1::ProgressReport report;
         report.set_period("2026-02");
         return Submit(task, report, lead, WorkdayCalendar(), 3, kToday);
       },
       Task::STATE_UNSPECIFIED},
      {Action::kRequestExtension,
       [=](Task& task) {
         v1::ExtensionRequest request;
         *request.mutable_due_date() = ToDate(absl::CivilDay(2027, 3, 31));
         return RequestExtension(task, request, lead);
       },
       Task::STATE_UNSPECIFIED},
      {Action::kTakeOnDuty,
       [](Task& task) {
         AddForeignDuty(task, Task::Duty::AWAITING_CITY);
         return TakeOnDuty(task, "d9", CoordinatorOf("320700"), duikou::testing::Now());
       },
       Task::STATE_UNSPECIFIED},
      {Action::kAssignDuty,
       [](Task& task) {
         AddForeignDuty(task, Task::Duty::TAKEN_ON);
         return AssignDuty(task, "d9", {kForeign}, Units(), CoordinatorOf("320700"), duikou::testing::Now());
       },
       Task::STATE_UNSPECIFIED},
      {Action::kDeclineDuty,
       [](Task& task) {
         AddForeignDuty(task, Task::Duty::AWAITING_CITY);
         return DeclineDuty(task, "d9", "非我市职责", CoordinatorOf("320700"));
       },
       Task::STATE_UNSPECIFIED},
      {Action::kSplit,
       [=](Task& task) {
         task.mutable_duties(0)->set_state(Task::Duty::ACKNOWLEDGED);
         Task subtask;
         return Split(task, subtask, lead);
       },
       Task::STATE_UNSPECIFIED},
      {Action::kRequestSupport,
       [=](Task& task) {
         v1::SupportRequest request;
         request.set_kind(v1::SupportRequest::LAND);
         request.set_amount("120.5");
         return Request(task, std::nullopt, request, lead);
       },
       Task::STATE_UNSPECIFIED},
  };
}

TEST(TaskStateTest, EveryFunctionObeysTheTable) {
  const std::vector<Door> doors = Doors();
  // Deleting, adding a project and deciding a report ask the table alone.
  EXPECT_EQ(doors.size(), static_cast<size_t>(kActions) - 3);
  for (const Door& door : doors) {
    for (size_t s = 0; s < kTaskStates.size(); ++s) {
      SCOPED_TRACE(NameOf(door.action).en + " in " + NameOf(kTaskStates[s]).en);
      Task task = TaskIn(kTaskStates[s]);
      const Task::State before = task.state();
      const absl::Status status = door.run(task);
      if (!Expected(door.action, s)) {
        EXPECT_THAT(status, Fails(kForbidden, "TASK_STATE_FORBIDS"));
        EXPECT_EQ(task.state(), before);
        continue;
      }
      EXPECT_THAT(status, IsOk());
      EXPECT_EQ(task.state(),
                door.leads_to == Task::STATE_UNSPECIFIED ? StateWhereOnly(door.action, before) : door.leads_to);
    }
  }
}

TEST(TaskStateTest, CompletionIsTheFirstLeadsAlone) {
  for (const char* unit : {kResponsible, kOther, ""}) {
    Task task = TaskIn(Task::IN_PROGRESS);
    EXPECT_THAT(ReportCompletion(task, OfficerOf(unit), kNow), Fails(kDenied, "NOT_FIRST_LEAD")) << unit;
    task = TaskIn(Task::COMPLETION_REPORTED);
    EXPECT_THAT(WithdrawCompletion(task, OfficerOf(unit)), Fails(kDenied, "NOT_FIRST_LEAD")) << unit;
  }
  Task two_leads = TaskIn(Task::IN_PROGRESS);
  two_leads.mutable_duties(1)->set_kind(Task::Duty::LEAD);
  EXPECT_THAT(ReportCompletion(two_leads, OfficerOf(kResponsible), kNow), Fails(kDenied, "NOT_FIRST_LEAD"));
  EXPECT_THAT(ReportCompletion(two_leads, OfficerOf(kLead), kNow), IsOk());
  EXPECT_EQ(two_leads.completion_report_time().seconds(), absl::ToUnixSeconds(kNow));
}

TEST(TaskStateTest, WithoutALeadNobodyIsFirstLead) {
  Task task = TaskIn(Task::IN_PROGRESS);
  task.clear_duties();
  EXPECT_EQ(FirstLead(task), "");
  EXPECT_FALSE(HasDuty(task, ""));
  EXPECT_THAT(ReportCompletion(task, OfficerOf(""), kNow), Fails(kDenied, "NOT_FIRST_LEAD"));
}

TEST(TaskStateTest, NobodyWithADutyCloses) {
  for (const char* unit : {kLead, kResponsible}) {
    Task task = TaskIn(Task::COMPLETION_REPORTED);
    EXPECT_THAT(Close(task, OfficerOf(unit), kNow), Fails(kDenied, "CLOSER_HAS_DUTY"));
    EXPECT_EQ(task.state(), Task::COMPLETION_REPORTED);
  }
  Task task = TaskIn(Task::COMPLETION_REPORTED);
  EXPECT_THAT(Close(task, OfficerOf(kOther), kNow), IsOk());
  EXPECT_EQ(task.close_time().seconds(), absl::ToUnixSeconds(kNow));
}

TEST(TaskStateTest, ADeputyIsNoSecondPairOfEyes) {
  const auto by = [](Caller caller, const std::string& account, const std::string& absent) {
    caller.name = "cities/210800/accounts/" + account;
    if (!absent.empty()) caller.on_behalf_of = "cities/210800/accounts/" + absent;
    return caller;
  };
  const Caller lead = OfficerOf(kLead), office = CoordinatorOf("210800");
  // Reported by wang for li: neither closes it, nor anybody for them, with whatever unit they act.
  Task reported = TaskIn(Task::IN_PROGRESS);
  ASSERT_THAT(ReportCompletion(reported, by(lead, "wang", "li"), kNow), IsOk());
  const std::pair<const char*, const char*> closers[] = {{"wang", ""},    {"wang", "zhang"}, {"li", ""},
                                                         {"li", "zhang"}, {"zhang", "wang"}, {"zhang", "li"}};
  for (const auto& [account, absent] : closers) {
    Task task = reported;
    EXPECT_THAT(Close(task, by(office, account, absent), kNow), Fails(kDenied, "CLOSER_REPORTED")) << account << absent;
    EXPECT_EQ(task.state(), Task::COMPLETION_REPORTED);
  }
  Task closed = reported;
  EXPECT_THAT(Close(closed, by(office, "zhang", "chen"), kNow), IsOk());
  // What was withdrawn, returned or reopened and is reported again, is his who reports it now.
  Task withdrawn = reported, returned = reported;
  ASSERT_THAT(WithdrawCompletion(withdrawn, lead), IsOk());
  ASSERT_THAT(Return(returned, kNow), IsOk());
  ASSERT_THAT(Reopen(closed, kNow), IsOk());
  for (Task* task : {&withdrawn, &returned, &closed}) {
    EXPECT_EQ(task->completion_reported_by(), "");
    EXPECT_EQ(task->completion_reported_on_behalf_of(), "");
    ASSERT_THAT(ReportCompletion(*task, by(lead, "zhao", ""), kNow), IsOk());
    EXPECT_THAT(Close(*task, by(office, "wang", ""), kNow), IsOk());
  }
}

TEST(TaskStateTest, ReturnsAndReopeningsAreCounted) {
  Task task = TaskIn(Task::COMPLETION_REPORTED);
  task.mutable_completion_report_time()->set_seconds(1);
  EXPECT_THAT(Return(task, kNow), IsOk());
  EXPECT_EQ(task.return_count(), 1);
  EXPECT_FALSE(task.has_completion_report_time());
  EXPECT_THAT(ReportCompletion(task, OfficerOf(kLead), kNow), IsOk());
  EXPECT_THAT(WithdrawCompletion(task, OfficerOf(kLead)), IsOk());
  EXPECT_EQ(task.return_count(), 1) << "a withdrawal is no return";
  EXPECT_THAT(ReportCompletion(task, OfficerOf(kLead), kNow), IsOk());
  EXPECT_THAT(Close(task, CoordinatorOf("210800"), kNow), IsOk());
  EXPECT_THAT(Reopen(task, kNow), IsOk());
  EXPECT_EQ(task.reopen_count(), 1);
  EXPECT_FALSE(task.has_close_time());
  EXPECT_FALSE(task.has_completion_report_time());
}

TEST(TaskStateTest, ResumeReturnsToWhereItWasSuspended) {
  for (const Task::State state : {Task::ISSUED, Task::IN_PROGRESS, Task::COMPLETION_REPORTED}) {
    Task task = TaskIn(state);
    ASSERT_THAT(Suspend(task, kNow), IsOk());
    EXPECT_EQ(task.state(), Task::SUSPENDED);
    EXPECT_EQ(task.suspended_from(), state);
    ASSERT_THAT(Resume(task, kNow), IsOk());
    EXPECT_EQ(task.state(), state);
    EXPECT_EQ(task.suspended_from(), Task::STATE_UNSPECIFIED);
  }
}

}  // namespace
}  // namespace duikou::taskregistry::rules
