// Who may call a method, as its proto says.
#include <string>

#include "common/auth/method_rule.h"
#include "common/auth/password.h"
#include "duikou/taskregistry/v1/registry.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "tests/unit/status_matchers.h"

namespace duikou::auth {
namespace {

using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;

constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kUnknown = absl::StatusCode::kUnauthenticated;

MethodRule RuleOf(const std::string& method) {
  const auto* service = taskregistry::v1::GetSettingsRequest::descriptor()->file()->FindServiceByName("TaskRegistry");
  return *MethodRule::Of(service->FindMethodByName(method));
}

Caller PersonWith(std::initializer_list<int> roles) {
  Caller caller{.kind = Caller::Kind::kPerson, .name = "cities/210800/accounts/wang", .city = "210800"};
  for (const int role : roles) caller.roles |= 1U << role;
  return caller;
}

TEST(MethodRuleTest, RolesAndCity) {
  const MethodRule create = RuleOf("CreateTask");
  EXPECT_THAT(create.Check(PersonWith({type::v1::COORDINATOR}), "210800"), IsOk());
  EXPECT_THAT(create.Check(PersonWith({type::v1::COORDINATOR}), "320700"), Fails(kDenied, "OTHER_CITY"));
  EXPECT_THAT(create.Check(PersonWith({type::v1::COORDINATOR}), ""), Fails(kDenied, "OTHER_CITY"));
  EXPECT_THAT(create.Check(PersonWith({type::v1::SUPERVISOR}), "210800"), Fails(kDenied, "ROLE_MISSING"));
  EXPECT_THAT(create.Check(PersonWith({}), "210800"), Fails(kDenied, "ROLE_MISSING"));
  EXPECT_THAT(create.Check(Caller(), "210800"), Fails(kUnknown, "LOGIN_REQUIRED"));
}

TEST(MethodRuleTest, WhatIsOpenWithoutLoginIsNotOpenedByALoginWithoutRole) {
  const MethodRule get = RuleOf("GetTask");
  EXPECT_THAT(get.Check(Caller(), "210800"), IsOk()) << "then PUBLIC records alone are seen";
  EXPECT_THAT(get.Check(PersonWith({type::v1::UNIT_OFFICER}), "320700"), IsOk()) << "as far as he may see it";
  for (const int officer : {type::v1::ADMIN, type::v1::SECURITY_ADMIN, type::v1::AUDITOR}) {
    EXPECT_THAT(get.Check(PersonWith({officer}), "210800"), Fails(kDenied, "ROLE_MISSING"));
  }
}

TEST(MethodRuleTest, ServicesAreNamed) {
  Caller setup{.kind = Caller::Kind::kService, .name = "services/setup"};
  Caller other{.kind = Caller::Kind::kService, .name = "services/personnel"};
  EXPECT_THAT(RuleOf("CreateTask").Check(setup, "210800"), IsOk());
  EXPECT_THAT(RuleOf("CreateTask").Check(other, "210800"), Fails(kDenied, "SERVICE_NOT_ALLOWED"));
  EXPECT_THAT(RuleOf("IssueTask").Check(setup, "210800"), Fails(kDenied, "SERVICE_NOT_ALLOWED"));
}

TEST(PasswordTest, StrengthNeedsLengthAndThreeClasses) {
  const auto check = [](const char* password) { return CheckPasswordStrength("password", password, "wang"); };
  for (const char* good : {"Yingkou2026", "yingkou-2026", "YINGKOU#2026", "营口Ab345678"}) {
    EXPECT_THAT(check(good), IsOk()) << good;
  }
  for (const char* weak : {"", "Yk2026#", "yingkou2026", "1234567890", "Wang-2026-x", "xWANG-2026-"}) {
    const absl::Status status = check(weak);
    EXPECT_EQ(ReasonOf(status), "PASSWORD_WEAK") << weak;
    EXPECT_EQ(BadFields(status), std::vector<std::string>{"password"}) << weak;
  }
}

}  // namespace
}  // namespace duikou::auth
