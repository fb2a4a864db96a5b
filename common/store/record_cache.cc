#include "common/store/record_cache.h"

#include <utility>

#include "common/base/failpoint.h"

namespace duikou::store {
namespace {

// What an entry costs beyond its bytes: key, facts with their parties, map slot, control block.
constexpr size_t kOverhead = 450;

size_t Cost(const CachedRecord& record) { return record.bytes.size() + kOverhead; }

}  // namespace

RecordCache::Records RecordCache::Shard::Put(std::string name, std::shared_ptr<const CachedRecord> record,
                                             size_t max_young_bytes) {
  Remove(name);
  Records pushed_out;
  const size_t cost = Cost(*record);
  if (young_bytes + cost > max_young_bytes) {
    pushed_out = std::exchange(old, std::exchange(young, {}));
    young_bytes = 0;
  }
  young_bytes += cost;
  young.emplace(std::move(name), std::move(record));
  return pushed_out;
}

void RecordCache::Shard::Remove(absl::string_view name) {
  if (const auto found = young.find(name); found != young.end()) {
    young_bytes -= Cost(*found->second);
    young.erase(found);
  }
  old.erase(name);
}

std::shared_ptr<const CachedRecord> RecordCache::Find(absl::string_view name) {
  Shard& shard = ShardOf(name);
  {
    absl::ReaderMutexLock lock(&shard.mutex);
    if (const auto found = shard.young.find(name); found != shard.young.end()) return found->second;
    if (!shard.old.contains(name)) return nullptr;
  }
  Records pushed_out;
  absl::MutexLock lock(&shard.mutex);
  // Meanwhile a commit may have erased it, or another reader have moved it.
  if (const auto found = shard.young.find(name); found != shard.young.end()) return found->second;
  const auto found = shard.old.find(name);
  if (found == shard.old.end()) return nullptr;
  std::shared_ptr<const CachedRecord> record = found->second;
  pushed_out = shard.Put(std::string(name), record, max_young_bytes_);
  return record;
}

void RecordCache::Fill(const std::string& name, std::shared_ptr<const CachedRecord> record, uint64_t epoch) {
  if ((epoch & 1U) != 0) return;
  if (Cost(*record) > max_young_bytes_ / 4) return;
  Shard& shard = ShardOf(name);
  Records pushed_out;
  absl::MutexLock lock(&shard.mutex);
  // Under the shard's lock: a commit that begins after this look erases after this fill.
  if (this->epoch() != epoch) return;
  pushed_out = shard.Put(name, std::move(record), max_young_bytes_);
}

void RecordCache::Erase(absl::string_view name) {
  if (testing::Bug("cache_not_invalidated")) return;
  Shard& shard = ShardOf(name);
  absl::MutexLock lock(&shard.mutex);
  shard.Remove(name);
}

}  // namespace duikou::store
