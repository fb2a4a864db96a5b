// What comes late or is taken back: answers after the meeting, drafts of turns, decisions after all have signed.
#include <string>
#include <vector>

#include "google/protobuf/empty.pb.h"
#include "tests/integration/consultation_fixture.h"

namespace duikou::testing {
namespace {

using namespace consultation::v1;  // NOLINT(google-build-using-namespace): the API under test.
using pending::v1::PendingItem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;

// A series of Yingkou and Lianyungang, due by the end of each March, with its first turn drafted in Yingkou.
class TurnsTest : public ConsultationTest {
 protected:
  std::string series_ = "cities/210800/series/s1";

  void CreateSeries() {
    CreateSeriesRequest create;
    create.set_parent(kYingkou);
    create.set_series_id("s1");
    Series& series = *create.mutable_series();
    series.set_title("年度会商");
    series.set_kind(Consultation::MEETING);
    series.set_tier(Consultation::DECISION);
    series.set_partnership("cities/210800/partnerships/yinglian");
    series.mutable_recurrence()->set_by_month(3);
    *series.mutable_first_date() = consultation::rules::ToDate(absl::CivilDay(2026, 1, 1));
    series.add_hosts(kYingkou);
    series.add_hosts(kLianyungang);
    series.set_length_minutes(60);
    EXPECT_THAT(Call<Series>(create, Host()), IsOk());
  }
  absl::StatusOr<Consultation> NextTurn(const rpc::CallOptions& options) {
    ProposeNextTurnRequest next;
    next.set_name(series_);
    return Call<Consultation>(next, options);
  }
  absl::StatusOr<Consultation> Name(const std::string& name, const std::string& calendar,
                                    const rpc::CallOptions& options) {
    NameParticipantsRequest request;
    auto& participant = *request.add_participants();
    participant.set_calendar(calendar);
    participant.set_role(Consultation::Participant::PRINCIPAL);
    return Act(name, options, request);
  }
  // Confirmed for 4 March, 10:00, with these two.
  std::string Confirmed(const std::string& name) {
    EXPECT_THAT(Propose(name, At(4, 10), Host()), IsOk());
    EXPECT_THAT(Act<ConfirmConsultationRequest>(name, Host()), IsOk());
    return name;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, TurnsTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(TurnsTest, ADeclineAfterTheMeetingLeavesItAsItWas) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  const std::string name = Confirmed(Create(DraftOf(wang, li), "c1"));
  clock_.Set(At(4, 10, 30));
  EXPECT_THAT(Answer(name, li, Consultation::Answer::DECLINE, Guest()), Fails(kForbidden, "CONSULTATION_BEGUN"));
  ImportReplyRequest reply;
  reply.set_content(
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
      "UID:c1.210800@duikou.invalid\r\nSEQUENCE:0\r\nDTSTAMP:20260302T000000Z\r\nDTSTART:20260304T020000Z\r\n"
      "ATTENDEE;PARTSTAT=DECLINED:mailto:li.320700@duikou.invalid\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
  EXPECT_THAT(Act(name, Guest(), reply), Fails(kForbidden, "CONSULTATION_BEGUN"));
  CatchUpDays();
  EXPECT_EQ(Get(name).state(), Consultation::CONFIRMED);
  EXPECT_THAT(Works(kLianyungang, Guest()), Not(Contains(PendingItem::ANSWER_INVITATION)));
  RecordAttendanceRequest attendance;
  attendance.add_attended(wang);
  attendance.add_attended(li);
  EXPECT_THAT(Act(name, Host(), attendance), IsOk());
}

TEST_P(TurnsTest, ADeletedDraftGivesItsTurnBack) {
  CreateSeries();
  const auto first = NextTurn(Host());
  ASSERT_THAT(first, IsOk());
  DeleteConsultationRequest drop;
  drop.set_name(first->name());
  ASSERT_THAT(Call<google::protobuf::Empty>(drop, Host()), IsOk());
  const auto again = NextTurn(Host());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->host_city(), kYingkou);
}

TEST_P(TurnsTest, ATurnIsOfASeriesThatItsHostSees) {
  CreateSeries();
  auto draft = DraftOf(AddPerson(kYingkou, "wang"), AddPerson(kLianyungang, "li"));
  draft.set_parent(kShenyang);
  draft.set_consultation_id("c1");
  draft.mutable_consultation()->clear_participants();
  draft.mutable_consultation()->set_series(series_);
  EXPECT_THAT(Call<Consultation>(draft, Third()), Fails(absl::StatusCode::kInvalidArgument, "REFERENCE_UNKNOWN"));
}

TEST_P(TurnsTest, ADecisionIsOnAnItemOfItsOwnAgenda) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  const std::string name = Create(DraftOf(wang, li), "c1");
  const std::string by_number = absl::StrCat(kYingkou, "/consultations/", Get(name).number());
  CreateAgendaItemRequest item;
  item.set_parent(name);
  item.set_agenda_item_id("a1");
  item.mutable_agenda_item()->set_position(1);
  item.mutable_agenda_item()->set_title("港口合作");
  ASSERT_THAT(Call<AgendaItem>(item, Host()), IsOk());
  Confirmed(name);
  clock_.Set(At(4, 11));
  RecordAttendanceRequest attendance;
  attendance.add_attended(wang);
  ASSERT_THAT(Act(name, Host(), attendance), IsOk());
  CreateDecisionRequest create;
  create.set_parent(by_number);
  create.mutable_decision()->set_position(1);
  create.mutable_decision()->set_title("共建物流通道");
  create.mutable_decision()->add_lead_units()->set_unit("cities/210800/units/gangkouju");
  *create.mutable_decision()->mutable_due_date() = consultation::rules::ToDate(absl::CivilDay(2026, 12, 31));
  create.mutable_decision()->set_agenda_item(by_number + "/agendaItems/a1");
  const auto decision = Call<Decision>(create, Host());
  ASSERT_THAT(decision, IsOk());
  EXPECT_EQ(decision->agenda_item(), name + "/agendaItems/a1");
  create.mutable_decision()->set_agenda_item(name + "/agendaItems/a2");
  EXPECT_THAT(Call<Decision>(create, Host()), Fails(absl::StatusCode::kInvalidArgument, "REFERENCE_UNKNOWN"));
}

TEST_P(TurnsTest, TheNextTurnTakesOverWhoTookPart) {
  CreateSeries();
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  const auto first = NextTurn(Host());
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->partnership_title(), "yinglian");
  ASSERT_EQ(first->parties_size(), 2);
  EXPECT_EQ(first->parties(0).city_title(), "210800") << "as the directory calls it";
  ASSERT_THAT(Name(first->name(), wang, Host()), IsOk());
  ASSERT_THAT(Name(first->name(), li, Guest()), IsOk());
  Confirmed(first->name());
  clock_.Set(At(4, 11));
  RecordAttendanceRequest attendance;
  attendance.add_attended(wang);
  ASSERT_THAT(Act(first->name(), Host(), attendance), IsOk());

  UpdateSeriesRequest join;
  join.mutable_series()->set_name(series_);
  for (const char* host : {kYingkou, kShenyang, kLianyungang}) join.mutable_series()->add_hosts(host);
  join.mutable_update_mask()->add_paths("hosts");
  ASSERT_THAT(Call<Series>(join, Host()), IsOk());
  const auto second = NextTurn(Third());
  ASSERT_THAT(second, IsOk()) << "the host that joined is a party of its own consultation";
  EXPECT_EQ(second->host_city(), kShenyang);
  ASSERT_EQ(second->participants_size(), 2);
  EXPECT_EQ(second->participants(1).calendar(), li);
  EXPECT_FALSE(second->participants(0).has_answer());
  std::vector<std::string> titles;
  for (const auto& party : second->parties()) titles.push_back(party.city_title());
  EXPECT_THAT(titles, ElementsAre("210800", "320700", "210100"));
}

TEST_P(TurnsTest, EachCityNamesItsOwnFromTheBeginning) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  auto draft = DraftOf(wang, li);
  const absl::Status refused = Call<Consultation>(draft, Host()).status();
  EXPECT_THAT(refused, Fails(absl::StatusCode::kInvalidArgument, "PARTICIPANT_OF_OTHERS"));
  EXPECT_THAT(BadFields(refused), ElementsAre("consultation.participants[1].calendar"));
  const std::string name = Create(draft, "c1");
  EXPECT_EQ(Get(name).participants_size(), 2);
  // The host's list of its own leaves the guest's as it is.
  UpdateConsultationRequest change;
  change.mutable_consultation()->set_name(name);
  auto& wang_only = *change.mutable_consultation()->add_participants();
  wang_only = draft.consultation().participants(0);
  wang_only.set_by_video(true);
  const auto changed = Call<Consultation>(change, Host());
  ASSERT_THAT(changed, IsOk());
  ASSERT_EQ(changed->participants_size(), 2);
  EXPECT_TRUE(changed->participants(0).by_video());
  EXPECT_EQ(changed->participants(1).calendar(), li);
}

TEST_P(TurnsTest, ATurnThatIsRestrictedIsNamedToWhoMaySeeIt) {
  CreateSeries();
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  const auto first = NextTurn(Host());
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(Name(first->name(), wang, Host()), IsOk());
  ASSERT_THAT(Name(first->name(), li, Guest()), IsOk());
  const auto clerk = As(kYingkou, "clerk", {type::v1::SCHEDULER});
  const auto listed = [&](const rpc::CallOptions& options) {
    ListTurnsRequest list;
    list.set_name(series_);
    const auto turns = Call<ListTurnsResponse>(list, options);
    EXPECT_THAT(turns, IsOk());
    return turns.ok() ? turns->turns(0).consultation() : "";
  };
  EXPECT_EQ(listed(clerk), first->name());
  UpdateConsultationRequest close;
  close.mutable_consultation()->set_name(first->name());
  close.mutable_consultation()->mutable_access()->set_disclosure(type::v1::Access::RESTRICTED);
  ASSERT_THAT(Call<Consultation>(close, Host()), IsOk());
  EXPECT_EQ(listed(clerk), "");
  GetSeriesRequest get;
  get.set_name(series_);
  const auto shown = Call<Series>(get, clerk);
  ASSERT_THAT(shown, IsOk());
  EXPECT_EQ(shown->turns(0).consultation(), "");
  EXPECT_EQ(listed(Host()), first->name());
  const auto named = [&](const absl::Status& status) {
    EXPECT_THAT(status, Fails(kForbidden, "TURN_OPEN"));
    return FactsOf(status).text.zh.find(first->name()) != std::string::npos;
  };
  EXPECT_FALSE(named(NextTurn(clerk).status()));
  EXPECT_TRUE(named(NextTurn(Guest()).status()));

  Confirmed(first->name());
  clock_.Set(At(4, 11));
  ASSERT_THAT(Act<RecordAttendanceRequest>(first->name(), Host()), IsOk());
  const auto second = NextTurn(As(kLianyungang, "clerk", {type::v1::SCHEDULER}));
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->participants_size(), 0) << "who took part in what was RESTRICTED";
}

TEST_P(TurnsTest, WhatAllHaveSignedTakesNoFurtherDecision) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  const std::string name = Confirmed(Create(DraftOf(wang, li), "c1"));
  clock_.Set(At(4, 11));
  ASSERT_THAT(Act<RecordAttendanceRequest>(name, Host()), IsOk());
  CreateMinutesRequest create;
  create.set_parent(name);
  create.set_minutes_id("m1");
  create.mutable_minutes()->set_text("会议议定如下事项。");
  ASSERT_THAT(Call<Minutes>(create, Host()), IsOk());
  const auto decide = [&](const std::string& title) {
    CreateDecisionRequest request;
    request.set_parent(name);
    request.mutable_decision()->set_position(1);
    request.mutable_decision()->set_title(title);
    request.mutable_decision()->add_lead_units()->set_unit("cities/210800/units/fagaiwei");
    *request.mutable_decision()->mutable_due_date() = consultation::rules::ToDate(absl::CivilDay(2026, 12, 31));
    return Call<Decision>(request, Host()).status();
  };
  const auto sign = [&](const rpc::CallOptions& options) {
    GetMinutesDigestRequest get;
    get.set_name(name + "/minutes/m1");
    SignMinutesRequest request;
    request.set_name(get.name());
    const auto digest = Call<GetMinutesDigestResponse>(get, options);
    if (digest.ok()) request.set_digest(digest->digest());
    return Call<Minutes>(request, options).status();
  };
  ASSERT_THAT(sign(Host()), IsOk());
  EXPECT_THAT(Works(kYingkou, Host()), Not(Contains(PendingItem::SIGN_MINUTES)));
  ASSERT_THAT(decide("共建产业园"), IsOk());
  EXPECT_THAT(Works(kYingkou, Host()), Contains(PendingItem::SIGN_MINUTES)) << "its signature is void";
  ASSERT_THAT(sign(Host()), IsOk());
  ASSERT_THAT(sign(Guest()), IsOk());
  EXPECT_THAT(decide("未经会签"), Fails(kForbidden, "MINUTES_SIGNED"));
  EXPECT_THAT(Works(kYingkou, Host()), Contains(PendingItem::ISSUE_MINUTES));
}

}  // namespace
}  // namespace duikou::testing
