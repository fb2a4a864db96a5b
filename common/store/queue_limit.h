#ifndef DUIKOU_COMMON_STORE_QUEUE_LIMIT_H_
#define DUIKOU_COMMON_STORE_QUEUE_LIMIT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/time/time.h"

namespace duikou::store {

// How long the writer's queue may grow: as many writes as are done within the wait that is allowed, once they have
// waited longer in the mean. Over a whole second, so that one slow commit refuses nobody. Used by one thread.
class QueueLimit {
 public:
  static constexpr size_t kMost = 20000;

  // What fits into a group, `least`, is always taken: the writer never runs dry.
  QueueLimit(absl::Duration max_wait, size_t least, absl::Time now)
      : max_wait_(max_wait), least_(least), window_start_(now) {}

  // Counts a write whose turn came after this wait. What holds from now on, where that is something else.
  std::optional<size_t> Count(absl::Duration wait, absl::Time now) {
    waited_ += wait;
    ++count_;
    const absl::Duration window = now - window_start_;
    if (window < absl::Seconds(1)) return std::nullopt;
    const absl::Duration mean = waited_ / count_;
    const double done_in_time = static_cast<double>(count_) * absl::FDivDuration(max_wait_, window);
    window_start_ = now;
    waited_ = absl::ZeroDuration();
    count_ = 0;
    if (mean > max_wait_) return std::max(least_, static_cast<size_t>(done_in_time));
    if (mean < max_wait_ / 2) return kMost;
    return std::nullopt;
  }

 private:
  const absl::Duration max_wait_;
  const size_t least_;
  absl::Time window_start_;
  absl::Duration waited_;
  int64_t count_ = 0;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_QUEUE_LIMIT_H_
