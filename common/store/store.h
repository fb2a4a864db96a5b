#ifndef DUIKOU_COMMON_STORE_STORE_H_
#define DUIKOU_COMMON_STORE_STORE_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/store/commit_feed.h"
#include "common/store/head_keeper.h"
#include "common/store/reader_pool.h"
#include "common/store/record_cache.h"
#include "common/store/writer.h"

namespace duikou::store {

// The records of one service, with their change log. Thread-safe.
class Store {
 public:
  struct Options {
    std::string path;  // Of the file, whose directory exists; or postgres://… of a database.
    // For keys and the file of signed heads; empty: no heads are kept, and personal fields stay sealed.
    std::string state_directory;
    const Clock* clock = nullptr;  // The system's when absent.
    int readers = 0;               // As many as suit the engine when 0.
    size_t cache_bytes = size_t{192} << 20;
    absl::Duration max_queue_wait = absl::Milliseconds(50);
  };
  // Opens or creates, migrates, checks the log against the kept heads, and starts the writer.
  static absl::StatusOr<std::unique_ptr<Store>> Open(Options options,
                                                     const std::vector<const google::protobuf::Descriptor*>& resources);
  ~Store();

  // Runs a function on a snapshot with all acknowledged commits.
  absl::Status Read(const Caller& caller, const ScopeCheck& scope,
                    absl::FunctionRef<absl::Status(const View&)> function) const;
  // Hands a write to the writer; job.done is called once its outcome is durable.
  void Write(WriteJob job) { writer_->Submit(std::move(job)); }
  // The same, and waits. Not from the writer's thread.
  absl::StatusOr<std::string> WriteAndWait(WriteJob job);
  // The stored answer to a request, nullopt if it is new. For flows, which look before they begin.
  absl::StatusOr<std::optional<std::string>> FindAnswer(const RequestKey& key) const;
  // What is kept of a request's body to tell misuse of its id, 16 bytes. Keyed where it has personal fields, which
  // could be guessed by it else.
  std::string BodyHash(absl::string_view body, bool personal) const;
  // A record as it is stored, whoever asks; nullptr for none. From memory where it is there, and then without a
  // transaction.
  absl::StatusOr<std::shared_ptr<const CachedRecord>> GetCached(const schema::ResourceType& type,
                                                                const std::string& name);

  // Called after each commit, also of other processes, with the entries of a city in their order: return quickly, and
  // do not call the store.
  void OnCommit(CommitFeed::Listener listener) { feed_->Add(std::move(listener)); }

  // Entries of a city's log after a sequence, in their order.
  absl::StatusOr<std::vector<LogEntry>> ReadLog(const std::string& city, int64_t after, int limit) const;
  absl::StatusOr<duikou::log::v1::Head> SignedHead(const std::string& city) const;

  // The key of the signed heads; nullptr where none are kept.
  const crypto::SigningKey* signing_key() const { return heads_ == nullptr ? nullptr : &heads_->key(); }

  // Seals all personal fields under the current key that are not yet. The upkeep begins with it.
  absl::Status Reseal();

  const schema::Schema& schema() const { return schema_; }
  const TokenSigner& tokens() const { return *tokens_; }
  const Clock& clock() const { return *clock_; }
  // False once the store takes no more writes.
  bool healthy() const { return !writer_->broken(); }

  // Finishes queued writes and signs the heads. Reads go on until destruction.
  void Stop();

 private:
  Store() = default;
  absl::Status Start(Options options, const std::vector<const google::protobuf::Descriptor*>& resources);
  absl::Status Migrate(Connection& connection);
  absl::Status MigrateOnce(Connection& connection);
  void Upkeep();
  absl::Status KeepHeads();
  void ForgetOldAnswers();

  SystemClock system_clock_;
  const Clock* clock_ = &system_clock_;
  std::unique_ptr<Engine> engine_;
  schema::Schema schema_;
  std::string state_directory_;
  PersonalSeal seal_;
  std::unique_ptr<Tables> tables_;
  std::unique_ptr<TokenSigner> tokens_;
  std::unique_ptr<RecordCache> cache_;
  std::unique_ptr<ReaderPool> readers_;
  std::unique_ptr<HeadKeeper> heads_;
  std::unique_ptr<CommitFeed> feed_;
  std::unique_ptr<Writer> writer_;
  std::string forget_from_;

  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread upkeep_;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_STORE_H_
