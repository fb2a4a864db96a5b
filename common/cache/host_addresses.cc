#include "common/cache/host_addresses.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace duikou::cache {

struct HostAddresses::State {
  const std::string host;
  const Lookup lookup;
  std::mutex mutex;
  std::condition_variable found;
  std::vector<std::string> addresses;  // guarded by mutex
  bool looking = false;                // guarded by mutex

  bool Numeric() const {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
           inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
  }
  void Look() {
    std::vector<std::string> looked_up = lookup(host);
    const std::lock_guard lock(mutex);
    looking = false;
    if (!looked_up.empty()) addresses = std::move(looked_up);
    found.notify_all();
  }
};

std::vector<std::string> HostAddresses::LookUp(const std::string& host) {
  const addrinfo hints{.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  addrinfo* all = nullptr;
  std::vector<std::string> addresses;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &all) != 0) return addresses;
  for (const addrinfo* one = all; one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0)
      addresses.emplace_back(text.data());
  }
  freeaddrinfo(all);
  return addresses;
}

HostAddresses::HostAddresses(std::string host, Lookup lookup)
    : state_(new State{.host = std::move(host), .lookup = std::move(lookup)}) {
  Renew();
}

std::vector<std::string> HostAddresses::Get(std::chrono::milliseconds patience) const {
  std::unique_lock lock(state_->mutex);
  state_->found.wait_for(lock, patience, [&] { return !state_->addresses.empty() || !state_->looking; });
  return state_->addresses;
}

void HostAddresses::Renew() {
  const std::lock_guard lock(state_->mutex);
  if (state_->Numeric()) {
    state_->addresses = {state_->host};
    return;
  }
  if (std::exchange(state_->looking, true)) return;
  try {
    // Nobody waits for its end: a service that stops would have to wait for the name server.
    std::thread([state = state_] { state->Look(); }).detach();
  } catch (const std::system_error&) {
    state_->looking = false;  // No thread is to be had now.
  }
}

}  // namespace duikou::cache
