// The occurrences of a term in a segment, in one array.
#ifndef DUIKOU_COMMON_SEARCH_POSTING_LIST_H_
#define DUIKOU_COMMON_SEARCH_POSTING_LIST_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "common/search/bitmap.h"

namespace duikou::search {

// The frequency of a term in a document, over its fields: each occurrence counts by the weight and length of its field,
// in units of 1/kFrequencyOne. Beyond kMaxFrequency a further occurrence changes nothing.
inline constexpr uint32_t kFrequencyOne = 256;
inline constexpr uint32_t kMaxFrequency = 64 * kFrequencyOne - 1;

// An occurrence of a term. Without initial values, so that a list can grow without writing them.
struct Posting {
  uint16_t position;  // Among the document's tokens.
  uint16_t doc;
  uint16_t frequency;  // What it counts.

  // Postings of a list are in ascending order of it.
  uint32_t order() const { return uint32_t{doc} << 16 | position; }

  friend bool operator==(const Posting&, const Posting&) = default;
};

// Up to two postings need no memory of their own, which is what most terms have.
class PostingList {
 public:
  PostingList() = default;
  PostingList(PostingList&& other) noexcept { *this = std::move(other); }
  PostingList& operator=(PostingList&& other) noexcept {
    std::swap(store_, other.store_);
    std::swap(size_, other.size_);
    std::swap(documents_, other.documents_);
    std::swap(dead_, other.dead_);
    std::swap(log_capacity_, other.log_capacity_);
    return *this;
  }
  ~PostingList() {
    if (OnHeap()) delete[] store_.heap;
  }

  std::span<const Posting> postings() const { return {OnHeap() ? store_.heap : store_.inside, size_}; }
  // How many documents that are still there have the term.
  size_t live() const { return documents_ - dead_; }
  bool has_dead() const { return dead_ > 0; }
  size_t heap_bytes() const { return OnHeap() ? Capacity() * sizeof(Posting) : 0; }

  // Adds an occurrence, which comes after the last.
  void Add(Posting posting) {
    if (size_ == 0 || Begin()[size_ - 1].doc != posting.doc) ++documents_;
    if (size_ == Capacity()) Resize(log_capacity_ + 1);
    Begin()[size_++] = posting;
  }

  // Says that Add will be called soon.
  void Prefetch() const { __builtin_prefetch(postings().data() + size_, 1); }

  // A document that has the term is gone. Its postings stay until a quarter of the documents are such: then all that
  // are not in `live` are dropped, so that a removal costs a constant time on average.
  void NoteDead(const Bitmap& live) {
    if (++dead_ * uint32_t{4} > documents_) Purge(live);
  }

 private:
  static constexpr uint8_t kLogInside = 1;

  bool OnHeap() const { return log_capacity_ > kLogInside; }
  uint32_t Capacity() const { return uint32_t{1} << log_capacity_; }
  Posting* Begin() { return OnHeap() ? store_.heap : store_.inside; }

  void Resize(int log_capacity);
  void Purge(const Bitmap& live);

  union Store {
    Posting inside[1 << kLogInside];
    Posting* heap;
  } store_ = {};
  uint32_t size_ = 0;
  uint16_t documents_ = 0;
  uint16_t dead_ = 0;
  uint8_t log_capacity_ = kLogInside;
};

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_POSTING_LIST_H_
