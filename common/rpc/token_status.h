#ifndef DUIKOU_COMMON_RPC_TOKEN_STATUS_H_
#define DUIKOU_COMMON_RPC_TOKEN_STATUS_H_

#include <functional>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/auth/access_token.h"
#include "common/rpc/peers.h"
#include "duikou/auth/v1/token.pb.h"

namespace duikou::rpc {

// Keeps a verifier's keys, ended sessions, deputies and partner systems current by asking for them every 3 s, so that
// no authorization rests on a copy older than 5 s while the directory lives. When it does not answer the last copy of
// keys and sessions holds on: tokens live for 15 minutes at most.
class TokenStatusFollower {
 public:
  using Source = std::function<absl::StatusOr<duikou::auth::v1::TokenStatus>()>;

  TokenStatusFollower(Source source, auth::TokenVerifier& tokens, absl::Duration period = absl::Seconds(3));
  ~TokenStatusFollower();

  // Waits until it has been told once, at most that long. Whoever serves before that refuses callers that it does not
  // know yet.
  void AwaitFirst(absl::Duration patience) const { told_.WaitForNotificationWithTimeout(patience); }

  // Asks the directory.
  static Source FromDirectory(Peers& peers);

 private:
  bool Refresh();
  void Loop();

  const Source source_;
  auth::TokenVerifier& tokens_;
  const absl::Duration period_;
  absl::Notification told_;
  absl::Notification stopping_;
  std::thread thread_;
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_TOKEN_STATUS_H_
