#include "common/cache/record_cache.h"

#include <algorithm>
#include <charconv>
#include <condition_variable>

#include "absl/strings/str_cat.h"

namespace duikou::cache {
namespace {

using std::chrono::milliseconds;

// A copy in Redis is 19 digits of version, one letter and the bytes. The digits have a fixed width so that the script
// compares them as text: Lua's numbers are doubles and lose versions above 2^53.
constexpr size_t kVersionDigits = 19;
constexpr char kFound = 'F';
constexpr char kMissing = 'M';  // the owner said that there is none
constexpr char kDeleted = 'X';  // the owner published a deletion

// KEYS[1], ARGV: the copy, its time to live in ms, "1" for a publication. Sets unless a newer version is there; at the
// same version a fill does not undo a deletion.
constexpr char kSetUnlessNewer[] = R"(
local old = redis.call('GET', KEYS[1])
if old then
  local was, is = string.sub(old, 1, 19), string.sub(ARGV[1], 1, 19)
  if was > is or (was == is and ARGV[3] == '0' and string.sub(old, 20, 20) == 'X') then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1)";

std::string EncodeCopy(const Record& record, char kind) {
  return absl::StrCat(absl::Dec(std::max<int64_t>(0, record.version), absl::kZeroPad19), std::string(1, kind),
                      record.bytes);
}

struct SharedCopy {
  Record record;
  char kind = 0;
};

// nullopt for what is none of ours.
std::optional<SharedCopy> DecodeCopy(std::string_view text) {
  SharedCopy copy;
  if (text.size() <= kVersionDigits) return std::nullopt;
  auto [end, error] = std::from_chars(text.data(), text.data() + kVersionDigits, copy.record.version);
  if (error != std::errc() || end != text.data() + kVersionDigits) return std::nullopt;
  copy.kind = text[kVersionDigits];
  if (copy.kind != kFound && copy.kind != kMissing && copy.kind != kDeleted) return std::nullopt;
  copy.record.found = copy.kind == kFound;
  if (copy.record.found) copy.record.bytes = text.substr(kVersionDigits + 1);
  return copy;
}

Command SetCommand(const std::string& key, const Record& record, char kind, milliseconds ttl, bool publication) {
  return {
      "EVAL", kSetUnlessNewer, "1", key, EncodeCopy(record, kind), absl::StrCat(ttl.count()), publication ? "1" : "0"};
}

}  // namespace

std::string CacheKey(std::string_view service, std::string_view purpose, std::string_view id) {
  std::string key = "duikou:";
  key.append(service).append(":").append(purpose).append(":").append(id);
  return key;
}

// One load that others wait for.
struct RecordCache::Flight {
  Flight(Clock::time_point start, milliseconds age) : started(start), max_age(age) {}

  const Clock::time_point started;
  const milliseconds max_age;
  std::mutex mutex;
  std::condition_variable landed;
  std::optional<absl::StatusOr<Record>> result;  // guarded by mutex
};

RecordCache::RecordCache(Redis* redis, RecordCacheOptions options)
    : redis_(redis), options_(options), local_(options.max_local_records) {}

std::optional<Record> RecordCache::GetLocal(const std::string& key, milliseconds max_age) {
  const Clock::time_point now = Clock::now();
  auto copy = local_.Get(key, {.asked = now - options_.local_ttl, .true_at = now - max_age});
  if (copy) counts_.local.fetch_add(1, std::memory_order_relaxed);
  return copy;
}

absl::StatusOr<Record> RecordCache::Get(const std::string& key, const Loader& loader, milliseconds max_age) {
  if (unsent_size_.load(std::memory_order_relaxed) > 0) SendUnsent();
  if (auto copy = GetLocal(key, max_age)) return *std::move(copy);
  const Clock::time_point now = Clock::now();
  std::shared_ptr<Flight> flight;
  bool leads = false;
  {
    std::lock_guard lock(flights_mutex_);
    std::shared_ptr<Flight>& slot = flights_[key];
    leads = slot == nullptr || slot->max_age > max_age || now - slot->started >= options_.local_ttl;
    if (leads) slot = std::make_shared<Flight>(now, max_age);
    flight = slot;
  }
  if (!leads) {
    std::unique_lock lock(flight->mutex);
    flight->landed.wait(lock, [&] { return flight->result.has_value(); });
    counts_.joined.fetch_add(1, std::memory_order_relaxed);
    if (flight->result->ok()) return *flight->result;
    lock.unlock();
    // The other caller's deadline or permission may be the reason of its failure, so it says nothing about this one.
    return ReadThrough(key, loader, max_age);
  }
  absl::StatusOr<Record> result = ReadThrough(key, loader, max_age);
  {
    std::lock_guard lock(flights_mutex_);
    if (auto mine = flights_.find(key); mine != flights_.end() && mine->second == flight) flights_.erase(mine);
  }
  {
    std::lock_guard lock(flight->mutex);
    flight->result = result;
  }
  flight->landed.notify_all();
  return result;
}

absl::StatusOr<Record> RecordCache::ReadThrough(const std::string& key, const Loader& loader, milliseconds max_age) {
  Clock::time_point asked = Clock::now();
  if (auto copy = GetShared(key, max_age, asked)) {
    counts_.shared.fetch_add(1, std::memory_order_relaxed);
    return *std::move(copy);
  }
  asked = Clock::now();
  absl::StatusOr<Record> record = loader();
  if (!record.ok()) return record;
  counts_.loaded.fetch_add(1, std::memory_order_relaxed);
  if (!record->found) record->bytes.clear();
  FillShared(key, *record);
  return local_.Put(key, *std::move(record), {asked, asked});
}

std::optional<Record> RecordCache::GetShared(const std::string& key, milliseconds max_age, Clock::time_point asked) {
  if (redis_ == nullptr) return std::nullopt;
  const Command commands[] = {{"GET", key}, {"PTTL", key}};
  auto replies = redis_->Run(commands);
  if (!replies.ok() || !(*replies)[0].is_text() || !(*replies)[1].is_integer()) return std::nullopt;
  auto copy = DecodeCopy((*replies)[0].text);
  if (!copy.has_value()) return std::nullopt;
  // Its age by Redis's clock alone: the clocks of two machines differ.
  milliseconds ttl = copy->kind == kMissing ? options_.missing_ttl : options_.shared_ttl;
  milliseconds left((*replies)[1].integer);
  milliseconds age = std::max(milliseconds(0), ttl - left);
  if (left < milliseconds(0) || age > max_age) return std::nullopt;
  return local_.Put(key, std::move(copy->record), {.asked = asked, .true_at = asked - age});
}

void RecordCache::FillShared(const std::string& key, const Record& record) {
  if (redis_ == nullptr) return;
  char kind = record.found ? kFound : kMissing;
  milliseconds ttl = record.found ? options_.shared_ttl : options_.missing_ttl;
  const Command command = SetCommand(key, record, kind, ttl, /*publication=*/false);
  (void)redis_->Run({&command, 1});  // a copy that Redis did not take is only a slower read
}

void RecordCache::Publish(const std::string& key, Record record) {
  const std::pair<std::string, Record> records[] = {{key, std::move(record)}};
  Publish(records);
}

void RecordCache::Publish(std::span<const std::pair<std::string, Record>> records) {
  Clock::time_point now = Clock::now();
  for (const auto& [key, record] : records) local_.Put(key, record, {now, now});
  if (redis_ == nullptr) return;
  std::vector<Unsent> fresh;
  fresh.reserve(records.size());
  for (const auto& [key, record] : records) fresh.push_back({key, record, now});
  KeepUnsent(std::move(fresh));
  SendUnsent();
}

void RecordCache::KeepUnsent(std::vector<Unsent> publications) {
  std::lock_guard lock(unsent_mutex_);
  for (Unsent& publication : publications) {
    auto known = unsent_.find(publication.key);
    if (known == unsent_.end()) {
      if (unsent_.size() >= std::max(options_.max_unsent, publications.size())) continue;
      unsent_.emplace(publication.key, std::move(publication));
    } else if (publication.record.version >= known->second.record.version) {
      known->second = std::move(publication);
    }
  }
  unsent_size_.store(unsent_.size(), std::memory_order_relaxed);
}

void RecordCache::SendUnsent() {
  if (redis_->refuses()) return;
  std::vector<Unsent> publications;
  {
    std::lock_guard lock(unsent_mutex_);
    for (auto& [key, publication] : unsent_) publications.push_back(std::move(publication));
    unsent_.clear();
    unsent_size_.store(0, std::memory_order_relaxed);
  }
  // After shared_ttl there is no older copy left to replace, and a newer one may have come and gone.
  Clock::time_point oldest = Clock::now() - options_.shared_ttl;
  std::erase_if(publications, [&](const Unsent& publication) { return publication.published < oldest; });
  std::vector<Command> commands;
  commands.reserve(publications.size());
  for (const Unsent& publication : publications) {
    char kind = publication.record.found ? kFound : kDeleted;
    commands.push_back(
        SetCommand(publication.key, publication.record, kind, options_.shared_ttl, /*publication=*/true));
  }
  auto replies = redis_->Run(commands);
  if (replies.ok()) {  // keeps what Redis refused: it is loading after a start, or out of memory
    size_t i = 0;
    std::erase_if(publications, [&](const Unsent&) { return !(*replies)[i++].is_error(); });
  }
  if (!publications.empty()) KeepUnsent(std::move(publications));
}

}  // namespace duikou::cache
