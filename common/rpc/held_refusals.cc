#include "common/rpc/held_refusals.h"

#include <algorithm>
#include <utility>

namespace duikou::rpc {
namespace {

// Of a call beside its request.
constexpr size_t kCallBytes = 4096;

}  // namespace

HeldRefusals::HeldRefusals(absl::Duration delay, size_t max_bytes)
    : delay_(delay), max_bytes_(max_bytes), thread_([this] { Loop(); }) {}

HeldRefusals::~HeldRefusals() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

bool HeldRefusals::Hold(size_t bytes, absl::Time deadline, std::function<void()> tell) {
  bytes += kCallBytes;
  const absl::Time now = absl::Now();
  const absl::Time due = now + std::min(delay_, (deadline - now) / 2);
  absl::MutexLock lock(&mutex_);
  if (stopping_ || bytes_ + bytes > max_bytes_) return false;
  bytes_ += bytes;
  held_.emplace(due, Held{.bytes = bytes, .tell = std::move(tell)});
  return true;
}

void HeldRefusals::Loop() {
  while (true) {
    std::function<void()> tell;
    {
      absl::MutexLock lock(&mutex_);
      while (!stopping_ && (held_.empty() || held_.begin()->first > absl::Now())) {
        waiting_for_ = held_.empty() ? absl::InfiniteFuture() : held_.begin()->first;
        mutex_.AwaitWithDeadline(absl::Condition(this, &HeldRefusals::HasEarlier), waiting_for_);
      }
      if (held_.empty()) return;
      bytes_ -= held_.begin()->second.bytes;
      tell = std::move(held_.begin()->second.tell);
      held_.erase(held_.begin());
    }
    tell();
  }
}

}  // namespace duikou::rpc
