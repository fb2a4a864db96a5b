#ifndef DUIKOU_BENCH_LOAD_CONNECT_H_
#define DUIKOU_BENCH_LOAD_CONNECT_H_

#include <string>

#include "absl/status/statusor.h"

namespace duikou::bench {

// A connected non-blocking socket that sends at once, to be closed by the caller. `host` is an IPv4 address.
absl::StatusOr<int> Connect(const std::string& host, int port);

}  // namespace duikou::bench

#endif  // DUIKOU_BENCH_LOAD_CONNECT_H_
