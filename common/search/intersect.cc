#include "common/search/intersect.h"

#include <algorithm>

namespace duikou::search {
namespace {

// A list that is so many times longer than what is wanted is searched for that, instead of read.
constexpr size_t kSearchInstead = 16;
constexpr size_t kLastPosition = 0xFFFF;

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

// A list of those that follow each other, `offset` places behind the first.
struct Follower {
  Postings postings;
  uint32_t offset;
};

// Puts the shortest first, and leaves out long ones that the others imply: where a b stands and c d two places behind
// it, b c stands between.
void DropImplied(std::vector<Follower>& followers) {
  std::vector<int> covered(followers.size() + 1);
  for (size_t i = 0; i < followers.size(); ++i) {
    ++covered[i];
    ++covered[i + 1];
  }
  std::sort(followers.begin(), followers.end(),
            [](const Follower& a, const Follower& b) { return a.postings.size < b.postings.size; });
  for (size_t i = followers.size(); i-- > 1;) {
    const uint32_t offset = followers[i].offset;
    if (covered[offset] < 2 || covered[offset + 1] < 2) continue;
    --covered[offset];
    --covered[offset + 1];
    followers.erase(followers.begin() + static_cast<ptrdiff_t>(i));
  }
}

// Postings that are looked at together, without a branch for each: which is hit, nothing could guess.
constexpr size_t kTogether = 16;

bool HasPlace(const Postings& list, size_t at, uint16_t doc, uint16_t position) {
  const uint16_t *docs = list.docs + at, *positions = list.positions + at;
  uint16_t has = 0;
  for (size_t i = 0; i < kTogether; ++i) {
    const auto differs = static_cast<uint16_t>((docs[i] ^ doc) | (positions[i] ^ position));
    has |= static_cast<uint16_t>(differs == 0 ? 0xFFFF : 0);
  }
  return has != 0;
}

// Keeps those places that a posting of the list is `offset` behind.
void KeepFollowed(const Postings& list, uint32_t offset, PostingColumns& places) {
  const Postings all = places.postings();
  size_t at = 0;
  if (list.size < kTogether) {
    places.Filter([&](size_t i) {
      const uint32_t position = all.positions[i] + offset;
      while (at < list.size && list.docs[at] < all.docs[i]) ++at;
      for (size_t j = at; j < list.size && list.docs[j] == all.docs[i]; ++j) {
        if (list.positions[j] == position) return true;
      }
      return false;
    });
    return;
  }
  const size_t last = list.size - kTogether;
  const bool search = list.size > all.size * kTogether * kSearchInstead;
  places.Filter([&](size_t i) {
    const uint16_t doc = all.docs[i];
    const auto position = static_cast<uint16_t>(all.positions[i] + offset);
    if (search) at = Advance(list, at, doc);
    while (at < last && list.docs[at + kTogether - 1] < doc) at += kTogether;
    at = std::min(at, last);
    bool has = HasPlace(list, at, doc, position);
    for (size_t next = at; next < last && list.docs[next + kTogether - 1] == doc && !has;) {
      next = std::min(next + kTogether, last);
      has = HasPlace(list, next, doc, position);
    }
    return has;
  });
}

}  // namespace

size_t Advance(const Postings& postings, size_t at, uint16_t doc) {
  const auto before = [&](size_t i) { return postings.docs[i] < doc; };
  const size_t size = postings.size;
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

PostingColumns IntersectInOrder(const std::vector<Postings>& lists, const Bitmap& within) {
  std::vector<Follower> followers;
  followers.reserve(lists.size());
  for (const Postings& list : lists) followers.push_back({list, static_cast<uint32_t>(followers.size())});
  DropImplied(followers);
  const Postings first = followers.front().postings;
  const uint32_t offset = followers.front().offset;
  const size_t last_begin = kLastPosition - (lists.size() - 1);
  PostingColumns places(first.size);
  for (size_t i = 0; i < first.size; ++i) {
    const auto begin = static_cast<uint16_t>(first.positions[i] - offset);
    places.AddIf(within.Test(first.docs[i]) && begin <= last_begin && first.positions[i] >= offset,
                 {first.docs[i], begin, first.frequencies[i]});
  }
  for (size_t i = 1; i < followers.size(); ++i) KeepFollowed(followers[i].postings, followers[i].offset, places);
  return places;
}

}  // namespace duikou::search
