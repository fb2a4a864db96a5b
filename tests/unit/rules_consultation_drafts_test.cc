// What a draft must be, who names whom, and the question to FindSlots that follows from a consultation.
#include <functional>

#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/drafts.h"
#include "services/consultation/rules/slots.h"
#include "services/consultation/rules/travel.h"
#include "tests/unit/consultation_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::consultation::rules {
namespace {

using duikou::testing::BadFields;
using duikou::testing::CalendarsOf;
using duikou::testing::ConsultationIn;
using duikou::testing::Draft;
using duikou::testing::Fails;
using duikou::testing::HostScheduler;
using duikou::testing::IsOk;
using duikou::testing::kLi;
using duikou::testing::kNow;
using duikou::testing::kRoom;
using duikou::testing::kSun;
using duikou::testing::kWang;
using duikou::testing::kZhao;
using duikou::testing::MomentAt;
using duikou::testing::ParticipantOf;
using duikou::testing::Seats;
using ::testing::ElementsAre;
using v1::Consultation;
using Participant = v1::Consultation::Participant;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(DraftsTest, AGoodDraftIsFilledIn) {
  Consultation draft = Draft();
  ASSERT_THAT(CheckDraft(draft, "consultation"), IsOk());
  EXPECT_EQ(draft.host_city(), "cities/210800");
  EXPECT_THAT(draft.cities(), ElementsAre("cities/210800", "cities/320700"));
  EXPECT_EQ(FindParticipant(draft, kLi)->city(), "cities/320700");
}

TEST(DraftsTest, EachFaultHasItsReason) {
  const std::pair<const char*, std::function<void(Consultation&)>> rows[] = {
      {"PARTY_TWICE", [](Consultation& draft) { draft.add_parties()->set_city("cities/320700"); }},
      {"TOO_FEW_PARTIES",
       [](Consultation& draft) {
         draft.clear_participants();
         draft.mutable_parties()->RemoveLast();
       }},
      {"HOST_NOT_A_PARTY",
       [](Consultation& draft) {
         draft.clear_participants();
         draft.mutable_parties(0)->set_city("cities/440100");
       }},
      {"LENGTH_OFF_GRID", [](Consultation& draft) { draft.set_length_minutes(100); }},
      {"WINDOW_INVALID",
       [](Consultation& draft) { *draft.mutable_windows(0)->mutable_end_time() = draft.windows(0).start_time(); }},
      {"WINDOWS_TOO_WIDE",
       [](Consultation& draft) {
         auto& window = *draft.add_windows();
         *window.mutable_start_time() = ToTimestamp(MomentAt("2027-03-03 00:00"));
         *window.mutable_end_time() = ToTimestamp(MomentAt("2027-03-04 00:15"));
       }},
      {"ITINERARY_MISPLACED", [](Consultation& draft) { draft.add_itinerary()->set_place("港口"); }},
      {"PARTICIPANT_TWICE",
       [](Consultation& draft) { *draft.add_participants() = ParticipantOf(kZhao, Participant::ALTERNATE, kLi); }},
      {"PARTICIPANT_OF_NO_PARTY",
       [](Consultation& draft) {
         *draft.add_participants() = ParticipantOf("cities/440100/calendars/he", Participant::OPTIONAL);
       }},
      {"ALTERNATE_WITHOUT_PRINCIPAL",
       [](Consultation& draft) { FindParticipant(draft, kZhao)->set_alternate_for(kSun); }},
      {"ALTERNATE_WITHOUT_PRINCIPAL",
       [](Consultation& draft) { FindParticipant(draft, kZhao)->clear_alternate_for(); }},
      {"ALTERNATE_OF_OTHER_CITY", [](Consultation& draft) { FindParticipant(draft, kZhao)->set_alternate_for(kWang); }},
      {"QUORUM_OUT_OF_REACH", [](Consultation& draft) { draft.mutable_parties(1)->set_quorum(4); }},
  };
  for (const auto& [reason, spoil] : rows) {
    Consultation draft = Draft();
    spoil(draft);
    EXPECT_THAT(CheckDraft(draft, "consultation"), Fails(kInvalid, reason));
  }
}

TEST(DraftsTest, AllFaultsAreToldAtOnce) {
  Consultation draft = Draft();
  draft.set_length_minutes(100);
  draft.mutable_parties(1)->set_quorum(9);
  EXPECT_THAT(BadFields(CheckDraft(draft, "consultation")),
              ElementsAre("consultation.length_minutes", "consultation.parties[1].quorum"));
}

TEST(DraftsTest, EachPartyNamesItsOwn) {
  Consultation draft = Draft();
  ASSERT_THAT(NameParticipants(draft, "cities/320700", {ParticipantOf(kZhao, Participant::PRINCIPAL)}, 1), IsOk());
  EXPECT_EQ(draft.participants_size(), 4);
  EXPECT_EQ(FindParticipant(draft, kLi), nullptr);
  EXPECT_EQ(FindParticipant(draft, kZhao)->role(), Participant::PRINCIPAL);
  EXPECT_EQ(draft.parties(1).quorum(), 1);
  EXPECT_THAT(NameParticipants(draft, "cities/320700", {ParticipantOf(kWang, Participant::OBSERVER)}, 0),
              Fails(kInvalid, "PARTICIPANT_OF_OTHERS"));
}

TEST(DraftsTest, WhatAPartyNamesIsToldByTheFieldsOfItsRequest) {
  Consultation draft = Draft();
  const absl::Status refused =
      NameParticipants(draft, "cities/320700",
                       {ParticipantOf(kZhao, Participant::PRINCIPAL), ParticipantOf(kLi, Participant::ALTERNATE)}, 9);
  EXPECT_THAT(refused, Fails(kInvalid, "ALTERNATE_WITHOUT_PRINCIPAL"));
  EXPECT_THAT(BadFields(refused), ElementsAre("participants[1].alternate_for", "quorum"));
}

TEST(DraftsTest, TheHostNamesItsOwnAtCreation) {
  Consultation draft = Draft();
  const absl::Status refused = CheckHostsParticipants(draft, "consultation", HostScheduler());
  ASSERT_THAT(refused, Fails(kInvalid, "PARTICIPANT_OF_OTHERS"));
  EXPECT_THAT(BadFields(refused),
              ElementsAre("consultation.participants[2].calendar", "consultation.participants[3].calendar",
                          "consultation.participants[4].calendar"));
  const Caller service{.kind = Caller::Kind::kService, .name = "services/setup"};
  EXPECT_THAT(CheckHostsParticipants(draft, "consultation", service), IsOk());
  draft.mutable_participants()->DeleteSubrange(2, 3);
  EXPECT_THAT(CheckHostsParticipants(draft, "consultation", HostScheduler()), IsOk());
}

TEST(DraftsTest, AnUpdateByTheHostChangesItsOwnAlone) {
  const auto calendars = [](const Consultation& consultation) {
    std::vector<std::string> names;
    for (const Participant& participant : consultation.participants()) names.push_back(participant.title());
    return names;
  };
  Consultation after = Draft();
  FindParticipant(after, kSun)->set_role(Participant::OPTIONAL);
  EXPECT_THAT(KeepOthersParticipants(Draft(), after), IsOk());
  EXPECT_EQ(FindParticipant(after, kSun)->role(), Participant::OPTIONAL);
  FindParticipant(after, kZhao)->set_role(Participant::OPTIONAL);
  EXPECT_THAT(KeepOthersParticipants(Draft(), after), Fails(kInvalid, "PARTICIPANT_OF_OTHERS"));
  // Some of another city's is a change of these; none, as whoever creates it again says, is a change of one's own.
  after = Draft();
  after.mutable_participants()->DeleteSubrange(3, 1);
  EXPECT_THAT(KeepOthersParticipants(Draft(), after), Fails(kInvalid, "PARTICIPANT_OF_OTHERS"));
  after = Draft();
  after.mutable_participants()->DeleteSubrange(1, 5);
  EXPECT_THAT(KeepOthersParticipants(Draft(), after), IsOk());
  EXPECT_THAT(calendars(after), ElementsAre("wang", "li", "zhao", "qian"));
  after = Draft();
  after.clear_participants();
  after.mutable_parties()->RemoveLast();
  EXPECT_THAT(KeepOthersParticipants(Draft(), after), Fails(kInvalid, "PARTICIPANT_OF_OTHERS"));
}

TEST(DraftsTest, ParticipantsAreFilledInFromTheirCalendars) {
  v1::Calendar calendar;
  calendar.set_name(kLi);
  calendar.set_kind(v1::Calendar::PERSON);
  calendar.set_title("李某");
  calendar.set_position("副市长");
  calendar.set_protocol_order(3);
  Participant participant = ParticipantOf(kLi, Participant::PRINCIPAL);
  ASSERT_THAT(FillParticipant(participant, calendar, "participants[0]"), IsOk());
  EXPECT_EQ(participant.title() + participant.position(), "李某副市长");
  EXPECT_EQ(participant.protocol_order(), 3);
  calendar.set_kind(v1::Calendar::ROOM);
  const absl::Status refused = FillParticipant(participant, calendar, "participants[0]");
  EXPECT_THAT(refused, Fails(kInvalid, "CALENDAR_OF_A_ROOM"));
  EXPECT_THAT(BadFields(refused), ElementsAre("participants[0].calendar"));
}

TEST(TravelTest, ByWhereEachParticipantIs) {
  Consultation draft = Draft();
  draft.mutable_parties(1)->set_travel_before_minutes(100);
  EXPECT_EQ(TravelOf(draft, *FindParticipant(draft, kWang)), (Travel{0, 0})) << "at home";
  EXPECT_EQ(TravelOf(draft, *FindParticipant(draft, kLi)), (Travel{7, 8})) << "100 minutes are rounded up";
  FindParticipant(draft, kLi)->set_by_video(true);
  EXPECT_EQ(TravelOf(draft, *FindParticipant(draft, kLi)), (Travel{0, 0}));
  EXPECT_EQ(TravelOf(draft, *FindParticipant(draft, kZhao)), (Travel{7, 8}));
  draft.set_mode(Consultation::VIDEO);
  EXPECT_EQ(TravelOf(draft, *FindParticipant(draft, kZhao)), (Travel{0, 0}));
}

TEST(TravelTest, WhatIsLeftOutIsThatOfTheHost) {
  Consultation draft = Draft();
  draft.mutable_parties(1)->clear_travel_after_minutes();
  draft.add_parties()->set_city("cities/110106");
  v1::ConsultationSettings settings;
  auto& travel = *settings.add_travel();
  travel.set_city("cities/320700");
  travel.set_after_minutes(90);
  FillTravel(draft, settings);
  EXPECT_EQ(draft.parties(0).travel_before_minutes(), 0) << "the host does not travel";
  EXPECT_EQ(draft.parties(1).travel_before_minutes(), 120);
  EXPECT_EQ(draft.parties(1).travel_after_minutes(), 90);
  EXPECT_EQ(draft.parties(2).travel_before_minutes(), 240);
}

// ---------------------------------------------------------------------------------------------- from record to slots

TEST(SlotQuestionTest, HoldsExceptionsAndBusyTimeCount) {
  Consultation draft = Draft();
  CalendarsOf calendars(draft);
  calendars.SetBusy(kWang, "2026-03-03 00:00", "2026-03-04 00:00");
  auto& hold = *calendars.calendars[kSun].add_holds();
  hold.set_consultation("cities/320700/consultations/c7");
  *hold.mutable_start_time() = ToTimestamp(MomentAt("2026-03-03 00:00"));
  *hold.mutable_end_time() = ToTimestamp(MomentAt("2026-03-03 14:00"));
  auto& away = *calendars.calendars[kLi].add_availability();
  *away.mutable_start_time() = ToTimestamp(MomentAt("2026-03-03 17:00"));
  *away.mutable_end_time() = ToTimestamp(MomentAt("2026-03-04 14:30"));
  for (auto& [name, calendar] : calendars.calendars) {
    if (name != kLi && CityOf(name) == "cities/320700") *calendar.add_availability() = away;
  }
  const auto query = QuestionOf(draft, {}, calendars.Sources());
  ASSERT_THAT(query, IsOk());
  EXPECT_EQ(query->hours.size(), 2U) << "of offices, and of the room";
  const auto response = FindSlots(*query);
  ASSERT_GT(response.slots_size(), 0);
  // Li must be back in Lianyungang at 17:00 on Tuesday: so not from 14:00 on, when Sun could stand in.
  EXPECT_EQ(ToTime(response.slots(0).start_time()), MomentAt("2026-03-05 09:15"));
  // Its own hold is in nobody's way, and one that has expired neither.
  calendars.calendars[kSun].mutable_holds(0)->set_consultation(draft.name());
  calendars.calendars[kLi].clear_availability();
  EXPECT_EQ(ToTime(FindSlots(*QuestionOf(draft, {}, calendars.Sources())).slots(0).start_time()),
            MomentAt("2026-03-04 09:15"));
}

TEST(SlotQuestionTest, WhatIsAskedIsChecked) {
  Consultation draft = Draft();
  CalendarsOf calendars(draft);
  v1::FindSlotsRequest request;
  request.set_length_minutes(50);
  EXPECT_THAT(QuestionOf(draft, request, calendars.Sources()), Fails(kInvalid, "LENGTH_OFF_GRID"));
  draft.clear_windows();
  EXPECT_THAT(QuestionOf(draft, {}, calendars.Sources()), Fails(kInvalid, "WINDOWS_MISSING"));
  draft.clear_participants();
  EXPECT_THAT(QuestionOf(draft, {}, calendars.Sources()), Fails(kForbidden, "PRINCIPALS_MISSING"));
}

TEST(SlotQuestionTest, TheRoomTakesAllWhoCome) {
  Consultation draft = Draft();
  draft.mutable_room_need()->clear_seats();
  CalendarsOf calendars(draft);
  EXPECT_EQ(QuestionOf(draft, {}, calendars.Sources())->room->seats, 3) << "two seats of principals and an observer";
  draft.set_mode(Consultation::VIDEO);
  EXPECT_EQ(QuestionOf(draft, {}, calendars.Sources())->room->seats, 2) << "those of the host";
}

TEST(SlotQuestionTest, LongOnesGoOnOverLunchAndVisitsOverNights) {
  v1::Calendar calendar;
  EXPECT_EQ(HoursOf(calendar, nullptr, 240).periods, (std::vector<DayPeriod>{{540, 1020}}));
  EXPECT_EQ(HoursOf(calendar, nullptr, 240).lunch, (DayPeriod{720, 810}));
  EXPECT_FALSE(HoursOf(calendar, nullptr, 255).lunch.has_value());
  for (const auto& [begin, end] : {std::pair(480, 690), {840, 1080}}) {
    auto& period = *calendar.add_working_hours();
    period.set_begin_minute(begin);
    period.set_end_minute(end);
  }
  EXPECT_EQ(HoursOf(calendar, nullptr, 240).periods.size(), 2U);
  EXPECT_EQ(HoursOf(calendar, nullptr, 255).periods, (std::vector<DayPeriod>{{480, 1080}}));
  EXPECT_TRUE(HoursOf(calendar, nullptr, 735).periods.empty());
  // A visit of three days, which a weekend is not part of.
  Consultation visit = Draft();
  visit.set_kind(Consultation::VISIT);
  visit.set_length_minutes(3 * 24 * 60);
  *visit.mutable_windows(0)->mutable_start_time() = ToTimestamp(MomentAt("2026-03-05 00:00"));
  *visit.mutable_windows(0)->mutable_end_time() = ToTimestamp(MomentAt("2026-03-14 00:00"));
  CalendarsOf calendars(visit);
  const auto response = FindSlots(*QuestionOf(visit, {}, calendars.Sources()));
  ASSERT_GT(response.slots_size(), 0);
  EXPECT_EQ(response.feasible_starts(), 2 * 96 + 1) << "any time from Monday 0:00 to Wednesday 0:00";
}

TEST(SlotAtTest, OneThatIsFeasibleAndWhyAnotherIsNot) {
  Consultation draft = Draft();
  CalendarsOf calendars(draft);
  const auto slot = SlotAt(draft, MomentAt("2026-03-04 10:00"), kRoom, calendars.Sources());
  ASSERT_THAT(slot, IsOk());
  EXPECT_EQ(slot->room(), kRoom);
  EXPECT_EQ(slot->attendees_size(), 2);
  EXPECT_THAT(SlotAt(draft, MomentAt("2026-03-04 10:05"), "", calendars.Sources()), Fails(kInvalid, "SLOT_OFF_GRID"));
  EXPECT_THAT(SlotAt(draft, MomentAt("2026-03-02 07:45"), "", calendars.Sources()), Fails(kInvalid, "SLOT_PAST"));
  EXPECT_THAT(SlotAt(draft, MomentAt("2026-03-04 10:00"), "cities/210800/calendars/x", calendars.Sources()),
              Fails(kInvalid, "ROOM_UNKNOWN"));
  calendars.SetBusy(kWang, "2026-03-04 11:00", "2026-03-04 11:30");
  calendars.SetBusy(kSun, "2026-03-04 09:00", "2026-03-04 10:15");
  const absl::Status status = SlotAt(draft, MomentAt("2026-03-04 10:00"), kRoom, calendars.Sources()).status();
  ASSERT_THAT(status, Fails(kForbidden, "SLOT_NOT_FEASIBLE"));
  const ErrorFacts facts = FactsOf(status);
  for (const char* title : {"“wang”没有空", "“sun”没有空"})
    EXPECT_NE(facts.text.zh.find(title), std::string::npos) << facts.text.zh;
  std::string blocking;
  for (const auto& [key, value] : facts.metadata) {
    if (key == "blocking") blocking = value;
  }
  for (const char* name : {kWang, kSun}) EXPECT_NE(blocking.find(name), std::string::npos) << blocking;
}

}  // namespace
}  // namespace duikou::consultation::rules
