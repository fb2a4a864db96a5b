// Calendars of people and rooms: files that come in, what leaves the city, rooms and names that come back.
#include <string>

#include "absl/strings/str_replace.h"
#include "google/protobuf/empty.pb.h"
#include "tests/integration/consultation_fixture.h"

namespace duikou::testing {
namespace {

using namespace consultation::v1;  // NOLINT(google-build-using-namespace): the API under test.
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class CalendarFilesTest : public ConsultationTest {
 protected:
  absl::StatusOr<ImportBusyTimeResponse> Import(const std::string& calendar, const std::string& event) {
    ImportBusyTimeRequest import;
    import.set_parent(calendar);
    import.set_busy_source_id("outlook");
    import.set_content(
        absl::StrCat("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\n", event, "END:VEVENT\nEND:VCALENDAR\n"));
    return Call<ImportBusyTimeResponse>(import, Host());
  }
  // Of the city, or of one calendar.
  std::string FeedOf(Feed::Detail detail, const std::string& calendar = "") {
    CreateFeedRequest create;
    create.set_parent(calendar.empty() ? kYingkou : absl::StrCat("cities/", std::string(schema::CityOf(calendar))));
    create.mutable_feed()->set_detail(detail);
    create.mutable_feed()->set_calendar(calendar);
    const auto feed = Call<CreateFeedResponse>(create, As(create.parent(), "clerk", {type::v1::SCHEDULER}));
    EXPECT_THAT(feed, IsOk());
    if (!feed.ok()) return {};
    ReadFeedRequest read;
    read.set_name(feed->feed().name());
    read.set_secret(feed->secret());
    const auto content = Call<ReadFeedResponse>(read, rpc::CallOptions{.deadline = absl::Now() + absl::Seconds(60)});
    EXPECT_THAT(content, IsOk());
    return content.ok() ? content->content() : "";
  }
  absl::Status Delete(const std::string& calendar) {
    DeleteCalendarRequest remove;
    remove.set_name(calendar);
    return Call<google::protobuf::Empty>(remove, Host()).status();
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, CalendarFilesTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(CalendarFilesTest, AnEventOfManyYearsIsTakenForTheRangeAlone) {
  const std::string wang = AddPerson(kYingkou, "wang");
  const auto imported = Import(wang, "SUMMARY:长期外派\nDTSTART:19990101T000000Z\nDTEND:21500101T000000Z\n");
  ASSERT_THAT(imported, IsOk());
  ASSERT_EQ(imported->busy_source().blocks_size(), 1);
  const BusySource::Block& block = imported->busy_source().blocks(0);
  EXPECT_EQ(block.start_time().seconds(), imported->busy_source().from_time().seconds());
  EXPECT_EQ(block.end_time().seconds(), imported->busy_source().until_time().seconds());
  const std::string dry =
      absl::StrCat("SUMMARY:", std::string(3000, 'x'), "\nDTSTART:20260304T010000Z\n", "DTEND:20260304T020000Z\n");
  const auto cut = Import(wang, dry);
  ASSERT_THAT(cut, IsOk());
  EXPECT_EQ(cut->busy_source().blocks(0).title().size(), 200U);
  EXPECT_NE(cut->busy_source().etag(), imported->busy_source().etag()) << "in place of the first";
}

TEST_P(CalendarFilesTest, AFeedShowsOfWhatIsRestrictedThatItIsBusy) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  auto draft = DraftOf(wang, li);
  draft.mutable_consultation()->set_topic("人事安排");
  draft.mutable_consultation()->mutable_access()->set_disclosure(type::v1::Access::RESTRICTED);
  ASSERT_THAT(Propose(Create(draft, "c1"), At(4, 10), Host()), IsOk());
  ASSERT_THAT(Propose(Create(DraftOf(wang, li), "c2"), At(4, 14), Host()), IsOk());
  const std::string content = FeedOf(Feed::TITLES);
  EXPECT_THAT(content, HasSubstr("对口合作年度会商"));
  EXPECT_THAT(content, Not(HasSubstr("人事安排")));
  EXPECT_THAT(content, HasSubstr("DTSTART:20260304T020000Z")) << "busy all the same";
  EXPECT_THAT(content, Not(HasSubstr("UID:c1."))) << "which one it is, either";
  EXPECT_THAT(content, HasSubstr("UID:c2.210800@")) << "as the invitation";
  // Two that begin at once are two.
  ASSERT_THAT(
      Propose(Create(DraftOf(AddPerson(kYingkou, "sun"), AddPerson(kLianyungang, "fu")), "c3"), At(4, 10), Host()),
      IsOk());
  const std::string busy = FeedOf(Feed::BUSY);
  EXPECT_THAT(busy, HasSubstr("UID:busy-1772589600-1."));
  EXPECT_THAT(busy, HasSubstr("UID:busy-1772589600-2."));
  EXPECT_THAT(busy, Not(HasSubstr("UID:c")));
}

TEST_P(CalendarFilesTest, AChangeOfACalendarDoesNotSayWhy) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  auto draft = DraftOf(wang, li);
  draft.mutable_consultation()->mutable_access()->set_disclosure(type::v1::Access::RESTRICTED);
  const std::string name = Create(draft, "c1");
  ASSERT_THAT(Propose(name, At(4, 10), Host()), IsOk());
  CancelConsultationRequest cancel;
  cancel.set_reason("人事变动");
  ASSERT_THAT(Act(name, Host(), cancel), IsOk());
  const log::v1::Change freed = LastChange(kLianyungang, "calendar", Guest());
  EXPECT_EQ(freed.name(), li);
  EXPECT_FALSE(SaysWho(freed)) << freed.ShortDebugString();
}

TEST_P(CalendarFilesTest, AFeedShowsAsBusyWhoIsHeldAlone) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li"),
                    fu = AddPerson(kLianyungang, "fu");
  const std::string name = Create(DraftOf(wang, li, fu), "c1");
  ASSERT_THAT(Propose(name, At(4, 10), Host()), IsOk());
  EXPECT_THAT(FeedOf(Feed::BUSY, li), HasSubstr("BEGIN:VEVENT"));
  EXPECT_THAT(FeedOf(Feed::BUSY, fu), Not(HasSubstr("BEGIN:VEVENT"))) << "an alternate without a seat";
  EXPECT_THAT(FeedOf(Feed::TITLES, fu), HasSubstr("TRANSP:TRANSPARENT"));
  AnswerConsultationRequest decline;
  decline.set_calendar(li);
  decline.mutable_answer()->set_kind(Consultation::Answer::DECLINE);
  ASSERT_THAT(Act(name, Guest(), decline), IsOk());
  for (const Feed::Detail detail : {Feed::BUSY, Feed::TITLES}) {
    EXPECT_THAT(FeedOf(detail, li), Not(HasSubstr("BEGIN:VEVENT"))) << "declined";
    EXPECT_THAT(FeedOf(detail, fu), HasSubstr("TRANSP:OPAQUE")) << "steps in";
  }
}

TEST_P(CalendarFilesTest, AnInvitationWhoseHoldsExpiredIsTakenBack) {
  const std::string name = Create(DraftOf(AddPerson(kYingkou, "wang"), AddPerson(kLianyungang, "li")), "c1");
  ExportInvitationRequest invitation;
  invitation.set_name(name);
  EXPECT_THAT(Call<ExportInvitationResponse>(invitation, Host()), Fails(kForbidden, "CONSULTATION_STATE_FORBIDS"));
  ASSERT_THAT(Propose(name, At(4, 10), Host()), IsOk());
  clock_.Set(At(5, 8));
  CatchUpDays();
  ASSERT_EQ(Get(name).state(), Consultation::DRAFT);
  const auto expired = Call<ExportInvitationResponse>(invitation, Host());
  ASSERT_THAT(expired, IsOk());
  EXPECT_THAT(expired->content(), HasSubstr("METHOD:CANCEL"));
  EXPECT_THAT(expired->content(), HasSubstr("SEQUENCE:1\r\n"));
  EXPECT_THAT(expired->content(), Not(HasSubstr("DTSTART")));
  CancelConsultationRequest cancel;
  cancel.set_reason("另行安排");
  ASSERT_THAT(Act(name, Host(), cancel), IsOk());
  const auto cancelled = Call<ExportInvitationResponse>(invitation, Host());
  ASSERT_THAT(cancelled, IsOk());
  EXPECT_THAT(cancelled->content(), HasSubstr("METHOD:CANCEL"));
  EXPECT_THAT(cancelled->content(), HasSubstr("SEQUENCE:2\r\n"));
}

TEST_P(CalendarFilesTest, ACalendarNamesNoRestrictedConsultationToWhoMayNotSeeIt) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  auto draft = DraftOf(wang, li);
  draft.mutable_consultation()->mutable_access()->set_disclosure(type::v1::Access::RESTRICTED);
  const std::string name = Create(draft, "c1");
  ASSERT_THAT(Propose(name, At(4, 10), Host()), IsOk());
  const auto held = [&](int role) {
    GetCalendarRequest get;
    get.set_name(wang);
    const auto calendar = Call<Calendar>(get, As(kYingkou, "sun", {role}));
    EXPECT_THAT(calendar, IsOk());
    return calendar.ok() && calendar->holds_size() == 1 ? calendar->holds(0).consultation() : "?";
  };
  EXPECT_EQ(held(type::v1::UNIT_OFFICER), "");
  EXPECT_EQ(held(type::v1::COORDINATOR), name);
  EXPECT_EQ(held(type::v1::UNIT_OFFICER), "") << "nor from what is kept of the answer before";
}

TEST_P(CalendarFilesTest, WhatIsRestrictedIsNamedInNoErrorToWhoMayNotSeeIt) {
  const std::string wang = AddPerson(kYingkou, "wang"), sun = AddPerson(kYingkou, "sun"),
                    li = AddPerson(kLianyungang, "li"), fu = AddPerson(kLianyungang, "fu");
  const auto named = [](const absl::Status& status, const std::string& name) {
    const ErrorFacts facts = FactsOf(status);
    bool found = absl::StrContains(facts.text.zh, name) || absl::StrContains(status.message(), name);
    for (const auto& [key, value] : facts.metadata) found = found || value == name;
    return found;
  };
  const std::string open = Create(DraftOf(wang, li, fu), "c1");
  ASSERT_THAT(Propose(open, At(4, 10), Host()), IsOk());
  ASSERT_THAT(Answer(open, li, Consultation::Answer::DECLINE, Guest()), IsOk());
  const std::string hall = AddRoom("hall", 20);
  auto draft = DraftOf(sun, li);
  draft.mutable_consultation()->set_mode(Consultation::ON_SITE);
  draft.mutable_consultation()->mutable_room_need()->set_seats(10);
  draft.mutable_consultation()->mutable_access()->set_disclosure(type::v1::Access::RESTRICTED);
  const std::string closed = Create(draft, "c2");
  ASSERT_THAT(Propose(closed, At(4, 13, 30), Host()), IsOk());
  // Li's time was free when he declined, and has been taken with the way of the other.
  const auto clerk = As(kLianyungang, "clerk", {type::v1::SCHEDULER});
  EXPECT_THAT(Act<GetConsultationRequest>(closed, clerk), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
  const absl::Status unseen = Answer(open, li, Consultation::Answer::ACCEPT, clerk).status();
  ASSERT_THAT(unseen, Fails(kForbidden, "HOLD_CONFLICT"));
  EXPECT_FALSE(named(unseen, closed)) << unseen;
  const absl::Status seen = Answer(open, li, Consultation::Answer::ACCEPT, Guest()).status();
  ASSERT_THAT(seen, Fails(kForbidden, "HOLD_CONFLICT"));
  EXPECT_TRUE(named(seen, closed)) << seen;

  DeleteCalendarRequest remove;
  remove.set_name(hall);
  const absl::Status kept =
      Call<google::protobuf::Empty>(remove, As(kYingkou, "clerk", {type::v1::SCHEDULER})).status();
  ASSERT_THAT(kept, Fails(kForbidden, "CALENDAR_HELD"));
  EXPECT_FALSE(named(kept, closed)) << kept;
  const absl::Status told = Delete(hall);
  ASSERT_THAT(told, Fails(kForbidden, "CALENDAR_HELD"));
  EXPECT_TRUE(named(told, closed)) << told;
}

TEST_P(CalendarFilesTest, ARoomThatIsGoneKeepsNoMeetingFromBeingCancelled) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  const std::string hall = AddRoom("hall", 20);
  auto draft = DraftOf(wang, li);
  draft.mutable_consultation()->set_mode(Consultation::ON_SITE);
  draft.mutable_consultation()->mutable_room_need()->set_seats(10);
  const std::string name = Create(draft, "c1");
  ASSERT_THAT(Propose(name, At(5, 14), Host()), IsOk());
  ASSERT_THAT(Act<ConfirmConsultationRequest>(name, Host()), IsOk());
  EXPECT_THAT(Delete(hall), Fails(kForbidden, "CALENDAR_HELD"));
  clock_.Set(At(9, 8));
  ASSERT_THAT(Delete(hall), IsOk());
  CancelConsultationRequest cancel;
  cancel.set_reason("未召开");
  ASSERT_THAT(Act(name, Host(), cancel), IsOk());
  EXPECT_EQ(Get(name).state(), Consultation::CANCELLED);
}

TEST_P(CalendarFilesTest, WhoseFreeBusyTimeItIsStaysInHisCity) {
  const std::string wang = AddPerson(kYingkou, "wang");
  ExportFreeBusyRequest request;
  request.set_name(wang);
  *request.mutable_from_time() = Stamp(At(4, 0));
  *request.mutable_until_time() = Stamp(At(5, 0));
  const auto unfolded = [&](const rpc::CallOptions& options) {
    const auto exported = Call<ExportFreeBusyResponse>(request, options);
    EXPECT_THAT(exported, IsOk());
    return exported.ok() ? absl::StrReplaceAll(exported->content(), {{"\r\n ", ""}}) : "";
  };
  EXPECT_THAT(unfolded(Host()), HasSubstr("CN=\"wang\""));
  const std::string abroad = unfolded(Guest());
  EXPECT_THAT(abroad, Not(HasSubstr("CN=")));
  EXPECT_THAT(abroad, HasSubstr("UID:free-busy.wang.210800@")) << "there is a wang in other cities";
}

TEST_P(CalendarFilesTest, ACalendarThatTakesAnothersNameIsFreeWhereTheOtherWasBusy) {
  const std::string li = AddPerson(kLianyungang, "li");
  const auto feasible = [&](const std::string& id) {
    FindSlotsRequest find;
    find.set_name(Create(DraftOf("cities/210800/calendars/wang", li), id));
    const auto slots = Call<FindSlotsResponse>(find, Host());
    EXPECT_THAT(slots, IsOk());
    DeleteConsultationRequest drop;
    drop.set_name(find.name());
    EXPECT_THAT(Call<google::protobuf::Empty>(drop, Host()), IsOk());
    return slots.ok() && slots->slots_size() > 0;
  };
  MakeBusy(AddPerson(kYingkou, "wang"), At(4, 0), At(6, 0));
  EXPECT_FALSE(feasible("c1"));
  DeleteBusySourceRequest clear;
  ListBusySourcesRequest list;
  list.set_parent("cities/210800/calendars/wang");
  const auto sources = Call<ListBusySourcesResponse>(list, Host());
  ASSERT_THAT(sources, IsOk());
  clear.set_name(sources->busy_sources(0).name());
  ASSERT_THAT(Call<google::protobuf::Empty>(clear, Host()), IsOk());
  ASSERT_THAT(Delete(list.parent()), IsOk());
  clock_.Advance(absl::Seconds(1));
  // Of the same version as the one that was busy.
  MakeBusy(AddPerson(kYingkou, "wang"), At(20, 0), At(21, 0));
  EXPECT_TRUE(feasible("c2"));
}

TEST_P(CalendarFilesTest, AnAccountIsNoUnit) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  CreateAgendaItemRequest create;
  create.set_parent(Create(DraftOf(wang, li), "c1"));
  create.mutable_agenda_item()->set_position(1);
  create.mutable_agenda_item()->set_title("港口合作");
  create.mutable_agenda_item()->set_unit("cities/320700/accounts/qian");
  const absl::Status status = Call<AgendaItem>(create, Host()).status();
  EXPECT_THAT(status, Fails(kInvalid, "REFERENCE_UNKNOWN"));
  EXPECT_THAT(BadFields(status), ElementsAre("agenda_item.unit"));
  create.mutable_agenda_item()->set_unit("cities/320700/units/gangkouju");
  EXPECT_THAT(Call<AgendaItem>(create, Host()), IsOk());
}

}  // namespace
}  // namespace duikou::testing
