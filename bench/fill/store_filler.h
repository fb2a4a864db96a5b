#ifndef DUIKOU_BENCH_FILL_STORE_FILLER_H_
#define DUIKOU_BENCH_FILL_STORE_FILLER_H_

#include <memory>
#include <string>

#include "absl/synchronization/mutex.h"
#include "common/base/id.h"
#include "common/store/store.h"

namespace duikou::bench {

// Keeps the first failure, and how many writes are on their way.
class Progress {
 public:
  void Started() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](Progress* self) { return self->in_flight_ < kMaxInFlight; }, this));
    ++in_flight_;
  }
  void Ended(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    --in_flight_;
    first_failure_.Update(status);
  }
  absl::Status status() {
    absl::MutexLock lock(&mutex_);
    return first_failure_;
  }
  absl::Status AwaitAll() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](Progress* self) { return self->in_flight_ == 0; }, this));
    return first_failure_;
  }

 private:
  static constexpr int64_t kMaxInFlight = 2000;

  absl::Mutex mutex_;
  int64_t in_flight_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status first_failure_ ABSL_GUARDED_BY(mutex_);
};

// Writes records of a city as the service that owns the store would: each leaves a row, side rows, a change and the
// answer to a request, in groups with one fsync each. No gRPC, no rules.
class StoreFiller {
 public:
  StoreFiller(store::Store& store, std::string city)
      : store_(store),
        city_(std::move(city)),
        caller_(std::make_shared<const Caller>(Caller{.kind = Caller::Kind::kService, .name = "services/setup"})) {}

  template <class Resource>
  void Write(const char* action, const Resource& resource) {
    progress_.Started();
    store::WriteJob job{.caller = caller_, .facts = {.action = action, .request_id = NewId(absl::Now())}};
    job.request = store::RequestKey{.city = city_,
                                    .request_id = job.facts.request_id,
                                    .scope = std::string(8, 'f'),
                                    .body_hash = std::string(16, 'f')};
    job.run = [resource](Txn& txn) -> absl::StatusOr<std::string> {
      txn.AnswerWithStored();
      if (auto inserted = txn.Insert(resource); !inserted.ok()) return inserted.status();
      return std::string();
    };
    job.done = [this](const absl::StatusOr<std::string>& answer) { progress_.Ended(answer.status()); };
    store_.Write(std::move(job));
  }

  // The first failure so far.
  absl::Status status() { return progress_.status(); }
  // Returns when all that was begun has ended.
  absl::Status AwaitAll() { return progress_.AwaitAll(); }

 private:
  store::Store& store_;
  const std::string city_;
  const std::shared_ptr<const Caller> caller_;
  Progress progress_;
};

}  // namespace duikou::bench

#endif  // DUIKOU_BENCH_FILL_STORE_FILLER_H_
