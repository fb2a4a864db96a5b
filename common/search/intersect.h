// Walking posting lists together.
#ifndef DUIKOU_COMMON_SEARCH_INTERSECT_H_
#define DUIKOU_COMMON_SEARCH_INTERSECT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/search/bitmap.h"
#include "common/search/posting_list.h"

namespace duikou::search {

// The first index from `at` on whose posting is not before `order`: by doubling steps, so that near ones cost little.
size_t Advance(std::span<const Posting> postings, size_t at, uint32_t order);

inline uint32_t FirstOrder(uint16_t doc) { return uint32_t{doc} << 16; }

// Calls visit(doc, frequency) for each document of a list, the last first, with what its occurrences count together.
template <typename Visit>
void ForEachDocument(std::span<const Posting> postings, Visit visit) {
  for (size_t at = postings.size(); at > 0;) {
    const uint16_t doc = postings[--at].doc;
    uint32_t frequency = postings[at].frequency;
    while (at > 0 && postings[at - 1].doc == doc) frequency += postings[--at].frequency;
    visit(doc, frequency < kMaxFrequency ? frequency : kMaxFrequency);
  }
}

// The documents of `within` that are in all lists (at least one).
Bitmap Intersect(std::vector<const PostingList*> lists, const Bitmap& within);

// The places within documents of `within` where occurrences follow each other: of the first list, of the second at the
// next position, and so on. Each with what the occurrence in one of the lists counts.
std::vector<Posting> IntersectInOrder(const std::vector<const PostingList*>& lists, const Bitmap& within);

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_INTERSECT_H_
