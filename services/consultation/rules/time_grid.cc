#include "services/consultation/rules/time_grid.h"

#include <algorithm>

#include "services/consultation/rules/bit_row.h"

namespace duikou::consultation::rules {
namespace {

constexpr int64_t kWordQuanta = 64;

}  // namespace

BusyGrid::BusyGrid(Span range)
    : first_word_(FloorDiv(range.begin, kWordQuanta)),
      words_(static_cast<size_t>(std::max<int64_t>(0, CeilDiv(range.end, kWordQuanta) - first_word_)), 0) {}

BusyGrid::BusyGrid(Span range, const std::vector<Seconds>& busy) : BusyGrid(range) {
  for (const Seconds& block : busy) Add(block);
}

void BusyGrid::Add(Seconds busy) {
  const Span span = Outward(busy);
  const int64_t first = first_word_ * kWordQuanta;
  const int64_t last = first + static_cast<int64_t>(words_.size()) * kWordQuanta;
  const int64_t begin = std::max(span.begin, first), end = std::min(span.end, last);
  if (begin < end) SetBits(words_.data(), static_cast<size_t>(begin - first), static_cast<size_t>(end - first));
}

bool BusyGrid::IsBusy(int64_t quantum) const {
  const int64_t word = FloorDiv(quantum, kWordQuanta) - first_word_;
  if (word < 0 || word >= static_cast<int64_t>(words_.size())) return false;
  return (words_[static_cast<size_t>(word)] >> (quantum - (word + first_word_) * kWordQuanta) & 1U) != 0;
}

void BusyGrid::OrInto(int64_t first_word, uint64_t* words, size_t count) const {
  const int64_t begin = std::max(first_word, first_word_);
  const int64_t end =
      std::min(first_word + static_cast<int64_t>(count), first_word_ + static_cast<int64_t>(words_.size()));
  for (int64_t word = begin; word < end; ++word)
    words[word - first_word] |= words_[static_cast<size_t>(word - first_word_)];
}

}  // namespace duikou::consultation::rules
