#include "services/directory/sessions_flow.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/password.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/crypto/digest.h"
#include "services/directory/accounts.h"
#include "services/directory/ended_sessions.h"
#include "services/directory/partner_systems.h"
#include "services/directory/rules/role_separation.h"

namespace duikou::directory {
namespace {

using google::protobuf::Empty;
using v1::Account;
using v1::Credential;
using v1::Session;
using v1::Tokens;

constexpr int kMaxFailures = 5;
constexpr absl::Duration kLock = absl::Minutes(15);
constexpr char kServiceName[] = "directory";

absl::Status Refused() {
  return Unauthenticated("SIGN_IN_REFUSED", {"账号或口令不正确,或账号已停用。",
                                             "The account or the password is wrong, or the account is disabled."});
}

absl::Status Throttled() {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   {.reason = "SIGN_IN_THROTTLED",
                    .text = {"口令连续错误次数过多,请 15 分钟后再试。",
                             "Too many wrong passwords in a row: try again in 15 minutes."},
                    .retry_after_ms = absl::ToInt64Milliseconds(kLock)});
}

absl::Status Ended() {
  return Unauthenticated("SESSION_ENDED", {"登录已结束,请重新登录。", "The session has ended: sign in again."});
}

std::string CredentialName(const std::string& account) { return absl::StrCat(account, "/credentials/password"); }

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(absl::ToUnixSeconds(time));
  return stamp;
}

absl::Time FromTimestamp(const google::protobuf::Timestamp& stamp) { return absl::FromUnixSeconds(stamp.seconds()); }

uint32_t RoleBits(const Account& account) {
  uint32_t bits = 0;
  for (const int role : account.roles()) bits |= 1U << role;
  return bits;
}

std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// A refresh token is the session's name and a secret.
std::string MakeRefreshToken(const std::string& session, const std::string& secret) {
  return absl::StrCat(session, ":", absl::WebSafeBase64Escape(secret));
}

struct RefreshToken {
  std::string session, digest;
};
absl::StatusOr<RefreshToken> ParseRefreshToken(const std::string& token) {
  const size_t colon = token.find(':');
  std::string secret;
  if (colon == std::string::npos || !absl::WebSafeBase64Unescape(token.substr(colon + 1), &secret)) return Ended();
  return RefreshToken{.session = token.substr(0, colon), .digest = crypto::Sha256({secret})};
}

std::string AccountOf(const std::string& session) { return session.substr(0, session.find("/sessions/")); }

// Says on the account, which people of its city see, what its credential holds to.
absl::Status SetLocked(Txn& txn, Account account, std::optional<absl::Time> until) {
  if (!until && !account.has_locked_until()) return absl::OkStatus();
  if (until) {
    *account.mutable_locked_until() = ToTimestamp(*until);
  } else {
    account.clear_locked_until();
  }
  return txn.Update(std::move(account)).status();
}

// One more wrong password. After so many in a row nobody writes any more until the lock is over.
absl::Status CountFailure(Txn& txn, const std::string& account, const std::string& name) {
  ASSIGN_OR_RETURN(Credential credential, txn.Get<Credential>(name));
  credential.set_failures(credential.failures() + 1);
  if (credential.failures() >= kMaxFailures) {
    credential.set_failures(0);
    *credential.mutable_locked_until() = ToTimestamp(txn.now() + kLock);
    ASSIGN_OR_RETURN(Account locked, txn.Get<Account>(account));
    RETURN_IF_ERROR(SetLocked(txn, std::move(locked), txn.now() + kLock));
  }
  return txn.Update(std::move(credential)).status();
}

// The account as it is now, with its credential: it may have been disabled, or have other roles or another password,
// since the password was checked.
absl::StatusOr<Account> StillHolds(Txn& txn, const Credential& checked, Credential& credential) {
  ASSIGN_OR_RETURN(credential, txn.Get<Credential>(checked.name()));
  if (credential.password_hash() != checked.password_hash()) return Refused();
  ASSIGN_OR_RETURN(Account account, txn.Get<Account>(checked.name().substr(0, checked.name().find("/credentials/"))));
  if (account.state() != Account::ACTIVE) return Refused();
  return account;
}

}  // namespace

Sessions::Sessions(std::shared_ptr<const crypto::SigningKey> key, auth::TokenVerifier& verifier, cache::Redis* redis)
    : key_(std::move(key)),
      verifier_(verifier),
      failures_(redis, {.service = kServiceName,
                        .purpose = "login-failures",
                        .limit = kMaxFailures,
                        .window = std::chrono::minutes(15)}) {}

Tokens Sessions::TokensFor(const Account& account, const Session& session, const std::string& secret,
                           absl::Time now) const {
  duikou::auth::v1::AccessClaims claims;
  claims.set_account(account.name());
  claims.set_unit(account.unit());
  claims.set_roles(RoleBits(account));
  claims.set_session(session.name());
  claims.set_expire_time(absl::ToUnixSeconds(now + auth::kAccessLife));
  claims.set_language(account.language());
  Tokens tokens;
  *tokens.mutable_access_expire_time() = ToTimestamp(now + auth::kAccessLife);
  tokens.set_access_token(auth::MakeAccessToken(*key_, std::move(claims)));
  tokens.set_refresh_token(MakeRefreshToken(session.name(), secret));
  *tokens.mutable_refresh_expire_time() = session.expire_time();
  tokens.set_account(account.name());
  tokens.set_unit(account.unit());
  *tokens.mutable_roles() = account.roles();
  return tokens;
}

absl::StatusOr<Tokens> Sessions::OpenSession(Txn& txn, const Account& account, const std::string& secret) {
  RETURN_IF_ERROR(ForgetSessions(txn, account.name()));
  Session session;
  session.set_name(absl::StrCat(account.name(), "/sessions/", txn.NewId()));
  session.set_refresh_digest(crypto::Sha256({secret}));
  *session.mutable_expire_time() = ToTimestamp(txn.now() + auth::kRefreshLife);
  ASSIGN_OR_RETURN(session, txn.Insert(std::move(session)));
  return TokensFor(account, session, secret, txn.now());
}

absl::StatusOr<Sessions::Checked> Sessions::CheckPassword(rpc::Context& context, const std::string& account,
                                                          const std::string& password) {
  // Counted for unknown accounts as well, so that the throttle tells nobody which ones exist.
  const std::string counted = absl::BytesToHexString(crypto::Sha256({account}).substr(0, 16));
  if (!failures_.Peek(counted).allowed) return Throttled();
  Checked checked;
  const absl::Status found = context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(checked.account, view.Get<Account>(account));
    ASSIGN_OR_RETURN(checked.credential, view.Get<Credential>(CredentialName(account)));
    return absl::OkStatus();
  });
  if (absl::IsNotFound(found)) {
    auth::PretendToVerify(password);
    failures_.Count(counted);
    return Refused();
  }
  RETURN_IF_ERROR(found);
  if (checked.credential.has_locked_until() && context.now() < FromTimestamp(checked.credential.locked_until()))
    return Throttled();
  if (auth::VerifyPassword(checked.credential.password_hash(), password) &&
      checked.account.state() == Account::ACTIVE) {
    failures_.Forgive(counted);
    return checked;
  }
  failures_.Count(counted);
  RETURN_IF_ERROR(context.Write([account = checked.account.name(), name = checked.credential.name()](Txn& txn) {
    return CountFailure(txn, account, name);
  }));
  return Refused();
}

absl::StatusOr<Tokens> Sessions::SignIn(rpc::Context& context, const v1::SignInRequest& request) {
  rpc::Context own = context.AsService(kServiceName, request.account());
  ASSIGN_OR_RETURN(const Checked checked, CheckPassword(own, request.account(), request.password()));
  if (checked.credential.must_change()) {
    return StateForbids("PASSWORD_MUST_CHANGE",
                        {"首次登录须先修改口令。", "The first sign-in must change the password."});
  }
  const std::string secret = RandomBytes(32);
  return own.Commit<Tokens>([&](Txn& txn) -> absl::StatusOr<Tokens> {
    Credential credential;
    ASSIGN_OR_RETURN(const Account account, StillHolds(txn, checked.credential, credential));
    if (credential.failures() != 0 || credential.has_locked_until()) {
      credential.set_failures(0);
      credential.clear_locked_until();
      RETURN_IF_ERROR(txn.Update(std::move(credential)).status());
    }
    RETURN_IF_ERROR(SetLocked(txn, account, std::nullopt));
    return OpenSession(txn, account, secret);
  });
}

absl::StatusOr<Tokens> Sessions::Refresh(rpc::Context& context, const v1::RefreshSessionRequest& request) {
  ASSIGN_OR_RETURN(const RefreshToken token, ParseRefreshToken(request.refresh_token()));
  rpc::Context own = context.AsService(kServiceName, AccountOf(token.session));
  const std::string secret = RandomBytes(32);
  bool stolen = false;
  auto tokens = own.Commit<Tokens>([&](Txn& txn) -> absl::StatusOr<Tokens> {
    auto found = txn.Get<Session>(token.session);
    if (absl::IsNotFound(found.status())) return Ended();
    RETURN_IF_ERROR(found.status());
    Session session = *std::move(found);
    if (session.has_revoke_time() || FromTimestamp(session.expire_time()) < txn.now()) return Ended();
    stolen = crypto::EqualSecrets(session.previous_digest(), token.digest);
    if (!stolen && !crypto::EqualSecrets(session.refresh_digest(), token.digest)) return Ended();
    ASSIGN_OR_RETURN(const Account account, txn.Get<Account>(AccountOf(token.session)));
    if (stolen || account.state() != Account::ACTIVE) {
      *session.mutable_revoke_time() = ToTimestamp(txn.now());
      RETURN_IF_ERROR(txn.Update(std::move(session)).status());
      return Tokens();  // The end of the session is kept; the caller gets none.
    }
    session.set_previous_digest(session.refresh_digest());
    session.set_refresh_digest(crypto::Sha256({secret}));
    *session.mutable_expire_time() = ToTimestamp(txn.now() + auth::kRefreshLife);
    ASSIGN_OR_RETURN(session, txn.Update(std::move(session)));
    return TokensFor(account, session, secret, txn.now());
  });
  if (tokens.ok() && tokens->access_token().empty()) {
    verifier_.EndSession(token.session);
    return Ended();
  }
  return tokens;
}

absl::StatusOr<Empty> Sessions::SignOut(rpc::Context& context, const v1::SignOutRequest& request) {
  ASSIGN_OR_RETURN(const RefreshToken token, ParseRefreshToken(request.refresh_token()));
  rpc::Context own = context.AsService(kServiceName, AccountOf(token.session));
  ASSIGN_OR_RETURN(const Empty done, own.Commit<Empty>([&](Txn& txn) -> absl::StatusOr<Empty> {
    auto found = txn.Get<Session>(token.session);
    if (!found.ok() || !crypto::EqualSecrets(found->refresh_digest(), token.digest)) return Ended();
    if (found->has_revoke_time()) return Empty();
    *found->mutable_revoke_time() = ToTimestamp(txn.now());
    RETURN_IF_ERROR(txn.Update(*std::move(found)).status());
    return Empty();
  }));
  verifier_.EndSession(token.session);
  return done;
}

absl::StatusOr<Tokens> Sessions::ChangePassword(rpc::Context& context, const v1::ChangePasswordRequest& request) {
  rpc::Context own = context.AsService(kServiceName, request.account());
  RETURN_IF_ERROR(auth::CheckPasswordStrength("new_password", request.new_password(), IdOf(request.account())));
  ASSIGN_OR_RETURN(const Checked checked, CheckPassword(own, request.account(), request.password()));
  if (request.new_password() == request.password()) {
    return BadField("new_password", {"不能与原口令相同。", "must not be the old one."}, "PASSWORD_WEAK");
  }
  const std::string hash = auth::HashPassword(request.new_password());
  const std::string secret = RandomBytes(32);
  std::vector<std::string> ended;
  ASSIGN_OR_RETURN(const Tokens tokens, own.Commit<Tokens>([&](Txn& txn) -> absl::StatusOr<Tokens> {
    Credential credential;
    ASSIGN_OR_RETURN(const Account account, StillHolds(txn, checked.credential, credential));
    credential.set_password_hash(hash);
    credential.set_must_change(false);
    credential.set_failures(0);
    credential.clear_locked_until();
    RETURN_IF_ERROR(txn.Update(std::move(credential)).status());
    RETURN_IF_ERROR(SetLocked(txn, account, std::nullopt));
    ASSIGN_OR_RETURN(ended, EndSessions(txn, account.name()));
    return OpenSession(txn, account, secret);
  }));
  for (const std::string& session : ended) verifier_.EndSession(session);
  return tokens;
}

absl::StatusOr<Empty> Sessions::SetPassword(rpc::Context& context, const v1::SetPasswordRequest& request) {
  RETURN_IF_ERROR(auth::CheckPasswordStrength("password", request.password(), IdOf(request.name())));
  rpc::Context own = context.AsService(kServiceName, context.caller().name);
  const std::string hash = auth::HashPassword(request.password());
  // The installer gives the first person a password that was made for him on his own machine.
  const bool must_change = !context.caller().IsService();
  std::vector<std::string> ended;
  ASSIGN_OR_RETURN(const Empty done, own.Commit<Empty>([&](Txn& txn) -> absl::StatusOr<Empty> {
    ASSIGN_OR_RETURN(const Account account, txn.Get<Account>(request.name()));
    auto found = txn.Get<Credential>(CredentialName(account.name()));
    if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
    Credential credential = found.ok() ? *found : Credential();
    credential.set_name(CredentialName(account.name()));
    credential.set_password_hash(hash);
    credential.set_must_change(must_change);
    credential.set_failures(0);
    credential.clear_locked_until();
    RETURN_IF_ERROR((found.ok() ? txn.Update(std::move(credential)) : txn.Insert(std::move(credential))).status());
    RETURN_IF_ERROR(SetLocked(txn, account, std::nullopt));
    ASSIGN_OR_RETURN(ended, EndSessions(txn, account.name()));
    return Empty();
  }));
  if (!context.dry_run()) {
    for (const std::string& session : ended) verifier_.EndSession(session);
  }
  return done;
}

absl::StatusOr<Account> Sessions::ChangeAndEnd(rpc::Context& context, const std::string& name, const std::string& etag,
                                               const std::function<absl::Status(Account&)>& change, bool end_sessions) {
  rpc::Context own = context.AsService(kServiceName, context.caller().name);
  std::vector<std::string> ended;
  ASSIGN_OR_RETURN(Account changed, own.Commit<Account>([&](Txn& txn) -> absl::StatusOr<Account> {
    ASSIGN_OR_RETURN(Account account, txn.Get<Account>(name));
    RETURN_IF_ERROR(change(account));
    if (end_sessions) {
      ASSIGN_OR_RETURN(ended, EndSessions(txn, account.name()));
    }
    return txn.Update(std::move(account), etag);
  }));
  if (!context.dry_run()) {
    for (const std::string& session : ended) verifier_.EndSession(session);
  }
  return changed;
}

absl::StatusOr<Account> Sessions::GrantRoles(rpc::Context& context, const v1::GrantRolesRequest& request) {
  RETURN_IF_ERROR(rules::CheckRoles({request.roles().begin(), request.roles().end()}));
  if (request.name() == context.caller().name) {
    return PermissionDenied("OWN_ROLES", {"不能给自己授权,请由另一位安全管理员办理。",
                                          "Nobody grants roles to himself: ask another SECURITY_ADMIN."});
  }
  return ChangeAndEnd(
      context, request.name(), request.etag(),
      [&](Account& account) {
        *account.mutable_roles() = request.roles();
        return absl::OkStatus();
      },
      /*end_sessions=*/true);
}

absl::StatusOr<Account> Sessions::Disable(rpc::Context& context, const v1::DisableAccountRequest& request) {
  return ChangeAndEnd(
      context, request.name(), request.etag(),
      [](Account& account) -> absl::Status {
        if (account.state() == Account::DISABLED)
          return StateForbids("ACCOUNT_DISABLED", {"账号已停用。", "The account is disabled already."});
        account.set_state(Account::DISABLED);
        return absl::OkStatus();
      },
      /*end_sessions=*/true);
}

absl::StatusOr<Account> Sessions::Enable(rpc::Context& context, const v1::EnableAccountRequest& request) {
  return ChangeAndEnd(
      context, request.name(), request.etag(),
      [](Account& account) -> absl::Status {
        if (account.state() != Account::DISABLED)
          return StateForbids("ACCOUNT_NOT_DISABLED", {"账号未停用。", "The account is not disabled."});
        account.set_state(Account::ACTIVE);
        return absl::OkStatus();
      },
      /*end_sessions=*/false);
}

absl::StatusOr<duikou::auth::v1::TokenStatus> Sessions::Status(const store::Store& store) const {
  duikou::auth::v1::TokenStatus status;
  auto* key = status.add_keys();
  key->set_id(key_->id());
  key->set_public_key(key_->public_key());
  const Caller own{.kind = Caller::Kind::kService, .name = kServiceName};
  RETURN_IF_ERROR(store.Read(own, {}, [&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<std::string> ended, EndedSessions(view));
    for (const std::string& session : ended) status.add_ended_sessions(session);
    ASSIGN_OR_RETURN(const auth::Deputies::List deputations, DeputationsOf(view));
    for (const auto& deputation : deputations) *status.add_deputations() = deputation;
    ASSIGN_OR_RETURN(const auth::Partners::List partners, PartnersOf(view));
    for (const auto& partner : partners) *status.add_partners() = partner;
    return absl::OkStatus();
  }));
  return status;
}

}  // namespace duikou::directory
