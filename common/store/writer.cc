#include "common/store/writer.h"

#include <time.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"

namespace duikou::store {
namespace {

constexpr size_t kMaxGroup = 256;
// Of the writer's own work; and of time, in which others may have had the processor or an engine may have been waited
// for.
constexpr absl::Duration kMaxGroupWork = absl::Milliseconds(5);
constexpr absl::Duration kMaxGroupTime = absl::Milliseconds(20);
constexpr size_t kMaxQueue = 20000;

// Processor time of this thread.
absl::Duration Worked() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return absl::DurationFromTimespec(time);
}

absl::Status Overloaded() {
  return Unavailable("OVERLOADED", {"系统繁忙,请稍后重试。", "The service is overloaded: retry after a moment."}, 500);
}

absl::Status Stopped() {
  return Unavailable("STOPPING", {"服务正在停止,请稍后重试。", "The service is stopping: retry after a moment."}, 2000);
}

absl::Status Broken() {
  return Unavailable("STORE_BROKEN",
                     {"存储发生故障,不再接受写入,请联系管理员。",
                      "The store failed and takes no more writes: call the administrator."},
                     10000);
}

// A failure of the engine, not of the function: told as what the caller can do about it.
absl::Status ForCaller(const absl::Status& status) {
  if (absl::IsResourceExhausted(status) && ReasonOf(status).empty()) {
    return Unavailable(
        "STORAGE_FULL",
        {"存储空间已满,未保存,请联系管理员。", "The disk is full, nothing was stored: call the administrator."}, 10000);
  }
  if (absl::IsDataLoss(status)) return Broken();
  return status;
}

}  // namespace

Writer::Writer(Parts parts, std::unique_ptr<Connection> connection)
    : parts_(std::move(parts)),
      connection_(std::move(connection)),
      window_start_(absl::Now()),
      thread_([this] { Loop(); }) {}

Writer::~Writer() { Stop(); }

void Writer::Submit(WriteJob job) {
  absl::Status refused;
  if (broken()) {
    refused = Broken();
  } else if (absl::ToUnixMicros(absl::Now()) < shed_until_.load(std::memory_order_relaxed)) {
    refused = Overloaded();
  } else {
    job.queued = absl::Now();
    absl::MutexLock lock(&mutex_);
    if (stopping_) {
      refused = Stopped();
    } else if (queue_.size() >= kMaxQueue) {
      refused = Overloaded();
    } else {
      queue_.push_back(std::move(job));
      return;
    }
  }
  job.done(std::move(refused));
}

void Writer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status Writer::RunUpkeep(std::function<absl::Status(Connection&)> task) {
  absl::Notification finished;
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return Stopped();
    upkeep_.push_back([&] {
      status = task(*connection_);
      finished.Notify();
    });
  }
  finished.WaitForNotification();
  return status;
}

std::optional<WriteJob> Writer::Next(bool wait) {
  absl::MutexLock lock(&mutex_);
  if (wait) {
    mutex_.Await(absl::Condition(
        +[](Writer* self) { return !self->queue_.empty() || !self->upkeep_.empty() || self->stopping_; }, this));
  }
  if (queue_.empty()) return std::nullopt;
  WriteJob job = std::move(queue_.front());
  queue_.pop_front();
  return job;
}

void Writer::Loop() {
  while (true) {
    std::optional<WriteJob> first = Next(/*wait=*/true);
    std::deque<std::function<void()>> upkeep;
    {
      absl::MutexLock lock(&mutex_);
      upkeep.swap(upkeep_);
      if (!first && upkeep.empty() && stopping_) return;
    }
    for (auto& task : upkeep) task();
    if (!first) continue;
    Group group;
    group.jobs.reserve(kMaxGroup);
    group.outcomes.reserve(kMaxGroup);
    group.jobs.push_back(*std::move(first));
    bool rerun = false;
    absl::Status status = RunGroup(group, Mode::kFast, rerun);
    if (rerun) status = RunGroup(group, Mode::kWithSavepoints, rerun);
    Finish(group, status);
  }
}

absl::Status Writer::RunGroup(Group& group, Mode mode, bool& rerun) {
  rerun = false;
  group.outcomes.clear();
  if (broken()) return Broken();
  testing::Failpoint("before_group");
  RETURN_IF_ERROR(connection_->Begin());
  LogAppender log(*connection_);
  const absl::Time begin = absl::Now();
  const absl::Duration worked = Worked();
  absl::Status fatal;
  for (size_t i = 0;; ++i) {
    if (i == group.jobs.size()) {
      // The fast pass takes more as long as the group has room; a rerun keeps to what the first pass took.
      if (mode != Mode::kFast || i >= kMaxGroup) break;
      if (Worked() - worked > kMaxGroupWork || absl::Now() - begin > kMaxGroupTime) break;
      std::optional<WriteJob> next = Next(/*wait=*/false);
      if (!next) break;
      group.jobs.push_back(*std::move(next));
    }
    if (i > 0) testing::Failpoint("mid_batch");
    WriteJob& job = group.jobs[i];
    if (mode == Mode::kFast) CountWait(begin - job.queued);
    const bool savepoint = mode == Mode::kWithSavepoints || job.dry_run;
    group.outcomes.push_back(savepoint ? RunInSavepoint(job, log, fatal) : RunJob(job, log));
    const Outcome& outcome = group.outcomes.back();
    rerun = !savepoint && !outcome.answer.ok() && outcome.mutated;
    if (rerun || !fatal.ok()) {
      RETURN_IF_ERROR(connection_->Rollback());
      return fatal;
    }
  }
  absl::Status status = Commit(log);
  if (status.ok()) group.entries = log.TakeEntries();
  return status;
}

Writer::Outcome Writer::RunJob(WriteJob& job, LogAppender& log) {
  Outcome outcome;
  if (job.abandoned && job.abandoned()) {
    outcome.answer = absl::CancelledError("nobody waits for the answer");
    return outcome;
  }
  const absl::Time now = parts_.clock.Now();
  if (job.deadline < absl::Now()) {
    outcome.answer = absl::DeadlineExceededError("the deadline passed before the write's turn");
    return outcome;
  }
  if (job.request) {
    auto answer = FindAnswer(*connection_, *job.request);
    if (!answer.ok() || answer->has_value()) {
      outcome.answer = answer.ok() ? absl::StatusOr<std::string>(**std::move(answer)) : answer.status();
      return outcome;
    }
  }
  Txn txn({parts_.schema, parts_.tables, parts_.tokens, *connection_}, log, *job.caller, now, job.facts, job.scope);
  const size_t entries_before = log.entries().size();
  outcome.answer = job.run(txn);
  outcome.mutated = txn.mutated();
  const std::vector<LogEntry>& entries = log.entries();
  const bool stored = outcome.answer.ok() && txn.answers_with_stored() && entries.size() > entries_before;
  if (stored) outcome.answer = entries.back().message;
  if (outcome.answer.ok() && !txn.scope_checked())
    outcome.answer = InternalError("the function did not load what its rule checks");
  if (outcome.answer.ok() && job.request && !job.dry_run) {
    const bool in_log = stored || (entries.size() > entries_before && !outcome.answer->empty() &&
                                   entries.back().message == *outcome.answer);
    absl::Status kept = KeepAnswer(*connection_, *job.request, now, in_log ? entries.back().city : "",
                                   in_log ? entries.back().sequence : 0, *outcome.answer);
    outcome.mutated = true;
    if (!kept.ok()) outcome.answer = kept;
  }
  return outcome;
}

Writer::Outcome Writer::RunInSavepoint(WriteJob& job, LogAppender& log, absl::Status& fatal) {
  static const Sql kSavepoint("SAVEPOINT one");
  static const Sql kRollback("ROLLBACK TO one");
  static const Sql kRelease("RELEASE one");
  LogAppender::Mark mark = log.Remember();
  fatal = connection_->Execute(kSavepoint, {});
  if (!fatal.ok()) return {};
  Outcome outcome = RunJob(job, log);
  if (!outcome.answer.ok() || (job.dry_run && !testing::Bug("dry_run_kept"))) {
    // Fails when the engine itself has rolled everything back, as SQLite does on a full disk: then the whole group
    // fails.
    fatal = connection_->Execute(kRollback, {});
    if (!fatal.ok() && !outcome.answer.ok()) fatal = outcome.answer.status();
    log.Restore(std::move(mark));
  }
  if (fatal.ok()) fatal = connection_->Execute(kRelease, {});
  return outcome;
}

absl::Status Writer::Commit(LogAppender& log) {
  if (absl::Status status = log.Flush(); !status.ok()) {
    RETURN_IF_ERROR(connection_->Rollback());
    return status;
  }
  // A group that changed no record leaves readers their snapshots.
  const bool changed = !log.entries().empty();
  if (changed) parts_.cache.BeginCommit();
  for (const LogEntry& entry : log.entries()) parts_.cache.Erase(entry.name);
  absl::Status status = connection_->Commit();
  if (changed) parts_.cache.EndCommit();
  if (status.ok()) return status;
  // What a failed commit left on disk is known only where the engine says that it is full, and then rolls back.
  if (!absl::IsResourceExhausted(status) || !connection_->Rollback().ok())
    broken_.store(!testing::Bug("fsync_error_forgiven"));
  return status;
}

void Writer::Finish(Group& group, const absl::Status& status) {
  if (status.ok()) testing::Failpoint("after_commit");
  if (status.ok() && !group.entries.empty() && parts_.committed) parts_.committed(group.entries);
  for (size_t i = 0; i < group.jobs.size(); ++i) {
    if (!status.ok() || i >= group.outcomes.size()) {
      group.jobs[i].done(ForCaller(status.ok() ? absl::InternalError("not run") : status));
    } else if (!group.outcomes[i].answer.ok()) {
      group.jobs[i].done(ForCaller(group.outcomes[i].answer.status()));
    } else {
      group.jobs[i].done(std::move(group.outcomes[i].answer));
    }
  }
}

void Writer::CountWait(absl::Duration wait) {
  window_wait_ += wait;
  ++window_count_;
  const absl::Time now = absl::Now();
  if (now - window_start_ < absl::Seconds(1)) return;
  // Over a whole second, so that one slow commit refuses nobody.
  if (window_wait_ / window_count_ > parts_.max_queue_wait) {
    shed_until_.store(absl::ToUnixMicros(now + absl::Milliseconds(500)), std::memory_order_relaxed);
  }
  window_start_ = now;
  window_wait_ = absl::ZeroDuration();
  window_count_ = 0;
}

}  // namespace duikou::store
