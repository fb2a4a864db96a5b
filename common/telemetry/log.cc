#include "common/telemetry/log.h"

#include <fcntl.h>
#include <pthread.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <ctime>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/telemetry/json_line.h"
#include "common/telemetry/log_sink.h"

namespace duikou::telemetry {
namespace {

constexpr auto kFlushInterval = std::chrono::milliseconds(100);
constexpr size_t kShards = 8;

std::string_view SeverityName(Severity severity) {
  constexpr std::string_view kNames[] = {"DEBUG", "INFO", "WARNING", "ERROR"};
  return kNames[static_cast<size_t>(severity)];
}

char* WriteDigits(char* out, int digits, int64_t value) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + digits;
}

// "2026-11-23T09:37:09.123456Z". The part down to seconds is kept per thread: breaking a time down costs more than the
// rest of the line.
void AddTime(int64_t micros, JsonLine& line) {
  constexpr size_t kSecondsLength = 19;
  thread_local time_t last_second = -1;
  thread_local char text[kSecondsLength + 8];
  const time_t second = micros / 1000000;
  if (second != last_second) {
    tm parts{};
    gmtime_r(&second, &parts);
    char* end = WriteDigits(text, 4, parts.tm_year + 1900);
    for (auto [mark, value] :
         {std::pair('-', parts.tm_mon + 1), std::pair('-', parts.tm_mday), std::pair('T', parts.tm_hour),
          std::pair(':', parts.tm_min), std::pair(':', parts.tm_sec)}) {
      *end++ = mark;
      end = WriteDigits(end, 2, value);
    }
    last_second = second;
  }
  text[kSecondsLength] = '.';
  *WriteDigits(text + kSecondsLength + 1, 6, micros % 1000000) = 'Z';
  line.AddPlain("time", {text, sizeof text});
}

int64_t NowMicros() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return int64_t{now.tv_sec} * 1000000 + now.tv_nsec / 1000;
}

void FormatCall(const CallRecord& call, JsonLine& line) {
  constexpr int kUnknown = 2, kInternal = 13, kDataLoss = 15;
  bool our_fault = call.code == kUnknown || call.code == kInternal || call.code == kDataLoss;
  AddTime(call.time_us != 0 ? call.time_us : NowMicros(), line);
  line.AddPlain("severity", SeverityName(our_fault ? Severity::kError : Severity::kInfo));
  line.Add("service", call.service);
  line.Add("method", call.method);
  line.AddPlain("code", StatusCodeName(call.code));
  line.AddIfSet("reason", call.reason);
  line.Add("latency_us", call.latency_us);
  line.AddIfSet("caller", call.caller);
  line.AddIfSet("city", call.city);
  line.AddIfSet("request_id", call.request_id);
  line.AddIfSet("trace_id", call.trace_id);
  line.AddIfSet("peer", call.peer);
  line.Add("request_bytes", call.request_bytes);
  line.Add("response_bytes", call.response_bytes);
  line.AddIfSet("personal_fields", call.personal_fields);
  line.AddIfSet("purpose", call.purpose);
}

void FormatEvent(Severity severity, std::string_view message, std::initializer_list<CallLog::Member> members,
                 JsonLine& line) {
  AddTime(NowMicros(), line);
  line.AddPlain("severity", SeverityName(severity));
  line.Add("message", message);
  for (const auto& [key, value] : members) {
    std::visit([&line, &key = key](const auto& v) { line.Add(key, v); }, value);
  }
}

size_t ShardOfThread() {
  static std::atomic<size_t> next{0};
  thread_local size_t shard = next.fetch_add(1, std::memory_order_relaxed) % kShards;
  return shard;
}

std::atomic<CallLog*> process_log{nullptr};

}  // namespace

// The buffers and the thread that empties them.
class CallLog::Writer {
 public:
  Writer(int descriptor, bool owned, const LogOptions& options)
      : sink_(descriptor, owned),
        max_shard_bytes_(options.max_waiting_bytes / kShards),
        shutdown_(std::chrono::milliseconds(options.shutdown_ms)),
        thread_([this] { Run(); }) {}

  ~Writer() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
      give_up_ = std::chrono::steady_clock::now() + shutdown_;
    }
    wake_.notify_one();
    thread_.join();
  }

  void Append(std::string_view line) {
    Shard& shard = shards_[ShardOfThread()];
    bool half_full = false;
    {
      std::lock_guard lock(shard.mutex);
      size_t before = shard.waiting.size();
      if (before + line.size() > max_shard_bytes_) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
        return;
      }
      shard.waiting.append(line);
      size_t half = max_shard_bytes_ / 2;
      half_full = before < half && before + line.size() >= half;
    }
    if (half_full) RequestFlush();
  }

  void Flush() {
    std::unique_lock lock(mutex_);
    int64_t mine = ++flushes_asked_;
    wake_.notify_one();
    done_.wait(lock, [&] { return flushes_done_ >= mine; });
  }

  int64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  struct alignas(64) Shard {
    std::mutex mutex;
    std::string waiting;
    std::string writing;  // of the writing thread alone
  };

  void RequestFlush() {
    {
      std::lock_guard lock(mutex_);
      ++flushes_asked_;
    }
    wake_.notify_one();
  }

  void Run() {
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal,
                    nullptr);  // a closed pipe is an error of write, not the end of the process
    pthread_setname_np(pthread_self(), "log");
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait_for(lock, kFlushInterval, [&] { return stopping_ || flushes_asked_ > flushes_done_; });
      int64_t asked = flushes_asked_;
      bool last = stopping_;
      lock.unlock();
      WriteOut();
      lock.lock();
      flushes_done_ = asked;
      done_.notify_all();
      if (last) return;
    }
  }

  void WriteOut() {
    auto keep_waiting = [this] {
      std::lock_guard lock(mutex_);
      return !stopping_ || std::chrono::steady_clock::now() < give_up_;
    };
    for (Shard& shard : shards_) {
      {
        std::lock_guard lock(shard.mutex);
        shard.waiting.swap(shard.writing);
      }
      dropped_.fetch_add(sink_.Write(shard.writing, keep_waiting), std::memory_order_relaxed);
      shard.writing.clear();
    }
    if (int64_t missing = dropped() - dropped_reported_; missing > 0) {
      JsonLine line;
      FormatEvent(Severity::kWarning, "log lines dropped: the sink is slow, full or closed", {{"lines", missing}},
                  line);
      if (sink_.Write(line.Finish(), keep_waiting) == 0) dropped_reported_ += missing;
    }
  }

  LogSink sink_;
  const size_t max_shard_bytes_;
  const std::chrono::steady_clock::duration shutdown_;
  std::array<Shard, kShards> shards_;
  std::atomic<int64_t> dropped_{0};
  int64_t dropped_reported_ = 0;  // of the writing thread alone

  std::mutex mutex_;  // guards what follows; never held together with a shard's
  std::condition_variable wake_;
  std::condition_variable done_;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point give_up_;
  int64_t flushes_asked_ = 0;
  int64_t flushes_done_ = 0;

  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<CallLog>> CallLog::Open(LogOptions options) {
  int descriptor = options.descriptor;
  bool owned = !options.path.empty();
  if (owned) {
    descriptor = open(options.path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
    if (descriptor < 0) {
      return absl::UnavailableError(absl::StrCat("cannot open the log file ", options.path, ": ", strerror(errno),
                                                 "; give a path in a folder that this user may write"));
    }
  }
  return std::unique_ptr<CallLog>(new CallLog(std::make_unique<Writer>(descriptor, owned, options)));
}

CallLog::CallLog(std::unique_ptr<Writer> writer) : writer_(std::move(writer)) {}

CallLog::~CallLog() {
  CallLog* self = this;
  process_log.compare_exchange_strong(self, nullptr);
}

void CallLog::Write(const CallRecord& call) {
  JsonLine line;
  FormatCall(call, line);
  writer_->Append(line.Finish());
}

void CallLog::Event(Severity severity, std::string_view message, std::initializer_list<Member> members) {
  JsonLine line;
  FormatEvent(severity, message, members, line);
  writer_->Append(line.Finish());
}

void CallLog::Flush() { writer_->Flush(); }

int64_t CallLog::dropped_lines() const { return writer_->dropped(); }

void SetProcessLog(CallLog* log) { process_log.store(log); }

void LogEvent(Severity severity, std::string_view message, std::initializer_list<CallLog::Member> members) {
  if (CallLog* log = process_log.load(); log != nullptr) return log->Event(severity, message, members);
  JsonLine line;
  FormatEvent(severity, message, members, line);
  LogSink(2, /*owned=*/false).Write(line.Finish(), [] { return false; });
}

std::string_view StatusCodeName(int code) {
  constexpr std::string_view kNames[] = {
      "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED"};
  return code >= 0 && static_cast<size_t>(code) < std::size(kNames) ? kNames[code] : "UNKNOWN";
}

}  // namespace duikou::telemetry
