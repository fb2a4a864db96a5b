#ifndef DUIKOU_SERVICES_DIRECTORY_SESSIONS_FLOW_H_
#define DUIKOU_SERVICES_DIRECTORY_SESSIONS_FLOW_H_

#include <memory>

#include "common/auth/access_token.h"
#include "common/cache/throttle.h"
#include "common/crypto/signing_key.h"
#include "common/rpc/context.h"
#include "duikou/auth/v1/token.pb.h"
#include "duikou/directory/v1/directory.pb.h"
#include "google/protobuf/empty.pb.h"

namespace duikou::directory {

// Signing in and out, and what ends sessions. Passwords are hashed outside the transaction; what is stored of them and
// of refresh tokens tells neither.
class Sessions {
 public:
  // `redis` may be nullptr: failed sign-ins are then counted in this process alone.
  Sessions(std::shared_ptr<const crypto::SigningKey> key, auth::TokenVerifier& verifier, cache::Redis* redis);

  // Wrong account, wrong password and disabled account are told alike: SIGN_IN_REFUSED. After 5 wrong passwords in a
  // row the account is locked for 15 minutes: SIGN_IN_THROTTLED.
  absl::StatusOr<v1::Tokens> SignIn(rpc::Context& context, const v1::SignInRequest& request);
  // A refresh token that was used before is taken for stolen: its session ends.
  absl::StatusOr<v1::Tokens> Refresh(rpc::Context& context, const v1::RefreshSessionRequest& request);
  absl::StatusOr<google::protobuf::Empty> SignOut(rpc::Context& context, const v1::SignOutRequest& request);
  absl::StatusOr<v1::Tokens> ChangePassword(rpc::Context& context, const v1::ChangePasswordRequest& request);
  absl::StatusOr<google::protobuf::Empty> SetPassword(rpc::Context& context, const v1::SetPasswordRequest& request);

  absl::StatusOr<v1::Account> GrantRoles(rpc::Context& context, const v1::GrantRolesRequest& request);
  absl::StatusOr<v1::Account> Disable(rpc::Context& context, const v1::DisableAccountRequest& request);
  absl::StatusOr<v1::Account> Enable(rpc::Context& context, const v1::EnableAccountRequest& request);

  absl::StatusOr<duikou::auth::v1::TokenStatus> Status(const store::Store& store) const;

 private:
  struct Checked {
    v1::Account account;
    v1::Credential credential;
  };
  absl::StatusOr<Checked> CheckPassword(rpc::Context& context, const std::string& account, const std::string& password);
  // Opens a session in the transaction, and forgets some that are over; `secret` becomes part of the refresh token.
  absl::StatusOr<v1::Tokens> OpenSession(Txn& txn, const v1::Account& account, const std::string& secret);
  v1::Tokens TokensFor(const v1::Account& account, const v1::Session& session, const std::string& secret,
                       absl::Time now) const;
  // Changes an account and ends its sessions, here at once and elsewhere within the period of their refresh.
  absl::StatusOr<v1::Account> ChangeAndEnd(rpc::Context& context, const std::string& name, const std::string& etag,
                                           const std::function<absl::Status(v1::Account&)>& change, bool end_sessions);

  std::shared_ptr<const crypto::SigningKey> key_;
  auth::TokenVerifier& verifier_;
  cache::Throttle failures_;
};

}  // namespace duikou::directory

#endif  // DUIKOU_SERVICES_DIRECTORY_SESSIONS_FLOW_H_
