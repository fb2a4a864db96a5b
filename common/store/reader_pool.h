#ifndef DUIKOU_COMMON_STORE_READER_POOL_H_
#define DUIKOU_COMMON_STORE_READER_POOL_H_

#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/store/record_cache.h"
#include "common/store/sql.h"

namespace duikou::store {

// Read connections. On an engine that this process alone commits to, each keeps its snapshot as long as nothing was
// committed after it, which spares a read its own transaction; the writer ends the idle ones after each commit, so that
// they do not hold the write-ahead log. On others each read has a snapshot of its own.
class ReaderPool {
 public:
  static absl::StatusOr<std::unique_ptr<ReaderPool>> Open(Engine& engine, const RecordCache& epochs, int readers);

  // A connection with a snapshot that has all commits acknowledged before the call. Gives it back when it goes.
  class Lease {
   public:
    Lease(ReaderPool* pool, size_t reader, uint64_t epoch) : pool_(pool), reader_(reader), epoch_(epoch) {}
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), reader_(other.reader_), epoch_(other.epoch_) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (pool_ != nullptr) pool_->Return(reader_);
    }
    Connection& connection() const { return *pool_->readers_[reader_].connection; }
    uint64_t epoch() const { return epoch_; }  // Of before the snapshot.

   private:
    ReaderPool* pool_;
    size_t reader_;
    uint64_t epoch_;
  };
  // Waits for a connection when all are out.
  absl::StatusOr<Lease> Acquire();

  void EndIdleSnapshots();
  // Runs something while no reader has a snapshot; others wait until it is done. False when one that was out did not
  // come back within moments: then it was not run.
  bool WithoutReaders(absl::FunctionRef<void()> run);

 private:
  struct Reader {
    std::unique_ptr<Connection> connection;
    uint64_t epoch = 0;
    bool in_snapshot = false;
  };

  ReaderPool(const RecordCache& epochs, bool keeps_snapshots) : epochs_(epochs), keeps_snapshots_(keeps_snapshots) {}
  void Return(size_t reader);
  bool HasIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !idle_.empty() && !paused_; }
  bool AllIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return idle_.size() == readers_.size(); }
  void EndIdle() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const RecordCache& epochs_;
  const bool keeps_snapshots_;
  std::vector<Reader> readers_;
  absl::Mutex mutex_;
  std::vector<size_t> idle_ ABSL_GUARDED_BY(mutex_);
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_READER_POOL_H_
