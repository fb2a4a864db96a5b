// Numbers about a service for Prometheus: calls by method and code, latency, and whatever a part of the service can
// count.
#ifndef DUIKOU_COMMON_TELEMETRY_METRICS_H_
#define DUIKOU_COMMON_TELEMETRY_METRICS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace duikou::telemetry {

using Labels = std::vector<std::pair<std::string, std::string>>;

// Counts the calls of one method. Recording is three relaxed additions; no look-up, no lock.
class MethodMetrics {
 public:
  static constexpr size_t kCodes = 17;
  // Upper bounds of the latency buckets, in microseconds; one more bucket holds what is above.
  static constexpr std::array<int64_t, 17> kBoundsUs = {50,     100,     200,     500,     1000,    2000,
                                                        5000,   10000,   20000,   50000,   100000,  200000,
                                                        500000, 1000000, 2000000, 5000000, 10000000};

  // `code` is that of the gRPC status; a number that is none counts as UNKNOWN.
  void Record(int code, int64_t latency_us) {
    size_t bucket = 0;
    while (bucket < kBoundsUs.size() && latency_us > kBoundsUs[bucket]) ++bucket;
    calls_[code >= 0 && static_cast<size_t>(code) < kCodes ? static_cast<size_t>(code) : 2].fetch_add(
        1, std::memory_order_relaxed);
    buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
    latency_sum_us_.fetch_add(latency_us, std::memory_order_relaxed);
  }

  int64_t calls(int code) const { return calls_[static_cast<size_t>(code)].load(std::memory_order_relaxed); }

 private:
  friend class Metrics;

  std::array<std::atomic<int64_t>, kCodes> calls_{};
  std::array<std::atomic<int64_t>, kBoundsUs.size() + 1> buckets_{};
  std::atomic<int64_t> latency_sum_us_{0};
};

// A number that only grows.
class Counter {
 public:
  void Increment(int64_t by = 1) { value_.fetch_add(by, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

// The metrics of a process, one object. What it returns lives as long as it does. Thread-safe.
//
// Exported of each method: duikou_calls_total{service,method,code} and the histogram
// duikou_call_seconds{service,method}.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The same object for the same names.
  MethodMetrics* ForMethod(std::string_view service, std::string_view method);

  // Names are as Prometheus asks ([a-zA-Z_:][a-zA-Z0-9_:]*), counters end in _total, times are in seconds, sizes in
  // bytes. The same name may be given again with other labels; a name and labels given again replace the function.
  // `read` is called by the serving threads until this object is destroyed.
  void Gauge(std::string name, std::string help, Labels labels, std::function<double()> read);
  void CounterFrom(std::string name, std::string help, Labels labels, std::function<double()> read);

  // The same object for the same name and labels.
  telemetry::Counter* Counter(std::string name, std::string help, Labels labels = {});

  // Serves http://ADDRESS/metrics, "127.0.0.1:9464"; port 0 takes a free one. Unavailable, with the address, if the
  // port is taken or the address is none; FailedPrecondition if this serves already.
  absl::Status Serve(const std::string& address);

  // The port that Serve bound; 0 before.
  int port() const;

  // What /metrics shows, in Prometheus's text format.
  std::string Text() const;

 private:
  class Exporter;

  std::shared_ptr<Exporter> exporter_;
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace duikou::telemetry

#endif  // DUIKOU_COMMON_TELEMETRY_METRICS_H_
