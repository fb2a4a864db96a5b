// Counting events per key within a window: failed sign-ins of an account, requests of a partner.
#ifndef DUIKOU_COMMON_CACHE_THROTTLE_H_
#define DUIKOU_COMMON_CACHE_THROTTLE_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/cache/redis.h"

namespace duikou::cache {

// The window of a key begins with its first event and ends `window` later; then the count begins anew. Events are
// counted in Redis, over all processes, and in this process; the larger count decides, so with Redis down or wiped the
// limit still holds per process. Thread-safe.
//
// A process remembers at most max_keys windows. Beyond that keys share counters by hash, so a flood of invented keys
// makes the limit stricter, never looser.
class Throttle {
 public:
  struct Options {
    std::string service;  // "directory"
    std::string purpose;  // "login-failures"
    int64_t limit = 5;    // events that are allowed in a window
    std::chrono::milliseconds window = std::chrono::minutes(15);
    size_t max_keys = 100000;
  };

  struct Verdict {
    bool allowed = true;                       // count <= limit after Count, count < limit after Peek
    int64_t count = 0;                         // events in this window
    std::chrono::milliseconds retry_after{0};  // until the window ends, if not allowed
  };

  // `redis` is borrowed; nullptr: there is none.
  Throttle(Redis* redis, Options options);

  // Counts one event; against `limit` where the key has one of its own. `id` goes into a Redis key: give a digest of
  // anything personal.
  Verdict Count(std::string_view id, std::optional<int64_t> limit = std::nullopt);

  // What stands now, without counting: whether one more event would be allowed.
  Verdict Peek(std::string_view id);

  // Forgets the events of `id`, in Redis and in this process: after a successful sign-in.
  void Forgive(std::string_view id);

 private:
  using Clock = std::chrono::steady_clock;
  struct Window {
    int64_t count = 0;
    Clock::time_point end;
  };
  struct Standing {
    int64_t count = 0;
    std::chrono::milliseconds left{0};
  };

  Window& WindowOf(std::string_view id, Clock::time_point now);
  Standing CountHere(std::string_view id, int64_t events);
  Standing CountShared(std::string_view id, int64_t events);
  std::string Key(std::string_view id) const;

  Redis* const redis_;
  const Options options_;
  std::mutex mutex_;
  std::unordered_map<std::string, Window> windows_;  // guarded by mutex_
  Clock::time_point next_purge_;                     // guarded by mutex_
  std::array<Window, 1024> shared_windows_{};        // guarded by mutex_; for keys beyond max_keys
};

}  // namespace duikou::cache

#endif  // DUIKOU_COMMON_CACHE_THROTTLE_H_
