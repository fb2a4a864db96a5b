#include "common/search/posting_list.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace duikou::search {

void PostingList::Resize(int log_capacity) {
  Store resized;
  const bool to_heap = log_capacity > kLogInside;
  if (to_heap) resized.heap = new Posting[size_t{1} << log_capacity];
  std::memcpy(to_heap ? resized.heap : resized.inside, Begin(), size_ * sizeof(Posting));
  if (OnHeap()) delete[] store_.heap;
  store_ = resized;
  log_capacity_ = static_cast<uint8_t>(log_capacity);
}

void PostingList::Purge(const Bitmap& live) {
  Posting* begin = Begin();
  const Posting* end = std::remove_if(begin, begin + size_, [&](Posting p) { return !live.Test(p.doc); });
  size_ = static_cast<uint32_t>(end - begin);
  documents_ = static_cast<uint16_t>(documents_ - dead_);
  dead_ = 0;
  const int fitting = std::max<int>(kLogInside, std::bit_width(std::max(size_, uint32_t{1}) - 1));
  if (fitting < log_capacity_) Resize(fitting);
}

}  // namespace duikou::search
