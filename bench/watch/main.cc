// How long a change takes to reach many watchers: Watch streams of one client on one connection, and creates one after
// the other on a second one. A create is followed by the next when the last stream has its change. Counts the time from
// the create's answer to the moment at which the last stream has it; prints one line of JSON.
#include <nghttp2/nghttp2.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/load/connect.h"
#include "bench/load/request_source.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kPrefixBytes = 5;
constexpr int32_t kWindowBytes = 1 << 24;
constexpr std::chrono::seconds kPatience{20};

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "watch_delivery: " << what << "\n";
  std::exit(1);
}

// One call on a connection; gathers the messages that come.
struct Stream {
  std::string request;  // with its prefix
  size_t sent = 0;
  std::string received;  // not yet taken, with prefixes
  std::string status;    // grpc-status; empty while the call goes on
  std::string message;

  // The next whole message, without its prefix.
  std::optional<std::string> TakeMessage() {
    if (received.size() < kPrefixBytes) return std::nullopt;
    size_t length = 0;
    for (size_t i = 1; i < kPrefixBytes; ++i) length = length << 8 | static_cast<unsigned char>(received[i]);
    if (received.size() < kPrefixBytes + length) return std::nullopt;
    std::string taken = received.substr(kPrefixBytes, length);
    received.erase(0, kPrefixBytes + length);
    return taken;
  }
};

// A plaintext HTTP/2 connection for gRPC calls.
class Connection {
 public:
  Connection(int port, std::vector<std::pair<std::string, std::string>> headers) : headers_(std::move(headers)) {
    auto descriptor = duikou::bench::Connect("127.0.0.1", port);
    if (!descriptor.ok()) Die(descriptor.status().ToString());
    descriptor_ = *descriptor;
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
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    nghttp2_session_del(session_);
    close(descriptor_);
  }

  int descriptor() const { return descriptor_; }

  // `stream` lives as long as the call.
  void Begin(const std::string& path, const std::string& request, Stream& stream) {
    const auto length = static_cast<uint32_t>(request.size());
    stream = {};
    stream.request.assign(kPrefixBytes, '\0');
    for (size_t i = 0; i < 4; ++i) stream.request[1 + i] = static_cast<char>(length >> (24 - 8 * i));
    stream.request += request;
    std::vector<nghttp2_nv> headers = {Header(":method", "POST"),
                                       Header(":scheme", "http"),
                                       Header(":path", path),
                                       Header(":authority", "localhost"),
                                       Header("content-type", "application/grpc"),
                                       Header("te", "trailers")};
    for (const auto& [name, value] : headers_) headers.push_back(Header(name, value));
    nghttp2_data_provider provider{.source = {.ptr = &stream}, .read_callback = ReadRequest};
    if (nghttp2_submit_request(session_, nullptr, headers.data(), headers.size(), &provider, &stream) < 0) {
      Die("cannot begin a call");
    }
    Send();
  }

  // Takes what has come, without waiting, and sends what the protocol owes.
  void Receive() {
    uint8_t buffer[65536];
    while (true) {
      const ssize_t got = recv(descriptor_, buffer, sizeof buffer, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) break;
      if (got <= 0 || nghttp2_session_mem_recv(session_, buffer, static_cast<size_t>(got)) < 0)
        Die("the server closed a connection");
      if (static_cast<size_t>(got) < sizeof buffer) break;
    }
    Send();
  }

 private:
  static nghttp2_nv Header(std::string_view name, std::string_view value) {
    auto bytes = [](std::string_view text) { return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data())); };
    return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
  }

  static Stream* StreamOf(nghttp2_session* session, int32_t id) {
    return static_cast<Stream*>(nghttp2_session_get_stream_user_data(session, id));
  }

  static ssize_t ReadRequest(nghttp2_session*, int32_t, uint8_t* out, size_t length, uint32_t* flags,
                             nghttp2_data_source* source, void*) {
    auto* stream = static_cast<Stream*>(source->ptr);
    const size_t count = std::min(length, stream->request.size() - stream->sent);
    std::memcpy(out, stream->request.data() + stream->sent, count);
    stream->sent += count;
    if (stream->sent == stream->request.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
  }

  static int OnHeader(nghttp2_session* session, const nghttp2_frame* frame, const uint8_t* name, size_t name_length,
                      const uint8_t* value, size_t value_length, uint8_t, void*) {
    Stream* stream = StreamOf(session, frame->hd.stream_id);
    if (stream == nullptr) return 0;
    const std::string_view key(reinterpret_cast<const char*>(name), name_length);
    const std::string_view text(reinterpret_cast<const char*>(value), value_length);
    if (key == "grpc-status") stream->status = text;
    if (key == "grpc-message") stream->message = text;
    return 0;
  }

  static int OnBody(nghttp2_session* session, uint8_t, int32_t id, const uint8_t* bytes, size_t length, void*) {
    if (Stream* stream = StreamOf(session, id)) stream->received.append(reinterpret_cast<const char*>(bytes), length);
    return 0;
  }

  static int OnClose(nghttp2_session* session, int32_t id, uint32_t, void*) {
    Stream* stream = StreamOf(session, id);
    if (stream != nullptr && stream->status.empty()) stream->status = "lost";
    return 0;
  }

  void Send() {
    const uint8_t* bytes = nullptr;
    for (ssize_t length; (length = nghttp2_session_mem_send(session_, &bytes)) != 0;) {
      if (length < 0) Die("cannot write a frame");
      outgoing_.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
    }
    size_t sent = 0;
    while (sent < outgoing_.size()) {
      const ssize_t count = send(descriptor_, outgoing_.data() + sent, outgoing_.size() - sent, MSG_NOSIGNAL);
      if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (count < 0) Die("the server closed a connection");
      sent += static_cast<size_t>(count);
    }
    outgoing_.clear();
  }

  const std::vector<std::pair<std::string, std::string>> headers_;
  int descriptor_ = -1;
  nghttp2_session* session_ = nullptr;
  std::string outgoing_;
};

struct Delivery {
  double create_ms = 0;  // from the request to its answer
  double last_ms = 0;    // from the answer to the last watcher
};

double Milliseconds(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

class Watchers {
 public:
  Watchers(int port, const std::vector<std::pair<std::string, std::string>>& headers, const std::string& city,
           int count)
      : watching_(port, headers), writing_(port, headers), streams_(static_cast<size_t>(count)) {
    const std::string request = duikou::bench::NameRequest(city);  // The parent is field 1.
    for (Stream& stream : streams_) watching_.Begin("/duikou.log.v1.ChangeLog/Watch", request, stream);
  }

  // Creates a task and waits until all streams have its change; nullopt if some do not have it within the time given.
  std::optional<Delivery> Deliver(const std::string& create, Clock::duration patience) {
    Stream call;
    const Clock::time_point begun = Clock::now();
    writing_.Begin("/duikou.taskregistry.v1.TaskRegistry/CreateTask", create, call);
    Clock::time_point answered, last;
    std::string name;
    std::vector<bool> has(streams_.size());
    // What comes before the answer is kept, as the name is known only then.
    std::vector<std::string> early(streams_.size());
    size_t missing = streams_.size();
    while (missing > 0 || name.empty()) {
      if (Clock::now() - begun > patience) {
        if (name.empty()) Die("a create was not answered");
        return std::nullopt;
      }
      Wait();
      const Clock::time_point now = Clock::now();
      if (name.empty() && !call.status.empty()) {
        if (call.status != "0") Die(absl::StrCat("CreateTask: ", call.status, " ", call.message));
        const std::optional<std::string> task = call.TakeMessage();
        if (task) name = std::string(duikou::bench::NameOf(*task));
        if (name.empty()) Die("CreateTask answered no task");
        answered = now;
      }
      for (size_t i = 0; i < streams_.size(); ++i) {
        if (!streams_[i].status.empty()) Die(absl::StrCat("Watch: ", streams_[i].status, " ", streams_[i].message));
        while (std::optional<std::string> message = streams_[i].TakeMessage()) early[i] += *message;
        if (has[i] || name.empty() || early[i].find(name) == std::string::npos) continue;
        has[i] = true;
        --missing;
        last = now;
      }
    }
    return Delivery{.create_ms = Milliseconds(answered - begun), .last_ms = Milliseconds(last - answered)};
  }

 private:
  void Wait() {
    pollfd polls[] = {{watching_.descriptor(), POLLIN, 0}, {writing_.descriptor(), POLLIN, 0}};
    poll(polls, std::size(polls), 100);
    if (polls[1].revents != 0) writing_.Receive();
    if (polls[0].revents != 0) watching_.Receive();
  }

  Connection watching_, writing_;
  std::vector<Stream> streams_;
};

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Measures how long a change takes to reach many watchers."};
  int port = 0, watchers = 100;
  double seconds = 1;
  std::string request_file, authorization, city;
  app.add_option("--port", port, "port of the task registry, plaintext on loopback")->required();
  app.add_option("--request", request_file, "file with a CreateTask and its marks, as duikou-load takes it")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--authorization", authorization, "value of that header")->required();
  app.add_option("--city", city, "name of the city that is watched")->required();
  app.add_option("--watchers", watchers, "Watch streams")->check(CLI::Range(1, 900));
  app.add_option("--seconds", seconds, "how long to measure");
  CLI11_PARSE(app, argc, argv);

  duikou::bench::RequestTemplate create(duikou::bench::ReadFile(request_file));
  int64_t calls = 0;
  auto next = [&] {
    std::string request;
    create.AppendTo(calls++, request);
    return request;
  };
  Watchers all(port, {{"authorization", authorization}}, city, watchers);
  // A Watch begins with what comes after it, so a first change that reaches all shows that all have begun.
  const Clock::time_point begun = Clock::now();
  while (!all.Deliver(next(), std::chrono::milliseconds(500))) {
    if (Clock::now() - begun > kPatience) Die("not all streams of Watch began");
  }
  std::vector<double> create_ms, last_ms;
  const Clock::time_point start = Clock::now();
  while (std::chrono::duration<double>(Clock::now() - start).count() < seconds) {
    const std::optional<Delivery> delivery = all.Deliver(next(), kPatience);
    if (!delivery) Die("a change did not reach all streams");
    create_ms.push_back(delivery->create_ms);
    last_ms.push_back(delivery->last_ms);
  }
  std::printf("{\"watchers\":%d,\"changes\":%zu,\"create_ms\":%.4f,\"last_ms\":%.4f}\n", watchers, last_ms.size(),
              Median(create_ms), Median(last_ms));
  return 0;
}
