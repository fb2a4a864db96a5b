// The best of many hits.
#ifndef DUIKOU_COMMON_SEARCH_TOP_HITS_H_
#define DUIKOU_COMMON_SEARCH_TOP_HITS_H_

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "common/search/segment.h"

namespace duikou::search {

struct ScoredDocument {
  float score = 0;
  int64_t rank = 0;
  const StoredDocument* document = nullptr;
};

// The order of hits: by score, then rank, then key.
inline bool ComesBefore(const ScoredDocument& a, const ScoredDocument& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.rank != b.rank) return a.rank > b.rank;
  return a.document->key < b.document->key;
}

class TopHits {
 public:
  explicit TopHits(size_t limit) : limit_(limit) {}

  // A hit with less than this is not among the best.
  float least() const { return full() && limit_ > 0 ? heap_.front().score : -1; }

  void Offer(float score, const Segment& segment, uint16_t doc) {
    if (limit_ == 0) return;
    const ScoredDocument offered{score, segment.rank(doc), &segment.document(doc)};
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
