// What a line of the log costs the thread that makes the call. Target: under 0.7 µs.
#include <benchmark/benchmark.h>
#include <fcntl.h>

#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "common/telemetry/trace.h"

namespace {

using duikou::telemetry::CallLog;

void BM_CallLine(benchmark::State& state) {
  static int null_device = open("/dev/null", O_WRONLY);
  static auto log = *CallLog::Open({.descriptor = null_device});
  int64_t latency = 0;
  for (auto _ : state) {
    log->Write({.service = "taskregistry",
                .method = "GetTask",
                .caller = "cities/210800/accounts/wangxiaoer",
                .city = "210800",
                .request_id = "018f2f6e-5d3a-7c1e-9a3b-0242ac120002",
                .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
                .peer = "ipv4:127.0.0.1:53412",
                .latency_us = ++latency,
                .request_bytes = 40,
                .response_bytes = 480});
  }
  state.counters["dropped"] = static_cast<double>(log->dropped_lines());
}
BENCHMARK(BM_CallLine)->ThreadRange(1, 2);

void BM_ContinueTrace(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        duikou::telemetry::ContinueTrace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").TraceIdHex());
  }
}
BENCHMARK(BM_ContinueTrace);

void BM_RecordMetrics(benchmark::State& state) {
  static duikou::telemetry::Metrics metrics;
  duikou::telemetry::MethodMetrics* method = metrics.ForMethod("taskregistry", "GetTask");
  for (auto _ : state) method->Record(0, 120);
}
BENCHMARK(BM_RecordMetrics);

}  // namespace

BENCHMARK_MAIN();
