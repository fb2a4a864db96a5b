#include "bench/load/http_load.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bench/load/connect.h"

namespace duikou::bench {
namespace {

using Clock = LoadRun::Clock;

class Connection {
 public:
  Connection(LoadRun& run, HttpMethod method, const std::string& common_headers, int descriptor)
      : run_(run), method_(method), common_headers_(common_headers), descriptor_(descriptor) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (busy_) run_.Lose(1);
    close(descriptor_);
  }

  bool busy() const { return busy_; }
  int descriptor() const { return descriptor_; }

  // Sends the next request if the run wants one more. False when the connection is lost.
  bool Begin() {
    if (busy_ || !run_.MayStart(Clock::now())) return true;
    busy_ = true;
    body_.clear();
    run_.Begin(body_);
    if (method_ == HttpMethod::kGet) {
      outgoing_ = absl::StrCat("GET ", run_.options().path, body_, " HTTP/1.1\r\n", common_headers_, "\r\n");
    } else {
      outgoing_ = absl::StrCat("POST ", run_.options().path, " HTTP/1.1\r\n", common_headers_,
                               "content-type: application/json\r\ncontent-length: ", body_.size(), "\r\n\r\n", body_);
    }
    begun_ = Clock::now();
    incoming_.clear();
    // A request is far smaller than a socket's buffer, and the one before it has been answered.
    return send(descriptor_, outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(outgoing_.size());
  }

  // Takes what has come, ends the call that it completes and begins the next. False when the connection is lost.
  bool Receive() {
    char buffer[65536];
    while (true) {
      const ssize_t got = recv(descriptor_, buffer, sizeof buffer, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return true;
      if (got <= 0) return false;
      incoming_.append(buffer, static_cast<size_t>(got));
      if (!EndIfComplete()) return false;
      if (!busy_) return Begin();
    }
  }

 private:
  // False for an answer that cannot be understood.
  bool EndIfComplete() {
    const size_t head = incoming_.find("\r\n\r\n");
    if (head == std::string::npos) return true;
    int code = 0;
    size_t length = 0;
    bool has_length = false;
    const std::string_view headers = std::string_view(incoming_).substr(0, head);
    for (const absl::string_view line : absl::StrSplit(absl::string_view(headers.data(), headers.size()), "\r\n")) {
      constexpr absl::string_view kLength = "content-length:";
      if (code == 0 && !(absl::StartsWith(line, "HTTP/1.1 ") && absl::SimpleAtoi(line.substr(9, 3), &code)))
        return false;
      if (absl::StartsWithIgnoreCase(line, kLength))
        has_length = absl::SimpleAtoi(line.substr(kLength.size()), &length);
    }
    if (!busy_ || !has_length) return false;
    const std::string_view body = std::string_view(incoming_).substr(head + 4);
    if (body.size() < length) return true;
    busy_ = false;
    if (code >= 200 && code < 300) {
      run_.Succeed(begun_, body);
    } else {
      run_.Fail(code, body);
    }
    return true;
  }

  LoadRun& run_;
  const HttpMethod method_;
  const std::string& common_headers_;
  const int descriptor_;
  bool busy_ = false;
  std::string body_, outgoing_, incoming_;
  Clock::time_point begun_;
};

}  // namespace

absl::StatusOr<LoadResult> RunHttpLoad(const LoadOptions& options, HttpMethod method, const RequestSource& source,
                                       const ResponseSink& sink) {
  std::string common_headers = absl::StrCat("host: ", options.host, ":", options.port, "\r\n");
  for (const auto& [name, value] : options.headers) absl::StrAppend(&common_headers, name, ": ", value, "\r\n");
  std::vector<int> descriptors;
  for (int i = 0; i < options.in_flight; ++i) {
    absl::StatusOr<int> descriptor = Connect(options.host, options.port);
    if (!descriptor.ok()) {
      for (const int open : descriptors) close(open);
      return descriptor.status();
    }
    descriptors.push_back(*descriptor);
  }
  LoadRun run(options, source, sink);
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<Connection>> connections;
  for (const int descriptor : descriptors) {
    connections.push_back(std::make_unique<Connection>(run, method, common_headers, descriptor));
    epoll_event event{.events = EPOLLIN, .data = {.u64 = connections.size() - 1}};
    epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
    if (!connections.back()->Begin()) connections.back().reset();
  }
  std::vector<epoll_event> events(connections.size());
  for (size_t busy = 1; busy > 0;) {
    const int ready = epoll_wait(poll, events.data(), static_cast<int>(events.size()), 100);
    for (int i = 0; i < ready; ++i) {
      auto& connection = connections[events[static_cast<size_t>(i)].data.u64];
      if (connection != nullptr && !connection->Receive()) connection.reset();
    }
    const Clock::time_point now = Clock::now();
    busy = 0;
    if (now >= run.give_up()) break;
    for (const auto& connection : connections) busy += connection != nullptr && connection->busy() ? 1 : 0;
    if (busy == 0 && run.MayStart(now)) {
      close(poll);
      return absl::UnavailableError("the server closed all connections");
    }
  }
  connections.clear();
  close(poll);
  return run.Finish();
}

}  // namespace duikou::bench
