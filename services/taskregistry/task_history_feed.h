#ifndef DUIKOU_SERVICES_TASKREGISTRY_TASK_HISTORY_FEED_H_
#define DUIKOU_SERVICES_TASKREGISTRY_TASK_HISTORY_FEED_H_

#include <map>
#include <memory>
#include <string>
#include <thread>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/store/store.h"
#include "services/taskregistry/task_history.h"

namespace duikou::taskregistry {

// Keeps a TaskHistory as the change log has it: read from its beginning at start, then behind each commit, also those
// of other replicas. Thread-safe. The store must outlive it.
class TaskHistoryFeed {
 public:
  explicit TaskHistoryFeed(store::Store& store);
  ~TaskHistoryFeed();
  TaskHistoryFeed(const TaskHistoryFeed&) = delete;
  TaskHistoryFeed& operator=(const TaskHistoryFeed&) = delete;

  // Runs a function on the history once it has every commit that was acknowledged before the call. UNAVAILABLE
  // (FIGURES_BUILDING) while it is read at start, and when it does not catch up within 2 s;
  // RESOURCE_EXHAUSTED (FIGURES_TOO_MANY) when there are more versions than it may keep.
  absl::Status Read(absl::FunctionRef<void(const TaskHistory&)> function) const;

  size_t versions() const;
  size_t memory_bytes() const;

 private:
  using Sequences = std::map<std::string, int64_t>;  // By city.

  // What the store tells of commits; it outlives the feed where the store still tells.
  struct Told {
    absl::Mutex mutex;
    Sequences heads ABSL_GUARDED_BY(mutex);
    bool known ABSL_GUARDED_BY(mutex) = false;  // The heads at start are in.
    bool stopping ABSL_GUARDED_BY(mutex) = false;
    Sequences taken ABSL_GUARDED_BY(mutex);  // What the history has.
    bool too_many ABSL_GUARDED_BY(mutex) = false;

    bool Behind() const ABSL_SHARED_LOCKS_REQUIRED(mutex);
  };

  void Loop();
  absl::Status LearnHeads();
  absl::Status CatchUp(const std::string& city, int64_t head);
  void Take(const store::LogEntry& entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  store::Store& store_;
  const std::shared_ptr<Told> told_ = std::make_shared<Told>();
  mutable absl::Mutex mutex_;
  TaskHistory history_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_TASK_HISTORY_FEED_H_
