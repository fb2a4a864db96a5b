#ifndef DUIKOU_COMMON_STORE_WRITER_H_
#define DUIKOU_COMMON_STORE_WRITER_H_

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/store/queue_limit.h"
#include "common/store/record_cache.h"
#include "common/store/requests.h"
#include "common/store/txn.h"

namespace duikou::store {

// One write, from its adapter to the writer.
struct WriteJob {
  std::shared_ptr<const Caller> caller;
  WriteFacts facts;
  ScopeCheck scope;
  std::string city;                   // That it writes to; empty when that is not known before it runs.
  std::optional<RequestKey> request;  // Present: answered once, then again with the first answer.
  bool personal = false;              // The answer may have personal fields: kept sealed.
  bool dry_run = false;               // Runs, answers, and leaves nothing.
  absl::Time deadline = absl::InfiniteFuture();
  // Runs on the transaction and gives the serialized answer. May run more than once.
  std::function<absl::StatusOr<std::string>(Txn&)> run;
  // True when nobody waits any more; then the job is skipped at its turn. May be empty.
  std::function<bool()> abandoned;
  // Called once, from the writer's thread, when the outcome is durable.
  std::function<void(absl::StatusOr<std::string>)> done;
  absl::Time queued;
};

// Runs writes one after the other and commits them in groups with one fsync each: at most 256 writes or, on an
// engine in this process, 5 ms of work or 20 ms.
// The functions of a group run without savepoints; when one fails after its first mutation, the group is rolled back
// and run again with a savepoint around each. A group that met another process's writes, or lost its connection, is run
// again as Rerun says; when the connection was lost during the commit, only after the log has shown that it did not
// happen. After a commit of which the engine cannot tell what is on disk the writer is broken: it acknowledges nothing
// more.
class Writer {
 public:
  struct Parts {
    const schema::Schema& schema;
    const Tables& tables;
    const TokenSigner& tokens;
    const Clock& clock;
    RecordCache& cache;
    absl::Duration max_queue_wait;  // Mean of a second above which the queue is kept short and the rest refused.
    // Whether a query costs no round trip. Else a group is all that is queued when it begins, so that its requests are
    // looked for with one query.
    bool local = true;
    // After each commit, before its replies.
    std::function<void(std::vector<LogEntry>)> committed;
    // What Connection::Checkpoint is given.
    std::function<bool(absl::FunctionRef<void()>)> without_readers;
  };

  Writer(Parts parts, std::unique_ptr<Connection> connection);
  ~Writer();  // Stops.

  void Submit(WriteJob job);
  // Finishes what is queued, then ends. Writes submitted later are refused.
  void Stop();
  bool broken() const { return broken_.load(); }

  // Runs something on the writer's connection between groups, and waits for it: for upkeep. Not from the writer's
  // thread.
  absl::Status RunUpkeep(std::function<absl::Status(Connection&)> task);

 private:
  struct Outcome {
    absl::StatusOr<std::string> answer = std::string();
    bool mutated = false;
  };
  enum class Mode { kFast, kWithSavepoints };
  // What a commit without an answer would have made true.
  struct Doubt {
    std::vector<Outcome> outcomes;
    std::vector<LogEntry> entries;
  };
  struct Group {
    std::vector<WriteJob> jobs;
    std::vector<Outcome> outcomes;
    std::vector<LogEntry> entries;
    std::vector<Doubt> doubts;
    bool taken = false;  // It takes no more jobs.
  };

  void Loop();
  std::optional<WriteJob> Next(bool wait);
  // Runs and commits the group, as often as it takes.
  absl::Status RunToEnd(Group& group);
  // Runs and commits it once; `careful` when it must be run again with savepoints.
  absl::Status RunGroup(Group& group, Mode mode, bool& careful);
  // Takes what is queued, waits for its cities, and finds out which requests are new.
  absl::Status LookAhead(Group& group, LogAppender& log);
  // Waits until no other process writes to the cities of the group: so processes take turns, and what a group has done
  // is not for nothing.
  absl::Status AwaitHeads(const Group& group, LogAppender& log);
  // Whether its last run ended there.
  static bool Waited(const Group& group) { return group.outcomes.empty(); }
  absl::Status RunJobs(Group& group, Mode mode, LogAppender& log, bool& careful);
  Outcome RunJob(WriteJob& job, LogAppender& log);
  Outcome RunInSavepoint(WriteJob& job, LogAppender& log, absl::Status& fatal);
  // Whether one of the group's doubtful commits has happened; if so the group has its outcome, else it no longer can.
  absl::StatusOr<bool> SettleDoubts(Group& group);
  absl::Status Commit(Group& group, LogAppender& log);
  // Puts the records that were written into the cache, as the group has left them: nobody may see what one of its
  // functions left to the next.
  void KeepWritten(const std::vector<LogEntry>& entries);
  // Answers all that is queued: there is no engine to run it on.
  void RefuseQueued(const absl::Status& status);
  void Finish(Group& group, const absl::Status& status);
  // Counts the wait of a write whose turn has come.
  void CountWait(absl::Duration wait);

  Parts parts_;
  std::unique_ptr<Connection> connection_;
  KnownCities known_;
  std::atomic<bool> broken_{false};
  std::atomic<bool> in_doubt_{false};
  QueueLimit queue_limit_;

  absl::Mutex mutex_;
  std::deque<WriteJob> queue_ ABSL_GUARDED_BY(mutex_);
  size_t max_queue_ ABSL_GUARDED_BY(mutex_) = QueueLimit::kMost;
  std::deque<std::function<void()>> upkeep_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<std::string> new_requests_;  // Known to be new in this transaction. By the writer's thread.
  std::thread thread_;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_WRITER_H_
