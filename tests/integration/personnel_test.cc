// Engagements between two cities, through the service as it runs, on both engines.
#include "absl/strings/str_join.h"
#include "tests/integration/personnel_fixture.h"

namespace duikou::testing {
namespace {

using personnel::v1::AmendEngagementTermsRequest;
using personnel::v1::CorrectEngagementRequest;
using personnel::v1::EndEngagementEarlyRequest;
using personnel::v1::Engagement;
using personnel::v1::ExchangeNotice;
using personnel::v1::Person;
using personnel::v1::ProposeExtensionRequest;
using personnel::v1::RecordArrivalRequest;
using personnel::v1::RejectEngagementRequest;
using personnel::v1::WithdrawEngagementRequest;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;

INSTANTIATE_TEST_SUITE_P(Engines, PersonnelTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

class RegesTest : public PersonnelTest {};
INSTANTIATE_TEST_SUITE_P(Engines, RegesTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(RegesTest, WithdrawnProposalCannotBeAccepted) {
  const std::string quota = AddQuota(1);
  const std::string name = Propose(AddPerson("wang")).name();
  ASSERT_THAT(Approve(name, Home()), IsOk());
  EXPECT_EQ(Seats(quota), "1/0 of 1");
  ASSERT_THAT(Act<WithdrawEngagementRequest>(name, Home()), IsOk());

  EXPECT_THAT(Approve(name, Host()), Fails(kForbidden, "ENGAGEMENT_STATE_FORBIDS"));
  EXPECT_THAT(Act<RecordArrivalRequest>(name, Host()), Fails(kForbidden, "ENGAGEMENT_STATE_FORBIDS"));
  for (const auto& side : {Home(), Host()}) EXPECT_EQ(Get(name, side).state(), Engagement::WITHDRAWN);
  EXPECT_EQ(Seats(quota), "0/0 of 1");
  // Its time is free again, too.
  EXPECT_THAT(Call<Engagement>(ProposalFor("cities/210800/persons/wang"), Home()), IsOk());
}

TEST_P(RegesTest, EndByOneSideIsEffectiveForBothInOneCommit) {
  const Engagement active = Activate(AddPerson("wang"));
  SetDay(2026, 6, 30);
  auto request = WithReason<EndEngagementEarlyRequest>("工作需要");
  const auto ended = Act(active.name(), Host(), request);
  ASSERT_THAT(ended, IsOk());
  EXPECT_EQ(ended->state(), Engagement::ENDED_EARLY);
  EXPECT_EQ(ended->ended_by(), Engagement::HOST_SIDE);
  for (const auto& side : {Home(), Host()}) {
    const Engagement seen = Get(active.name(), side);
    EXPECT_EQ(seen.etag(), ended->etag()) << "one record, one commit";
    EXPECT_EQ(seen.state(), Engagement::ENDED_EARLY);
    EXPECT_EQ(FormatDay(personnel::rules::ToCivil(seen.end_date())), "2026-06-30");
  }
  const auto told = Told(kYingkou);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind(), ExchangeNotice::ENDED_EARLY);
  EXPECT_NE(told[0].reason().find("工作需要"), std::string::npos);
  EXPECT_TRUE(Told(kFengtai).empty()) << "who did it is not told";
  EXPECT_THAT(Act(active.name(), Home(), request), Fails(kForbidden, "ENGAGEMENT_STATE_FORBIDS"));
  // From the next day on the person can be sent again.
  auto next = ProposalFor("cities/210800/persons/wang");
  *next.mutable_engagement()->mutable_terms()->mutable_start_date() = Day(2026, 7, 1);
  *next.mutable_engagement()->mutable_terms()->mutable_end_date() = Day(2027, 6, 30);
  EXPECT_THAT(Call<Engagement>(next, Home()), IsOk());
}

TEST_P(RegesTest, TwoFullTimeEngagementsNeverOverlap) {
  const std::string person = AddPerson("wang");
  const Engagement first = Propose(person);
  const auto on = [&](type::v1::Date start, type::v1::Date end) {
    auto request = ProposalFor(person);
    *request.mutable_engagement()->mutable_terms()->mutable_start_date() = start;
    *request.mutable_engagement()->mutable_terms()->mutable_end_date() = end;
    return Call<Engagement>(request, Home());
  };
  const auto same = on(Day(2026, 3, 16), Day(2027, 3, 15));
  ASSERT_THAT(same, Fails(kForbidden, "FULL_TIME_OVERLAP"));
  EXPECT_NE(FactsOf(same.status()).text.zh.find(first.name()), std::string::npos) << "names the record in conflict";
  EXPECT_THAT(on(Day(2027, 3, 15), Day(2028, 3, 14)), Fails(kForbidden, "FULL_TIME_OVERLAP")) << "one common day";
  const auto after = on(Day(2027, 3, 16), Day(2028, 3, 15));
  ASSERT_THAT(after, IsOk());
  // Nor may changed terms make them overlap.
  AmendEngagementTermsRequest amend;
  *amend.mutable_terms()->mutable_start_date() = Day(2027, 3, 1);
  *amend.mutable_terms()->mutable_end_date() = Day(2028, 3, 15);
  EXPECT_THAT(Act(after->name(), Host(), amend), Fails(kForbidden, "FULL_TIME_OVERLAP"));
}

TEST_P(RegesTest, RecordsAcrossCitiesCanBeCorrectedWithHistory) {
  const Engagement active = Activate(AddPerson("wang"));
  SetDay(2026, 9, 1);
  auto end = WithReason<EndEngagementEarlyRequest>("工作需要");
  *end.mutable_date() = Day(2026, 8, 31);
  ASSERT_THAT(Act(active.name(), Home(), end), IsOk());
  // The host knows better: he left a month before, and had come a day later.
  auto correct = WithReason<CorrectEngagementRequest>("以考勤为准");
  *correct.mutable_arrival_date() = Day(2026, 3, 17);
  *correct.mutable_end_date() = Day(2026, 7, 31);
  ASSERT_THAT(Act(active.name(), Host(), correct), IsOk());
  for (const auto& side : {Home(), Host()}) {
    const Engagement seen = Get(active.name(), side);
    EXPECT_EQ(FormatDay(personnel::rules::ToCivil(seen.arrival_date())), "2026-03-17");
    EXPECT_EQ(FormatDay(personnel::rules::ToCivil(seen.end_date())), "2026-07-31");
    ASSERT_EQ(seen.corrections_size(), 1);
    EXPECT_EQ(seen.corrections(0).side(), Engagement::HOST_SIDE);
    EXPECT_EQ(seen.corrections(0).reason(), "以考勤为准");
    EXPECT_EQ(FormatDay(personnel::rules::ToCivil(seen.corrections(0).end_before())), "2026-08-31");
    EXPECT_EQ(FormatDay(personnel::rules::ToCivil(seen.corrections(0).arrival_before())), "2026-03-16");
  }
  EXPECT_EQ(Told(kYingkou).size(), 1u) << "the home city is told of the correction";
  // August is free now.
  auto august = ProposalFor("cities/210800/persons/wang");
  *august.mutable_engagement()->mutable_terms()->mutable_start_date() = Day(2026, 9, 1);
  *august.mutable_engagement()->mutable_terms()->mutable_end_date() = Day(2027, 8, 31);
  const auto next = Call<Engagement>(august, Home());
  ASSERT_THAT(next, IsOk());
  // And the past cannot be corrected into what overlaps.
  auto again = WithReason<CorrectEngagementRequest>("误");
  *again.mutable_end_date() = Day(2026, 9, 1);
  EXPECT_THAT(Act(active.name(), Host(), again), Fails(kForbidden, "FULL_TIME_OVERLAP"));
}

TEST_P(PersonnelTest, ApprovalsOfAnEarlierVersionCountForNothing) {
  const std::string name = Propose(AddPerson("wang")).name();
  ASSERT_THAT(Approve(name, Home()), IsOk());
  AmendEngagementTermsRequest amend;
  *amend.mutable_terms()->mutable_start_date() = Day(2026, 4, 1);
  *amend.mutable_terms()->mutable_end_date() = Day(2027, 3, 31);
  ASSERT_THAT(Act(name, Host(), amend), IsOk());
  EXPECT_THAT(Approve(name, Host(), 1), Fails(absl::StatusCode::kAborted, "TERMS_CHANGED"));
  const auto host = Approve(name, Host(), 2);
  ASSERT_THAT(host, IsOk());
  EXPECT_EQ(host->state(), Engagement::PROPOSED) << "the home city's approval was of version 1";
  const auto home = Approve(name, Home(), 2);
  ASSERT_THAT(home, IsOk());
  EXPECT_EQ(home->state(), Engagement::APPROVED);
}

TEST_P(PersonnelTest, ThirdCitiesSeeNothing) {
  const std::string name = Propose(AddPerson("wang")).name();
  const auto other = As(kLianyungang, "zuzhibu", type::v1::PERSONNEL_OFFICER);
  EXPECT_EQ(Act<personnel::v1::GetEngagementRequest>(name, other).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Approve(name, other).status().code(), absl::StatusCode::kNotFound);
  personnel::v1::GetPersonRequest person;
  person.set_name("cities/210800/persons/wang");
  EXPECT_EQ(Call<Person>(person, other).status().code(), absl::StatusCode::kNotFound);
  // The host sees whom it is to receive; whoever is no personnel officer sees no personal field.
  const auto seen = Call<Person>(person, Host());
  ASSERT_THAT(seen, IsOk());
  EXPECT_EQ(seen->title(), "王小明");
  const auto masked = Call<Person>(person, As(kFengtai, "ban", type::v1::COORDINATOR));
  ASSERT_THAT(masked, IsOk());
  EXPECT_EQ(masked->title(), "***");
  EXPECT_FALSE(masked->has_birth_date());
}

TEST_P(PersonnelTest, ConflictsThatTheHostMayNotKnowAreNotNamed) {
  const std::string person = AddPerson("wang");
  auto elsewhere = ProposalFor(person);
  elsewhere.mutable_engagement()->set_kind(personnel::v1::CONSULTANT);
  elsewhere.mutable_engagement()->set_host_unit("cities/320700/units/jiaoyuju");
  elsewhere.mutable_engagement()->mutable_terms()->set_share(60);
  ASSERT_THAT(Call<Engagement>(elsewhere, Home()), IsOk());
  auto here = ProposalFor(person);
  here.mutable_engagement()->set_kind(personnel::v1::CONSULTANT);
  here.mutable_engagement()->mutable_terms()->set_share(40);
  const auto proposed = Call<Engagement>(here, Home());
  ASSERT_THAT(proposed, IsOk()) << "60 and 40 make 100";
  AmendEngagementTermsRequest amend;
  *amend.mutable_terms() = proposed->terms();
  amend.mutable_terms()->set_share(41);
  const auto refused = Act(proposed->name(), Host(), amend);
  ASSERT_THAT(refused, Fails(kForbidden, "SHARE_EXCEEDED"));
  EXPECT_EQ(FactsOf(refused.status()).text.zh.find("320700"), std::string::npos);
  const auto named = Act(proposed->name(), Home(Locale::kEn), amend);
  EXPECT_NE(FactsOf(named.status()).text.en.find("sum to 101 %"), std::string::npos) << FactsOf(named.status()).text.en;
}

TEST_P(PersonnelTest, AHostReadsNoEngagementOfAnother) {
  const std::string person = AddPerson("wang");
  const auto propose = [&](const char* host) {
    auto request = ProposalFor(person);
    request.mutable_engagement()->set_kind(personnel::v1::PART_TIME);
    request.mutable_engagement()->set_host_unit(host);
    request.mutable_engagement()->mutable_terms()->set_share(40);
    const auto proposed = Call<Engagement>(request, Home());
    EXPECT_THAT(proposed, IsOk());
    return proposed.ok() ? proposed->name() : "";
  };
  const std::string ours = propose("cities/110106/units/jiaowei"), theirs = propose("cities/320700/units/jiaoyuju");
  const auto engagements = [&](const rpc::CallOptions& options) {
    personnel::v1::GetPersonRequest get;
    get.set_name(person);
    personnel::v1::ListPersonsRequest list;
    list.set_parent(kYingkou);
    const auto got = Call<personnel::v1::Person>(get, options);
    const auto listed = Call<personnel::v1::ListPersonsResponse>(list, options);
    EXPECT_THAT(got, IsOk());
    EXPECT_THAT(listed, IsOk());
    std::vector<std::string> names;
    if (!got.ok() || !listed.ok() || listed->persons_size() != 1) return names;
    EXPECT_EQ(got->SerializeAsString(), listed->persons(0).SerializeAsString());
    for (const auto& claim : got->claims()) names.push_back(claim.engagement());
    return names;
  };
  const auto known = [&](const rpc::CallOptions& options) {
    const auto last = LastChanged<personnel::v1::Person>(kYingkou, "person", options);
    return std::vector<std::string>(last.known_to().begin(), last.known_to().end());
  };
  EXPECT_EQ(engagements(Home()), (std::vector<std::string>{ours, theirs}));
  EXPECT_EQ(engagements(Host()), (std::vector<std::string>{ours}));
  const rpc::CallOptions other = As(kLianyungang, "zuzhibu", type::v1::PERSONNEL_OFFICER);
  EXPECT_EQ(engagements(other), (std::vector<std::string>{theirs}));
  EXPECT_EQ(known(Home()), (std::vector<std::string>{"cities/110106", kLianyungang}));
  EXPECT_EQ(known(Host()), (std::vector<std::string>{"cities/110106"}));
  EXPECT_EQ(known(other), (std::vector<std::string>{kLianyungang}));
  for (const rpc::CallOptions& reader : {Host(), other})
    EXPECT_FALSE(SaysWho(LastChange(kYingkou, "person", reader))) << "another city may have engaged him";
}

TEST_P(PersonnelTest, DaysLapseRemindAndComplete) {
  const std::string quota = AddQuota(5);
  const std::string unapproved = Propose(AddPerson("a")).name();
  const std::string absent = Propose(AddPerson("b")).name();
  const std::string served = Propose(AddPerson("c")).name();
  for (const std::string& name : {absent, served}) {
    ASSERT_THAT(Approve(name, Home()), IsOk());
    ASSERT_THAT(Approve(name, Host()), IsOk());
  }
  RunUpTo(2026, 3, 16);
  EXPECT_EQ(Get(unapproved, Home()).state(), Engagement::PROPOSED) << "the start has not passed";
  ASSERT_THAT(Act<RecordArrivalRequest>(served, Host()), IsOk());
  RunUpTo(2026, 3, 17);
  EXPECT_EQ(Get(unapproved, Host()).state(), Engagement::LAPSED);
  EXPECT_EQ(Get(absent, Host()).state(), Engagement::APPROVED);
  EXPECT_EQ(Seats(quota), "1/1 of 5");
  RunUpTo(2026, 4, 6);  // The 15th workday after 16 March.
  EXPECT_EQ(Get(absent, Host()).state(), Engagement::APPROVED);
  SetDay(2026, 4, 7);
  EXPECT_THAT(Act<RecordArrivalRequest>(absent, Host()), Fails(kForbidden, "ARRIVAL_LATE")) << "before the daily run";
  RunUpTo(2026, 4, 7);
  EXPECT_EQ(Get(absent, Home()).state(), Engagement::LAPSED);
  EXPECT_EQ(Seats(quota), "0/1 of 5");

  ProposeExtensionRequest extend;
  *extend.mutable_end_date() = Day(2027, 9, 15);
  ASSERT_THAT(Act(served, Host(), extend), IsOk());
  ASSERT_THAT(Approve(served, Host(), 2), IsOk());
  RunUpTo(2027, 3, 15);
  EXPECT_EQ(Get(served, Home()).state(), Engagement::ACTIVE);
  RunUpTo(2027, 3, 16);
  const Engagement completed = Get(served, Host());
  EXPECT_EQ(completed.state(), Engagement::COMPLETED);
  EXPECT_FALSE(completed.has_extension());
  EXPECT_EQ(FormatDay(personnel::rules::ToCivil(completed.end_date())), "2027-03-15");
  std::vector<ExchangeNotice::Kind> kinds;
  std::vector<std::string> days;
  for (const ExchangeNotice& notice : Told(kFengtai)) {
    if (notice.engagement() != served) continue;
    kinds.push_back(notice.kind());
    days.push_back(FormatDay(personnel::rules::ToCivil(notice.date())));
  }
  EXPECT_THAT(kinds, ::testing::UnorderedElementsAre(ExchangeNotice::EXPIRES, ExchangeNotice::EXPIRES,
                                                     ExchangeNotice::COMPLETED, ExchangeNotice::EXTENSION_VOID));
  EXPECT_THAT(days, ::testing::UnorderedElementsAre("2027-01-14", "2027-02-13", "2027-03-16", "2027-03-16"));
}

TEST_P(PersonnelTest, ApprovedExtensionComesIntoForce) {
  const Engagement active = Activate(AddPerson("wang"));
  ProposeExtensionRequest extend;
  *extend.mutable_end_date() = Day(2029, 3, 16);
  const auto refused = Act(active.name(), Home(), extend);
  EXPECT_THAT(refused, Fails(absl::StatusCode::kInvalidArgument, "TERM_TOO_LONG"));
  EXPECT_EQ(BadFields(refused.status()), (std::vector<std::string>{"end_date"}));
  *extend.mutable_end_date() = Day(2029, 3, 15);
  ASSERT_THAT(Act(active.name(), Home(), extend), IsOk());
  EXPECT_THAT(Act(active.name(), Host(), extend), Fails(kForbidden, "EXTENSION_PENDING"));
  ASSERT_THAT(Approve(active.name(), Home(), 2), IsOk());
  const auto extended = Approve(active.name(), Host(), 2);
  ASSERT_THAT(extended, IsOk());
  EXPECT_EQ(extended->state(), Engagement::ACTIVE);
  EXPECT_EQ(FormatDay(personnel::rules::ToCivil(extended->end_date())), "2029-03-15");
  EXPECT_EQ(extended->past_terms_size(), 1);
}

TEST_P(PersonnelTest, PersonsComeFromATableWithBadCellsNamed) {
  personnel::v1::ImportPersonsRequest request;
  request.set_parent(kYingkou);
  request.set_content(
      "姓名,性别,出生日期,工作单位,学历\n王小明,男,1985-05-20,市教育局,本科\n李小红,女,1985年,市教育局,硕士\n"
      "赵大,男,1980-01-01,无此单位,本科\n");
  const auto refused = Call<personnel::v1::ImportPersonsResponse>(request, Home());
  ASSERT_THAT(refused, Fails(absl::StatusCode::kInvalidArgument, "ROWS_BAD"));
  EXPECT_EQ(BadFields(refused.status()), (std::vector<std::string>{"C3", "D4"}));
  request.set_validate_only(true);
  const auto preview = Call<personnel::v1::ImportPersonsResponse>(request, Home());
  ASSERT_THAT(preview, IsOk());
  EXPECT_EQ(preview->good_rows(), 1);
  ASSERT_EQ(preview->bad_cells_size(), 2);
  EXPECT_EQ(preview->bad_cells(0).reason(), "DATE_FORM");
  EXPECT_EQ(preview->bad_cells(1).reason(), "UNIT_NOT_FOUND");
  const auto count = [&] {
    personnel::v1::ListPersonsRequest list;
    list.set_parent(kYingkou);
    const auto persons = Call<personnel::v1::ListPersonsResponse>(list, Home());
    return persons.ok() ? persons->persons_size() : -1;
  };
  EXPECT_EQ(count(), 0) << "a preview stores nothing, nor does a refusal";
  request.set_validate_only(false);
  request.set_only_good_rows(true);
  const auto imported = Call<personnel::v1::ImportPersonsResponse>(request, Home());
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(count(), 1);
  personnel::v1::GetPersonRequest get;
  get.set_name(imported->persons(0));
  const auto person = Call<Person>(get, Home());
  ASSERT_THAT(person, IsOk());
  EXPECT_EQ(person->home_unit(), "cities/210800/units/jiaoyuju");
  EXPECT_EQ(person->education(), Person::BACHELOR);
}

TEST_P(PersonnelTest, FilesNamePersonsOnlyForPersonnelOfficers) {
  const std::string name = Propose(AddPerson("wang")).name();
  personnel::v1::ExportRosterRequest request;
  request.set_parent(kFengtai);
  request.set_csv(true);
  const auto roster = Call<personnel::v1::ExportRosterResponse>(request, Host());
  ASSERT_THAT(roster, IsOk());
  EXPECT_EQ(roster->rows(), 1);
  EXPECT_NE(roster->content().find("王小明"), std::string::npos);
  const auto masked = Call<personnel::v1::ExportRosterResponse>(request, As(kFengtai, "ban", type::v1::COORDINATOR));
  ASSERT_THAT(masked, IsOk());
  EXPECT_EQ(masked->content().find("王小明"), std::string::npos);
  request.set_parent(kLianyungang);
  const auto others =
      Call<personnel::v1::ExportRosterResponse>(request, As(kLianyungang, "zuzhibu", type::v1::PERSONNEL_OFFICER));
  ASSERT_THAT(others, IsOk());
  EXPECT_EQ(others->rows(), 0);
  personnel::v1::DraftApprovalFormRequest form;
  form.set_name(name);
  const auto drafted = Call<personnel::v1::DraftApprovalFormResponse>(form, Host());
  ASSERT_THAT(drafted, IsOk());
  EXPECT_EQ(drafted->content().substr(0, 2), "PK") << "a DOCX is a ZIP archive";
}

TEST_P(PersonnelTest, BalanceShowsBothDirections) {
  AddQuota(5);
  Activate(AddPerson("wang"));
  SetDay(2026, 3, 20);
  personnel::v1::GetBalanceRequest request;
  request.set_parent(kFengtai);
  request.set_partnership(kPair);
  request.set_year(2026);
  const auto balance = Call<personnel::v1::GetBalanceResponse>(request, Host());
  ASSERT_THAT(balance, IsOk());
  ASSERT_EQ(balance->rows_size(), 1);
  EXPECT_EQ(balance->rows(0).home_city(), kYingkou);
  EXPECT_EQ(balance->rows(0).host_city(), kFengtai);
  EXPECT_EQ(balance->rows(0).seats(), 5);
  EXPECT_EQ(balance->rows(0).consumed(), 1);
  EXPECT_EQ(balance->rows(0).active(), 1);
  EXPECT_EQ(balance->rows(0).days(), 5) << "16 to 20 March";
}

TEST_P(PersonnelTest, WhoIsToldConfirmsIt) {
  const Engagement active = Activate(AddPerson("wang"));
  ASSERT_THAT(Act(active.name(), Home(), WithReason<EndEngagementEarlyRequest>("工作需要")), IsOk());
  const auto told = Told(kFengtai);
  ASSERT_EQ(told.size(), 1u);
  personnel::v1::ConfirmExchangeNoticeRequest confirm;
  confirm.set_name(told[0].name());
  EXPECT_THAT(Call<ExchangeNotice>(confirm, Home()), Fails(absl::StatusCode::kPermissionDenied, "NOTICE_OF_OTHERS"));
  const auto read = Call<ExchangeNotice>(confirm, Host());
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->state(), ExchangeNotice::READ);
}

TEST_P(PersonnelTest, BalanceSumsUpTheYear) {
  AddQuota(5);
  const Engagement active = Activate(AddPerson("wang"));
  const std::string withdrawn = Propose(AddPerson("li")).name();
  ASSERT_THAT(Act<WithdrawEngagementRequest>(withdrawn, Home()), IsOk());
  SetDay(2026, 6, 30);
  auto end = WithReason<EndEngagementEarlyRequest>("本人辞职");
  end.set_own_reasons(true);
  ASSERT_THAT(Act(active.name(), Home(), end), IsOk());
  personnel::v1::AssessEngagementRequest assess;
  assess.set_assessment("称职");
  ASSERT_THAT(Act(active.name(), Home(), assess), IsOk());
  personnel::v1::GetBalanceRequest request;
  request.set_parent(kYingkou);
  request.set_partnership(kPair);
  request.set_year(2026);
  const auto balance = Call<personnel::v1::GetBalanceResponse>(request, Home());
  ASSERT_THAT(balance, IsOk());
  ASSERT_EQ(balance->rows_size(), 1);
  const auto& row = balance->rows(0);
  EXPECT_EQ(absl::StrJoin({row.arrived(), row.ended(), row.ended_early(), row.own_reasons(), row.assessed(),
                           row.completed(), row.came_to_nothing(), row.active()},
                          " "),
            "1 1 1 1 1 0 1 0");
}

}  // namespace
}  // namespace duikou::testing
