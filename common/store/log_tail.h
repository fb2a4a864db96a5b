#ifndef DUIKOU_COMMON_STORE_LOG_TAIL_H_
#define DUIKOU_COMMON_STORE_LOG_TAIL_H_

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/store/store.h"

namespace duikou::store {

// Keeps something in memory as this store's change log has it, also by the commits of other replicas: reads what came
// before at start, then takes what is committed as the store tells it, on a thread of its own; what it is too far
// behind for is read as well. Under load it takes many commits at once, some 50 ms after the first of them, but at once
// when somebody awaits them. Thread-safe. The store must outlive it.
class LogTail {
 public:
  using Sequences = std::map<std::string, int64_t>;  // By city.
  struct Options {
    // Up to where it has each city already: nothing of an empty memory. Asked first, on the tail's thread, and again
    // after a pause when it fails.
    std::function<absl::StatusOr<Sequences>()> begin = [] { return Sequences(); };
    // Takes entries of one city, in their order, up to some hundreds. A failure ends the tail.
    std::function<absl::Status(absl::Span<const LogEntry* const>)> take;
    // Called after each round that took something, when the tail has caught up. May be empty.
    std::function<void()> caught_up;
  };
  LogTail(Store& store, Options options);
  ~LogTail();
  LogTail(const LogTail&) = delete;
  LogTail& operator=(const LogTail&) = delete;

  // Waits until it has every commit that was acknowledged before the call. False: not within `patience`. The failure
  // that ended it, if one did.
  absl::StatusOr<bool> Await(absl::Duration patience) const;
  // How much of the log it has, 0 to 99; 100 when it has caught up.
  int Percent() const;

 private:
  // What the store tells of commits; it outlives the tail where the store still tells.
  struct Told {
    absl::Mutex mutex;
    Sequences heads ABSL_GUARDED_BY(mutex);
    bool known ABSL_GUARDED_BY(mutex) = false;  // The heads at start are in, and the beginning.
    bool stopping ABSL_GUARDED_BY(mutex) = false;
    Sequences taken ABSL_GUARDED_BY(mutex);
    absl::Status ended ABSL_GUARDED_BY(mutex);
    // Told and not taken yet: of each city in its order, without a gap.
    std::map<std::string, std::deque<CommitFeed::Entries>> fresh ABSL_GUARDED_BY(mutex);
    size_t fresh_entries ABSL_GUARDED_BY(mutex) = 0;

    int awaiting ABSL_GUARDED_BY(mutex) = 0;  // Callers.

    void Forget() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);  // What is fresh.
    void Note(const CommitFeed::Entries& entries) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
    // What follows `after`, if it was told; else nothing, and where what was told begins.
    std::vector<CommitFeed::Entries> Next(const std::string& city, int64_t after, int64_t& begins)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
    bool Behind() const ABSL_SHARED_LOCKS_REQUIRED(mutex);
    bool Reaches(const Sequences& wanted) const ABSL_SHARED_LOCKS_REQUIRED(mutex);
  };

  void Loop();
  absl::Status Begin();
  absl::Status CatchUp(const std::string& city, int64_t head);
  absl::Status Take(const std::vector<CommitFeed::Entries>& parts);
  void Rest();

  Store& store_;
  const Options options_;
  const std::shared_ptr<Told> told_ = std::make_shared<Told>();
  std::thread thread_;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_LOG_TAIL_H_
