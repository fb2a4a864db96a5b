// Acting for somebody who is away (AB角): when, as what, and never as one of the three officers.
#include "common/auth/deputies.h"
#include "common/base/workday.h"
#include "duikou/type/v1/role.pb.h"
#include "tests/unit/status_matchers.h"

namespace duikou::auth {
namespace {

using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::type::v1::ADMIN;
using duikou::type::v1::AUDITOR;
using duikou::type::v1::COORDINATOR;
using duikou::type::v1::SECURITY_ADMIN;
using duikou::type::v1::UNIT_OFFICER;

constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kDown = absl::StatusCode::kUnavailable;
constexpr auto kSignedOut = absl::StatusCode::kUnauthenticated;
const char kWang[] = "cities/210800/accounts/wang";
const char kLi[] = "cities/210800/accounts/li";

Caller Li(uint32_t roles = 1U << UNIT_OFFICER) {
  return {.kind = Caller::Kind::kPerson,
          .name = kLi,
          .city = "210800",
          .unit = "cities/210800/units/shangwuju",
          .roles = roles,
          .session = "cities/210800/accounts/li/sessions/s1"};
}

// Li stands in for Wang from 2 to 6 March 2026.
Deputies::List List(uint32_t roles = 1U << COORDINATOR) {
  Deputies::List list(1);
  list[0].set_account(kWang);
  list[0].set_deputy(kLi);
  list[0].set_unit("cities/210800/units/duikouban");
  list[0].set_roles(roles);
  list[0].set_from_day(20260302);
  list[0].set_until_day(20260306);
  return list;
}

absl::Time Noon(int month, int day) { return StartOf(absl::CivilDay(2026, month, day)) + absl::Hours(12); }

TEST(DeputiesTest, WithUnitAndRolesOfTheOther) {
  Deputies deputies;
  deputies.Set(List());
  const auto caller = deputies.ActFor(Li(), kWang, Noon(3, 3));
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ((*caller)->name, kLi);
  EXPECT_EQ((*caller)->on_behalf_of, kWang);
  EXPECT_EQ((*caller)->unit, "cities/210800/units/duikouban");
  EXPECT_EQ((*caller)->roles, 1U << COORDINATOR) << "not with his own";
  EXPECT_EQ((*caller)->session, Li().session) << "his own session ends it";
}

TEST(DeputiesTest, OnTheDaysOfThePeriodBothIncluded) {
  Deputies deputies;
  deputies.Set(List());
  EXPECT_THAT(deputies.ActFor(Li(), kWang, StartOf(absl::CivilDay(2026, 3, 2))), IsOk());
  EXPECT_THAT(deputies.ActFor(Li(), kWang, StartOf(absl::CivilDay(2026, 3, 7)) - absl::Seconds(1)), IsOk());
  for (const absl::Time out :
       {StartOf(absl::CivilDay(2026, 3, 2)) - absl::Seconds(1), StartOf(absl::CivilDay(2026, 3, 7))}) {
    EXPECT_THAT(deputies.ActFor(Li(), kWang, out), Fails(kDenied, "NOT_DEPUTY"));
    EXPECT_TRUE(deputies.AllFor(Li(), out).empty());
  }
  EXPECT_EQ(deputies.AllFor(Li(), Noon(3, 4)).size(), 1u);
}

TEST(DeputiesTest, OnlyForWhomOneIsDeputy) {
  Deputies deputies;
  deputies.Set(List());
  EXPECT_THAT(deputies.ActFor(Li(), "cities/210800/accounts/zhao", Noon(3, 3)), Fails(kDenied, "NOT_DEPUTY"));
  Caller wang = Li();
  wang.name = kWang;
  EXPECT_THAT(deputies.ActFor(wang, kLi, Noon(3, 3)), Fails(kDenied, "NOT_DEPUTY")) << "not the other way round";
  deputies.Set({});
  EXPECT_THAT(deputies.ActFor(Li(), kWang, Noon(3, 3)), Fails(kDenied, "NOT_DEPUTY")) << "taken back, or disabled";
}

TEST(DeputiesTest, TheThreeOfficersAreNeitherActedForNorActForOthers) {
  Deputies deputies;
  deputies.Set(List(1U << COORDINATOR | 1U << ADMIN | 1U << SECURITY_ADMIN | 1U << AUDITOR));
  EXPECT_EQ((*deputies.ActFor(Li(), kWang, Noon(3, 3)))->roles, 1U << COORDINATOR);
  for (const int role : {ADMIN, SECURITY_ADMIN, AUDITOR}) {
    EXPECT_THAT(deputies.ActFor(Li(1U << role), kWang, Noon(3, 3)), Fails(kDenied, "DEPUTY_SEPARATION"));
    EXPECT_TRUE(deputies.AllFor(Li(1U << role), Noon(3, 3)).empty());
  }
}

TEST(DeputiesTest, NoDeputyOfADeputy) {
  Deputies deputies;
  deputies.Set(List());
  EXPECT_TRUE(deputies.AllFor(**deputies.ActFor(Li(), kWang, Noon(3, 3)), Noon(3, 3)).empty());
}

TEST(DeputiesTest, AStreamGoesOnAsWhatTheOtherIsAlone) {
  Deputies deputies;
  deputies.Set(List());
  const Caller acting = **deputies.ActFor(Li(), kWang, Noon(3, 3));
  EXPECT_THAT(deputies.Check(acting, Noon(3, 3)), IsOk());
  deputies.Set(List(1U << COORDINATOR | 1U << ADMIN));
  EXPECT_THAT(deputies.Check(acting, Noon(3, 3)), IsOk()) << "nobody acts for him as ADMIN";
  deputies.Set(List(1U << UNIT_OFFICER));
  EXPECT_THAT(deputies.Check(acting, Noon(3, 3)), Fails(kSignedOut, "DEPUTATION_CHANGED"));
  Deputies::List moved = List();
  moved[0].set_unit("cities/210800/units/gongxinju");
  deputies.Set(moved);
  EXPECT_THAT(deputies.Check(acting, Noon(3, 3)), Fails(kSignedOut, "DEPUTATION_CHANGED"));
  deputies.Set(List());
  EXPECT_THAT(deputies.Check(acting, Noon(3, 7)), Fails(kDenied, "NOT_DEPUTY"));
}

TEST(DeputiesTest, WhatIsNotKnownGrantsNothing) {
  Deputies deputies;
  EXPECT_THAT(deputies.ActFor(Li(), kWang, Noon(3, 3)), Fails(kDown, "DEPUTIES_UNKNOWN"));
  EXPECT_TRUE(deputies.AllFor(Li(), Noon(3, 3)).empty());
}

}  // namespace
}  // namespace duikou::auth
