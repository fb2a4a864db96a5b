// Words and values by number. A number is never given to another word.
#ifndef DUIKOU_COMMON_SEARCH_VOCABULARY_H_
#define DUIKOU_COMMON_SEARCH_VOCABULARY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"

namespace duikou::search {

class Vocabulary {
 public:
  std::optional<uint32_t> Find(std::string_view word) const {
    const auto found = ids_.find(word);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
  }

  uint32_t Add(std::string_view word) {
    const auto [at, added] = ids_.emplace(word, static_cast<uint32_t>(words_.size()));
    if (added) {
      words_.emplace_back(word);
      bytes_ += 2 * (sizeof(std::string) + (word.size() > kInsideString ? word.size() + 1 : 0)) + sizeof(uint32_t);
    }
    return at->second;
  }

  // The numbers of the words that begin with `prefix`.
  std::vector<uint32_t> WithPrefix(std::string_view prefix) const {
    std::vector<uint32_t> out;
    for (auto at = ids_.lower_bound(prefix); at != ids_.end() && std::string_view(at->first).starts_with(prefix);
         ++at) {
      out.push_back(at->second);
    }
    return out;
  }

  const std::string& At(uint32_t id) const { return words_[id]; }
  uint32_t size() const { return static_cast<uint32_t>(words_.size()); }
  size_t bytes() const { return bytes_; }

 private:
  static constexpr size_t kInsideString = 15;

  absl::btree_map<std::string, uint32_t, std::less<>> ids_;
  std::vector<std::string> words_;
  size_t bytes_ = 0;
};

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_VOCABULARY_H_
