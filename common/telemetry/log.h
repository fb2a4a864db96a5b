// The log of a service: one line of JSON for each call and each event, written by a thread of its own.
#ifndef DUIKOU_COMMON_TELEMETRY_LOG_H_
#define DUIKOU_COMMON_TELEMETRY_LOG_H_

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"

namespace duikou::telemetry {

enum class Severity { kDebug, kInfo, kWarning, kError };

// What is told of a call. Text may be empty, then its member is left out; it need not be UTF-8. No personal field is
// among them: only the names of those that were read.
struct CallRecord {
  int64_t time_us = 0;          // when it ended, in microseconds since 1970; 0: now
  std::string_view service;     // "taskregistry"
  std::string_view method;      // "GetTask"
  std::string_view caller;      // account, service or partner system
  std::string_view city;        // GB/T 2260 code
  std::string_view request_id;  // of a write
  std::string_view trace_id;    // 32 hex digits
  std::string_view peer;        // address of the other end
  int code = 0;                 // of the gRPC status, 0 is OK; the line carries its name
  std::string_view reason;      // TASK_NOT_DRAFT
  int64_t latency_us = 0;
  int64_t request_bytes = 0;
  int64_t response_bytes = 0;
  std::string_view personal_fields;  // names of the personal fields read in clear, separated by commas
  std::string_view purpose;          // why they were read
};

struct LogOptions {
  // A file to append to (made with mode 0640), or empty for `descriptor`, which is borrowed: the caller keeps it open.
  std::string path;
  int descriptor = 2;
  // Lines waiting for the sink take at most this, in bytes; a buffer being written may hold as much again.
  size_t max_waiting_bytes = size_t{32} << 20;
  // How long the destructor waits for a sink that takes nothing before it drops what waits, in milliseconds.
  int shutdown_ms = 2000;
};

// Lines have "time" (RFC 3339, UTC, microseconds) and "severity" first. They are not sorted: lines of different threads
// that were written within one flush interval may come in any order.
//
// A calling thread formats its line and copies it into a buffer; one thread writes the buffers out at least every 200
// ms, and at destruction. Writing a line never blocks on the sink: when the sink is slower than the lines, or fails
// (disk full, pipe closed), lines are dropped, counted, and the log says how many as soon as it can be written again.
// Thread-safe.
class CallLog {
 public:
  using Value = std::variant<std::string_view, int64_t, double, bool>;
  using Member = std::pair<std::string_view, Value>;

  // Unavailable if the file cannot be opened for appending.
  static absl::StatusOr<std::unique_ptr<CallLog>> Open(LogOptions options = {});
  ~CallLog();
  CallLog(const CallLog&) = delete;
  CallLog& operator=(const CallLog&) = delete;

  void Write(const CallRecord& call);
  // `message` is a fixed sentence; what varies goes into `members`, whose keys are literals.
  void Event(Severity severity, std::string_view message, std::initializer_list<Member> members = {});

  // Returns when every line written before the call is in the sink or dropped.
  void Flush();

  // Lines dropped since the start, for the metric duikou_log_dropped_lines_total.
  int64_t dropped_lines() const;

 private:
  class Writer;
  explicit CallLog(std::unique_ptr<Writer> writer);

  std::unique_ptr<Writer> writer_;
};

// Makes `log` the one that LogEvent writes to; nullptr takes it back. The log must outlive its use.
void SetProcessLog(CallLog* log);

// An event to the process's log; before there is one, to stderr at once.
void LogEvent(Severity severity, std::string_view message, std::initializer_list<CallLog::Member> members = {});

// "OK", "NOT_FOUND", … ; "UNKNOWN" for a number that is no gRPC status code.
std::string_view StatusCodeName(int code);

}  // namespace duikou::telemetry

#endif  // DUIKOU_COMMON_TELEMETRY_LOG_H_
