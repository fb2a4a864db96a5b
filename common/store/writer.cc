#include "common/store/writer.h"

#include <algorithm>
#include <ctime>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/store/rerun.h"

namespace duikou::store {
namespace {

constexpr size_t kMaxGroup = 256;
// Of the writer's own work; and of time, in which others may have had the processor or an engine may have been waited
// for.
constexpr absl::Duration kMaxGroupWork = absl::Milliseconds(5);
constexpr absl::Duration kMaxGroupTime = absl::Milliseconds(20);
// How long an answer may wait for the outcome of a commit that the engine did not answer.
constexpr absl::Duration kMaxDoubt = absl::Seconds(30);

// Processor time of this thread.
absl::Duration Worked() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return absl::DurationFromTimespec(time);
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

// Statements may be sent ahead of their answers: such a failure may be any one function's.
bool IsOfOneFunction(const absl::Status& status) {
  return absl::IsAlreadyExists(status) || absl::IsInvalidArgument(status) || absl::IsInternal(status);
}

}  // namespace

Writer::Writer(Parts parts, std::unique_ptr<Connection> connection)
    : parts_(std::move(parts)),
      connection_(std::move(connection)),
      queue_limit_(parts_.max_queue_wait, kMaxGroup, absl::Now()),
      thread_([this] { Loop(); }) {}

Writer::~Writer() { Stop(); }

void Writer::Submit(WriteJob job) {
  job.queued = absl::Now();
  absl::Status refused;
  if (broken()) {
    refused = Broken();
  } else if (in_doubt_.load()) {
    refused = StoreUnreachable();
  } else {
    absl::MutexLock lock(&mutex_);
    if (stopping_) {
      refused = Stopped();
    } else if (queue_.size() >= max_queue_) {
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
    const absl::Status status = RunToEnd(group);
    if (absl::IsUnavailable(status) && !broken()) RefuseQueued(status);
    Finish(group, status);
    if (!broken()) connection_->Checkpoint(parts_.without_readers);
  }
}

void Writer::RefuseQueued(const absl::Status& status) {
  while (std::optional<WriteJob> job = Next(/*wait=*/false)) job->done(status);
}

absl::Status Writer::RunToEnd(Group& group) {
  std::optional<Rerun> rerun;
  Mode mode = Mode::kFast;
  while (true) {
    bool careful = false;
    absl::Status status = RunGroup(group, mode, careful);
    if (careful) {
      mode = Mode::kWithSavepoints;
      continue;
    }
    if (!status.ok() && !rerun) {
      absl::Time last = absl::InfinitePast();
      for (const WriteJob& job : group.jobs) last = std::max(last, job.deadline);
      rerun.emplace(std::min(last, absl::Now() + kMaxDoubt));
    }
    const bool in_doubt = !group.doubts.empty();
    in_doubt_.store(in_doubt && !status.ok());
    if (status.ok()) return status;
    if (broken() || !rerun->After(status, in_doubt, Waited(group))) {
      in_doubt_.store(false);
      return Rerun::GivenUp(status, in_doubt);
    }
  }
}

absl::Status Writer::RunGroup(Group& group, Mode mode, bool& careful) {
  group.outcomes.clear();
  if (broken()) return Broken();
  testing::Failpoint("before_group");
  LogAppender log(*connection_, known_);
  absl::Status status = connection_->Begin();
  if (status.ok() && !group.doubts.empty()) {
    const absl::StatusOr<bool> happened = SettleDoubts(group);
    if (happened.ok() && *happened) return connection_->Rollback();
    status = happened.status();
  }
  if (status.ok() && !parts_.local) status = LookAhead(group, log);
  if (status.ok()) status = RunJobs(group, mode, log, careful);
  if (status.ok() && !careful) status = Commit(group, log);
  if (mode == Mode::kFast && IsOfOneFunction(status)) careful = true;
  if (status.ok() && !careful) return status;
  known_.ForgetAll();
  if (!connection_->Rollback().ok()) broken_.store(true);
  return status;
}

absl::StatusOr<bool> Writer::SettleDoubts(Group& group) {
  for (Doubt& doubt : group.doubts) {
    const LogEntry& last = doubt.entries.back();
    ASSIGN_OR_RETURN(const std::optional<LogEntry> entry, ReadLogEntry(*connection_, last.city, last.sequence));
    if (!entry || entry->hash != last.hash) continue;
    group.outcomes = std::move(doubt.outcomes);
    group.entries = std::move(doubt.entries);
    return true;
  }
  // A commit that is still under way must not happen beside this transaction: both write these rows.
  for (const Doubt& doubt : group.doubts) {
    for (const LogEntry& entry : doubt.entries) RETURN_IF_ERROR(ClaimHead(*connection_, entry.city));
  }
  return false;
}

absl::Status Writer::LookAhead(Group& group, LogAppender& log) {
  while (!group.taken && group.jobs.size() < kMaxGroup) {
    std::optional<WriteJob> next = Next(/*wait=*/false);
    if (!next) break;
    group.jobs.push_back(*std::move(next));
  }
  new_requests_.clear();
  std::vector<const RequestKey*> requests;
  for (const WriteJob& job : group.jobs) {
    if (job.request) requests.push_back(&*job.request);
  }
  RETURN_IF_ERROR(AwaitHeads(group, log));
  if (requests.empty()) {
    // Nothing has been asked since, so nothing of these cities has been seen.
    known_.ForgetAll();
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(new_requests_, FindNew(*connection_, requests));
  return absl::OkStatus();
}

absl::Status Writer::AwaitHeads(const Group& group, LogAppender& log) {
  // In order, so that two processes do not wait for each other.
  std::set<std::string> cities;
  for (const WriteJob& job : group.jobs) cities.insert(job.city);
  cities.erase("");
  known_.BeginWith(cities);
  for (const std::string& city : cities) RETURN_IF_ERROR(log.Await(city));
  return absl::OkStatus();
}

absl::Status Writer::RunJobs(Group& group, Mode mode, LogAppender& log, bool& careful) {
  const bool first = !std::exchange(group.taken, true);
  const absl::Time begin = absl::Now();
  const absl::Duration worked = Worked();
  for (size_t i = 0;; ++i) {
    if (i == group.jobs.size()) {
      // The first pass takes more as long as the group has room; a rerun keeps to what the first pass took.
      if (!first || !parts_.local || i >= kMaxGroup) return absl::OkStatus();
      // No more work than time has passed: the processor's time is asked for only when it may matter.
      const absl::Duration passed = absl::Now() - begin;
      if (passed > kMaxGroupTime || (passed > kMaxGroupWork && Worked() - worked > kMaxGroupWork))
        return absl::OkStatus();
      std::optional<WriteJob> next = Next(/*wait=*/false);
      if (!next) return absl::OkStatus();
      group.jobs.push_back(*std::move(next));
    }
    if (i > 0) testing::Failpoint("mid_batch");
    WriteJob& job = group.jobs[i];
    if (first) CountWait(begin - job.queued);
    const bool savepoint = mode == Mode::kWithSavepoints || job.dry_run;
    absl::Status fatal;
    group.outcomes.push_back(savepoint ? RunInSavepoint(job, log, fatal) : RunJob(job, log));
    RETURN_IF_ERROR(fatal);
    RETURN_IF_ERROR(connection_->failure());
    const Outcome& outcome = group.outcomes.back();
    careful = !savepoint && !outcome.answer.ok() && outcome.mutated;
    if (careful) return absl::OkStatus();
  }
}

Writer::Outcome Writer::RunJob(WriteJob& job, LogAppender& log) {
  Outcome outcome;
  if (job.abandoned && job.abandoned()) {
    outcome.answer = absl::CancelledError("nobody waits for the answer");
    return outcome;
  }
  const absl::Time now = parts_.clock.Now();
  if (job.deadline != absl::InfiniteFuture() && job.deadline < absl::Now()) {
    outcome.answer = absl::DeadlineExceededError("the deadline passed before the write's turn");
    return outcome;
  }
  // Taken out, so that a twin in this group is looked for.
  const bool is_new = job.request && !new_requests_.empty() && new_requests_.erase(job.request->Identity()) > 0;
  if (job.request && !is_new) {
    auto answer = FindAnswer(*connection_, parts_.schema, parts_.tables.seal(), *job.request);
    if (!answer.ok() || answer->has_value()) {
      outcome.answer = answer.ok() ? absl::StatusOr<std::string>(**std::move(answer)) : answer.status();
      return outcome;
    }
  }
  Txn txn({parts_.schema, parts_.tables, parts_.tokens, *connection_, &known_}, log, *job.caller, now, job.facts,
          job.scope);
  const size_t entries_before = log.entries().size();
  outcome.answer = job.run(txn);
  outcome.mutated = txn.mutated();
  const std::vector<LogEntry>& entries = log.entries();
  const bool stored = outcome.answer.ok() && txn.answers_with_stored() && entries.size() > entries_before;
  if (stored) outcome.answer = entries.back().message;
  if (outcome.answer.ok() && !txn.scope_checked())
    outcome.answer = InternalError("the function did not load what its rule checks");
  if (outcome.answer.ok() && job.request && !job.dry_run) {
    // Also where others were stored after it: an answer that is kept by its place goes with what is erased there.
    const LogEntry* in_log = stored ? &entries.back() : nullptr;
    for (size_t i = entries.size(); in_log == nullptr && i-- > entries_before && !outcome.answer->empty();) {
      if (entries[i].message == *outcome.answer) in_log = &entries[i];
    }
    absl::StatusOr<std::string> answer = *outcome.answer;
    if (job.personal && in_log == nullptr)
      answer = parts_.tables.seal().SealAnswer(job.request->Identity(), *outcome.answer);
    absl::Status kept = answer.status();
    if (kept.ok()) {
      kept = KeepAnswer(*connection_, *job.request, now, in_log == nullptr ? "" : in_log->city,
                        in_log == nullptr ? 0 : in_log->sequence, *answer);
    }
    outcome.mutated = true;
    if (!kept.ok()) outcome.answer = kept;
  }
  return outcome;
}

Writer::Outcome Writer::RunInSavepoint(WriteJob& job, LogAppender& log, absl::Status& fatal) {
  LogAppender::Mark mark = log.Remember();
  fatal = connection_->BeginSavepoint();
  if (!fatal.ok()) return {};
  Outcome outcome = RunJob(job, log);
  if (outcome.answer.ok() && (!job.dry_run || testing::Bug("dry_run_kept"))) {
    absl::Status kept = connection_->KeepSavepoint();
    if (kept.ok()) return outcome;
    outcome.answer = std::move(kept);
  }
  known_.ForgetAll();
  fatal = connection_->UndoSavepoint();
  if (fatal.ok() && absl::IsAlreadyExists(outcome.answer.status())) {
    // A key may be taken by a transaction beside this one, of which it sees nothing else: then it cannot write the same
    // heads, and the group runs again.
    for (const std::string& city : log.Cities()) {
      if (fatal.ok()) fatal = ClaimHead(*connection_, city);
    }
  }
  log.Restore(std::move(mark));
  return outcome;
}

absl::Status Writer::Commit(Group& group, LogAppender& log) {
  RETURN_IF_ERROR(log.Flush());
  // A group that changed no record leaves readers their snapshots.
  const bool changed = !log.entries().empty();
  if (changed) parts_.cache.BeginCommit();
  for (const LogEntry& entry : log.entries()) parts_.cache.Erase(entry.name);
  absl::Status status = connection_->Commit();
  if (changed) parts_.cache.EndCommit();
  if (status.ok()) {
    group.entries = log.Committed();
    KeepWritten(group.entries);
  } else if (absl::IsDataLoss(status)) {
    broken_.store(!testing::Bug("fsync_error_forgiven"));
  } else if (absl::IsUnknown(status) && changed) {
    group.doubts.push_back({.outcomes = group.outcomes, .entries = log.TakeEntries()});
  }
  return status;
}

void Writer::KeepWritten(const std::vector<LogEntry>& entries) {
  // Where others commit too, nothing is kept.
  if (!parts_.local || testing::Bug("cache_not_invalidated")) return;
  absl::flat_hash_set<absl::string_view> seen;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (!seen.insert(entry->name).second || entry->message.empty()) continue;
    const schema::ResourceType* type = parts_.schema.ByType(entry->type);
    if (type == nullptr || !IsCached(*type)) continue;
    auto record = CachedRecordOf(*type, entry->message);
    if (record.ok()) parts_.cache.Fill(entry->name, *record, parts_.cache.epoch());
  }
}

void Writer::Finish(Group& group, const absl::Status& status) {
  if (status.ok()) testing::Failpoint("after_commit");
  if (status.ok() && !group.entries.empty() && parts_.committed) parts_.committed(std::move(group.entries));
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
  if (const std::optional<size_t> longest = queue_limit_.Count(wait, absl::Now())) {
    absl::MutexLock lock(&mutex_);
    max_queue_ = *longest;
  }
}

}  // namespace duikou::store
