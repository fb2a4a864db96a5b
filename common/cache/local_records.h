// The copies of records in this process: bounded, the least recently used go first.
#ifndef DUIKOU_COMMON_CACHE_LOCAL_RECORDS_H_
#define DUIKOU_COMMON_CACHE_LOCAL_RECORDS_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/cache/record.h"

namespace duikou::cache {

class LocalRecords {
 public:
  using Clock = std::chrono::steady_clock;

  explicit LocalRecords(size_t max_records);

  // When a copy was had: `asked` is when it was asked for, wherever it came from; `true_at`, not later, is when the
  // owner last said so.
  struct Times {
    Clock::time_point asked;
    Clock::time_point true_at;
  };

  // The copy unless one of its times is before that of `oldest`.
  std::optional<Record> Get(const std::string& key, const Times& oldest);

  // Keeps `record` unless a newer version was kept after `times.true_at`. Versions decide only between copies that
  // overlap in time: what the owner said after a copy was kept is newer whatever its version. Returns the copy that is
  // kept now.
  Record Put(const std::string& key, Record record, const Times& times);

 private:
  struct Entry {
    std::string key;
    Record record;
    Times times;
    Clock::time_point kept_at;
  };
  struct alignas(64) Shard {
    std::mutex mutex;
    std::list<Entry> entries;                                                // last used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> index;  // keys point into entries
  };
  static constexpr size_t kShards = 16;

  Shard& ShardOf(std::string_view key);

  const size_t max_per_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace duikou::cache

#endif  // DUIKOU_COMMON_CACHE_LOCAL_RECORDS_H_
