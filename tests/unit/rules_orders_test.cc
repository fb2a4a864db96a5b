// Supervision orders: every state and action; reminders read; bulletins published.
#include <functional>
#include <string>

#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/orders.h"
#include "tests/unit/status_matchers.h"
#include "tests/unit/task_samples.h"

namespace duikou::taskregistry::rules {
namespace {

using namespace duikou::testing;  // NOLINT(google-build-using-namespace): samples and matchers.
using absl::CivilDay;
using ::testing::ElementsAre;
using v1::Reminder;
using v1::SupervisionOrder;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

SupervisionOrder OrderIn(SupervisionOrder::State state) {
  SupervisionOrder order;
  order.set_name("cities/210800/tasks/t1/orders/o1");
  order.set_unit(kLead);
  order.set_state(state);
  order.set_basis("已超过完成时限。");
  *order.mutable_deadline() = ToDate(kToday);
  return order;
}

TEST(OrderTest, EveryStateAndAction) {
  const Task task = TaskIn(Task::IN_PROGRESS);
  const struct {
    OrderAction action;
    SupervisionOrder::State from, to;
    std::function<absl::Status(SupervisionOrder&)> run;
  } actions[] = {
      {OrderAction::kEdit, SupervisionOrder::DRAFT, SupervisionOrder::DRAFT,
       [](SupervisionOrder& order) { return CheckAllowed(order, OrderAction::kEdit); }},
      {OrderAction::kDelete, SupervisionOrder::DRAFT, SupervisionOrder::DRAFT,
       [](SupervisionOrder& order) { return CheckAllowed(order, OrderAction::kDelete); }},
      {OrderAction::kIssue, SupervisionOrder::DRAFT, SupervisionOrder::ISSUED,
       [&](SupervisionOrder& order) { return IssueOrder(order, task, OfficerOf(kOther), kNow); }},
      {OrderAction::kReply, SupervisionOrder::ISSUED, SupervisionOrder::REPLIED,
       [](SupervisionOrder& order) { return ReplyOrder(order, "已整改", OfficerOf(kLead), kNow); }},
      {OrderAction::kReturn, SupervisionOrder::REPLIED, SupervisionOrder::ISSUED,
       [&](SupervisionOrder& order) { return ReturnOrder(order, task, "请补充", std::nullopt, kToday); }},
      {OrderAction::kClose, SupervisionOrder::REPLIED, SupervisionOrder::CLOSED,
       [](SupervisionOrder& order) { return CloseOrder(order, OfficerOf(kOther), kNow); }},
  };
  static_assert(std::size(actions) == kOrderActions);
  for (const auto& one : actions) {
    for (const auto state :
         {SupervisionOrder::DRAFT, SupervisionOrder::ISSUED, SupervisionOrder::REPLIED, SupervisionOrder::CLOSED}) {
      SupervisionOrder order = OrderIn(state);
      const absl::Status status = one.run(order);
      EXPECT_EQ(Allows(state, one.action), state == one.from);
      if (state == one.from) {
        EXPECT_THAT(status, IsOk());
        EXPECT_EQ(order.state(), one.to);
      } else {
        EXPECT_THAT(status, Fails(kForbidden, "ORDER_STATE_FORBIDS")) << static_cast<int>(one.action) << " " << state;
        EXPECT_EQ(order.SerializeAsString(), OrderIn(state).SerializeAsString()) << "nothing changes";
      }
    }
  }
}

TEST(OrderTest, IssueNeedsABasisAndADeadlineToCome) {
  const Task task = TaskIn(Task::IN_PROGRESS);
  SupervisionOrder order = OrderIn(SupervisionOrder::DRAFT);
  order.clear_basis();
  order.clear_deadline();
  const absl::Status nothing = IssueOrder(order, task, OfficerOf(kOther), kNow);
  EXPECT_THAT(nothing, Fails(kBad, "ORDER_INCOMPLETE"));
  EXPECT_THAT(BadFields(nothing), ElementsAre("order.basis", "order.deadline"));
  order = OrderIn(SupervisionOrder::DRAFT);
  *order.mutable_deadline() = ToDate(kToday - 1);
  EXPECT_THAT(IssueOrder(order, task, OfficerOf(kOther), kNow), Fails(kBad, "ORDER_INCOMPLETE"));
}

TEST(OrderTest, OnATaskUnderWayAlone) {
  for (const Task::State state : kTaskStates) {
    const Task task = TaskIn(state);
    const bool running = state == Task::ISSUED || state == Task::IN_PROGRESS || state == Task::COMPLETION_REPORTED;
    SupervisionOrder draft, issued = OrderIn(SupervisionOrder::DRAFT);
    if (running) {
      EXPECT_THAT(DraftOrder(task, draft), IsOk());
      EXPECT_EQ(draft.unit(), kLead);
      EXPECT_EQ(draft.urgency(), SupervisionOrder::NORMAL);
      EXPECT_THAT(IssueOrder(issued, task, OfficerOf(kOther), kNow), IsOk());
    } else {
      EXPECT_THAT(DraftOrder(task, draft), Fails(kForbidden, "TASK_NOT_RUNNING"));
      EXPECT_THAT(IssueOrder(issued, task, OfficerOf(kOther), kNow), Fails(kForbidden, "TASK_NOT_RUNNING"));
    }
  }
}

TEST(OrderTest, GoesToWhoLeadsWhenItIsIssued) {
  Task task = TaskIn(Task::IN_PROGRESS);
  task.mutable_duties(0)->set_unit(kOther);
  SupervisionOrder order = OrderIn(SupervisionOrder::DRAFT);
  ASSERT_THAT(IssueOrder(order, task, OfficerOf(kCountyA), kNow), IsOk());
  EXPECT_EQ(order.unit(), kOther);
  EXPECT_THAT(ReplyOrder(order, "已整改", OfficerOf(kLead), kNow), Fails(kDenied, "NOT_ADDRESSEE"));
  EXPECT_THAT(ReplyOrder(order, "已整改", OfficerOf(""), kNow), Fails(kDenied, "NOT_ADDRESSEE"));
  EXPECT_THAT(ReplyOrder(order, "已整改", OfficerOf(kOther), kNow), IsOk());
}

TEST(OrderTest, NotWhileNobodyLeads) {
  Task task = TaskIn(Task::ISSUED);
  task.mutable_duties(0)->set_unit(kForeign);
  task.mutable_duties(0)->set_state(Task::Duty::AWAITING_CITY);
  SupervisionOrder order = OrderIn(SupervisionOrder::DRAFT);
  EXPECT_THAT(IssueOrder(order, task, OfficerOf(kOther), kNow), Fails(kForbidden, "LEAD_UNIT_MISSING"));
  EXPECT_EQ(order.state(), SupervisionOrder::DRAFT);
}

TEST(OrderTest, ReturnsAreCountedAndMayMoveTheDeadline) {
  SupervisionOrder order = OrderIn(SupervisionOrder::REPLIED);
  EXPECT_THAT(ReturnOrder(order, TaskIn(Task::IN_PROGRESS), "请补充", kToday - 1, kToday),
              Fails(kBad, "FIELD_INVALID"));
  ASSERT_THAT(ReturnOrder(order, TaskIn(Task::IN_PROGRESS), "请补充", kToday + 5, kToday), IsOk());
  EXPECT_EQ(order.return_count(), 1);
  EXPECT_EQ(order.return_reason(), "请补充");
  EXPECT_EQ(ToCivil(order.deadline()), kToday + 5);
  ASSERT_THAT(ReplyOrder(order, "已补充", OfficerOf(kLead), kNow), IsOk());
  ASSERT_THAT(CloseOrder(order, OfficerOf(kOther), kNow), IsOk());
  EXPECT_EQ(order.reply(), "已补充");
}

TEST(ReminderTest, IsReadOnceByWhomItIsFor) {
  const Caller coordinator{
      .kind = Caller::Kind::kPerson, .city = "210800", .unit = kOther, .roles = 1U << duikou::type::v1::COORDINATOR};
  Caller stranger = coordinator;
  stranger.city = "320700";
  for (const Reminder::Kind kind :
       {Reminder::NOTICE, Reminder::URGE, Reminder::LATE_REPORT, Reminder::LATE_ACKNOWLEDGE, Reminder::ESCALATION}) {
    Reminder reminder;
    reminder.set_kind(kind);
    reminder.set_unit(kLead);
    reminder.set_state(Reminder::UNREAD);
    const bool escalation = kind == Reminder::ESCALATION;
    EXPECT_THAT(Confirm(reminder, "210800", escalation ? OfficerOf(kLead) : coordinator, kNow),
                Fails(kDenied, "NOT_ADDRESSEE"));
    EXPECT_THAT(Confirm(reminder, "210800", stranger, kNow), Fails(kDenied, "NOT_ADDRESSEE"));
    EXPECT_THAT(Confirm(reminder, "210800", escalation ? coordinator : OfficerOf(kLead), kNow), IsOk());
    EXPECT_EQ(reminder.state(), Reminder::READ);
    EXPECT_THAT(Confirm(reminder, "210800", escalation ? coordinator : OfficerOf(kLead), kNow),
                Fails(kForbidden, "REMINDER_READ"));
  }
}

TEST(BulletinTest, ADraftMayChange) {
  v1::Bulletin bulletin;
  bulletin.set_state(v1::Bulletin::DRAFT);
  EXPECT_THAT(CheckDraft(bulletin), IsOk());
  bulletin.set_state(v1::Bulletin::PUBLISHED);
  EXPECT_THAT(CheckDraft(bulletin), Fails(kForbidden, "BULLETIN_PUBLISHED"));
}

}  // namespace
}  // namespace duikou::taskregistry::rules
