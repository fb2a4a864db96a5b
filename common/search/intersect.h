// Walking posting lists together.
#ifndef DUIKOU_COMMON_SEARCH_INTERSECT_H_
#define DUIKOU_COMMON_SEARCH_INTERSECT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/search/bitmap.h"
#include "common/search/posting_list.h"

namespace duikou::search {

// The first index from `at` on whose document is not before `doc`: near ones cost little.
size_t Advance(const Postings& postings, size_t at, uint16_t doc);

// Calls visit(doc, frequency) for each document of a list, the last first, with what its occurrences count together.
template <typename Visit>
void ForEachDocument(const Postings& postings, Visit visit) {
  for (size_t at = postings.size; at > 0;) {
    const uint16_t doc = postings.docs[--at];
    uint32_t frequency = postings.frequencies[at];
    while (at > 0 && postings.docs[at - 1] == doc) frequency += postings.frequencies[--at];
    visit(doc, std::min(frequency, kMaxFrequency));
  }
}

// Calls visit(doc, frequency) for each document of a list that counts no less than least(), the last first, and returns
// how many documents there are in all. What least() returns may grow with each visit.
template <typename Least, typename Visit>
size_t ForEachFrequent(const Postings& postings, Least least, Visit visit);

// The documents of `within` that are in all lists (at least one).
Bitmap Intersect(std::vector<const PostingList*> lists, const Bitmap& within);

// The places within documents of `within` where occurrences follow each other: of the first list, of the second at the
// next position, and so on. Each with what the occurrence in one of the lists counts.
PostingColumns IntersectInOrder(const std::vector<Postings>& lists, const Bitmap& within);

namespace intersect_internal {

// Postings that are looked at together, and how many before each of them are.
inline constexpr size_t kBlock = 16;
inline constexpr size_t kBefore = 6;

struct BlockSummary {
  size_t documents = 0;    // That begin in the block.
  uint32_t frequency = 0;  // No document with a posting in the block counts more up to its last one there.
  bool tells = true;       // Otherwise one has too many postings for `frequency` to be known.
};

// Of the postings [at, at + kBlock). Without branches, so that the compiler takes several postings at a time.
inline BlockSummary Summarize(const Postings& postings, size_t at) {
  static_assert((kBefore + 1) * ((kMaxFrequency + 1) / 2) <= 0xFFFF);
  const uint16_t* docs = postings.docs + at;
  const uint16_t* frequencies = postings.frequencies + at;
  uint16_t others = 0, most = 0, too_many = 0;
  for (size_t i = 0; i < kBlock; ++i) {
    const auto same = [&](size_t back) -> uint16_t { return docs[i - back] == docs[i] ? 0xFFFF : 0; };
    const auto half = [&](size_t back) -> uint16_t { return (frequencies[i - back] + 1) / 2 & same(back); };
    const auto sum = static_cast<uint16_t>(half(0) + half(1) + half(2) + half(3) + half(4) + half(5) + half(6));
    most = std::max(most, sum);
    others = static_cast<uint16_t>(others - same(1));
    too_many |= same(kBefore + 1);
  }
  return {kBlock - others, most * uint32_t{2}, too_many == 0};
}

}  // namespace intersect_internal

template <typename Least, typename Visit>
size_t ForEachFrequent(const Postings& postings, Least least, Visit visit) {
  using intersect_internal::kBefore, intersect_internal::kBlock;
  size_t documents = 0;
  for (size_t end = postings.size; end > 0;) {
    if (end > kBlock + kBefore) {
      const auto block = intersect_internal::Summarize(postings, end - kBlock);
      if (block.tells && block.frequency < least()) {
        documents += block.documents;
        end -= kBlock;
        continue;
      }
    }
    const size_t begin = end > kBlock ? end - kBlock : 0;
    while (end > begin) {
      const uint16_t doc = postings.docs[--end];
      uint32_t frequency = postings.frequencies[end];
      while (end > 0 && postings.docs[end - 1] == doc) frequency += postings.frequencies[--end];
      ++documents;
      frequency = std::min(frequency, kMaxFrequency);
      if (frequency >= least()) visit(doc, frequency);
    }
  }
  return documents;
}

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_INTERSECT_H_
