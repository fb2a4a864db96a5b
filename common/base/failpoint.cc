#include "common/base/failpoint.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace duikou::testing {
namespace {

struct Armed {
  int turn = 0;  // The N of NAME@N; 0 without.
  std::atomic<int> seen{0};
};

std::map<std::string, Armed, std::less<>>& AllArmed() {
  static auto* armed = [] {
    auto* all = new std::map<std::string, Armed, std::less<>>;
    const char* names = getenv("DUIKOU_FAILPOINTS");
    for (const absl::string_view one : absl::StrSplit(names == nullptr ? "" : names, ',', absl::SkipEmpty())) {
      const std::pair<std::string, std::string> parts = absl::StrSplit(one, absl::MaxSplits('@', 1));
      int turn = 0;
      if (!parts.second.empty() && !absl::SimpleAtoi(parts.second, &turn)) abort();
      (*all)[parts.first].turn = turn;
    }
    return all;
  }();
  return *armed;
}

// Whether `name` is armed and this is its turn.
bool Due(const char* name) {
  auto& armed = AllArmed();
  const auto found = armed.find(name);
  if (found == armed.end()) return false;
  return ++found->second.seen == found->second.turn || found->second.turn == 0;
}

std::atomic<void (*)()> before_kill{nullptr};

}  // namespace

void Failpoint(const char* name) {
  if (!Due(name)) return;
  if (auto* function = before_kill.load()) function();
  kill(getpid(), SIGKILL);
}

bool Bug(const char* name) { return Due(name); }

void BeforeKill(void (*function)()) { before_kill.store(function); }

}  // namespace duikou::testing
