#ifndef DUIKOU_COMMON_STORE_RECORD_CACHE_H_
#define DUIKOU_COMMON_STORE_RECORD_CACHE_H_

#include <array>
#include <atomic>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/base/caller.h"
#include "common/schema/access_facts.h"

namespace duikou::store {

// What is shown beside a record, in each language the last, kept as long as the record is. Thread-safe.
class KeptBeside {
 public:
  using Bytes = std::shared_ptr<const std::string>;
  // Null unless what is kept is of that version.
  Bytes Find(Locale locale, uint64_t version) const;
  void Keep(Locale locale, uint64_t version, Bytes bytes);

 private:
  struct Kept {
    uint64_t version = 0;
    Bytes bytes;
  };
  mutable absl::Mutex mutex_;
  std::array<Kept, 2> kept_ ABSL_GUARDED_BY(mutex_);  // By language.
};

// A record as an answer: its bytes, and who may see it.
struct CachedRecord {
  const schema::ResourceType* type = nullptr;
  std::string bytes;
  std::shared_ptr<const schema::AccessFacts> facts;  // Never null.
  mutable KeptBeside beside;
};

// Whether Get may answer with the stored bytes of the type's records, so that they are kept: what only some may unmask,
// and what is seen with another record, takes more than its own bytes.
bool IsCached(const schema::ResourceType& type);
// DATA_LOSS when the bytes are no record.
absl::StatusOr<std::shared_ptr<CachedRecord>> CachedRecordOf(const schema::ResourceType& type, std::string bytes);

// One copy of access facts for all who have equal ones, as the records of a unit mostly do: they are half of what a
// record takes in memory. Of those not seen for a while there may be another copy. Thread-safe.
class SharedFacts {
 public:
  std::shared_ptr<const schema::AccessFacts> Of(std::shared_ptr<const schema::AccessFacts> facts);

 private:
  absl::Mutex mutex_;
  std::array<std::shared_ptr<const schema::AccessFacts>, 1024> last_ ABSL_GUARDED_BY(mutex_);  // By their hash.
};

// Records in memory as the last commit left them. The epoch is even between commits and odd during one. A commit makes
// it odd, erases the names it changes, commits, and makes it even; a reader fills only if the epoch is still the even
// one of before its snapshot. So what is answered from here is never older than the last acknowledged commit.
//
// What comes stands in a queue of its own, and goes first when there is no room, but for what was asked for since: that
// is kept, and goes when it was not asked for a whole turn long. So a scan, or many records that are written and that
// nobody reads, take a quarter of the room at most from what is read.
class RecordCache {
 public:
  explicit RecordCache(size_t max_bytes) : max_shard_bytes_(max_bytes / kShards) {}

  uint64_t epoch() const { return epoch_.load(std::memory_order_acquire); }
  std::shared_ptr<const CachedRecord> Find(absl::string_view name);
  // Keeps the record unless a commit has begun since `epoch`, or `epoch` is odd. Nobody else has it yet.
  void Fill(const std::string& name, const std::shared_ptr<CachedRecord>& record, uint64_t epoch);

  // By the writer alone.
  void BeginCommit() { epoch_.fetch_add(1, std::memory_order_acq_rel); }
  void Erase(absl::string_view name);
  void EndCommit() { epoch_.fetch_add(1, std::memory_order_acq_rel); }

 private:
  static constexpr size_t kShards = 16;
  struct Entry {
    Entry(std::string name, std::shared_ptr<const CachedRecord> record)
        : name(std::move(name)), record(std::move(record)) {}
    const std::string name;
    const std::shared_ptr<const CachedRecord> record;
    std::atomic<bool> asked{false};  // Since it was put at the end of its queue.
    bool kept = false;               // Which queue it stands in.
  };
  using Entries = std::list<Entry>;
  struct Queue {
    Entries entries;  // The first goes first.
    size_t bytes = 0;
  };
  struct Shard {
    absl::Mutex mutex;
    Queue fresh ABSL_GUARDED_BY(mutex), kept ABSL_GUARDED_BY(mutex);
    absl::flat_hash_map<absl::string_view, Entries::iterator> places ABSL_GUARDED_BY(mutex);

    // These give what goes, to be freed without the lock.
    Entries Remove(absl::string_view name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
    Entries MakeRoom(size_t max_bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
    void Keep(Queue& from) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);  // Its first, at the end of `kept`.
  };

  Shard& ShardOf(absl::string_view name) { return shards_[absl::HashOf(name) % kShards]; }

  const size_t max_shard_bytes_;
  std::atomic<uint64_t> epoch_{0};
  SharedFacts facts_;
  std::array<Shard, kShards> shards_;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_RECORD_CACHE_H_
