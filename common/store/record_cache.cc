#include "common/store/record_cache.h"

#include "common/base/failpoint.h"

namespace duikou::store {
namespace {

// What an entry costs beyond its bytes: key, facts, map slot, control block.
constexpr size_t kOverhead = 300;

size_t Cost(const CachedRecord& record) { return record.bytes.size() + kOverhead; }

}  // namespace

std::shared_ptr<const CachedRecord> RecordCache::Find(absl::string_view name) const {
  const Shard& shard = ShardOf(name);
  absl::ReaderMutexLock lock(&shard.mutex);
  const auto found = shard.records.find(name);
  return found == shard.records.end() ? nullptr : found->second;
}

void RecordCache::Fill(const std::string& name, std::shared_ptr<const CachedRecord> record, uint64_t epoch) {
  if ((epoch & 1U) != 0) return;
  Shard& shard = ShardOf(name);
  absl::MutexLock lock(&shard.mutex);
  // Under the shard's lock: a commit that begins after this look erases after this fill.
  if (this->epoch() != epoch) return;
  const size_t cost = Cost(*record);
  if (cost > max_shard_bytes_ / 8) return;
  // Hash order is as good as random, and keeps no list to maintain on each hit.
  while (shard.bytes + cost > max_shard_bytes_ && !shard.records.empty()) {
    auto victim = shard.records.begin();
    shard.bytes -= Cost(*victim->second);
    shard.records.erase(victim);
  }
  auto& slot = shard.records[name];
  if (slot != nullptr) shard.bytes -= Cost(*slot);
  slot = std::move(record);
  shard.bytes += cost;
}

void RecordCache::Erase(absl::string_view name) {
  if (testing::Bug("cache_not_invalidated")) return;
  Shard& shard = ShardOf(name);
  absl::MutexLock lock(&shard.mutex);
  const auto found = shard.records.find(name);
  if (found == shard.records.end()) return;
  shard.bytes -= Cost(*found->second);
  shard.records.erase(found);
}

}  // namespace duikou::store
