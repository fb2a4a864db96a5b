// Consultations of two cities, through the service as it runs, on both engines.
#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "google/protobuf/empty.pb.h"
#include "services/consultation/proceedings.h"
#include "tests/integration/consultation_fixture.h"
#include "tests/integration/holidays.h"

namespace duikou::testing {
namespace {

using namespace consultation::v1;  // NOLINT(google-build-using-namespace): the API under test.
using pending::v1::PendingItem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kNotFound = absl::StatusCode::kNotFound;

INSTANTIATE_TEST_SUITE_P(Engines, ConsultationTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(ConsultationTest, FindsHoldsAnswersConfirms) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li", "mishu");
  MakeBusy(wang, At(4, 0), At(4, 10));
  MakeBusy(li, At(4, 11), At(4, 24));
  const std::string name = Create(DraftOf(wang, li), "c1");
  FindSlotsRequest find;
  find.set_name(name);
  find.set_overlapping(true);
  const auto slots = Call<FindSlotsResponse>(find, Guest());
  ASSERT_THAT(slots, IsOk());
  ASSERT_FALSE(slots->slots().empty());
  for (const Slot& slot : slots->slots()) {
    const absl::Time start = consultation::rules::ToTime(slot.start_time());
    EXPECT_TRUE(start == At(4, 10) || start >= At(5, 9)) << "not " << start;
  }
  EXPECT_THAT(Call<FindSlotsResponse>(find, Third()), Fails(kNotFound, "NOT_FOUND"));

  EXPECT_THAT(Propose(name, At(4, 10, 15), Host()), Fails(kForbidden, "SLOT_NOT_FEASIBLE"));
  EXPECT_THAT(Propose(name, At(4, 10, 10), Host()), Fails(absl::StatusCode::kInvalidArgument, "SLOT_OFF_GRID"));
  const auto proposed = Propose(name, At(4, 10), Host());
  ASSERT_THAT(proposed, IsOk());
  EXPECT_EQ(proposed->state(), Consultation::PROPOSED);
  EXPECT_EQ(Holds(wang), 1U);
  EXPECT_EQ(Holds(li), 1U);
  const auto liaison = As(kLianyungang, "mishu", {type::v1::UNIT_OFFICER});
  EXPECT_THAT(Works(kLianyungang, liaison), ElementsAre(PendingItem::ANSWER_INVITATION));
  EXPECT_THAT(Answer(name, li, Consultation::Answer::ACCEPT, As(kLianyungang, "other", {type::v1::UNIT_OFFICER})),
              Fails(kDenied, "ANSWER_OF_OTHERS"));
  EXPECT_THAT(Answer(name, li, Consultation::Answer::ACCEPT, Host()), Fails(kDenied, "ANSWER_OF_OTHERS"));
  // Of another city, whoever else keeps a calendar there is not told, nor that he does.
  for (const std::string& calendar : {AddPerson(kLianyungang, "zhao"), std::string("cities/320700/calendars/none")}) {
    EXPECT_THAT(Answer(name, calendar, Consultation::Answer::ACCEPT, Host()),
                Fails(absl::StatusCode::kInvalidArgument, "NOT_A_PARTICIPANT"))
        << calendar;
  }
  ASSERT_THAT(Answer(name, li, Consultation::Answer::ACCEPT, liaison), IsOk());
  ASSERT_THAT(Answer(name, wang, Consultation::Answer::ACCEPT, Host()), IsOk());
  EXPECT_THAT(Works(kYingkou, Host()), Contains(PendingItem::CONFIRM_CONSULTATION));
  ASSERT_THAT(Act<ConfirmConsultationRequest>(name, Host()), IsOk());
  EXPECT_EQ(Get(name).state(), Consultation::CONFIRMED);
  EXPECT_THAT(Act<ConfirmConsultationRequest>(name, Host()), Fails(kForbidden, "CONSULTATION_STATE_FORBIDS"));

  // Its time is nobody else's.
  const std::string other = Create(DraftOf(wang, li), "c2");
  EXPECT_THAT(Propose(other, At(4, 10), Host()), Fails(kForbidden, "SLOT_NOT_FEASIBLE"));
  RescheduleConsultationRequest move;
  *move.mutable_start_time() = Stamp(At(5, 9));
  move.set_reason("市长外出");
  const auto moved = Act(name, Guest(), move);
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->state(), Consultation::PROPOSED);
  EXPECT_EQ(Holds(wang), 1U) << "the old hold went with the new one's coming";
  EXPECT_THAT(Propose(other, At(4, 10), Host()), IsOk());
  CancelConsultationRequest cancel;
  cancel.set_reason("合并召开");
  ASSERT_THAT(Act(name, Host(), cancel), IsOk());
  ASSERT_THAT(Act(other, Host(), cancel), IsOk());
  EXPECT_EQ(Holds(wang) + Holds(li), 0U);
}

TEST_P(ConsultationTest, AnAlternateStepsInAndADeclineWithoutOneReopens) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li"),
                    fu = AddPerson(kLianyungang, "fu");
  const std::string name = Create(DraftOf(wang, li, fu), "c1");
  ASSERT_THAT(Propose(name, At(4, 10), Host()), IsOk());
  ASSERT_THAT(Act<ConfirmConsultationRequest>(name, Host()), IsOk());
  EXPECT_EQ(Holds(fu), 0U);
  const auto stood_in = Answer(name, li, Consultation::Answer::DECLINE, Guest());
  ASSERT_THAT(stood_in, IsOk());
  EXPECT_EQ(stood_in->state(), Consultation::CONFIRMED);
  EXPECT_EQ(Holds(li), 0U);
  EXPECT_EQ(Holds(fu), 1U);
  const auto reopened = Answer(name, fu, Consultation::Answer::DECLINE, Guest());
  ASSERT_THAT(reopened, IsOk());
  EXPECT_EQ(reopened->state(), Consultation::PROPOSED);
  EXPECT_THAT(Act<ConfirmConsultationRequest>(name, Host()), Fails(kForbidden, "PRINCIPAL_DECLINED"));
  ListConsultationNoticesRequest told;
  told.set_parent(name);
  const auto notices = Call<ListConsultationNoticesResponse>(told, Host());
  ASSERT_THAT(notices, IsOk());
  std::vector<int> kinds;
  for (const auto& notice : notices->consultation_notices()) {
    if (notice.city() == kYingkou) kinds.push_back(notice.kind());
  }
  EXPECT_THAT(kinds, ::testing::UnorderedElementsAre(ConsultationNotice::STOOD_IN, ConsultationNotice::DECLINED));
}

TEST_P(ConsultationTest, HoldsExpire) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  auto draft = DraftOf(wang, li);
  *draft.mutable_consultation()->mutable_windows(0)->mutable_end_time() = Stamp(At(20, 0));
  const std::string name = Create(draft, "c1"), other = Create(draft, "c2");
  ASSERT_THAT(Propose(name, At(16, 10), Host()), IsOk());
  EXPECT_THAT(Propose(other, At(16, 10), Host()), Fails(kForbidden, "SLOT_NOT_FEASIBLE"));
  clock_.Set(At(5, 7, 59));
  CatchUpDays();
  EXPECT_EQ(Get(name).state(), Consultation::PROPOSED);
  clock_.Set(At(5, 8));
  // HOLDS_EXPIRED, or a draft already where the service's own run was quicker.
  EXPECT_EQ(Act<ConfirmConsultationRequest>(name, Host()).status().code(), kForbidden);
  ASSERT_THAT(Propose(other, At(16, 10), Host()), IsOk()) << "it keeps nobody out before the run comes to it";
  CatchUpDays();
  EXPECT_EQ(Get(name).state(), Consultation::DRAFT);
  EXPECT_EQ(Get(other).state(), Consultation::PROPOSED);
  EXPECT_EQ(Holds(wang), 1U);
}

// 32 clients, each with a consultation of its own, try for the same hour of one leader.
TEST_P(ConsultationTest, ContestedHoldsHaveOneWinner) {
  constexpr int kClients = 32;
  const int rounds = std::string(GetParam()) == "Postgres" ? 3 : 10;
  const std::string wang = AddPerson(kYingkou, "wang");
  std::vector<std::string> names;
  for (int i = 0; i < kClients; ++i) {
    auto draft = DraftOf(wang, AddPerson(kLianyungang, absl::StrCat("li", i)));
    *draft.mutable_consultation()->mutable_windows(0)->mutable_end_time() = Stamp(At(31, 0));
    names.push_back(Create(draft, absl::StrCat("c", i)));
  }
  for (int round = 0; round < rounds; ++round) {
    const absl::Time start = At(9 + round % 5, 9 + round / 5);
    std::atomic<int> won{0}, lost{0};
    std::string winner;
    absl::Mutex mutex;
    std::vector<std::thread> clients;
    for (const std::string& name : names) {
      clients.emplace_back([&, name] {
        const auto proposed = Propose(name, start, Host());
        if (proposed.ok()) {
          ++won;
          absl::MutexLock lock(&mutex);
          winner = name;
        } else if (proposed.status().code() == kForbidden) {
          ++lost;
        } else {
          ADD_FAILURE() << proposed.status();
        }
      });
    }
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(won, 1);
    EXPECT_EQ(lost, kClients - 1);
    EXPECT_EQ(Holds(wang), 1U);
    CancelConsultationRequest cancel;
    cancel.set_reason("下一轮");
    ASSERT_THAT(Act(winner, Host(), cancel), IsOk());
    std::erase(names, winner);
    auto draft = DraftOf(wang, AddPerson(kLianyungang, absl::StrCat("new", round)));
    *draft.mutable_consultation()->mutable_windows(0)->mutable_end_time() = Stamp(At(31, 0));
    names.push_back(Create(draft, absl::StrCat("n", round)));
  }
}

TEST_P(ConsultationTest, OthersSeeWhenSomebodyIsBusyAndNothingElse) {
  const std::string wang = AddPerson(kYingkou, "wang");
  MakeBusy(wang, At(4, 9, 20), At(4, 10));
  ListBusySourcesRequest list;
  list.set_parent(wang);
  const auto own = Call<ListBusySourcesResponse>(list, Host());
  ASSERT_THAT(own, IsOk());
  EXPECT_EQ(own->busy_sources_size(), 1);
  EXPECT_THAT(Call<ListBusySourcesResponse>(list, Guest()), Fails(kNotFound, "NOT_FOUND"))
      << "nor is the calendar seen";
  QueryFreeBusyRequest query;
  query.add_calendars(wang);
  *query.mutable_from_time() = Stamp(At(4, 9));
  *query.mutable_until_time() = Stamp(At(4, 12));
  const auto free_busy = Call<QueryFreeBusyResponse>(query, Guest());
  ASSERT_THAT(free_busy, IsOk());
  EXPECT_THAT(free_busy->ShortDebugString(), Not(HasSubstr("体检")));
  ASSERT_EQ(free_busy->free_busy(0).spans_size(), 1);
  EXPECT_EQ(free_busy->free_busy(0).spans(0).end_time().seconds(), absl::ToUnixSeconds(At(4, 10)))
      << "10:00 stays 10:00";
}

TEST_P(ConsultationTest, ACalendarThatAConsultationNamesStays) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  const std::string name = Create(DraftOf(wang, li), "c1");
  DeleteCalendarRequest remove;
  remove.set_name(wang);
  EXPECT_THAT(Call<google::protobuf::Empty>(remove, Host()), Fails(kForbidden, "RECORD_REFERRED"));
  DeleteConsultationRequest drop;
  drop.set_name(name);
  ASSERT_THAT(Call<google::protobuf::Empty>(drop, Host()), IsOk());
  EXPECT_THAT(Call<google::protobuf::Empty>(remove, Host()), IsOk());
}

TEST_P(ConsultationTest, WhoIsAwayDoesNotStandIn) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li"),
                    fu = AddPerson(kLianyungang, "fu");
  const std::string name = Create(DraftOf(wang, li, fu), "c1");
  ASSERT_THAT(Propose(name, At(4, 10), Host()), IsOk());
  UpdateCalendarRequest away;
  away.mutable_calendar()->set_name(fu);
  auto& leave = *away.mutable_calendar()->add_availability();
  *leave.mutable_start_time() = Stamp(At(4, 0));
  *leave.mutable_end_time() = Stamp(At(5, 0));
  ASSERT_THAT(Call<Calendar>(away, Guest()), IsOk());
  ASSERT_THAT(Answer(name, li, Consultation::Answer::DECLINE, Guest()), IsOk());
  EXPECT_EQ(Holds(fu), 0U);
  EXPECT_THAT(Act<ConfirmConsultationRequest>(name, Host()), Fails(kForbidden, "PRINCIPAL_DECLINED"));
}

TEST_P(ConsultationTest, CalendarFilesComeInAndGoOut) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  ImportBusyTimeRequest import;
  import.set_parent(wang);
  import.set_busy_source_id("outlook");
  import.set_content(
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:1@x\r\nDTSTAMP:20260301T000000Z\r\n"
      "DTSTART:20260304T010000Z\r\nDTEND:20260304T020000Z\r\nRRULE:FREQ=DAILY;COUNT=2\r\nSUMMARY:晨会\r\nEND:VEVENT\r\n"
      "END:VCALENDAR\r\n");
  const auto imported = Call<ImportBusyTimeResponse>(import, Host());
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->blocks(), 2);
  ASSERT_THAT(Call<ImportBusyTimeResponse>(import, Host()), IsOk()) << "again, in place of the first";
  import.set_content("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VEVENT\r\n");
  EXPECT_THAT(Call<ImportBusyTimeResponse>(import, Host()),
              Fails(absl::StatusCode::kInvalidArgument, "ICALENDAR_INVALID"));
  const std::string name = Create(DraftOf(wang, li), "c1");
  EXPECT_THAT(Propose(name, At(4, 9), Host()), Fails(kForbidden, "SLOT_NOT_FEASIBLE"));
  ASSERT_THAT(Propose(name, At(4, 10), Host()), IsOk());

  ExportInvitationRequest invitation;
  invitation.set_name(name);
  const auto invited = Call<ExportInvitationResponse>(invitation, Guest());
  ASSERT_THAT(invited, IsOk());
  EXPECT_THAT(invited->content(), HasSubstr("METHOD:REQUEST"));
  EXPECT_THAT(invited->content(), HasSubstr("DTSTART:20260304T020000Z"));
  ImportReplyRequest reply;
  reply.set_content(
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
      "UID:c1.210800@duikou.invalid\r\nSEQUENCE:0\r\nDTSTAMP:20260302T000000Z\r\nDTSTART:20260304T020000Z\r\n"
      "ATTENDEE;PARTSTAT=ACCEPTED:mailto:li.320700@duikou.invalid\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
  EXPECT_THAT(Act(name, Host(), reply), Fails(kDenied, "ANSWER_OF_OTHERS"));
  const auto answered = Act(name, Guest(), reply);
  ASSERT_THAT(answered, IsOk());
  EXPECT_EQ(answered->participants(1).answer().kind(), Consultation::Answer::ACCEPT);

  CreateFeedRequest create;
  create.set_parent(kYingkou);
  create.set_feed_id("f1");
  create.mutable_feed()->set_detail(Feed::BUSY);
  const auto feed = Call<CreateFeedResponse>(create, Host());
  ASSERT_THAT(feed, IsOk());
  ReadFeedRequest read;
  read.set_name(feed->feed().name());
  read.set_secret(feed->secret());
  const rpc::CallOptions anyone{.deadline = absl::Now() + absl::Seconds(60)};
  const auto content = Call<ReadFeedResponse>(read, anyone);
  ASSERT_THAT(content, IsOk());
  EXPECT_THAT(content->content(), HasSubstr("DTSTART:20260304T020000Z"));
  EXPECT_THAT(content->content(), Not(HasSubstr("对口合作年度会商"))) << "busy alone, unless titles are asked for";
  read.set_secret("guessed");
  EXPECT_THAT(Call<ReadFeedResponse>(read, anyone), Fails(kNotFound, "NOT_FOUND"));
  RevokeFeedRequest revoke;
  revoke.set_name(feed->feed().name());
  ASSERT_THAT(Call<Feed>(revoke, Host()), IsOk());
  read.set_secret(feed->secret());
  EXPECT_THAT(Call<ReadFeedResponse>(read, anyone), Fails(kNotFound, "NOT_FOUND"));
}

TEST_P(ConsultationTest, MinutesAreSignedByBothAndDecisionsAgreed) {
  const std::string wang = AddPerson(kYingkou, "wang"), li = AddPerson(kLianyungang, "li");
  const std::string name = Create(DraftOf(wang, li), "c1");
  ASSERT_THAT(Propose(name, At(4, 10), Host()), IsOk());
  ASSERT_THAT(Act<ConfirmConsultationRequest>(name, Host()), IsOk());
  RecordAttendanceRequest attendance;
  attendance.add_attended(wang);
  attendance.add_attended(li);
  EXPECT_THAT(Act(name, Host(), attendance), Fails(kForbidden, "NOT_BEGUN"));
  clock_.Set(At(4, 11));
  ASSERT_THAT(Act(name, Host(), attendance), IsOk());
  CreateMinutesRequest create;
  create.set_parent(name);
  create.set_minutes_id("m1");
  create.mutable_minutes()->set_text("会议议定如下事项。");
  ASSERT_THAT(Call<Minutes>(create, Host()), IsOk());
  CreateDecisionRequest decide;
  decide.set_parent(name);
  decide.set_decision_id("d1");
  decide.mutable_decision()->set_position(1);
  decide.mutable_decision()->set_title("共建产业园");
  decide.mutable_decision()->add_lead_units()->set_unit("cities/210800/units/fagaiwei");
  decide.mutable_decision()->add_lead_units()->set_unit("cities/320700/units/fagaiwei");
  *decide.mutable_decision()->mutable_due_date() = consultation::rules::ToDate(absl::CivilDay(2026, 12, 31));
  ASSERT_THAT(Call<Decision>(decide, Guest()), IsOk());

  const std::string minutes = name + "/minutes/m1";
  const auto sign = [&](const rpc::CallOptions& options) -> absl::StatusOr<Minutes> {
    GetMinutesDigestRequest get;
    get.set_name(minutes);
    const auto digest = Call<GetMinutesDigestResponse>(get, options);
    if (!digest.ok()) return digest.status();
    SignMinutesRequest request;
    request.set_name(minutes);
    request.set_digest(digest->digest());
    return Call<Minutes>(request, options);
  };
  ASSERT_THAT(sign(Host()), IsOk());
  EXPECT_THAT(sign(Host()), Fails(kForbidden, "SIGNED_ALREADY"));
  IssueMinutesRequest issue;
  issue.set_name(minutes);
  EXPECT_THAT(Call<Minutes>(issue, Host()), Fails(kForbidden, "SIGNATURE_MISSING"));
  // A changed decision voids what was signed.
  UpdateDecisionRequest change;
  change.mutable_decision()->set_name(name + "/decisions/d1");
  change.mutable_decision()->set_title("共建产业园区");
  ASSERT_THAT(Call<Decision>(change, Host()), IsOk());
  const auto half = sign(Guest());
  ASSERT_THAT(half, IsOk());
  EXPECT_FALSE(half->has_sign_time());
  const auto whole = sign(Host());
  ASSERT_THAT(whole, IsOk());
  EXPECT_TRUE(whole->has_sign_time());
  GetDecisionRequest get;
  get.set_name(name + "/decisions/d1");
  EXPECT_EQ(Call<Decision>(get, Guest())->state(), Decision::AGREED);
  EXPECT_THAT(Call<Decision>(change, Host()), Fails(kForbidden, "DECISION_AGREED"));
  ASSERT_THAT(Call<Minutes>(issue, Host()), IsOk());
  EXPECT_EQ(Get(name).state(), Consultation::MINUTED);
  EXPECT_THAT(Act<CloseConsultationRequest>(name, Host()), Fails(kForbidden, "DECISION_WITHOUT_TASK"));
  const auto link = [&](const std::string& city) {
    LinkDecisionTaskRequest request;
    request.set_name(name + "/decisions/d1");
    request.set_task(city + "/tasks/t1");
    return Take(service_->store(),
                [request](Txn& txn) { return consultation::LinkDecisionTask(txn, txn.caller(), request).status(); });
  };
  ASSERT_THAT(link(kYingkou), IsOk());
  const std::string etag = Call<Decision>(get, Guest())->etag();
  ASSERT_THAT(link(kYingkou), IsOk());
  EXPECT_EQ(Call<Decision>(get, Guest())->etag(), etag) << "told again, it is no change";
  ASSERT_THAT(link(kLianyungang), IsOk());
  EXPECT_EQ(Call<Decision>(get, Guest())->state(), Decision::TASKED);
  ASSERT_THAT(Act<CloseConsultationRequest>(name, Host()), IsOk());

  CountConsultationsRequest count;
  count.set_parent(kLianyungang);
  count.set_year(2026);
  const auto counts = Call<CountConsultationsResponse>(count, Guest());
  ASSERT_THAT(counts, IsOk());
  ASSERT_EQ(counts->counts_size(), 1);
  EXPECT_EQ(counts->counts(0).meetings(), 1);
  EXPECT_EQ(counts->counts(0).host_city(), kYingkou);
}

TEST_P(ConsultationTest, SeriesRotates) {
  CreateSeriesRequest create;
  create.set_parent(kYingkou);
  create.set_series_id("s1");
  Series& series = *create.mutable_series();
  series.set_title("年度会商");
  series.set_kind(Consultation::MEETING);
  series.set_tier(Consultation::DECISION);
  series.mutable_recurrence()->set_by_month(3);
  *series.mutable_first_date() = consultation::rules::ToDate(absl::CivilDay(2026, 1, 1));
  series.add_hosts(kYingkou);
  series.add_hosts(kLianyungang);
  series.set_length_minutes(120);
  ASSERT_THAT(Call<Series>(create, Host()), IsOk());
  ProposeNextTurnRequest next;
  next.set_name("cities/210800/series/s1");
  const auto first = Call<Consultation>(next, Host());
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->host_city(), kYingkou);
  EXPECT_THAT(Call<Consultation>(next, Host()), Fails(kForbidden, "TURN_OPEN"));
  CancelConsultationRequest cancel;
  cancel.set_reason("疫情");
  ASSERT_THAT(Act(first->name(), Host(), cancel), IsOk());
  SkipTurnRequest skip;
  skip.set_name(next.name());
  skip.set_reason("疫情");
  ASSERT_THAT(Call<Series>(skip, Host()), IsOk());
  const auto second = Call<Consultation>(next, Guest());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->host_city(), kLianyungang);
  EXPECT_THAT(second->name(), HasSubstr("cities/320700/consultations/"));
}

}  // namespace
}  // namespace duikou::testing
