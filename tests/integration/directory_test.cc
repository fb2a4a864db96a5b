// The directory as it runs, on both engines: whose units and accounts they are, what became of units, and sign-ins that
// race with what ends them.
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/auth/access_token.h"
#include "common/base/workday.h"
#include "common/crypto/signing_key.h"
#include "duikou/directory/v1/directory.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/directory/cities.h"
#include "services/directory/rules/unit_succession.h"
#include "services/directory/service.h"
#include "tests/integration/holidays.h"
#include "tests/integration/served_fixture.h"

namespace duikou::testing {
namespace {

using namespace directory::v1;  // NOLINT(google-build-using-namespace): the API under test.
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kSignedOut = absl::StatusCode::kUnauthenticated;
constexpr char kYingkou[] = "cities/210800";
constexpr char kLianyungang[] = "cities/320700";
constexpr char kPassword[] = "Yingkou-2026-hezuo";

// Nobody else is there.
class NoPeers : public rpc::Peers {
 public:
  absl::StatusOr<rpc::PeerRecords> Find(const std::string&, const std::vector<std::string>&) override { return Down(); }
  std::optional<rpc::PeerRecords> FindInMemory(const std::string&, const std::vector<std::string>&) override {
    return std::nullopt;
  }
  absl::Status Call(const std::string&, const google::protobuf::Message&, google::protobuf::Message*,
                    const rpc::CallOptions&) override {
    return Down();
  }

 private:
  static absl::Status Down() { return absl::UnavailableError("the directory asks nobody"); }
};

// On Monday, 2026-03-02.
class DirectoryTest : public ServedTest {
 protected:
  DirectoryTest() : ServedTest(directory::Definition(), StartOf(absl::CivilDay(2026, 3, 2)) + absl::Hours(9)) {}
  std::unique_ptr<rpc::Peers> MakePeers() const override { return std::make_unique<NoPeers>(); }

  void SetUp() override {
    ServedTest::SetUp();
    // The directory vouches for tokens of its own key alone.
    auto key = crypto::SigningKey::FromFile(folder_ + "/token.key");
    ASSERT_THAT(key, IsOk());
    key_ = *std::move(key);
    service_->tokens().SetStatus({{key_->id(), key_->public_key()}}, {});
  }

  rpc::CallOptions Admin(const std::string& city) const {
    return SignedIn(city, "admin", "duikouban", {type::v1::ADMIN}, Locale::kEn);
  }
  rpc::CallOptions SecurityAdmin() const {
    return SignedIn(kYingkou, "security", "duikouban", {type::v1::SECURITY_ADMIN}, Locale::kEn);
  }
  std::string AddUnit(const std::string& city, const std::string& id, const std::string& title) {
    CreateUnitRequest request;
    request.set_parent(city);
    request.set_unit_id(id);
    request.mutable_unit()->set_title(title);
    request.mutable_unit()->set_kind(Unit::GOVERNMENT);
    request.mutable_unit()->add_aliases()->set_text(title);
    EXPECT_THAT(Call<Unit>(request, Admin(city)), IsOk());
    return absl::StrCat(city, "/units/", id);
  }
  absl::Status Merge(const std::string& into, const std::string& merged,
                     absl::CivilDay day = absl::CivilDay(2026, 3, 1)) {
    MergeUnitsRequest request;
    request.set_name(into);
    request.add_merged(merged);
    *request.mutable_date() = directory::rules::ToDate(day);
    return Call<MergeUnitsResponse>(request, Admin(kYingkou)).status();
  }
  absl::Status Delete(const std::string& unit) {
    DeleteUnitRequest request;
    request.set_name(unit);
    return Call<google::protobuf::Empty>(request, Admin(kYingkou)).status();
  }
  // Who bears the name, by id.
  std::vector<std::string> Resolve(const std::string& text, absl::CivilDay day = absl::CivilDay(2026, 3, 2)) {
    ResolveUnitsRequest request;
    request.set_parent(kYingkou);
    request.add_texts(text);
    *request.mutable_date() = directory::rules::ToDate(day);
    const auto found = Call<ResolveUnitsResponse>(request, Admin(kYingkou));
    EXPECT_THAT(found, IsOk());
    std::vector<std::string> ids;
    if (!found.ok()) return ids;
    for (const Unit& unit : found->results(0).units()) ids.push_back(unit.name().substr(unit.name().rfind('/') + 1));
    return ids;
  }
  absl::StatusOr<Account> AddAccount(const std::string& id, const std::string& unit) {
    CreateAccountRequest request;
    request.set_parent(kYingkou);
    request.set_account_id(id);
    request.mutable_account()->set_title(id);
    request.mutable_account()->set_unit(unit);
    return Call<Account>(request, Admin(kYingkou));
  }
  absl::StatusOr<Tokens> ChangePassword(const std::string& account, const std::string& from, const std::string& to) {
    ChangePasswordRequest request;
    request.set_account(account);
    request.set_password(from);
    request.set_new_password(to);
    return Call<Tokens>(request, Nobody());
  }
  // With a password that it may sign in with.
  std::string AddPerson(const std::string& id, const std::string& unit) {
    const auto account = AddAccount(id, unit);
    EXPECT_THAT(account, IsOk());
    const std::string name = absl::StrCat(kYingkou, "/accounts/", id);
    SetPasswordRequest set;
    set.set_name(name);
    set.set_password("Erstes-Wort-2026");
    EXPECT_THAT(Call<google::protobuf::Empty>(set, Admin(kYingkou)), IsOk());
    EXPECT_THAT(ChangePassword(name, set.password(), kPassword), IsOk());
    return name;
  }
  absl::StatusOr<Tokens> SignIn(const std::string& account) {
    SignInRequest request;
    request.set_account(account);
    request.set_password(kPassword);
    return Call<Tokens>(request, Nobody());
  }
  std::vector<Session> SessionsOf(const std::string& account) {
    std::vector<Session> sessions;
    const Caller directory{.kind = Caller::Kind::kService, .name = "services/directory"};
    EXPECT_THAT(service_->store().Read(directory, {},
                                       [&](const View& view) -> absl::Status {
                                         ASSIGN_OR_RETURN(sessions, view.ListAll<Session>({.parent = account}));
                                         return absl::OkStatus();
                                       }),
                IsOk());
    return sessions;
  }
  static rpc::CallOptions Nobody() { return {.deadline = absl::Now() + absl::Seconds(120)}; }
  absl::StatusOr<Account> WhoIs(const Tokens& tokens) {
    return Call<Account>(WhoAmIRequest(), {.deadline = absl::Now() + absl::Seconds(120),
                                           .authorization = "Bearer " + tokens.access_token()});
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, DirectoryTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(DirectoryTest, ACityMergesAndSplitsItsOwnUnitsAlone) {
  const std::string own = AddUnit(kYingkou, "shangwuju", "营口市商务局");
  const std::string theirs = AddUnit(kLianyungang, "shangwuju", "连云港市商务局");
  const absl::Status merged = Merge(own, theirs);
  EXPECT_THAT(merged, Fails(kBad, "SUCCESSOR_INVALID"));
  EXPECT_THAT(BadFields(merged), ElementsAre("merged"));
  GetUnitRequest get;
  get.set_name(theirs);
  EXPECT_EQ(Call<Unit>(get, Admin(kLianyungang))->state(), Unit::ACTIVE);
  SplitUnitRequest split;
  split.set_name(own);
  split.add_successors(AddUnit(kYingkou, "maoyiju", "营口市贸易局"));
  split.add_successors(theirs);
  *split.mutable_date() = directory::rules::ToDate(absl::CivilDay(2026, 3, 1));
  EXPECT_THAT(Call<Unit>(split, Admin(kYingkou)), Fails(kBad, "SUCCESSOR_INVALID"));
}

TEST_P(DirectoryTest, NoUnitIsSplitIntoOneThatHasEnded) {
  const std::string b = AddUnit(kYingkou, "b", "乙局"), c = AddUnit(kYingkou, "c", "丙局"),
                    d = AddUnit(kYingkou, "d", "丁局");
  ASSERT_THAT(Merge(c, d), IsOk());
  SplitUnitRequest split;
  split.set_name(c);
  split.add_successors(d);
  split.add_successors(b);
  *split.mutable_date() = directory::rules::ToDate(absl::CivilDay(2026, 3, 1));
  EXPECT_THAT(Call<Unit>(split, Admin(kYingkou)), Fails(kForbidden, "UNIT_NOT_ACTIVE")) << "丙 and 丁 in a circle";
  EXPECT_THAT(Resolve("丁局"), ElementsAre("c"));
  EXPECT_THAT(Merge(d, b), Fails(kForbidden, "UNIT_NOT_ACTIVE"));
}

TEST_P(DirectoryTest, AGroupHasUnitsAsMembersAlone) {
  const std::string bureau = AddUnit(kYingkou, "fagaiwei", "市发改委");
  const auto group = [&](const std::string& id, const std::string& member) {
    CreateUnitRequest request;
    request.set_parent(kYingkou);
    request.set_unit_id(id);
    request.mutable_unit()->set_title(id);
    request.mutable_unit()->set_kind(Unit::GROUP);
    request.mutable_unit()->add_members()->set_unit(member);
    return Call<Unit>(request, Admin(kYingkou));
  };
  const auto inner = group("g1", bureau);
  ASSERT_THAT(inner, IsOk());
  const auto nested = group("g2", inner->name()).status();
  EXPECT_THAT(nested, Fails(kBad, "GROUP_IN_GROUP"));
  EXPECT_THAT(BadFields(nested), ElementsAre("unit.members[0].unit"));
  const auto outer = group("g2", AddUnit(kYingkou, "gongxinju", "市工信局"));
  ASSERT_THAT(outer, IsOk());
  UpdateUnitRequest update;
  *update.mutable_unit() = *outer;
  update.mutable_unit()->add_members()->set_unit(inner->name());
  update.mutable_update_mask()->add_paths("members");
  EXPECT_THAT(Call<Unit>(update, Admin(kYingkou)), Fails(kBad, "GROUP_IN_GROUP"));
  // Nor does one that is a member become a group.
  UpdateUnitRequest turn;
  turn.mutable_unit()->set_name(bureau);
  turn.mutable_unit()->set_kind(Unit::GROUP);
  turn.mutable_unit()->add_members()->set_unit(absl::StrCat(kYingkou, "/units/gongxinju"));
  turn.mutable_update_mask()->add_paths("kind");
  turn.mutable_update_mask()->add_paths("members");
  const auto turned = Call<Unit>(turn, Admin(kYingkou)).status();
  EXPECT_THAT(turned, Fails(kBad, "GROUP_IN_GROUP"));
  EXPECT_THAT(BadFields(turned), ElementsAre("unit.kind"));
}

TEST_P(DirectoryTest, NoUnitStandsAboveItself) {
  const std::string top = AddUnit(kYingkou, "gongxinju", "市工信局");
  const std::string middle = AddUnit(kYingkou, "gaizhou", "盖州市政府");
  const std::string bottom = AddUnit(kYingkou, "xiangzhen", "某镇政府");
  const auto put = [&](const std::string& unit, const std::string& parent) {
    UpdateUnitRequest request;
    request.mutable_unit()->set_name(unit);
    request.mutable_unit()->set_parent_unit(parent);
    request.mutable_update_mask()->add_paths("parent_unit");
    return Call<Unit>(request, Admin(kYingkou)).status();
  };
  EXPECT_THAT(put(middle, top), IsOk());
  EXPECT_THAT(put(bottom, middle), IsOk());
  for (const std::string& below : {top, middle, bottom}) {
    EXPECT_THAT(put(top, below), Fails(kBad, "PARENT_BELOW_UNIT")) << below;
    EXPECT_THAT(BadFields(put(top, below)), ElementsAre("unit.parent_unit"));
  }
  EXPECT_THAT(put(bottom, top), IsOk());
  EXPECT_THAT(put(middle, bottom), IsOk());
  EXPECT_THAT(put(middle, ""), IsOk());
}

TEST_P(DirectoryTest, AnAccountIsOfAUnitOfItsCity) {
  const std::string own = AddUnit(kYingkou, "fgw", "营口市发改委"),
                    theirs = AddUnit(kLianyungang, "fgw", "连云港市发改委");
  const absl::Status created = AddAccount("wang", theirs).status();
  EXPECT_THAT(created, Fails(kBad, "FIELD_INVALID"));
  EXPECT_THAT(BadFields(created), ElementsAre("account.unit"));
  ASSERT_THAT(AddAccount("wang", own), IsOk());
  UpdateAccountRequest move;
  move.mutable_account()->set_name(absl::StrCat(kYingkou, "/accounts/wang"));
  move.mutable_account()->set_unit(theirs);
  EXPECT_THAT(BadFields(Call<Account>(move, Admin(kYingkou)).status()), ElementsAre("account.unit"));
}

// By the installer alone, who is known by his certificate: the functions are asked themselves.
TEST_P(DirectoryTest, ACityAbroadHasItsCodeInLowerCase) {
  const auto create = [&](const std::string& id) {
    return Take(service_->store(), [id](Txn& txn) -> absl::Status {
      City city;
      city.set_name(absl::StrCat("cities/", id));
      city.set_code("JP-27100");
      city.set_title("大阪市");
      RETURN_IF_ERROR(directory::OnCreateCity(txn, txn.caller(), city));
      return txn.Insert(std::move(city)).status();
    });
  };
  EXPECT_THAT(BadFields(create("jp-27101")), ElementsAre("city_id"));
  ASSERT_THAT(create("jp-27100"), IsOk());
  GetCityRequest get;
  get.set_name("cities/jp-27100");
  EXPECT_EQ(Call<City>(get, Admin(kYingkou))->code(), "JP-27100");
}

TEST_P(DirectoryTest, AMembershipEndsAfterItBegan) {
  for (const char* code : {"210800", "320700"}) {
    ASSERT_THAT(Take(service_->store(),
                     [&](Txn& txn) {
                       City city;
                       city.set_name(absl::StrCat("cities/", code));
                       city.set_code(code);
                       city.set_title(code);
                       return txn.Insert(std::move(city)).status();
                     }),
                IsOk());
  }
  CreatePartnershipRequest request;
  request.set_parent(kYingkou);
  request.mutable_partnership()->set_kind(Partnership::PAIR);
  request.mutable_partnership()->set_title("营口–连云港");
  for (const char* city : {kYingkou, kLianyungang}) {
    Partnership::Member* member = request.mutable_partnership()->add_members();
    member->set_city(city);
    *member->mutable_from() = directory::rules::ToDate(absl::CivilDay(2022, 3, 1));
  }
  Partnership::Member& second = *request.mutable_partnership()->mutable_members(1);
  *second.mutable_until() = directory::rules::ToDate(absl::CivilDay(2022, 2, 28));
  const auto coordinator = SignedIn(kYingkou, "chen", "duikouban", {type::v1::COORDINATOR}, Locale::kEn);
  const auto refused = Call<Partnership>(request, coordinator).status();
  EXPECT_EQ(refused.code(), kBad) << refused;
  EXPECT_THAT(BadFields(refused), ElementsAre("partnership.members[1].until"));
  *second.mutable_until() = second.from();
  EXPECT_THAT(Call<Partnership>(request, coordinator), IsOk()) << "of one day";
}

TEST_P(DirectoryTest, NamesLeadToWhatBecameOfTheirUnitsInTheEnd) {
  const std::string a = AddUnit(kYingkou, "a", "甲局"), b = AddUnit(kYingkou, "b", "乙局"),
                    c = AddUnit(kYingkou, "c", "丙局");
  ASSERT_THAT(Merge(b, a, absl::CivilDay(2026, 2, 1)), IsOk());
  EXPECT_THAT(Resolve("甲局"), ElementsAre("b"));
  ASSERT_THAT(Merge(c, b, absl::CivilDay(2026, 3, 1)), IsOk());
  EXPECT_THAT(Resolve("甲局"), ElementsAre("c"));
  EXPECT_THAT(Resolve("甲局", absl::CivilDay(2026, 2, 15)), ElementsAre("b")) << "as it was on that day";
  EXPECT_THAT(Resolve("甲局", absl::CivilDay(2026, 1, 15)), ElementsAre("a"));
  ResolveUnitRequest one;
  one.set_parent(kYingkou);
  one.set_text("甲局");
  EXPECT_EQ(Call<Unit>(one, Admin(kYingkou))->name(), c);
  // Who came after another stays as long as that is recorded.
  EXPECT_THAT(Delete(c), Fails(kForbidden, "RECORD_REFERRED"));
  EXPECT_THAT(Delete(b), Fails(kForbidden, "RECORD_REFERRED"));
  ASSERT_THAT(Delete(a), IsOk());
  EXPECT_THAT(Delete(b), IsOk());
  EXPECT_THAT(Resolve("乙局"), IsEmpty());
}

TEST_P(DirectoryTest, WhatIsValidatedAloneEndsNoSession) {
  const std::string wang = AddPerson("wang", AddUnit(kYingkou, "fgw", "营口市发改委"));
  const auto tokens = SignIn(wang);
  ASSERT_THAT(tokens, IsOk());
  SetPasswordRequest set;
  set.set_name(wang);
  set.set_password("Zweites-Wort-2026");
  set.set_validate_only(true);
  ASSERT_THAT(Call<google::protobuf::Empty>(set, Admin(kYingkou)), IsOk());
  EXPECT_THAT(WhoIs(*tokens), IsOk());
  GrantRolesRequest grant;
  grant.set_name(wang);
  grant.add_roles(type::v1::COORDINATOR);
  grant.set_validate_only(true);
  ASSERT_THAT(Call<Account>(grant, SecurityAdmin()), IsOk());
  EXPECT_THAT(WhoIs(*tokens), IsOk());
  set.set_validate_only(false);
  ASSERT_THAT(Call<google::protobuf::Empty>(set, Admin(kYingkou)), IsOk());
  EXPECT_THAT(WhoIs(*tokens), Fails(kSignedOut, "SESSION_ENDED"));
}

TEST_P(DirectoryTest, WhoIsMovedToAnotherUnitSignsInAnew) {
  const std::string unit = AddUnit(kYingkou, "fgw", "营口市发改委"), other = AddUnit(kYingkou, "swj", "营口市商务局"),
                    wang = AddPerson("wang", unit);
  const auto tokens = SignIn(wang);
  ASSERT_THAT(tokens, IsOk());
  UpdateAccountRequest update;
  update.mutable_account()->set_name(wang);
  update.mutable_account()->set_title("王科长");
  update.mutable_account()->set_unit(unit);
  ASSERT_THAT(Call<Account>(update, Admin(kYingkou)), IsOk());
  update.mutable_account()->set_unit(other);
  update.set_validate_only(true);
  ASSERT_THAT(Call<Account>(update, Admin(kYingkou)), IsOk());
  RefreshSessionRequest refresh;
  refresh.set_refresh_token(tokens->refresh_token());
  auto refreshed = Call<Tokens>(refresh, Nobody());
  ASSERT_THAT(refreshed, IsOk()) << "he is where he was";

  update.set_validate_only(false);
  const auto moved = Call<Account>(update, Admin(kYingkou));
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->unit(), other) << "the answer is the account, not a session";
  refresh.set_refresh_token(refreshed->refresh_token());
  EXPECT_THAT(Call<Tokens>(refresh, Nobody()), Fails(kSignedOut, "SESSION_ENDED"));
  const absl::Time until = absl::Now() + absl::Seconds(5);
  while (WhoIs(*refreshed).ok() && absl::Now() < until) absl::SleepFor(absl::Milliseconds(20));
  EXPECT_THAT(WhoIs(*refreshed), Fails(kSignedOut, "SESSION_ENDED")) << "his token says the unit of before";
  EXPECT_EQ(SignIn(wang)->unit(), other);
}

TEST_P(DirectoryTest, AnAccountSaysUntilWhenItIsLocked) {
  const std::string account = AddPerson("li", AddUnit(kYingkou, "gongxinju", "市工信局"));
  const auto now = [&] {
    GetAccountRequest request;
    request.set_name(account);
    const auto found = Call<Account>(request, Admin(kYingkou));
    EXPECT_THAT(found, IsOk());
    return found.ok() ? *found : Account();
  };
  SignInRequest wrong;
  wrong.set_account(account);
  wrong.set_password("Falsch-2026-hezuo");
  const auto lock = [&] {
    for (int attempt = 1; attempt <= 5; ++attempt) {
      EXPECT_FALSE(now().has_locked_until()) << attempt;
      EXPECT_THAT(Call<Tokens>(wrong, Nobody()), Fails(kSignedOut, "SIGN_IN_REFUSED"));
    }
    EXPECT_EQ(now().locked_until().seconds(), absl::ToUnixSeconds(clock_.Now() + absl::Minutes(15)));
  };
  lock();
  const std::string etag = now().etag();
  EXPECT_THAT(Call<Tokens>(wrong, Nobody()), Fails(absl::StatusCode::kResourceExhausted, "SIGN_IN_THROTTLED"));
  EXPECT_EQ(now().etag(), etag) << "who goes on trying writes nothing";
  // The count of the process goes with it: the lock itself holds.
  Stop();
  Start();
  EXPECT_THAT(SignIn(account), Fails(absl::StatusCode::kResourceExhausted, "SIGN_IN_THROTTLED"));
  clock_.Set(clock_.Now() + absl::Minutes(15));
  EXPECT_THAT(SignIn(account), IsOk());
  EXPECT_FALSE(now().has_locked_until());
  // So does a new password end it.
  lock();
  SetPasswordRequest set;
  set.set_name(account);
  set.set_password("Zweites-Wort-2026");
  EXPECT_THAT(Call<google::protobuf::Empty>(set, Admin(kYingkou)), IsOk());
  EXPECT_FALSE(now().has_locked_until());
}

TEST_P(DirectoryTest, SessionsThatAreOverAreForgotten) {
  const std::string wang = AddPerson("wang", AddUnit(kYingkou, "fgw", "营口市发改委"));
  ASSERT_THAT(SignIn(wang), IsOk());
  EXPECT_EQ(SessionsOf(wang).size(), 2u);
  clock_.Advance(auth::kRefreshLife + absl::Minutes(21));
  const auto tokens = SignIn(wang);
  ASSERT_THAT(tokens, IsOk());
  EXPECT_EQ(SessionsOf(wang).size(), 1u);
  SignOutRequest sign_out;
  sign_out.set_refresh_token(tokens->refresh_token());
  ASSERT_THAT(Call<google::protobuf::Empty>(sign_out, Nobody()), IsOk());
  ASSERT_THAT(SignIn(wang), IsOk());
  EXPECT_EQ(SessionsOf(wang).size(), 2u) << "the other services are still told of the one that was ended";
  clock_.Advance(absl::Minutes(21));
  ASSERT_THAT(SignIn(wang), IsOk());
  EXPECT_EQ(SessionsOf(wang).size(), 2u) << "two that live";
}

TEST_P(DirectoryTest, AnAccountOfManySessionsIsDisabledWithAllOfThem) {
  const std::string wang = AddPerson("wang", AddUnit(kYingkou, "fgw", "营口市发改委"));
  const int64_t expire = absl::ToUnixSeconds(clock_.Now() + auth::kRefreshLife);
  ASSERT_THAT(Take(service_->store(),
                   [&](Txn& txn) -> absl::Status {
                     for (int i = 0; i < store::kMaxPageSize + 10; ++i) {
                       Session session;
                       session.set_name(absl::StrCat(wang, "/sessions/script-", i));
                       session.mutable_expire_time()->set_seconds(expire);
                       RETURN_IF_ERROR(txn.Insert(std::move(session)).status());
                     }
                     return absl::OkStatus();
                   }),
              IsOk());
  DisableAccountRequest disable;
  disable.set_name(wang);
  ASSERT_THAT(Call<Account>(disable, Admin(kYingkou)), IsOk());
  const std::vector<Session> sessions = SessionsOf(wang);
  EXPECT_EQ(sessions.size(), static_cast<size_t>(store::kMaxPageSize) + 11);
  for (const Session& session : sessions) EXPECT_TRUE(session.has_revoke_time()) << session.name();
}

// A password is checked for so long that roles change, and accounts are disabled, meanwhile.
TEST_P(DirectoryTest, WhoSignsInWhileHisRolesChangeHasTheNewOnes) {
  const std::string unit = AddUnit(kYingkou, "fgw", "营口市发改委"), wang = AddPerson("wang", unit);
  GrantRolesRequest grant;
  grant.set_name(wang);
  for (const auto role : {type::v1::COORDINATOR, type::v1::SCHEDULER, type::v1::COORDINATOR}) {
    absl::StatusOr<Tokens> tokens = absl::UnknownError("not yet");
    std::thread client([&] { tokens = SignIn(wang); });
    absl::SleepFor(absl::Milliseconds(15));
    grant.clear_roles();
    grant.add_roles(role);
    EXPECT_THAT(Call<Account>(grant, SecurityAdmin()), IsOk());
    client.join();
    ASSERT_THAT(tokens, IsOk());
    const bool lives = WhoIs(*tokens).ok();
    EXPECT_TRUE(!lives || (tokens->roles_size() == 1 && tokens->roles(0) == role))
        << "a session that began after the grant has the roles before it";
  }
  absl::StatusOr<Tokens> tokens = absl::UnknownError("not yet");
  std::thread client([&] { tokens = SignIn(wang); });
  absl::SleepFor(absl::Milliseconds(15));
  DisableAccountRequest disable;
  disable.set_name(wang);
  EXPECT_THAT(Call<Account>(disable, Admin(kYingkou)), IsOk());
  client.join();
  EXPECT_FALSE(tokens.ok() && WhoIs(*tokens).ok()) << "he is signed in, and disabled";
}

}  // namespace
}  // namespace duikou::testing
