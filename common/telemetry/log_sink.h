// Where the log's bytes go: a file descriptor that may be slow, full or closed.
#ifndef DUIKOU_COMMON_TELEMETRY_LOG_SINK_H_
#define DUIKOU_COMMON_TELEMETRY_LOG_SINK_H_

#include <cstdint>
#include <functional>
#include <string_view>

namespace duikou::telemetry {

// Used by one thread, which has SIGPIPE blocked.
class LogSink {
 public:
  // Closes `descriptor` at the end if `owned`.
  LogSink(int descriptor, bool owned);
  ~LogSink();
  LogSink(const LogSink&) = delete;
  LogSink& operator=(const LogSink&) = delete;

  // Writes whole lines and returns how many of them were lost. Waits while the other end takes nothing, as long as
  // `keep_waiting` says so (asked every 50 ms). After a line broken off by an error the next one begins on a new line.
  int64_t Write(std::string_view lines, const std::function<bool()>& keep_waiting);

 private:
  bool WaitUntilWritable(const std::function<bool()>& keep_waiting) const;

  int descriptor_;
  bool owned_;
  bool can_block_;            // a pipe, socket or terminal
  bool within_line_ = false;  // the sink's last byte is not LF
};

}  // namespace duikou::telemetry

#endif  // DUIKOU_COMMON_TELEMETRY_LOG_SINK_H_
