// An index of documents in memory, for searching by what their texts say.
#ifndef DUIKOU_COMMON_SEARCH_INDEX_H_
#define DUIKOU_COMMON_SEARCH_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/search/document.h"
#include "common/search/plan.h"
#include "common/search/query.h"
#include "common/search/segment.h"

namespace duikou::search {

inline constexpr size_t kMaxHits = 10'000;
inline constexpr size_t kPutTogether = 1000;

struct Request {
  Query query;
  size_t offset = 0;
  size_t limit = 10;                // offset + limit is at most kMaxHits; what is beyond is not shown.
  std::vector<std::string> facets;  // Value fields to count.
  size_t facet_values = 20;         // The most frequent of each.

  // What the caller may see: the documents that match `visible`, and of these those that `may_see` (given the key)
  // agrees to. The answer is the one that an index of these alone would give, scores included. A condition on value
  // fields costs next to nothing; `may_see` is called for each document of the index, under a lock, and must be quick
  // and must not come back to the index.
  std::optional<Query> visible;
  std::function<bool(std::string_view)> may_see;
};

struct Hit {
  std::string key;
  float score = 0;  // For comparing within this answer.

  friend bool operator==(const Hit&, const Hit&) = default;
};

struct FacetCount {
  std::string value;  // Folded.
  size_t count = 0;

  friend bool operator==(const FacetCount&, const FacetCount&) = default;
};

struct Response {
  size_t total = 0;  // Of matches, exact.
  std::vector<Hit> hits;
  std::vector<std::pair<std::string, std::vector<FacetCount>>> facets;  // As asked for; frequent values first.
};

struct IndexStatistics {
  size_t documents = 0;
  size_t segments = 0;
  size_t words = 0;
  size_t bytes = 0;  // Of memory held.
};

// Thread-safe: any number of searches beside one writer, whose changes are seen by every search that begins after they
// return. A search waits while one document is added, or as many as kPutTogether of many, and longer where a table
// grows. Removed documents are gone at once, and what they took in memory is used again when a quarter of a list or
// half of a segment is such.
class Index {
 public:
  // At most kMaxTextFields and kMaxValueFields.
  explicit Index(Schema schema);
  ~Index();

  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  const Schema& schema() const { return schema_; }

  // Adds the document, or puts it in place of the one with its key. INTERNAL: it names a field that the schema has not.
  absl::Status Put(const Document& document) { return PutAll({&document, 1}); }
  // The same for each in turn, for a fraction of the cost. INTERNAL for the first that Put would say so of; the others
  // are there.
  absl::Status PutAll(std::span<const Document> documents);
  // Whether there was one.
  bool Remove(std::string_view key);

  Response Search(const Request& request) const;
  struct Scored {
    std::string_view key;
    float score = 0;
  };
  // Every visible document with its score for request.query, 0 where it does not match, in no order: for ranking by
  // more than words. `rank` is called once, under a lock as long as which the keys last, and must not come back to the
  // index.
  void ScoreAll(const Request& request, absl::FunctionRef<void(std::vector<Scored> all)> rank) const;

  // Up to where the source of the documents has been followed: kept for its owner, and in snapshots.
  void SetCursor(std::string cursor);
  std::string cursor() const;

  IndexStatistics statistics() const;

  // Everything, to be read by FromSnapshot. Writers wait meanwhile, searches do not.
  std::string Snapshot() const;
  // DATA_LOSS (SNAPSHOT_DAMAGED): not what was written; FAILED_PRECONDITION (SNAPSHOT_OUTDATED): of another version or
  // schema. In both cases the index is to be built from its source.
  static absl::StatusOr<std::unique_ptr<Index>> FromSnapshot(Schema schema, std::string_view bytes);

 private:
  struct Place {
    Segment* segment = nullptr;
    uint16_t doc = 0;
  };

  absl::StatusOr<std::shared_ptr<StoredDocument>> Store(const Document& document)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_);
  void AppendText(std::string_view text, std::vector<TokenId>& tokens) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_);
  uint32_t NumberOf(std::string_view word, Vocabulary& vocabulary) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_);
  // At most kPutTogether. Of those with the same key the last counts.
  void Replace(std::vector<std::shared_ptr<const StoredDocument>> documents)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_);
  void Drop(Place place) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_, mutex_);
  void MergeSparse() ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_);

  const Schema schema_;
  // Only the writer changes what readers read, so it may itself read without mutex_ and takes that for changes alone.
  mutable absl::Mutex writer_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  mutable absl::Mutex mutex_;
  Vocabularies vocabularies_;
  std::vector<std::unique_ptr<Segment>> segments_;  // The last takes new documents.
  absl::flat_hash_map<std::string, Place> places_ ABSL_GUARDED_BY(writer_mutex_);
  std::string cursor_ ABSL_GUARDED_BY(writer_mutex_);
};

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_INDEX_H_
