// The best of many hits.
#ifndef DUIKOU_COMMON_SEARCH_TOP_HITS_H_
#define DUIKOU_COMMON_SEARCH_TOP_HITS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/search/segment.h"

namespace duikou::search {

struct ScoredDocument {
  float score = 0;
  uint16_t doc = 0;
  const Segment* segment = nullptr;

  const StoredDocument& document() const { return segment->document(doc); }
};

// The order of hits: by score, then rank, then key, which are looked up only where they decide.
inline bool ComesBefore(const ScoredDocument& a, const ScoredDocument& b) {
  if (a.score != b.score) return a.score > b.score;
  const int64_t rank_a = a.segment->rank(a.doc), rank_b = b.segment->rank(b.doc);
  if (rank_a != rank_b) return rank_a > rank_b;
  return a.document().key < b.document().key;
}

class TopHits {
 public:
  explicit TopHits(size_t limit) : limit_(limit) {}

  // A hit with less than this is not among the best.
  float least() const { return full() && limit_ > 0 ? heap_.front().score : -1; }

  void Offer(float score, const Segment& segment, uint16_t doc) {
    if (limit_ == 0) return;
    const ScoredDocument offered{score, doc, &segment};
    if (!full()) {
      heap_.push_back(offered);
      std::push_heap(heap_.begin(), heap_.end(), ComesBefore);
    } else if (ComesBefore(offered, heap_.front())) {
      std::pop_heap(heap_.begin(), heap_.end(), ComesBefore);
      heap_.back() = offered;
      std::push_heap(heap_.begin(), heap_.end(), ComesBefore);
    }
  }

  // Best first.
  std::vector<ScoredDocument> Take() && {
    std::sort_heap(heap_.begin(), heap_.end(), ComesBefore);
    return std::move(heap_);
  }

 private:
  bool full() const { return heap_.size() == limit_; }

  size_t limit_;
  std::vector<ScoredDocument> heap_;  // The worst in front.
};

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_TOP_HITS_H_
