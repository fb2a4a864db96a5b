// Keeps a dead dependency from costing every caller a timeout.
#ifndef DUIKOU_COMMON_CACHE_CIRCUIT_BREAKER_H_
#define DUIKOU_COMMON_CACHE_CIRCUIT_BREAKER_H_

#include <algorithm>
#include <chrono>
#include <mutex>

namespace duikou::cache {

// Closed: everybody passes. The first failure opens it: everybody is refused until the window has passed, then one
// caller passes as the probe while the others are still refused. Its success closes the circuit, its failure opens it
// for twice as long. So a dead dependency costs one caller one timeout per window. Needs no thread of its own.
// Thread-safe.
class CircuitBreaker {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    std::chrono::milliseconds first_window{100};
    std::chrono::milliseconds max_window{2000};
  };

  enum class Pass { kRefused, kNormal, kProbe };

  explicit CircuitBreaker(Options options) : options_(options) {}

  // Whoever gets a pass other than kRefused reports its outcome.
  Pass Ask(Clock::time_point now) {
    std::lock_guard lock(mutex_);
    if (state_ == State::kClosed) return Pass::kNormal;
    if (state_ == State::kProbing || now < open_until_) return Pass::kRefused;
    state_ = State::kProbing;
    return Pass::kProbe;
  }

  void Report(Pass pass, bool success, Clock::time_point now) {
    std::lock_guard lock(mutex_);
    if (success) {
      if (pass == Pass::kProbe) state_ = State::kClosed;
      return;
    }
    // Calls that passed before the circuit opened fail late; only the first of them counts.
    if (pass == Pass::kNormal && state_ != State::kClosed) return;
    window_ = pass == Pass::kProbe ? std::min(window_ * 2, options_.max_window) : options_.first_window;
    state_ = State::kOpen;
    open_until_ = now + window_;
  }

  // Whether Ask would refuse now.
  bool refuses(Clock::time_point now) const {
    std::lock_guard lock(mutex_);
    return state_ == State::kProbing || (state_ == State::kOpen && now < open_until_);
  }

  bool closed() const {
    std::lock_guard lock(mutex_);
    return state_ == State::kClosed;
  }

 private:
  enum class State { kClosed, kOpen, kProbing };

  const Options options_;
  mutable std::mutex mutex_;
  State state_ = State::kClosed;
  std::chrono::milliseconds window_{0};
  Clock::time_point open_until_;
};

}  // namespace duikou::cache

#endif  // DUIKOU_COMMON_CACHE_CIRCUIT_BREAKER_H_
