#include "common/cache/throttle.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/cache/record_cache.h"

namespace duikou::cache {
namespace {

using std::chrono::milliseconds;

// KEYS[1], ARGV: events, window in ms. One script, so that no count is left without an end.
constexpr char kCount[] = R"(
local n = redis.call('INCRBY', KEYS[1], ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  left = tonumber(ARGV[2])
end
return {n, left})";

// The same without counting.
constexpr char kPeek[] = R"(
return {tonumber(redis.call('GET', KEYS[1]) or '0') or 0, redis.call('PTTL', KEYS[1])})";

}  // namespace

Throttle::Throttle(Redis* redis, Options options) : redis_(redis), options_(std::move(options)) {}

std::string Throttle::Key(std::string_view id) const { return CacheKey(options_.service, options_.purpose, id); }

Throttle::Verdict Throttle::Count(std::string_view id, std::optional<int64_t> limit) {
  Standing here = CountHere(id, 1), shared = CountShared(id, 1);
  Verdict verdict{.count = std::max(here.count, shared.count)};
  verdict.allowed = verdict.count <= limit.value_or(options_.limit);
  if (!verdict.allowed) verdict.retry_after = here.count >= shared.count ? here.left : shared.left;
  return verdict;
}

Throttle::Verdict Throttle::Peek(std::string_view id) {
  Standing here = CountHere(id, 0), shared = CountShared(id, 0);
  Verdict verdict{.count = std::max(here.count, shared.count)};
  verdict.allowed = verdict.count < options_.limit;
  if (!verdict.allowed) verdict.retry_after = here.count >= shared.count ? here.left : shared.left;
  return verdict;
}

void Throttle::Forgive(std::string_view id) {
  {
    std::lock_guard lock(mutex_);
    windows_.erase(std::string(id));
  }
  if (redis_ == nullptr) return;
  const Command command = {"DEL", Key(id)};
  (void)redis_->Run({&command, 1});  // Redis away: the window ends by itself
}

Throttle::Window& Throttle::WindowOf(std::string_view id, Clock::time_point now) {
  std::string key(id);
  if (auto known = windows_.find(key); known != windows_.end()) return known->second;
  if (windows_.size() >= options_.max_keys && now >= next_purge_) {
    next_purge_ = now + std::chrono::seconds(1);  // going through all of them for each event would help a flood
    std::erase_if(windows_, [now](const auto& entry) { return entry.second.end <= now; });
  }
  if (windows_.size() >= options_.max_keys)
    return shared_windows_[std::hash<std::string>()(key) % shared_windows_.size()];
  return windows_[std::move(key)];
}

Throttle::Standing Throttle::CountHere(std::string_view id, int64_t events) {
  Clock::time_point now = Clock::now();
  std::lock_guard lock(mutex_);
  if (events == 0 && windows_.size() < options_.max_keys && !windows_.contains(std::string(id))) return {};
  Window& window = WindowOf(id, now);
  if (window.end <= now) window = {.count = 0, .end = now + options_.window};
  window.count += events;
  return {window.count, std::chrono::ceil<milliseconds>(window.end - now)};
}

Throttle::Standing Throttle::CountShared(std::string_view id, int64_t events) {
  if (redis_ == nullptr) return {};
  Command command =
      events == 0 ? Command{"EVAL", kPeek, "1", Key(id)}
                  : Command{"EVAL", kCount, "1", Key(id), absl::StrCat(events), absl::StrCat(options_.window.count())};
  auto reply = redis_->Call(command);
  if (!reply.ok() || reply->elements.size() != 2) return {};
  return {reply->elements[0].integer, milliseconds(std::max<int64_t>(0, reply->elements[1].integer))};
}

}  // namespace duikou::cache
