#ifndef DUIKOU_COMMON_RPC_CACHE_PUBLISHER_H_
#define DUIKOU_COMMON_RPC_CACHE_PUBLISHER_H_

#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/cache/record_cache.h"
#include "common/store/store.h"

namespace duikou::rpc {

// Puts the records that other services look up into the shared cache as they are committed, so that no copy there
// outlives its commit by more than this takes. Only types that everybody signed in may see go there, personal fields
// masked.
class CachePublisher {
 public:
  // Listens to the store's commits from now on; create it before the store is written to.
  CachePublisher(std::string service, store::Store& store, cache::RecordCache& cache);
  ~CachePublisher();

 private:
  void Take(const std::vector<store::LogEntry>& entries);
  void Loop();
  void Publish(const std::vector<store::LogEntry>& entries);

  const std::string service_;
  const store::Store& store_;
  cache::RecordCache& cache_;
  absl::Mutex mutex_;
  std::vector<store::LogEntry> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_CACHE_PUBLISHER_H_
