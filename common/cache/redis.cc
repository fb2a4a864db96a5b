#include "common/cache/redis.h"

#include <hiredis/hiredis.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace duikou::cache {
namespace {

using Clock = CircuitBreaker::Clock;

constexpr std::string_view kUnix = "unix:";

timeval ToTimeval(Clock::duration duration) {
  auto us = std::max<int64_t>(1, std::chrono::duration_cast<std::chrono::microseconds>(duration).count());
  return {.tv_sec = us / 1000000, .tv_usec = us % 1000000};
}

Reply CopyReply(const redisReply& from) {
  Reply reply;
  switch (from.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      reply.kind = Reply::Kind::kText;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ERROR:
      reply.kind = Reply::Kind::kError;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_INTEGER:
      reply.kind = Reply::Kind::kInteger;
      reply.integer = from.integer;
      break;
    case REDIS_REPLY_ARRAY:
      reply.kind = Reply::Kind::kArray;
      reply.elements.reserve(from.elements);
      for (size_t i = 0; i < from.elements; ++i) reply.elements.push_back(CopyReply(*from.element[i]));
      break;
    default:
      break;
  }
  return reply;
}

// The commands in RESP2 (https://redis.io/docs/reference/protocol-spec): arrays of bulk strings.
std::string Encode(std::span<const Command> commands) {
  std::string out;
  for (const Command& command : commands) {
    absl::StrAppend(&out, "*", command.size(), "\r\n");
    for (const std::string& argument : command) absl::StrAppend(&out, "$", argument.size(), "\r\n", argument, "\r\n");
  }
  return out;
}

// host and port of "host:port" or "[ipv6]:port".
std::optional<std::pair<std::string, int>> SplitAddress(std::string_view address) {
  size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  int port = 0;
  std::string_view digits = address.substr(colon + 1);
  if (!absl::SimpleAtoi(absl::string_view(digits.data(), digits.size()), &port)) return std::nullopt;
  std::string_view host = address.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return std::pair(std::string(host), port);
}

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};

}  // namespace

// One connection, used by one thread at a time.
class Redis::Connection {
 public:
  // Takes what hiredis gave for an attempt to connect.
  static absl::StatusOr<std::unique_ptr<Connection>> Over(redisContext* context, const RedisOptions& options) {
    auto connection = std::make_unique<Connection>(context);
    if (context == nullptr || context->err != 0) {
      return absl::UnavailableError(absl::StrCat("Redis at ", options.address, " cannot be reached: ",
                                                 context == nullptr ? "out of memory" : context->errstr));
    }
    if (!options.password.empty()) {
      const Command auth[] = {{"AUTH", options.password}};
      auto reply = connection->Run(auth, Clock::now() + options.command_timeout);
      if (!reply.ok()) return reply.status();
      if (reply->front().is_error())
        return absl::UnavailableError("Redis refuses the password: " + reply->front().text);
    }
    return connection;
  }

  explicit Connection(redisContext* context) : context_(context) {}

  absl::StatusOr<std::vector<Reply>> Run(std::span<const Command> commands, Clock::time_point deadline) {
    if (!SetTimeout(deadline) || !Send(Encode(commands))) return Failure("send");
    std::vector<Reply> replies;
    replies.reserve(commands.size());
    while (replies.size() < commands.size()) {
      void* reply = nullptr;
      if (!SetTimeout(deadline) || redisGetReply(context_.get(), &reply) != REDIS_OK) return Failure("answer");
      replies.push_back(CopyReply(*std::unique_ptr<redisReply, FreeReply>(static_cast<redisReply*>(reply))));
    }
    return replies;
  }

  // False for a connection that the server has closed, or on which something arrived that nobody asked for. Asked
  // before use, because after sending one cannot know whether the commands were carried out.
  bool Healthy() const {
    char byte;
    return recv(context_->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }

 private:
  // False if the deadline has passed.
  bool SetTimeout(Clock::time_point deadline) {
    Clock::duration left = deadline - Clock::now();
    if (left <= Clock::duration::zero()) return false;
    return redisSetTimeout(context_.get(), ToTimeval(left)) == REDIS_OK;
  }

  // Not hiredis's own writing, which raises SIGPIPE on a closed connection.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      ssize_t sent = send(context_->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  absl::Status Failure(const char* step) const {
    return absl::UnavailableError(
        absl::StrCat("Redis: no ", step, ": ", context_->err != 0 ? context_->errstr : "timed out"));
  }

  std::unique_ptr<redisContext, FreeContext> context_;
};

Redis::Redis(RedisOptions options) : options_(std::move(options)), breaker_(options_.breaker) {
  if (options_.address.starts_with(kUnix)) return;
  if (const auto target = SplitAddress(options_.address)) {
    host_ = std::make_unique<HostAddresses>(target->first, options_.lookup);
    port_ = target->second;
  }
}
Redis::~Redis() = default;

absl::StatusOr<std::vector<Reply>> Redis::Run(std::span<const Command> commands) {
  if (commands.empty()) return std::vector<Reply>();
  CircuitBreaker::Pass pass = breaker_.Ask(Clock::now());
  if (pass == CircuitBreaker::Pass::kRefused) return absl::UnavailableError("Redis: not tried, it failed a moment ago");
  auto replies = RunOnConnection(commands);
  if (!replies.ok()) DropIdle();
  breaker_.Report(pass, replies.ok(), Clock::now());
  return replies;
}

absl::StatusOr<Reply> Redis::Call(const Command& command) {
  auto replies = Run({&command, 1});
  if (!replies.ok()) return replies.status();
  Reply reply = std::move(replies->front());
  if (reply.is_error()) return absl::UnavailableError("Redis refuses: " + reply.text);
  return reply;
}

absl::StatusOr<std::vector<Reply>> Redis::RunOnConnection(std::span<const Command> commands) {
  auto connection = Acquire();
  if (!connection.ok()) return connection.status();
  auto replies = (*connection)->Run(commands, Clock::now() + options_.command_timeout);
  if (replies.ok()) Release(*std::move(connection));
  return replies;
}

absl::StatusOr<std::unique_ptr<Redis::Connection>> Redis::Acquire() {
  while (true) {
    std::unique_ptr<Connection> connection;
    {
      std::lock_guard lock(mutex_);
      if (idle_.empty()) break;
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
    if (connection->Healthy()) return connection;
  }
  return Open();
}

absl::StatusOr<std::unique_ptr<Redis::Connection>> Redis::Open() {
  const timeval timeout = ToTimeval(options_.connect_timeout);
  if (options_.address.starts_with(kUnix)) {
    return Connection::Over(redisConnectUnixWithTimeout(options_.address.c_str() + kUnix.size(), timeout), options_);
  }
  if (host_ == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("Redis address ", options_.address, " is neither host:port nor unix:path"));
  }
  absl::StatusOr<std::unique_ptr<Connection>> opened =
      absl::UnavailableError(absl::StrCat("Redis at ", options_.address, " cannot be reached: no such host is known"));
  for (const std::string& address : host_->Get(options_.connect_timeout)) {
    opened = Connection::Over(redisConnectWithTimeout(address.c_str(), port_, timeout), options_);
    if (opened.ok()) return opened;
  }
  host_->Renew();
  return opened;
}

void Redis::Release(std::unique_ptr<Connection> connection) {
  std::lock_guard lock(mutex_);
  if (idle_.size() < options_.max_idle_connections) idle_.push_back(std::move(connection));
}

void Redis::DropIdle() {
  std::vector<std::unique_ptr<Connection>> dropped;
  std::lock_guard lock(mutex_);
  dropped.swap(idle_);
}

}  // namespace duikou::cache
