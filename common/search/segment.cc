#include "common/search/segment.h"

#include <algorithm>

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

uint16_t Segment::Add(std::shared_ptr<const StoredDocument> document) {
  const auto doc = static_cast<uint16_t>(documents_.size());
  adding_.reserve(document->tokens.size() * 2 + document->values.size());
  document->ForEachTerm([&](TermId term, uint16_t frequency, size_t position) {
    adding_.push_back({term, 0, {doc, static_cast<uint16_t>(position), frequency}});
  });
  for (const TermId value : document->values) adding_.push_back({value, 0, {doc, 0, kFrequencyOne}});
  AddOccurrences();
  document_bytes_ += document->bytes();
  ranks_.push_back(document->rank);
  documents_.push_back(std::move(document));
  live_.Set(doc);
  ++live_count_;
  return doc;
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

// Hash table, list and its end are each likely not in the cache: each is asked for some occurrences ahead.
void Segment::AddOccurrences() {
  constexpr size_t kAhead = 16;
  for (size_t i = 0; i < adding_.size(); ++i) {
    if (i + kAhead < adding_.size()) list_of_.prefetch(adding_[i + kAhead].term);
    adding_[i].list = ListOf(adding_[i].term);
    __builtin_prefetch(&lists_[adding_[i].list], 1);
  }
  for (size_t i = 0; i < adding_.size(); ++i) {
    if (i + kAhead < adding_.size()) lists_[adding_[i + kAhead].list].Prefetch();
    PostingList& list = lists_[adding_[i].list];
    const size_t before = list.heap_bytes();
    list.Add(adding_[i].posting);
    list_bytes_ += list.heap_bytes() - before;
  }
  adding_.clear();
}

size_t Segment::bytes() const {
  constexpr size_t kStartingBytes = sizeof(TokenId) + sizeof(std::vector<uint32_t>) + 1;
  size_t starting = starting_with_.capacity() * kStartingBytes;
  for (const auto& [first, lists] : starting_with_) starting += lists.capacity() * sizeof(uint32_t);
  return sizeof(*this) + document_bytes_ + list_bytes_ + lists_.capacity() * sizeof(PostingList) +
         list_of_.capacity() * (sizeof(std::pair<TermId, uint32_t>) + 1) + starting +
         documents_.capacity() * sizeof(documents_.front()) + ranks_.capacity() * sizeof(int64_t) +
         adding_.capacity() * sizeof(Occurrence);
}

}  // namespace duikou::search
