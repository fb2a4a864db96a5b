// A part of the index: at most kSegmentDocuments documents and their posting lists.
#ifndef DUIKOU_COMMON_SEARCH_SEGMENT_H_
#define DUIKOU_COMMON_SEARCH_SEGMENT_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/search/bitmap.h"
#include "common/search/document.h"
#include "common/search/posting_list.h"
#include "common/search/terms.h"

namespace duikou::search {

// What a document has beyond so many tokens (with gaps) is not searched.
inline constexpr size_t kMaxDocumentTokens = 65'535;

// A document as the index keeps it. Never changed: an update is another one.
struct StoredDocument {
  std::string key;
  int64_t rank = 0;
  std::vector<TokenId> tokens;  // Of all text fields, one behind the other, with kGap and kValueBreak.
  std::array<uint32_t, kMaxTextFields> field_ends{};
  std::array<uint16_t, kMaxTextFields> frequencies{};  // What an occurrence in each field counts; see kFrequencyOne.
  std::vector<TermId> values;                          // In ascending order, each once.

  // The tokens [begin, end) of a text field.
  std::pair<uint32_t, uint32_t> Field(size_t field) const {
    return {field == 0 ? 0 : field_ends[field - 1], field_ends[field]};
  }
  // The tokens so far are those of the fields up to this one; fields that do not come have none.
  void EndField(size_t field, size_t so_far) {
    std::fill(field_ends.begin() + static_cast<ptrdiff_t>(field), field_ends.end(), static_cast<uint32_t>(so_far));
  }
  // Calls visit(term, frequency, position) for each occurrence of each term of the text.
  template <typename Visit>
  void ForEachTerm(Visit visit) const;
  size_t bytes() const;
};

class Segment {
 public:
  // Adds documents, which hold their places from then on: the first that of size() before, the others those behind it.
  // Requires room() for them. Many at once cost less each: what they add to a list is added together.
  void Add(std::span<const std::shared_ptr<const StoredDocument>> documents);
  void Remove(uint16_t doc);

  const PostingList* Find(TermId term) const {
    const auto found = list_of_.find(term);
    return found == list_of_.end() ? nullptr : &lists_[found->second];
  }
  // The lists of the pairs that begin with an ideograph.
  std::vector<const PostingList*> StartingWith(TokenId ideograph) const;

  const StoredDocument& document(uint16_t doc) const { return *documents_[doc]; }
  const std::shared_ptr<const StoredDocument>& shared_document(uint16_t doc) const { return documents_[doc]; }
  // document(doc).rank, near those of its neighbours.
  int64_t rank(uint16_t doc) const { return ranks_[doc]; }
  const Bitmap& live() const { return live_; }
  size_t live_count() const { return live_count_; }
  size_t size() const { return documents_.size(); }
  size_t room() const { return kSegmentDocuments - documents_.size(); }
  // Memory held, documents included.
  size_t bytes() const;

 private:
  // Occurrences of terms on their way into their lists: the vectors are empty between calls of Add, counts all 0.
  struct Adding {
    std::vector<TermId> terms;
    std::vector<Posting> postings;
    std::vector<uint32_t> lists;    // Of the terms.
    std::vector<uint32_t> counts;   // By list.
    std::vector<uint32_t> touched;  // The lists that have any.
    std::vector<Posting> by_list;

    size_t bytes() const;
  };

  uint32_t ListOf(TermId term);
  void Gather(const StoredDocument& document, uint16_t doc);
  void FindLists();
  void AddByList();

  absl::flat_hash_map<TermId, uint32_t> list_of_;
  std::vector<PostingList> lists_;
  absl::flat_hash_map<TokenId, std::vector<uint32_t>> starting_with_;
  std::vector<std::shared_ptr<const StoredDocument>> documents_;
  std::vector<int64_t> ranks_;
  Adding adding_;
  Bitmap live_;
  size_t live_count_ = 0;
  size_t document_bytes_ = 0;  // Of live documents.
  size_t list_bytes_ = 0;      // What lists hold on the heap.
};

template <typename Visit>
void StoredDocument::ForEachTerm(Visit visit) const {
  size_t field = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    while (i >= field_ends[field]) ++field;
    const TokenId token = tokens[i];
    if (!IsToken(token)) continue;
    TokenId next = i + 1 < field_ends[field] ? tokens[i + 1] : kGap;
    const uint16_t frequency = frequencies[field];
    if (IsIdeograph(token)) {
      visit(PairTerm(token, IsIdeograph(next) ? next : 0), frequency, i);
      continue;
    }
    visit(SingleTerm(token), frequency, i);
    if (next == kGap && i + 2 < field_ends[field]) next = tokens[i + 2];
    if (IsNumber(token) && IsWord(next)) visit(PairTerm(token, next), frequency, i);
  }
}

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_SEGMENT_H_
