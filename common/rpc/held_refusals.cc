#include "common/rpc/held_refusals.h"

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

bool HeldRefusals::Hold(size_t bytes, std::function<void()> tell) {
  bytes += kCallBytes;
  absl::MutexLock lock(&mutex_);
  if (stopping_ || bytes_ + bytes > max_bytes_) return false;
  bytes_ += bytes;
  held_.push_back({.due = absl::Now() + delay_, .bytes = bytes, .tell = std::move(tell)});
  return true;
}

void HeldRefusals::Loop() {
  while (true) {
    Held next;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(
          +[](HeldRefusals* self) { return !self->held_.empty() || self->stopping_; }, this));
      if (held_.empty()) return;
      mutex_.AwaitWithDeadline(absl::Condition(&stopping_), held_.front().due);
      next = std::move(held_.front());
      held_.pop_front();
      bytes_ -= next.bytes;
    }
    next.tell();
  }
}

}  // namespace duikou::rpc
