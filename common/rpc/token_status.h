#ifndef DUIKOU_COMMON_RPC_TOKEN_STATUS_H_
#define DUIKOU_COMMON_RPC_TOKEN_STATUS_H_

#include <thread>

#include "absl/synchronization/notification.h"
#include "common/auth/access_token.h"
#include "common/rpc/peers.h"

namespace duikou::rpc {

// Keeps a verifier's keys, ended sessions and deputies current by asking the directory every 3 s, so that no
// authorization rests on a copy older than 5 s while the directory lives. When it does not answer the last copy holds
// on: tokens live for 15 minutes at most.
class TokenStatusFollower {
 public:
  TokenStatusFollower(Peers& peers, auth::TokenVerifier& tokens);
  ~TokenStatusFollower();

 private:
  bool Refresh();
  void Loop();

  Peers& peers_;
  auth::TokenVerifier& tokens_;
  absl::Notification stopping_;
  std::thread thread_;
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_TOKEN_STATUS_H_
