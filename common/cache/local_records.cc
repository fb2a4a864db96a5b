#include "common/cache/local_records.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace duikou::cache {

LocalRecords::LocalRecords(size_t max_records) : max_per_shard_(std::max<size_t>(1, max_records / kShards)) {}

LocalRecords::Shard& LocalRecords::ShardOf(std::string_view key) {
  return shards_[std::hash<std::string_view>()(key) % kShards];
}

std::optional<Record> LocalRecords::Get(const std::string& key, const Times& oldest) {
  Shard& shard = ShardOf(key);
  std::lock_guard lock(shard.mutex);
  auto found = shard.index.find(key);
  if (found == shard.index.end()) return std::nullopt;
  const Times& times = found->second->times;
  if (times.asked < oldest.asked || times.true_at < oldest.true_at) return std::nullopt;
  shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
  return found->second->record;
}

Record LocalRecords::Put(const std::string& key, Record record, const Times& times) {
  Clock::time_point now = Clock::now();
  Shard& shard = ShardOf(key);
  std::lock_guard lock(shard.mutex);
  if (auto found = shard.index.find(key); found != shard.index.end()) {
    Entry& entry = *found->second;
    if (entry.kept_at > times.true_at && entry.record.version > record.version) return entry.record;
    entry.record = std::move(record);
    entry.times = times;
    entry.kept_at = now;
    shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
    return entry.record;
  }
  if (shard.entries.size() >= max_per_shard_) {
    shard.index.erase(shard.entries.back().key);
    shard.entries.pop_back();
  }
  shard.entries.push_front({key, std::move(record), times, now});
  shard.index.emplace(shard.entries.front().key, shard.entries.begin());
  return shard.entries.front().record;
}

}  // namespace duikou::cache
