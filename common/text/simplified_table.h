// OpenCC's dictionaries from Traditional to Simplified, laid out to be applied to code points in place.
#ifndef DUIKOU_COMMON_TEXT_SIMPLIFIED_TABLE_H_
#define DUIKOU_COMMON_TEXT_SIMPLIFIED_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace duikou::text {

class SimplifiedTable {
 public:
  // The one table of the process, loaded on first use; without dictionaries it changes nothing.
  static const SimplifiedTable& Get();

  struct Change {
    size_t length = 0;  // Code points replaced; 0: nothing to change here.
    const std::u32string* value = nullptr;
  };

  // The longest entry that `text` starts with.
  Change At(std::u32string_view text) const {
    const char32_t first = text.front();
    if (first < kPlane ? marks_[first] == 0 : !entries_.contains(first)) return {};
    return Longest(text);
  }

 private:
  struct Entry {
    std::u32string key;
    std::u32string value;
  };
  static constexpr char32_t kPlane = 0x10000;

  SimplifiedTable();
  void Load();
  std::u32string ByCharacters(const std::u32string& text) const;
  Change Longest(std::u32string_view text) const;

  std::vector<uint8_t> marks_;                                 // By code point: whether an entry starts with it.
  absl::flat_hash_map<char32_t, std::vector<Entry>> entries_;  // By first code point, longest first.
};

}  // namespace duikou::text

#endif  // DUIKOU_COMMON_TEXT_SIMPLIFIED_TABLE_H_
