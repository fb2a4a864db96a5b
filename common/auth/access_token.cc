#include "common/auth/access_token.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"

namespace duikou::auth {
namespace {

using duikou::auth::v1::AccessClaims;

constexpr size_t kMaxTokenBytes = 4096;

absl::Status Invalid() {
  return Unauthenticated("TOKEN_INVALID",
                         {"登录凭证无效,请重新登录。", "The access token is not valid: sign in again."});
}

// A service that has just started asks the directory for them first: the caller need not sign in again.
absl::Status KeysUnknown() {
  return Unavailable("TOKEN_KEYS_UNKNOWN", {"服务刚刚启动,尚未取得验证登录凭证的密钥,请稍后再试。",
                                            "The service has no keys to verify access tokens yet: try again shortly."});
}

absl::Status Expired() {
  return Unauthenticated("TOKEN_EXPIRED", {"登录凭证已过期,请刷新或重新登录。",
                                           "The access token has expired: refresh it or sign in again."});
}

absl::Status SessionEnded() {
  return Unauthenticated("SESSION_ENDED", {"登录已结束,请重新登录。", "The session has ended: sign in again."});
}

absl::Status MayHaveRunOut() {
  return Unauthenticated("SESSION_ENDED", {"连接时间已达登录的最长期限,请重新连接;如被拒绝,请重新登录。",
                                           "The connection has lasted as long as a session may without being "
                                           "refreshed: connect again, and sign in if that is refused."});
}

std::shared_ptr<const Caller> CallerOf(const AccessClaims& claims) {
  auto caller = std::make_shared<Caller>();
  caller->kind = Caller::Kind::kPerson;
  caller->name = claims.account();
  const std::vector<std::string> segments = absl::StrSplit(claims.account(), '/');
  if (segments.size() >= 2) caller->city = segments[1];
  caller->unit = claims.unit();
  caller->roles = claims.roles();
  caller->session = claims.session();
  caller->locale = claims.language() == "en" ? Locale::kEn : Locale::kZhCn;
  return caller;
}

}  // namespace

std::string MakeAccessToken(const crypto::SigningKey& key, AccessClaims claims) {
  claims.set_key_id(key.id());
  const std::string body = claims.SerializeAsString();
  return absl::StrCat(absl::WebSafeBase64Escape(body), ".", absl::WebSafeBase64Escape(key.Sign(body)));
}

absl::StatusOr<ParsedToken> ParseAccessToken(absl::string_view token) {
  ParsedToken parsed;
  const size_t dot = token.find('.');
  if (token.size() > kMaxTokenBytes || dot == absl::string_view::npos) return Invalid();
  if (!absl::WebSafeBase64Unescape(token.substr(0, dot), &parsed.body) ||
      !absl::WebSafeBase64Unescape(token.substr(dot + 1), &parsed.signature) ||
      !parsed.claims.ParseFromString(parsed.body)) {
    return Invalid();
  }
  return parsed;
}

void TokenVerifier::SetStatus(absl::flat_hash_map<std::string, std::string> keys,
                              absl::flat_hash_set<std::string> ended_sessions) {
  absl::MutexLock lock(&mutex_);
  if (keys != keys_) ++keys_version_;
  keys_ = std::move(keys);
  ended_ = std::move(ended_sessions);
  // What this process ended itself may be newer than what it was told.
  const absl::Time since = absl::Now() - kAccessLife;
  absl::erase_if(ended_here_, [&](const auto& one) { return one.second < since; });
  for (const auto& [session, at] : ended_here_) ended_.insert(session);
}

void TokenVerifier::EndSession(const std::string& session) {
  absl::MutexLock lock(&mutex_);
  ended_.insert(session);
  ended_here_[session] = absl::Now();
}

bool TokenVerifier::Ended(const std::string& session) const {
  absl::ReaderMutexLock lock(&mutex_);
  return ended_.contains(session);
}

absl::StatusOr<std::shared_ptr<const Caller>> TokenVerifier::Verify(absl::string_view token, absl::Time now) {
  if (token.size() > kMaxTokenBytes) return Invalid();
  const absl::uint128 digest = crypto::TableDigest(token);
  Shard& shard = shards_[absl::Uint128Low64(digest) % kShards];
  Verified verified;
  {
    absl::ReaderMutexLock lock(&shard.mutex);
    const auto found = shard.verified.find(digest);
    if (found != shard.verified.end()) verified = found->second;
  }
  if (verified.caller == nullptr || verified.keys_version != keys_version_) {
    ASSIGN_OR_RETURN(verified, VerifyAnew(token));
    absl::MutexLock lock(&shard.mutex);
    // Tokens live for minutes: a full shard is mostly expired ones.
    if (shard.verified.size() >= kMaxPerShard) shard.verified.clear();
    shard.verified[digest] = verified;
  }
  if (verified.expire_time <= absl::ToUnixSeconds(now) && !testing::Bug("token_expiry_ignored")) return Expired();
  if (Ended(verified.caller->session)) return SessionEnded();
  return verified.caller;
}

absl::Status TokenVerifier::CheckSession(const Caller& caller, absl::Time verified, absl::Time now) {
  if (caller.kind == Caller::Kind::kPartner) return partners_.Check(caller);
  if (caller.kind != Caller::Kind::kPerson) return absl::OkStatus();
  if (Ended(caller.session)) return SessionEnded();
  if (now - verified > kRefreshLife) return MayHaveRunOut();
  if (caller.on_behalf_of.empty()) return absl::OkStatus();
  return deputies_.Check(caller, now);
}

absl::StatusOr<TokenVerifier::Verified> TokenVerifier::VerifyAnew(absl::string_view token) const {
  ASSIGN_OR_RETURN(const ParsedToken parsed, ParseAccessToken(token));
  std::string public_key;
  uint64_t keys_version = 0;
  {
    absl::ReaderMutexLock lock(&mutex_);
    if (keys_.empty()) return KeysUnknown();
    const auto key = keys_.find(parsed.claims.key_id());
    if (key == keys_.end()) return Invalid();
    public_key = key->second;
    keys_version = keys_version_;
  }
  if (!crypto::VerifySignature(public_key, parsed.body, parsed.signature)) return Invalid();
  return Verified{
      .caller = CallerOf(parsed.claims), .expire_time = parsed.claims.expire_time(), .keys_version = keys_version};
}

}  // namespace duikou::auth
