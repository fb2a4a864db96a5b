// What all load shares, whatever the protocol: which calls to begin, which answers count, when it ends.
#ifndef DUIKOU_BENCH_LOAD_LOAD_RUN_H_
#define DUIKOU_BENCH_LOAD_LOAD_RUN_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/load/histogram.h"

namespace duikou::bench {

struct LoadOptions {
  std::string host = "127.0.0.1";  // an IPv4 address
  int port = 0;
  std::string path;                                          // "/duikou.taskregistry.v1.TaskRegistry/GetTask"
  std::vector<std::pair<std::string, std::string>> headers;  // of each call, names in small letters
  int connections = 1;
  int in_flight = 64;         // over all connections
  double warmup_seconds = 0;  // before the measured window
  double seconds = 2;         // the measured window; new calls end with it
  int64_t max_calls = 0;      // ends earlier after so many calls; 0: no bound
  double drain_seconds = 20;  // how long calls in flight are waited for at the end
};

struct LoadResult {
  double seconds = 0;                   // length of the measured window
  int64_t measured_calls = 0;           // answered OK within it
  int64_t ok_calls = 0;                 // answered OK at any time, warm-up and drain included
  int64_t lost_calls = 0;               // sent, but without an answer: reset, connection lost, not drained
  int64_t response_bytes = 0;           // of all messages answered OK
  std::map<int, int64_t> failed_calls;  // by the code that is not OK
  std::string first_failure;            // what the first of them said
  Histogram latency_us;                 // of measured_calls

  double calls_per_second() const { return seconds > 0 ? static_cast<double>(measured_calls) / seconds : 0; }
};

// Appends the request of call number `call`.
using RequestSource = std::function<void(int64_t call, std::string& request)>;
// Sees the response of each call answered OK.
using ResponseSink = std::function<void(std::string_view response)>;

// The clock and the counts of one run of load. Keeps references to what it is made of.
class LoadRun {
 public:
  using Clock = std::chrono::steady_clock;

  LoadRun(const LoadOptions& options, const RequestSource& source, const ResponseSink& sink);

  bool MayStart(Clock::time_point now) const {
    return now < window_end_ && (options_.max_calls == 0 || started_ < options_.max_calls);
  }
  // Appends the next request.
  void Begin(std::string& request) { source_(started_++, request); }
  // The three ends of a call that was begun.
  void Succeed(Clock::time_point begun, std::string_view response);
  void Fail(int code, std::string_view message);
  void Lose(int64_t calls) { result_.lost_calls += calls; }

  LoadResult Finish();

  const LoadOptions& options() const { return options_; }
  Clock::time_point give_up() const { return give_up_; }

 private:
  const LoadOptions& options_;
  const RequestSource& source_;
  const ResponseSink& sink_;
  Clock::time_point window_start_, window_end_, give_up_, last_answer_;
  int64_t started_ = 0;
  LoadResult result_;
};

}  // namespace duikou::bench

#endif  // DUIKOU_BENCH_LOAD_LOAD_RUN_H_
