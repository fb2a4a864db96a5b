#include "common/telemetry/log_sink.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>

namespace duikou::telemetry {
namespace {

constexpr int kPollMs = 50;

bool CanBlock(int descriptor) {
  struct stat facts {};
  return fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode);
}

}  // namespace

LogSink::LogSink(int descriptor, bool owned)
    : descriptor_(descriptor), owned_(owned), can_block_(CanBlock(descriptor)) {}

LogSink::~LogSink() {
  if (owned_) close(descriptor_);
}

bool LogSink::WaitUntilWritable(const std::function<bool()>& keep_waiting) const {
  while (true) {
    pollfd poll_descriptor{.fd = descriptor_, .events = POLLOUT, .revents = 0};
    int ready = poll(&poll_descriptor, 1, kPollMs);
    if (ready > 0) return true;  // also when the other end is closed: then write tells
    if (ready < 0 && errno != EINTR) return false;
    if (!keep_waiting()) return false;
  }
}

int64_t LogSink::Write(std::string_view lines, const std::function<bool()>& keep_waiting) {
  bool failed = false;
  if (within_line_ && !lines.empty()) {
    failed = (can_block_ && !WaitUntilWritable(keep_waiting)) || write(descriptor_, "\n", 1) != 1;
    within_line_ = failed;
  }
  while (!failed && !lines.empty()) {
    // A pipe that polls as writable takes PIPE_BUF bytes at once and without blocking, whoever else writes to it.
    std::string_view chunk = can_block_ ? lines.substr(0, PIPE_BUF) : lines;
    if (size_t end = chunk.rfind('\n'); end != std::string_view::npos) chunk = chunk.substr(0, end + 1);
    if (can_block_ && !WaitUntilWritable(keep_waiting)) break;
    ssize_t written = write(descriptor_, chunk.data(), chunk.size());
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    failed = written <= 0;
    if (failed) break;
    within_line_ = lines[static_cast<size_t>(written) - 1] != '\n';
    lines.remove_prefix(static_cast<size_t>(written));
  }
  return std::count(lines.begin(), lines.end(), '\n');
}

}  // namespace duikou::telemetry
