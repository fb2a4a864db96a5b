#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/auth/partners.h"
#include "duikou/type/v1/role.pb.h"
#include "tests/unit/status_matchers.h"

namespace duikou::auth {
namespace {

using duikou::testing::Fails;
using duikou::testing::IsOk;
using type::v1::COORDINATOR;
using type::v1::TECH_BROKER;

constexpr char kSystem[] = "cities/320700/partnerSystems/lyg-oa";
constexpr char kFirst[] = "cities/320700/units/fagaiwei";
constexpr char kSecond[] = "cities/320700/units/kejiju";

Partners::List List() {
  Partners::List list;
  auto& partner = list.emplace_back();
  partner.set_name(kSystem);
  partner.add_units(kFirst);
  partner.add_units(kSecond);
  partner.set_roles(1U << COORDINATOR);
  partner.set_requests_per_minute(120);
  return list;
}

TEST(PartnersTest, IdentityAndNameSayTheSame) {
  EXPECT_EQ(PartnerIdentity(kSystem), "spiffe://duikou/partners/320700/lyg-oa");
  EXPECT_EQ(PartnerOfIdentity("spiffe://duikou/partners/320700/lyg-oa"), kSystem);
  for (const char* identity :
       {"", "spiffe://duikou/services/taskregistry", "spiffe://duikou/partners/320700", "spiffe://duikou/partners/",
        "spiffe://duikou/partners/320700/", "spiffe://duikou/partners//x", "spiffe://duikou/partners/320700/a/b",
        "spiffe://other/partners/320700/lyg-oa", "xspiffe://duikou/partners/320700/lyg-oa"})
    EXPECT_EQ(PartnerOfIdentity(identity), "") << identity;
  EXPECT_EQ(PartnerIdentity("cities/320700/accounts/li"), "");
}

TEST(PartnersTest, AdmitsWithWhatItWasGranted) {
  Partners partners;
  partners.Set(List());
  const auto admitted = partners.Admit(kSystem, "", "li", Locale::kEn);
  ASSERT_THAT(admitted, IsOk());
  EXPECT_EQ(admitted->requests_per_minute, 120);
  const Caller& caller = *admitted->caller;
  EXPECT_EQ(caller.kind, Caller::Kind::kPartner);
  EXPECT_EQ(caller.name, kSystem);
  EXPECT_EQ(caller.city, "320700");
  EXPECT_EQ(caller.unit, kFirst);
  EXPECT_EQ(caller.roles, 1U << COORDINATOR);
  EXPECT_EQ(caller.on_behalf_of, "li");
  EXPECT_EQ(caller.locale, Locale::kEn);
  EXPECT_EQ((*partners.Admit(kSystem, kSecond, "", Locale::kZhCn)).caller->unit, kSecond);
}

TEST(PartnersTest, RefusesWhatItWasNot) {
  Partners partners;
  EXPECT_THAT(partners.Admit(kSystem, "", "", Locale::kZhCn),
              Fails(absl::StatusCode::kUnavailable, "PARTNERS_UNKNOWN"));
  partners.Set(List());
  EXPECT_THAT(partners.Admit("cities/320700/partnerSystems/other", "", "", Locale::kZhCn),
              Fails(absl::StatusCode::kUnauthenticated, "PARTNER_UNKNOWN"));
  EXPECT_THAT(partners.Admit(kSystem, "cities/320700/units/other", "", Locale::kZhCn),
              Fails(absl::StatusCode::kPermissionDenied, "UNIT_NOT_GRANTED"));
  for (const std::string& person :
       {std::string("two words"), std::string("李"), std::string("a\nb"), std::string(101, 'x')})
    EXPECT_THAT(partners.Admit(kSystem, "", person, Locale::kZhCn),
                Fails(absl::StatusCode::kInvalidArgument, "FIELD_INVALID"))
        << person;
}

TEST(PartnersTest, AStreamEndsWithWhatItRestsOn) {
  Partners partners;
  partners.Set(List());
  const auto admitted = partners.Admit(kSystem, kSecond, "", Locale::kZhCn);
  ASSERT_THAT(admitted, IsOk());
  EXPECT_THAT(partners.Check(*admitted->caller), IsOk());
  Partners::List changed = List();
  changed[0].set_roles(1U << TECH_BROKER);
  partners.Set(changed);
  EXPECT_THAT(partners.Check(*admitted->caller), Fails(absl::StatusCode::kUnauthenticated, "PARTNER_UNKNOWN"));
  changed = List();
  changed[0].mutable_units()->RemoveLast();
  partners.Set(changed);
  EXPECT_THAT(partners.Check(*admitted->caller), Fails(absl::StatusCode::kUnauthenticated, "PARTNER_UNKNOWN"));
  partners.Set({});
  EXPECT_THAT(partners.Check(*admitted->caller), Fails(absl::StatusCode::kUnauthenticated, "PARTNER_UNKNOWN"));
}

}  // namespace
}  // namespace duikou::auth
