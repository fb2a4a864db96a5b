#include "common/search/posting_list.h"

#include <algorithm>
#include <bit>

namespace duikou::search {

void PostingList::Resize(int log_capacity) {
  Store resized = {};
  if (log_capacity > kLogInside) resized.heap = new uint16_t[kColumns << log_capacity];
  uint16_t* to = log_capacity > kLogInside ? resized.heap : resized.inside;
  const uint16_t* from = Docs();
  for (size_t column = 0; column < kColumns; ++column) {
    std::copy_n(from + column * Capacity(), size_, to + (column << log_capacity));
  }
  if (OnHeap()) delete[] store_.heap;
  store_ = resized;
  log_capacity_ = static_cast<uint8_t>(log_capacity);
}

void PostingList::Purge(const Bitmap& live) {
  const Postings all = postings();
  uint32_t kept = 0;
  for (size_t i = 0; i < all.size; ++i) {
    if (live.Test(all.docs[i])) Write(kept++, {all.docs[i], all.positions[i], all.frequencies[i]});
  }
  size_ = kept;
  documents_ = static_cast<uint16_t>(documents_ - dead_);
  dead_ = 0;
  const int fitting = std::max<int>(kLogInside, std::bit_width(std::max(size_, uint32_t{1}) - 1));
  if (fitting < log_capacity_) Resize(fitting);
}

}  // namespace duikou::search
