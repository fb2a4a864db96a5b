#ifndef DUIKOU_COMMON_RPC_WORKER_POOL_H_
#define DUIKOU_COMMON_RPC_WORKER_POOL_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"

namespace duikou::rpc {

// Threads for work that waits: flows, and writes whose references have to be fetched. gRPC's own threads must not wait.
class WorkerPool {
 public:
  WorkerPool(int threads, size_t max_queued);
  ~WorkerPool();  // Finishes what is queued.

  // False when too much is queued: the work is not taken.
  bool Submit(std::function<void()> work);

 private:
  void Loop();

  const size_t max_queued_;
  absl::Mutex mutex_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_WORKER_POOL_H_
