// Which access tokens are taken, and what the others are told.
#include <string>

#include "common/auth/access_token.h"
#include "common/crypto/signing_key.h"
#include "tests/unit/status_matchers.h"

namespace duikou::auth {
namespace {

using duikou::testing::Fails;
using duikou::testing::IsOk;

constexpr auto kRefused = absl::StatusCode::kUnauthenticated;
const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

class AccessTokenTest : public ::testing::Test {
 protected:
  std::string Token(absl::Duration life = absl::Minutes(15)) const {
    v1::AccessClaims claims;
    claims.set_account("cities/210800/accounts/wang");
    claims.set_session("cities/210800/accounts/wang/sessions/s1");
    claims.set_expire_time(absl::ToUnixSeconds(kNow + life));
    return MakeAccessToken(*key_, std::move(claims));
  }
  void Know(const crypto::SigningKey& key, absl::flat_hash_set<std::string> ended = {}) {
    verifier_.SetStatus({{key.id(), key.public_key()}}, std::move(ended));
  }

  const std::unique_ptr<crypto::SigningKey> key_ = crypto::SigningKey::Generate();
  TokenVerifier verifier_;
};

TEST_F(AccessTokenTest, AGoodOneIsNotRefusedBeforeAnyKeyIsKnown) {
  EXPECT_THAT(verifier_.Verify(Token(), kNow), Fails(absl::StatusCode::kUnavailable, "TOKEN_KEYS_UNKNOWN"));
  EXPECT_THAT(verifier_.Verify("garbage", kNow), Fails(kRefused, "TOKEN_INVALID"));
  Know(*key_);
  const auto caller = verifier_.Verify(Token(), kNow);
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ((*caller)->name, "cities/210800/accounts/wang");
}

TEST_F(AccessTokenTest, WhatItsSignatureTimeAndSessionSay) {
  Know(*crypto::SigningKey::Generate());
  EXPECT_THAT(verifier_.Verify(Token(), kNow), Fails(kRefused, "TOKEN_INVALID"));
  Know(*key_);
  std::string changed = Token();
  changed[changed.size() / 3] = changed[changed.size() / 3] == 'A' ? 'B' : 'A';
  EXPECT_THAT(verifier_.Verify(changed, kNow), Fails(kRefused, "TOKEN_INVALID"));
  EXPECT_THAT(verifier_.Verify(Token(absl::Seconds(1)), kNow + absl::Seconds(1)), Fails(kRefused, "TOKEN_EXPIRED"));
  const std::string good = Token();
  ASSERT_THAT(verifier_.Verify(good, kNow), IsOk());
  Know(*key_, {"cities/210800/accounts/wang/sessions/s1"});
  EXPECT_THAT(verifier_.Verify(good, kNow), Fails(kRefused, "SESSION_ENDED")) << "also of a token verified before";
}

TEST_F(AccessTokenTest, WhatAReplacedKeySignedIsTakenNoMore) {
  Know(*key_);
  const std::string token = Token();
  ASSERT_THAT(verifier_.Verify(token, kNow), IsOk());
  Know(*key_);
  ASSERT_THAT(verifier_.Verify(token, kNow), IsOk());
  const auto fresh = crypto::SigningKey::Generate();
  Know(*fresh);
  EXPECT_THAT(verifier_.Verify(token, kNow), Fails(kRefused, "TOKEN_INVALID")) << "though it was verified before";
  verifier_.SetStatus({{key_->id(), key_->public_key()}, {fresh->id(), fresh->public_key()}}, {});
  EXPECT_THAT(verifier_.Verify(token, kNow), IsOk());
}

TEST_F(AccessTokenTest, ASessionThatMayHaveRunOutCarriesNoStream) {
  Know(*key_);
  const auto verified = verifier_.Verify(Token(), kNow);
  ASSERT_THAT(verified, IsOk());
  const Caller& wang = **verified;
  EXPECT_THAT(verifier_.CheckSession(wang, kNow, kNow + kRefreshLife), IsOk()) << "its token is long over";
  EXPECT_THAT(verifier_.CheckSession(wang, kNow, kNow + kRefreshLife + absl::Seconds(1)),
              Fails(kRefused, "SESSION_ENDED"));
  const Caller service{.kind = Caller::Kind::kService, .name = "services/personnel"};
  EXPECT_THAT(verifier_.CheckSession(service, kNow, kNow + 2 * kRefreshLife), IsOk()) << "has no session";
  Know(*key_, {wang.session});
  EXPECT_THAT(verifier_.CheckSession(wang, kNow, kNow), Fails(kRefused, "SESSION_ENDED"));
}

}  // namespace
}  // namespace duikou::auth
