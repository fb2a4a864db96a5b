#ifndef DUIKOU_COMMON_STORE_RECORD_CACHE_H_
#define DUIKOU_COMMON_STORE_RECORD_CACHE_H_

#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/schema/access_facts.h"

namespace duikou::store {

// What readers are shown beside a record, and the version of what it was computed from.
struct Beside {
  uint64_t version = 0;
  std::string bytes;
};

// A record as an answer: its bytes, and who may see it.
struct CachedRecord {
  const schema::ResourceType* type = nullptr;
  std::string bytes;
  schema::AccessFacts facts;
  // By language; kept here by whoever computed it, so that it goes with the record.
  mutable std::array<std::atomic<std::shared_ptr<const Beside>>, 2> beside = {};
};

// Records in memory as the last commit left them. The epoch is even between commits and odd during one. A commit makes
// it odd, erases the names it changes, commits, and makes it even; a reader fills only if the epoch is still the even
// one of before its snapshot. So what is answered from here is never older than the last acknowledged commit.
//
// What is asked for stays: a full shard lets go at once of all that was not asked for since it was half full.
class RecordCache {
 public:
  explicit RecordCache(size_t max_bytes) : max_young_bytes_(max_bytes / kShards / 2) {}

  uint64_t epoch() const { return epoch_.load(std::memory_order_acquire); }
  std::shared_ptr<const CachedRecord> Find(absl::string_view name);
  // Keeps the record unless a commit has begun since `epoch`, or `epoch` is odd.
  void Fill(const std::string& name, std::shared_ptr<const CachedRecord> record, uint64_t epoch);

  // By the writer alone.
  void BeginCommit() { epoch_.fetch_add(1, std::memory_order_acq_rel); }
  void Erase(absl::string_view name);
  void EndCommit() { epoch_.fetch_add(1, std::memory_order_acq_rel); }

 private:
  static constexpr size_t kShards = 16;
  using Records = absl::flat_hash_map<std::string, std::shared_ptr<const CachedRecord>>;
  struct Shard {
    absl::Mutex mutex;
    Records young ABSL_GUARDED_BY(mutex);  // Filled or asked for lately: half of the room at most.
    Records old ABSL_GUARDED_BY(mutex);    // What was young when that was full.
    size_t young_bytes ABSL_GUARDED_BY(mutex) = 0;

    // Puts a record into `young` and gives what it pushed out, to be freed without the lock.
    Records Put(std::string name, std::shared_ptr<const CachedRecord> record, size_t max_young_bytes)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
    void Remove(absl::string_view name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  };

  Shard& ShardOf(absl::string_view name) { return shards_[absl::HashOf(name) % kShards]; }

  const size_t max_young_bytes_;
  std::atomic<uint64_t> epoch_{0};
  std::array<Shard, kShards> shards_;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_RECORD_CACHE_H_
