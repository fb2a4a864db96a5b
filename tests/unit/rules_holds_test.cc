// Holds of time on calendars: no two overlap, they expire, and who may know what they are for.
#include "duikou/type/v1/access.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/consultation/rules/holds.h"
#include "services/consultation/rules/moments.h"
#include "tests/unit/consultation_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::consultation::rules {
namespace {

using duikou::testing::CalendarsOf;
using duikou::testing::ConsultationIn;
using duikou::testing::Fails;
using duikou::testing::HostScheduler;
using duikou::testing::IsOk;
using duikou::testing::kLi;
using duikou::testing::kNow;
using duikou::testing::kWang;
using duikou::testing::MomentAt;
using duikou::testing::SchedulerOf;
using v1::Consultation;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;

TEST(HoldsTest, NoTwoOverlapAndWhoIsNoPartyLearnsNoName) {
  Consultation consultation = ConsultationIn(Consultation::PROPOSED);
  CalendarsOf calendars(consultation);
  for (const Claim& claim : ClaimsOf(consultation.slot()))
    ASSERT_THAT(Take(calendars.calendars[claim.calendar], consultation, claim, HostScheduler(), kNow), IsOk());
  Consultation other = consultation;
  other.set_name("cities/440100/consultations/c9");
  v1::Calendar& li = calendars.calendars[kLi];
  const auto claim = [](const char* from, const char* until) { return Claim{kLi, MomentAt(from), MomentAt(until)}; };
  // Held from 8:00 to 14:00, with the way.
  EXPECT_THAT(Take(li, other, claim("2026-03-04 14:00", "2026-03-04 15:00"), HostScheduler(), kNow), IsOk());
  EXPECT_THAT(CheckFree(li, other, claim("2026-03-04 07:00", "2026-03-04 08:00"), HostScheduler(), kNow), IsOk());
  Consultation third = other;
  third.set_name("cities/440100/consultations/c10");
  const absl::Status known = Take(li, third, claim("2026-03-04 13:00", "2026-03-04 14:00"), HostScheduler(), kNow);
  ASSERT_THAT(known, Fails(kForbidden, "HOLD_CONFLICT"));
  EXPECT_NE(FactsOf(known).text.en.find(consultation.name()), std::string::npos);
  const absl::Status unknown =
      Take(li, third, claim("2026-03-04 13:00", "2026-03-04 14:00"), SchedulerOf("440100"), kNow);
  ASSERT_THAT(unknown, Fails(kForbidden, "HOLD_CONFLICT"));
  EXPECT_EQ(FactsOf(unknown).text.en.find(consultation.name()), std::string::npos);
  EXPECT_EQ(FactsOf(unknown).metadata.size(), 1U);
  EXPECT_EQ(li.holds_size(), 2);
  // What has expired is in nobody's way, and is dropped.
  EXPECT_THAT(Take(li, third, claim("2026-03-04 13:00", "2026-03-04 14:00"), HostScheduler(), kNow + absl::Hours(24)),
              IsOk());
  EXPECT_EQ(li.holds_size(), 1);
  EXPECT_THAT(MakeFirm(li, consultation), Fails(kForbidden, "HOLD_LOST"));
}

TEST(HoldsTest, WhichConsultationHoldsTimeIsTheBusinessOfThoseWhoMaySeeIt) {
  struct Case {
    const char* city;
    int role;
    bool knows, knows_restricted;
  };
  const Case cases[] = {{"210800", duikou::type::v1::SCHEDULER, true, false},
                        {"210800", duikou::type::v1::UNIT_OFFICER, true, false},
                        {"210800", duikou::type::v1::COORDINATOR, true, true},
                        {"320700", duikou::type::v1::SUPERVISOR, true, true},
                        {"440100", duikou::type::v1::COORDINATOR, false, false}};
  for (const bool restricted : {false, true}) {
    Consultation consultation = ConsultationIn(Consultation::PROPOSED);
    if (restricted) consultation.mutable_access()->set_disclosure(duikou::type::v1::Access::RESTRICTED);
    v1::Calendar calendar = CalendarsOf(consultation).calendars[kWang];
    const Claim claim{kWang, MomentAt("2026-03-04 10:00"), MomentAt("2026-03-04 12:00")};
    ASSERT_THAT(Take(calendar, consultation, claim, HostScheduler(), kNow), IsOk());
    Consultation other = consultation;
    other.set_name("cities/440100/consultations/c9");
    for (const Case& c : cases) {
      const Caller by = SchedulerOf(c.city, "zhou", c.role);
      const bool knows = restricted ? c.knows_restricted : c.knows;
      v1::Calendar shown = calendar;
      ConcealConsultations(by, shown);
      ASSERT_EQ(shown.holds_size(), 1);
      EXPECT_EQ(shown.holds(0).consultation(), knows ? consultation.name() : "") << c.city << " " << c.role;
      EXPECT_EQ(shown.holds(0).cities().empty(), !knows);
      EXPECT_EQ(shown.holds(0).restricted(), knows && restricted);
      EXPECT_EQ(ToTime(shown.holds(0).end_time()), claim.end);
      for (const absl::Status& refused : {CheckFree(calendar, other, claim, by, kNow), CheckUnheld(calendar, by, kNow)})
        EXPECT_EQ(FactsOf(refused).metadata.size(), knows ? 2U : 1U) << refused;
    }
  }
}

TEST(HoldsTest, AHoldStandsInPlaceOfItsOwnAndMadeFirmItLasts) {
  Consultation consultation = ConsultationIn(Consultation::PROPOSED);
  CalendarsOf calendars(consultation);
  v1::Calendar& wang = calendars.calendars[kWang];
  const Claim claim{kWang, MomentAt("2026-03-04 10:00"), MomentAt("2026-03-04 12:00")};
  ASSERT_THAT(Take(wang, consultation, claim, HostScheduler(), kNow), IsOk());
  ASSERT_THAT(Take(wang, consultation, {kWang, claim.start + absl::Hours(1), claim.end}, HostScheduler(), kNow),
              IsOk());
  ASSERT_EQ(wang.holds_size(), 1);
  EXPECT_THAT(CheckUnheld(wang, HostScheduler(), kNow), Fails(kForbidden, "CALENDAR_HELD"));
  ASSERT_THAT(MakeFirm(wang, consultation), IsOk());
  Consultation other = consultation;
  other.set_name("cities/320700/consultations/c2");
  EXPECT_THAT(Take(wang, other, claim, HostScheduler(), kNow + absl::Hours(2400)), Fails(kForbidden, "HOLD_CONFLICT"));
  EXPECT_THAT(CheckUnheld(wang, HostScheduler(), MomentAt("2026-03-04 12:00")), IsOk()) << "it is over";
  Release(wang, consultation);
  EXPECT_EQ(wang.holds_size(), 0);
}

TEST(HoldsTest, WhatWasOverAMonthAgoIsDropped) {
  Consultation consultation = ConsultationIn(Consultation::CONFIRMED);
  CalendarsOf calendars(consultation);
  v1::Calendar& wang = calendars.calendars[kWang];
  const absl::Time end = MomentAt("2026-03-04 12:00");
  ASSERT_THAT(Take(wang, consultation, {kWang, end - absl::Hours(2), end}, HostScheduler(), kNow), IsOk());
  Consultation other = consultation;
  const auto hold_more = [&](const char* id, absl::Time now) {
    other.set_name(absl::StrCat("cities/320700/consultations/", id));
    ASSERT_THAT(Take(wang, other, {kWang, now, now + absl::Hours(1)}, HostScheduler(), now), IsOk());
  };
  hold_more("c2", end + absl::Hours(24 * 31));
  EXPECT_EQ(wang.holds_size(), 2);
  hold_more("c3", end + absl::Hours(24 * 31 + 2));
  EXPECT_EQ(wang.holds_size(), 2) << "the first one is gone";
  EXPECT_EQ(wang.holds(0).consultation(), "cities/320700/consultations/c2");
}

}  // namespace
}  // namespace duikou::consultation::rules
