#ifndef DUIKOU_SERVICES_TASKREGISTRY_TASK_HISTORY_FEED_H_
#define DUIKOU_SERVICES_TASKREGISTRY_TASK_HISTORY_FEED_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/store/log_tail.h"
#include "services/taskregistry/task_history.h"

namespace duikou::taskregistry {

// Keeps a TaskHistory as the change log has it: read from its beginning at start, then behind each commit, also those
// of other replicas. Thread-safe. The store must outlive it.
class TaskHistoryFeed {
 public:
  explicit TaskHistoryFeed(store::Store& store);
  TaskHistoryFeed(const TaskHistoryFeed&) = delete;
  TaskHistoryFeed& operator=(const TaskHistoryFeed&) = delete;

  // Runs a function on the history once it has every commit that was acknowledged before the call. UNAVAILABLE
  // (FIGURES_BUILDING) while it is read at start, and when it does not catch up within 2 s;
  // RESOURCE_EXHAUSTED (FIGURES_TOO_MANY) when there are more versions than it may keep.
  absl::Status Read(absl::FunctionRef<void(const TaskHistory&)> function) const;

  size_t versions() const;
  size_t memory_bytes() const;

 private:
  absl::Status Take(absl::Span<const store::LogEntry* const> entries);
  void Take(const store::LogEntry& entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  TaskHistory history_ ABSL_GUARDED_BY(mutex_);
  store::LogTail tail_;  // Goes first.
};

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_TASK_HISTORY_FEED_H_
