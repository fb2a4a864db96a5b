// A client of Redis that never costs a caller more than its timeout: the cache is a help, not a condition.
#ifndef DUIKOU_COMMON_CACHE_REDIS_H_
#define DUIKOU_COMMON_CACHE_REDIS_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/cache/circuit_breaker.h"
#include "common/cache/host_addresses.h"

namespace duikou::cache {

// A command and its arguments, binary safe: {"SET", key, value, "PX", "30000"}.
using Command = std::vector<std::string>;

// An answer of RESP2, copied out of the client library.
struct Reply {
  enum class Kind { kNil, kText, kInteger, kError, kArray };

  Kind kind = Kind::kNil;
  std::string text;             // kText (strings and status lines), kError: the server's words
  int64_t integer = 0;          // kInteger
  std::vector<Reply> elements;  // kArray

  bool is_nil() const { return kind == Kind::kNil; }
  bool is_text() const { return kind == Kind::kText; }
  bool is_integer() const { return kind == Kind::kInteger; }
  bool is_error() const { return kind == Kind::kError; }
};

struct RedisOptions {
  std::string address = "127.0.0.1:6379";         // host:port, [ipv6]:port, or unix:/path/to/socket
  std::string password;                           // sent by AUTH on each new connection if not empty
  std::chrono::milliseconds connect_timeout{50};  // for finding the host, and for each of its addresses
  std::chrono::milliseconds command_timeout{50};  // for a whole Run, however many commands it has
  size_t max_idle_connections = 16;
  CircuitBreaker::Options breaker;
  HostAddresses::Lookup lookup = HostAddresses::LookUp;  // of the host in the address
};

// Connections are made when needed and used by one caller at a time; as many are open as callers are inside Run. Redis
// may be absent from the start, die and come back: no call but Run's status shows it. Thread-safe.
class Redis {
 public:
  explicit Redis(RedisOptions options);
  ~Redis();
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  // Sends all commands at once and returns as many replies in their order; a command that Redis refuses has a reply of
  // kind kError and does not hinder the others. Unavailable if Redis cannot be reached, answers late or, at once and
  // without trying, while the circuit is open. Then any of the commands may have been carried out.
  absl::StatusOr<std::vector<Reply>> Run(std::span<const Command> commands);

  // One command; a refusal of Redis is an Unavailable status too.
  absl::StatusOr<Reply> Call(const Command& command);

  // Whether calls are let through now, for the health page and the metric duikou_redis_up.
  bool available() const { return breaker_.closed(); }

  // Whether a Run at this moment would be refused without trying.
  bool refuses() const { return breaker_.refuses(CircuitBreaker::Clock::now()); }

 private:
  class Connection;

  absl::StatusOr<std::unique_ptr<Connection>> Acquire();
  absl::StatusOr<std::unique_ptr<Connection>> Open();
  void Release(std::unique_ptr<Connection> connection);
  void DropIdle();
  absl::StatusOr<std::vector<Reply>> RunOnConnection(std::span<const Command> commands);

  const RedisOptions options_;
  std::unique_ptr<HostAddresses> host_;  // nullptr for a socket of this machine
  int port_ = 0;
  CircuitBreaker breaker_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;  // guarded by mutex_, last used last
};

}  // namespace duikou::cache

#endif  // DUIKOU_COMMON_CACHE_REDIS_H_
