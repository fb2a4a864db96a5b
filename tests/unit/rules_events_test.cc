// Events: every action in every state, times and sessions, and what came of meetings.
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/event_state.h"
#include "services/techtransfer/rules/events.h"
#include "services/techtransfer/rules/sign_ups.h"
#include "tests/unit/event_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::techtransfer::rules {
namespace {

using duikou::testing::AddSession;
using duikou::testing::BadFields;
using duikou::testing::EventIn;
using duikou::testing::EventTime;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::kDaysBefore;
using duikou::testing::SignUpOf;
using ::testing::ElementsAre;
using v1::Event;
using v1::SignUp;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

Event::Meeting Result(const std::string& id, Event::Meeting::Outcome outcome = Event::Meeting::INTERESTED) {
  Event::Meeting result;
  result.set_id(id);
  result.set_outcome(outcome);
  return result;
}

// D draft, O open, S scheduled, H held, X cancelled.
constexpr std::array kEventStates = {Event::DRAFT, Event::OPEN, Event::SCHEDULED, Event::HELD, Event::CANCELLED};
const std::map<EventAction, const char*> kEventRows = {
    //                              DOSHX
    {EventAction::kEdit, "++..."},   {EventAction::kDelete, "+...."},        {EventAction::kOpen, "+...."},
    {EventAction::kSignUp, ".+..."}, {EventAction::kSchedule, ".++.."},      {EventAction::kMarkHeld, ".++.."},
    {EventAction::kCancel, "+++.."}, {EventAction::kRecordOutcome, "...+."}, {EventAction::kExportTimetable, "..++."},
};

// Each action at a time at which it can be done.
absl::Status Do(EventAction action, Event& event) {
  switch (action) {
    case EventAction::kEdit:
      return Edit(event, event);
    case EventAction::kDelete:
    case EventAction::kExportTimetable:
      return CheckAllowed(event, action);
    case EventAction::kOpen:
      return Open(event, kDaysBefore);
    case EventAction::kSignUp: {
      SignUp sign_up = SignUpOf("a");
      return SignUpFor(event, sign_up, {}, kDaysBefore);
    }
    case EventAction::kSchedule:
      return Schedule(event, {}, kDaysBefore);
    case EventAction::kMarkHeld:
      return MarkHeld(event, EventTime(9));
    case EventAction::kCancel:
      return Cancel(event, "台风");
    case EventAction::kRecordOutcome:
      return RecordOutcome(event, Result("m1"));
  }
  return absl::InternalError("no such action");
}

TEST(EventStateTest, EveryCellIsAsSpecified) {
  ASSERT_EQ(kEventRows.size(), static_cast<size_t>(kEventActions));
  for (const auto& [action, states] : kEventRows) {
    for (size_t s = 0; s < kEventStates.size(); ++s) {
      Event event = EventIn(kEventStates[s]);
      event.add_meetings()->set_id("m1");
      const bool expected = states[s] == '+';
      EXPECT_EQ(Allows(kEventStates[s], action), expected) << NameOf(action).en << " in " << NameOf(event.state()).en;
      const std::string before = event.SerializeAsString();
      const absl::Status done = Do(action, event);
      if (expected) {
        EXPECT_THAT(done, IsOk()) << NameOf(action).en << " in " << NameOf(kEventStates[s]).en;
        continue;
      }
      ASSERT_THAT(done, Fails(kForbidden, "EVENT_STATE_FORBIDS"))
          << NameOf(action).en << " in " << NameOf(kEventStates[s]).en;
      EXPECT_NE(FactsOf(done).text.zh.find(NameOf(kEventStates[s]).zh), std::string::npos);
      EXPECT_NE(FactsOf(done).text.en.find(NameOf(kEventStates[s]).en), std::string::npos);
      EXPECT_EQ(event.SerializeAsString(), before) << "a refusal changes nothing";
    }
    EXPECT_FALSE(Allows(Event::STATE_UNSPECIFIED, action));
  }
}

TEST(EventStateTest, WhereEachActionLeads) {
  const std::tuple<Event::State, EventAction, Event::State> rows[] = {
      {Event::DRAFT, EventAction::kOpen, Event::OPEN},
      {Event::OPEN, EventAction::kSignUp, Event::OPEN},
      {Event::OPEN, EventAction::kSchedule, Event::SCHEDULED},
      {Event::SCHEDULED, EventAction::kSchedule, Event::SCHEDULED},
      {Event::OPEN, EventAction::kMarkHeld, Event::HELD},
      {Event::SCHEDULED, EventAction::kMarkHeld, Event::HELD},
      {Event::SCHEDULED, EventAction::kCancel, Event::CANCELLED}};
  for (const auto& [before, action, after] : rows) {
    Event event = EventIn(before);
    ASSERT_THAT(Do(action, event), IsOk());
    EXPECT_EQ(event.state(), after) << NameOf(action).en;
    EXPECT_EQ(event.reason(), action == EventAction::kCancel ? "台风" : "");
  }
}

TEST(EventsTest, ItsPublicationIsInForceOnceItIsOpen) {
  Event event = EventIn(Event::DRAFT);
  event.mutable_publication()->set_disclosure(duikou::type::v1::Access::PUBLIC);
  Event before = event;
  ASSERT_THAT(Edit(before, event), IsOk());
  EXPECT_FALSE(event.has_access()) << "a draft is its city's";
  ASSERT_THAT(Open(event, kDaysBefore), IsOk());
  EXPECT_EQ(event.access().disclosure(), duikou::type::v1::Access::PUBLIC);
  before = event;
  event.mutable_publication()->set_disclosure(duikou::type::v1::Access::INTERNAL);
  ASSERT_THAT(Edit(before, event), IsOk());
  EXPECT_EQ(event.access().disclosure(), duikou::type::v1::Access::INTERNAL);
  before = event;
  event.clear_publication();
  ASSERT_THAT(Edit(before, event), IsOk());
  EXPECT_FALSE(event.has_access()) << "taken back";
}

TEST(EventsTest, MeetingsAreSeenByTheCitiesThatMeet) {
  Event event = EventIn(Event::HELD);
  const std::pair<const char*, const char*> pairs[] = {
      {"320700", "210800"}, {"320700", "210100"}, {"210100", "210800"}};
  for (const auto& [first, second] : pairs) {
    Event::Meeting& meeting = *event.add_meetings();
    meeting.set_first(absl::StrCat("cities/", first, "/signUps/a"));
    meeting.set_second(absl::StrCat("cities/", second, "/signUps/b"));
    meeting.set_note("下周看样机");
  }
  const auto seen = [&](const Caller& by) {
    Event shown = event;
    ConcealMeetings(by, shown);
    return shown.meetings_size();
  };
  const auto person = [](const std::string& city) { return Caller{.kind = Caller::Kind::kPerson, .city = city}; };
  EXPECT_EQ(seen(person("210800")), 3) << "the event's city";
  EXPECT_EQ(seen(person("320700")), 2);
  EXPECT_EQ(seen(person("110106")), 0);
  EXPECT_EQ(seen(Caller{.kind = Caller::Kind::kAnonymous}), 0);
}

TEST(EventsTest, TimesSessionsAndTables) {
  EXPECT_THAT(CheckEvent(EventIn(Event::DRAFT)), IsOk());
  Event event = EventIn(Event::DRAFT);
  *event.mutable_end_time() = event.start_time();
  EXPECT_THAT(BadFields(CheckEvent(event)), ElementsAre("event.end_time"));
  EXPECT_THAT(CheckEvent(event), Fails(kInvalid, "TIMES_INVALID"));

  event = EventIn(Event::DRAFT);
  *event.mutable_sign_up_until() = event.start_time();
  EXPECT_THAT(CheckEvent(event), IsOk());
  *event.mutable_sign_up_until() = ToTimestamp(EventTime(9, 1));
  EXPECT_THAT(BadFields(CheckEvent(event)), ElementsAre("event.sign_up_until"));
  EXPECT_THAT(CheckEvent(event), Fails(kInvalid, "TIMES_INVALID"));

  event = EventIn(Event::DRAFT);
  AddSession(event, EventTime(9), EventTime(17), false);
  EXPECT_THAT(CheckEvent(event), IsOk());
  AddSession(event, EventTime(8, 59), EventTime(10), false);
  AddSession(event, EventTime(16), EventTime(17, 1), false);
  AddSession(event, EventTime(11), EventTime(11), false);
  EXPECT_THAT(CheckEvent(event), Fails(kInvalid, "SESSION_OUTSIDE"));
  EXPECT_THAT(BadFields(CheckEvent(event)),
              ElementsAre("event.sessions[3]", "event.sessions[4]", "event.sessions[5].end_time"));

  event = EventIn(Event::DRAFT);
  event.set_tables(0);
  EXPECT_THAT(CheckEvent(event), Fails(kInvalid, "TABLES_MISSING"));
  event.mutable_sessions(1)->set_meetings(false);
  EXPECT_THAT(CheckEvent(event), IsOk());
}

TEST(EventsTest, CapacityHoldsThoseWhoHaveSignedUp) {
  Event before = EventIn(Event::OPEN), after = before;
  before.set_signed_up(3);
  for (const auto& [capacity, ok] : {std::pair(0, true), {3, true}, {2, false}}) {
    after.set_capacity(capacity);
    EXPECT_EQ(ReasonOf(Edit(before, after)), ok ? "" : "CAPACITY_BELOW_SIGN_UPS") << capacity;
  }
  after.set_tables(0);
  EXPECT_THAT(Edit(before, after), Fails(kInvalid, "TABLES_MISSING"));
}

TEST(EventsTest, TheBeginDividesWhatCanBeDone) {
  const absl::Time last = EventTime(9) - absl::Nanoseconds(1);
  Event draft = EventIn(Event::DRAFT), open = EventIn(Event::OPEN);
  EXPECT_THAT(Open(draft, EventTime(9)), Fails(kForbidden, "EVENT_BEGUN"));
  EXPECT_THAT(Open(draft, last), IsOk());
  EXPECT_THAT(Schedule(open, {}, EventTime(9)), Fails(kForbidden, "EVENT_BEGUN"));
  EXPECT_THAT(Schedule(open, {}, last), IsOk());
  EXPECT_THAT(MarkHeld(open, last), Fails(kForbidden, "EVENT_NOT_BEGUN"));
  EXPECT_THAT(MarkHeld(open, EventTime(9)), IsOk());
}

TEST(EventsTest, OutcomesAreRecordedAndPutRight) {
  Event event = EventIn(Event::HELD);
  for (const char* id : {"m1", "m2"}) event.add_meetings()->set_id(id);
  Event::Meeting result = Result("m2", Event::Meeting::NEGOTIATING);
  result.set_note("约定互访");
  result.set_listing("cities/210800/listings/x1");
  result.set_negotiation("cities/210800/negotiations/n1");
  ASSERT_THAT(RecordOutcome(event, result), IsOk());
  EXPECT_EQ(event.meetings(0).outcome(), Event::Meeting::OUTCOME_UNSPECIFIED);
  EXPECT_EQ(event.meetings(1).SerializeAsString(), result.SerializeAsString());
  ASSERT_THAT(RecordOutcome(event, Result("m2", Event::Meeting::NOT_HELD)), IsOk());
  EXPECT_EQ(event.meetings(1).outcome(), Event::Meeting::NOT_HELD);
  EXPECT_EQ(event.meetings(1).note() + event.meetings(1).listing() + event.meetings(1).negotiation(), "");
  EXPECT_THAT(RecordOutcome(event, Result("m3")), Fails(kInvalid, "MEETING_UNKNOWN"));
}

}  // namespace
}  // namespace duikou::techtransfer::rules
