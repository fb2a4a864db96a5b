// Load on one unary gRPC method over plaintext HTTP/2: one thread, many calls in flight, a fresh request for each. Only
// an answer whose trailer says grpc-status 0 counts as done.
#ifndef DUIKOU_BENCH_LOAD_GRPC_LOAD_H_
#define DUIKOU_BENCH_LOAD_GRPC_LOAD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
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
  std::map<int, int64_t> failed_calls;  // by grpc-status other than 0
  std::string first_failure;            // grpc-message of the first of them
  Histogram latency_us;                 // of measured_calls

  double calls_per_second() const { return seconds > 0 ? static_cast<double>(measured_calls) / seconds : 0; }
};

// Appends the serialized request of call number `call`.
using RequestSource = std::function<void(int64_t call, std::string& request)>;
// Sees the serialized response of each call answered OK.
using ResponseSink = std::function<void(std::string_view response)>;

// Unavailable if the server cannot be reached or drops all connections. A call that fails is replaced by a new one.
absl::StatusOr<LoadResult> RunLoad(const LoadOptions& options, const RequestSource& source,
                                   const ResponseSink& sink = {});

}  // namespace duikou::bench

#endif  // DUIKOU_BENCH_LOAD_GRPC_LOAD_H_
