#include "bench/load/grpc_load.h"

#include <nghttp2/nghttp2.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "absl/status/status.h"
#include "bench/load/connect.h"

namespace duikou::bench {
namespace {

using Clock = LoadRun::Clock;

constexpr size_t kPrefixBytes = 5;  // compressed flag and length before each gRPC message
constexpr int32_t kWindowBytes = 1 << 24;

std::string_view View(const uint8_t* text, size_t length) { return {reinterpret_cast<const char*>(text), length}; }

nghttp2_nv Header(std::string_view name, std::string_view value) {
  auto bytes = [](std::string_view text) { return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data())); };
  return {bytes(name), bytes(value), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

// One call in flight; used again for the next.
struct Call {
  std::string request;  // with its prefix
  size_t sent = 0;
  std::string response;  // with its prefix
  Clock::time_point start;
  int status = -1;  // no grpc-status yet
  std::string message;
};

class Connection {
 public:
  Connection(LoadRun& run, const std::vector<nghttp2_nv>& headers, int descriptor, int in_flight)
      : run_(run), headers_(headers), descriptor_(descriptor) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, OnBody);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnClose);
    nghttp2_session_client_new(&session_, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWindowBytes},
                                         {NGHTTP2_SETTINGS_ENABLE_PUSH, 0}};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings));
    nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kWindowBytes);
    calls_.resize(static_cast<size_t>(in_flight));
    for (auto& call : calls_) {
      call = std::make_unique<Call>();
      idle_.push_back(call.get());
    }
  }

  ~Connection() {
    run_.Lose(static_cast<int64_t>(calls_.size() - idle_.size()));
    closing_ = true;
    nghttp2_session_del(session_);
    close(descriptor_);
  }

  int descriptor() const { return descriptor_; }
  bool idle() const { return idle_.size() == calls_.size(); }
  bool wants_write() const { return written_ < outgoing_.size(); }

  // Begins calls, sends, receives. False when the connection is lost.
  bool Work(bool readable) {
    if (readable && !Receive()) return false;
    Clock::time_point now = Clock::now();
    while (!idle_.empty() && run_.MayStart(now)) {
      Call* call = idle_.back();
      idle_.pop_back();
      Begin(*call, now);
      nghttp2_data_provider provider{.source = {.ptr = call}, .read_callback = ReadRequest};
      if (nghttp2_submit_request(session_, nullptr, headers_.data(), headers_.size(), &provider, call) < 0)
        return false;
    }
    return Send();
  }

 private:
  void Begin(Call& call, Clock::time_point now) {
    call.request.assign(kPrefixBytes, '\0');
    run_.Begin(call.request);
    auto length = static_cast<uint32_t>(call.request.size() - kPrefixBytes);
    for (size_t i = 0; i < 4; ++i) call.request[1 + i] = static_cast<char>(length >> (24 - 8 * i));
    call.sent = 0;
    call.response.clear();
    call.status = -1;
    call.message.clear();
    call.start = now;
  }

  void End(const Call& call) {
    if (call.status == 0 && call.response.size() >= kPrefixBytes) {
      run_.Succeed(call.start, std::string_view(call.response).substr(kPrefixBytes));
    } else if (call.status > 0) {
      run_.Fail(call.status, call.message);
    } else {
      run_.Lose(1);
    }
  }

  static ssize_t ReadRequest(nghttp2_session*, int32_t, uint8_t* out, size_t length, uint32_t* flags,
                             nghttp2_data_source* source, void*) {
    auto* call = static_cast<Call*>(source->ptr);
    size_t count = std::min(length, call->request.size() - call->sent);
    std::memcpy(out, call->request.data() + call->sent, count);
    call->sent += count;
    if (call->sent == call->request.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
  }

  static int OnHeader(nghttp2_session* session, const nghttp2_frame* frame, const uint8_t* name, size_t name_length,
                      const uint8_t* value, size_t value_length, uint8_t, void*) {
    auto* call = static_cast<Call*>(nghttp2_session_get_stream_user_data(session, frame->hd.stream_id));
    if (call == nullptr) return 0;
    if (View(name, name_length) == "grpc-status") {
      std::string_view digits = View(value, value_length);
      std::from_chars(digits.data(), digits.data() + digits.size(), call->status);
    } else if (View(name, name_length) == "grpc-message") {
      call->message = View(value, value_length);
    }
    return 0;
  }

  static int OnBody(nghttp2_session* session, uint8_t, int32_t stream, const uint8_t* bytes, size_t length, void*) {
    auto* call = static_cast<Call*>(nghttp2_session_get_stream_user_data(session, stream));
    if (call != nullptr) call->response.append(View(bytes, length));
    return 0;
  }

  static int OnClose(nghttp2_session* session, int32_t stream, uint32_t error, void* self) {
    auto* connection = static_cast<Connection*>(self);
    auto* call = static_cast<Call*>(nghttp2_session_get_stream_user_data(session, stream));
    if (call == nullptr || connection->closing_) return 0;
    if (error != 0 && call->status == 0) call->status = -1;
    connection->End(*call);
    connection->idle_.push_back(call);
    return 0;
  }

  bool Receive() {
    uint8_t buffer[65536];
    while (true) {
      ssize_t got = recv(descriptor_, buffer, sizeof buffer, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return errno == EAGAIN;
      if (got == 0 || nghttp2_session_mem_recv(session_, buffer, static_cast<size_t>(got)) < 0) return false;
      if (static_cast<size_t>(got) < sizeof buffer) return true;
    }
  }

  bool Send() {
    const uint8_t* bytes = nullptr;
    for (ssize_t length; (length = nghttp2_session_mem_send(session_, &bytes)) != 0;) {
      if (length < 0) return false;
      outgoing_.append(View(bytes, static_cast<size_t>(length)));
    }
    while (written_ < outgoing_.size()) {
      ssize_t sent = send(descriptor_, outgoing_.data() + written_, outgoing_.size() - written_, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) return errno == EAGAIN;
      written_ += static_cast<size_t>(sent);
    }
    outgoing_.clear();
    written_ = 0;
    return true;
  }

  LoadRun& run_;
  const std::vector<nghttp2_nv>& headers_;
  int descriptor_;
  nghttp2_session* session_ = nullptr;
  bool closing_ = false;
  std::vector<std::unique_ptr<Call>> calls_;
  std::vector<Call*> idle_;
  std::string outgoing_;
  size_t written_ = 0;
};

}  // namespace

absl::StatusOr<LoadResult> RunGrpcLoad(const LoadOptions& options, const RequestSource& source,
                                       const ResponseSink& sink) {
  std::vector<nghttp2_nv> headers = {Header(":method", "POST"),
                                     Header(":scheme", "http"),
                                     Header(":path", options.path),
                                     Header(":authority", options.host),
                                     Header("content-type", "application/grpc"),
                                     Header("te", "trailers")};
  for (const auto& [name, value] : options.headers) headers.push_back(Header(name, value));
  LoadRun run(options, source, sink);
  std::vector<std::unique_ptr<Connection>> connections;
  for (int i = 0; i < options.connections; ++i) {
    absl::StatusOr<int> descriptor = Connect(options.host, options.port);
    if (!descriptor.ok()) return descriptor.status();
    int share = options.in_flight / options.connections + (i < options.in_flight % options.connections ? 1 : 0);
    connections.push_back(std::make_unique<Connection>(run, headers, *descriptor, share));
  }
  std::vector<pollfd> polls;
  for (bool first = true; !connections.empty(); first = false) {
    polls.clear();
    for (const auto& connection : connections) {
      auto events = static_cast<short>(POLLIN | (connection->wants_write() ? POLLOUT : 0));
      polls.push_back({connection->descriptor(), events, 0});
    }
    if (!first) poll(polls.data(), polls.size(), 100);
    Clock::time_point now = Clock::now();
    bool busy = run.MayStart(now);
    for (size_t i = connections.size(); i-- > 0;) {
      if (!connections[i]->Work((polls[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0)) {
        connections.erase(connections.begin() + static_cast<ptrdiff_t>(i));
        if (connections.empty() && busy) return absl::UnavailableError("the server closed all connections");
      } else {
        busy = busy || !connections[i]->idle();
      }
    }
    if (!busy || now >= run.give_up()) break;
  }
  connections.clear();
  return run.Finish();
}

}  // namespace duikou::bench
