#include "common/store/log_tail.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace duikou::store {
namespace {

constexpr size_t kEntriesAtOnce = 500;
constexpr size_t kMaxFresh = 5000;                          // Entries; of tasks, some 6 MB.
constexpr absl::Duration kPause = absl::Milliseconds(500);  // After the store could not be read.
// After each round, or until so much is there to be taken: many at once cost less each, and who reads without a rest
// keeps an embedded store from ever beginning its write-ahead log anew.
constexpr absl::Duration kRest = absl::Milliseconds(50);
constexpr size_t kWorthARound = 1000;

}  // namespace

bool LogTail::Told::Reaches(const Sequences& wanted) const {
  return known && std::all_of(wanted.begin(), wanted.end(), [&](const auto& head) {
           const auto place = taken.find(head.first);
           return head.second == 0 || (place != taken.end() && place->second >= head.second);
         });
}

void LogTail::Told::Forget() {
  fresh.clear();
  fresh_entries = 0;
}

void LogTail::Told::Note(const CommitFeed::Entries& entries) {
  if (stopping || !ended.ok()) return;  // Nobody takes it any more.
  const LogEntry& last = entries->back();
  int64_t& head = heads[last.city];
  head = std::max(head, last.sequence);
  const auto queue = fresh.find(last.city);
  const bool follows = queue == fresh.end() || queue->second.empty() ||
                       queue->second.back()->back().sequence + 1 == entries->front().sequence;
  if (!follows || fresh_entries + entries->size() > kMaxFresh) Forget();
  fresh[last.city].push_back(entries);
  fresh_entries += entries->size();
}

std::vector<CommitFeed::Entries> LogTail::Told::Next(const std::string& city, int64_t after, int64_t& begins) {
  std::vector<CommitFeed::Entries> parts;
  std::deque<CommitFeed::Entries>& queue = fresh[city];
  // Some of the first may have been taken already: then the rest of it is read.
  for (size_t size = 0; size < kEntriesAtOnce && !queue.empty() && queue.front()->front().sequence <= after + 1;) {
    CommitFeed::Entries part = std::move(queue.front());
    queue.pop_front();
    fresh_entries -= part->size();
    if (part->front().sequence != after + 1) continue;
    after = part->back().sequence;
    size += part->size();
    parts.push_back(std::move(part));
  }
  begins = queue.empty() ? std::numeric_limits<int64_t>::max() : queue.front()->front().sequence;
  return parts;
}

bool LogTail::Told::Behind() const { return !Reaches(heads); }

LogTail::LogTail(Store& store, Options options) : store_(store), options_(std::move(options)) {
  store.OnCommit([told = told_](const CommitFeed::Entries& entries) {
    absl::MutexLock lock(&told->mutex);
    told->Note(entries);
  });
  thread_ = std::thread([this] { Loop(); });
}

LogTail::~LogTail() {
  {
    absl::MutexLock lock(&told_->mutex);
    told_->stopping = true;
    told_->Forget();
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
  ++told_->awaiting;
  const bool in_time = told_->mutex.AwaitWithTimeout(absl::Condition(&reached), patience);
  --told_->awaiting;
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
    Rest();
  }
}

void LogTail::Rest() {
  absl::MutexLock lock(&told_->mutex);
  const auto over = [this] {
    told_->mutex.AssertReaderHeld();
    return told_->stopping || told_->awaiting > 0 || told_->fresh_entries >= kWorthARound;
  };
  told_->mutex.AwaitWithTimeout(absl::Condition(&over), kRest);
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
    int64_t taken = 0, begins = 0;
    std::vector<CommitFeed::Entries> parts;
    {
      absl::MutexLock lock(&told_->mutex);
      taken = told_->taken[city];
      if (told_->stopping || taken >= head) return absl::OkStatus();
      parts = told_->Next(city, taken, begins);
    }
    if (parts.empty()) {
      const int64_t limit = std::min<int64_t>(kEntriesAtOnce, begins - taken - 1);
      ASSIGN_OR_RETURN(std::vector<LogEntry> read, store_.ReadLog(city, taken, static_cast<int>(limit)));
      if (read.empty()) return absl::DataLossError("the change log ends before its head");
      parts.push_back(std::make_shared<const std::vector<LogEntry>>(std::move(read)));
    }
    absl::Status status = Take(parts);
    absl::MutexLock lock(&told_->mutex);
    told_->taken[city] = parts.back()->back().sequence;
    told_->ended = std::move(status);
    if (told_->ended.ok()) continue;
    told_->Forget();
    return absl::OkStatus();
  }
}

absl::Status LogTail::Take(const std::vector<CommitFeed::Entries>& parts) {
  std::vector<const LogEntry*> entries;
  for (const CommitFeed::Entries& part : parts) {
    for (const LogEntry& entry : *part) entries.push_back(&entry);
  }
  return options_.take(entries);
}

}  // namespace duikou::store
