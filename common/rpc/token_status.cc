#include "common/rpc/token_status.h"

#include <utility>

#include "common/base/status_macros.h"

namespace duikou::rpc {
namespace {

constexpr absl::Duration kRetryPeriod = absl::Milliseconds(300);
constexpr absl::Duration kTimeout = absl::Seconds(2);

}  // namespace

TokenStatusFollower::TokenStatusFollower(Source source, auth::TokenVerifier& tokens, absl::Duration period)
    : source_(std::move(source)), tokens_(tokens), period_(period), thread_([this] { Loop(); }) {}

TokenStatusFollower::Source TokenStatusFollower::FromDirectory(Peers& peers) {
  return [&peers]() -> absl::StatusOr<duikou::auth::v1::TokenStatus> {
    duikou::auth::v1::TokenStatus status;
    RETURN_IF_ERROR(
        peers.Call(duikou::auth::v1::GetTokenStatusRequest(), &status, {.deadline = absl::Now() + kTimeout}));
    return status;
  };
}

TokenStatusFollower::~TokenStatusFollower() {
  stopping_.Notify();
  thread_.join();
}

bool TokenStatusFollower::Refresh() {
  const absl::StatusOr<duikou::auth::v1::TokenStatus> told = source_();
  if (!told.ok()) return false;
  const duikou::auth::v1::TokenStatus& status = *told;
  absl::flat_hash_map<std::string, std::string> keys;
  for (const auto& key : status.keys()) keys[key.id()] = key.public_key();
  tokens_.deputies().Set({status.deputations().begin(), status.deputations().end()});
  tokens_.partners().Set({status.partners().begin(), status.partners().end()});
  tokens_.SetStatus(std::move(keys), {status.ended_sessions().begin(), status.ended_sessions().end()});
  return true;
}

void TokenStatusFollower::Loop() {
  absl::Duration pause;
  do {
    const bool told = Refresh();
    if (told && !told_.HasBeenNotified()) told_.Notify();
    pause = told ? period_ : kRetryPeriod;
  } while (!stopping_.WaitForNotificationWithTimeout(pause));
}

}  // namespace duikou::rpc
