// When turns are due, whose turn it is, and what a skipped turn means.
#include <algorithm>
#include <iterator>

#include "duikou/type/v1/access.pb.h"
#include "services/consultation/rules/recurrence.h"
#include "services/consultation/rules/series.h"
#include "tests/unit/consultation_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::consultation::rules {
namespace {

using duikou::testing::ConsultationIn;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::kNow;
using duikou::testing::SchedulerOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using v1::Consultation;
using v1::Series;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

std::vector<std::string> Days(const Series::Recurrence& recurrence, absl::CivilDay first, size_t most = 4) {
  const auto days = DueDates(recurrence, first, first, most);
  if (!days.ok()) return {ReasonOf(days.status())};
  std::vector<std::string> shown;
  for (const absl::CivilDay day : *days) shown.push_back(FormatDay(day));
  return shown;
}
std::vector<std::string> ByRule(const std::string& rrule, absl::CivilDay first = absl::CivilDay(2026, 3, 10),
                                size_t most = 4) {
  Series::Recurrence recurrence;
  recurrence.set_rrule(rrule);
  return Days(recurrence, first, most);
}

TEST(RecurrenceTest, ByTheEndOfMarch) {
  Series::Recurrence recurrence;
  recurrence.set_by_month(3);
  EXPECT_THAT(Days(recurrence, absl::CivilDay(2026, 1, 15), 3), ElementsAre("2026-03-31", "2027-03-31", "2028-03-31"));
  EXPECT_THAT(Days(recurrence, absl::CivilDay(2026, 3, 31), 1), ElementsAre("2026-03-31"));
  EXPECT_THAT(Days(recurrence, absl::CivilDay(2026, 4, 1), 1), ElementsAre("2027-03-31"));
  recurrence.set_by_month(2);
  EXPECT_THAT(Days(recurrence, absl::CivilDay(2027, 1, 1), 2), ElementsAre("2027-02-28", "2028-02-29"));
}

TEST(RecurrenceTest, EverySecondYear) {
  Series::Recurrence recurrence;
  recurrence.set_by_month(9);
  recurrence.set_every_years(2);
  EXPECT_THAT(Days(recurrence, absl::CivilDay(2026, 1, 1), 3), ElementsAre("2026-09-30", "2028-09-30", "2030-09-30"));
}

TEST(RecurrenceTest, RulesOfRfc5545) {
  EXPECT_THAT(ByRule("FREQ=YEARLY"), ElementsAre("2026-03-10", "2027-03-10", "2028-03-10", "2029-03-10"));
  EXPECT_THAT(ByRule("FREQ=YEARLY;INTERVAL=2;COUNT=2"), ElementsAre("2026-03-10", "2028-03-10"));
  EXPECT_THAT(ByRule("FREQ=YEARLY", absl::CivilDay(2024, 2, 29), 3),
              ElementsAre("2024-02-29", "2028-02-29", "2032-02-29"))
      << "a day that a year does not have is left out";
  EXPECT_THAT(ByRule("FREQ=MONTHLY", absl::CivilDay(2026, 1, 31), 3),
              ElementsAre("2026-01-31", "2026-03-31", "2026-05-31"));
  EXPECT_THAT(ByRule("FREQ=MONTHLY;BYMONTHDAY=-1", absl::CivilDay(2026, 1, 5), 3),
              ElementsAre("2026-01-31", "2026-02-28", "2026-03-31"));
  EXPECT_THAT(ByRule("FREQ=MONTHLY;BYDAY=1MO"), ElementsAre("2026-04-06", "2026-05-04", "2026-06-01", "2026-07-06"));
  EXPECT_THAT(ByRule("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR"),
              ElementsAre("2026-03-27", "2026-06-26", "2026-09-25", "2026-12-25"));
  EXPECT_THAT(ByRule("FREQ=YEARLY;BYMONTH=6,11;BYDAY=2TH"),
              ElementsAre("2026-06-11", "2026-11-12", "2027-06-10", "2027-11-11"));
  EXPECT_THAT(ByRule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
              ElementsAre("2026-03-31", "2026-04-30", "2026-05-29", "2026-06-30"))
      << "the last working weekday";
  EXPECT_THAT(ByRule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"),
              ElementsAre("2026-03-11", "2026-03-23", "2026-03-25", "2026-04-06"));
  EXPECT_THAT(ByRule("RRULE:FREQ=DAILY;INTERVAL=10;UNTIL=20260331T000000Z"),
              ElementsAre("2026-03-10", "2026-03-20", "2026-03-30"));
  EXPECT_THAT(ByRule("FREQ=YEARLY;BYDAY=20MO", absl::CivilDay(1997, 5, 19), 3),
              ElementsAre("1997-05-19", "1998-05-18", "1999-05-17"));
  EXPECT_THAT(ByRule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), IsEmpty()) << "never, and it ends";
}

TEST(RecurrenceTest, FromALaterDayTheRuleStaysAnchoredAtItsFirst) {
  const auto from = [](const std::string& rrule, absl::CivilDay day) {
    Series::Recurrence recurrence;
    recurrence.set_rrule(rrule);
    std::vector<std::string> shown;
    const auto days = DueDates(recurrence, absl::CivilDay(2026, 3, 10), day, 2);
    if (days.ok()) std::transform(days->begin(), days->end(), std::back_inserter(shown), FormatDay);
    return shown;
  };
  EXPECT_THAT(from("FREQ=YEARLY;INTERVAL=2", absl::CivilDay(2027, 1, 1)), ElementsAre("2028-03-10", "2030-03-10"));
  EXPECT_THAT(from("FREQ=YEARLY;COUNT=3", absl::CivilDay(2027, 3, 10)), ElementsAre("2027-03-10", "2028-03-10"));
  EXPECT_THAT(from("FREQ=YEARLY;COUNT=3", absl::CivilDay(2028, 3, 11)), IsEmpty());
}

TEST(RecurrenceTest, WhatIsNoRule) {
  for (const char* rule :
       {"FREQ=HOURLY", "INTERVAL=2", "FREQ=YEARLY;FREQ=DAILY", "FREQ=YEARLY;COUNT=0", "FREQ=YEARLY;BYMONTH=13",
        "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=WEEKLY;BYDAY=1MO", "FREQ=WEEKLY;BYDAY=XX", "FREQ=YEARLY;UNTIL=2026",
        "FREQ=YEARLY;COUNT=2;UNTIL=20270101", "FREQ=YEARLY;BYHOUR=3", "FREQ=YEARLY;", "nonsense"}) {
    EXPECT_THAT(ByRule(rule), ElementsAre("RRULE_INVALID")) << rule;
  }
  Series::Recurrence both;
  EXPECT_THAT(CheckRecurrence(both, "series.recurrence"), Fails(kInvalid, "RECURRENCE_UNCLEAR"));
  both.set_by_month(3);
  both.set_rrule("FREQ=YEARLY");
  EXPECT_THAT(CheckRecurrence(both, "series.recurrence"), Fails(kInvalid, "RECURRENCE_UNCLEAR"));
}

// Yingkou's, with Lianyungang and a third, by the end of each March from 2026 on.
Series Yearly(std::vector<std::string> hosts = {"cities/210800", "cities/320700", "cities/110106"}) {
  Series series;
  series.set_name("cities/210800/series/s1");
  series.set_title("市长联席会议");
  series.set_kind(Consultation::MEETING);
  series.set_tier(Consultation::DECISION);
  series.set_length_minutes(120);
  series.mutable_recurrence()->set_by_month(3);
  *series.mutable_first_date() = ToDate(absl::CivilDay(2026, 1, 1));
  for (const std::string& host : hosts) series.add_hosts(host);
  return series;
}

// "2026 210800": the turns to come.
std::vector<std::string> Coming(const Series& series, size_t most = 3) {
  std::vector<std::string> shown;
  const auto turns = ComingTurns(series, most);
  if (!turns.ok()) return {ReasonOf(turns.status())};
  for (const Series::Turn& turn : *turns)
    shown.push_back(absl::StrCat(turn.due_date().year(), " ", turn.host_city().substr(7)));
  return shown;
}

TEST(SeriesTest, HostsRotate) {
  EXPECT_THAT(Coming(Yearly(), 4), ElementsAre("2026 210800", "2027 320700", "2028 110106", "2029 210800"));
  Series ended = Yearly();
  ended.set_ended(true);
  EXPECT_THAT(Coming(ended), IsEmpty());
  EXPECT_THAT(PlanTurn(ended, "c", SchedulerOf("210800")), Fails(kForbidden, "SERIES_ENDED"));
}

TEST(SeriesTest, NextYearsIsAtTheOtherCity) {
  Series series = Yearly({"cities/210800", "cities/320700"});
  Consultation consultation = ConsultationIn(Consultation::HELD);
  ASSERT_THAT(PlanTurn(series, consultation.name(), SchedulerOf("210800")), IsOk());
  EXPECT_THAT(PlanTurn(series, "c2", SchedulerOf("210800")), Fails(kForbidden, "TURN_OPEN"));
  ASSERT_TRUE(SettleTurn(series, consultation));
  EXPECT_FALSE(SettleTurn(series, consultation)) << "once";
  EXPECT_EQ(series.turns(0).state(), Series::Turn::HELD);
  ASSERT_THAT(Coming(series, 1), ElementsAre("2027 320700"));
  Consultation draft = DraftOf(series, ComingTurns(series, 1)->front(), &consultation);
  EXPECT_EQ(draft.parties_size(), 2);
  EXPECT_EQ(draft.parties(1).travel_before_minutes(), 0) << "others travel now";
  EXPECT_EQ(draft.participants_size(), consultation.participants_size());
  EXPECT_EQ(draft.state(), Consultation::DRAFT);
  EXPECT_FALSE(draft.has_slot());
  EXPECT_EQ(FormatMoment(ToTime(draft.windows(0).end_time())), "2027-04-01 00:00") << "the last day is included";
  EXPECT_EQ(FormatMoment(ToTime(draft.windows(0).start_time())), "2027-01-30 00:00");
}

TEST(SeriesTest, ASkippedCityLosesItsTurnAndTheDateStays) {
  Series series = Yearly();
  EXPECT_THAT(SkipTurn(series, "换届", SchedulerOf("320700"), kNow), Fails(kDenied, "TURN_OF_OTHERS"));
  ASSERT_THAT(SkipTurn(series, "换届", SchedulerOf("210800"), kNow), IsOk());
  EXPECT_EQ(series.turns(0).reason(), "换届");
  EXPECT_EQ(series.turns(0).host_city(), "cities/210800");
  EXPECT_THAT(Coming(series), ElementsAre("2026 320700", "2027 110106", "2028 210800"));
  ASSERT_THAT(SkipTurn(series, "机构改革", SchedulerOf("320700"), kNow), IsOk()) << "its own turn";
  EXPECT_THAT(Coming(series, 1), ElementsAre("2026 110106"));
  ASSERT_THAT(SkipTurn(series, "疫情", SchedulerOf("210800"), kNow), IsOk()) << "the city of the series";
  EXPECT_THAT(Coming(series, 2), ElementsAre("2027 210800", "2028 320700")) << "all were skipped: the date passes";
}

TEST(SeriesTest, AChangedRuleGoesOnAfterTheLastTurn) {
  Series series = Yearly({"cities/210800", "cities/320700"});
  const Consultation held = ConsultationIn(Consultation::HELD);
  for (int turn = 0; turn < 2; ++turn) {
    ASSERT_THAT(PlanTurn(series, held.name(), SchedulerOf("210800")), IsOk());
    ASSERT_TRUE(SettleTurn(series, held));
  }
  series.mutable_recurrence()->set_by_month(9);
  EXPECT_THAT(Coming(series, 2), ElementsAre("2027 210800", "2028 320700")) << "by the end of September now";
  series.mutable_recurrence()->Clear();
  series.mutable_recurrence()->set_rrule("FREQ=MONTHLY;BYMONTHDAY=-1");
  const auto turns = ComingTurns(series, 1);
  ASSERT_THAT(turns, IsOk());
  EXPECT_EQ(FormatDay(ToCivil(turns->front().due_date())), "2027-04-30") << "not a month that is long over";
  ASSERT_THAT(SkipTurn(series, "换届", SchedulerOf("210800"), kNow), IsOk());
  series.mutable_recurrence()->Clear();
  series.mutable_recurrence()->set_by_month(6);
  EXPECT_THAT(Coming(series, 1), ElementsAre("2027 320700")) << "skipped in April: its rule's next date is in June";
}

TEST(SeriesTest, AHostThatJoinedIsAPartyOfTheNextDraft) {
  Series series = Yearly({"cities/210800", "cities/320700"});
  series.set_partnership("cities/210800/partnerships/p1");
  series.set_partnership_title("营口—连云港");
  Consultation last = ConsultationIn(Consultation::HELD);
  last.mutable_parties(0)->set_city_title("营口市");
  ASSERT_THAT(PlanTurn(series, last.name(), SchedulerOf("210800")), IsOk());
  ASSERT_TRUE(SettleTurn(series, last));
  series.add_hosts("cities/110106");
  const Consultation draft = DraftOf(series, ComingTurns(series, 1)->front(), &last);
  ASSERT_EQ(draft.parties_size(), 3);
  EXPECT_EQ(draft.parties(0).city_title(), "营口市");
  EXPECT_EQ(draft.parties(2).city(), "cities/110106");
  EXPECT_EQ(draft.partnership_title(), "营口—连云港");
}

TEST(SeriesTest, NoHostReadsWhoMetWithoutIt) {
  const Series series = Yearly({"cities/210800", "cities/320700"});
  Consultation last = ConsultationIn(Consultation::HELD);
  last.add_parties()->set_city("cities/110106");
  EXPECT_EQ(DraftOf(series, Series::Turn(), &last).participants_size(), last.participants_size())
      << "both hosts were there";
  last.mutable_parties(1)->set_city("cities/440100");
  const Consultation draft = DraftOf(series, Series::Turn(), &last);
  EXPECT_EQ(draft.participants_size(), 0);
  EXPECT_EQ(draft.parties_size(), 2) << "the hosts alone";
}

TEST(SeriesTest, ACancelledTurnIsGivenBack) {
  Series series = Yearly();
  const Consultation cancelled = ConsultationIn(Consultation::CANCELLED);
  ASSERT_THAT(PlanTurn(series, cancelled.name(), SchedulerOf("210800")), IsOk());
  EXPECT_THAT(SkipTurn(series, "", SchedulerOf("210800"), kNow), Fails(kForbidden, "TURN_OPEN"));
  ASSERT_TRUE(SettleTurn(series, ConsultationIn(Consultation::PROPOSED))) << "who may see it";
  EXPECT_FALSE(SettleTurn(series, ConsultationIn(Consultation::CONFIRMED)));
  ASSERT_TRUE(SettleTurn(series, cancelled));
  EXPECT_THAT(Coming(series, 1), ElementsAre("2026 210800"));
}

TEST(SeriesTest, WhichConsultationATurnHasLearnsWhoMaySeeIt) {
  using duikou::type::v1::Access;
  Series series = Yearly({"cities/210800", "cities/320700"});
  Consultation planned = ConsultationIn(Consultation::PROPOSED);
  ASSERT_THAT(PlanTurn(series, planned.name(), SchedulerOf("210800")), IsOk());
  ASSERT_TRUE(SettleTurn(series, planned));
  const Caller coordinator = SchedulerOf("320700", "qian", duikou::type::v1::COORDINATOR);
  // Of what is not RESTRICTED, and of what is.
  for (const bool restricted : {false, true}) {
    if (restricted) {
      planned.mutable_access()->set_disclosure(Access::RESTRICTED);
      ASSERT_TRUE(SettleTurn(series, planned));
    }
    for (const auto& [by, knows] : {std::pair(SchedulerOf("210800"), !restricted), {coordinator, true}}) {
      const ErrorFacts refused = FactsOf(SkipTurn(series, "", by, kNow));
      EXPECT_EQ(refused.text.en.find(planned.name()) != std::string::npos, knows);
      EXPECT_EQ(refused.text.zh.find(planned.name()) != std::string::npos, knows);
      EXPECT_EQ(refused.metadata.size(), knows ? 2U : 1U);
      Series shown = series;
      ConcealTurns(by, shown);
      EXPECT_EQ(shown.turns(0).consultation(), knows ? planned.name() : "");
      EXPECT_EQ(shown.turns(0).cities_size(), knows ? 2 : 0);
      EXPECT_EQ(shown.turns(0).host_city(), "cities/210800");
      EXPECT_EQ(shown.turns(0).state(), Series::Turn::PLANNED);
    }
  }
}

TEST(SeriesTest, NothingIsTakenOverOfWhatWasRestricted) {
  Series series = Yearly({"cities/210800", "cities/320700"});
  Consultation last = ConsultationIn(Consultation::HELD);
  last.mutable_access()->set_disclosure(duikou::type::v1::Access::RESTRICTED);
  ASSERT_THAT(PlanTurn(series, last.name(), SchedulerOf("210800")), IsOk());
  ASSERT_TRUE(SettleTurn(series, last));
  const Consultation draft = DraftOf(series, ComingTurns(series, 1)->front(), &last);
  EXPECT_EQ(draft.participants_size(), 0);
  EXPECT_FALSE(draft.has_room_need());
  EXPECT_EQ(draft.parties_size(), 2) << "the hosts";
}

TEST(SeriesTest, WhatASeriesMustBe) {
  EXPECT_THAT(CheckSeries(Yearly()), IsOk());
  EXPECT_THAT(CheckSeries(Yearly({"cities/210800", "cities/210800"})), Fails(kInvalid, "HOST_TWICE"));
  EXPECT_THAT(CheckSeries(Yearly({"cities/320700"})), Fails(kInvalid, "CITY_NOT_A_HOST"));
  Series series = Yearly();
  series.set_length_minutes(20);
  EXPECT_THAT(CheckSeries(series), Fails(kInvalid, "LENGTH_OFF_GRID"));
}

}  // namespace
}  // namespace duikou::consultation::rules
