// What terms, claims of time and quotas are held to.
#include "services/personnel/rules/batches.h"
#include "services/personnel/rules/claims.h"
#include "services/personnel/rules/limits.h"
#include "services/personnel/rules/quota.h"
#include "services/personnel/rules/retirement.h"
#include "services/personnel/rules/terms.h"
#include "tests/unit/engagement_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::personnel::rules {
namespace {

using absl::CivilDay;
using duikou::testing::BadFields;
using duikou::testing::Defaults;
using duikou::testing::Employed;
using duikou::testing::EngagementIn;
using duikou::testing::Fails;
using duikou::testing::HomeOfficer;
using duikou::testing::HostOfficer;
using duikou::testing::IsOk;
using duikou::testing::kToday;
using v1::Engagement;
using v1::ExchangeSettings;
using v1::Person;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

Engagement::Terms TermsOf(CivilDay start, CivilDay end, int share = 0) {
  Engagement::Terms terms;
  *terms.mutable_start_date() = ToDate(start);
  *terms.mutable_end_date() = ToDate(end);
  terms.set_share(share);
  return terms;
}

absl::Status Check(Engagement::Terms terms, v1::ExchangeKind kind = v1::SECONDMENT, const Person& person = Employed(),
                   bool extension = false, const ExchangeSettings& settings = Defaults()) {
  return CheckTerms({.person = person,
                     .settings = settings,
                     .kind = kind,
                     .prefix = "engagement.terms.",
                     .today = kToday,
                     .extension = extension},
                    terms);
}

TEST(TermsTest, PeriodsAndLengths) {
  const CivilDay start(2026, 3, 16);
  EXPECT_THAT(Check(TermsOf(start, start - 1)), Fails(kInvalid, "PERIOD_INVALID"));
  EXPECT_THAT(Check(TermsOf(kToday - 1, CivilDay(2027, 3, 1))), Fails(kInvalid, "START_PASSED"));
  EXPECT_THAT(Check(TermsOf(kToday, CivilDay(2027, 3, 1))), IsOk());
  const auto too_short = Check(TermsOf(start, CivilDay(2026, 9, 14)));
  EXPECT_THAT(too_short, Fails(kInvalid, "TERM_TOO_SHORT"));
  EXPECT_EQ(BadFields(too_short), std::vector<std::string>{"engagement.terms.end_date"});
  EXPECT_THAT(Check(TermsOf(start, CivilDay(2026, 9, 15))), IsOk()) << "6 months, both ends included";
  EXPECT_THAT(Check(TermsOf(start, CivilDay(2028, 3, 15))), IsOk()) << "24 months";
  EXPECT_THAT(Check(TermsOf(start, CivilDay(2028, 3, 16))), Fails(kInvalid, "TERM_TOO_LONG"));
  EXPECT_THAT(Check(TermsOf(start, CivilDay(2029, 3, 15)), v1::SECONDMENT, Employed(), true), IsOk());
  EXPECT_THAT(Check(TermsOf(start, CivilDay(2029, 3, 16)), v1::SECONDMENT, Employed(), true),
              Fails(kInvalid, "TERM_TOO_LONG"));
  EXPECT_THAT(Check(TermsOf(start, start, 10), v1::CONSULTANT), IsOk()) << "other kinds have no limits by default";
}

TEST(TermsTest, WhoCanBeSentHow) {
  const auto terms = TermsOf(CivilDay(2026, 3, 16), CivilDay(2027, 3, 15), 50);
  Person free = Employed(), retired = Employed();
  free.clear_home_unit();
  retired.set_retired(true);
  for (const auto kind : {v1::SECONDMENT, v1::PART_TIME}) {
    EXPECT_THAT(Check(terms, kind, free), Fails(kForbidden, "HOME_UNIT_MISSING"));
    EXPECT_THAT(Check(terms, kind, retired), Fails(kForbidden, "PERSON_RETIRED"));
  }
  for (const auto kind : {v1::CONSULTANT, v1::PROJECT_COOPERATION}) {
    EXPECT_THAT(Check(terms, kind, free), IsOk());
    EXPECT_THAT(Check(terms, kind, retired), IsOk());
  }
  EXPECT_THAT(Check(TermsOf(CivilDay(2026, 3, 16), CivilDay(2027, 3, 15)), v1::PART_TIME),
              Fails(kInvalid, "SHARE_MISSING"));
}

TEST(TermsTest, AgeByRankCountsWholeYearsAtTheStart) {
  ExchangeSettings settings = Defaults();
  auto* limit = settings.add_age_limits();
  limit->set_rank("正科级");
  limit->set_max_age(40);
  Person person = Employed();
  const auto check = [&](CivilDay birth) {
    *person.mutable_birth_date() = ToDate(birth);
    return Check(TermsOf(CivilDay(2026, 3, 16), CivilDay(2027, 3, 15)), v1::SECONDMENT, person, false, settings);
  };
  EXPECT_THAT(check(CivilDay(1985, 3, 17)), IsOk()) << "41 on the next day";
  EXPECT_THAT(check(CivilDay(1985, 3, 16)), Fails(kForbidden, "AGE_EXCEEDED"));
  person.set_rank("副处级");
  EXPECT_THAT(check(CivilDay(1960, 1, 1)), IsOk()) << "no limit for this rank";
  person.set_rank("正科级");
  person.clear_birth_date();
  EXPECT_THAT(Check(TermsOf(CivilDay(2026, 3, 16), CivilDay(2027, 3, 15)), v1::SECONDMENT, person, false, settings),
              Fails(kForbidden, "BIRTH_DATE_MISSING"));
}

// By the three tables of the decision of 2024-09-13.
TEST(RetirementTest, StatutoryDatesAreThoseOfTheTables) {
  struct Row {
    Person::Sex sex;
    bool cadre;
    CivilDay birth, retires;
  };
  const Row rows[] = {
      {Person::MALE, false, CivilDay(1964, 12, 31), CivilDay(2024, 12, 31)},  // before the delay
      {Person::MALE, false, CivilDay(1965, 1, 10), CivilDay(2025, 2, 10)},    // 60 years and 1 month
      {Person::MALE, false, CivilDay(1965, 4, 30), CivilDay(2025, 5, 30)},
      {Person::MALE, false, CivilDay(1965, 5, 1), CivilDay(2025, 7, 1)},  // 2 months
      {Person::MALE, false, CivilDay(1976, 9, 1), CivilDay(2039, 9, 1)},  // 63 years, the first month of it
      {Person::MALE, false, CivilDay(1976, 8, 1), CivilDay(2039, 7, 1)},  // 62 years and 11 months
      {Person::MALE, false, CivilDay(1990, 1, 1), CivilDay(2053, 1, 1)},
      {Person::FEMALE, true, CivilDay(1970, 1, 1), CivilDay(2025, 2, 1)},     // 55 years and 1 month
      {Person::FEMALE, true, CivilDay(1981, 9, 1), CivilDay(2039, 9, 1)},     // 58 years
      {Person::FEMALE, false, CivilDay(1975, 1, 1), CivilDay(2025, 2, 1)},    // 50 years and 1 month
      {Person::FEMALE, false, CivilDay(1975, 3, 1), CivilDay(2025, 5, 1)},    // 2 months
      {Person::FEMALE, false, CivilDay(1984, 11, 1), CivilDay(2039, 11, 1)},  // 55 years
  };
  for (const Row& row : rows) {
    Person person;
    person.set_sex(row.sex);
    person.set_cadre(row.cadre);
    *person.mutable_birth_date() = ToDate(row.birth);
    const auto date = StatutoryRetirement(person, Defaults());
    ASSERT_TRUE(date.has_value());
    EXPECT_EQ(*date, row.retires) << FormatDay(row.birth);
  }
}

TEST(RetirementTest, CertificatesAreHeldAgainstTheTable) {
  Person person = Employed();
  person.set_retired(true);
  *person.mutable_birth_date() = ToDate(CivilDay(1963, 3, 1));  // Statutory: 2023-03-01.
  Engagement::Terms terms = TermsOf(CivilDay(2026, 4, 1), CivilDay(2027, 3, 31));
  const auto check = [&](CivilDay certified) {
    *terms.mutable_retirement_date() = ToDate(certified);
    return CheckTerms({.person = person,
                       .settings = Defaults(),
                       .kind = v1::RETIREE_REHIRE,
                       .prefix = "engagement.terms.",
                       .today = kToday},
                      terms);
  };
  EXPECT_THAT(Check(terms, v1::RETIREE_REHIRE, person), Fails(kInvalid, "RETIREMENT_DATE_MISSING"));
  EXPECT_THAT(check(CivilDay(2023, 3, 1)), IsOk());
  EXPECT_EQ(ToCivil(terms.statutory_retirement_date()), CivilDay(2023, 3, 1));
  EXPECT_EQ(terms.share(), 100);
  EXPECT_THAT(check(CivilDay(2020, 3, 1)), IsOk()) << "3 years exactly";
  EXPECT_THAT(check(CivilDay(2020, 2, 29)), Fails(kInvalid, "RETIREMENT_DATE_IMPLAUSIBLE"));
  EXPECT_THAT(check(CivilDay(2026, 3, 1)), IsOk());
  EXPECT_THAT(check(CivilDay(2026, 3, 2)), Fails(kInvalid, "RETIREMENT_DATE_IMPLAUSIBLE"));
  EXPECT_THAT(check(CivilDay(2026, 4, 2)), Fails(kInvalid, "RETIREMENT_AFTER_START"));
  person.set_cadre(true);
  EXPECT_THAT(check(CivilDay(2023, 3, 1)), IsOk());
  person.clear_home_unit();
  EXPECT_THAT(check(CivilDay(2023, 3, 1)), Fails(kForbidden, "HOME_UNIT_MISSING")) << "nobody could approve";
  person.set_cadre(false);
  EXPECT_THAT(check(CivilDay(2023, 3, 1)), IsOk());
  person.clear_birth_date();
  EXPECT_THAT(check(CivilDay(2023, 3, 1)), Fails(kForbidden, "BIRTH_DATE_MISSING"));
  person.set_retired(false);
  EXPECT_THAT(check(CivilDay(2023, 3, 1)), Fails(kForbidden, "PERSON_NOT_RETIRED"));
}

TEST(RetirementTest, RowsOfTheTableAreComplete) {
  using Step = ExchangeSettings::RetirementStep;
  const Step whole = Defaults().retirement_steps(0);
  struct Case {
    void (*spoil)(Step&);
    const char* field;
  };
  const Case cases[] = {
      {[](Step& step) { step.clear_original_age_months(); }, "original_age_months"},
      {[](Step& step) { step.clear_final_age_months(); }, "final_age_months"},
      {[](Step& step) { step.set_final_age_months(step.original_age_months() - 1); }, "final_age_months"},
      {[](Step& step) { step.clear_step_months(); }, "step_months"},
      {[](Step& step) { step.clear_base_month(); }, "base_month"},
  };
  Person person = Employed();
  *person.mutable_birth_date() = ToDate(CivilDay(1966, 3, 1));
  for (const Case& spoilt : cases) {
    ExchangeSettings settings;
    *settings.add_retirement_steps() = whole;
    EXPECT_THAT(CheckSettings(settings), IsOk());
    spoilt.spoil(*settings.mutable_retirement_steps(0));
    const absl::Status refused = CheckSettings(settings);
    EXPECT_THAT(refused, Fails(kInvalid, "FIELD_INVALID"));
    EXPECT_EQ(BadFields(refused),
              std::vector<std::string>{absl::StrCat("exchange_settings.retirement_steps[0].", spoilt.field)});
    // One that was stored all the same counts as left out.
    EXPECT_EQ(StatutoryRetirement(person, WithDefaults(settings)), StatutoryRetirement(person, Defaults()));
  }
}

// A claim beside others, written as "kind share from-until" in months of 2026.
Engagement ClaimingIn(int id, v1::ExchangeKind kind, int share, int from, int until) {
  Engagement engagement = EngagementIn(Engagement::APPROVED);
  engagement.set_name(absl::StrCat("cities/210800/engagements/c", id));
  engagement.set_kind(kind);
  engagement.clear_end_date();
  *engagement.mutable_terms() = TermsOf(CivilDay(2026, from, 1), CivilDay(2026, until + 1, 1) - 1, share);
  return engagement;
}

TEST(ClaimsTest, OverlapsAndShares) {
  struct Claimed {
    v1::ExchangeKind kind;
    int share, from, until;
  };
  struct Row {
    std::vector<Claimed> held;
    Claimed next;
    const char* reason;  // nullptr: claimed.
  };
  const Row rows[] = {
      {{}, {v1::SECONDMENT, 100, 1, 6}, nullptr},
      {{{v1::SECONDMENT, 100, 1, 6}}, {v1::SECONDMENT, 100, 7, 9}, nullptr},
      {{{v1::SECONDMENT, 100, 1, 6}}, {v1::SECONDMENT, 100, 6, 9}, "FULL_TIME_OVERLAP"},
      {{{v1::SECONDMENT, 40, 1, 6}}, {v1::RETIREE_REHIRE, 40, 6, 9}, "FULL_TIME_OVERLAP"},
      {{{v1::SECONDMENT, 100, 1, 6}}, {v1::CONSULTANT, 1, 6, 6}, "SHARE_EXCEEDED"},
      {{{v1::SECONDMENT, 80, 1, 6}}, {v1::CONSULTANT, 20, 1, 9}, nullptr},
      {{{v1::CONSULTANT, 100, 1, 6}}, {v1::SECONDMENT, 50, 2, 3}, "FULL_TIME_OVERLAP"},
      {{{v1::PART_TIME, 50, 1, 3}, {v1::CONSULTANT, 50, 4, 6}}, {v1::CONSULTANT, 50, 1, 6}, nullptr},
      {{{v1::PART_TIME, 50, 1, 4}, {v1::CONSULTANT, 50, 4, 6}}, {v1::CONSULTANT, 50, 1, 6}, "SHARE_EXCEEDED"},
      {{{v1::PART_TIME, 50, 1, 2}, {v1::PART_TIME, 50, 5, 6}}, {v1::CONSULTANT, 51, 3, 4}, nullptr},
  };
  for (size_t i = 0; i < std::size(rows); ++i) {
    Person person = Employed();
    int id = 0;
    for (const Claimed& held : rows[i].held) {
      ASSERT_THAT(
          Claim(person, ClaimingIn(id++, held.kind, held.share, held.from, held.until), Defaults(), HomeOfficer()),
          IsOk());
    }
    const Claimed& next = rows[i].next;
    const absl::Status status =
        Claim(person, ClaimingIn(id, next.kind, next.share, next.from, next.until), Defaults(), HomeOfficer());
    if (rows[i].reason == nullptr) {
      EXPECT_THAT(status, IsOk()) << "row " << i;
    } else {
      EXPECT_THAT(status, Fails(kForbidden, rows[i].reason)) << "row " << i;
      EXPECT_NE(FactsOf(status).text.zh.find("cities/210800/engagements/c"), std::string::npos);
      EXPECT_NE(FactsOf(status).text.en.find("cities/210800/engagements/c"), std::string::npos);
    }
  }
}

TEST(ClaimsTest, OnlyWhatIsNotVoidClaims) {
  for (const Engagement::State state : duikou::testing::kEngagementStates) {
    Person person = Employed();
    ASSERT_THAT(Claim(person, EngagementIn(Engagement::PROPOSED), Defaults(), HomeOfficer()), IsOk());
    ASSERT_THAT(Claim(person, EngagementIn(state), Defaults(), HomeOfficer()), IsOk());
    const bool claims = state != Engagement::REJECTED && state != Engagement::WITHDRAWN &&
                        state != Engagement::LAPSED && state != Engagement::CANCELLED;
    EXPECT_EQ(person.claims_size(), claims ? 1 : 0) << Engagement::State_Name(state);
  }
}

TEST(ClaimsTest, NumberAtOnceIsData) {
  ExchangeSettings settings = Defaults();
  for (auto& limits : *settings.mutable_limits()) {
    if (limits.kind() == v1::CONSULTANT) limits.set_max_at_once(2);
  }
  Person person = Employed();
  ASSERT_THAT(Claim(person, ClaimingIn(1, v1::CONSULTANT, 10, 1, 6), settings, HomeOfficer()), IsOk());
  ASSERT_THAT(Claim(person, ClaimingIn(2, v1::CONSULTANT, 10, 3, 9), settings, HomeOfficer()), IsOk());
  EXPECT_THAT(Claim(person, ClaimingIn(3, v1::CONSULTANT, 10, 6, 9), settings, HomeOfficer()),
              Fails(kForbidden, "TOO_MANY_AT_ONCE"));
  EXPECT_THAT(Claim(person, ClaimingIn(3, v1::CONSULTANT, 10, 7, 9), settings, HomeOfficer()), IsOk());
}

TEST(ClaimsTest, WhatTakesNoMoreThanBeforeIsNotCheckedAgain) {
  Person person = Employed();
  const Engagement first = ClaimingIn(1, v1::PART_TIME, 40, 3, 6);
  ASSERT_THAT(Claim(person, first, Defaults(), HomeOfficer()), IsOk());
  ASSERT_THAT(Claim(person, ClaimingIn(2, v1::PART_TIME, 40, 3, 9), Defaults(), HomeOfficer()), IsOk());
  ExchangeSettings settings = Defaults();
  for (auto& limits : *settings.mutable_limits()) {
    if (limits.kind() != v1::PART_TIME) continue;
    limits.set_max_at_once(1);
    limits.set_full_time(true);
  }
  struct Case {
    int share, from, until;
    bool fits;
  };
  for (const Case& c : {Case{40, 3, 6, true}, Case{40, 4, 5, true}, Case{30, 3, 6, true}, Case{40, 3, 7, false},
                        Case{40, 2, 6, false}, Case{41, 3, 6, false}}) {
    SCOPED_TRACE(absl::StrCat(c.share, " % ", c.from, "-", c.until));
    Person copy = person;
    const auto claimed = Claim(copy, ClaimingIn(1, v1::PART_TIME, c.share, c.from, c.until), settings, HomeOfficer());
    if (!c.fits) {
      EXPECT_THAT(claimed, Fails(kForbidden, "TOO_MANY_AT_ONCE"));
      continue;
    }
    ASSERT_THAT(claimed, IsOk());
    EXPECT_EQ(copy.claims_size(), 2);
    EXPECT_EQ(copy.claims(1).share(), c.share);
  }
}

TEST(ClaimsTest, RecordOfOtherCitiesIsNotNamed) {
  Person person = Employed();
  Engagement elsewhere = ClaimingIn(1, v1::SECONDMENT, 100, 1, 6);
  elsewhere.set_host_city("cities/320700");
  ASSERT_THAT(Claim(person, elsewhere, Defaults(), HomeOfficer()), IsOk());
  const absl::Status refused = Claim(person, ClaimingIn(2, v1::SECONDMENT, 100, 1, 6), Defaults(), HostOfficer());
  ASSERT_THAT(refused, Fails(kForbidden, "FULL_TIME_OVERLAP"));
  EXPECT_EQ(FactsOf(refused).text.zh.find(elsewhere.name()), std::string::npos);
  EXPECT_TRUE(FactsOf(refused).metadata.empty());
}

TEST(BatchesTest, AHostKeepsOfABatchWhatItHosts) {
  const Caller host{.kind = Caller::Kind::kPerson, .city = "110106"};
  v1::Batch batch;
  batch.set_name("cities/210800/batches/b1");
  AddTo(batch, "cities/210800/engagements/e1", "cities/110106");
  AddTo(batch, "cities/210800/engagements/e2", "cities/320700");
  v1::Batch shown = batch;
  ConcealOtherEngagements(Caller{.kind = Caller::Kind::kPerson, .city = "210800"}, shown);
  EXPECT_EQ(shown.SerializeAsString(), batch.SerializeAsString());
  ConcealOtherEngagements(host, shown);
  EXPECT_THAT(shown.engagements(), ::testing::ElementsAre("cities/210800/engagements/e1"));
  EXPECT_THAT(shown.host_cities(), ::testing::ElementsAre("cities/110106"));
  // Of before hosts were kept beside the engagements.
  batch.clear_engagement_hosts();
  shown = batch;
  ConcealOtherEngagements(host, shown);
  EXPECT_THAT(shown.host_cities(), ::testing::ElementsAre("cities/110106"));
  EXPECT_EQ(shown.engagements_size(), 0);
  batch.mutable_host_cities()->RemoveLast();
  shown = batch;
  ConcealOtherEngagements(host, shown);
  EXPECT_EQ(shown.engagements_size(), 2) << "all are its own";
}

TEST(ClaimsTest, ACityKeepsOfAPersonWhatItHosts) {
  Person person;
  person.set_name("cities/210800/persons/wang");
  for (const char* city : {"110106", "320700"}) {
    const std::string host = absl::StrCat("cities/", city);
    person.add_known_to(host);
    auto& claim = *person.add_claims();
    claim.set_engagement(absl::StrCat("cities/210800/engagements/in", city));
    claim.set_host_city(host);
    person.add_subsidised_months()->set_claim(absl::StrCat(claim.engagement(), "/subsidyClaims/c1"));
  }
  struct Case {
    const char* city;
    std::vector<std::string> hosts;
  };
  for (const Case& c : std::vector<Case>{{"210800", {"110106", "320700"}},
                                         {"110106", {"110106"}},
                                         {"320700", {"320700"}},
                                         {"210100", {}},
                                         {"", {}}}) {
    Person shown = person;
    ConcealOtherHosts(Caller{.kind = Caller::Kind::kPerson, .city = c.city}, shown);
    std::vector<std::string> known, claims, months;
    for (const std::string& city : c.hosts) {
      const std::string engagement = absl::StrCat("cities/210800/engagements/in", city);
      known.push_back(absl::StrCat("cities/", city));
      claims.push_back(engagement);
      months.push_back(absl::StrCat(engagement, "/subsidyClaims/c1"));
    }
    EXPECT_THAT(shown.known_to(), ::testing::ElementsAreArray(known)) << c.city;
    ASSERT_EQ(shown.claims_size(), claims.size()) << c.city;
    ASSERT_EQ(shown.subsidised_months_size(), months.size()) << c.city;
    for (size_t i = 0; i < claims.size(); ++i) {
      EXPECT_EQ(shown.claims(static_cast<int>(i)).engagement(), claims[i]);
      EXPECT_EQ(shown.subsidised_months(static_cast<int>(i)).claim(), months[i]);
    }
  }
}

TEST(QuotaTest, SeatGoesOneWay) {
  v1::Quota quota;
  quota.set_seats(1);
  quota.set_year(2026);
  quota.set_kind(v1::SECONDMENT);
  Engagement first = EngagementIn(Engagement::PROPOSED), second = first;
  ASSERT_THAT(Reserve(quota, first), IsOk());
  EXPECT_THAT(Reserve(quota, second), Fails(kForbidden, "QUOTA_EXHAUSTED"));
  Release(quota, second);
  EXPECT_EQ(quota.reserved(), 1) << "what holds no seat releases none";
  Release(quota, first);
  Release(quota, first);
  EXPECT_EQ(quota.reserved(), 0);
  EXPECT_EQ(first.seat(), Engagement::RELEASED);
  ASSERT_THAT(Reserve(quota, second), IsOk());
  Consume(quota, second);
  Consume(quota, second);
  Release(quota, second);
  EXPECT_EQ(quota.reserved(), 0);
  EXPECT_EQ(quota.consumed(), 1);
  EXPECT_THAT(Reserve(quota, first), Fails(kForbidden, "QUOTA_EXHAUSTED"));
  quota.set_seats(0);
  EXPECT_THAT(CheckSeats(quota), Fails(kInvalid, "QUOTA_BELOW_USE"));
  EXPECT_THAT(CheckUnused(quota), Fails(kForbidden, "QUOTA_IN_USE"));
}

}  // namespace
}  // namespace duikou::personnel::rules
