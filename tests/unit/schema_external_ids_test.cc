// Ids of partner systems, each kept as its own.
#include "common/schema/external_ids.h"
#include "duikou/directory/v1/unit.pb.h"
#include "duikou/taskregistry/v1/plan.pb.h"
#include "tests/unit/status_matchers.h"

namespace duikou::schema {
namespace {

using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using ::testing::ElementsAre;

Caller CallerOf(Caller::Kind kind, const std::string& name) { return {.kind = kind, .name = name}; }

TEST(OwnExternalIdTest, APartnerSystemsIdHasItInFront) {
  const Caller system = CallerOf(Caller::Kind::kPartner, "cities/320700/partnerSystems/lyg-oa");
  const Caller person = CallerOf(Caller::Kind::kPerson, "cities/320700/accounts/li");
  const struct {
    const Caller& by;
    const char* known;
    const char* given;
    const char* kept;
  } rows[] = {
      {system, "", "17", "lyg-oa:17"},
      {system, "", "lyg-oa:17", "lyg-oa:17"},
      {system, "", "other:17", "lyg-oa:other:17"},
      {system, "other:17", "other:17", "other:17"},  // It came back with the whole record.
      {system, "other:17", "18", "lyg-oa:18"},
      {system, "", "", ""},
      {person, "", "17", "17"},
  };
  for (const auto& row : rows) {
    taskregistry::v1::Plan plan;
    plan.set_external_id(row.given);
    EXPECT_THAT(OwnExternalId(row.by, row.known, "plan", plan), IsOk());
    EXPECT_EQ(plan.external_id(), row.kept) << row.given;
  }
  directory::v1::Unit without;
  EXPECT_THAT(OwnExternalId(system, "", "unit", without), IsOk());
}

TEST(OwnExternalIdTest, LeavesRoomForTheSystem) {
  const Caller system = CallerOf(Caller::Kind::kPartner, "cities/320700/partnerSystems/lyg-oa");
  taskregistry::v1::Plan plan;
  plan.set_external_id(std::string(93, 'x'));
  EXPECT_THAT(OwnExternalId(system, "", "plan", plan), IsOk());
  plan.set_external_id(std::string(94, 'x'));
  const absl::Status refused = OwnExternalId(system, "", "plan", plan);
  EXPECT_THAT(refused, Fails(absl::StatusCode::kInvalidArgument, "FIELD_INVALID"));
  EXPECT_THAT(BadFields(refused), ElementsAre("plan.external_id"));
}

}  // namespace
}  // namespace duikou::schema
