#include "common/store/commit_feed.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"

namespace duikou::store {
namespace {

constexpr absl::Duration kPeriod = absl::Milliseconds(200);
constexpr int kAtOnce = 500;

}  // namespace

CommitFeed::~CommitFeed() { Stop(); }

void CommitFeed::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    listeners_.clear();
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status CommitFeed::Follow() {
  {
    absl::MutexLock lock(&mutex_);
    ASSIGN_OR_RETURN(const ReaderPool::Lease lease, readers_.Acquire());
    ASSIGN_OR_RETURN(const auto heads, ReadHeadSequences(lease.connection()));
    told_.insert(heads.begin(), heads.end());
    following_ = true;
  }
  thread_ = std::thread([this] { Loop(); });
  return absl::OkStatus();
}

void CommitFeed::Add(Listener listener) {
  absl::MutexLock lock(&mutex_);
  listeners_.push_back(std::move(listener));
}

void CommitFeed::Committed(std::vector<LogEntry> entries) {
  absl::MutexLock lock(&mutex_);
  std::map<std::string, std::vector<LogEntry>> by_city;
  for (LogEntry& entry : entries) {
    if (following_ && entry.sequence <= told_[entry.city]) continue;
    std::vector<LogEntry>& own = by_city[entry.city];
    own.push_back(std::move(entry));
  }
  for (auto& [city, own] : by_city) {
    const int64_t before = own.front().sequence - 1;
    if (following_ && told_[city] < before) {
      auto lease = readers_.Acquire();
      // What cannot be read now is told, with this, when the heads are looked at next.
      if (!lease.ok() || !TellUpTo(lease->connection(), city, before).ok()) continue;
    }
    if (following_) told_[city] = own.back().sequence;
    Tell(std::move(own));
  }
}

void CommitFeed::Loop() {
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kPeriod)) {
    // While the database is away there is nothing to tell; what was missed is told afterwards.
    Look().IgnoreError();
  }
}

absl::Status CommitFeed::Look() {
  ASSIGN_OR_RETURN(const ReaderPool::Lease lease, readers_.Acquire());
  ASSIGN_OR_RETURN(const auto heads, ReadHeadSequences(lease.connection()));
  for (const auto& [city, sequence] : heads) RETURN_IF_ERROR(TellUpTo(lease.connection(), city, sequence));
  return absl::OkStatus();
}

absl::Status CommitFeed::TellUpTo(Connection& connection, const std::string& city, int64_t last) {
  int64_t& told = told_[city];
  while (told < last) {
    const int wanted = static_cast<int>(std::min<int64_t>(last - told, kAtOnce));
    ASSIGN_OR_RETURN(std::vector<LogEntry> entries, ReadLog(connection, city, told, wanted));
    RETURN_IF_ERROR(OpenEntries(schema_, seal_, entries));
    if (entries.empty()) return absl::DataLossError("the change log ends before its head");
    told = entries.back().sequence;
    Tell(std::move(entries));
  }
  return absl::OkStatus();
}

void CommitFeed::Tell(std::vector<LogEntry> entries) {
  const auto shared = std::make_shared<const std::vector<LogEntry>>(std::move(entries));
  for (const Listener& listener : listeners_) listener(shared);
}

}  // namespace duikou::store
