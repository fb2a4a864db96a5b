#include "common/store/log_tail.h"

#include <algorithm>
#include <utility>

namespace duikou::store {
namespace {

constexpr int kEntriesAtOnce = 500;
constexpr absl::Duration kPause = absl::Milliseconds(500);  // After the store could not be read.
// After each round: who reads without a rest keeps an embedded store from ever beginning its write-ahead log anew.
constexpr absl::Duration kRest = absl::Milliseconds(5);

}  // namespace

bool LogTail::Told::Reaches(const Sequences& wanted) const {
  return known && std::all_of(wanted.begin(), wanted.end(), [&](const auto& head) {
           const auto place = taken.find(head.first);
           return head.second == 0 || (place != taken.end() && place->second >= head.second);
         });
}

bool LogTail::Told::Behind() const { return !Reaches(heads); }

LogTail::LogTail(Store& store, Options options) : store_(store), options_(std::move(options)) {
  store.OnCommit([told = told_](const std::vector<LogEntry>& entries) {
    absl::MutexLock lock(&told->mutex);
    for (const LogEntry& entry : entries) {
      int64_t& head = told->heads[entry.city];
      head = std::max(head, entry.sequence);
    }
  });
  thread_ = std::thread([this] { Loop(); });
}

LogTail::~LogTail() {
  {
    absl::MutexLock lock(&told_->mutex);
    told_->stopping = true;
  }
  thread_.join();
}

absl::StatusOr<bool> LogTail::Await(absl::Duration patience) const {
  absl::MutexLock lock(&told_->mutex);
  const Sequences wanted = told_->heads;
  const auto reached = [&] {
    told_->mutex.AssertReaderHeld();
    return !told_->ended.ok() || told_->Reaches(wanted);
  };
  const bool in_time = told_->mutex.AwaitWithTimeout(absl::Condition(&reached), patience);
  if (!told_->ended.ok()) return told_->ended;
  return in_time;
}

int LogTail::Percent() const {
  absl::MutexLock lock(&told_->mutex);
  if (!told_->Behind()) return 100;
  int64_t all = 0, done = 0;
  for (const auto& [city, head] : told_->heads) all += head;
  for (const auto& [city, sequence] : told_->taken) done += sequence;
  return all == 0 ? 0 : static_cast<int>(std::min<int64_t>(100 * done / all, 99));
}

void LogTail::Loop() {
  absl::Status status = Begin();
  while (true) {
    Sequences heads;
    {
      absl::MutexLock lock(&told_->mutex);
      const auto wake = [this] {
        told_->mutex.AssertReaderHeld();
        return told_->stopping || told_->Behind();
      };
      if (!status.ok()) told_->mutex.AwaitWithTimeout(absl::Condition(&told_->stopping), kPause);
      told_->mutex.Await(absl::Condition(&wake));
      if (told_->stopping || !told_->ended.ok()) return;
      heads = told_->heads;
    }
    // The store may be away for a while (a database that restarts): then again after a pause.
    status = Begin();
    for (const auto& [city, head] : heads) {
      if (status.ok()) status = CatchUp(city, head);
    }
    if (status.ok() && options_.caught_up != nullptr) options_.caught_up();
    absl::MutexLock lock(&told_->mutex);
    told_->mutex.AwaitWithTimeout(absl::Condition(&told_->stopping), kRest);
  }
}

absl::Status LogTail::Begin() {
  {
    absl::MutexLock lock(&told_->mutex);
    if (told_->known) return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(Sequences taken, options_.begin());
  Sequences heads;
  RETURN_IF_ERROR(store_.Read({.kind = Caller::Kind::kService}, {}, [&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(heads, ReadHeadSequences(view.connection()));
    return absl::OkStatus();
  }));
  absl::MutexLock lock(&told_->mutex);
  for (const auto& [city, sequence] : heads) told_->heads[city] = std::max(told_->heads[city], sequence);
  told_->taken = std::move(taken);
  told_->known = true;
  return absl::OkStatus();
}

absl::Status LogTail::CatchUp(const std::string& city, int64_t head) {
  while (true) {
    int64_t taken = 0;
    {
      absl::MutexLock lock(&told_->mutex);
      taken = told_->taken[city];
      if (told_->stopping || taken >= head) return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::vector<LogEntry> entries, store_.ReadLog(city, taken, kEntriesAtOnce));
    if (entries.empty()) return absl::DataLossError("the change log ends before its head");
    absl::Status status = options_.take(entries);
    absl::MutexLock lock(&told_->mutex);
    told_->taken[city] = entries.back().sequence;
    told_->ended = std::move(status);
    if (!told_->ended.ok()) return absl::OkStatus();
  }
}

}  // namespace duikou::store
