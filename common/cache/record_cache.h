// Read-through copies of another service's records: in the process, then in Redis, then from the owner.
#ifndef DUIKOU_COMMON_CACHE_RECORD_CACHE_H_
#define DUIKOU_COMMON_CACHE_RECORD_CACHE_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/cache/local_records.h"
#include "common/cache/record.h"
#include "common/cache/redis.h"

namespace duikou::cache {

// "duikou:<service>:<purpose>:<id>", the shape of every key that the suite keeps in Redis. No personal field enters a
// key.
std::string CacheKey(std::string_view service, std::string_view purpose, std::string_view id);

struct RecordCacheOptions {
  std::chrono::milliseconds local_ttl{500};     // of a copy in this process, from the moment it was asked for
  std::chrono::milliseconds shared_ttl{30000};  // of a copy in Redis
  std::chrono::milliseconds missing_ttl{1000};  // of "there is no such record" in Redis
  size_t max_local_records = 20000;
  size_t max_unsent = 1024;  // publications kept for a Redis that is away
};

// What the copies promise: while Redis lives and the owner publishes each commit, a copy is at most local_ttl old (plus
// the time Publish takes); when publications are lost, shared_ttl + local_ttl. Nobody reads a copy older than the
// max_age he gives. A reader that was slow cannot bring back an old copy over a newer one or over the mark of a
// deletion. With Redis absent, dead, slow or wiped every Get answers through its loader. Thread-safe.
class RecordCache {
 public:
  // Reads the record from its owner. Called without locks, at most once at a time for a key unless a caller cannot use
  // the result of a call that began too long ago or failed. Must not Get the same key. An error is returned to the
  // caller and kept nowhere.
  using Loader = std::function<absl::StatusOr<Record>()>;

  static constexpr std::chrono::milliseconds kAnyAge = std::chrono::hours(1);

  // `redis` is borrowed; nullptr: there is none.
  explicit RecordCache(Redis* redis, RecordCacheOptions options = {});

  // The record, or one with found == false if its owner says that there is none. `max_age` bounds the age of what is
  // returned: 5 s for what an authorization rests on.
  absl::StatusOr<Record> Get(const std::string& key, const Loader& loader, std::chrono::milliseconds max_age = kAnyAge);

  // The same from this process alone, without waiting; nullopt when it has no copy that is young enough.
  std::optional<Record> GetLocal(const std::string& key, std::chrono::milliseconds max_age = kAnyAge);

  // For the owner, after a commit: replaces older copies here and in Redis; found == false is a deletion, whose mark
  // stays shared_ttl. Costs one round trip for all, at most one timeout of Redis; what Redis did not take is kept (the
  // newest of a key) and sent with a later Publish or Get.
  void Publish(std::span<const std::pair<std::string, Record>> records);
  void Publish(const std::string& key, Record record);

  // How Gets were answered since the start, for metrics.
  struct Counts {
    std::atomic<int64_t> local{0};
    std::atomic<int64_t> shared{0};
    std::atomic<int64_t> loaded{0};
    std::atomic<int64_t> joined{0};  // by another caller's load
  };
  const Counts& counts() const { return counts_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Flight;
  struct Unsent {
    std::string key;
    Record record;
    Clock::time_point published;
  };

  absl::StatusOr<Record> ReadThrough(const std::string& key, const Loader& loader, std::chrono::milliseconds max_age);
  std::optional<Record> GetShared(const std::string& key, std::chrono::milliseconds max_age, Clock::time_point asked);
  void FillShared(const std::string& key, const Record& record);
  void SendUnsent();
  void KeepUnsent(std::vector<Unsent> publications);

  Redis* const redis_;
  const RecordCacheOptions options_;
  LocalRecords local_;
  Counts counts_;

  std::mutex flights_mutex_;
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;  // guarded by flights_mutex_

  std::mutex unsent_mutex_;
  std::unordered_map<std::string, Unsent> unsent_;  // guarded by unsent_mutex_
  std::atomic<size_t> unsent_size_{0};
};

}  // namespace duikou::cache

#endif  // DUIKOU_COMMON_CACHE_RECORD_CACHE_H_
