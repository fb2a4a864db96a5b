// Words and values by number. A number is never given to another word; a snapshot leaves out those that no document
// has.
#ifndef DUIKOU_COMMON_SEARCH_VOCABULARY_H_
#define DUIKOU_COMMON_SEARCH_VOCABULARY_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"

namespace duikou::search {

class Vocabulary {
 public:
  Vocabulary() = default;
  Vocabulary(Vocabulary&&) = default;
  Vocabulary& operator=(Vocabulary&&) = default;

  std::optional<uint32_t> Find(std::string_view word) const {
    const auto found = ids_.find(word);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
  }

  uint32_t Add(std::string_view word) {
    if (const auto known = Find(word)) return *known;
    const auto id = size();
    const std::string& kept = words_.emplace_back(word);
    ids_.emplace(kept, id);
    in_order_.insert(kept);
    heap_bytes_ += kept.capacity() > kInsideString ? kept.capacity() + 1 : 0;
    return id;
  }

  // The numbers of the words that begin with `prefix`.
  std::vector<uint32_t> WithPrefix(std::string_view prefix) const {
    std::vector<uint32_t> out;
    for (auto at = in_order_.lower_bound(prefix); at != in_order_.end() && at->starts_with(prefix); ++at) {
      out.push_back(ids_.find(*at)->second);
    }
    return out;
  }

  const std::string& At(uint32_t id) const { return words_[id]; }
  uint32_t size() const { return static_cast<uint32_t>(words_.size()); }
  size_t bytes() const {
    return words_.size() * (sizeof(std::string) + sizeof(std::string_view)) + heap_bytes_ +
           ids_.capacity() * (sizeof(*ids_.begin()) + 1);
  }

 private:
  static constexpr size_t kInsideString = 15;

  std::deque<std::string> words_;  // What stands in it stays where it is.
  absl::flat_hash_map<std::string_view, uint32_t> ids_;
  absl::btree_set<std::string_view> in_order_;
  size_t heap_bytes_ = 0;
};

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_VOCABULARY_H_
