#include "bench/load/load_run.h"

#include <algorithm>

namespace duikou::bench {

LoadRun::LoadRun(const LoadOptions& options, const RequestSource& source, const ResponseSink& sink)
    : options_(options), source_(source), sink_(sink) {
  auto seconds = [](double s) { return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s)); };
  window_start_ = Clock::now() + seconds(options.warmup_seconds);
  window_end_ = window_start_ + seconds(options.seconds);
  give_up_ = window_end_ + seconds(options.drain_seconds);
}

void LoadRun::Succeed(Clock::time_point begun, std::string_view response) {
  Clock::time_point now = Clock::now();
  ++result_.ok_calls;
  result_.response_bytes += static_cast<int64_t>(response.size());
  if (sink_) sink_(response);
  last_answer_ = now;
  if (now < window_start_ || now >= window_end_) return;
  ++result_.measured_calls;
  result_.latency_us.Add(std::chrono::duration_cast<std::chrono::microseconds>(now - begun).count());
}

void LoadRun::Fail(int code, std::string_view message) {
  if (result_.failed_calls.empty()) result_.first_failure = message;
  ++result_.failed_calls[code];
}

LoadResult LoadRun::Finish() {
  Clock::time_point end = options_.max_calls > 0 && started_ >= options_.max_calls
                              ? std::min(window_end_, std::max(last_answer_, window_start_))
                              : window_end_;
  result_.seconds = std::chrono::duration<double>(end - window_start_).count();
  return std::move(result_);
}

}  // namespace duikou::bench
