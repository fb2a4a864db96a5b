#include "tests/unit/cache_redis_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

namespace duikou::cache {
namespace {

// Below the ports that the kernel gives to connections (32768 and up): one of those may be taken before Redis listens,
// or while it is down.
int FreePort() {
  for (int port = 20'000 + getpid() % 10'000;; ++port) {
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool taken = bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0;
    close(descriptor);
    if (!taken) return port;
  }
}

bool Answers(const std::string& path) {
  int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  char answer[8] = {};
  bool ready = connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
               send(descriptor, "PING\r\n", 6, MSG_NOSIGNAL) == 6 && recv(descriptor, answer, sizeof answer, 0) > 0;
  close(descriptor);
  return ready;
}

}  // namespace

RedisServer::RedisServer(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
  char folder[] = "/tmp/duikou_redis_XXXXXX";
  EXPECT_NE(mkdtemp(folder), nullptr);
  folder_ = folder;
  port_ = FreePort();
  Start();
}

RedisServer::~RedisServer() {
  Kill();
  std::filesystem::remove_all(folder_);
}

void RedisServer::Start() {
  std::vector<std::string> words = {"redis-server",
                                    "--port",
                                    std::to_string(port_),
                                    "--unixsocket",
                                    folder_ + "/redis.sock",
                                    "--dir",
                                    folder_,
                                    "--save",
                                    "",
                                    "--appendonly",
                                    "no"};
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t parent = getpid();
  process_ = fork();
  ASSERT_GE(process_, 0);
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // no server outlives a test that crashed
    if (getppid() != parent) _exit(1);
    int null_device = open("/dev/null", O_WRONLY);
    dup2(null_device, 1);
    dup2(null_device, 2);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!Answers(folder_ + "/redis.sock")) {
    ASSERT_EQ(waitpid(process_, nullptr, WNOHANG), 0) << "redis-server ended: install the package redis-server";
    ASSERT_LT(std::chrono::steady_clock::now(), give_up) << "redis-server does not answer";
    std::this_thread::yield();
  }
}

void RedisServer::Kill() {
  if (process_ <= 0) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = 0;
}

void RedisServer::Freeze() {
  kill(process_, SIGSTOP);
  int state = 0;
  waitpid(process_, &state, WUNTRACED);
}

void RedisServer::Thaw() { kill(process_, SIGCONT); }

}  // namespace duikou::cache
