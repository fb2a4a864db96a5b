#include "tests/contract/postgres_wire.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "absl/time/clock.h"

namespace duikou::store {
namespace {

constexpr char kSocket[] = "/.s.PGSQL.5432";

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

bool SendAll(int socket, const std::string& bytes) {
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<size_t>(n);
  }
  return true;
}

// Empty at the end of the stream.
std::string ReadSome(int socket) {
  std::string bytes(65536, '\0');
  const ssize_t n = recv(socket, bytes.data(), bytes.size(), 0);
  bytes.resize(n > 0 ? static_cast<size_t>(n) : 0);
  return bytes;
}

}  // namespace

PostgresWire::PostgresWire(const std::string& server_socket_folder) : server_path_(server_socket_folder + kSocket) {
  char folder[] = "/tmp/duikou_wire_XXXXXX";
  EXPECT_NE(mkdtemp(folder), nullptr);
  folder_ = folder;
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = AddressOf(folder_ + kSocket);
  EXPECT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(listen(listener_, 64), 0);
  accepting_ = std::thread([this] { Accept(); });
}

PostgresWire::~PostgresWire() {
  stopping_.store(true);
  accepting_.join();
  std::vector<std::thread> threads;
  {
    absl::MutexLock lock(&mutex_);
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
  close(listener_);
  std::filesystem::remove_all(folder_);
}

void PostgresWire::CutNext(Cut cut, int times) {
  left_.store(times);
  cut_.store(cut);
}

void PostgresWire::Accept() {
  while (!stopping_.load()) {
    pollfd waited{.fd = listener_, .events = POLLIN, .revents = 0};
    if (poll(&waited, 1, 20) <= 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (refuse_.load()) {
      close(client);
      continue;
    }
    absl::MutexLock lock(&mutex_);
    threads_.emplace_back([this, client] { Pass(client); });
  }
}

bool PostgresWire::IsCutHere(const std::string& bytes, bool from_client) {
  const Cut cut = cut_.load();
  if (cut == Cut::kNever || from_client == (cut == Cut::kAfterCommit)) return false;
  if (bytes.find(std::string("COMMIT\0", 7)) == std::string::npos) return false;
  if (left_.fetch_sub(1) <= 0) return false;
  ++cuts_;
  return true;
}

void PostgresWire::Pass(int client) {
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = AddressOf(server_path_);
  bool open = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  while (open && !stopping_.load()) {
    pollfd waited[] = {{.fd = client, .events = POLLIN, .revents = 0}, {.fd = server, .events = POLLIN, .revents = 0}};
    if (poll(waited, 2, 20) <= 0) continue;
    for (int from = 0; from < 2 && open; ++from) {
      if (waited[from].revents == 0) continue;
      const std::string bytes = ReadSome(waited[from].fd);
      open = !bytes.empty();
      if (open && IsCutHere(bytes, from == 0)) {
        open = false;
        if (cut_.load() != Cut::kDuringCommit) break;
        shutdown(client, SHUT_RDWR);
        absl::SleepFor(absl::Milliseconds(500));
        SendAll(server, bytes);
        ReadSome(server);  // The server has done it.
        break;
      }
      open = open && SendAll(waited[1 - from].fd, bytes);
    }
  }
  close(server);
  close(client);
}

}  // namespace duikou::store
