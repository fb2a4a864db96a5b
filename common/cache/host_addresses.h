// The addresses of a host by name, without waiting for a name server that does not answer.
#ifndef DUIKOU_COMMON_CACHE_HOST_ADDRESSES_H_
#define DUIKOU_COMMON_CACHE_HOST_ADDRESSES_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace duikou::cache {

// Looks a name up on a thread of its own, as the operating system's call takes no limit and tries for ten seconds and
// more when the network is cut. What was found last holds until something else is. Thread-safe.
class HostAddresses {
 public:
  // Numeric addresses of a host, in the order in which they are to be tried; empty when there are none to be found.
  using Lookup = std::function<std::vector<std::string>(const std::string& host)>;
  static std::vector<std::string> LookUp(const std::string& host);  // getaddrinfo(3)

  // Begins to look the host up. `lookup` may still be running when this object is gone.
  explicit HostAddresses(std::string host, Lookup lookup = LookUp);

  // As found last; waits for the first to be found, at most that long, and gives none then.
  std::vector<std::string> Get(std::chrono::milliseconds patience) const;
  // Has the host looked up again: it may have moved. Does not wait.
  void Renew();

 private:
  struct State;
  const std::shared_ptr<State> state_;
};

}  // namespace duikou::cache

#endif  // DUIKOU_COMMON_CACHE_HOST_ADDRESSES_H_
