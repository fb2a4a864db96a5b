#include "common/rpc/token_status.h"

#include "duikou/auth/v1/token.pb.h"

namespace duikou::rpc {
namespace {

constexpr absl::Duration kPeriod = absl::Seconds(3);
constexpr absl::Duration kRetryPeriod = absl::Milliseconds(300);
constexpr absl::Duration kTimeout = absl::Seconds(2);

}  // namespace

TokenStatusFollower::TokenStatusFollower(Peers& peers, auth::TokenVerifier& tokens)
    : peers_(peers), tokens_(tokens), thread_([this] { Loop(); }) {}

TokenStatusFollower::~TokenStatusFollower() {
  stopping_.Notify();
  thread_.join();
}

bool TokenStatusFollower::Refresh() {
  duikou::auth::v1::TokenStatus status;
  if (!peers_.Call(duikou::auth::v1::GetTokenStatusRequest(), &status, {.deadline = absl::Now() + kTimeout}).ok())
    return false;
  absl::flat_hash_map<std::string, std::string> keys;
  for (const auto& key : status.keys()) keys[key.id()] = key.public_key();
  tokens_.deputies().Set({status.deputations().begin(), status.deputations().end()});
  tokens_.SetStatus(std::move(keys), {status.ended_sessions().begin(), status.ended_sessions().end()});
  return true;
}

void TokenStatusFollower::Loop() {
  while (!stopping_.WaitForNotificationWithTimeout(Refresh() ? kPeriod : kRetryPeriod)) {
  }
}

}  // namespace duikou::rpc
