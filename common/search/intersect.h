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

// The documents of `within` that are in all lists (at least one).
Bitmap Intersect(std::vector<const PostingList*> lists, const Bitmap& within);

// The places within documents of `within` where occurrences follow each other: of the first list, of the second at the
// next position, and so on. Each with what the occurrence in one of the lists counts.
PostingColumns IntersectInOrder(const std::vector<const PostingList*>& lists, const Bitmap& within);

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_INTERSECT_H_
