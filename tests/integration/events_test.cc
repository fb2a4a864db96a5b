// Events to which units of several cities come, through the service as it runs, on both engines.
#include <string>
#include <utility>
#include <vector>

#include "tests/integration/at_once.h"
#include "tests/integration/techtransfer_fixture.h"

namespace duikou::testing {
namespace {

using namespace techtransfer::v1;  // NOLINT(google-build-using-namespace): the API under test.
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

const char kContact[] = "张工 0417-2800000";

// Yingkou holds events; Lianyungang and Shenyang come.
class EventsTest : public TechTransferTest {
 protected:
  static std::string UnitOf(const std::string& city, const std::string& id) {
    return absl::StrCat(city, "/units/", id);
  }
  static std::string SignUpOf(const std::string& city, const std::string& unit) {
    return absl::StrCat(city, "/signUps/", unit);
  }
  rpc::CallOptions Officer(const std::string& city, const std::string& unit) const {
    return As(city, "li", {type::v1::UNIT_OFFICER}, unit);
  }
  rpc::CallOptions Host() const { return Office(kYingkou); }

  // On 18 March from 9 to 10 at two tables, seen by all cities.
  static CreateEventRequest Draft() {
    CreateEventRequest create;
    create.set_parent(kYingkou);
    create.set_event_id("e1");
    Event& event = *create.mutable_event();
    event.set_title("镁质材料对接会");
    event.set_place("营口会展中心");
    *event.mutable_start_time() = Stamp(At(18, 9));
    *event.mutable_end_time() = Stamp(At(18, 10));
    Event::Session& session = *event.add_sessions();
    *session.mutable_start_time() = event.start_time();
    *session.mutable_end_time() = event.end_time();
    session.set_title("一对一洽谈");
    session.set_meetings(true);
    event.set_tables(2);
    event.mutable_publication()->set_sharing(type::v1::Access::UNCONDITIONAL);
    return create;
  }
  std::string Opened(const CreateEventRequest& draft = Draft()) {
    const auto event = Call<Event>(draft, Host());
    EXPECT_THAT(event, IsOk());
    if (!event.ok()) return "";
    EXPECT_THAT(Act<Event>(event->name(), Host(), OpenEventRequest()), IsOk());
    return event->name();
  }
  Event Now(const std::string& name) {
    const auto event = Act<Event>(name, Host(), GetEventRequest());
    EXPECT_THAT(event, IsOk());
    return event.ok() ? *event : Event();
  }
  absl::StatusOr<SignUp> SignUpUnit(const std::string& city, const std::string& unit, const std::string& event,
                                    const std::vector<std::string>& wishes = {}) {
    CreateSignUpRequest request;
    request.set_parent(city);
    request.set_sign_up_id(unit);
    request.mutable_sign_up()->set_event(event);
    request.mutable_sign_up()->set_unit(UnitOf(city, unit));
    request.mutable_sign_up()->set_contact(kContact);
    for (const std::string& wish : wishes) request.mutable_sign_up()->add_wishes(wish);
    return Call<SignUp>(request, Officer(city, unit));
  }
  // One of each city, of whom Yingkou's and Lianyungang's wish for one another.
  void SignThreeUp(const std::string& event) {
    const std::string host = UnitOf(kYingkou, "gongsi"), guest = UnitOf(kLianyungang, "yjy");
    ASSERT_THAT(SignUpUnit(kShenyang, "yjy", event, {host, guest}), IsOk());
    ASSERT_THAT(SignUpUnit(kYingkou, "gongsi", event, {guest}), IsOk());
    ASSERT_THAT(SignUpUnit(kLianyungang, "yjy", event, {host}), IsOk());
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, EventsTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(EventsTest, DraftedChangedOpenedCancelled) {
  CreateEventRequest draft = Draft();
  draft.mutable_event()->set_tables(0);
  EXPECT_THAT(Call<Event>(draft, Host()), Fails(kInvalid, "TABLES_MISSING"));
  const auto created = Call<Event>(Draft(), Host());
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->state(), Event::DRAFT);
  EXPECT_THAT(created->number(), HasSubstr("-DJ-2026-01"));
  const std::string event = absl::StrCat(kYingkou, "/events/", created->number());
  EXPECT_THAT(SignUpUnit(kYingkou, "gongsi", event), Fails(kForbidden, "EVENT_STATE_FORBIDS"));
  ASSERT_THAT(Act<Event>(event, Host(), OpenEventRequest()), IsOk());
  EXPECT_THAT(Act<Event>(event, Host(), DeleteEventRequest()), Fails(kForbidden, "EVENT_STATE_FORBIDS"));
  const auto signed_up = SignUpUnit(kYingkou, "gongsi", event);
  ASSERT_THAT(signed_up, IsOk());
  EXPECT_EQ(signed_up->event(), created->name());
  ASSERT_THAT(SignUpUnit(kLianyungang, "yjy", event), IsOk());
  UpdateEventRequest update;
  update.mutable_event()->set_name(created->name());
  update.mutable_event()->set_capacity(1);
  EXPECT_THAT(Call<Event>(update, Host()), Fails(kInvalid, "CAPACITY_BELOW_SIGN_UPS"));
  update.mutable_event()->set_capacity(2);
  EXPECT_THAT(Call<Event>(update, Host()), IsOk());
  CancelEventRequest cancel;
  cancel.set_reason("台风");
  const auto cancelled = Act<Event>(event, Host(), cancel);
  ASSERT_THAT(cancelled, IsOk());
  EXPECT_EQ(cancelled->reason(), "台风");
  EXPECT_THAT(Act<Event>(event, Host(), OpenEventRequest()), Fails(kForbidden, "EVENT_STATE_FORBIDS"));
}

TEST_P(EventsTest, SignUpsAreOnesOwnAndOnce) {
  const std::string event = Opened(), yjy = UnitOf(kLianyungang, "yjy");
  EXPECT_THAT(SignUpUnit(kLianyungang, "yjy", event, {yjy}), Fails(kInvalid, "WISH_OF_OWN"));
  ASSERT_THAT(SignUpUnit(kLianyungang, "yjy", event), IsOk());
  CreateSignUpRequest again;
  again.set_parent(kLianyungang);
  again.mutable_sign_up()->set_event(event);
  again.mutable_sign_up()->set_unit(yjy);
  EXPECT_THAT(Call<SignUp>(again, Office(kLianyungang)), Fails(kForbidden, "SIGNED_UP_TWICE"));
  EXPECT_THAT(Call<SignUp>(again, Officer(kLianyungang, "daxue")), Fails(kDenied, "UNIT_OF_OTHERS"));
  again.set_parent(kShenyang);
  EXPECT_THAT(Call<SignUp>(again, Office(kShenyang)), Fails(kInvalid, "UNIT_OF_OTHER_CITY"));

  UpdateSignUpRequest update;
  update.mutable_sign_up()->set_name(SignUpOf(kLianyungang, "yjy"));
  update.mutable_sign_up()->add_listings(PublishSample(Listing::DEMAND, kYingkou, "gongsi", "x1", "镁渣利用"));
  EXPECT_THAT(Call<SignUp>(update, Officer(kLianyungang, "yjy")), Fails(kInvalid, "OFFER_OF_OTHERS"));
  const std::string own = PublishSample(Listing::OFFER, kLianyungang, "yjy", "o1", "悬浮煅烧炉");
  update.mutable_sign_up()->set_listings(0, absl::StrCat(kLianyungang, "/listings/", Get(own, Host()).number()));
  const auto updated = Call<SignUp>(update, Officer(kLianyungang, "yjy"));
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->listings(0), own) << "kept by its name";
  clock_.Set(At(18, 9));
  EXPECT_THAT(Call<SignUp>(update, Officer(kLianyungang, "yjy")), Fails(kForbidden, "SIGN_UP_OVER"));
  EXPECT_THAT(SignUpUnit(kShenyang, "yjy", event), Fails(kForbidden, "SIGN_UP_OVER"));
}

TEST_P(EventsTest, WhatIsNotSeenTakesNoSignUps) {
  CreateEventRequest draft = Draft();
  draft.mutable_event()->clear_publication();
  const std::string event = Opened(draft);
  EXPECT_THAT(SignUpUnit(kLianyungang, "yjy", event), Fails(kInvalid, "REFERENCE_UNKNOWN"));
  EXPECT_THAT(SignUpUnit(kYingkou, "gongsi", event), IsOk());
}

TEST_P(EventsTest, TheTimetableIsOfAllCitiesAndLosesWhoWithdraws) {
  const std::string event = Opened();
  SignThreeUp(event);
  const auto scheduled = Act<Event>(event, Host(), ScheduleEventRequest());
  ASSERT_THAT(scheduled, IsOk());
  ASSERT_EQ(scheduled->meetings_size(), 3);
  EXPECT_THAT(std::vector({scheduled->meetings(0).first(), scheduled->meetings(0).second()}),
              UnorderedElementsAre(SignUpOf(kYingkou, "gongsi"), SignUpOf(kLianyungang, "yjy")));
  EXPECT_THAT(SignUpUnit(kShenyang, "daxue", event), Fails(kForbidden, "EVENT_STATE_FORBIDS"));

  ExportTimetableRequest csv;
  csv.set_csv(true);
  const auto table = Act<ExportTimetableResponse>(event, Office(kShenyang), csv);
  ASSERT_THAT(table, IsOk());
  EXPECT_EQ(table->rows(), 2) << "those of its unit";
  EXPECT_THAT(table->content(), HasSubstr("Outcome"));
  const auto whole = Act<ExportTimetableResponse>(event, Host(), csv);
  ASSERT_THAT(whole, IsOk());
  EXPECT_EQ(whole->rows(), 3);
  EXPECT_THAT(whole->content(), HasSubstr("m1,2026-03-18,09:00,09:20,1,"));
  EXPECT_EQ(Act<ExportTimetableResponse>(event, Host(), ExportTimetableRequest())->content().substr(0, 2), "PK");

  ASSERT_THAT(Act<SignUp>(SignUpOf(kShenyang, "yjy"), Officer(kShenyang, "yjy"), WithdrawSignUpRequest()), IsOk());
  EXPECT_EQ(Now(event).meetings_size(), 1);
  EXPECT_EQ(Now(event).signed_up(), 2);
  ASSERT_THAT(Act<SignUp>(SignUpOf(kYingkou, "gongsi"), Host(), WithdrawSignUpRequest()), IsOk());
  const auto anew = Act<Event>(event, Host(), ScheduleEventRequest());
  ASSERT_THAT(anew, IsOk());
  EXPECT_THAT(anew->meetings(), IsEmpty());
}

TEST_P(EventsTest, OutcomesAreRecordedOnceItWasHeld) {
  const std::string event = Opened();
  SignThreeUp(event);
  EXPECT_THAT(Act<ExportTimetableResponse>(event, Host(), ExportTimetableRequest()),
              Fails(kForbidden, "EVENT_STATE_FORBIDS"));
  ASSERT_THAT(Act<Event>(event, Host(), ScheduleEventRequest()), IsOk());
  EXPECT_THAT(Act<Event>(event, Host(), MarkEventHeldRequest()), Fails(kForbidden, "EVENT_NOT_BEGUN"));
  const std::string listing = PublishSample(Listing::DEMAND, kYingkou, "gongsi", "x1", "镁渣利用");
  RecordMeetingOutcomeRequest outcome;
  outcome.set_meeting("m1");
  outcome.set_outcome(Event::Meeting::INTERESTED);
  EXPECT_THAT(Act<Event>(event, Host(), outcome), Fails(kForbidden, "EVENT_STATE_FORBIDS"));
  clock_.Set(At(18, 9));
  EXPECT_THAT(Act<Event>(event, Host(), ScheduleEventRequest()), Fails(kForbidden, "EVENT_BEGUN"));
  EXPECT_THAT(Act<SignUp>(SignUpOf(kYingkou, "gongsi"), Host(), WithdrawSignUpRequest()),
              Fails(kForbidden, "EVENT_BEGUN"));
  ASSERT_THAT(Act<Event>(event, Host(), MarkEventHeldRequest()), IsOk());
  outcome.set_listing(listing + "1");
  EXPECT_THAT(Act<Event>(event, Host(), outcome), Fails(kInvalid, "REFERENCE_UNKNOWN"));
  outcome.set_listing(listing);
  const auto recorded = Act<Event>(event, Host(), outcome);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->meetings(0).outcome(), Event::Meeting::INTERESTED);
  EXPECT_EQ(recorded->meetings(0).listing(), listing);
  outcome.set_meeting("m9");
  EXPECT_THAT(Act<Event>(event, Host(), outcome), Fails(kInvalid, "MEETING_UNKNOWN"));
}

TEST_P(EventsTest, WhatIsTakenBackFromThePublicIsSeenByItsCityAlone) {
  CreateEventRequest draft = Draft();
  draft.mutable_event()->mutable_publication()->set_disclosure(type::v1::Access::PUBLIC);
  const std::string event = Opened(draft);
  const rpc::CallOptions anyone{.deadline = absl::Now() + absl::Seconds(60)};
  EXPECT_THAT(Act<Event>(event, anyone, GetEventRequest()), IsOk());
  UpdateEventRequest update;
  update.mutable_event()->set_name(event);
  update.mutable_update_mask()->add_paths("publication");
  const auto taken_back = Call<Event>(update, Host());
  ASSERT_THAT(taken_back, IsOk());
  EXPECT_FALSE(taken_back->has_access());
  EXPECT_THAT(Act<Event>(event, anyone, GetEventRequest()), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Act<Event>(event, Host(), GetEventRequest()), IsOk());
}

TEST_P(EventsTest, ThePublicSeesTheEventAndNotWhoMeetsWhom) {
  CreateEventRequest draft = Draft();
  draft.mutable_event()->mutable_publication()->set_disclosure(type::v1::Access::PUBLIC);
  const auto created = Call<Event>(draft, Host());
  ASSERT_THAT(created, IsOk());
  const std::string event = created->name();
  const rpc::CallOptions anyone{.deadline = absl::Now() + absl::Seconds(60)};
  const auto read = [&](const rpc::CallOptions& options) { return Act<Event>(event, options, GetEventRequest()); };
  EXPECT_THAT(read(anyone), Fails(absl::StatusCode::kNotFound, "NOT_FOUND")) << "a draft";
  EXPECT_THAT(read(Office(kShenyang)), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
  ASSERT_THAT(Act<Event>(event, Host(), OpenEventRequest()), IsOk());
  SignThreeUp(event);
  ASSERT_THAT(Act<Event>(event, Host(), ScheduleEventRequest()), IsOk());
  clock_.Set(At(18, 9));
  ASSERT_THAT(Act<Event>(event, Host(), MarkEventHeldRequest()), IsOk());
  RecordMeetingOutcomeRequest outcome;
  outcome.set_meeting("m1");
  outcome.set_outcome(Event::Meeting::NO_INTEREST);
  outcome.set_note("价格过高");
  ASSERT_THAT(Act<Event>(event, Host(), outcome), IsOk());
  for (int again = 0; again < 2; ++again) {  // The second may be answered from what is kept of the first.
    const auto seen = read(anyone);
    ASSERT_THAT(seen, IsOk());
    EXPECT_EQ(seen->title(), "镁质材料对接会");
    EXPECT_THAT(seen->meetings(), IsEmpty());
    EXPECT_EQ(read(Office(kShenyang))->meetings_size(), 2);
    EXPECT_EQ(read(Host())->meetings_size(), 3);
    EXPECT_THAT(read(As("cities/110106", "office", {type::v1::COORDINATOR}))->meetings(), IsEmpty());
  }
  ListEventsRequest list;
  list.set_parent("cities/-");
  list.set_filter("state = HELD");
  const auto listed = Call<ListEventsResponse>(list, anyone);
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->events_size(), 1);
  EXPECT_THAT(listed->events(0).meetings(), IsEmpty());
  EXPECT_EQ(Call<ListEventsResponse>(list, Host())->events(0).meetings_size(), 3);
}

TEST_P(EventsTest, ChangesShowEachCityItsOwnMeetings) {
  const std::string event = Opened();
  SignThreeUp(event);
  ASSERT_THAT(Act<Event>(event, Host(), ScheduleEventRequest()), IsOk());
  const auto watched = [&](const rpc::CallOptions& options) {
    log::v1::WatchRequest request;
    request.set_parent(kYingkou);
    request.set_cursor("begin");
    request.add_types("event");
    int last = -1;
    EXPECT_THAT(client_->Stream(
                    rpc::MethodOf(log::v1::WatchRequest::descriptor()), request, log::v1::WatchResponse(),
                    [&](const google::protobuf::Message& message) {
                      const auto& response = static_cast<const log::v1::WatchResponse&>(message);
                      Event state;
                      for (const log::v1::Change& change : response.changes()) {
                        change.record().UnpackTo(&state);
                        last = state.meetings_size();
                      }
                      return state.state() != Event::SCHEDULED;
                    },
                    options),
                IsOk());
    return last;
  };
  const std::pair<rpc::CallOptions, int> readers[] = {
      {Host(), 3}, {Office(kShenyang), 2}, {As("cities/110106", "office", {type::v1::COORDINATOR}), 0}};
  for (const auto& [options, expected] : readers) {
    const auto last = LastChanged<Event>(kYingkou, "event", options);
    EXPECT_EQ(last.state(), Event::SCHEDULED);
    EXPECT_EQ(last.meetings_size(), expected);
    EXPECT_EQ(watched(options), expected);
  }
}

TEST_P(EventsTest, TheLastSeatsAreTakenOnce) {
  constexpr int kSeats = 3, kClients = 12;
  CreateEventRequest draft = Draft();
  draft.mutable_event()->set_capacity(kSeats);
  const std::string event = Opened(draft);
  const auto counts = AtOnce(kClients, [&](int i) {
    return SignUpUnit(i % 2 == 0 ? kLianyungang : kShenyang, absl::StrCat("u", i), event).status();
  });
  EXPECT_THAT(counts, UnorderedElementsAre(std::pair("OK", kSeats), std::pair("EVENT_FULL", kClients - kSeats)));
  EXPECT_EQ(Now(event).signed_up(), kSeats);
  ListSignUpsRequest list;
  list.set_parent("cities/-");
  list.set_filter(absl::StrCat("event = \"", event, "\""));
  const auto all = Call<ListSignUpsResponse>(list, Host());
  ASSERT_THAT(all, IsOk());
  ASSERT_EQ(all->sign_ups_size(), kSeats);
  EXPECT_EQ(all->sign_ups(0).contact(), kContact);
  const auto masked = Call<ListSignUpsResponse>(list, As(kYingkou, "du", {type::v1::SUPERVISOR}));
  ASSERT_THAT(masked, IsOk());
  ASSERT_EQ(masked->sign_ups_size(), kSeats);
  EXPECT_NE(masked->sign_ups(0).contact(), kContact);
}

}  // namespace
}  // namespace duikou::testing
