#include "common/store/reader_pool.h"

#include "common/base/failpoint.h"
#include "common/base/status_macros.h"

namespace duikou::store {

absl::StatusOr<std::unique_ptr<ReaderPool>> ReaderPool::Open(Engine& engine, const RecordCache& epochs, int readers) {
  auto pool = std::unique_ptr<ReaderPool>(new ReaderPool(epochs, engine.exclusive()));
  absl::MutexLock lock(&pool->mutex_);
  for (int i = 0; i < readers; ++i) {
    Reader reader;
    ASSIGN_OR_RETURN(reader.connection, engine.OpenReader());
    pool->readers_.push_back(std::move(reader));
    pool->idle_.push_back(static_cast<size_t>(i));
  }
  return pool;
}

absl::StatusOr<ReaderPool::Lease> ReaderPool::Acquire() {
  size_t index = 0;
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &ReaderPool::HasIdle));
    // The last one given back: its pages are the warmest.
    index = idle_.back();
    idle_.pop_back();
  }
  Reader& reader = readers_[index];
  const uint64_t epoch = epochs_.epoch();
  Lease lease(this, index, epoch);
  // One of while something is committed, at an odd epoch, may stand before the commit while another reader's stands
  // after it.
  const bool current = (reader.epoch == epoch && epoch % 2 == 0) || testing::Bug("snapshot_kept");
  if (keeps_snapshots_ && reader.in_snapshot && current) return lease;
  if (reader.in_snapshot) RETURN_IF_ERROR(reader.connection->Commit());
  reader.in_snapshot = false;
  RETURN_IF_ERROR(reader.connection->Begin());
  reader.in_snapshot = true;
  reader.epoch = epoch;
  return lease;
}

void ReaderPool::Return(size_t reader) {
  if (!keeps_snapshots_ && readers_[reader].in_snapshot) {
    readers_[reader].in_snapshot = !readers_[reader].connection->Commit().ok();
  }
  absl::MutexLock lock(&mutex_);
  idle_.push_back(reader);
}

void ReaderPool::EndIdleSnapshots() {
  if (testing::Bug("snapshot_kept")) return;
  absl::MutexLock lock(&mutex_);
  EndIdle();
}

bool ReaderPool::WithoutReaders(absl::FunctionRef<void()> run) {
  constexpr absl::Duration kPatience = absl::Milliseconds(5);
  absl::MutexLock lock(&mutex_);
  paused_ = true;
  const bool all = mutex_.AwaitWithTimeout(absl::Condition(this, &ReaderPool::AllIdle), kPatience);
  if (all) {
    EndIdle();
    run();
  }
  paused_ = false;
  return all;
}

void ReaderPool::EndIdle() {
  for (const size_t index : idle_) {
    Reader& reader = readers_[index];
    if (!reader.in_snapshot) continue;
    reader.in_snapshot = !reader.connection->Commit().ok();
  }
}

}  // namespace duikou::store
