#ifndef DUIKOU_TESTS_INTEGRATION_AT_ONCE_H_
#define DUIKOU_TESTS_INTEGRATION_AT_ONCE_H_

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/base/error.h"

namespace duikou::testing {

// Runs a call for each number below `count`, all at the same time; how often each reason was given, "OK" for success.
inline std::map<std::string, int> AtOnce(int count, absl::FunctionRef<absl::Status(int)> call) {
  std::vector<std::string> reasons(static_cast<size_t>(count));
  std::vector<std::thread> clients;
  for (int i = 0; i < count; ++i) {
    clients.emplace_back([&, i] {
      const absl::Status status = call(i);
      reasons[static_cast<size_t>(i)] = status.ok() ? "OK" : ReasonOf(status);
    });
  }
  for (std::thread& client : clients) client.join();
  std::map<std::string, int> counts;
  for (const std::string& reason : reasons) ++counts[reason];
  return counts;
}

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_AT_ONCE_H_
