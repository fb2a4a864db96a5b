#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "common/telemetry/json_line.h"
#include "common/telemetry/log.h"

namespace duikou::telemetry {
namespace {

using std::string_view_literals::operator""sv;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::string TemporaryFile() {
  std::string path = testing::TempDir() + "duikou_log_XXXXXX";
  int descriptor = mkstemp(path.data());
  EXPECT_GE(descriptor, 0);
  close(descriptor);
  return path;
}

std::string ReadAll(const std::string& path) {
  std::stringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::stringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::unique_ptr<CallLog> OpenOrDie(LogOptions options) {
  auto log = CallLog::Open(std::move(options));
  EXPECT_TRUE(log.ok()) << log.status();
  return *std::move(log);
}

TEST(JsonLine, EscapesWhatJsonAsksFor) {
  struct {
    std::string_view value;
    std::string_view json;
  } cases[] = {
      {"plain", R"("plain")"},
      {"", R"("")"},
      {"a\"b\\c", R"("a\"b\\c")"},
      {"a\nb\tc\x01\x1f\0"sv, R"("a\nb\tc\u0001\u001f\u0000")"},
      {"\x7f", R"("\u007f")"},
      {"对口\U0001F600", "\"对口\U0001F600\""},
      {"a\xFFz", "\"a\uFFFDz\""},
      {"\xE5\xAF", "\"\uFFFD\uFFFD\""},
      {"\xED\xA0\x80", "\"\uFFFD\uFFFD\uFFFD\""},
      {"\xC0\x80", "\"\uFFFD\uFFFD\""},
      {"\xF4\x90\x80\x80", "\"\uFFFD\uFFFD\uFFFD\uFFFD\""},
  };
  for (const auto& c : cases) {
    JsonLine line;
    line.Add("k", c.value);
    EXPECT_EQ(line.Finish(), "{\"k\":" + std::string(c.json) + "}\n");
  }
}

TEST(JsonLine, WritesNumbersAndBooleans) {
  JsonLine line;
  line.Add("min", std::numeric_limits<int64_t>::min());
  line.Add("half", 0.5);
  line.Add("nan", std::numeric_limits<double>::quiet_NaN());
  line.Add("yes", true);
  line.AddIfSet("empty", "");
  EXPECT_EQ(line.Finish(), "{\"min\":-9223372036854775808,\"half\":0.5,\"nan\":null,\"yes\":true}\n");
}

TEST(JsonLine, CutsLongValuesAtACodePoint) {
  JsonLine line;
  std::string value;
  while (value.size() < 2 * JsonLine::kMaxValueBytes) value += "口";
  line.Add("k", value);
  std::string text(line.Finish());
  EXPECT_EQ(text.find("\uFFFD"), std::string::npos);
  EXPECT_THAT(text, HasSubstr("口…\"}"));
  EXPECT_LT(text.size(), JsonLine::kMaxValueBytes + 20);
}

TEST(JsonLine, SaysWhenNoRoomIsLeft) {
  JsonLine line;
  std::string hostile(JsonLine::kMaxValueBytes, '\x01');
  for (int i = 0; i < 10; ++i) line.Add("k", hostile);
  std::string text(line.Finish());
  EXPECT_LE(text.size(), JsonLine::kCapacity);
  EXPECT_THAT(text, testing::EndsWith(",\"truncated\":true}\n"));
}

TEST(CallLog, WritesOneLinePerCall) {
  std::string path = TemporaryFile();
  {
    auto log = OpenOrDie({.path = path});
    log->Write({.service = "taskregistry",
                .method = "GetTask",
                .caller = "accounts/王\"小二",
                .city = "210800",
                .request_id = "r1",
                .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
                .peer = "127.0.0.1:5",
                .code = 9,
                .reason = "TASK_NOT_DRAFT",
                .latency_us = 12,
                .request_bytes = 3,
                .response_bytes = 4,
                .personal_fields = "phone",
                .purpose = "contact"});
    log->Write({.service = "taskregistry", .method = "ListTasks", .code = 13});
  }
  std::vector<std::string> lines = Lines(ReadAll(path));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0],
              ContainsRegex("^\\{\"time\":\"20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]"
                            "\\.[0-9]{6}Z\",\"severity\":\"INFO\","));
  EXPECT_THAT(lines[0], HasSubstr(R"("service":"taskregistry","method":"GetTask","code":"FAILED_PRECONDITION",)"
                                  R"("reason":"TASK_NOT_DRAFT","latency_us":12,"caller":"accounts/王\"小二",)"
                                  R"("city":"210800","request_id":"r1","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736",)"
                                  R"("peer":"127.0.0.1:5","request_bytes":3,"response_bytes":4,)"
                                  R"("personal_fields":"phone","purpose":"contact"})"));
  EXPECT_THAT(lines[1], HasSubstr(R"("severity":"ERROR")"));
  EXPECT_THAT(lines[1], Not(HasSubstr("caller")));
  EXPECT_EQ(unlink(path.c_str()), 0);
}

TEST(CallLog, FlushesWithoutBeingAsked) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  auto log = OpenOrDie({.descriptor = ends[1]});
  auto start = std::chrono::steady_clock::now();
  log->Event(Severity::kWarning, "clock set back", {{"seconds", int64_t{3}}, {"source", "ntp"sv}});
  char buffer[512];
  ssize_t got = read(ends[0], buffer, sizeof buffer);  // returns when the line comes
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  ASSERT_GT(got, 0);
  EXPECT_THAT(std::string(buffer, static_cast<size_t>(got)),
              HasSubstr(R"("severity":"WARNING","message":"clock set back","seconds":3,"source":"ntp"})"));
  log.reset();
  close(ends[0]);
  close(ends[1]);
}

TEST(CallLog, LosesNoLineOfManyThreads) {
  constexpr int kThreads = 4, kEach = 20000;
  std::string path = TemporaryFile();
  auto log = OpenOrDie({.path = path});
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&log] {
      for (int i = 0; i < kEach; ++i) log->Write({.service = "s", .method = "m", .latency_us = i});
    });
  }
  for (std::thread& thread : threads) thread.join();
  log->Flush();
  EXPECT_EQ(log->dropped_lines(), 0);
  std::vector<std::string> lines = Lines(ReadAll(path));
  EXPECT_EQ(lines.size(), static_cast<size_t>(kThreads * kEach));
  for (const std::string& line : lines) ASSERT_TRUE(line.front() == '{' && line.back() == '}') << line;
  unlink(path.c_str());
}

TEST(CallLog, ASlowSinkCostsLinesThatAreCountedAndReported) {
  constexpr int64_t kCalls = 20000;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  auto log = OpenOrDie({.descriptor = ends[1], .max_waiting_bytes = 256 << 10});
  for (int64_t i = 0; i < kCalls; ++i) log->Write({.service = "s", .method = "m", .latency_us = i});  // nobody reads
  EXPECT_GT(log->dropped_lines(), 0);
  std::string text;
  std::thread reader([&] {
    char buffer[65536];
    for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(got));
  });
  log->Flush();
  int64_t dropped = log->dropped_lines();
  log.reset();
  close(ends[1]);
  reader.join();
  close(ends[0]);
  int64_t calls = 0, reported = 0;
  for (const std::string& line : Lines(text)) {
    calls += line.find("\"method\":\"m\"") != std::string::npos;
    size_t at = line.find("\"lines\":");
    if (at != std::string::npos) reported += std::stoll(line.substr(at + 8));
  }
  EXPECT_EQ(calls + dropped, kCalls);
  EXPECT_EQ(reported, dropped);
}

TEST(CallLog, AClosedPipeEndsNothing) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  auto log = OpenOrDie({.descriptor = ends[1]});
  for (int i = 0; i < 100; ++i) log->Write({.service = "s", .method = "m"});
  log->Flush();
  EXPECT_EQ(log->dropped_lines(), 100);
  log.reset();
  close(ends[1]);
}

TEST(CallLog, AStuckSinkDelaysShutdownNoLongerThanSaid) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  auto log = OpenOrDie({.descriptor = ends[1], .shutdown_ms = 100});
  for (int i = 0; i < 5000; ++i) log->Write({.service = "s", .method = "m"});  // more than a pipe holds
  auto start = std::chrono::steady_clock::now();
  log.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  close(ends[0]);
  close(ends[1]);
}

TEST(CallLog, AFullDiskCostsLinesAndEndsWhenThereIsRoomAgain) {
  // RLIMIT_FSIZE makes write fail as a full disk does: a part is written, then nothing.
  std::string path = TemporaryFile();
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small{.rlim_cur = 1000, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  auto log = OpenOrDie({.path = path});
  for (int i = 0; i < 100; ++i) log->Write({.service = "s", .method = "m"});
  log->Flush();
  EXPECT_GT(log->dropped_lines(), 80);
  EXPECT_LT(log->dropped_lines(), 100);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  log->Write({.service = "s", .method = "after"});
  log.reset();
  std::vector<std::string> lines = Lines(ReadAll(path));
  EXPECT_THAT(lines, testing::Contains(HasSubstr("\"method\":\"after\"")));
  EXPECT_THAT(lines, testing::Contains(HasSubstr("log lines dropped")));
  for (const std::string& line : lines) {
    bool whole = line.find("after") != std::string::npos || line.find("dropped") != std::string::npos;
    EXPECT_TRUE(!whole || line.front() == '{') << line;
  }
  unlink(path.c_str());
}

TEST(CallLog, NamesTheFileThatItCannotOpen) {
  auto log = CallLog::Open({.path = "/nonexistent/duikou.log"});
  ASSERT_FALSE(log.ok());
  EXPECT_EQ(log.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(log.status().message()), HasSubstr("/nonexistent/duikou.log"));
}

TEST(LogEvent, GoesToTheProcessLogAndToStderrWithoutOne) {
  std::string path = TemporaryFile();
  {
    auto log = OpenOrDie({.path = path});
    SetProcessLog(log.get());
    LogEvent(Severity::kInfo, "started", {{"port", int64_t{50051}}});
  }
  EXPECT_THAT(ReadAll(path), HasSubstr(R"("message":"started","port":50051})"));
  testing::internal::CaptureStderr();
  LogEvent(Severity::kError, "stopped");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr(R"("severity":"ERROR","message":"stopped"})"));
  unlink(path.c_str());
}

}  // namespace
}  // namespace duikou::telemetry
