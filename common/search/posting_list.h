// The occurrences of a term in a segment.
#ifndef DUIKOU_COMMON_SEARCH_POSTING_LIST_H_
#define DUIKOU_COMMON_SEARCH_POSTING_LIST_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "common/search/bitmap.h"

namespace duikou::search {

// The frequency of a term in a document, over its fields: each occurrence counts by the weight and length of its field,
// in units of 1/kFrequencyOne. Beyond kMaxFrequency a further occurrence changes nothing.
inline constexpr uint32_t kFrequencyOne = 256;
inline constexpr uint32_t kMaxFrequency = 64 * kFrequencyOne - 1;

// An occurrence of a term.
struct Posting {
  uint16_t doc = 0;
  uint16_t position = 0;   // Among the document's tokens.
  uint16_t frequency = 0;  // What it counts.
};

// Postings in ascending order of document and position, by columns: who looks for a document reads documents alone.
struct Postings {
  const uint16_t* docs = nullptr;
  const uint16_t* positions = nullptr;
  const uint16_t* frequencies = nullptr;
  size_t size = 0;
};

// Postings of their own, with room for as many as are said at first.
class PostingColumns {
 public:
  explicit PostingColumns(size_t room = 0)
      : columns_(room == 0 ? nullptr : std::make_unique_for_overwrite<uint16_t[]>(3 * room)), room_(room) {}

  void Add(Posting posting) { AddIf(true, posting); }
  // Requires room for one more, whether it is added or not: so nothing needs to be guessed.
  void AddIf(bool added, Posting posting) {
    columns_[size_] = posting.doc;
    columns_[room_ + size_] = posting.position;
    columns_[2 * room_ + size_] = posting.frequency;
    size_ += added ? 1 : 0;
  }
  // Drops those that `keep` is false for.
  template <typename Keep>
  void Filter(Keep keep) {
    const Postings all = postings();
    size_ = 0;
    for (size_t i = 0; i < all.size; ++i) {
      const bool kept = keep(i);
      AddIf(kept, {all.docs[i], all.positions[i], all.frequencies[i]});
    }
  }
  Postings postings() const { return {columns_.get(), columns_.get() + room_, columns_.get() + 2 * room_, size_}; }

 private:
  std::unique_ptr<uint16_t[]> columns_;
  size_t room_;
  size_t size_ = 0;
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
    std::swap(last_doc_, other.last_doc_);
    std::swap(log_capacity_, other.log_capacity_);
    return *this;
  }
  ~PostingList() {
    if (OnHeap()) delete[] store_.heap;
  }

  Postings postings() const {
    const uint16_t* docs = OnHeap() ? store_.heap : store_.inside;
    return {docs, docs + Capacity(), docs + 2 * size_t{Capacity()}, size_};
  }
  // How many documents that are still there have the term.
  size_t live() const { return documents_ - dead_; }
  bool has_dead() const { return dead_ > 0; }
  size_t heap_bytes() const { return OnHeap() ? Capacity() * kColumns * sizeof(uint16_t) : 0; }

  // Adds occurrences in their order, of which the first comes after the last of the list.
  void Add(std::span<const Posting> postings) {
    const size_t size = size_ + postings.size();
    if (size > Capacity()) Resize(static_cast<int>(std::bit_width(size - 1)));
    for (const Posting& posting : postings) {
      if (size_ == 0 || last_doc_ != posting.doc) ++documents_;
      last_doc_ = posting.doc;
      Write(size_++, posting);
    }
  }

  // Says that postings() will be read soon.
  void PrefetchBegin() const {
    constexpr size_t kLine = 32, kLines = 12;
    const Postings all = postings();
    for (size_t at = 0; at < all.size && at < kLines * kLine; at += kLine) {
      __builtin_prefetch(all.docs + at);
      __builtin_prefetch(all.positions + at);
    }
  }
  // Says that Add will be called soon.
  void Prefetch() const {
    const Postings all = postings();
    __builtin_prefetch(all.docs + size_, 1);
    __builtin_prefetch(all.positions + size_, 1);
    __builtin_prefetch(all.frequencies + size_, 1);
  }

  // A document that has the term is gone. Its postings stay until a quarter of the documents are such: then all that
  // are not in `live` are dropped, so that a removal costs a constant time on average.
  void NoteDead(const Bitmap& live) {
    if (++dead_ * uint32_t{4} > documents_) Purge(live);
  }

 private:
  static constexpr uint8_t kLogInside = 1;
  static constexpr size_t kColumns = 3;

  bool OnHeap() const { return log_capacity_ > kLogInside; }
  uint32_t Capacity() const { return uint32_t{1} << log_capacity_; }
  uint16_t* Docs() { return OnHeap() ? store_.heap : store_.inside; }
  void Write(size_t at, Posting posting) {
    uint16_t* column = Docs();
    column[at] = posting.doc;
    column[at + Capacity()] = posting.position;
    column[at + 2 * size_t{Capacity()}] = posting.frequency;
  }

  void Resize(int log_capacity);
  void Purge(const Bitmap& live);

  // The columns one behind the other, each with the room of the list.
  union Store {
    uint16_t inside[kColumns << kLogInside];
    uint16_t* heap;
  } store_ = {};
  uint32_t size_ = 0;
  uint16_t documents_ = 0;
  uint16_t dead_ = 0;
  uint16_t last_doc_ =
      0;  // Of the last Add: the end of the list is likely not in the cache, and must not be waited for.
  uint8_t log_capacity_ = kLogInside;
};

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_POSTING_LIST_H_
