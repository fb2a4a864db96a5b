#include "common/search/intersect.h"

#include <algorithm>

namespace duikou::search {
namespace {

// A list that is so many times longer than what is wanted is searched for that, instead of read.
constexpr size_t kSearchInstead = 16;
constexpr size_t kLastPosition = 0xFFFF;

// The first index from `at` on that `before` does not hold of, which it holds of up to there: near ones cost little.
template <typename Before>
size_t AdvanceWhile(size_t size, size_t at, Before before) {
  // Counting what comes before needs no guess at where that ends.
  constexpr size_t kBlock = 16;
  for (size_t step = kBlock; at + kBlock <= size; step *= 2) {
    unsigned counted = 0;
    for (size_t i = 0; i < kBlock; ++i) counted += before(at + i) ? 1U : 0U;
    at += counted;
    if (counted < kBlock) return at;
    while (at + step < size && before(at + step)) {
      at += step;
      step *= 2;
    }
    if (step <= 2 * kBlock) continue;
    for (size_t end = std::min(at + step, size); at < end;) {
      const size_t middle = at + (end - at) / 2;
      if (before(middle)) {
        at = middle + 1;
      } else {
        end = middle;
      }
    }
    return at;
  }
  while (at < size && before(at)) ++at;
  return at;
}

// A document and a position in it, as one number in the order of postings.
uint32_t PlaceAt(const Postings& list, size_t at) { return uint32_t{list.docs[at]} << 16 | list.positions[at]; }

void KeepThoseIn(const Postings& list, std::vector<uint16_t>& docs) {
  size_t kept = 0, at = 0;
  for (const uint16_t doc : docs) {
    at = Advance(list, at, doc);
    if (at == list.size) break;
    // Written whether it stays or not: nothing could guess which do.
    docs[kept] = doc;
    kept += list.docs[at] == doc ? 1 : 0;
  }
  docs.resize(kept);
}

struct Cursor {
  Postings postings;
  uint32_t offset;
  size_t at;
};

// Puts the shortest first, and leaves out long ones that the others imply: where a b stands and c d two places behind
// it, b c stands between.
void DropImplied(std::vector<Cursor>& cursors) {
  std::vector<int> covered(cursors.size() + 1);
  for (size_t i = 0; i < cursors.size(); ++i) {
    ++covered[i];
    ++covered[i + 1];
  }
  std::sort(cursors.begin(), cursors.end(),
            [](const Cursor& a, const Cursor& b) { return a.postings.size < b.postings.size; });
  for (size_t i = cursors.size(); i-- > 1;) {
    const uint32_t offset = cursors[i].offset;
    if (covered[offset] < 2 || covered[offset + 1] < 2) continue;
    --covered[offset];
    --covered[offset + 1];
    cursors.erase(cursors.begin() + static_cast<ptrdiff_t>(i));
  }
}

}  // namespace

size_t Advance(const Postings& postings, size_t at, uint16_t doc) {
  return AdvanceWhile(postings.size, at, [&](size_t i) { return postings.docs[i] < doc; });
}

Bitmap Intersect(std::vector<const PostingList*> lists, const Bitmap& within) {
  std::sort(lists.begin(), lists.end(),
            [](const PostingList* a, const PostingList* b) { return a->postings().size < b->postings().size; });
  std::vector<uint16_t> docs;
  const Postings shortest = lists.front()->postings();
  // Few enough are read faster than what is wanted is counted.
  constexpr size_t kFew = 1024;
  const size_t wanted = shortest.size > kFew ? within.Count() : kSegmentDocuments;
  if (shortest.size > wanted * kSearchInstead) {
    docs.reserve(wanted);
    within.ForEach([&](uint16_t doc) { docs.push_back(doc); });
    KeepThoseIn(shortest, docs);
  } else {
    docs.reserve(shortest.size);
    for (size_t i = 0; i < shortest.size; ++i) {
      const uint16_t doc = shortest.docs[i];
      if (within.Test(doc) && (docs.empty() || docs.back() != doc)) docs.push_back(doc);
    }
  }
  for (size_t i = 1; i < lists.size() && !docs.empty(); ++i) KeepThoseIn(lists[i]->postings(), docs);
  Bitmap out;
  for (const uint16_t doc : docs) out.Set(doc);
  return out;
}

PostingColumns IntersectInOrder(const std::vector<const PostingList*>& lists, const Bitmap& within) {
  std::vector<Cursor> cursors;
  for (const PostingList* list : lists) cursors.push_back({list->postings(), static_cast<uint32_t>(cursors.size()), 0});
  DropImplied(cursors);
  PostingColumns out;
  const Postings first = cursors.front().postings;
  const uint32_t offset = cursors.front().offset;
  for (size_t i = 0; i < first.size; ++i) {
    if (!within.Test(first.docs[i]) || first.positions[i] < offset) continue;
    const uint32_t begin = first.positions[i] - offset;
    bool all = begin + lists.size() - 1 <= kLastPosition;
    for (size_t c = 1; c < cursors.size() && all; ++c) {
      const Postings& other = cursors[c].postings;
      const uint32_t place = (uint32_t{first.docs[i]} << 16 | begin) + cursors[c].offset;
      size_t& at = cursors[c].at;
      at = AdvanceWhile(other.size, at, [&](size_t j) { return PlaceAt(other, j) < place; });
      if (at == other.size) return out;
      all = PlaceAt(other, at) == place;
    }
    if (all) out.Add({first.docs[i], static_cast<uint16_t>(begin), first.frequencies[i]});
  }
  return out;
}

}  // namespace duikou::search
