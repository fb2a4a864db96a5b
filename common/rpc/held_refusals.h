#ifndef DUIKOU_COMMON_RPC_HELD_REFUSALS_H_
#define DUIKOU_COMMON_RPC_HELD_REFUSALS_H_

#include <functional>
#include <map>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace duikou::rpc {

// Refusals for overload, kept back a moment before they are told: a client that asks again at once, whatever delay it
// was given, would take more of the processor with its refusals than it would with its work. Each is told after the
// delay, or at the end; one whose deadline is near, after half of what it has left.
class HeldRefusals {
 public:
  explicit HeldRefusals(absl::Duration delay, size_t max_bytes);
  ~HeldRefusals();  // Tells all.

  // False when too much is held: then it is to be told at once. `bytes` is what it keeps in memory.
  bool Hold(size_t bytes, absl::Time deadline, std::function<void()> tell);

 private:
  struct Held {
    size_t bytes = 0;
    std::function<void()> tell;
  };

  void Loop();
  bool HasEarlier() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || (!held_.empty() && held_.begin()->first < waiting_for_);
  }

  const absl::Duration delay_;
  const size_t max_bytes_;
  absl::Mutex mutex_;
  std::multimap<absl::Time, Held> held_ ABSL_GUARDED_BY(mutex_);  // By when they are due.
  absl::Time waiting_for_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_HELD_REFUSALS_H_
