#include "common/store/record_cache.h"

#include <utility>

#include "common/base/failpoint.h"
#include "common/base/status_macros.h"

namespace duikou::store {
namespace {

// What an entry costs beyond its bytes: key, list node, map slot, control block, and what is shown beside it in one
// language.
constexpr size_t kOverhead = 500;
// Of a full shard, what nobody asked for yet takes one part in so many.
constexpr size_t kFreshPart = 4;

size_t Cost(const CachedRecord& record) { return record.bytes.size() + kOverhead; }

}  // namespace

KeptBeside::Bytes KeptBeside::Find(Locale locale, uint64_t version) const {
  absl::MutexLock lock(&mutex_);
  const Kept& kept = kept_[static_cast<size_t>(locale)];
  return kept.version == version ? kept.bytes : nullptr;
}

void KeptBeside::Keep(Locale locale, uint64_t version, Bytes bytes) {
  absl::MutexLock lock(&mutex_);
  kept_[static_cast<size_t>(locale)] = {.version = version, .bytes = std::move(bytes)};
}

bool IsCached(const schema::ResourceType& type) {
  return !type.has_personal_fields() && type.seen_with() == nullptr && !type.confined();
}

absl::StatusOr<std::shared_ptr<CachedRecord>> CachedRecordOf(const schema::ResourceType& type, std::string bytes) {
  auto record = std::make_shared<CachedRecord>();
  ASSIGN_OR_RETURN(schema::AccessFacts facts, schema::AccessFactsOf(type, bytes));
  record->facts = std::make_shared<const schema::AccessFacts>(std::move(facts));
  record->type = &type;
  record->bytes = std::move(bytes);
  return record;
}

std::shared_ptr<const schema::AccessFacts> SharedFacts::Of(std::shared_ptr<const schema::AccessFacts> facts) {
  const size_t place = absl::HashOf(*facts) % last_.size();
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<const schema::AccessFacts>& last = last_[place];
  if (last == nullptr || *last != *facts) last = std::move(facts);
  return last;
}

RecordCache::Entries RecordCache::Shard::Remove(absl::string_view name) {
  Entries gone;
  const auto found = places.find(name);
  if (found == places.end()) return gone;
  const Entries::iterator entry = found->second;
  Queue& queue = entry->kept ? kept : fresh;
  queue.bytes -= Cost(*entry->record);
  places.erase(found);
  gone.splice(gone.end(), queue.entries, entry);
  return gone;
}

void RecordCache::Shard::Keep(Queue& from) {
  const Entries::iterator first = from.entries.begin();
  const size_t cost = Cost(*first->record);
  first->kept = true;
  from.bytes -= cost;
  kept.bytes += cost;
  kept.entries.splice(kept.entries.end(), from.entries, first);
}

RecordCache::Entries RecordCache::Shard::MakeRoom(size_t max_bytes) {
  Entries gone;
  while (fresh.bytes + kept.bytes > max_bytes) {
    Queue& queue = fresh.bytes > max_bytes / kFreshPart ? fresh : kept;
    const Entries::iterator first = queue.entries.begin();
    if (first->asked.exchange(false, std::memory_order_relaxed)) {
      Keep(queue);
    } else {
      gone.splice(gone.end(), Remove(first->name));
    }
  }
  return gone;
}

std::shared_ptr<const CachedRecord> RecordCache::Find(absl::string_view name) {
  Shard& shard = ShardOf(name);
  absl::ReaderMutexLock lock(&shard.mutex);
  const auto found = shard.places.find(name);
  if (found == shard.places.end()) return nullptr;
  Entry& entry = *found->second;
  // Written once a turn, so that readers on other processors keep the line.
  if (!entry.asked.load(std::memory_order_relaxed)) entry.asked.store(true, std::memory_order_relaxed);
  return entry.record;
}

void RecordCache::Fill(const std::string& name, const std::shared_ptr<CachedRecord>& record, uint64_t epoch) {
  if ((epoch & 1U) != 0) return;
  const size_t cost = Cost(*record);
  if (cost > max_shard_bytes_ / 8) return;
  record->facts = facts_.Of(std::move(record->facts));
  Shard& shard = ShardOf(name);
  Entries gone;
  absl::MutexLock lock(&shard.mutex);
  // Under the shard's lock: a commit that begins after this look erases after this fill.
  if (this->epoch() != epoch) return;
  gone = shard.Remove(name);
  gone.splice(gone.end(), shard.MakeRoom(max_shard_bytes_ - cost));
  const Entries::iterator entry = shard.fresh.entries.emplace(shard.fresh.entries.end(), name, record);
  shard.places.emplace(entry->name, entry);
  shard.fresh.bytes += cost;
}

void RecordCache::Erase(absl::string_view name) {
  if (testing::Bug("cache_not_invalidated")) return;
  Shard& shard = ShardOf(name);
  Entries gone;
  absl::MutexLock lock(&shard.mutex);
  gone = shard.Remove(name);
}

}  // namespace duikou::store
