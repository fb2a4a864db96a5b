#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "common/telemetry/metrics.h"

namespace duikou::telemetry {
namespace {

using testing::HasSubstr;

std::string Fetch(int port) {
  int socket_descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(socket_descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    std::string request = "GET /metrics HTTP/1.0\r\n\r\n";
    EXPECT_EQ(write(socket_descriptor, request.data(), request.size()), static_cast<ssize_t>(request.size()));
    char buffer[4096];
    for (ssize_t got; (got = read(socket_descriptor, buffer, sizeof buffer)) > 0;) {
      answer.append(buffer, static_cast<size_t>(got));
    }
  }
  close(socket_descriptor);
  return answer;
}

TEST(Metrics, CountsCallsByCodeAndLatency) {
  Metrics metrics;
  MethodMetrics* method = metrics.ForMethod("taskregistry", "GetTask");
  EXPECT_EQ(metrics.ForMethod("taskregistry", "GetTask"), method);
  EXPECT_NE(metrics.ForMethod("taskregistry", "ListTasks"), method);
  method->Record(0, 50);  // the first bucket includes its bound
  method->Record(0, 51);
  method->Record(5, 20000000);  // above all bounds
  method->Record(99, 1);        // no gRPC code
  std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr(R"(duikou_calls_total{service="taskregistry",method="GetTask",code="OK"} 2)"));
  EXPECT_THAT(text, HasSubstr(R"(duikou_calls_total{service="taskregistry",method="GetTask",code="NOT_FOUND"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(duikou_calls_total{service="taskregistry",method="GetTask",code="UNKNOWN"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(duikou_calls_total{service="taskregistry",method="ListTasks",code="OK"} 0)"));
  EXPECT_THAT(text, HasSubstr(R"(duikou_call_seconds_count{service="taskregistry",method="GetTask"} 4)"));
  EXPECT_THAT(text, HasSubstr(R"(duikou_call_seconds_sum{service="taskregistry",method="GetTask"} 20.000102)"));
  EXPECT_THAT(text, HasSubstr(R"(method="GetTask",le="5e-05"} 2)"));
  EXPECT_THAT(text, HasSubstr(R"(method="GetTask",le="0.0001"} 3)"));
  EXPECT_THAT(text, HasSubstr(R"(method="GetTask",le="10"} 3)"));
  EXPECT_THAT(text, HasSubstr(R"(method="GetTask",le="+Inf"} 4)"));
}

TEST(Metrics, ExportsGaugesAndCounters) {
  Metrics metrics;
  double waiting = 3;
  metrics.Gauge("duikou_queue_length", "Writes waiting.", {{"queue", "writer"}}, [&waiting] { return waiting; });
  Counter* counter = metrics.Counter("duikou_cache_hits_total", "Hits.", {{"level", "1"}});
  EXPECT_EQ(metrics.Counter("duikou_cache_hits_total", "Hits.", {{"level", "1"}}), counter);
  metrics.Counter("duikou_cache_hits_total", "Hits.", {{"level", "2"}})->Increment(7);
  metrics.CounterFrom("duikou_log_dropped_lines_total", "Lost.", {}, [] { return 2.0; });
  counter->Increment();
  counter->Increment(4);
  waiting = 8;
  std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("# TYPE duikou_queue_length gauge\nduikou_queue_length{queue=\"writer\"} 8\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE duikou_cache_hits_total counter\nduikou_cache_hits_total{level=\"1\"} 5\n"
                              "duikou_cache_hits_total{level=\"2\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("duikou_log_dropped_lines_total 2\n"));
}

TEST(Metrics, LosesNothingUnderConcurrency) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&metrics] {
      MethodMetrics* method = metrics.ForMethod("s", "m");
      for (int i = 0; i < 20000; ++i) method->Record(0, i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(metrics.Text(), HasSubstr(R"(duikou_calls_total{service="s",method="m",code="OK"} 80000)"));
}

TEST(Metrics, ServesOnAFreePortAndSaysWhich) {
  Metrics metrics;
  EXPECT_EQ(metrics.port(), 0);
  ASSERT_TRUE(metrics.Serve("127.0.0.1:0").ok());
  ASSERT_GT(metrics.port(), 0);
  metrics.ForMethod("s", "m")->Record(0, 1);
  std::string answer = Fetch(metrics.port());
  EXPECT_THAT(answer, HasSubstr("200 OK"));
  EXPECT_THAT(answer, HasSubstr(R"(duikou_calls_total{service="s",method="m",code="OK"} 1)"));
  EXPECT_EQ(metrics.Serve("127.0.0.1:0").code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Metrics, SaysWhichAddressItCannotServe) {
  Metrics first;
  ASSERT_TRUE(first.Serve("127.0.0.1:0").ok());
  std::string taken = "127.0.0.1:" + std::to_string(first.port());
  for (const std::string& address : {taken, std::string("no such address"), std::string("")}) {
    Metrics metrics;
    absl::Status status = metrics.Serve(address);
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << address;
    EXPECT_THAT(std::string(status.message()), HasSubstr(address));
  }
}

}  // namespace
}  // namespace duikou::telemetry
