// The records of a type, searchable.
#ifndef DUIKOU_COMMON_INDEXING_RECORD_INDEX_H_
#define DUIKOU_COMMON_INDEXING_RECORD_INDEX_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/indexing/readers.h"
#include "common/search/index.h"
#include "common/store/log_tail.h"

namespace duikou::telemetry {
class Metrics;
}

namespace duikou::indexing {

// An index of all records of a type in a store, current within 100 ms of each commit. Thread-safe. The store must
// outlive it.
class RecordIndex {
 public:
  struct Options {
    store::Store* store = nullptr;
    const google::protobuf::Descriptor* type = nullptr;
    search::Schema schema;
    // What of a record is searched, under its name; nullopt: nothing. Who may see it is added.
    std::function<std::optional<search::Document>(const google::protobuf::Message&)> describe;
    // Told of each record as the index takes it, and of each that goes (nullptr): for what else rests on the same
    // records. On one thread; may be empty.
    std::function<void(const std::string& name, const google::protobuf::Message* record)> taken;
    std::string snapshot;  // File; empty: none.
    telemetry::Metrics* metrics = nullptr;
  };
  explicit RecordIndex(Options options);
  ~RecordIndex();  // Writes the snapshot.
  RecordIndex(const RecordIndex&) = delete;
  RecordIndex& operator=(const RecordIndex&) = delete;

  const search::Schema& schema() const { return options_.schema; }

  // Searches what the caller may see; `request.visible` is narrowed to that. Has every commit that was acknowledged
  // before the call, unless the index takes more than 100 ms to follow. UNAVAILABLE (SEARCH_BUILDING) until it is
  // built.
  absl::StatusOr<search::Response> Search(const Caller& caller, search::Request request) const;
  // Waits as Search does.
  absl::Status Await() const;
  // Every record that the caller may see and that `request.visible` has, with its score, 0 where it does not match; see
  // search::Index::ScoreAll. Waits for nothing.
  absl::Status ScoreAll(const Caller& caller, search::Request request,
                        absl::FunctionRef<void(std::vector<search::Index::Scored> all)> rank) const;

 private:
  using Sequences = store::LogTail::Sequences;

  absl::StatusOr<Sequences> Begin();
  absl::StatusOr<Sequences> FromSnapshot();
  absl::StatusOr<Sequences> FromRecords();
  absl::Status Take(absl::Span<const store::LogEntry* const> entries);
  absl::Status ForEachPage(const View& view,
                           absl::FunctionRef<void(const std::vector<std::string>& stored)> visit) const;
  // What of a stored record is searched, under its name. The record itself is in read_ then.
  struct Described {
    std::string name;
    std::optional<search::Document> document;
  };
  absl::StatusOr<Described> Describe(const std::string& stored);
  // What is put into the index together, which costs a fraction.
  struct Changes {
    search::Index& index;
    std::vector<search::Document> documents;
  };
  // A record that cannot be read is left out, and the log says so, rather than all others with it.
  // False for one that cannot be described.
  bool Add(const std::string& stored, Changes& changes);
  static void Remove(const std::string& name, Changes& changes);
  static void Make(Changes& changes);
  void WriteSnapshotNow();
  // The index, once it is there.
  absl::StatusOr<std::shared_ptr<search::Index>> Ready() const;
  std::optional<search::Query> Narrow(const Caller& caller, std::optional<search::Query> visible) const;

  Options options_;
  const schema::ResourceType& type_;
  // Each record is read into it, whose memory is there. Of the tail's thread.
  const std::unique_ptr<google::protobuf::Message> read_;
  // The index, null until it is built.
  class Built {
   public:
    std::shared_ptr<search::Index> Get() const {
      absl::MutexLock lock(&mutex_);
      return index_;
    }
    void Set(std::shared_ptr<search::Index> index) {
      absl::MutexLock lock(&mutex_);
      index_ = std::move(index);
    }

   private:
    mutable absl::Mutex mutex_;
    std::shared_ptr<search::Index> index_ ABSL_GUARDED_BY(mutex_);
  };
  const std::shared_ptr<Built> built_ = std::make_shared<Built>();
  std::atomic<size_t> records_read_ = 0;
  // How far each city's log was taken: sequence and hash, for the snapshot. Of the tail's thread.
  std::map<std::string, std::pair<int64_t, std::string>> places_;
  absl::Time last_snapshot_ = absl::InfinitePast();
  std::unique_ptr<store::LogTail> tail_;
};

// An index that keeps its snapshot in a folder, "task.index", and is counted.
std::shared_ptr<RecordIndex> Keep(RecordIndex::Options options, const std::string& folder, telemetry::Metrics& metrics);

// Options for a type, with its own message.
template <class T>
RecordIndex::Options For(store::Store& store, search::Schema schema,
                         std::function<std::optional<search::Document>(const T&)> describe) {
  return {.store = &store,
          .type = T::descriptor(),
          .schema = std::move(schema),
          .describe = [describe = std::move(describe)](const google::protobuf::Message& record) {
            return describe(static_cast<const T&>(record));
          }};
}

}  // namespace duikou::indexing

#endif  // DUIKOU_COMMON_INDEXING_RECORD_INDEX_H_
