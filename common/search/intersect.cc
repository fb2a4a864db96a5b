#include "common/search/intersect.h"

#include <algorithm>

namespace duikou::search {
namespace {

// A list that is so many times longer is searched instead of read.
constexpr size_t kSearchInstead = 16;

void KeepThoseIn(std::span<const Posting> list, std::vector<uint16_t>& docs) {
  size_t kept = 0, at = 0;
  const bool search = list.size() > docs.size() * kSearchInstead;
  for (const uint16_t doc : docs) {
    if (search) {
      at = Advance(list, at, FirstOrder(doc));
    } else {
      while (at < list.size() && list[at].doc < doc) ++at;
    }
    if (at == list.size()) break;
    if (list[at].doc == doc) docs[kept++] = doc;
  }
  docs.resize(kept);
}

struct Cursor {
  std::span<const Posting> postings;
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
            [](const Cursor& a, const Cursor& b) { return a.postings.size() < b.postings.size(); });
  for (size_t i = cursors.size(); i-- > 1;) {
    const uint32_t offset = cursors[i].offset;
    if (covered[offset] < 2 || covered[offset + 1] < 2) continue;
    --covered[offset];
    --covered[offset + 1];
    cursors.erase(cursors.begin() + static_cast<ptrdiff_t>(i));
  }
}

}  // namespace

size_t Advance(std::span<const Posting> postings, size_t at, uint32_t order) {
  constexpr size_t kReadFirst = 8;
  for (const size_t end = std::min(at + kReadFirst, postings.size()); at < end; ++at) {
    if (postings[at].order() >= order) return at;
  }
  size_t step = kReadFirst;
  while (at + step < postings.size() && postings[at + step].order() < order) {
    at += step;
    step *= 2;
  }
  const auto begin = postings.begin() + static_cast<ptrdiff_t>(at);
  const auto end = postings.begin() + static_cast<ptrdiff_t>(std::min(at + step, postings.size()));
  const auto found = std::lower_bound(begin, end, order, [](Posting p, uint32_t wanted) { return p.order() < wanted; });
  return static_cast<size_t>(found - postings.begin());
}

Bitmap Intersect(std::vector<const PostingList*> lists, const Bitmap& within) {
  std::sort(lists.begin(), lists.end(),
            [](const PostingList* a, const PostingList* b) { return a->postings().size() < b->postings().size(); });
  std::vector<uint16_t> docs;
  const std::span<const Posting> shortest = lists.front()->postings();
  // Few enough are read faster than what is wanted is counted.
  constexpr size_t kFew = 1024;
  const size_t wanted = shortest.size() > kFew ? within.Count() : kSegmentDocuments;
  if (shortest.size() > wanted * kSearchInstead) {
    docs.reserve(wanted);
    within.ForEach([&](uint16_t doc) { docs.push_back(doc); });
    KeepThoseIn(shortest, docs);
  } else {
    docs.reserve(shortest.size());
    for (const Posting posting : shortest) {
      if (within.Test(posting.doc) && (docs.empty() || docs.back() != posting.doc)) docs.push_back(posting.doc);
    }
  }
  for (size_t i = 1; i < lists.size() && !docs.empty(); ++i) KeepThoseIn(lists[i]->postings(), docs);
  Bitmap out;
  for (const uint16_t doc : docs) out.Set(doc);
  return out;
}

std::vector<Posting> IntersectInOrder(const std::vector<const PostingList*>& lists, const Bitmap& within) {
  std::vector<Cursor> cursors;
  for (const PostingList* list : lists) cursors.push_back({list->postings(), static_cast<uint32_t>(cursors.size()), 0});
  DropImplied(cursors);
  std::vector<Posting> out;
  for (const Posting posting : cursors.front().postings) {
    const uint32_t offset = cursors.front().offset;
    if (!within.Test(posting.doc) || posting.position < offset) continue;
    const uint32_t begin = posting.order() - offset;
    bool all = true;
    for (size_t i = 1; i < cursors.size() && all; ++i) {
      Cursor& cursor = cursors[i];
      cursor.at = Advance(cursor.postings, cursor.at, begin + cursor.offset);
      if (cursor.at == cursor.postings.size()) return out;
      all = cursor.postings[cursor.at].order() == begin + cursor.offset;
    }
    if (all) out.push_back({static_cast<uint16_t>(posting.position - offset), posting.doc, posting.frequency});
  }
  return out;
}

}  // namespace duikou::search
