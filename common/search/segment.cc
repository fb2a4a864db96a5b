#include "common/search/segment.h"

#include <algorithm>
#include <utility>

namespace duikou::search {
namespace {

size_t StringBytes(const std::string& text) {
  constexpr size_t kInsideString = 15;
  return text.capacity() > kInsideString ? text.capacity() + 1 : 0;
}

}  // namespace

size_t StoredDocument::bytes() const {
  constexpr size_t kControlBlock = 16;
  return sizeof(*this) + kControlBlock + StringBytes(key) + tokens.capacity() * sizeof(TokenId) +
         values.capacity() * sizeof(TermId);
}

size_t Segment::Adding::bytes() const {
  return terms.capacity() * sizeof(TermId) + (postings.capacity() + by_list.capacity()) * sizeof(Posting) +
         (lists.capacity() + counts.capacity() + touched.capacity()) * sizeof(uint32_t);
}

void Segment::Add(std::span<const std::shared_ptr<const StoredDocument>> documents) {
  for (const auto& document : documents) {
    const auto doc = static_cast<uint16_t>(documents_.size());
    Gather(*document, doc);
    document_bytes_ += document->bytes();
    ranks_.push_back(document->rank);
    documents_.push_back(document);
    live_.Set(doc);
  }
  live_count_ += documents.size();
  FindLists();
  AddByList();
  if (documents.size() > 1) adding_ = {};  // The room that many take is not needed for one.
}

void Segment::Remove(uint16_t doc) {
  live_.Clear(doc);
  --live_count_;
  const StoredDocument& document = *documents_[doc];
  std::vector<TermId> terms = document.values;
  document.ForEachTerm([&](TermId term, uint16_t, size_t) { terms.push_back(term); });
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  for (const TermId term : terms) {
    PostingList& list = lists_[list_of_.find(term)->second];
    list_bytes_ -= list.heap_bytes();
    list.NoteDead(live_);
    list_bytes_ += list.heap_bytes();
  }
  document_bytes_ -= document.bytes();
  documents_[doc].reset();
}

std::vector<const PostingList*> Segment::StartingWith(TokenId ideograph) const {
  std::vector<const PostingList*> out;
  if (const auto found = starting_with_.find(ideograph); found != starting_with_.end()) {
    for (const uint32_t list : found->second) out.push_back(&lists_[list]);
  }
  return out;
}

uint32_t Segment::ListOf(TermId term) {
  const auto [at, added] = list_of_.try_emplace(term, static_cast<uint32_t>(lists_.size()));
  if (added) {
    lists_.emplace_back();
    if (IsIdeograph(FirstOf(term))) starting_with_[FirstOf(term)].push_back(at->second);
  }
  return at->second;
}

void Segment::Gather(const StoredDocument& document, uint16_t doc) {
  document.ForEachTerm([&](TermId term, uint16_t frequency, size_t position) {
    adding_.terms.push_back(term);
    adding_.postings.push_back({doc, static_cast<uint16_t>(position), frequency});
  });
  for (const TermId value : document.values) {
    adding_.terms.push_back(value);
    adding_.postings.push_back({doc, 0, kFrequencyOne});
  }
}

// What is likely not in the cache, here a part of the hash table, is asked for some steps ahead.
void Segment::FindLists() {
  constexpr size_t kAhead = 32;
  const std::vector<TermId>& terms = adding_.terms;
  adding_.lists.reserve(terms.size());
  for (size_t i = 0; i < terms.size(); ++i) {
    if (i + kAhead < terms.size()) list_of_.prefetch(terms[i + kAhead]);
    adding_.lists.push_back(ListOf(terms[i]));
  }
  adding_.terms.clear();
  adding_.counts.resize(lists_.size());
  for (const uint32_t list : adding_.lists) {
    if (adding_.counts[list]++ == 0) adding_.touched.push_back(list);
  }
}

// Puts the occurrences of each list together, in their order, and adds them to it.
void Segment::AddByList() {
  std::vector<uint32_t>& ends = adding_.counts;
  uint32_t begin = 0;
  for (const uint32_t list : adding_.touched) begin += std::exchange(ends[list], begin);
  adding_.by_list.resize(begin);
  for (size_t i = 0; i < begin; ++i) adding_.by_list[ends[adding_.lists[i]]++] = adding_.postings[i];
  constexpr size_t kAhead = 20;
  const std::vector<uint32_t>& touched = adding_.touched;
  begin = 0;
  for (size_t i = 0; i < touched.size(); ++i) {
    if (i + 2 * kAhead < touched.size()) __builtin_prefetch(&lists_[touched[i + 2 * kAhead]], 1);
    if (i + kAhead < touched.size()) lists_[touched[i + kAhead]].Prefetch();
    const uint32_t end = std::exchange(ends[touched[i]], 0);
    PostingList& list = lists_[touched[i]];
    const size_t before = list.heap_bytes();
    list.Add(std::span(adding_.by_list).subspan(begin, end - begin));
    list_bytes_ += list.heap_bytes() - before;
    begin = end;
  }
  adding_.postings.clear();
  adding_.lists.clear();
  adding_.touched.clear();
}

size_t Segment::bytes() const {
  constexpr size_t kStartingBytes = sizeof(TokenId) + sizeof(std::vector<uint32_t>) + 1;
  size_t starting = starting_with_.capacity() * kStartingBytes;
  for (const auto& [first, lists] : starting_with_) starting += lists.capacity() * sizeof(uint32_t);
  return sizeof(*this) + document_bytes_ + list_bytes_ + lists_.capacity() * sizeof(PostingList) +
         list_of_.capacity() * (sizeof(std::pair<TermId, uint32_t>) + 1) + starting +
         documents_.capacity() * sizeof(documents_.front()) + ranks_.capacity() * sizeof(int64_t) + adding_.bytes();
}

}  // namespace duikou::search
