// A real redis-server of a test's own, on a socket and a port of its own.
#ifndef DUIKOU_TESTS_UNIT_CACHE_REDIS_SERVER_H_
#define DUIKOU_TESTS_UNIT_CACHE_REDIS_SERVER_H_

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "common/cache/redis.h"

namespace duikou::cache {

// For a server that is meant to answer, however busy the machine is.
inline RedisOptions Patient(const std::string& address) {
  return {.address = address, .connect_timeout = std::chrono::seconds(5), .command_timeout = std::chrono::seconds(5)};
}

// Starts at construction and is killed at destruction. Keeps nothing on disk.
class RedisServer {
 public:
  explicit RedisServer(std::vector<std::string> arguments = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  std::string address() const { return "unix:" + folder_ + "/redis.sock"; }
  std::string tcp_address() const { return "127.0.0.1:" + std::to_string(port_); }

  void Start();   // returns when it answers
  void Kill();    // SIGKILL
  void Freeze();  // SIGSTOP: connections are accepted by the kernel, nothing is answered
  void Thaw();

 private:
  const std::vector<std::string> arguments_;
  std::string folder_;
  int port_ = 0;
  pid_t process_ = 0;
};

}  // namespace duikou::cache

#endif  // DUIKOU_TESTS_UNIT_CACHE_REDIS_SERVER_H_
