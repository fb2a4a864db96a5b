// The directory's accounts as it runs, on both engines: whose they are, and sign-ins that race with what ends them.
#include <string>
#include <thread>
#include <vector>

#include "duikou/directory/v1/directory.pb.h"
#include "google/protobuf/empty.pb.h"
#include "tests/integration/directory_fixture.h"
#include "tests/integration/holidays.h"

namespace duikou::testing {
namespace {

using ::testing::ElementsAre;

INSTANTIATE_TEST_SUITE_P(Engines, DirectoryTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

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
