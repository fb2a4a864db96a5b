// A set of the documents of one segment.
#ifndef DUIKOU_COMMON_SEARCH_BITMAP_H_
#define DUIKOU_COMMON_SEARCH_BITMAP_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace duikou::search {

// Documents are numbered in 16 bits, and so are their counts in a list.
inline constexpr size_t kSegmentDocuments = 65'472;

class Bitmap {
 public:
  bool Test(uint16_t doc) const { return (words_[doc >> 6] >> (doc & 63) & 1) != 0; }
  void Set(uint16_t doc) { words_[doc >> 6] |= uint64_t{1} << (doc & 63); }
  void Clear(uint16_t doc) { words_[doc >> 6] &= ~(uint64_t{1} << (doc & 63)); }

  size_t Count() const {
    size_t count = 0;
    for (const uint64_t word : words_) count += static_cast<size_t>(std::popcount(word));
    return count;
  }

  Bitmap& operator&=(const Bitmap& other) {
    return Merge(other, [](uint64_t a, uint64_t b) { return a & b; });
  }
  Bitmap& operator|=(const Bitmap& other) {
    return Merge(other, [](uint64_t a, uint64_t b) { return a | b; });
  }
  // Without what is in `other`.
  Bitmap& operator-=(const Bitmap& other) {
    return Merge(other, [](uint64_t a, uint64_t b) { return a & ~b; });
  }

  // Calls visit(doc) in ascending order.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (size_t i = 0; i < words_.size(); ++i) {
      for (uint64_t left = words_[i]; left != 0; left &= left - 1) {
        visit(static_cast<uint16_t>(i * 64 + static_cast<size_t>(std::countr_zero(left))));
      }
    }
  }

 private:
  template <typename Operation>
  Bitmap& Merge(const Bitmap& other, Operation operation) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] = operation(words_[i], other.words_[i]);
    return *this;
  }

  std::array<uint64_t, kSegmentDocuments / 64> words_{};
};

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_BITMAP_H_
